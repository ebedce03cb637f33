/**
 * RLP encoding (Yellow Paper, appendix B), straight into a buffer: each `put` returns the position
 * after what it wrote. A list's header can be written last, in front of its payload, so no length
 * needs to be known in advance.
 */
import { addressToBytes } from "../u256/word";

/** Bytes to leave free in front of a list's payload. */
export const LIST_HEADER_ROOM: usize = 5;

/** Bytes of a big-endian u32 without leading zeros. */
// @ts-ignore: decorator
@inline
function lengthOf32(value: u32): u32 {
  return (39 - clz<u32>(value)) >> 3;
}

/** Header of a string or list (`base` 0x80 or 0xc0) of `length` bytes. */
function putHeader(to: usize, base: u32, length: u32): usize {
  if (length < 56) {
    store<u8>(to, base + length);
    return to + 1;
  }
  const size = lengthOf32(length);
  store<u8>(to, base + 55 + size);
  for (let i: u32 = 0; i < size; i++) store<u8>(to + 1 + i, length >> ((size - 1 - i) << 3));
  return to + 1 + size;
}

/** A byte string. */
export function putBytes(to: usize, from: usize, length: u32): usize {
  if (length == 1 && load<u8>(from) < 0x80) {
    store<u8>(to, load<u8>(from));
    return to + 1;
  }
  const body = putHeader(to, 0x80, length);
  memory.copy(body, from, length);
  return body + length;
}

/** A string of 32 bytes. */
// @ts-ignore: decorator
@inline
export function putHash(to: usize, from: usize): usize {
  store<u8>(to, 0xa0);
  v128.store(to + 1, v128.load(from));
  v128.store(to + 1, v128.load(from, 16), 16);
  return to + 33;
}

/** Header of a string whose bytes follow. */
export function putStringHeader(to: usize, length: u32): usize {
  return putHeader(to, 0x80, length);
}

/** Header of a list whose items follow. */
export function putListHeader(to: usize, length: u32): usize {
  return putHeader(to, 0xc0, length);
}

/** Size of a number. */
// @ts-ignore: decorator
@inline
export function sizeOfU64(value: u64): u32 {
  return value < 0x80 ? 1 : 1 + length64(value);
}

/** Size of the header of a string that is not a single byte below 0x80. */
export function headerSize(length: u32): u32 {
  return length < 56 ? 1 : 1 + lengthOf32(length);
}

/** The bytes of a number without leading zeros. */
// @ts-ignore: decorator
@inline
export function length64(value: u64): u32 {
  return (71 - (clz<u64>(value) as u32)) >> 3;
}

/** A number: big-endian, without leading zeros. */
export function putU64(to: usize, value: u64): usize {
  if (value < 0x80) {
    store<u8>(to, value == 0 ? 0x80 : value);
    return to + 1;
  }
  const length = length64(value);
  store<u8>(to, 0x80 + length);
  return putTrimmed(to + 1, value, length);
}

/** The lowest `length` bytes of `value`, big-endian. */
// @ts-ignore: decorator
@inline
function putTrimmed(to: usize, value: u64, length: u32): usize {
  for (let shift: i32 = ((length as i32) - 1) << 3; shift >= 0; shift -= 8) {
    store<u8>(to, value >> (shift as u64));
    to++;
  }
  return to;
}

/** Bytes of a word (core order) without leading zeros. */
export function wordLength(word: usize): u32 {
  for (let limb: i32 = 24; limb >= 0; limb -= 8) {
    const value = load<u64>(word + limb);
    if (value != 0) return limb + length64(value);
  }
  return 0;
}

/** A word (core order) as a number. */
export function putWord(to: usize, word: usize): usize {
  const length = wordLength(word);
  if (length <= 8) return putU64(to, load<u64>(word));
  store<u8>(to, 0x80 + length);
  to++;
  let limb = ((length - 1) & ~7) as usize;
  to = putTrimmed(to, load<u64>(word + limb), length - (limb as u32));
  while (limb != 0) {
    limb -= 8;
    store<u64>(to, bswap<u64>(load<u64>(word + limb)));
    to += 8;
  }
  return to;
}

/** An address (core order) as a string of 20 bytes. */
export function putAddress(to: usize, address: usize): usize {
  store<u8>(to, 0x94);
  addressToBytes(to + 1, address);
  return to + 21;
}

/** Writes the list header in front of the payload [from, end); returns where the list begins. At least
 *  LIST_HEADER_ROOM bytes before `from` must be free. */
export function wrapList(from: usize, end: usize): usize {
  const length = (end - from) as u32;
  const start = from - headerSize(length);
  putHeader(start, 0xc0, length);
  return start;
}
