/**
 * The base field of BLS12-381, two elements at a time.
 *
 * WebAssembly multiplies 64 bits to 64, so half of a product is lost, and it has no carry flag. Its vectors have
 * fused multiply-add of doubles instead, which is exact in 53 bits and can be made to give either end of a product:
 * a * b + 2^100 rounds to a multiple of 2^48, and what is missing, a * b less that multiple, fits a double again. Added to
 * a number of known exponent, the bits of both are integers plus a constant, which are added up as such.
 *
 * Measured against mcl (npm: mcl-wasm 2.4.1), the fastest library in WebAssembly that was found: two products take 82 ns,
 * one of mcl's 210; a product in Fp2 takes 115 ns, mcl's 770.
 *
 * A _pair_ is eight v128 of limbs in base 2^48, the least significant first; each lane is an element, or both together
 * are one of Fp2 (i² = -1), lane 0 the real part. Elements are in Montgomery form with R = 2^432. Limbs are doubles
 * with a sign, not normalised, and elements are not reduced. What is bounded:
 *   product   limbs of up to 2^47 (one _unit_), but for the last one; value of less than 1.5 times the modulus
 *   settled   limbs of up to 1 unit, value of less than 0.6 times the modulus
 *   sums      have the sum of their summands' units and values
 *   factors   units of both multiply to 16 at most, values to 700 times the modulus squared
 *   to settle up to 32 units, value of up to 30 times the modulus
 */

/** Bytes of a pair. */
export const PAIR: usize = 128;

// @ts-ignore: decorator
@inline
export const LIMB_MASK: u64 = 0xffffffffffff;

/** Bits of 1.5 * 2^100: what is added to it is rounded to multiples of 2^48. */
// @ts-ignore: decorator
@inline
const TOP_BITS: u64 = 0x4638000000000000;
/** Bits of 1.5 * 2^52: an integer added to it is added to its bits. */
// @ts-ignore: decorator
@inline
const LOW_BITS: u64 = 0x4338000000000000;
/** Bits of 2^52. */
// @ts-ignore: decorator
@inline
const UNIT_BITS: u64 = 0x4330000000000000;
/** What makes sums of a column positive. */
// @ts-ignore: decorator
@inline
const OFFSET: u64 = 1 << 60;

export const TOP: usize = memory.data(16, 16);
const LOW: usize = memory.data(16, 16);
const BOTH: usize = memory.data(16, 16);
const MASK: usize = memory.data(16, 16);
const UNIT: usize = memory.data(16, 16);
const CENTER: usize = memory.data(16, 16);
/** -1 / modulus modulo 2^48 */
const INVERSE: usize = memory.data(16, 16);
/** 1 / the modulus' top limb */
export const PER_MODULUS: usize = memory.data(16, 16);
/** What columns start with: 17 v128 for each kernel. */
const STARTS_OF_ONE: usize = memory.data(272, 16);
const STARTS_OF_TWO: usize = memory.data(272, 16);

/** As integers. */
export const MODULUS: usize = memory.data(128, 16);
/** 2^-48 modulo the modulus: a lowest limb times this, a limb higher, stands for the limb. */
const FOLD: usize = memory.data(128, 16);
export const INTEGER_ONE: usize = memory.data(128, 16);
export const R_SQUARED: usize = memory.data(128, 16);
/** The modulus in limbs of u64. */
export const MODULUS_WORDS: usize = memory.data(64, 16);

/** 1 and 0, in both lanes. */
export const ONE: usize = memory.data(128, 16);
export const ZERO: usize = memory.data(128, 16);

const MODULUS_HEX =
  "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab";
const FOLD_HEX = "1a00c3e6b5bdb658b50e6614b7070a7e9ceb4db5dd0a283b71d48a4110fd649be049dd7b72e79003a607be07d2037caf";
const R_SQUARED_HEX =
  "083d38a07967524eb867f1c2958b300088e2f0aa50617381a4eda9b01ece2d85e329ef82364ceeba6791cb0f5d9986a8";
const INVERSE_INTEGER: f64 = 0xfffcfffcfffd;

// @ts-ignore: decorator
@inline
function add(a: v128, b: v128): v128 {
  return i64x2.add(a, b);
}

/** The part of a * b from 2^48 on, nearest, as bits of TOP. */
// @ts-ignore: decorator
@inline
function high(a: v128, b: v128, top: v128): v128 {
  return f64x2.relaxed_madd(a, b, top);
}

/** The rest of a * b, as bits of `both` less TOP. */
// @ts-ignore: decorator
@inline
function low(a: v128, b: v128, h: v128, both: v128): v128 {
  return f64x2.relaxed_madd(a, b, f64x2.sub(both, h));
}

/** The low 48 bits of a column, as a double. */
// @ts-ignore: decorator
@inline
function lowest(column: v128, mask: v128, unit: v128): v128 {
  return f64x2.sub(v128.or(v128.and(column, mask), unit), unit);
}

/** The same of a column that had 2^47 added to it, without that. */
// @ts-ignore: decorator
@inline
function centered(column: v128, mask: v128, unit: v128, center: v128): v128 {
  return f64x2.sub(v128.or(v128.and(column, mask), unit), center);
}

/** Whether multiply-add is fused here: that is left to the processor. */
export function isFused(): bool {
  prepareField();
  const a = v128.load(MODULUS), b = v128.load(MODULUS, 16), top = v128.load(TOP);
  const l = low(a, b, high(a, b, top), v128.load(BOTH));
  const product = (load<f64>(MODULUS) as i64) * (load<f64>(MODULUS, 16) as i64);
  return ((i64x2.extract_lane(l, 0) ^ product) & LIMB_MASK) == 0;
}

/** out = x * y / R, in both lanes */
export function multiply(out: usize, x: usize, y: usize): void {
  const top = v128.load(TOP), both = v128.load(BOTH), mask = v128.load(MASK), unit = v128.load(UNIT);
  let b: v128, h: v128;
  let t0 = v128.load(STARTS_OF_ONE, 0), t1 = v128.load(STARTS_OF_ONE, 16), t2 = v128.load(STARTS_OF_ONE, 32);
  let t3 = v128.load(STARTS_OF_ONE, 48), t4 = v128.load(STARTS_OF_ONE, 64), t5 = v128.load(STARTS_OF_ONE, 80);
  let t6 = v128.load(STARTS_OF_ONE, 96), t7 = v128.load(STARTS_OF_ONE, 112), t8 = v128.load(STARTS_OF_ONE, 128);
  for (let i: usize = 0; i < PAIR; i += 16) {
    let t9 = v128.load(STARTS_OF_ONE + i, 144);
    const a = v128.load(x + i);
    b = v128.load(y, 0); h = high(a, b, top); t1 = add(t1, h); t0 = add(t0, low(a, b, h, both));
    b = v128.load(y, 16); h = high(a, b, top); t2 = add(t2, h); t1 = add(t1, low(a, b, h, both));
    b = v128.load(y, 32); h = high(a, b, top); t3 = add(t3, h); t2 = add(t2, low(a, b, h, both));
    b = v128.load(y, 48); h = high(a, b, top); t4 = add(t4, h); t3 = add(t3, low(a, b, h, both));
    b = v128.load(y, 64); h = high(a, b, top); t5 = add(t5, h); t4 = add(t4, low(a, b, h, both));
    b = v128.load(y, 80); h = high(a, b, top); t6 = add(t6, h); t5 = add(t5, low(a, b, h, both));
    b = v128.load(y, 96); h = high(a, b, top); t7 = add(t7, h); t6 = add(t6, low(a, b, h, both));
    b = v128.load(y, 112); h = high(a, b, top); t8 = add(t8, h); t7 = add(t7, low(a, b, h, both));
    const q = lowest(t0, mask, unit);
    t1 = add(t1, i64x2.shr_u(t0, 48));
    b = v128.load(FOLD, 0); h = high(q, b, top); t2 = add(t2, h); t1 = add(t1, low(q, b, h, both));
    b = v128.load(FOLD, 16); h = high(q, b, top); t3 = add(t3, h); t2 = add(t2, low(q, b, h, both));
    b = v128.load(FOLD, 32); h = high(q, b, top); t4 = add(t4, h); t3 = add(t3, low(q, b, h, both));
    b = v128.load(FOLD, 48); h = high(q, b, top); t5 = add(t5, h); t4 = add(t4, low(q, b, h, both));
    b = v128.load(FOLD, 64); h = high(q, b, top); t6 = add(t6, h); t5 = add(t5, low(q, b, h, both));
    b = v128.load(FOLD, 80); h = high(q, b, top); t7 = add(t7, h); t6 = add(t6, low(q, b, h, both));
    b = v128.load(FOLD, 96); h = high(q, b, top); t8 = add(t8, h); t7 = add(t7, low(q, b, h, both));
    b = v128.load(FOLD, 112); h = high(q, b, top); t9 = add(t9, h); t8 = add(t8, low(q, b, h, both));
    t0 = t1; t1 = t2; t2 = t3; t3 = t4; t4 = t5; t5 = t6; t6 = t7; t7 = t8; t8 = t9;
  }
  let q = lowest(t0, mask, unit);
  const inverse = v128.load(INVERSE);
  q = low(q, inverse, high(q, inverse, top), top);
  b = v128.load(MODULUS, 0); h = high(q, b, top); t1 = add(t1, h); t0 = add(t0, low(q, b, h, both));
  b = v128.load(MODULUS, 16); h = high(q, b, top); t2 = add(t2, h); t1 = add(t1, low(q, b, h, both));
  b = v128.load(MODULUS, 32); h = high(q, b, top); t3 = add(t3, h); t2 = add(t2, low(q, b, h, both));
  b = v128.load(MODULUS, 48); h = high(q, b, top); t4 = add(t4, h); t3 = add(t3, low(q, b, h, both));
  b = v128.load(MODULUS, 64); h = high(q, b, top); t5 = add(t5, h); t4 = add(t4, low(q, b, h, both));
  b = v128.load(MODULUS, 80); h = high(q, b, top); t6 = add(t6, h); t5 = add(t5, low(q, b, h, both));
  b = v128.load(MODULUS, 96); h = high(q, b, top); t7 = add(t7, h); t6 = add(t6, low(q, b, h, both));
  b = v128.load(MODULUS, 112); h = high(q, b, top); t8 = add(t8, h); t7 = add(t7, low(q, b, h, both));
  t1 = add(t1, i64x2.shr_u(t0, 48));
  const center = v128.load(CENTER);
  v128.store(out, centered(t1, mask, unit, center), 0); t2 = add(t2, i64x2.shr_u(t1, 48));
  v128.store(out, centered(t2, mask, unit, center), 16); t3 = add(t3, i64x2.shr_u(t2, 48));
  v128.store(out, centered(t3, mask, unit, center), 32); t4 = add(t4, i64x2.shr_u(t3, 48));
  v128.store(out, centered(t4, mask, unit, center), 48); t5 = add(t5, i64x2.shr_u(t4, 48));
  v128.store(out, centered(t5, mask, unit, center), 64); t6 = add(t6, i64x2.shr_u(t5, 48));
  v128.store(out, centered(t6, mask, unit, center), 80); t7 = add(t7, i64x2.shr_u(t6, 48));
  v128.store(out, centered(t7, mask, unit, center), 96); t8 = add(t8, i64x2.shr_u(t7, 48));
  v128.store(out, f64x2.sub(t8, v128.load(LOW)), 112);
}

/** out = (x * y + u * v) / R, in both lanes */
export function multiplySum(out: usize, x: usize, y: usize, u: usize, v: usize): void {
  const top = v128.load(TOP), both = v128.load(BOTH), mask = v128.load(MASK), unit = v128.load(UNIT);
  let b: v128, h: v128;
  let t0 = v128.load(STARTS_OF_TWO, 0), t1 = v128.load(STARTS_OF_TWO, 16), t2 = v128.load(STARTS_OF_TWO, 32);
  let t3 = v128.load(STARTS_OF_TWO, 48), t4 = v128.load(STARTS_OF_TWO, 64), t5 = v128.load(STARTS_OF_TWO, 80);
  let t6 = v128.load(STARTS_OF_TWO, 96), t7 = v128.load(STARTS_OF_TWO, 112), t8 = v128.load(STARTS_OF_TWO, 128);
  for (let i: usize = 0; i < PAIR; i += 16) {
    let t9 = v128.load(STARTS_OF_TWO + i, 144);
    const a = v128.load(x + i);
    b = v128.load(y, 0); h = high(a, b, top); t1 = add(t1, h); t0 = add(t0, low(a, b, h, both));
    b = v128.load(y, 16); h = high(a, b, top); t2 = add(t2, h); t1 = add(t1, low(a, b, h, both));
    b = v128.load(y, 32); h = high(a, b, top); t3 = add(t3, h); t2 = add(t2, low(a, b, h, both));
    b = v128.load(y, 48); h = high(a, b, top); t4 = add(t4, h); t3 = add(t3, low(a, b, h, both));
    b = v128.load(y, 64); h = high(a, b, top); t5 = add(t5, h); t4 = add(t4, low(a, b, h, both));
    b = v128.load(y, 80); h = high(a, b, top); t6 = add(t6, h); t5 = add(t5, low(a, b, h, both));
    b = v128.load(y, 96); h = high(a, b, top); t7 = add(t7, h); t6 = add(t6, low(a, b, h, both));
    b = v128.load(y, 112); h = high(a, b, top); t8 = add(t8, h); t7 = add(t7, low(a, b, h, both));
    const c = v128.load(u + i);
    b = v128.load(v, 0); h = high(c, b, top); t1 = add(t1, h); t0 = add(t0, low(c, b, h, both));
    b = v128.load(v, 16); h = high(c, b, top); t2 = add(t2, h); t1 = add(t1, low(c, b, h, both));
    b = v128.load(v, 32); h = high(c, b, top); t3 = add(t3, h); t2 = add(t2, low(c, b, h, both));
    b = v128.load(v, 48); h = high(c, b, top); t4 = add(t4, h); t3 = add(t3, low(c, b, h, both));
    b = v128.load(v, 64); h = high(c, b, top); t5 = add(t5, h); t4 = add(t4, low(c, b, h, both));
    b = v128.load(v, 80); h = high(c, b, top); t6 = add(t6, h); t5 = add(t5, low(c, b, h, both));
    b = v128.load(v, 96); h = high(c, b, top); t7 = add(t7, h); t6 = add(t6, low(c, b, h, both));
    b = v128.load(v, 112); h = high(c, b, top); t8 = add(t8, h); t7 = add(t7, low(c, b, h, both));
    const q = lowest(t0, mask, unit);
    t1 = add(t1, i64x2.shr_u(t0, 48));
    b = v128.load(FOLD, 0); h = high(q, b, top); t2 = add(t2, h); t1 = add(t1, low(q, b, h, both));
    b = v128.load(FOLD, 16); h = high(q, b, top); t3 = add(t3, h); t2 = add(t2, low(q, b, h, both));
    b = v128.load(FOLD, 32); h = high(q, b, top); t4 = add(t4, h); t3 = add(t3, low(q, b, h, both));
    b = v128.load(FOLD, 48); h = high(q, b, top); t5 = add(t5, h); t4 = add(t4, low(q, b, h, both));
    b = v128.load(FOLD, 64); h = high(q, b, top); t6 = add(t6, h); t5 = add(t5, low(q, b, h, both));
    b = v128.load(FOLD, 80); h = high(q, b, top); t7 = add(t7, h); t6 = add(t6, low(q, b, h, both));
    b = v128.load(FOLD, 96); h = high(q, b, top); t8 = add(t8, h); t7 = add(t7, low(q, b, h, both));
    b = v128.load(FOLD, 112); h = high(q, b, top); t9 = add(t9, h); t8 = add(t8, low(q, b, h, both));
    t0 = t1; t1 = t2; t2 = t3; t3 = t4; t4 = t5; t5 = t6; t6 = t7; t7 = t8; t8 = t9;
  }
  let q = lowest(t0, mask, unit);
  const inverse = v128.load(INVERSE);
  q = low(q, inverse, high(q, inverse, top), top);
  b = v128.load(MODULUS, 0); h = high(q, b, top); t1 = add(t1, h); t0 = add(t0, low(q, b, h, both));
  b = v128.load(MODULUS, 16); h = high(q, b, top); t2 = add(t2, h); t1 = add(t1, low(q, b, h, both));
  b = v128.load(MODULUS, 32); h = high(q, b, top); t3 = add(t3, h); t2 = add(t2, low(q, b, h, both));
  b = v128.load(MODULUS, 48); h = high(q, b, top); t4 = add(t4, h); t3 = add(t3, low(q, b, h, both));
  b = v128.load(MODULUS, 64); h = high(q, b, top); t5 = add(t5, h); t4 = add(t4, low(q, b, h, both));
  b = v128.load(MODULUS, 80); h = high(q, b, top); t6 = add(t6, h); t5 = add(t5, low(q, b, h, both));
  b = v128.load(MODULUS, 96); h = high(q, b, top); t7 = add(t7, h); t6 = add(t6, low(q, b, h, both));
  b = v128.load(MODULUS, 112); h = high(q, b, top); t8 = add(t8, h); t7 = add(t7, low(q, b, h, both));
  t1 = add(t1, i64x2.shr_u(t0, 48));
  const center = v128.load(CENTER);
  v128.store(out, centered(t1, mask, unit, center), 0); t2 = add(t2, i64x2.shr_u(t1, 48));
  v128.store(out, centered(t2, mask, unit, center), 16); t3 = add(t3, i64x2.shr_u(t2, 48));
  v128.store(out, centered(t3, mask, unit, center), 32); t4 = add(t4, i64x2.shr_u(t3, 48));
  v128.store(out, centered(t4, mask, unit, center), 48); t5 = add(t5, i64x2.shr_u(t4, 48));
  v128.store(out, centered(t5, mask, unit, center), 64); t6 = add(t6, i64x2.shr_u(t5, 48));
  v128.store(out, centered(t6, mask, unit, center), 80); t7 = add(t7, i64x2.shr_u(t6, 48));
  v128.store(out, centered(t7, mask, unit, center), 96); t8 = add(t8, i64x2.shr_u(t7, 48));
  v128.store(out, f64x2.sub(t8, v128.load(LOW)), 112);
}

/** The constants of bits that column `j` gets in one step of a kernel of `products` products. */
function constantsOf(j: i32, products: u64): u64 {
  let sum: u64 = 0;
  if (j <= 7) sum += LOW_BITS * products;
  if (j >= 1 && j <= 8) sum += TOP_BITS * products + LOW_BITS;
  if (j >= 2) sum += TOP_BITS;
  return sum;
}

/**
 * Column c begins at place min(c, 9) and goes down by one a step. What constants it gets there and after the steps
 * is subtracted in advance, so that only an offset is left of them.
 */
function prepareStarts(at: usize, products: u64): void {
  for (let c = 0; c <= 16; c++) {
    let start = c == 16 ? LOW_BITS : OFFSET;
    if (c > 0) start -= OFFSET >> 48; // what the carry brings
    if (c > 8 && c < 16) start += 1 << 47;
    if (c >= 8 && c < 16) start -= LOW_BITS;
    if (c > 8) start -= TOP_BITS;
    for (let j = min(c, 9); j >= max(0, c - 7); j--) start -= constantsOf(j, products);
    v128.store(at + c * 16, i64x2.splat(start));
  }
}

function digit(code: i32): u64 {
  return (code <= 0x39 ? code - 0x30 : code - 0x57) as u64;
}

/** The integer written in 96 hexadecimal digits, in one lane. */
export function setInteger(at: usize, lane: usize, hex: string): void {
  for (let i = 0; i < 8; i++) {
    let limb: u64 = 0;
    for (let j = 84 - 12 * i; j < 96 - 12 * i; j++) limb = (limb << 4) | digit(hex.charCodeAt(j));
    store<f64>(at + (i << 4) + (lane << 3), limb as f64);
  }
}

function setIntegers(at: usize, hex: string): void {
  setInteger(at, 0, hex);
  setInteger(at, 1, hex);
}

/** Integers of limbs from 0 on get limbs of one unit. */
function centerLimbs(at: usize): void {
  for (let i: usize = 0; i < PAIR - 16; i += 16) {
    const limb = load<f64>(at + i);
    if (limb < 140737488355328.0) continue;
    v128.store(at + i, f64x2.splat(limb - 281474976710656.0));
    v128.store(at + i, f64x2.splat(load<f64>(at + i, 16) + 1), 16);
  }
}

let prepared = false;

/** Before anything else. */
export function prepareField(): void {
  if (prepared) return;
  prepared = true;
  v128.store(TOP, i64x2.splat(TOP_BITS));
  v128.store(LOW, i64x2.splat(LOW_BITS));
  v128.store(BOTH, i64x2.splat(TOP_BITS + 0x18)); // 1.5 * 2^52 in units of 2^48
  v128.store(MASK, i64x2.splat(LIMB_MASK));
  v128.store(UNIT, i64x2.splat(UNIT_BITS));
  v128.store(CENTER, i64x2.splat(UNIT_BITS + (1 << 47)));
  v128.store(INVERSE, f64x2.splat(INVERSE_INTEGER));
  prepareStarts(STARTS_OF_ONE, 1);
  prepareStarts(STARTS_OF_TWO, 2);
  setIntegers(MODULUS, MODULUS_HEX);
  for (let i: usize = 0; i < 8; i++) store<u64>(MODULUS_WORDS + i * 8, load<f64>(MODULUS + i * 16) as u64);
  centerLimbs(MODULUS);
  v128.store(PER_MODULUS, f64x2.div(f64x2.splat(1), v128.load(MODULUS, 112)));
  setIntegers(FOLD, FOLD_HEX);
  setIntegers(R_SQUARED, R_SQUARED_HEX);
  v128.store(INTEGER_ONE, f64x2.splat(1)); // the other limbs are zero
  multiply(ONE, INTEGER_ONE, R_SQUARED);
}
