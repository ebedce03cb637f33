/** Sums, differences, products and comparisons of words (u256/word.ts). `out` may be an operand. */
import { setWord64 } from "./word";

// @ts-ignore: decorator
@inline
export function add(out: usize, a: usize, b: usize): void {
  const a0 = load<u64>(a);
  const a1 = load<u64>(a, 8);
  const a2 = load<u64>(a, 16);
  const s0 = a0 + load<u64>(b);
  const t1 = a1 + load<u64>(b, 8);
  const t2 = a2 + load<u64>(b, 16);
  const t3 = load<u64>(a, 24) + load<u64>(b, 24);
  const s1 = t1 + u64(s0 < a0);
  // A limb's carry: from the operands, or from the carry that came in.
  const s2 = t2 + (u64(t1 < a1) | u64(s1 < t1));
  store<u64>(out, s0);
  store<u64>(out, s1, 8);
  store<u64>(out, s2, 16);
  store<u64>(out, t3 + (u64(t2 < a2) | u64(s2 < t2)), 24);
}

/** a - b */
// @ts-ignore: decorator
@inline
export function sub(out: usize, a: usize, b: usize): void {
  const a0 = load<u64>(a);
  const a1 = load<u64>(a, 8);
  const a2 = load<u64>(a, 16);
  const b0 = load<u64>(b);
  const b1 = load<u64>(b, 8);
  const b2 = load<u64>(b, 16);
  const t3 = load<u64>(a, 24) - load<u64>(b, 24);
  const t1 = a1 - b1;
  const t2 = a2 - b2;
  const c0 = u64(a0 < b0);
  const c1 = u64(a1 < b1) | u64(t1 < c0);
  const c2 = u64(a2 < b2) | u64(t2 < c1);
  store<u64>(out, a0 - b0);
  store<u64>(out, t1 - c0, 8);
  store<u64>(out, t2 - c1, 16);
  store<u64>(out, t3 - c2, 24);
}

/** -a in two's complement. */
export function negate(out: usize, a: usize): void {
  const a0 = load<u64>(a);
  const a1 = load<u64>(a, 8);
  const a2 = load<u64>(a, 16);
  const a3 = load<u64>(a, 24);
  store<u64>(out, 0 - a0);
  store<u64>(out, ~a1 + u64(a0 == 0), 8);
  store<u64>(out, ~a2 + u64((a0 | a1) == 0), 16);
  store<u64>(out, ~a3 + u64((a0 | a1 | a2) == 0), 24);
}

/** High half of a 64 x 64 bit product: WebAssembly has no wide multiplication. */
// @ts-ignore: decorator
@inline
export function mulHigh(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff;
  const a1 = a >> 32;
  const b0 = b & 0xffffffff;
  const b1 = b >> 32;
  const low = a0 * b0;
  const mid = a1 * b0 + (low >> 32);
  const mid2 = a0 * b1 + (mid & 0xffffffff);
  return a1 * b1 + (mid >> 32) + (mid2 >> 32);
}

// @ts-ignore: decorator
@inline
export function mul(out: usize, a: usize, b: usize): void {
  if (
    (load<u64>(a, 8) | load<u64>(a, 16) | load<u64>(a, 24) |
      load<u64>(b, 8) | load<u64>(b, 16) | load<u64>(b, 24)) == 0
  ) {
    const x = load<u64>(a);
    const y = load<u64>(b);
    store<u64>(out, x * y);
    store<u64>(out, (x | y) >> 32 == 0 ? 0 : mulHigh(x, y), 8);
    v128.store(out, i64x2.splat(0), 16);
  } else {
    mulWide(out, a, b);
  }
}

/** Product modulo 2^256 of operands of any size. */
export function mulWide(out: usize, a: usize, b: usize): void {
  const a0 = load<u64>(a);
  const a1 = load<u64>(a, 8);
  const a2 = load<u64>(a, 16);
  const a3 = load<u64>(a, 24);
  const b0 = load<u64>(b);
  const b1 = load<u64>(b, 8);
  const b2 = load<u64>(b, 16);
  const b3 = load<u64>(b, 24);
  if ((b1 | b2 | b3) == 0) {
    mulLimb(out, a0, a1, a2, a3, b0);
    return;
  }
  if ((a1 | a2 | a3) == 0) {
    mulLimb(out, b0, b1, b2, b3, a0);
    return;
  }
  let r1 = mulHigh(a0, b0);
  let r2: u64 = 0;
  let r3 = a0 * b3 + a3 * b0 + a1 * b2 + a2 * b1;
  // Column 1.
  let t = a0 * b1;
  r1 += t;
  let carry = u64(r1 < t);
  t = mulHigh(a0, b1) + carry;
  r2 = t;
  t = a1 * b0;
  r1 += t;
  carry = u64(r1 < t);
  t = mulHigh(a1, b0) + carry;
  r2 += t;
  r3 += u64(r2 < t);
  // Column 2.
  t = a0 * b2;
  r2 += t;
  r3 += u64(r2 < t);
  t = a1 * b1;
  r2 += t;
  r3 += u64(r2 < t);
  t = a2 * b0;
  r2 += t;
  r3 += u64(r2 < t);
  r3 += mulHigh(a0, b2) + mulHigh(a1, b1) + mulHigh(a2, b0);
  store<u64>(out, a0 * b0);
  store<u64>(out, r1, 8);
  store<u64>(out, r2, 16);
  store<u64>(out, r3, 24);
}

/** Product of four limbs and one. */
export function mulLimb(out: usize, a0: u64, a1: u64, a2: u64, a3: u64, x: u64): void {
  store<u64>(out, a0 * x);
  let carry = mulHigh(a0, x);
  // High halves are at most 2^64 - 2: a carry fits.
  const s1 = a1 * x + carry;
  store<u64>(out, s1, 8);
  carry = mulHigh(a1, x) + u64(s1 < carry);
  const s2 = a2 * x + carry;
  store<u64>(out, s2, 16);
  store<u64>(out, a3 * x + mulHigh(a2, x) + u64(s2 < carry), 24);
}

/** All 512 bits of the product, to eight limbs at `out`, which overlaps neither operand. */
export function mulFull(out: usize, a: usize, b: usize): void {
  const zero = i64x2.splat(0);
  v128.store(out, zero);
  v128.store(out, zero, 16);
  v128.store(out, zero, 32);
  v128.store(out, zero, 48);
  const b0 = load<u64>(b);
  const b1 = load<u64>(b, 8);
  const b2 = load<u64>(b, 16);
  const b3 = load<u64>(b, 24);
  addRow(out, load<u64>(a), b0, b1, b2, b3);
  addRow(out + 8, load<u64>(a, 8), b0, b1, b2, b3);
  addRow(out + 16, load<u64>(a, 16), b0, b1, b2, b3);
  addRow(out + 24, load<u64>(a, 24), b0, b1, b2, b3);
}

/** Adds x times four limbs to those at `out`; sets the one after. */
function addRow(out: usize, x: u64, b0: u64, b1: u64, b2: u64, b3: u64): void {
  if (x == 0) return;
  let low = x * b0;
  let sum = load<u64>(out) + low;
  store<u64>(out, sum);
  let carry = mulHigh(x, b0) + u64(sum < low);
  // Neither sum below overflows twice: x * y + 2 (2^64 - 1) < 2^128.
  low = x * b1 + carry;
  carry = mulHigh(x, b1) + u64(low < carry);
  sum = load<u64>(out, 8) + low;
  store<u64>(out, sum, 8);
  carry += u64(sum < low);
  low = x * b2 + carry;
  carry = mulHigh(x, b2) + u64(low < carry);
  sum = load<u64>(out, 16) + low;
  store<u64>(out, sum, 16);
  carry += u64(sum < low);
  low = x * b3 + carry;
  carry = mulHigh(x, b3) + u64(low < carry);
  sum = load<u64>(out, 24) + low;
  store<u64>(out, sum, 24);
  store<u64>(out, carry + u64(sum < low), 32);
}

// @ts-ignore: decorator
@inline
export function lessThan(a: usize, b: usize): bool {
  const a3 = load<u64>(a, 24);
  const b3 = load<u64>(b, 24);
  if (a3 != b3) return a3 < b3;
  const a2 = load<u64>(a, 16);
  const b2 = load<u64>(b, 16);
  if (a2 != b2) return a2 < b2;
  const a1 = load<u64>(a, 8);
  const b1 = load<u64>(b, 8);
  if (a1 != b1) return a1 < b1;
  return load<u64>(a) < load<u64>(b);
}

// @ts-ignore: decorator
@inline
export function signedLessThan(a: usize, b: usize): bool {
  const a3 = load<u64>(a, 24);
  const b3 = load<u64>(b, 24);
  return a3 != b3 ? (a3 as i64) < (b3 as i64) : lessThan(a, b);
}

/** a^b modulo 2^256; `out` overlaps neither operand, `square` is 32 bytes of scratch. */
export function power(out: usize, a: usize, b: usize, square: usize): void {
  setWord64(out, 1);
  let top: usize = 32;
  while (top > 0 && load<u64>(b + top - 8) == 0) top -= 8;
  if (top == 0) return;
  v128.store(square, v128.load(a));
  v128.store(square, v128.load(a, 16), 16);
  let limb: usize = 0;
  while (true) {
    let bits = load<u64>(b + limb);
    limb += 8;
    const last = limb == top;
    for (let i = 0; i < 64; i++) {
      if (bits & 1) mul(out, out, square);
      bits >>= 1;
      if (last && bits == 0) return;
      squareWord(square);
    }
  }
}

/** Squares the word at `at` modulo 2^256. */
// @ts-ignore: decorator
@inline
function squareWord(at: usize): void {
  if ((load<u64>(at, 8) | load<u64>(at, 16) | load<u64>(at, 24)) == 0) {
    const x = load<u64>(at);
    store<u64>(at, x * x);
    store<u64>(at, x >> 32 == 0 ? 0 : mulHigh(x, x), 8);
  } else {
    squareWide(at);
  }
}

/** mulWide, with what comes twice in a square computed once: measured, EXP takes a fifth less. */
function squareWide(at: usize): void {
  const a0 = load<u64>(at);
  const a1 = load<u64>(at, 8);
  const a2 = load<u64>(at, 16);
  const a3 = load<u64>(at, 24);
  const cross = a0 * a1;
  const crossHigh = mulHigh(a0, a1);
  const far = a0 * a2;
  const low = a1 * a1;
  let r1 = mulHigh(a0, a0);
  let r2: u64 = (crossHigh << 1) | (cross >> 63);
  let r3: u64 = ((a0 * a3 + a1 * a2 + mulHigh(a0, a2)) << 1) + mulHigh(a1, a1) + (crossHigh >> 63) + (far >> 63);
  const twice = cross << 1;
  r1 += twice;
  const carry = u64(r1 < twice);
  r2 += carry;
  r3 += u64(r2 < carry);
  const farTwice = far << 1;
  r2 += farTwice;
  r3 += u64(r2 < farTwice);
  r2 += low;
  r3 += u64(r2 < low);
  store<u64>(at, a0 * a0);
  store<u64>(at, r1, 8);
  store<u64>(at, r2, 16);
  store<u64>(at, r3, 24);
}
