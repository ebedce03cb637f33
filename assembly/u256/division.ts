/**
 * Division of words (u256/word.ts). One limb by one limb is the machine's own division; the rest is
 * Knuth's algorithm D (The Art of Computer Programming, 4.3.1) on limbs, each digit of the quotient by a
 * reciprocal computed once (Möller and Granlund, "Improved division by invariant integers", 2011):
 * WebAssembly divides 64 bits by 64 bits and nothing wider.
 */
import { add, lessThan, mulFull, mulHigh, negate, sub } from "./arithmetic";
import { copyWord, isZeroWord, setWord64, zeroWord } from "./word";

/** Bytes that `divisionInit` wants. */
export const DIVISION_SCRATCH: u32 = 512;

/** This thread's scratch. */
let dividend: usize = 0;
let divisor: usize = 0;
let product: usize = 0;
let spareA: usize = 0;
let spareB: usize = 0;
let spareQuotient: usize = 0;

export function divisionInit(scratch: usize): void {
  dividend = scratch; // 72 bytes
  divisor = scratch + 80;
  product = scratch + 128; // 64 bytes
  spareA = scratch + 192;
  spareB = scratch + 224;
  spareQuotient = scratch + 256; // 64 bytes
}

// @ts-ignore: decorator
@inline
function fitsLimb(a: usize): bool {
  return (load<u64>(a, 8) | load<u64>(a, 16) | load<u64>(a, 24)) == 0;
}

/** Low half of the quotient of (high : low) by d, whose highest bit is set and which is more than high. */
function divideTwo(high: u64, low: u64, d: u64): u64 {
  const d1 = d >> 32;
  const d0 = d & 0xffffffff;
  let rest = high;
  let quotient: u64 = 0;
  // Digits of 32 bits, since WebAssembly divides nothing wider than 64.
  for (let half = 0; half < 2; half++) {
    const next = half == 0 ? low >> 32 : low & 0xffffffff;
    let q = rest / d1;
    let r = rest - q * d1;
    while (q >> 32 != 0 || q * d0 > ((r << 32) | next)) {
      q--;
      r += d1;
      if (r >> 32 != 0) break;
    }
    rest = ((rest << 32) | next) - q * d;
    quotient = (quotient << 32) | q;
  }
  return quotient;
}

/** floor((2^128 - 1) / d) - 2^64 for a d whose highest bit is set. */
// @ts-ignore: decorator
@inline
function reciprocal(d: u64): u64 {
  return divideTwo(~d, u64.MAX_VALUE, d);
}

/** The last divisor's upper limbs and their reciprocal: what computes in a field divides by one modulus all the
 *  time. 0 = none yet. */
let lastD1: u64 = 0;
let lastD0: u64 = 0;
let lastReciprocal: u64 = 0;

/** floor((2^192 - 1) / (d1 : d0)) - 2^64 for a d1 whose highest bit is set. */
// @ts-ignore: decorator
@inline
function reciprocalOfTwo(d1: u64, d0: u64): u64 {
  if (d1 != lastD1 || d0 != lastD0) {
    lastReciprocal = computeReciprocal(d1, d0);
    lastD1 = d1;
    lastD0 = d0;
  }
  return lastReciprocal;
}

function computeReciprocal(d1: u64, d0: u64): u64 {
  let v = reciprocal(d1);
  let p = d1 * v + d0;
  if (p < d0) {
    v--;
    if (p >= d1) {
      v--;
      p -= d1;
    }
    p -= d1;
  }
  const t = mulHigh(v, d0);
  p += t;
  if (p < t) {
    if (p > d1 || (p == d1 && v * d0 >= d0)) v--;
    v--;
  }
  return v;
}

/** `x` and the limb below it, shifted left by `shift` < 64: the upper limb of that. */
// @ts-ignore: decorator
@inline
function shifted(x: u64, below: u64, shift: u64): u64 {
  return (x << shift) | ((below >> 1) >> (shift ^ 63));
}

/** Divides `m` limbs at `a` by the one limb at `b`; the quotient may take the dividend's place. Returns the rest. */
function divideByLimb(quotient: usize, a: usize, m: usize, b: u64): u64 {
  const shift = clz(b);
  const d = b << shift;
  const v = reciprocal(d);
  let high = load<u64>(a + (m - 1) * 8);
  let rest = shifted(0, high, shift);
  for (let i: i32 = (m as i32) - 1; i >= 0; i--) {
    const below = i > 0 ? load<u64>(a + i * 8 - 8) : 0;
    const low = shifted(high, below, shift);
    high = below;
    const product = v * rest;
    const q0 = product + low;
    let q = mulHigh(v, rest) + rest + u64(q0 < low) + 1;
    let r = low - q * d;
    if (r > q0) {
      q--;
      r += d;
    }
    if (r >= d) {
      q++;
      r -= d;
    }
    store<u64>(quotient + i * 8, q);
    rest = r;
  }
  return rest >> shift;
}

/** Subtracts q times the `n` limbs at `v` from those at `at`. Returns what is still to be subtracted above. */
// @ts-ignore: decorator
@inline
function subtractProduct(at: usize, v: usize, n: usize, q: u64): u64 {
  let borrow: u64 = 0;
  for (let i: usize = 0; i < n; i++) {
    const x = load<u64>(at + i * 8);
    const y = load<u64>(v + i * 8);
    const rest = x - borrow;
    const low = y * q;
    const difference = rest - low;
    borrow = mulHigh(y, q) + u64(x < rest) + u64(rest < difference);
    store<u64>(at + i * 8, difference);
  }
  return borrow;
}

/** Adds the `n` limbs at `v` to those at `at`. Returns the carry. */
function addLimbs(at: usize, v: usize, n: usize): u64 {
  let carry: u64 = 0;
  for (let i: usize = 0; i < n; i++) {
    const x = load<u64>(at + i * 8);
    const sum = x + load<u64>(v + i * 8);
    const total = sum + carry;
    carry = u64(sum < x) | u64(total < sum);
    store<u64>(at + i * 8, total);
  }
  return carry;
}

/** Quotient's digit and the rest of what `divideThree` divided. */
let restHigh: u64 = 0;
let restLow: u64 = 0;

/** (u2 : u1 : u0) by (d1 : d0) with its reciprocal, for (u2 : u1) < (d1 : d0): exact. */
// @ts-ignore: decorator
@inline
function divideThree(u2: u64, u1: u64, u0: u64, d1: u64, d0: u64, inverse: u64): u64 {
  const product = inverse * u2;
  const q0 = product + u1;
  let q = mulHigh(inverse, u2) + u2 + u64(q0 < u1);
  const t0 = d0 * q;
  let r0 = u0 - t0;
  let r1 = u1 - q * d1 - mulHigh(d0, q) - u64(u0 < t0) - d1 - u64(r0 < d0);
  r0 -= d0;
  q++;
  if (r1 >= q0) {
    q--;
    r0 += d0;
    r1 += d1 + u64(r0 < d0);
  }
  if (r1 > d1 || (r1 == d1 && r0 >= d0)) {
    q++;
    r1 -= d1 + u64(r0 < d0);
    r0 -= d0;
  }
  restHigh = r1;
  restLow = r0;
  return q;
}

/**
 * divideLong for a divisor of four limbs, and a dividend of `m` from 4 to 8: what is still to be divided stays in
 * registers, and each step brings down one limb of the dividend. (Measured: MULMOD takes a tenth less than by loops.)
 */
function divideByFour(quotient: usize, remainder: usize, a: usize, m: usize, b: usize): void {
  const shift = clz(load<u64>(b, 24));
  const v0 = load<u64>(b) << shift;
  const v1 = shifted(load<u64>(b, 8), load<u64>(b), shift);
  const d0 = shifted(load<u64>(b, 16), load<u64>(b, 8), shift);
  const d1 = shifted(load<u64>(b, 24), load<u64>(b, 16), shift);
  const inverse = reciprocalOfTwo(d1, d0);
  let at = a + m * 8 - 32;
  const a3 = load<u64>(at, 24);
  const a2 = load<u64>(at, 16);
  const a1 = load<u64>(at, 8);
  let limb = load<u64>(at);
  let w3 = shifted(0, a3, shift);
  let w2 = shifted(a3, a2, shift);
  let w1 = shifted(a2, a1, shift);
  let w0 = shifted(a1, limb, shift);
  for (let place = quotient + (m - 4) * 8; place >= quotient; place -= 8) {
    at -= 8;
    const below = place == quotient ? 0 : load<u64>(at);
    const x = shifted(limb, below, shift);
    limb = below;
    if (w3 == 0 && w2 < d1) {
      // The digit is 0: the first one is when factors were less than the modulus.
      w3 = w2;
      w2 = w1;
      w1 = w0;
      w0 = x;
      store<u64>(place, 0);
      continue;
    }
    let q: u64;
    let r1: u64;
    let r0: u64;
    const isHighest = w3 == d1 && w2 == d0;
    if (isHighest) {
      q = u64.MAX_VALUE;
      r0 = w1 + d0;
      r1 = d1 + u64(r0 < d0); // what this carries, the lower limbs take away
    } else {
      q = divideThree(w3, w2, w1, d1, d0, inverse);
      r1 = restHigh;
      r0 = restLow;
    }
    // Less q times the divisor's lower limbs.
    const p0 = v0 * q;
    const high0 = mulHigh(v0, q) + u64(x < p0);
    const p1 = v1 * q + high0;
    const high1 = mulHigh(v1, q) + u64(p1 < high0) + u64(w0 < p1);
    w1 = w0 - p1;
    w0 = x - p0;
    w2 = r0 - high1;
    const borrow = u64(r0 < high1);
    w3 = r1 - borrow;
    if (!isHighest && r1 < borrow) {
      // One too high: add the divisor back.
      q--;
      w0 += v0;
      const carry0 = u64(w0 < v0);
      const t1 = w1 + carry0;
      w1 = t1 + v1;
      const carry1 = u64(t1 < carry0) | u64(w1 < v1);
      const t2 = w2 + carry1;
      w2 = t2 + d0;
      w3 += d1 + (u64(t2 < carry1) | u64(w2 < d0));
    }
    store<u64>(place, q);
  }
  store<u64>(remainder, (w0 >> shift) | ((w1 << 1) << (shift ^ 63)));
  store<u64>(remainder, (w1 >> shift) | ((w2 << 1) << (shift ^ 63)), 8);
  store<u64>(remainder, (w2 >> shift) | ((w3 << 1) << (shift ^ 63)), 16);
  store<u64>(remainder, w3 >> shift, 24);
}

/**
 * Divides `limbs` (4 or 8) limbs at `a` by the word at `b`, which is not zero and not more. The quotient
 * (as many limbs as the dividend) goes to `quotient`, the remainder to `remainder`; both may be operands.
 */
function divideLong(quotient: usize, remainder: usize, a: usize, limbs: usize, b: usize): void {
  let n: usize = 4;
  while (load<u64>(b + n * 8 - 8) == 0) n--;
  let m = limbs;
  while (load<u64>(a + m * 8 - 8) == 0) m--;

  if (n == 1) {
    const rest = divideByLimb(quotient, a, m, load<u64>(b));
    for (let i = m; i < limbs; i++) store<u64>(quotient + i * 8, 0);
    setWord64(remainder, rest);
    return;
  }

  if (n == 4) {
    divideByFour(quotient, remainder, a, m, b);
    for (let i = m - 3; i < limbs; i++) store<u64>(quotient + i * 8, 0);
    return;
  }

  // Normalise, so that the divisor's highest bit is set.
  const v = divisor;
  const u = dividend;
  const shift = clz(load<u64>(b + n * 8 - 8));
  let below: u64 = 0;
  for (let i: usize = 0; i < n; i++) {
    const x = load<u64>(b + i * 8);
    store<u64>(v + i * 8, shifted(x, below, shift));
    below = x;
  }
  below = 0;
  for (let i: usize = 0; i < m; i++) {
    const x = load<u64>(a + i * 8);
    store<u64>(u + i * 8, shifted(x, below, shift));
    below = x;
  }
  store<u64>(u + m * 8, shifted(0, below, shift));

  for (let i = m - n + 1; i < limbs; i++) store<u64>(quotient + i * 8, 0);
  const d1 = load<u64>(v + n * 8 - 8);
  const d0 = load<u64>(v + n * 8 - 16);
  const inverse = reciprocalOfTwo(d1, d0);
  for (let j: i32 = (m as i32) - (n as i32); j >= 0; j--) {
    const at = u + j * 8;
    const top = at + n * 8;
    const u2 = load<u64>(top);
    const u1 = load<u64>(top - 8);
    const u0 = load<u64>(top - 16);
    let q: u64 = u64.MAX_VALUE;
    if (u2 == 0 && u1 < d1) {
      q = 0;
    } else if (u2 == d1 && u1 == d0) {
      subtractProduct(at, v, n, q);
    } else {
      // The first three limbs by the first two: exact but for what the lower limbs take away.
      q = divideThree(u2, u1, u0, d1, d0, inverse);
      let r0 = restLow;
      let r1 = restHigh;
      const borrow = subtractProduct(at, v, n - 2, q);
      const under = u64(r0 < borrow);
      store<u64>(top - 16, r0 - borrow);
      if (r1 < under) {
        // One too high: add the divisor back.
        q--;
        r1 += d1 + addLimbs(at, v, n - 1);
      }
      store<u64>(top - 8, r1 - under);
    }
    store<u64>(quotient + j * 8, q);
  }

  zeroWord(remainder);
  for (let i: usize = 0; i < n; i++) {
    const above = i + 1 < n ? load<u64>(u + i * 8, 8) : 0;
    store<u64>(remainder + i * 8, (load<u64>(u + i * 8) >> shift) | ((above << 1) << (shift ^ 63)));
  }
}

/** Quotient, or 0 for a zero divisor. `out` may be an operand. */
export function div(out: usize, a: usize, b: usize): void {
  if (fitsLimb(b)) {
    const d = load<u64>(b);
    if (d <= 1) {
      if (d) copyWord(out, a);
      else zeroWord(out);
      return;
    }
    if (fitsLimb(a)) {
      setWord64(out, load<u64>(a) / d);
      return;
    }
  }
  if (lessThan(a, b)) zeroWord(out);
  else divideLong(out, spareB, a, 4, b);
}

/** Remainder, or 0 for a zero divisor. `out` may be an operand. */
export function mod(out: usize, a: usize, b: usize): void {
  if (fitsLimb(b)) {
    const d = load<u64>(b);
    if (d <= 1) {
      zeroWord(out);
      return;
    }
    if (fitsLimb(a)) {
      setWord64(out, load<u64>(a) % d);
      return;
    }
  }
  if (lessThan(a, b)) copyWord(out, a);
  else divideLong(spareQuotient, out, a, 4, b);
}

// @ts-ignore: decorator
@inline
function isNegative(a: usize): bool {
  return load<i64>(a, 24) < 0;
}

/** Signed division, rounding towards zero; -2^255 / -1 = -2^255. `out` may be an operand. */
export function sdiv(out: usize, a: usize, b: usize): void {
  const negativeA = isNegative(a);
  const negativeB = isNegative(b);
  if (negativeA) negate(spareA, a);
  if (negativeB) negate(product, b);
  div(out, negativeA ? spareA : a, negativeB ? product : b);
  if (negativeA != negativeB) negate(out, out);
}

/** Signed remainder, with the sign of the dividend. `out` may be an operand. */
export function smod(out: usize, a: usize, b: usize): void {
  const negativeA = isNegative(a);
  const negativeB = isNegative(b);
  if (negativeA) negate(spareA, a);
  if (negativeB) negate(product, b);
  mod(out, negativeA ? spareA : a, negativeB ? product : b);
  if (negativeA) negate(out, out);
}

/** (a + b) mod m without overflow, 0 for a zero modulus. `out` may be an operand. */
export function addmod(out: usize, a: usize, b: usize, m: usize): void {
  if (isZeroWord(m)) {
    zeroWord(out);
    return;
  }
  if (lessThan(a, m) && lessThan(b, m)) {
    // a + b - m, computed as a - (m - b), cannot overflow.
    sub(spareA, m, b);
    if (lessThan(a, spareA)) add(out, a, b);
    else sub(out, a, spareA);
    return;
  }
  add(product, a, b);
  const carry = lessThan(product, a);
  if (!carry) {
    mod(out, product, m);
    return;
  }
  setWord64(product + 32, 1);
  divideLong(spareQuotient, out, product, 8, m);
}

/** (a * b) mod m without overflow, 0 for a zero modulus. `out` may be an operand. */
export function mulmod(out: usize, a: usize, b: usize, m: usize): void {
  if (isZeroWord(m)) {
    zeroWord(out);
    return;
  }
  mulFull(product, a, b);
  if (isZeroWord(product + 32)) {
    mod(out, product, m);
    return;
  }
  if ((load<u64>(m) & load<u64>(m, 8) & load<u64>(m, 16) & load<u64>(m, 24)) == u64.MAX_VALUE) {
    // 2^256 = 1 modulo 2^256-1: add the halves, then what that carried (full-precision multiplication
    // in Solidity asks for this modulus).
    add(spareA, product, product + 32);
    const carry = lessThan(spareA, product);
    setWord64(spareB, 1);
    if (carry) add(spareA, spareA, spareB);
    if ((load<u64>(spareA) & load<u64>(spareA, 8) & load<u64>(spareA, 16) & load<u64>(spareA, 24)) == u64.MAX_VALUE) {
      zeroWord(out);
    } else {
      copyWord(out, spareA);
    }
    return;
  }
  divideLong(spareQuotient, out, product, 8, m);
}
