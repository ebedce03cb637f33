/** Elements of the base field of BLS12-381, in pairs: sums, lanes, and numbers outside. */
import {
  INTEGER_ONE, LIMB_MASK, MODULUS, MODULUS_WORDS, PAIR, PER_MODULUS, R_SQUARED, TOP, multiply, setInteger,
} from "./multiply";

// --- Sums; units add up

export function plus(out: usize, x: usize, y: usize): void {
  for (let i: usize = 0; i < PAIR; i += 16) v128.store(out + i, f64x2.add(v128.load(x + i), v128.load(y + i)));
}

export function minus(out: usize, x: usize, y: usize): void {
  for (let i: usize = 0; i < PAIR; i += 16) v128.store(out + i, f64x2.sub(v128.load(x + i), v128.load(y + i)));
}

export function negate(out: usize, x: usize): void {
  for (let i: usize = 0; i < PAIR; i += 16) v128.store(out + i, f64x2.neg(v128.load(x + i)));
}

/** out = x * factor, a small integer */
export function times(out: usize, x: usize, factor: f64): void {
  const f = f64x2.splat(factor);
  for (let i: usize = 0; i < PAIR; i += 16) v128.store(out + i, f64x2.mul(v128.load(x + i), f));
}

/**
 * Brings limbs back to one unit, and the value to not much more than half the modulus: a multiple of the modulus,
 * estimated from the top limb, is subtracted; then what of each limb is a multiple of 2^48 goes to the next.
 */
export function settle(x: usize): void {
  const top = v128.load(TOP);
  const down = f64x2.splat(1.0 / 281474976710656.0);
  const multiples = f64x2.nearest(f64x2.mul(v128.load(x, 112), v128.load(PER_MODULUS)));
  let carry = f64x2.splat(0);
  for (let i: usize = 0; i < PAIR - 16; i += 16) {
    const limb = f64x2.sub(v128.load(x + i), f64x2.mul(multiples, v128.load(MODULUS + i)));
    const multiple = f64x2.sub(f64x2.add(limb, top), top);
    v128.store(x + i, f64x2.add(f64x2.sub(limb, multiple), carry));
    carry = f64x2.mul(multiple, down);
  }
  const limb = f64x2.sub(v128.load(x, 112), f64x2.mul(multiples, v128.load(MODULUS, 112)));
  v128.store(x, f64x2.add(limb, carry), 112);
}

// @ts-ignore: decorator
@inline
export function copy(out: usize, x: usize): void {
  memory.copy(out, x, PAIR);
}

// --- Lanes

/** Lanes 0 and 1 of `out` are these of x and y. */
export function join(out: usize, x: usize, laneOfX: usize, y: usize, laneOfY: usize): void {
  const a = x + (laneOfX << 3), b = y + (laneOfY << 3);
  for (let i: usize = 0; i < PAIR; i += 16) {
    const first = load<f64>(a + i), second = load<f64>(b + i);
    store<f64>(out + i, first);
    store<f64>(out + i, second, 8);
  }
}

/** The lanes change places. */
export function swap(out: usize, x: usize): void {
  for (let i: usize = 0; i < PAIR; i += 16) {
    const limb = v128.load(x + i);
    v128.store(out + i, v128.shuffle<u64>(limb, limb, 1, 0));
  }
}

// --- Numbers outside

/** An element of Fp2, from its parts in 96 hexadecimal digits. */
export function setConstant(at: usize, real: string, imaginary: string): void {
  setInteger(at, 0, real);
  setInteger(at, 1, imaginary);
  multiply(at, at, R_SQUARED);
}

/** The same from small integers. */
export function setSmall(at: usize, real: f64, imaginary: f64): void {
  memory.fill(at, 0, PAIR);
  store<f64>(at, real);
  store<f64>(at, imaginary, 8);
  multiply(at, at, R_SQUARED);
}

const WORDS: usize = memory.data(64, 16);

/** Reads a big-endian number into one lane, as an integer. False when it is not below the modulus. */
export function readInteger(at: usize, lane: usize, bytes: usize): bool {
  for (let i: usize = 0; i < 8; i++) {
    // Eight bytes, of which the last six are the limb's; before the first limb lies padding.
    const limb = bswap<u64>(load<u64>(bytes + 40 - 6 * i)) & LIMB_MASK;
    store<u64>(WORDS + i * 8, limb);
    store<f64>(at + (i << 4) + (lane << 3), limb as f64);
  }
  return compareWords() < 0;
}

/** Integers in both lanes become elements. */
export function enter(x: usize): void {
  multiply(x, x, R_SQUARED);
}

/** WORDS against the modulus. */
function compareWords(): i32 {
  for (let i: i32 = 56; i >= 0; i -= 8) {
    const a = load<u64>(WORDS + i), b = load<u64>(MODULUS_WORDS + i);
    if (a != b) return a < b ? -1 : 1;
  }
  return 0;
}

const INTEGERS: usize = memory.data(128, 16);

/** Writes the least integer that is congruent to the integer in this lane of INTEGERS to WORDS. */
function reduce(lane: usize): void {
  // It is more than -modulus and less than twice that.
  let carry: i64 = 0;
  for (let i: usize = 0; i < 8; i++) {
    const integer = load<f64>(INTEGERS + (i << 4) + (lane << 3)) as i64;
    const limb = integer + carry + load<i64>(MODULUS_WORDS + i * 8);
    store<u64>(WORDS + i * 8, limb & LIMB_MASK);
    carry = limb >> 48;
  }
  while (compareWords() >= 0) {
    carry = 0;
    for (let i: usize = 0; i < 64; i += 8) {
      const limb = load<i64>(WORDS + i) - load<i64>(MODULUS_WORDS + i) + carry;
      store<u64>(WORDS + i, limb & LIMB_MASK);
      carry = limb >> 48;
    }
  }
}

/** Writes one lane as a big-endian number of 48 bytes. */
export function writeNumber(bytes: usize, x: usize, lane: usize): void {
  multiply(INTEGERS, x, INTEGER_ONE);
  reduce(lane);
  for (let i: usize = 0; i < 8; i++) {
    const limb = load<u64>(WORDS + i * 8);
    store<u32>(bytes + 44 - 6 * i, bswap<u32>(limb as u32));
    store<u16>(bytes + 42 - 6 * i, bswap<u16>((limb >> 32) as u16));
  }
}

// @ts-ignore: decorator
@inline
function areWordsZero(): bool {
  let bits: u64 = 0;
  for (let i: usize = 0; i < 64; i += 8) bits |= load<u64>(WORDS + i);
  return bits == 0;
}

/** Which lanes are zero: bit 0 for lane 0, bit 1 for lane 1. */
export function zeroLanes(x: usize): u32 {
  multiply(INTEGERS, x, INTEGER_ONE);
  reduce(0);
  const first: u32 = areWordsZero() ? 1 : 0;
  reduce(1);
  return areWordsZero() ? first | 2 : first;
}

/** Which lanes are odd numbers, in the same bits. */
export function oddLanes(x: usize): u32 {
  multiply(INTEGERS, x, INTEGER_ONE);
  reduce(0);
  const first = load<u32>(WORDS) & 1;
  reduce(1);
  return first | ((load<u32>(WORDS) & 1) << 1);
}
