/** Whether a product of pairings is one: the optimal ate pairing, all pairs in one Miller loop. */
import { PARAMETER, POINT, X, Y, Z } from "./curve";
import { copy, minus, plus, settle, times, zeroLanes } from "./field";
import { PAIR, multiply } from "./multiply";
import { ONE2, multiply2, square2 } from "./fp2";
import {
  FP12, conjugate12, frobenius12, invert12, multiply12, multiplyByLine, setOne12, square12, squareCyclotomic,
} from "./tower";

const T: usize = memory.data(12 * 128, 16);
const T0 = T, T1 = T + PAIR, T2 = T + 2 * PAIR, T3 = T + 3 * PAIR, T4 = T + 4 * PAIR, T5 = T + 5 * PAIR;
const ZZ = T + 6 * PAIR, YY = T + 7 * PAIR;
/** A line's coefficients: of 1 and v, settled, before x and y of the point in G1 go in; of v w. */
const LINE_V = T + 8 * PAIR, LINE_VW = T + 9 * PAIR, LINE_1 = T + 10 * PAIR;

/** (a + b)² - c - d */
// @ts-ignore: decorator
@inline
function crossSquare(out: usize, a: usize, b: usize, c: usize, d: usize): void {
  plus(out, a, b);
  square2(out, out);
  minus(out, out, c);
  minus(out, out, d);
}

/** Doubles r (x / z², y / z³) and sets the tangent there: eprint 2009/615, algorithm 26. */
function doubleStep(r: usize): void {
  square2(T0, r + X);
  square2(T1, r + Y);
  square2(T2, T1);
  crossSquare(T3, T1, r + X, T0, T2);
  plus(T3, T3, T3);
  settle(T3);
  times(T4, T0, 3);
  settle(T4);
  square2(T5, T4);
  square2(ZZ, r + Z);
  crossSquare(LINE_1, r + X, T4, T0, T5);
  times(T0, T1, 4);
  minus(LINE_1, LINE_1, T0);
  settle(LINE_1);
  crossSquare(r + Z, r + Z, r + Y, T1, ZZ);
  settle(r + Z);
  times(T0, T3, 2);
  minus(r + X, T5, T0);
  settle(r + X);
  minus(T3, T3, r + X);
  multiply2(r + Y, T3, T4);
  times(T2, T2, 8);
  minus(r + Y, r + Y, T2);
  settle(r + Y);
  multiply2(LINE_V, T4, ZZ);
  times(LINE_V, LINE_V, -2);
  multiply2(LINE_VW, r + Z, ZZ);
  times(LINE_VW, LINE_VW, 2);
}

/** Adds q (x, y) to r and sets the line through both: the same, algorithm 27. */
function addStep(r: usize, q: usize): void {
  square2(ZZ, r + Z);
  square2(YY, q + Y);
  multiply2(T0, ZZ, q + X);
  crossSquare(T1, q + Y, r + Z, YY, ZZ);
  multiply2(T1, T1, ZZ);
  minus(T2, T0, r + X);
  settle(T2);
  square2(T3, T2);
  times(T4, T3, 4);
  settle(T4);
  multiply2(T5, T4, T2);
  times(T0, r + Y, 2);
  minus(T1, T1, T0);
  settle(T1);
  multiply2(LINE_1, T1, q + X);
  multiply2(T4, T4, r + X);
  square2(r + X, T1);
  minus(r + X, r + X, T5);
  times(T0, T4, 2);
  minus(r + X, r + X, T0);
  settle(r + X);
  crossSquare(r + Z, r + Z, T2, ZZ, T3);
  settle(r + Z);
  minus(T4, T4, r + X);
  multiply2(T4, T4, T1);
  multiply2(T0, r + Y, T5);
  times(T0, T0, 2);
  minus(r + Y, T4, T0);
  settle(r + Y);
  square2(T0, r + Z);
  crossSquare(T2, q + Y, r + Z, YY, T0);
  times(LINE_1, LINE_1, 2);
  minus(LINE_1, LINE_1, T2);
  settle(LINE_1);
  times(LINE_V, T1, -2);
  times(LINE_VW, r + Z, 2);
}

/** f *= the line at the point of G1 (both lanes alike) */
function multiplyLine(f: usize, p: usize): void {
  multiply(LINE_V, LINE_V, p + X);
  multiply(LINE_VW, LINE_VW, p + Y);
  multiplyByLine(f, f, LINE_1, LINE_V, LINE_VW);
}

const F: usize = memory.data(12 * 128, 16);

/** `running`: room for as many points. The points are affine, none at infinity; those of `g1` are in both lanes. */
export function isProductOne(g1: usize, g2: usize, running: usize, count: usize): bool {
  memory.copy(running, g2, count * POINT);
  const end = count * POINT;
  setOne12(F);
  for (let i = 62; i >= 0; i--) {
    square12(F, F);
    for (let at: usize = 0; at < end; at += POINT) {
      doubleStep(running + at);
      multiplyLine(F, g1 + at);
    }
    if (!((PARAMETER >> i) & 1)) continue;
    for (let at: usize = 0; at < end; at += POINT) {
      addStep(running + at, g2 + at);
      multiplyLine(F, g1 + at);
    }
  }
  // The parameter is negative, but whether a product is one does not depend on that.
  return isOneAtLast();
}

const POWER: usize = memory.data(12 * 128, 16);

/** out = x^z, in the cyclotomic subgroup */
function powerOfParameter(out: usize, x: usize): void {
  memory.copy(POWER, x, FP12);
  for (let i = 62; i >= 0; i--) {
    squareCyclotomic(POWER, POWER);
    if ((PARAMETER >> i) & 1) multiply12(POWER, POWER, x);
  }
  conjugate12(out, POWER);
}

const G: usize = memory.data(12 * 128, 16);
const H: usize = memory.data(12 * 128, 16);
const M: usize = memory.data(12 * 128, 16);

/** Whether F is one after the final exponentiation. */
function isOneAtLast(): bool {
  // The easy part: m = f^((p^6 - 1)(p² + 1))
  invert12(G, F);
  conjugate12(M, F);
  multiply12(G, M, G);
  frobenius12(M, G);
  frobenius12(M, M);
  multiply12(M, M, G);
  // The hard one, to the power of three, which divides no order here: (z - 1)² (z + p) (z² + p² - 1) + 3
  // (Hayashida, Hayasaka and Teruya, eprint 2020/875)
  powerOfParameter(G, M);
  conjugate12(H, M);
  multiply12(G, G, H); // m^(z - 1)
  powerOfParameter(F, G);
  conjugate12(H, G);
  multiply12(F, F, H); // m^((z - 1)²)
  powerOfParameter(G, F);
  frobenius12(H, F);
  multiply12(F, G, H); // ... (z + p)
  powerOfParameter(G, F);
  powerOfParameter(G, G);
  frobenius12(H, F);
  frobenius12(H, H);
  multiply12(G, G, H);
  conjugate12(H, F);
  multiply12(F, G, H); // ... (z² + p² - 1)
  squareCyclotomic(G, M);
  multiply12(F, F, G);
  multiply12(F, F, M);
  // One?
  minus(F, F, ONE2);
  for (let i: usize = 0; i < FP12; i += PAIR) {
    if (zeroLanes(F + i) != 3) return false;
  }
  return true;
}
