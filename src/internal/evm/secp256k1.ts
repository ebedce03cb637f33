/**
 * secp256k1 by libsecp256k1 in WebAssembly: for signatures of transactions and the ecrecover
 * precompile. A later build than the one of tiny-secp256k1 comes first, whose multiplication with
 * the generator is a quarter faster. Its package's own functions load asynchronously and blind the
 * library anew for every signature, with random nonces; a test network's signatures must be those
 * of RFC 6979, at once, with keys that everyone knows. So its WebAssembly is called directly, after
 * a check of what it answers; tiny-secp256k1 stands in for it.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { loadSecp256k1 } from "./lazy-libraries.js";

export interface RecoverableSignature {
  /** r and s, 32 bytes each. */
  readonly signature: Buffer;
  readonly recoveryId: number;
}

export interface Secp256k1 {
  /**
   * Signs a hash of 32 bytes (RFC 6979).
   *
   * @throws when the private key is not in 1..n-1.
   */
  readonly sign: (
    hash: Uint8Array,
    privateKey: Uint8Array,
  ) => RecoverableSignature;
  /**
   * The public key, 65 bytes, that a signature of 64 bytes is from; undefined when it is from none.
   */
  readonly recover: (
    hash: Uint8Array,
    signature: Uint8Array,
    recoveryId: number,
  ) => Uint8Array | undefined;
  /** The public key, 65 bytes, or undefined when the private key is not in 1..n-1. */
  readonly publicKeyOf: (privateKey: Uint8Array) => Uint8Array | undefined;
}

type Pointer = number;
/** 1: success */
type Result = number;

/** Functions of libsecp256k1 under the names that the package's build gave them. */
interface Library {
  readonly f: WebAssembly.Memory;
  /** Static initialisers. */
  readonly g: () => void;
  /** malloc */
  readonly h: (size: number) => Pointer;
  /** secp256k1_context_create */
  readonly j: (flags: number) => Pointer;
  /** secp256k1_ec_pubkey_serialize */
  readonly l: (
    context: Pointer,
    out: Pointer,
    length: Pointer,
    key: Pointer,
    flags: number,
  ) => Result;
  /** secp256k1_ec_pubkey_create */
  readonly p: (context: Pointer, out: Pointer, privateKey: Pointer) => Result;
  /** secp256k1_ecdsa_recoverable_signature_parse_compact */
  readonly w: (
    context: Pointer,
    out: Pointer,
    signature: Pointer,
    recoveryId: number,
  ) => Result;
  /** secp256k1_ecdsa_recoverable_signature_serialize_compact */
  readonly x: (
    context: Pointer,
    out: Pointer,
    recoveryId: Pointer,
    signature: Pointer,
  ) => Result;
  /** secp256k1_ecdsa_sign_recoverable */
  readonly y: (
    context: Pointer,
    out: Pointer,
    hash: Pointer,
    privateKey: Pointer,
    nonceFunction: number,
    nonceData: Pointer,
  ) => Result;
  /** secp256k1_ecdsa_recover */
  readonly z: (
    context: Pointer,
    out: Pointer,
    signature: Pointer,
    hash: Pointer,
  ) => Result;
}

/** SECP256K1_CONTEXT_NONE */
const CONTEXT = 1;
/** SECP256K1_EC_UNCOMPRESSED */
const UNCOMPRESSED = 2;
const SUCCESS = 1;
const WORD = 32;
const SIGNATURE = 64;
const PUBLIC_KEY = 65;
/** More than any of the library's opaque types has. */
const OPAQUE = 128;

/** @throws when the package is not as expected. */
export function loadLatest(): Secp256k1 {
  const require = createRequire(import.meta.url);
  const main = require.resolve("@solar-republic/wasm-secp256k1/headless");
  const binary = readFileSync(main.replace("headless.js", "secp256k1.wasm"));
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
  const privateAt = library.h(WORD);
  const signatureAt = library.h(SIGNATURE);
  const publicAt = library.h(PUBLIC_KEY);
  const numberAt = library.h(WORD);
  const opaqueSignature = library.h(OPAQUE);
  const opaqueKey = library.h(OPAQUE);
  const bytes = new Uint8Array(library.f.buffer);
  const lengthAt = new Uint32Array(library.f.buffer, numberAt, 1);

  const serializeKey = (): Uint8Array => {
    lengthAt[0] = PUBLIC_KEY;
    library.l(context, publicAt, numberAt, opaqueKey, UNCOMPRESSED);
    return bytes.slice(publicAt, publicAt + PUBLIC_KEY);
  };
  return {
    sign(hash, privateKey) {
      bytes.set(hash, hashAt);
      bytes.set(privateKey, privateAt);
      const { y: sign, x: serialize } = library;
      if (sign(context, opaqueSignature, hashAt, privateAt, 0, 0) !== SUCCESS) {
        throw new Error("private key: expected one in 1..n-1");
      }
      serialize(context, signatureAt, numberAt, opaqueSignature);
      return {
        signature: Buffer.from(
          bytes.subarray(signatureAt, signatureAt + SIGNATURE),
        ),
        recoveryId: bytes[numberAt],
      };
    },
    recover(hash, signature, recoveryId) {
      bytes.set(hash, hashAt);
      bytes.set(signature, signatureAt);
      const { w: parse, z: recover } = library;
      return parse(context, opaqueSignature, signatureAt, recoveryId) ===
        SUCCESS &&
        recover(context, opaqueKey, opaqueSignature, hashAt) === SUCCESS
        ? serializeKey()
        : undefined;
    },
    publicKeyOf(privateKey) {
      bytes.set(privateKey, privateAt);
      return library.p(context, opaqueKey, privateAt) === SUCCESS
        ? serializeKey()
        : undefined;
    },
  };
}

/** The same by tiny-secp256k1. */
export function loadTiny(): Secp256k1 {
  const tiny = loadSecp256k1();
  return {
    sign(hash, privateKey) {
      const { signature, recoveryId } = tiny.signRecoverable(hash, privateKey);
      return { signature: Buffer.from(signature), recoveryId };
    },
    recover(hash, signature, recoveryId) {
      try {
        return (
          tiny.recover(hash, signature, recoveryId as 0 | 1 | 2 | 3, false) ??
          undefined
        );
      } catch {
        // It throws for numbers that are out of range, and for a point that is not on the curve.
        return undefined;
      }
    },
    publicKeyOf(privateKey) {
      try {
        return tiny.pointFromScalar(privateKey, false) ?? undefined;
      } catch {
        return undefined;
      }
    },
  };
}

// Made with tiny-secp256k1 and @noble/curves: the hash and the private key are 32 bytes of 1.
const PROBE = new Uint8Array(WORD).fill(1);
const PROBE_SIGNATURE =
  "c64b1924157748652733c41294e5f6e395c3626a8e911f3742a4b8ad4fdb922f" +
  "347ba5cdd629027ef5846eb85c9452f6312e0aea697625d66b202448f3e9618f";
const PROBE_RECOVERY_ID = 0;
const PROBE_PUBLIC_KEY =
  "041b84c5567b126440995d3ed5aaba0565d71e1834604819ff9c17f5e9d5dd078f" +
  "70beaf8f588b541507fed6a642c5ab42dfdf8120a7f639de5122d47a69a8e8d1";

/** For each function of a library, whether it answers as it should. */
export const isSound: {
  readonly [name in keyof Secp256k1]: (library: Secp256k1) => boolean;
} = {
  sign({ sign }) {
    const { signature, recoveryId } = sign(PROBE, PROBE);
    return (
      recoveryId === PROBE_RECOVERY_ID && hexOf(signature) === PROBE_SIGNATURE
    );
  },
  recover: ({ recover }) =>
    hexOf(
      recover(PROBE, Buffer.from(PROBE_SIGNATURE, "hex"), PROBE_RECOVERY_ID),
    ) === PROBE_PUBLIC_KEY,
  publicKeyOf: ({ publicKeyOf }) =>
    hexOf(publicKeyOf(PROBE)) === PROBE_PUBLIC_KEY,
};

function hexOf(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString("hex");
}

let latest: Secp256k1 | null | undefined;

function loadLatestIfPossible(): Secp256k1 | null {
  try {
    return loadLatest();
  } catch {
    // Not the package that this was written for.
    return null;
  }
}

/** A function's first call checks it: a process that only signs is spared the rest. */
function choose<NameT extends keyof Secp256k1>(name: NameT): Secp256k1[NameT] {
  latest ??= loadLatestIfPossible();
  try {
    if (latest !== null && isSound[name](latest)) {
      return latest[name];
    }
  } catch {
    // As good as a wrong answer.
  }
  return loadTiny()[name];
}

const chosen: { -readonly [name in keyof Secp256k1]?: Secp256k1[name] } = {};

/** The libraries of this thread, loaded at first use. */
export const secp256k1: Secp256k1 = {
  sign: (hash, privateKey) =>
    (chosen.sign ??= choose("sign"))(hash, privateKey),
  recover: (hash, signature, recoveryId) =>
    (chosen.recover ??= choose("recover"))(hash, signature, recoveryId),
  publicKeyOf: (privateKey) =>
    (chosen.publicKeyOf ??= choose("publicKeyOf"))(privateKey),
};
