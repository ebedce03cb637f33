/**
 * The dear precompiles of EIP-2537, as a module of its own: nobody pays for it who does not call them. All addresses
 * are in its memory; numbers are the EIP's.
 */
import { FROBENIUS, POINT, prepareCurve, setInfinity, useTwist } from "./curve";
import { isFused } from "./multiply";
import { prepareFp2 } from "./fp2";
import { mapToGroup, prepareMap } from "./map";
import { MSM_POINTS, SCALAR_BYTES, TABLES_BYTES, addProducts, useTables } from "./msm";
import { isProductOne } from "./pairing";
import { FINITE, G1_BYTES, G2_BYTES, INVALID, areInGroup, readPair, readPoint, writePoint } from "./points";
import { prepareTower } from "./tower";

/** Where outputs are written. */
export const OUTPUT: usize = memory.data(256, 16);

const SUM: usize = memory.data(384, 16);
const ELEMENT: usize = memory.data(128, 16);

/** Room for MSM_POINTS points, then for tables, then for what the input needs. */
let points: usize = 0;
let room: usize = 0;

/** Before anything else. False where the processor does not fuse multiply-add: then nothing here works. */
export function prepare(): bool {
  if (!isFused()) return false;
  prepareFp2();
  prepareCurve();
  prepareTower(FROBENIUS);
  prepareMap();
  points = (__heap_base + 15) & ~15;
  useTables(points + MSM_POINTS * POINT);
  room = points + MSM_POINTS * POINT + TABLES_BYTES;
  return true;
}

/** Address of this many bytes, until the next call; 0 when there is no memory left. */
export function reserve(bytes: usize): usize {
  const pages = (((room + bytes + 0xffff) >> 16) as i32) - memory.size();
  if (pages > 0 && memory.grow(pages) < 0) return 0;
  return room;
}

/**
 * The sum of `count` points of G1 or G2 times scalars, to OUTPUT. Scalars are in the parts that addProducts wants.
 * False when a point is invalid or outside the group.
 */
export function multiScalar(inG2: bool, input: usize, scalars: usize, count: usize): bool {
  useTwist(inG2);
  const size = (inG2 ? G2_BYTES : G1_BYTES) + 32;
  setInfinity(SUM);
  for (let done: usize = 0; done < count; done += MSM_POINTS) {
    const some = min(count - done, MSM_POINTS);
    for (let i: usize = 0; i < some; i++) {
      if (readPoint(points + i * POINT, input + (done + i) * size) == INVALID) return false;
    }
    if (!areInGroup(points, some)) return false;
    addProducts(SUM, points, scalars + done * SCALAR_BYTES, some);
  }
  writePoint(OUTPUT, SUM);
  return true;
}

/** What `pairing` works with, for each pair. */
export const PAIRING_ROOM: usize = 3 * POINT;

export const PAIRING_INVALID: i32 = -1;

/** 1 when the product of the pairings is one, 0 when it is not, PAIRING_INVALID for a point that is no member. */
export function pairing(input: usize, work: usize, count: usize): i32 {
  const g1 = work, g2 = g1 + count * POINT, running = g2 + count * POINT;
  let finite: usize = 0;
  // A pairing with the point at infinity is one; that one is a member, but the other must be checked.
  for (let i: usize = 0; i < count; i++) {
    const at = input + i * (G1_BYTES + G2_BYTES);
    const p = g1 + finite * POINT, q = g2 + finite * POINT;
    useTwist(false);
    const kindOfP = readPoint(p, at);
    useTwist(true);
    const kindOfQ = readPoint(q, at + G1_BYTES);
    if (kindOfP == INVALID || kindOfQ == INVALID) return PAIRING_INVALID;
    if (kindOfP == FINITE && kindOfQ == FINITE) {
      finite++;
      continue;
    }
    if (!areInGroup(q, 1)) return PAIRING_INVALID;
    useTwist(false);
    if (!areInGroup(p, 1)) return PAIRING_INVALID;
  }
  useTwist(false);
  if (!areInGroup(g1, finite)) return PAIRING_INVALID;
  useTwist(true);
  if (!areInGroup(g2, finite)) return PAIRING_INVALID;
  return isProductOne(g1, g2, running, finite) ? 1 : 0;
}

/** Maps an element of Fp2 to G2, to OUTPUT; false when it is none. */
export function mapToG2(input: usize): bool {
  useTwist(true);
  if (!readPair(ELEMENT, input)) return false;
  mapToGroup(SUM, ELEMENT);
  writePoint(OUTPUT, SUM);
  return true;
}
