/**
 * secp256k1, for signatures of transactions and the ecrecover precompile: libsecp256k1, natively
 * where the optional package has it for this platform, else in WebAssembly, which takes twice as
 * long to sign and five times as long to recover. Both give the signatures of RFC 6979.
 */
import { loadNativeSecp256k1, loadTinySecp256k1 } from "./lazy-libraries.js";

export interface RecoverableSignature {
  /** r and s, 32 bytes each. */
  readonly signature: Uint8Array;
  readonly recoveryId: number;
}

export interface Secp256k1 {
  /**
   * Signs a hash of 32 bytes (RFC 6979).
   *
   * @throws when the private key is not in 1..n-1.
   */
  sign(hash: Uint8Array, privateKey: Uint8Array): RecoverableSignature;
  /** The public key, 65 bytes, that a signature of 64 bytes is from; undefined when it is from none. */
  recover(
    hash: Uint8Array,
    signature: Uint8Array,
    recoveryId: number,
  ): Uint8Array | undefined;
  /** The public key, 65 bytes, or undefined when the private key is not in 1..n-1. */
  publicKeyOf(privateKey: Uint8Array): Uint8Array | undefined;
}

/** The functions of npm's secp256k1 that are used. */
export interface NativeLibrary {
  ecdsaSign(
    hash: Uint8Array,
    privateKey: Uint8Array,
  ): { readonly signature: Uint8Array; readonly recid: number };
  ecdsaRecover(
    signature: Uint8Array,
    recoveryId: number,
    hash: Uint8Array,
    compressed: boolean,
  ): Uint8Array;
  publicKeyCreate(privateKey: Uint8Array, compressed: boolean): Uint8Array;
}

/** @throws when the package is not there, or has nothing for this platform. */
export function nativeSecp256k1(): Secp256k1 {
  const library = loadNativeSecp256k1();
  return {
    sign(hash, privateKey) {
      const { signature, recid } = library.ecdsaSign(hash, privateKey);
      return { signature, recoveryId: recid };
    },
    recover: (hash, signature, recoveryId) =>
      orUndefined(() =>
        library.ecdsaRecover(signature, recoveryId, hash, false),
      ),
    publicKeyOf: (privateKey) =>
      orUndefined(() => library.publicKeyCreate(privateKey, false)),
  };
}

/** tiny-secp256k1 */
export function wasmSecp256k1(): Secp256k1 {
  const library = loadTinySecp256k1();
  return {
    sign: (hash, privateKey) => library.signRecoverable(hash, privateKey),
    recover: (hash, signature, recoveryId) =>
      orUndefined(() =>
        library.recover(hash, signature, recoveryId as 0 | 1 | 2 | 3, false),
      ),
    publicKeyOf: (privateKey) =>
      orUndefined(() => library.pointFromScalar(privateKey, false)),
  };
}

/** The libraries throw for numbers that are out of range, and for what is on no curve. */
function orUndefined(action: () => Uint8Array | null): Uint8Array | undefined {
  try {
    return action() ?? undefined;
  } catch {
    return undefined;
  }
}

function choose(): Secp256k1 {
  try {
    return nativeSecp256k1();
  } catch {
    return wasmSecp256k1();
  }
}

let chosen: Secp256k1 | undefined;

/** The library of this thread, loaded at first use. */
export function getSecp256k1(): Secp256k1 {
  chosen ??= choose();
  return chosen;
}
