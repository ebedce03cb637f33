/**
 * keccak256 (the pre-standard padding that Ethereum uses). The 25 lanes live in locals from the
 * first block to the last, so the state never touches memory. Lane (x, y) is `a` followed by
 * x + 5y. Lanes 1, 2, 8, 12, 17 and 20 are held complemented, which turns most of chi's negations
 * into nothing; two rounds are written out per turn (together 10% faster than one plain round).
 */

/** Bytes absorbed per permutation. */
const RATE: u32 = 136;

/** Room for the padded last blocks of two messages: this thread's own. */
let tails: usize = 0;
const TAIL: usize = 144;

/** Bytes that `keccakInit` wants. */
export const KECCAK_SCRATCH: u32 = 288;

/** Gives this thread its scratch (KECCAK_SCRATCH bytes). */
export function keccakInit(scratch: usize): void {
  tails = scratch;
}

// prettier-ignore
const ROUND_CONSTANTS: usize = memory.data<u64>([
  0x0000000000000001, 0x0000000000008082, 0x800000000000808a,
  0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
  0x8000000080008081, 0x8000000000008009, 0x000000000000008a,
  0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
  0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
  0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
  0x000000000000800a, 0x800000008000000a, 0x8000000080008081,
  0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
]);

/** Copies the last `length` < RATE bytes to `to` and pads them. */
function padTail(to: usize, data: usize, length: u32): void {
  const zero = i64x2.splat(0);
  for (let i: usize = 0; i < TAIL; i += 16) v128.store(to + i, zero);
  let done: u32 = 0;
  for (; done + 8 <= length; done += 8) store<u64>(to + done, load<u64>(data + done));
  for (; done < length; done++) store<u8>(to + done, load<u8>(data + done));
  store<u8>(to + length, 1);
  store<u8>(to, load<u8>(to, 135) | 0x80, 135);
}

/** Hashes `length` bytes at `data` and writes 32 bytes to `out`, which may be `data`. */
export function keccak256(data: usize, length: u32, out: usize): void {
  let a0: u64 = 0, a1: u64 = -1, a2: u64 = -1, a3: u64 = 0, a4: u64 = 0;
  let a5: u64 = 0, a6: u64 = 0, a7: u64 = 0, a8: u64 = -1, a9: u64 = 0;
  let a10: u64 = 0, a11: u64 = 0, a12: u64 = -1, a13: u64 = 0, a14: u64 = 0;
  let a15: u64 = 0, a16: u64 = 0, a17: u64 = -1, a18: u64 = 0, a19: u64 = 0;
  let a20: u64 = -1, a21: u64 = 0, a22: u64 = 0, a23: u64 = 0, a24: u64 = 0;
  let more = true;
  while (more) {
    if (length == 64) {
      // Two words: a mapping's slot.
      a0 ^= load<u64>(data, 0);
      a1 ^= load<u64>(data, 8);
      a2 ^= load<u64>(data, 16);
      a3 ^= load<u64>(data, 24);
      a4 ^= load<u64>(data, 32);
      a5 ^= load<u64>(data, 40);
      a6 ^= load<u64>(data, 48);
      a7 ^= load<u64>(data, 56);
      a8 ^= 1;
      a16 ^= 0x8000000000000000;
      more = false;
    } else if (length == 32) {
      a0 ^= load<u64>(data, 0);
      a1 ^= load<u64>(data, 8);
      a2 ^= load<u64>(data, 16);
      a3 ^= load<u64>(data, 24);
      a4 ^= 1;
      a16 ^= 0x8000000000000000;
      more = false;
    } else {
      let block = data;
      if (length < RATE) {
        block = tails;
        padTail(block, data, length);
        more = false;
      }
      a0 ^= load<u64>(block, 0);
      a1 ^= load<u64>(block, 8);
      a2 ^= load<u64>(block, 16);
      a3 ^= load<u64>(block, 24);
      a4 ^= load<u64>(block, 32);
      a5 ^= load<u64>(block, 40);
      a6 ^= load<u64>(block, 48);
      a7 ^= load<u64>(block, 56);
      a8 ^= load<u64>(block, 64);
      a9 ^= load<u64>(block, 72);
      a10 ^= load<u64>(block, 80);
      a11 ^= load<u64>(block, 88);
      a12 ^= load<u64>(block, 96);
      a13 ^= load<u64>(block, 104);
      a14 ^= load<u64>(block, 112);
      a15 ^= load<u64>(block, 120);
      a16 ^= load<u64>(block, 128);
      data += RATE;
      length -= RATE;
    }
    for (let round: usize = 0; round < 192; round += 16) {
      const c0w = a0 ^ a5 ^ a10 ^ a15 ^ a20;
      const c1w = a1 ^ a6 ^ a11 ^ a16 ^ a21;
      const c2w = a2 ^ a7 ^ a12 ^ a17 ^ a22;
      const c3w = a3 ^ a8 ^ a13 ^ a18 ^ a23;
      const c4w = a4 ^ a9 ^ a14 ^ a19 ^ a24;
      const d0w = c4w ^ rotl<u64>(c1w, 1);
      const d1w = c0w ^ rotl<u64>(c2w, 1);
      const d2w = c1w ^ rotl<u64>(c3w, 1);
      const d3w = c2w ^ rotl<u64>(c4w, 1);
      const d4w = c3w ^ rotl<u64>(c0w, 1);
      const b0w = a0 ^ d0w;
      const b1w = rotl<u64>(a6 ^ d1w, 44);
      const b2w = rotl<u64>(a12 ^ d2w, 43);
      const b3w = rotl<u64>(a18 ^ d3w, 21);
      const b4w = rotl<u64>(a24 ^ d4w, 14);
      const b5w = rotl<u64>(a3 ^ d3w, 28);
      const b6w = rotl<u64>(a9 ^ d4w, 20);
      const b7w = rotl<u64>(a10 ^ d0w, 3);
      const b8w = rotl<u64>(a16 ^ d1w, 45);
      const b9w = rotl<u64>(a22 ^ d2w, 61);
      const b10w = rotl<u64>(a1 ^ d1w, 1);
      const b11w = rotl<u64>(a7 ^ d2w, 6);
      const b12w = rotl<u64>(a13 ^ d3w, 25);
      const b13w = rotl<u64>(a19 ^ d4w, 8);
      const b14w = rotl<u64>(a20 ^ d0w, 18);
      const b15w = rotl<u64>(a4 ^ d4w, 27);
      const b16w = rotl<u64>(a5 ^ d0w, 36);
      const b17w = rotl<u64>(a11 ^ d1w, 10);
      const b18w = rotl<u64>(a17 ^ d2w, 15);
      const b19w = rotl<u64>(a23 ^ d3w, 56);
      const b20w = rotl<u64>(a2 ^ d2w, 62);
      const b21w = rotl<u64>(a8 ^ d3w, 55);
      const b22w = rotl<u64>(a14 ^ d4w, 39);
      const b23w = rotl<u64>(a15 ^ d0w, 41);
      const b24w = rotl<u64>(a21 ^ d1w, 2);
      a0 = b0w ^ (b1w | b2w) ^ load<u64>(ROUND_CONSTANTS + round);
      a1 = b1w ^ (~b2w | b3w);
      a2 = b2w ^ (b3w & b4w);
      a3 = b3w ^ (b4w | b0w);
      a4 = b4w ^ (b0w & b1w);
      a5 = b5w ^ (b6w | b7w);
      a6 = b6w ^ (b7w & b8w);
      a7 = b7w ^ (b8w | ~b9w);
      a8 = b8w ^ (b9w | b5w);
      a9 = b9w ^ (b5w & b6w);
      const n13w = ~b13w;
      a10 = b10w ^ (b11w | b12w);
      a11 = b11w ^ (b12w & b13w);
      a12 = b12w ^ (n13w & b14w);
      a13 = n13w ^ (b14w | b10w);
      a14 = b14w ^ (b10w & b11w);
      const n18w = ~b18w;
      a15 = b15w ^ (b16w & b17w);
      a16 = b16w ^ (b17w | b18w);
      a17 = b17w ^ (n18w | b19w);
      a18 = n18w ^ (b19w & b15w);
      a19 = b19w ^ (b15w | b16w);
      const n21w = ~b21w;
      a20 = b20w ^ (n21w & b22w);
      a21 = n21w ^ (b22w | b23w);
      a22 = b22w ^ (b23w & b24w);
      a23 = b23w ^ (b24w | b20w);
      a24 = b24w ^ (b20w & b21w);
      const c0x = a0 ^ a5 ^ a10 ^ a15 ^ a20;
      const c1x = a1 ^ a6 ^ a11 ^ a16 ^ a21;
      const c2x = a2 ^ a7 ^ a12 ^ a17 ^ a22;
      const c3x = a3 ^ a8 ^ a13 ^ a18 ^ a23;
      const c4x = a4 ^ a9 ^ a14 ^ a19 ^ a24;
      const d0x = c4x ^ rotl<u64>(c1x, 1);
      const d1x = c0x ^ rotl<u64>(c2x, 1);
      const d2x = c1x ^ rotl<u64>(c3x, 1);
      const d3x = c2x ^ rotl<u64>(c4x, 1);
      const d4x = c3x ^ rotl<u64>(c0x, 1);
      const b0x = a0 ^ d0x;
      const b1x = rotl<u64>(a6 ^ d1x, 44);
      const b2x = rotl<u64>(a12 ^ d2x, 43);
      const b3x = rotl<u64>(a18 ^ d3x, 21);
      const b4x = rotl<u64>(a24 ^ d4x, 14);
      const b5x = rotl<u64>(a3 ^ d3x, 28);
      const b6x = rotl<u64>(a9 ^ d4x, 20);
      const b7x = rotl<u64>(a10 ^ d0x, 3);
      const b8x = rotl<u64>(a16 ^ d1x, 45);
      const b9x = rotl<u64>(a22 ^ d2x, 61);
      const b10x = rotl<u64>(a1 ^ d1x, 1);
      const b11x = rotl<u64>(a7 ^ d2x, 6);
      const b12x = rotl<u64>(a13 ^ d3x, 25);
      const b13x = rotl<u64>(a19 ^ d4x, 8);
      const b14x = rotl<u64>(a20 ^ d0x, 18);
      const b15x = rotl<u64>(a4 ^ d4x, 27);
      const b16x = rotl<u64>(a5 ^ d0x, 36);
      const b17x = rotl<u64>(a11 ^ d1x, 10);
      const b18x = rotl<u64>(a17 ^ d2x, 15);
      const b19x = rotl<u64>(a23 ^ d3x, 56);
      const b20x = rotl<u64>(a2 ^ d2x, 62);
      const b21x = rotl<u64>(a8 ^ d3x, 55);
      const b22x = rotl<u64>(a14 ^ d4x, 39);
      const b23x = rotl<u64>(a15 ^ d0x, 41);
      const b24x = rotl<u64>(a21 ^ d1x, 2);
      a0 = b0x ^ (b1x | b2x) ^ load<u64>(ROUND_CONSTANTS + round, 8);
      a1 = b1x ^ (~b2x | b3x);
      a2 = b2x ^ (b3x & b4x);
      a3 = b3x ^ (b4x | b0x);
      a4 = b4x ^ (b0x & b1x);
      a5 = b5x ^ (b6x | b7x);
      a6 = b6x ^ (b7x & b8x);
      a7 = b7x ^ (b8x | ~b9x);
      a8 = b8x ^ (b9x | b5x);
      a9 = b9x ^ (b5x & b6x);
      const n13x = ~b13x;
      a10 = b10x ^ (b11x | b12x);
      a11 = b11x ^ (b12x & b13x);
      a12 = b12x ^ (n13x & b14x);
      a13 = n13x ^ (b14x | b10x);
      a14 = b14x ^ (b10x & b11x);
      const n18x = ~b18x;
      a15 = b15x ^ (b16x & b17x);
      a16 = b16x ^ (b17x | b18x);
      a17 = b17x ^ (n18x | b19x);
      a18 = n18x ^ (b19x & b15x);
      a19 = b19x ^ (b15x | b16x);
      const n21x = ~b21x;
      a20 = b20x ^ (n21x & b22x);
      a21 = n21x ^ (b22x | b23x);
      a22 = b22x ^ (b23x & b24x);
      a23 = b23x ^ (b24x | b20x);
      a24 = b24x ^ (b20x & b21x);
    }
  }
  store<u64>(out, a0);
  store<u64>(out, ~a1, 8);
  store<u64>(out, ~a2, 16);
  store<u64>(out, a3, 24);
}

/** Both lanes of a vector turned left. */
// @ts-ignore: decorator
@inline
function rotate(x: v128, by: i32): v128 {
  return v128.or(i64x2.shl(x, by), i64x2.shr_u(x, 64 - by));
}

/** The block at `a` and the block at `b`, lane beside lane. */
// @ts-ignore: decorator
@inline
function lanes(a: usize, b: usize): v128 {
  return v128.load64_lane(b, v128.load64_zero(a), 1);
}

/**
 * Two hashes at once, one in each half of the vectors: 1.5 to 1.8 times as fast as one after the other
 * when their blocks are as many. Neither output may overlap the other's input.
 */
export function keccakPair(a: usize, lengthA: u32, outA: usize, b: usize, lengthB: u32, outB: usize): void {
  let a0 = i64x2.splat(0), a1 = i64x2.splat(0), a2 = i64x2.splat(0), a3 = i64x2.splat(0), a4 = i64x2.splat(0);
  let a5 = i64x2.splat(0), a6 = i64x2.splat(0), a7 = i64x2.splat(0), a8 = i64x2.splat(0), a9 = i64x2.splat(0);
  let a10 = i64x2.splat(0), a11 = i64x2.splat(0), a12 = i64x2.splat(0), a13 = i64x2.splat(0), a14 = i64x2.splat(0);
  let a15 = i64x2.splat(0), a16 = i64x2.splat(0), a17 = i64x2.splat(0), a18 = i64x2.splat(0), a19 = i64x2.splat(0);
  let a20 = i64x2.splat(0), a21 = i64x2.splat(0), a22 = i64x2.splat(0), a23 = i64x2.splat(0), a24 = i64x2.splat(0);
  let lastA = false;
  let lastB = false;
  let doneA = false;
  let doneB = false;
  while (!doneA || !doneB) {
    let blockA = a;
    let blockB = b;
    // Past its end, a message absorbs its last block again, to no effect.
    if (lengthA < RATE) {
      blockA = tails;
      if (!lastA) padTail(blockA, a, lengthA);
      lastA = true;
    } else {
      a += RATE;
      lengthA -= RATE;
    }
    if (lengthB < RATE) {
      blockB = tails + TAIL;
      if (!lastB) padTail(blockB, b, lengthB);
      lastB = true;
    } else {
      b += RATE;
      lengthB -= RATE;
    }
    a0 = v128.xor(a0, lanes(blockA, blockB));
    a1 = v128.xor(a1, lanes(blockA + 8, blockB + 8));
    a2 = v128.xor(a2, lanes(blockA + 16, blockB + 16));
    a3 = v128.xor(a3, lanes(blockA + 24, blockB + 24));
    a4 = v128.xor(a4, lanes(blockA + 32, blockB + 32));
    a5 = v128.xor(a5, lanes(blockA + 40, blockB + 40));
    a6 = v128.xor(a6, lanes(blockA + 48, blockB + 48));
    a7 = v128.xor(a7, lanes(blockA + 56, blockB + 56));
    a8 = v128.xor(a8, lanes(blockA + 64, blockB + 64));
    a9 = v128.xor(a9, lanes(blockA + 72, blockB + 72));
    a10 = v128.xor(a10, lanes(blockA + 80, blockB + 80));
    a11 = v128.xor(a11, lanes(blockA + 88, blockB + 88));
    a12 = v128.xor(a12, lanes(blockA + 96, blockB + 96));
    a13 = v128.xor(a13, lanes(blockA + 104, blockB + 104));
    a14 = v128.xor(a14, lanes(blockA + 112, blockB + 112));
    a15 = v128.xor(a15, lanes(blockA + 120, blockB + 120));
    a16 = v128.xor(a16, lanes(blockA + 128, blockB + 128));
    for (let round: usize = 0; round < 192; round += 8) {
      const c0 = v128.xor(v128.xor(v128.xor(v128.xor(a0, a5), a10), a15), a20);
      const c1 = v128.xor(v128.xor(v128.xor(v128.xor(a1, a6), a11), a16), a21);
      const c2 = v128.xor(v128.xor(v128.xor(v128.xor(a2, a7), a12), a17), a22);
      const c3 = v128.xor(v128.xor(v128.xor(v128.xor(a3, a8), a13), a18), a23);
      const c4 = v128.xor(v128.xor(v128.xor(v128.xor(a4, a9), a14), a19), a24);
      const d0 = v128.xor(c4, rotate(c1, 1));
      const d1 = v128.xor(c0, rotate(c2, 1));
      const d2 = v128.xor(c1, rotate(c3, 1));
      const d3 = v128.xor(c2, rotate(c4, 1));
      const d4 = v128.xor(c3, rotate(c0, 1));
      const b0 = v128.xor(a0, d0);
      const b1 = rotate(v128.xor(a6, d1), 44);
      const b2 = rotate(v128.xor(a12, d2), 43);
      const b3 = rotate(v128.xor(a18, d3), 21);
      const b4 = rotate(v128.xor(a24, d4), 14);
      const b5 = rotate(v128.xor(a3, d3), 28);
      const b6 = rotate(v128.xor(a9, d4), 20);
      const b7 = rotate(v128.xor(a10, d0), 3);
      const b8 = rotate(v128.xor(a16, d1), 45);
      const b9 = rotate(v128.xor(a22, d2), 61);
      const b10 = rotate(v128.xor(a1, d1), 1);
      const b11 = rotate(v128.xor(a7, d2), 6);
      const b12 = rotate(v128.xor(a13, d3), 25);
      const b13 = rotate(v128.xor(a19, d4), 8);
      const b14 = rotate(v128.xor(a20, d0), 18);
      const b15 = rotate(v128.xor(a4, d4), 27);
      const b16 = rotate(v128.xor(a5, d0), 36);
      const b17 = rotate(v128.xor(a11, d1), 10);
      const b18 = rotate(v128.xor(a17, d2), 15);
      const b19 = rotate(v128.xor(a23, d3), 56);
      const b20 = rotate(v128.xor(a2, d2), 62);
      const b21 = rotate(v128.xor(a8, d3), 55);
      const b22 = rotate(v128.xor(a14, d4), 39);
      const b23 = rotate(v128.xor(a15, d0), 41);
      const b24 = rotate(v128.xor(a21, d1), 2);
      a0 = v128.xor(v128.xor(b0, v128.andnot(b2, b1)), v128.load64_splat(ROUND_CONSTANTS + round));
      a1 = v128.xor(b1, v128.andnot(b3, b2));
      a2 = v128.xor(b2, v128.andnot(b4, b3));
      a3 = v128.xor(b3, v128.andnot(b0, b4));
      a4 = v128.xor(b4, v128.andnot(b1, b0));
      a5 = v128.xor(b5, v128.andnot(b7, b6));
      a6 = v128.xor(b6, v128.andnot(b8, b7));
      a7 = v128.xor(b7, v128.andnot(b9, b8));
      a8 = v128.xor(b8, v128.andnot(b5, b9));
      a9 = v128.xor(b9, v128.andnot(b6, b5));
      a10 = v128.xor(b10, v128.andnot(b12, b11));
      a11 = v128.xor(b11, v128.andnot(b13, b12));
      a12 = v128.xor(b12, v128.andnot(b14, b13));
      a13 = v128.xor(b13, v128.andnot(b10, b14));
      a14 = v128.xor(b14, v128.andnot(b11, b10));
      a15 = v128.xor(b15, v128.andnot(b17, b16));
      a16 = v128.xor(b16, v128.andnot(b18, b17));
      a17 = v128.xor(b17, v128.andnot(b19, b18));
      a18 = v128.xor(b18, v128.andnot(b15, b19));
      a19 = v128.xor(b19, v128.andnot(b16, b15));
      a20 = v128.xor(b20, v128.andnot(b22, b21));
      a21 = v128.xor(b21, v128.andnot(b23, b22));
      a22 = v128.xor(b22, v128.andnot(b24, b23));
      a23 = v128.xor(b23, v128.andnot(b20, b24));
      a24 = v128.xor(b24, v128.andnot(b21, b20));
    }
    if (lastA && !doneA) {
      doneA = true;
      v128.store(outA, i64x2.shuffle(a0, a1, 0, 2));
      v128.store(outA, i64x2.shuffle(a2, a3, 0, 2), 16);
    }
    if (lastB && !doneB) {
      doneB = true;
      v128.store(outB, i64x2.shuffle(a0, a1, 1, 3));
      v128.store(outB, i64x2.shuffle(a2, a3, 1, 3), 16);
    }
  }
}
