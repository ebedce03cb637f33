/** Shifts and other operations on the bits of words (u256/word.ts). `out` may be an operand. */
import { copyWord, setWord64, zeroWord } from "./word";

/** Shift amount at `shift`, 256 when it is more. */
// @ts-ignore: decorator
@inline
function amount(shift: usize): u64 {
  const n = load<u64>(shift);
  return (load<u64>(shift, 8) | load<u64>(shift, 16) | load<u64>(shift, 24)) == 0 && n < 256 ? n : 256;
}

/** The limb `high:low` shifted right by `bits` < 64. */
// @ts-ignore: decorator
@inline
function funnel(high: u64, low: u64, bits: u64): u64 {
  return (low >> bits) | ((high << 1) << (bits ^ 63));
}

export function shl(out: usize, shift: usize, value: usize): void {
  shlBy(out, amount(shift), value);
}

/** By 0 to 256 bits. */
export function shlBy(out: usize, n: u64, value: usize): void {
  let a0 = load<u64>(value);
  let a1 = load<u64>(value, 8);
  let a2 = load<u64>(value, 16);
  let a3 = load<u64>(value, 24);
  if (n >= 128) {
    if (n == 256) {
      zeroWord(out);
      return;
    }
    a3 = a1;
    a2 = a0;
    a1 = 0;
    a0 = 0;
  }
  if (n & 64) {
    a3 = a2;
    a2 = a1;
    a1 = a0;
    a0 = 0;
  }
  const bits = n & 63;
  const back = bits ^ 63;
  store<u64>(out, a0 << bits);
  store<u64>(out, (a1 << bits) | ((a0 >> 1) >> back), 8);
  store<u64>(out, (a2 << bits) | ((a1 >> 1) >> back), 16);
  store<u64>(out, (a3 << bits) | ((a2 >> 1) >> back), 24);
}

export function shr(out: usize, shift: usize, value: usize): void {
  shiftRight(out, amount(shift), value, 0);
}

/** By 0 to 256 bits. */
export function shrBy(out: usize, n: u64, value: usize): void {
  shiftRight(out, n, value, 0);
}

export function sar(out: usize, shift: usize, value: usize): void {
  shiftRight(out, amount(shift), value, (load<i64>(value, 24) >> 63) as u64);
}

// @ts-ignore: decorator
@inline
function shiftRight(out: usize, n: u64, value: usize, fill: u64): void {
  let a0 = load<u64>(value);
  let a1 = load<u64>(value, 8);
  let a2 = load<u64>(value, 16);
  let a3 = load<u64>(value, 24);
  if (n >= 128) {
    a0 = a2;
    a1 = a3;
    a2 = fill;
    a3 = fill;
    if (n == 256) {
      a0 = fill;
      a1 = fill;
    }
  }
  if (n & 64) {
    a0 = a1;
    a1 = a2;
    a2 = a3;
    a3 = fill;
  }
  const bits = n & 63;
  store<u64>(out, funnel(a1, a0, bits));
  store<u64>(out, funnel(a2, a1, bits), 8);
  store<u64>(out, funnel(a3, a2, bits), 16);
  store<u64>(out, funnel(fill, a3, bits), 24);
}

/** BYTE: byte `index` of `value`, counted from the most significant. */
// @ts-ignore: decorator
@inline
export function byteAt(out: usize, index: usize, value: usize): void {
  const i = load<u64>(index);
  const inside = (load<u64>(index, 8) | load<u64>(index, 16) | load<u64>(index, 24)) == 0 && i < 32;
  setWord64(out, inside ? (load<u8>(value + 31 - (i as usize)) as u64) : 0);
}

/** SIGNEXTEND: `value` from `size` + 1 bytes to 32. */
export function signExtend(out: usize, size: usize, value: usize): void {
  const n = load<u64>(size);
  if ((load<u64>(size, 8) | load<u64>(size, 16) | load<u64>(size, 24)) != 0 || n >= 31) {
    copyWord(out, value);
    return;
  }
  const limb = (n >> 3) as usize;
  const shift = 56 - ((n & 7) << 3);
  const extended = (load<i64>(value + limb * 8) << shift) >> shift;
  const fill = (extended >> 63) as u64;
  copyWord(out, value);
  store<i64>(out + limb * 8, extended);
  for (let i = limb + 1; i < 4; i++) store<u64>(out + i * 8, fill);
}

/** CLZ (EIP-7939): leading zero bits, 256 for zero. */
export function countLeadingZeros(out: usize, value: usize): void {
  let zeros: u64 = 0;
  let limb: usize = 32;
  while (limb > 0) {
    limb -= 8;
    const x = load<u64>(value + limb);
    zeros += clz(x);
    if (x != 0) break;
  }
  setWord64(out, zeros);
}

/** Bytes needed to write the word down, 0 for zero. */
export function byteLength(value: usize): u32 {
  let limb: usize = 32;
  while (limb > 0) {
    limb -= 8;
    const x = load<u64>(value + limb);
    if (x != 0) return ((limb as u32) + 8) - ((clz(x) as u32) >> 3);
  }
  return 0;
}
