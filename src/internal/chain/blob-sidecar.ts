/** The blobs that come with a type 3 transaction, and whether they are what it says (EIP-4844). */
import type { Hash } from "./types.js";

import { createHash } from "node:crypto";

import { ORDER as SCALAR_ORDER } from "../evm/bls12381.js";
import { verifyKzgProof } from "../evm/precompiles-kzg.js";
import { toHex } from "./hex.js";

export interface BlobSidecar {
  /** 131,072 bytes each. */
  readonly blobs: readonly Uint8Array[];
  /** 48 bytes each. */
  readonly commitments: readonly Uint8Array[];
  readonly proofs: readonly Uint8Array[];
}

const FIELD_ELEMENTS = 4_096;
const LOG_FIELD_ELEMENTS = 12;
/** A generator of the scalar field's multiplicative group. */
const PRIMITIVE_ROOT = 7n;
const VERSION = 1;

/** One proof per blob; the commitments' hashes are those of the transaction. */
export function verifyBlobSidecar(
  versionedHashes: readonly Hash[],
  { blobs, commitments, proofs }: BlobSidecar,
): boolean {
  const count = versionedHashes.length;
  return (
    blobs.length === count &&
    commitments.length === count &&
    proofs.length === count &&
    versionedHashes.every(
      (hash, i) =>
        hash === versionedHash(commitments[i]) &&
        verifyBlob(blobs[i], commitments[i], proofs[i]),
    )
  );
}

export function versionedHash(commitment: Uint8Array): Hash {
  const hash = createHash("sha256").update(commitment).digest();
  hash[0] = VERSION;
  return toHex(hash);
}

function verifyBlob(
  blob: Uint8Array,
  commitment: Uint8Array,
  proof: Uint8Array,
): boolean {
  const polynomial: bigint[] = [];
  for (let i = 0; i < FIELD_ELEMENTS; i++) {
    const value = BigInt(toHex(blob.subarray(32 * i, 32 * i + 32)));
    if (value >= SCALAR_ORDER) {
      return false;
    }
    polynomial.push(value);
  }
  const z = challenge(blob, commitment);
  return verifyKzgProof(commitment, z, evaluate(polynomial, z), proof);
}

/** Fiat-Shamir challenge of the blob and its commitment. */
function challenge(blob: Uint8Array, commitment: Uint8Array): bigint {
  const degree = Buffer.alloc(16);
  degree.writeUInt32BE(FIELD_ELEMENTS, 12);
  const digest = createHash("sha256")
    .update("FSBLOBVERIFY_V1_")
    .update(degree)
    .update(blob)
    .update(commitment)
    .digest();
  return BigInt(toHex(digest)) % SCALAR_ORDER;
}

let roots: readonly bigint[] | undefined;

/** Roots of unity in bit-reversed order: where a blob's elements are the polynomial's values. */
function rootsOfUnity(): readonly bigint[] {
  if (roots === undefined) {
    const root = power(
      PRIMITIVE_ROOT,
      (SCALAR_ORDER - 1n) / BigInt(FIELD_ELEMENTS),
    );
    const ordered: bigint[] = new Array<bigint>(FIELD_ELEMENTS);
    let value = 1n;
    for (let i = 0; i < FIELD_ELEMENTS; i++) {
      ordered[reverseBits(i)] = value;
      value = (value * root) % SCALAR_ORDER;
    }
    roots = ordered;
  }
  return roots;
}

function reverseBits(index: number): number {
  let result = 0;
  for (let bit = 0; bit < LOG_FIELD_ELEMENTS; bit++) {
    result = result * 2 + (Math.floor(index / 2 ** bit) % 2);
  }
  return result;
}

/** Barycentric formula: (z^n - 1) / n · Σ value·root / (z - root). */
function evaluate(polynomial: readonly bigint[], z: bigint): bigint {
  const domain = rootsOfUnity();
  const known = domain.indexOf(z);
  if (known >= 0) {
    return polynomial[known];
  }
  const inverses = invertAll(domain.map((root) => modulo(z - root)));
  let sum = 0n;
  for (let i = 0; i < FIELD_ELEMENTS; i++) {
    sum += ((polynomial[i] * domain[i]) % SCALAR_ORDER) * inverses[i];
  }
  const size = BigInt(FIELD_ELEMENTS);
  const factor = (power(z, size) - 1n) * power(size, SCALAR_ORDER - 2n);
  return modulo((sum % SCALAR_ORDER) * modulo(factor));
}

/** Montgomery's trick: one inversion for all. */
function invertAll(values: readonly bigint[]): bigint[] {
  const prefixes: bigint[] = [];
  let product = 1n;
  for (const value of values) {
    prefixes.push(product);
    product = (product * value) % SCALAR_ORDER;
  }
  let inverse = power(product, SCALAR_ORDER - 2n);
  const result = new Array<bigint>(values.length);
  for (let i = values.length - 1; i >= 0; i--) {
    result[i] = (inverse * prefixes[i]) % SCALAR_ORDER;
    inverse = (inverse * values[i]) % SCALAR_ORDER;
  }
  return result;
}

function modulo(value: bigint): bigint {
  const rest = value % SCALAR_ORDER;
  return rest < 0n ? rest + SCALAR_ORDER : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let factor = base % SCALAR_ORDER;
  for (let rest = exponent; rest > 0n; rest /= 2n) {
    if (rest % 2n === 1n) {
      result = (result * factor) % SCALAR_ORDER;
    }
    factor = (factor * factor) % SCALAR_ORDER;
  }
  return result;
}
