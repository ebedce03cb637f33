/**
 * A word is 32 bytes of linear memory: four u64 limbs, the least significant first.
 * An address inside the core is a 20-byte number in the same order: u64, u64, u32, as in the low
 * limbs of a word, so ADDRESS and CALLER are three loads. On the ABI both are big-endian bytes.
 */

// @ts-ignore: decorator
@inline
export function copyWord(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}

// @ts-ignore: decorator
@inline
export function zeroWord(to: usize): void {
  v128.store(to, i64x2.splat(0));
  v128.store(to, i64x2.splat(0), 16);
}

// @ts-ignore: decorator
@inline
export function setWord64(to: usize, value: u64): void {
  store<u64>(to, value);
  store<u64>(to, 0, 8);
  v128.store(to, i64x2.splat(0), 16);
}

// @ts-ignore: decorator
@inline
export function isZeroWord(at: usize): bool {
  return (load<u64>(at) | load<u64>(at, 8) | load<u64>(at, 16) | load<u64>(at, 24)) == 0;
}

// @ts-ignore: decorator
@inline
export function equalWords(a: usize, b: usize): bool {
  return (
    ((load<u64>(a) ^ load<u64>(b)) |
      (load<u64>(a, 8) ^ load<u64>(b, 8)) |
      (load<u64>(a, 16) ^ load<u64>(b, 16)) |
      (load<u64>(a, 24) ^ load<u64>(b, 24))) ==
    0
  );
}

/** The 16 bytes of `x` in reverse order. */
// @ts-ignore: decorator
@inline
export function reverseBytes(x: v128): v128 {
  return v128.shuffle<u8>(x, x, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
}

/** 32 big-endian bytes at `from` to the word at `to`; `to` may be `from`. */
// @ts-ignore: decorator
@inline
export function wordFromBytes(to: usize, from: usize): void {
  const high = reverseBytes(v128.load(from));
  const low = reverseBytes(v128.load(from, 16));
  v128.store(to, low);
  v128.store(to, high, 16);
}

/** The word at `from` to 32 big-endian bytes at `to`; `to` may be `from`. */
// @ts-ignore: decorator
@inline
export function wordToBytes(to: usize, from: usize): void {
  wordFromBytes(to, from);
}

/** 20 big-endian bytes at `from` to the address (u64, u64, u32) at `to`. */
export function addressFromBytes(to: usize, from: usize): void {
  const lo = bswap<u64>(load<u64>(from, 12));
  const mid = bswap<u64>(load<u64>(from, 4));
  const hi = bswap<u32>(load<u32>(from));
  store<u64>(to, lo);
  store<u64>(to, mid, 8);
  store<u32>(to, hi, 16);
}

/** The address at `from` to 20 big-endian bytes at `to`. */
export function addressToBytes(to: usize, from: usize): void {
  const lo = bswap<u64>(load<u64>(from));
  const mid = bswap<u64>(load<u64>(from, 8));
  const hi = bswap<u32>(load<u32>(from, 16));
  store<u32>(to, hi);
  store<u64>(to, mid, 4);
  store<u64>(to, lo, 12);
}

// @ts-ignore: decorator
@inline
export function equalAddresses(a: usize, b: usize): bool {
  return (
    ((load<u64>(a) ^ load<u64>(b)) |
      (load<u64>(a, 8) ^ load<u64>(b, 8)) |
      ((load<u32>(a, 16) ^ load<u32>(b, 16)) as u64)) ==
    0
  );
}
