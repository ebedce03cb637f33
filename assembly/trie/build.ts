/**
 * Root of a trie over a sorted list of keys and values, built bottom-up in one pass: no node is
 * kept. Keys may be of any length, one may begin another (its value then sits in a branch).
 */
import { EMPTY_ROOT } from "../crypto/known-hashes";
import { keccak256, keccakPair } from "../crypto/keccak";
import { bufferGive, bufferTake } from "../memory/thread";
import { putBytes, wrapList } from "../rlp/rlp";
import { ENGINE_OUT_OF_MEMORY, OK_STOP } from "../status";
import { copyHash, makeReference, putPath, putReference } from "./encode";
import { firstDifference, nibbleAt } from "./node";
import { IS_RECEIPT, putReceipt } from "./receipt";

/** One entry of the list. size 16 */
@unmanaged
export class TrieItem {
  key: u32;
  keyLength: u32;
  /** Bytes, or a Receipt that is encoded in its leaf. */
  value: u32;
  /** IS_RECEIPT for a Receipt. */
  valueLength: u32;
}

/** A subtrie that is built apart: the items [low, high), whose keys agree before nibble `start`. */
@unmanaged
export class TrieUnit {
  low: u32;
  high: u32;
  start: u32;
  /** UNIT_DONE: the reference is there. */
  done: u32;
  refLength: u32;
  reserved: u32;
  reserved1: u64;
  ref0: u64;
  ref1: u64;
  ref2: u64;
  ref3: u64;
}

export const UNIT_DONE: u32 = 1;
const UNIT_REF: usize = offsetof<TrieUnit>("ref0");

/**
 * A unit has at most so many items. Keys of lists fill their subtries, so units have 16: some 20 us of
 * receipts, 10 us of transactions. 10,000 of each make 1,250 units, and what is above them is 45 branches.
 */
export const UNIT_ITEMS: u32 = 64;

/** A branch under construction: 16 references of up to 32 bytes, then their lengths. */
const LENGTHS: usize = 16 * 32;
const FRAME: usize = LENGTHS + 16;
/** Longest key: deeper tries would not fit this thread's stack. */
const MAX_KEY: u32 = 256;
/** A node besides its value: 17 references with their headers, or a path. */
const NODE_ROOM: u32 = 1024;
const PAYLOAD: usize = 16;

let list: usize = 0;
/** All of the areas, and the first branch under construction. */
let buffer: usize = 0;
let frames: usize = 0;
/** Units that were built before, in the order in which `planUnits` met them, and how many of them were met again. */
let units: usize = 0;
let unitSize: usize = 0;
let unitsMet: u32 = 0;
/** Where nodes are encoded: two areas, the second for a leaf that is hashed together with its neighbour. */
let area: usize = 0;
let secondArea: usize = 0;
/** A leaf that waits in the second area: where it begins and ends, where its hash goes; 0 = none. */
let waitingStart: usize = 0;
let waitingEnd: usize = 0;
let waitingOut: usize = 0;

// @ts-ignore: decorator
@inline
function itemAt(index: u32): TrieItem {
  return changetype<TrieItem>(list + ((index as usize) << 4));
}

/** Root of `count` TrieItems in ascending order of their keys: 32 bytes to `out`. Returns a status. */
export function rootOfSorted(items: usize, count: u32, out: usize): u32 {
  if (count == 0) {
    copyHash(out, EMPTY_ROOT);
    return OK_STOP;
  }
  list = items;
  let longestKey: u32 = 0;
  let longestValue: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    longestKey = max<u32>(longestKey, itemAt(i).keyLength);
    longestValue = max<u32>(longestValue, itemAt(i).valueLength);
  }
  if (!openBuilder(items, longestKey, longestValue)) return ENGINE_OUT_OF_MEMORY;
  buildRoot(count, out);
  closeBuilder();
  return OK_STOP;
}

/** Takes room to build subtries of these items in, on this thread. False: out of memory. */
export function openBuilder(items: usize, longestKey: u32, longestValue: u32): bool {
  if (longestKey > MAX_KEY || longestValue > 0xf000_0000) return false;
  const framesSize = (FRAME * ((longestKey as usize) * 2 + 1) + 32) as u32;
  const room = (NODE_ROOM as u64) + longestValue;
  const size = (framesSize as u64) + 2 * room;
  buffer = size > 0xffff_0000 ? 0 : bufferTake(size as u32);
  if (buffer == 0) return false;
  list = items;
  units = 0;
  frames = buffer + 32;
  area = buffer + (framesSize as usize);
  secondArea = area + (room as usize);
  waitingOut = 0;
  return true;
}

export function closeBuilder(): void {
  bufferGive(buffer);
}

/** Root of the open builder's items, all `count` of them. */
function buildRoot(count: u32, out: usize): void {
  const length = build(0, count, 0, buffer, frames);
  // The root is hashed whatever its length.
  if (length < 32) keccak256(buffer, length, out);
  else copyHash(out, buffer);
}

/** Makes a unit's reference, in the open builder. Another thread may be doing the same. */
export function buildUnit(unit: TrieUnit): void {
  unit.refLength = build(unit.low, unit.high, unit.start, buffer, frames);
  copyHash(changetype<usize>(unit) + UNIT_REF, buffer);
}

/** Root of `count` items (not 0) whose units (`size` bytes apart) have been built, in the open builder. */
export function rootOfUnits(count: u32, first: usize, size: usize, out: usize): void {
  units = first;
  unitSize = size;
  unitsMet = 0;
  buildRoot(count, out);
  units = 0;
}

/** Units of the items [low, high), `size` bytes apart from `at` on; 0: they are only counted. Returns how many. */
export function planUnits(items: usize, low: u32, high: u32, start: u32, at: usize, size: usize): u32 {
  list = items;
  if (high - low <= UNIT_ITEMS) {
    if (at != 0) {
      const unit = changetype<TrieUnit>(at);
      unit.low = low;
      unit.high = high;
      unit.start = start;
      unit.done = 0;
    }
    return 1;
  }
  const first = itemAt(low);
  const last = itemAt(high - 1);
  const depth = firstDifference(first.key, last.key, start, min<u32>(first.keyLength, last.keyLength) << 1);
  let from = first.keyLength << 1 == depth ? low + 1 : low;
  let count: u32 = 0;
  while (from < high) {
    const to = endOfNibble(from, high, depth);
    if (to > from + 1) count += planUnits(items, from, to, depth + 1, at == 0 ? 0 : at + (count as usize) * size, size);
    from = to;
  }
  return count;
}

/** The first item after `from`, before `high`, with another nibble at `depth`; `high` when there is none. */
// @ts-ignore: decorator
@inline
function endOfNibble(from: u32, high: u32, depth: u32): u32 {
  const nibble = nibbleAt(itemAt(from).key, depth);
  let to = from + 1;
  while (to < high && nibbleAt(itemAt(to).key, depth) == nibble) to++;
  return to;
}

/** Reference of the subtrie of the items [low, high), whose keys agree before nibble `start`, to `out`. `frame`:
 *  free space. Returns the reference's length. */
function build(low: u32, high: u32, start: u32, out: usize, frame: usize): u32 {
  if (units != 0 && high - low <= UNIT_ITEMS) {
    const unit = changetype<TrieUnit>(units + (unitsMet++ as usize) * unitSize);
    copyHash(out, changetype<usize>(unit) + UNIT_REF);
    return unit.refLength;
  }
  const first = itemAt(low);
  const firstEnd = first.keyLength << 1;
  const payload = area + PAYLOAD;
  if (high - low == 1) {
    const end = putLeaf(payload, first, start);
    return makeReference(out, wrapList(payload, end), end);
  }
  // The keys are sorted: what the first and the last share, all do.
  const last = itemAt(high - 1);
  const depth = firstDifference(first.key, last.key, start, min<u32>(firstEnd, last.keyLength << 1));
  const lengths = frame + LENGTHS;
  v128.store(lengths, i64x2.splat(0));
  const endsHere = firstEnd == depth;
  let from = endsHere ? low + 1 : low;
  while (from < high) {
    const nibble = nibbleAt(itemAt(from).key, depth);
    const to = endOfNibble(from, high, depth);
    const child = frame + ((nibble as usize) << 5);
    let length: u32;
    if (to == from + 1) {
      length = addLeaf(itemAt(from), depth + 1, child);
    } else {
      hashWaiting();
      length = build(from, to, depth + 1, child, frame + FRAME);
    }
    store<u8>(lengths + nibble, length);
    from = to;
  }
  hashWaiting();
  let end = payload;
  for (let i: usize = 0; i < 16; i++) {
    const length = load<u8>(lengths + i) as u32;
    if (length != 0) end = putReference(end, frame + (i << 5), length);
    else store<u8>(end++, 0x80);
  }
  if (endsHere) end = putBytes(end, first.value, first.valueLength);
  else store<u8>(end++, 0x80);
  const length = makeReference(out, wrapList(payload, end), end);
  if (depth == start) return length;
  end = putReference(putPath(payload, first.key, start, depth, 0), out, length);
  return makeReference(out, wrapList(payload, end), end);
}

/** Payload of a leaf, written to `to`. Returns the end. */
function putLeaf(to: usize, item: TrieItem, start: u32): usize {
  const at = putPath(to, item.key, start, item.keyLength << 1, 0x20);
  return item.valueLength == IS_RECEIPT ? putReceipt(at, item.value) : putBytes(at, item.value, item.valueLength);
}

/** Reference of a leaf to `out`, at once or together with the next leaf's. Returns its length. */
function addLeaf(item: TrieItem, start: u32, out: usize): u32 {
  const payload = (waitingOut == 0 ? secondArea : area) + PAYLOAD;
  const end = putLeaf(payload, item, start);
  const from = wrapList(payload, end);
  if (end - from < 32) return makeReference(out, from, end);
  if (waitingOut == 0) {
    waitingStart = from;
    waitingEnd = end;
    waitingOut = out;
  } else {
    keccakPair(waitingStart, (waitingEnd - waitingStart) as u32, waitingOut, from, (end - from) as u32, out);
    waitingOut = 0;
  }
  return 32;
}

/** Hashes a leaf that found no neighbour. */
function hashWaiting(): void {
  if (waitingOut == 0) return;
  keccak256(waitingStart, (waitingEnd - waitingStart) as u32, waitingOut);
  waitingOut = 0;
}
