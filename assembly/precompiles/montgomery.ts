/**
 * Modular powers by Montgomery multiplication, for odd moduli of up to MAX_LIMBS limbs of 32 bits.
 * (Longer ones are faster in the host's big integers, which multiply 64 bits at a time.)
 */
import { chunkAlloc } from "../memory/heap";
import { setTxFault } from "../state/tx-state";
import { ENGINE_OUT_OF_MEMORY } from "../status";

/** Measured: see `modexp` in bench/. */
export const MAX_LIMBS: u32 = 32;
const MAX_BYTES: usize = (MAX_LIMBS as usize) * 4;

/** Bits of the exponent per multiplication. */
const WINDOW: u32 = 4;

// This thread's numbers, each of MAX_LIMBS limbs, least significant first; made at first use.
let modulus: usize = 0;
let product: usize = 0; // with two limbs more
let one: usize = 0; // R mod m: 1 in Montgomery form
let square: usize = 0; // R^2 mod m
let digits: usize = 0;
let result: usize = 0;
let powers: usize = 0; // 2^WINDOW numbers
let limbs: u32 = 0;
/** -1 / modulus modulo 2^32. */
let inverse: u64 = 0;

function prepare(): bool {
  if (modulus != 0) return true;
  const at = chunkAlloc(1);
  if (at == 0) {
    setTxFault(ENGINE_OUT_OF_MEMORY);
    return false;
  }
  modulus = at;
  product = modulus + MAX_BYTES;
  one = product + MAX_BYTES + 16;
  square = one + MAX_BYTES;
  digits = square + MAX_BYTES;
  result = digits + MAX_BYTES;
  powers = result + MAX_BYTES;
  return true;
}

/** `out` = a * b / R mod m, for a < R and b < m or the reverse. `out` may be an operand. */
function multiply(out: usize, a: usize, b: usize): void {
  const n = (limbs as usize) << 2;
  const t = product;
  memory.fill(t, 0, n + 8);
  for (let i: usize = 0; i < n; i += 4) {
    const x = load<u32>(a + i) as u64;
    let carry: u64 = 0;
    // t += x * b
    for (let j: usize = 0; j < n; j += 4) {
      const s = x * (load<u32>(b + j) as u64) + (load<u32>(t + j) as u64) + carry;
      store<u32>(t + j, s as u32);
      carry = s >> 32;
    }
    let s = (load<u32>(t + n) as u64) + carry;
    store<u32>(t + n, s as u32);
    store<u32>(t + n, (s >> 32) as u32, 4);
    // t = (t + q * m) / 2^32, where q makes it divisible
    const q = ((load<u32>(t) as u64) * inverse) & 0xffffffff;
    carry = (q * (load<u32>(modulus) as u64) + (load<u32>(t) as u64)) >> 32;
    for (let j: usize = 4; j < n; j += 4) {
      s = q * (load<u32>(modulus + j) as u64) + (load<u32>(t + j) as u64) + carry;
      store<u32>(t + j - 4, s as u32);
      carry = s >> 32;
    }
    s = (load<u32>(t + n) as u64) + carry;
    store<u32>(t + n - 4, s as u32);
    store<u32>(t + n, load<u32>(t + n, 4) + ((s >> 32) as u32));
  }
  reduce(out, t, load<u32>(t + n) != 0);
}

/** `out` = a - m when a >= m (or `carry`: a has a bit more than its limbs), else a. */
function reduce(out: usize, a: usize, carry: bool): void {
  const n = (limbs as usize) << 2;
  if (!carry && isBelow(a, modulus)) {
    memory.copy(out, a, n);
    return;
  }
  let borrow: u64 = 0;
  for (let j: usize = 0; j < n; j += 4) {
    const d = (load<u32>(a + j) as u64) - (load<u32>(modulus + j) as u64) - borrow;
    store<u32>(out + j, d as u32);
    borrow = d >> 63;
  }
}

function isBelow(a: usize, b: usize): bool {
  for (let j = (limbs as usize) << 2; j > 0; j -= 4) {
    const x = load<u32>(a + j - 4);
    const y = load<u32>(b + j - 4);
    if (x != y) return x < y;
  }
  return false;
}

/** a = a + b mod m */
function addTo(a: usize, b: usize): void {
  let carry: u64 = 0;
  for (let j: usize = 0; j < (limbs as usize) << 2; j += 4) {
    const s = (load<u32>(a + j) as u64) + (load<u32>(b + j) as u64) + carry;
    store<u32>(a + j, s as u32);
    carry = s >> 32;
  }
  reduce(a, a, carry != 0);
}

/** Byte `index` of the input, zero past its end. */
// @ts-ignore: decorator
@inline
function byteOf(input: usize, length: u32, index: u32): u32 {
  return index < length ? (load<u8>(input + index) as u32) : 0;
}

/** Reads `size` big-endian bytes at `from` of the input into limbs. */
function read(to: usize, input: usize, length: u32, from: u32, size: u32): void {
  memory.fill(to, 0, (limbs as usize) << 2);
  for (let i: u32 = 0; i < size; i++) {
    const at = to + (size - 1 - i);
    store<u8>(at, byteOf(input, length, from + i) as u8);
  }
}

/** R mod m and R^2 mod m. */
function prepareModulus(): void {
  const n = (limbs as usize) << 2;
  const low = load<u32>(modulus) as u64;
  // Newton: each step doubles the number of right bits.
  let x = low;
  for (let i = 0; i < 5; i++) x = (x * (2 - low * x)) & 0xffffffff;
  inverse = (0 - x) & 0xffffffff;
  // 2^(32 n) mod m by doubling, from the power of two above m on: that is less than 2m.
  const spare = clz<u32>(load<u32>(modulus + n - 4));
  let borrow: u64 = 0;
  for (let j: usize = 0; j < n; j += 4) {
    const power: u64 = j == n - 4 && spare != 0 ? (1 as u64) << ((32 - spare) as u64) : 0;
    const d = power - (load<u32>(modulus + j) as u64) - borrow;
    store<u32>(one + j, d as u32);
    borrow = d >> 63;
  }
  for (let i: u32 = 0; i < spare; i++) addTo(one, one);
  // R * 2^k squared is R * 2^2k: up to k = 32 n.
  memory.copy(square, one, n);
  const bits = limbs * 32;
  for (let i: i32 = 31 - (clz<u32>(bits) as i32); i >= 0; i--) {
    multiply(square, square, square);
    if ((bits >> i) & 1) addTo(square, square);
  }
}

/** `out` = the `size` bytes at `from` of the input, modulo m, in Montgomery form. */
function readBase(out: usize, input: usize, length: u32, from: u32, size: u32): void {
  const step = limbs << 2;
  memory.fill(out, 0, step);
  let done: u32 = 0;
  while (done < size) {
    // The first piece is what makes the others whole.
    const piece = (size - done) % step == 0 ? step : (size - done) % step;
    multiply(out, out, square);
    read(digits, input, length, from + done, piece);
    multiply(digits, digits, square);
    addTo(out, digits);
    done += piece;
  }
}

/**
 * base^exponent mod modulus, where the three lie one after the other in the input from byte 96 on. Writes
 * `modulusLength` bytes; false when the modulus is even or too long (or a fault is set).
 */
export function montgomeryPower(
  input: usize, length: u32, baseLength: u32, exponentLength: u32, modulusLength: u32, out: usize,
): bool {
  const exponentAt = 96 + baseLength;
  let modulusAt: u32 = exponentAt + exponentLength;
  if ((byteOf(input, length, modulusAt + modulusLength - 1) & 1) == 0) return false;
  let size = modulusLength;
  while (size > 1 && byteOf(input, length, modulusAt) == 0) {
    modulusAt++;
    size--;
  }
  if (size > (MAX_BYTES as u32) || !prepare()) return false;
  memory.fill(out, 0, modulusLength);
  // Modulo 1 all is 0.
  if (size == 1 && byteOf(input, length, modulusAt) == 1) return true;
  limbs = (size + 3) >> 2;
  read(modulus, input, length, modulusAt, size);
  prepareModulus();
  const n = (limbs as usize) << 2;

  memory.copy(powers, one, n);
  readBase(powers + n, input, length, 96, baseLength);
  let filled: u32 = 2;
  memory.copy(result, one, n);
  let started = false;
  for (let i: u32 = 0; i < exponentLength; i++) {
    const byte = byteOf(input, length, exponentAt + i);
    if (!started && byte == 0) continue;
    for (let shift: i32 = 8 - WINDOW; shift >= 0; shift -= WINDOW) {
      const digit = (byte >> shift) & ((1 << WINDOW) - 1);
      if (started) for (let k: u32 = 0; k < WINDOW; k++) multiply(result, result, result);
      if (digit == 0) continue;
      started = true;
      for (; filled <= digit; filled++) {
        multiply(powers + (filled as usize) * n, powers + (filled as usize - 1) * n, powers + n);
      }
      multiply(result, result, powers + (digit as usize) * n);
    }
  }
  // Out of Montgomery form.
  memory.fill(digits, 0, n);
  store<u32>(digits, 1);
  multiply(result, result, digits);
  for (let i: u32 = 0; i < size; i++) store<u8>(out + (modulusLength - 1 - i), load<u8>(result + i));
  return true;
}
