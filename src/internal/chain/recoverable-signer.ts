/**
 * ECDSA signatures by a later libsecp256k1 than tiny-secp256k1 has, whose multiplication with the
 * generator is a quarter faster. Its package's own functions load asynchronously and blind the
 * library anew for every signature, with random nonces; a test network's signatures must be those
 * of RFC 6979, at once, with keys that everyone knows. So its WebAssembly is called directly.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { signRecoverable as signSlowly } from "tiny-secp256k1";

export interface RecoverableSignature {
  /** r and s, 32 bytes each. */
  readonly signature: Uint8Array;
  readonly recoveryId: number;
}

/** Signs a hash of 32 bytes with a private key, which must be valid. */
export type RecoverableSigner = (
  hash: Uint8Array,
  privateKey: Uint8Array,
) => RecoverableSignature;

/** Functions of libsecp256k1 under the names that the package's build gave them. */
interface Library {
  readonly f: WebAssembly.Memory;
  /** Static initialisers. */
  readonly g: () => void;
  readonly h: (size: number) => number;
  readonly j: (flags: number) => number;
  /** secp256k1_ecdsa_sign_recoverable */
  readonly y: (
    context: number,
    out: number,
    hash: number,
    key: number,
    nonceFunction: number,
    nonceData: number,
  ) => number;
  /** secp256k1_ecdsa_recoverable_signature_serialize_compact */
  readonly x: (
    context: number,
    out: number,
    recoveryId: number,
    signature: number,
  ) => number;
}

/** SECP256K1_CONTEXT_NONE */
const CONTEXT = 1;
const WORD = 32;
const SIGNATURE = 64;
const OPAQUE_SIGNATURE = 65;

/** @throws when the package is not as expected. */
export function loadSigner(): RecoverableSigner {
  const main = import.meta.resolve("@solar-republic/wasm-secp256k1");
  const binary = readFileSync(fileURLToPath(new URL("secp256k1.wasm", main)));
  const fail = (): never => {
    throw new Error("libsecp256k1 failed");
  };
  // What only failures use: the standard streams, and more memory.
  const imports = { a: { a: fail, b: fail, c: fail, d: fail, e: fail } };
  const { exports } = new WebAssembly.Instance(
    new WebAssembly.Module(binary),
    imports,
  );
  const library = exports as unknown as Library;
  library.g();
  const context = library.j(CONTEXT);
  const hashAt = library.h(WORD);
  const keyAt = library.h(WORD);
  const opaque = library.h(OPAQUE_SIGNATURE);
  const out = library.h(SIGNATURE);
  const recoveryAt = library.h(WORD);
  const bytes = new Uint8Array(library.f.buffer);
  return (hash, privateKey) => {
    bytes.set(hash, hashAt);
    bytes.set(privateKey, keyAt);
    const isSigned = library.y(context, opaque, hashAt, keyAt, 0, 0);
    if (isSigned !== 1) {
      throw new Error("private key: expected one in 1..n-1");
    }
    library.x(context, out, recoveryAt, opaque);
    return {
      signature: bytes.slice(out, out + SIGNATURE),
      recoveryId: bytes[recoveryAt],
    };
  };
}

/** A signer is used only if it agrees with tiny-secp256k1 about this hash and key. */
const PROBE = new Uint8Array(WORD).fill(1);

function chooseSigner(): RecoverableSigner {
  try {
    const signer = loadSigner();
    const { signature, recoveryId } = signer(PROBE, PROBE);
    const expected = signSlowly(PROBE, PROBE);
    return recoveryId === expected.recoveryId &&
      Buffer.compare(signature, expected.signature) === 0
      ? signer
      : signSlowly;
  } catch {
    return signSlowly;
  }
}

let chosen: RecoverableSigner | undefined;

/** @throws when the private key is not in 1..n-1. */
export function signRecoverable(
  hash: Uint8Array,
  privateKey: Uint8Array,
): RecoverableSignature {
  chosen ??= chooseSigner();
  return chosen(hash, privateKey);
}
