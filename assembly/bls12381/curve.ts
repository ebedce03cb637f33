/**
 * The curves of G1 (y² = x³ + 4 over Fp) and G2 (y² = x³ + 4 (1 + i) over Fp2). Points are (x : y : z) in homogeneous
 * coordinates, three pairs in a row. On G1's curve, each lane of the pairs has a point of its own.
 *
 * Both curves have an odd number of points, so the formulas of Renes, Costello and Batina (eprint 2015/1060, algorithms
 * 7 and 9) hold for every two points, equal ones and the one at infinity (0 : 1 : 0) too.
 */
import { copy, minus, negate, plus, setConstant, settle, times, zeroLanes } from "./field";
import { ONE, PAIR, ZERO, multiply } from "./multiply";
import { ONE2, conjugate2, invert, invert2, multiply2, square2, timesNonResidue } from "./fp2";

export const POINT: usize = 3 * PAIR;
export const X: usize = 0;
export const Y: usize = PAIR;
export const Z: usize = 2 * PAIR;

/** Whether points are on G2's curve now. */
export let onTwist: bool = false;

export function useTwist(yes: bool): void {
  onTwist = yes;
}

// @ts-ignore: decorator
@inline
function product(out: usize, x: usize, y: usize): void {
  if (onTwist) multiply2(out, x, y);
  else multiply(out, x, y);
}

// @ts-ignore: decorator
@inline
function square(out: usize, x: usize): void {
  if (onTwist) square2(out, x);
  else multiply(out, x, x);
}

/** out = 3 b x, for x of up to three units */
function timesThreeB(out: usize, x: usize): void {
  if (onTwist) timesNonResidue(out, x);
  else copy(out, x);
  settle(out);
  times(out, out, 12);
  settle(out);
}

const T: usize = memory.data(8 * 128, 16);
const T0 = T, T1 = T + PAIR, T2 = T + 2 * PAIR, T3 = T + 3 * PAIR, T4 = T + 4 * PAIR;
const X3 = T + 5 * PAIR, Y3 = T + 6 * PAIR, Z3 = T + 7 * PAIR;

// Coordinates of points have up to two units.

export function addPoints(out: usize, p: usize, q: usize): void {
  product(T0, p + X, q + X);
  product(T1, p + Y, q + Y);
  product(T2, p + Z, q + Z);
  // x1 y2 + x2 y1
  plus(T3, p + X, p + Y);
  plus(T4, q + X, q + Y);
  product(T3, T3, T4);
  minus(T3, T3, T0);
  minus(T3, T3, T1);
  // y1 z2 + y2 z1
  plus(T4, p + Y, p + Z);
  plus(X3, q + Y, q + Z);
  product(T4, T4, X3);
  minus(T4, T4, T1);
  minus(T4, T4, T2);
  // x1 z2 + x2 z1
  plus(X3, p + X, p + Z);
  plus(Y3, q + X, q + Z);
  product(Y3, X3, Y3);
  minus(Y3, Y3, T0);
  minus(Y3, Y3, T2);
  times(T0, T0, 3);
  timesThreeB(T2, T2);
  plus(Z3, T1, T2);
  minus(T1, T1, T2);
  timesThreeB(Y3, Y3);
  product(X3, T4, Y3);
  product(T2, T3, T1);
  minus(out + X, T2, X3);
  product(Y3, Y3, T0);
  product(T1, T1, Z3);
  plus(out + Y, T1, Y3);
  product(T0, T0, T3);
  product(Z3, Z3, T4);
  plus(out + Z, Z3, T0);
}

export function doublePoint(out: usize, p: usize): void {
  square(T0, p + Y);
  times(Z3, T0, 8);
  product(T1, p + Y, p + Z);
  square(T2, p + Z);
  timesThreeB(T2, T2);
  product(X3, T2, Z3);
  plus(Y3, T0, T2);
  product(Z3, T1, Z3);
  times(T2, T2, 3);
  minus(T0, T0, T2);
  product(Y3, T0, Y3);
  product(T1, p + X, p + Y);
  product(T0, T0, T1);
  plus(out + X, T0, T0);
  plus(out + Y, X3, Y3);
  copy(out + Z, Z3);
}

export function copyPoint(out: usize, p: usize): void {
  memory.copy(out, p, POINT);
}

export function negatePoint(p: usize): void {
  negate(p + Y, p + Y);
}

export function setInfinity(p: usize): void {
  copy(p + X, ZERO);
  copy(p + Y, onTwist ? ONE2 : ONE);
  copy(p + Z, ZERO);
}

/** Whether x is zero; of two elements of Fp, that in lane 0 counts. */
function isZero(x: usize): bool {
  const lanes: u32 = onTwist ? 3 : 1;
  return (zeroLanes(x) & lanes) == lanes;
}

/** -z of the curve's parameter z: its order and all endomorphisms are built of it. */
export const PARAMETER: u64 = 0xd201000000010000;

const MULTIPLE: usize = memory.data(384, 16);

/** out = |z| p */
export function timesParameter(out: usize, p: usize): void {
  copyPoint(MULTIPLE, p);
  for (let i = 62; i >= 0; i--) {
    doublePoint(MULTIPLE, MULTIPLE);
    if ((PARAMETER >> i) & 1) addPoints(MULTIPLE, MULTIPLE, p);
  }
  copyPoint(out, MULTIPLE);
}

// --- Endomorphisms

/** A cube root of 1 in Fp. */
const BETA: usize = memory.data(128, 16);
/** (1 + i)^((p - 1) / 6); and what psi multiplies x and y with: its powers of -2 and -3. */
export const FROBENIUS: usize = memory.data(128, 16);
const PSI_X: usize = memory.data(128, 16);
const PSI_Y: usize = memory.data(128, 16);

export function prepareCurve(): void {
  const beta = "00000000000000005f19672fdf76ce51ba69c6076a0f77eaddb3a93be6f89688de17d813620a00022e01fffffffefffe";
  setConstant(BETA, beta, beta);
  setConstant(
    FROBENIUS,
    "1904d3bf02bb0667c231beb4202c0d1f0fd603fd3cbd5f4f7b2443d784bab9c4f67ea53d63e7813d8d0775ed92235fb8",
    "00fc3e2b36c4e03288e9e902231f9fb854a14787b6c7b36fec0c8ec971f63c5f282d5ac14d6c7ec22cf78a126ddc4af3",
  );
  invert2(T0, FROBENIUS);
  square2(PSI_X, T0);
  multiply2(PSI_Y, PSI_X, T0);
}

/** (beta x, y): on G1 the same as multiplying with -z². */
export function phi(out: usize, p: usize): void {
  multiply(out + X, p + X, BETA);
  copy(out + Y, p + Y);
  copy(out + Z, p + Z);
}

/** The Frobenius endomorphism, untwisted and twisted again: on G2 the same as multiplying with z. */
export function psi(out: usize, p: usize): void {
  for (let i: usize = 0; i < POINT; i += PAIR) conjugate2(out + i, p + i);
  multiply2(out + X, out + X, PSI_X);
  multiply2(out + Y, out + Y, PSI_Y);
}

const IMAGE: usize = memory.data(384, 16);
const OTHER: usize = memory.data(384, 16);

/**
 * Whether the points (both lanes on G1's curve) are in the group: exactly there, the endomorphism is multiplication
 * with the number it should be (Scott, eprint 2021/1130).
 */
export function isInGroup(p: usize): bool {
  timesParameter(IMAGE, p);
  if (onTwist) {
    psi(OTHER, p);
  } else {
    timesParameter(IMAGE, IMAGE);
    phi(OTHER, p);
  }
  addPoints(IMAGE, IMAGE, OTHER);
  return zeroLanes(IMAGE + Z) == 3;
}



/** x and y of the point, in `out` and after it; false at infinity. Of two points, those of lane 0 count. */
export function toAffine(out: usize, p: usize): bool {
  if (isZero(p + Z)) return false;
  if (onTwist) invert2(T0, p + Z);
  else invert(T0, p + Z);
  product(out, p + X, T0);
  product(out + PAIR, p + Y, T0);
  return true;
}

/** Whether y² = x³ + b, of x and y in `at` and after it; on G1's curve in lane 0. */
export function isOnCurve(at: usize): bool {
  square(T0, at);
  product(T0, T0, at);
  square(T1, at + PAIR);
  minus(T1, T1, T0);
  // b
  if (onTwist) timesNonResidue(T0, ONE2);
  else copy(T0, ONE);
  times(T0, T0, 4);
  minus(T1, T1, T0);
  settle(T1);
  return isZero(T1);
}
