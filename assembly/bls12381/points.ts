/** Points as EIP-2537 writes them: each number of Fp 16 bytes of zeros and 48 of its own, real parts first. */
import { POINT, X, Y, Z, isInGroup, isOnCurve, onTwist, setInfinity, toAffine } from "./curve";
import { copy, enter, join, readInteger, writeNumber } from "./field";
import { ONE, PAIR } from "./multiply";
import { ONE2 } from "./fp2";

/** Bytes of a number, padded. */
const NUMBER: usize = 64;

export const G1_BYTES: usize = 2 * NUMBER;
export const G2_BYTES: usize = 4 * NUMBER;

/** What reading a point says: */
export const INVALID: u32 = 0;
export const AT_INFINITY: u32 = 1;
export const FINITE: u32 = 2;

const NUMBERS: usize = memory.data(128, 16);

/** Reads two numbers into a pair; false when one is not below the modulus. */
export function readPair(at: usize, bytes: usize): bool {
  for (let lane: usize = 0; lane < 2; lane++) {
    const start = bytes + lane * NUMBER;
    if ((load<u64>(start) | load<u64>(start, 8)) != 0 || !readInteger(at, lane, start + 16)) return false;
  }
  enter(at);
  return true;
}

/** Reads a point of the curve at work, in or out of the group; G1's into both lanes. */
export function readPoint(at: usize, bytes: usize): u32 {
  const end = bytes + (onTwist ? G2_BYTES : G1_BYTES);
  let bits: u64 = 0;
  for (let i = bytes; i < end; i += 8) bits |= load<u64>(i);
  if (bits == 0) {
    setInfinity(at);
    return AT_INFINITY;
  }
  if (onTwist) {
    if (!readPair(at + X, bytes) || !readPair(at + Y, bytes + 2 * NUMBER)) return INVALID;
    copy(at + Z, ONE2);
  } else {
    if (!readPair(NUMBERS, bytes)) return INVALID;
    join(at + X, NUMBERS, 0, NUMBERS, 0);
    join(at + Y, NUMBERS, 1, NUMBERS, 1);
    copy(at + Z, ONE);
  }
  return isOnCurve(at) ? FINITE : INVALID;
}

const LANES: usize = memory.data(384, 16);

/** Whether `count` points in a row are in the group: on G1's curve, two at a time. */
export function areInGroup(points: usize, count: usize): bool {
  for (let i: usize = 0; i < count; i++) {
    let point = points + i * POINT;
    if (!onTwist && i + 1 < count) {
      joinPoints(LANES, point, point + POINT);
      point = LANES;
      i++;
    }
    if (!isInGroup(point)) return false;
  }
  return true;
}

/** Lane 0 of p and lane 0 of q. */
export function joinPoints(out: usize, p: usize, q: usize): void {
  for (let i: usize = 0; i < POINT; i += PAIR) join(out + i, p + i, 0, q + i, 0);
}

const AFFINE: usize = memory.data(256, 16);

/** Writes the point (of G1's, that in lane 0) to `bytes`. */
export function writePoint(bytes: usize, p: usize): void {
  memory.fill(bytes, 0, onTwist ? G2_BYTES : G1_BYTES);
  if (!toAffine(AFFINE, p)) return;
  if (onTwist) {
    for (let part: usize = 0; part < 4; part++) {
      writeNumber(bytes + part * NUMBER + 16, AFFINE + (part >> 1) * PAIR, part & 1);
    }
  } else {
    writeNumber(bytes + 16, AFFINE, 0);
    writeNumber(bytes + NUMBER + 16, AFFINE + PAIR, 0);
  }
}
