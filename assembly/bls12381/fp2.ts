/** Fp2 of BLS12-381: a pair, lane 0 the real part, i² = -1. And powers, in Fp2 or lane by lane. */
import { copy, join, plus, swap } from "./field";
import { ONE, PAIR, ZERO, multiply, multiplySum } from "./multiply";

/** 1 in Fp2. */
export const ONE2: usize = memory.data(128, 16);

export function prepareFp2(): void {
  join(ONE2, ONE, 0, ZERO, 0);
}

const REALS: usize = memory.data(128, 16);
const IMAGINARIES: usize = memory.data(128, 16);
const TURNED: usize = memory.data(128, 16);
const SUM: usize = memory.data(128, 16);
const DIFFERENCE: usize = memory.data(128, 16);

export function multiply2(out: usize, x: usize, y: usize): void {
  const sign = i64x2(i64.MIN_VALUE, 0);
  for (let i: usize = 0; i < PAIR; i += 16) {
    v128.store(REALS + i, v128.load_splat<u64>(x + i));
    v128.store(IMAGINARIES + i, v128.load_splat<u64>(x + i, 8));
    const limb = v128.load(y + i);
    v128.store(TURNED + i, v128.xor(v128.shuffle<u64>(limb, limb, 1, 0), sign)); // y * i
  }
  multiplySum(out, REALS, y, IMAGINARIES, TURNED);
}

/** (a + b)(a - b) and 2a * b. x may have two units. */
export function square2(out: usize, x: usize): void {
  const zero = f64x2.splat(0);
  for (let i: usize = 0; i < PAIR; i += 16) {
    const limb = v128.load(x + i);
    const swapped = v128.shuffle<u64>(limb, limb, 1, 0);
    v128.store(SUM + i, f64x2.add(v128.load_splat<u64>(x + i), swapped));
    v128.store(DIFFERENCE + i, f64x2.sub(limb, v128.shuffle<u64>(swapped, zero, 0, 2)));
  }
  multiply(out, SUM, DIFFERENCE);
}

/** out = x * (1 + i); units double. */
export function timesNonResidue(out: usize, x: usize): void {
  const sign = i64x2(i64.MIN_VALUE, 0);
  for (let i: usize = 0; i < PAIR; i += 16) {
    const limb = v128.load(x + i);
    v128.store(out + i, f64x2.add(limb, v128.xor(v128.shuffle<u64>(limb, limb, 1, 0), sign)));
  }
}

export function conjugate2(out: usize, x: usize): void {
  const sign = i64x2(0, i64.MIN_VALUE);
  for (let i: usize = 0; i < PAIR; i += 16) v128.store(out + i, v128.xor(v128.load(x + i), sign));
}

const POWERS: usize = memory.data(16 * 128, 16);
const RESULT: usize = memory.data(128, 16);

/** x to the power of the number written in hexadecimal, in Fp2 or in each lane. */
export function power(out: usize, x: usize, exponent: string, inFp2: bool): void {
  copy(POWERS, inFp2 ? ONE2 : ONE);
  for (let i: usize = 1; i < 16; i++) {
    product(POWERS + i * PAIR, POWERS + (i - 1) * PAIR, x, inFp2);
  }
  copy(RESULT, POWERS);
  for (let i = 0; i < exponent.length; i++) {
    const code = exponent.charCodeAt(i);
    const digit: usize = code <= 0x39 ? code - 0x30 : code - 0x57;
    for (let j = 0; j < 4; j++) {
      if (inFp2) square2(RESULT, RESULT);
      else multiply(RESULT, RESULT, RESULT);
    }
    if (digit != 0) product(RESULT, RESULT, POWERS + digit * PAIR, inFp2);
  }
  copy(out, RESULT);
}

function product(out: usize, x: usize, y: usize, inFp2: bool): void {
  if (inFp2) multiply2(out, x, y);
  else multiply(out, x, y);
}

/** The modulus less two. */
const INVERSION =
  "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaa9";

/** In each lane; of 0 it is 0. */
export function invert(out: usize, x: usize): void {
  power(out, x, INVERSION, false);
}

const NORM: usize = memory.data(128, 16);

/** The conjugate over the norm a² + b²; of 0 it is 0. */
export function invert2(out: usize, x: usize): void {
  multiply(NORM, x, x);
  swap(SUM, NORM);
  plus(NORM, NORM, SUM);
  invert(NORM, NORM);
  conjugate2(out, x);
  multiply(out, out, NORM);
}
