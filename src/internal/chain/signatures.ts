/**
 * secp256k1 signatures (libsecp256k1 in wasm). Signing is deterministic (RFC 6979) and the dearest
 * step of a transaction, and suites sign the same payloads again after every `evm_revert`: so
 * signatures and recovered signers are remembered, for the whole process and within bounds.
 */
import type { Address } from "./types.js";

import { keccak256 } from "../evm/keccak.js";
import { getSecp256k1 } from "../evm/secp256k1.js";
import { BoundedMap } from "./bounded-map.js";
import { fromHex, toHex } from "./hex.js";

export interface Signature {
  readonly r: bigint;
  readonly s: bigint;
  readonly yParity: 0 | 1;
}

const CACHE_SIZE = 8_192;
const signatures = new BoundedMap<string, Signature>(CACHE_SIZE);
const signers = new BoundedMap<string, Address>(CACHE_SIZE);

/** Order of secp256k1. */
export const CURVE_ORDER =
  0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
/** EIP-2: no s above it. */
export const HALF_ORDER = CURVE_ORDER / 2n;

/** `signer` names the key in the cache. */
export function signHash(
  hash: Uint8Array,
  privateKey: Uint8Array,
  signer: Address,
): Signature {
  const key = signer + toHex(hash);
  const known = signatures.get(key);
  if (known !== undefined) {
    return known;
  }
  const { signature, recoveryId } = getSecp256k1().sign(hash, privateKey);
  const result: Signature = {
    r: BigInt(toHex(signature.subarray(0, 32))),
    s: BigInt(toHex(signature.subarray(32))),
    yParity: (recoveryId % 2) as 0 | 1,
  };
  signatures.set(key, result);
  return result;
}

/**
 * Signer of `hash`, or undefined when the signature is invalid.
 * @param highest the greatest s that is valid; Homestead (EIP-2) halved it.
 */
export function recoverSigner(
  hash: Uint8Array,
  { r, s, yParity }: Signature,
  highest: bigint = HALF_ORDER,
): Address | undefined {
  if (r <= 0n || r >= CURVE_ORDER || s <= 0n || s > highest) {
    return undefined;
  }
  const bytes = fromHex(
    `0x${r.toString(16).padStart(64, "0")}${s.toString(16).padStart(64, "0")}`,
  );
  const key = `${toHex(hash)}${toHex(bytes)}${yParity}`;
  const known = signers.get(key);
  if (known !== undefined) {
    return known;
  }
  const publicKey = getSecp256k1().recover(hash, bytes, yParity);
  if (publicKey === undefined) {
    return undefined;
  }
  const address = addressOfPublicKey(publicKey);
  signers.set(key, address);
  return address;
}

/** @throws when the key is not in 1..n-1. */
export function addressOfPrivateKey(privateKey: Uint8Array): Address {
  const publicKey = getSecp256k1().publicKeyOf(privateKey);
  if (publicKey === undefined) {
    throw new Error(
      "private key: expected a number below the order of secp256k1",
    );
  }
  return addressOfPublicKey(publicKey);
}

/** `publicKey`: 65 bytes, uncompressed. */
function addressOfPublicKey(publicKey: Uint8Array): Address {
  return toHex(keccak256(publicKey.subarray(1)).subarray(12));
}
