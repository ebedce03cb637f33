/** Hex digits to bytes, eight bytes at a time: the host writes strings into the memory faster than it parses them. */

/** Turns 2 * `length` hex digits at `from`, of either case, into `length` bytes at `to`. What is no digit gives
 *  some byte. Up to 16 bytes past the digits are read. */
export function decodeHex(from: usize, to: usize, length: u32): void {
  for (let i: u32 = 0; i < length; i += 8) {
    const text = v128.load(from + ((i as usize) << 1));
    // '0' to '9' are 0x30 to 0x39; letters have bit 6 set, and 'a' ends in 1.
    const letter = i8x16.shr_u(v128.and(text, i8x16.splat(0x40)), 6);
    const value = v128.and(text, i8x16.splat(15));
    const digit = i8x16.add(value, v128.and(i8x16.neg(letter), i8x16.splat(9)));
    const pair = v128.and(v128.or(i16x8.shl(digit, 4), i16x8.shr_u(digit, 8)), i16x8.splat(0xff));
    let bytes = i64x2.extract_lane(i8x16.narrow_i16x8_u(pair, pair), 0);
    if (i + 8 <= length) {
      store<u64>(to + i, bytes);
      continue;
    }
    for (let j = i; j < length; j++) {
      store<u8>(to + j, bytes);
      bytes >>= 8;
    }
  }
}
