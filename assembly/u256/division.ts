/**
 * Division of words (u256/word.ts). One limb by one limb is the machine's own division; the rest is
 * Knuth's algorithm D (The Art of Computer Programming, 4.3.1) on digits of 32 bits, since
 * WebAssembly divides 64 bits by 64 bits and nothing wider.
 */
import { add, lessThan, mulFull, negate, sub } from "./arithmetic";
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

/**
 * Divides `limbs` (4 or 8) limbs at `a` by the word at `b`, which is not zero. The quotient (as many
 * limbs as the dividend) goes to `quotient`, the remainder to `remainder`; both may be operands.
 */
function divideLong(quotient: usize, remainder: usize, a: usize, limbs: u32, b: usize): void {
  let n: u32 = 8;
  while (load<u32>(b + (n - 1) * 4) == 0) n--;
  let m: u32 = limbs * 2;
  while (m > 0 && load<u32>(a + (m - 1) * 4) == 0) m--;

  if (n == 1) {
    const d = load<u32>(b) as u64;
    let rest: u64 = 0;
    for (let i: i32 = limbs * 2 - 1; i >= 0; i--) {
      const current = (rest << 32) | (load<u32>(a + i * 4) as u64);
      const q = current / d;
      rest = current - q * d;
      store<u32>(quotient + i * 4, q as u32);
    }
    setWord64(remainder, rest);
    return;
  }

  // Normalise, so that the divisor's highest bit is set.
  const v = divisor;
  const u = dividend;
  const shift = clz<u32>(load<u32>(b + (n - 1) * 4)) as u64;
  let carry: u64 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const x = ((load<u32>(b + i * 4) as u64) << shift) | carry;
    store<u32>(v + i * 4, x as u32);
    carry = x >> 32;
  }
  carry = 0;
  for (let i: u32 = 0; i < m; i++) {
    const x = ((load<u32>(a + i * 4) as u64) << shift) | carry;
    store<u32>(u + i * 4, x as u32);
    carry = x >> 32;
  }
  store<u32>(u + m * 4, carry as u32);

  for (let i: u32 = 0; i < limbs; i++) store<u64>(quotient + i * 8, 0);
  const v1 = load<u32>(v + (n - 1) * 4) as u64;
  const v2 = load<u32>(v + (n - 2) * 4) as u64;
  for (let j: i32 = (m as i32) - (n as i32); j >= 0; j--) {
    const at = u + j * 4;
    const high = load<u64>(at + (n - 1) * 4);
    let q = high / v1;
    let rest = high - q * v1;
    const next = load<u32>(at + (n - 2) * 4) as u64;
    while (q >> 32 != 0 || q * v2 > ((rest << 32) | next)) {
      q--;
      rest += v1;
      if (rest >> 32 != 0) break;
    }
    carry = 0;
    let borrow: u64 = 0;
    for (let i: u32 = 0; i < n; i++) {
      const p = q * (load<u32>(v + i * 4) as u64) + carry;
      carry = p >> 32;
      const t = (load<u32>(at + i * 4) as u64) - (p & 0xffffffff) - borrow;
      store<u32>(at + i * 4, t as u32);
      borrow = t >> 63;
    }
    const t = (load<u32>(at + n * 4) as u64) - carry - borrow;
    store<u32>(at + n * 4, t as u32);
    if (t >> 63 != 0) {
      // The estimate was one too high: add the divisor back.
      q--;
      carry = 0;
      for (let i: u32 = 0; i < n; i++) {
        const s = (load<u32>(at + i * 4) as u64) + (load<u32>(v + i * 4) as u64) + carry;
        store<u32>(at + i * 4, s as u32);
        carry = s >> 32;
      }
      store<u32>(at + n * 4, load<u32>(at + n * 4) + (carry as u32));
    }
    store<u32>(quotient + j * 4, q as u32);
  }

  zeroWord(remainder);
  for (let i: u32 = 0; i < n; i++) {
    const low = load<u32>(u + i * 4) as u64;
    const high = i + 1 < n ? (load<u32>(u + i * 4, 4) as u64) : 0;
    store<u32>(remainder + i * 4, (((high << 32) | low) >> shift) as u32);
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
