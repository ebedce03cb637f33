/**
 * The precompiled contracts that the core leaves to libraries. Gas and the shape of the input where
 * gas depends on it are the core's matter (assembly/precompiles). The number of a precompile is
 * its address.
 */
import { hash } from "node:crypto";

import { bytesOf, numberAt, resized, WORD } from "./bytes.js";
import { loadRipemd } from "./lazy-libraries.js";
import { G1, p256 } from "./mcl.js";
import {
  blsG1Add,
  blsG1Msm,
  blsG2Add,
  blsG2Msm,
  blsMapFp2ToG2,
  blsMapFpToG1,
  blsPairing,
} from "./precompiles-bls.js";
import { bn254Add, bn254Mul, bn254Pairing } from "./precompiles-bn254.js";
import { pointEvaluation } from "./precompiles-kzg.js";
import { getSecp256k1 } from "./secp256k1.js";

/** Output, or undefined when the input is invalid: then the call fails and all its gas is gone. */
export type Precompile = (
  input: Uint8Array,
  keccak256: (data: Uint8Array) => Uint8Array,
) => Uint8Array | undefined;

const EMPTY = new Uint8Array(0);
const SECP256K1_ORDER =
  0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** 0x01: hash, v, r, s → address. A signature that recovers nothing gives no output, but is no failure. */
const ecrecover: Precompile = (input, keccak256) => {
  const data = resized(input, 4 * WORD);
  const v = numberAt(data, WORD, WORD);
  if (v !== 27n && v !== 28n) return EMPTY;
  const r = numberAt(data, 2 * WORD, WORD);
  const s = numberAt(data, 3 * WORD, WORD);
  if (r === 0n || s === 0n || r >= SECP256K1_ORDER || s >= SECP256K1_ORDER) {
    return EMPTY;
  }
  const digest = data.slice(0, WORD);
  const signature = data.slice(2 * WORD, 4 * WORD);
  const recoveryId = v === 28n ? 1 : 0;
  const key = getSecp256k1().recover(digest, signature, recoveryId);
  if (key === undefined) return EMPTY;
  const output = new Uint8Array(WORD);
  output.set(keccak256(key.subarray(1)).subarray(12), 12);
  return output;
};

/** 0x02, of long inputs: Node's own is native, but calling it has its price. */
const sha256: Precompile = (input) => hash("sha256", input, "buffer");

/** 0x03 */
const ripemd160: Precompile = (input) => {
  const output = new Uint8Array(WORD);
  output.set(loadRipemd().ripemd160(input), 12);
  return output;
};

/** 0x05 (EIP-198): three lengths, then base, exponent and modulus. */
const modexp: Precompile = (input) => {
  const baseLength = Number(numberAt(input, 0, WORD));
  const exponentLength = Number(numberAt(input, WORD, WORD));
  const modulusLength = Number(numberAt(input, 2 * WORD, WORD));
  if (modulusLength === 0) return EMPTY;
  const start = 3 * WORD;
  const base = numberAt(input, start, baseLength);
  const exponent = numberAt(input, start + baseLength, exponentLength);
  const modulus = numberAt(
    input,
    start + baseLength + exponentLength,
    modulusLength,
  );
  return bytesOf(modularPower(base, exponent, modulus), modulusLength);
};

/** base^exponent mod modulus; 0 for a modulus of 0. Four bits of the exponent at a time. */
function modularPower(base: bigint, exponent: bigint, modulus: bigint): bigint {
  if (modulus <= 1n) return 0n;
  if (exponent === 0n) return 1n;
  const reduced = base % modulus;
  if (reduced <= 1n) return reduced;
  const digits = exponent.toString(16);
  if (digits.length === 1 || digits.length <= 5) {
    return squareAndMultiply(reduced, exponent, modulus);
  }
  const powers = [1n, reduced];
  for (let i = 2; i < 16; i++) powers.push((powers[i - 1] * reduced) % modulus);
  let result = powers[parseInt(digits[0], 16)];
  for (let i = 1; i < digits.length; i++) {
    for (let bit = 0; bit < 4; bit++) result = (result * result) % modulus;
    const digit = parseInt(digits[i], 16);
    if (digit !== 0) result = (result * powers[digit]) % modulus;
  }
  return result;
}

function squareAndMultiply(
  base: bigint,
  exponent: bigint,
  modulus: bigint,
): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === "1") result = (result * base) % modulus;
  }
  return result;
}

const P256_ORDER =
  0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** 0x100 (EIP-7951): hash, r, s, x, y → 1 when the signature is good, nothing otherwise. */
const p256Verify: Precompile = (input) => {
  if (input.length !== 5 * WORD) return EMPTY;
  const [digest, r, s] = [0, 1, 2].map((i) => numberAt(input, i * WORD, WORD));
  if (r === 0n || s === 0n || r >= P256_ORDER || s >= P256_ORDER) return EMPTY;
  const curve = p256();
  return curve.scope(() => {
    const points = curve.alloc(2 * G1);
    curve.baseG1(points);
    const key = points + G1;
    if (!curve.readG1(key, input, 3 * WORD, WORD) || curve.isZeroG1(key)) {
      return EMPTY;
    }
    // R = (digest / s) * base + (r / s) * key; good when its x is r modulo the order.
    const inverse = invert(s, P256_ORDER);
    const scalars = [digest, r].map((factor) =>
      bytesOf((factor * inverse) % P256_ORDER, WORD),
    );
    const sum = curve.alloc(G1);
    curve.multiplySumG1(sum, points, scalars);
    if (curve.isZeroG1(sum)) return EMPTY;
    const rx = numberAt(curve.writeG1(sum, WORD), 0, WORD);
    return rx % P256_ORDER === r ? bytesOf(1n, WORD) : EMPTY;
  });
};

/** Inverse of 0 < `value` < `modulus`, a prime: the extended Euclidean algorithm. */
function invert(value: bigint, modulus: bigint): bigint {
  let [a, b] = [value, modulus];
  let [x, y] = [1n, 0n];
  while (a !== 1n) {
    const quotient = b / a;
    [a, b] = [b - quotient * a, a];
    [x, y] = [y - quotient * x, x];
  }
  return x < 0n ? x + modulus : x;
}

const PRECOMPILES: ReadonlyMap<number, Precompile> = new Map([
  [0x01, ecrecover],
  [0x02, sha256],
  [0x03, ripemd160],
  [0x05, modexp],
  [0x06, bn254Add],
  [0x07, bn254Mul],
  [0x08, bn254Pairing],
  [0x0a, pointEvaluation],
  [0x0b, blsG1Add],
  [0x0c, blsG1Msm],
  [0x0d, blsG2Add],
  [0x0e, blsG2Msm],
  [0x0f, blsPairing],
  [0x10, blsMapFpToG1],
  [0x11, blsMapFp2ToG2],
  [0x100, p256Verify],
]);

/** Those cheaper than a look-up, or whose inputs hardly come twice. */
const UNCACHED = new Set([0x02, 0x03, 0x06, 0x0b, 0x0d]);
/** A transaction that verifies a proof makes some 200 of these calls, a mainnet block some 400; executed again, it makes the
 *  same ones (block 25323281 again: 100 ms with 256 entries, 50 with 1,024). */
const CACHE_ENTRIES = 1024;
const CACHED_INPUT = 2048;

/** Results by number and input: what is estimated, called and sent recovers the same signatures each time. */
const cache = new Map<string, Uint8Array | undefined>();

/** Runs precompile `id`. The input must not change later. */
export function runPrecompile(
  id: number,
  input: Uint8Array,
  keccak256: (data: Uint8Array) => Uint8Array,
): Uint8Array | undefined {
  const precompile = PRECOMPILES.get(id);
  if (precompile === undefined) return undefined;
  if (input.length > CACHED_INPUT || UNCACHED.has(id)) {
    return precompile(input, keccak256);
  }
  const key = String.fromCharCode(id) + Buffer.from(input).toString("latin1");
  if (cache.has(key)) return cache.get(key);
  const output = precompile(input, keccak256);
  if (cache.size >= CACHE_ENTRIES) {
    const [oldest] = cache.keys();
    cache.delete(oldest);
  }
  cache.set(key, output);
  return output;
}
