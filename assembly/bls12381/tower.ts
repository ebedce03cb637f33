/**
 * Fp6 = Fp2[v] / (v³ - (1 + i)) and Fp12 = Fp6[w] / (w² - v): three and six elements of Fp2 in a row, settled.
 */
import { copy, minus, plus, settle } from "./field";
import { PAIR } from "./multiply";
import { ONE2, conjugate2, invert2, multiply2, square2, timesNonResidue } from "./fp2";

export const FP6: usize = 3 * PAIR;
export const FP12: usize = 2 * FP6;

function plus6(out: usize, x: usize, y: usize): void {
  for (let i: usize = 0; i < FP6; i += PAIR) plus(out + i, x + i, y + i);
}

function minus6(out: usize, x: usize, y: usize): void {
  for (let i: usize = 0; i < FP6; i += PAIR) minus(out + i, x + i, y + i);
}

function settle6(x: usize): void {
  for (let i: usize = 0; i < FP6; i += PAIR) settle(x + i);
}

const T: usize = memory.data(8 * 128, 16);
const V0 = T, V1 = T + PAIR, V2 = T + 2 * PAIR, S = T + 3 * PAIR, U = T + 4 * PAIR;
const C0 = T + 5 * PAIR, C1 = T + 6 * PAIR, C2 = T + 7 * PAIR;

/** out = (x + x')(y + y') - xy - x'y', of which V and W are the last two */
// @ts-ignore: decorator
@inline
function cross(out: usize, x0: usize, x1: usize, y0: usize, y1: usize, v: usize, w: usize): void {
  plus(S, x0, x1);
  plus(U, y0, y1);
  multiply2(out, S, U);
  minus(out, out, v);
  minus(out, out, w);
}

/** Factors may have two units. */
export function multiply6(out: usize, x: usize, y: usize): void {
  const x1 = x + PAIR, x2 = x + 2 * PAIR, y1 = y + PAIR, y2 = y + 2 * PAIR;
  multiply2(V0, x, y);
  multiply2(V1, x1, y1);
  multiply2(V2, x2, y2);
  cross(C0, x1, x2, y1, y2, V1, V2);
  cross(C1, x, x1, y, y1, V0, V1);
  cross(C2, x, x2, y, y2, V0, V2);
  timesNonResidue(C0, C0);
  plus(out, C0, V0);
  timesNonResidue(S, V2);
  plus(out + PAIR, C1, S);
  plus(out + 2 * PAIR, C2, V1);
  settle6(out);
}

/** The second factor is y0 + y1 v. */
function multiplyBy01(out: usize, x: usize, y0: usize, y1: usize): void {
  const x1 = x + PAIR, x2 = x + 2 * PAIR;
  multiply2(V0, x, y0);
  multiply2(V1, x1, y1);
  multiply2(C0, x2, y1);
  timesNonResidue(C0, C0);
  cross(C1, x, x1, y0, y1, V0, V1);
  multiply2(C2, x2, y0);
  plus(out, C0, V0);
  copy(out + PAIR, C1);
  plus(out + 2 * PAIR, C2, V1);
  settle6(out);
}

/** The second factor is y1 v. */
function multiplyBy1(out: usize, x: usize, y1: usize): void {
  multiply2(C0, x + 2 * PAIR, y1);
  multiply2(C1, x, y1);
  multiply2(C2, x + PAIR, y1);
  timesNonResidue(out, C0);
  copy(out + PAIR, C1);
  copy(out + 2 * PAIR, C2);
  settle(out);
}

/** out = x v; only the first part has more units than before. */
function timesV(out: usize, x: usize): void {
  timesNonResidue(S, x + 2 * PAIR);
  copy(out + 2 * PAIR, x + PAIR);
  copy(out + PAIR, x);
  copy(out, S);
}

const A: usize = memory.data(3 * 128, 16);
const B: usize = memory.data(3 * 128, 16);
const D: usize = memory.data(3 * 128, 16);
const E: usize = memory.data(3 * 128, 16);

export function multiply12(out: usize, x: usize, y: usize): void {
  multiply6(A, x, y);
  multiply6(B, x + FP6, y + FP6);
  plus6(D, x, x + FP6);
  plus6(E, y, y + FP6);
  multiply6(D, D, E);
  finishProduct(out);
}

/** out = A + B v + (D - A - B) w */
function finishProduct(out: usize): void {
  minus6(D, D, A);
  minus6(out + FP6, D, B);
  settle6(out + FP6);
  timesV(B, B);
  plus6(out, A, B);
  settle6(out);
}

/** (a + b w)² = (a + b)(a + b v) - ab - ab v + 2ab w */
export function square12(out: usize, x: usize): void {
  multiply6(A, x, x + FP6);
  plus6(D, x, x + FP6);
  timesV(E, x + FP6);
  plus6(E, E, x);
  settle6(E);
  multiply6(D, D, E);
  minus6(D, D, A);
  timesV(B, A);
  minus6(out, D, B);
  plus6(out + FP6, A, A);
  settle6(out);
  settle6(out + FP6);
}

/** The second factor is a line: y0 + y1 v + y4 v w. */
export function multiplyByLine(out: usize, x: usize, y0: usize, y1: usize, y4: usize): void {
  multiplyBy01(A, x, y0, y1);
  multiplyBy1(B, x + FP6, y4);
  plus6(D, x, x + FP6);
  plus(E, y1, y4);
  multiplyBy01(D, D, y0, E);
  finishProduct(out);
}

/** The inverse of what the easy part of the final exponentiation made. */
export function conjugate12(out: usize, x: usize): void {
  memory.copy(out, x, FP6);
  for (let i: usize = FP6; i < FP12; i += 16) v128.store(out + i, f64x2.neg(v128.load(x + i)));
}

export function setOne12(out: usize): void {
  memory.fill(out, 0, FP12);
  copy(out, ONE2);
}

// --- Inverses

function invert6(out: usize, x: usize): void {
  const x1 = x + PAIR, x2 = x + 2 * PAIR;
  // x0² - x1 x2 (1 + i), x2² (1 + i) - x0 x1, x1² - x0 x2
  multiply2(S, x1, x2);
  timesNonResidue(S, S);
  square2(C0, x);
  minus(C0, C0, S);
  square2(C1, x2);
  timesNonResidue(C1, C1);
  multiply2(S, x, x1);
  minus(C1, C1, S);
  square2(C2, x1);
  multiply2(S, x, x2);
  minus(C2, C2, S);
  // The norm, over which they go
  multiply2(V0, x, C0);
  multiply2(V1, x2, C1);
  multiply2(V2, x1, C2);
  plus(V1, V1, V2);
  timesNonResidue(V1, V1);
  plus(V0, V0, V1);
  settle(V0);
  invert2(V0, V0);
  multiply2(out, C0, V0);
  multiply2(out + PAIR, C1, V0);
  multiply2(out + 2 * PAIR, C2, V0);
}

/** (a - b w) / (a² - b² v) */
export function invert12(out: usize, x: usize): void {
  multiply6(A, x, x);
  multiply6(B, x + FP6, x + FP6);
  timesV(B, B);
  minus6(A, A, B);
  settle6(A);
  invert6(B, A);
  multiply6(A, x, B);
  multiply6(D, x + FP6, B);
  memory.copy(out, A, FP6);
  for (let i: usize = 0; i < FP6; i += 16) v128.store(out + FP6 + i, f64x2.neg(v128.load(D + i)));
}

// --- Frobenius

/** (1 + i)^(k (p - 1) / 6) for each k < 6. */
const FACTORS: usize = memory.data(6 * 128, 16);

/** `frobenius`: the factor for k = 1. */
export function prepareTower(frobenius: usize): void {
  copy(FACTORS, ONE2);
  for (let k: usize = 1; k < 6; k++) multiply2(FACTORS + k * PAIR, FACTORS + (k - 1) * PAIR, frobenius);
}

/** out = x^p */
export function frobenius12(out: usize, x: usize): void {
  for (let i: usize = 0; i < 6; i++) {
    // The power of w that the i-th part belongs to
    const k: usize = i < 3 ? 2 * i : 2 * i - 5;
    conjugate2(out + i * PAIR, x + i * PAIR);
    if (k > 0) multiply2(out + i * PAIR, out + i * PAIR, FACTORS + k * PAIR);
  }
}

// --- The cyclotomic subgroup

/** (a + b s)² = SQUARES + CROSS s, where s² = 1 + i: of three units each */
function square4(a: usize, b: usize, squares: usize, crossed: usize): void {
  square2(V0, a);
  square2(V1, b);
  plus(S, a, b);
  square2(S, S);
  minus(S, S, V0);
  minus(crossed, S, V1);
  timesNonResidue(V1, V1);
  plus(squares, V0, V1);
}

/** out = 3 t - 2 z (sign -1) or 3 t + 2 z (sign 1) */
function combine(out: usize, t: usize, z: usize, sign: f64): void {
  const three = f64x2.splat(3), two = f64x2.splat(2 * sign);
  for (let i: usize = 0; i < PAIR; i += 16) {
    v128.store(out + i, f64x2.add(f64x2.mul(v128.load(t + i), three), f64x2.mul(v128.load(z + i), two)));
  }
  settle(out);
}

/** The square in the cyclotomic subgroup (Granger and Scott, eprint 2009/565). */
export function squareCyclotomic(out: usize, x: usize): void {
  const z0 = x, z4 = x + PAIR, z3 = x + 2 * PAIR, z2 = x + FP6, z1 = z2 + PAIR, z5 = z2 + 2 * PAIR;
  const o0 = out, o4 = out + PAIR, o3 = out + 2 * PAIR, o2 = out + FP6, o1 = o2 + PAIR, o5 = o2 + 2 * PAIR;
  square4(z0, z1, A, A + PAIR);
  square4(z2, z3, B, B + PAIR);
  square4(z4, z5, D, D + PAIR);
  combine(o0, A, z0, -1);
  combine(o1, A + PAIR, z1, 1);
  timesNonResidue(D + PAIR, D + PAIR);
  settle(D + PAIR);
  combine(E, D + PAIR, z2, 1);
  combine(E + PAIR, D, z3, -1);
  combine(o4, B, z4, -1);
  combine(o5, B + PAIR, z5, 1);
  copy(o2, E);
  copy(o3, E + PAIR);
}

