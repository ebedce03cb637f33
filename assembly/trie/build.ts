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

/** One entry of the list. size 16 */
@unmanaged
export class TrieItem {
  key: u32;
  keyLength: u32;
  value: u32;
  valueLength: u32;
}

/** A branch under construction: 16 references of up to 32 bytes, then their lengths. */
const LENGTHS: usize = 16 * 32;
const FRAME: usize = LENGTHS + 16;
/** Longest key: deeper tries would not fit this thread's stack. */
const MAX_KEY: u32 = 256;
/** A node besides its value: 17 references with their headers, or a path. */
const NODE_ROOM: u32 = 1024;
const PAYLOAD: usize = 16;

let list: usize = 0;
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
  if (longestKey > MAX_KEY || longestValue > 0xf000_0000) return ENGINE_OUT_OF_MEMORY;
  const frames = (FRAME * ((longestKey as usize) * 2 + 1) + 32) as u32;
  const room = (NODE_ROOM as u64) + longestValue;
  const size = (frames as u64) + 2 * room;
  const buffer: usize = size > 0xffff_0000 ? 0 : bufferTake(size as u32);
  if (buffer == 0) return ENGINE_OUT_OF_MEMORY;
  area = buffer + (frames as usize);
  secondArea = area + (room as usize);
  waitingOut = 0;
  const length = build(0, count, 0, buffer, buffer + 32);
  // The root is hashed whatever its length.
  if (length < 32) keccak256(buffer, length, out);
  else copyHash(out, buffer);
  bufferGive(buffer);
  return OK_STOP;
}

/** Reference of the subtrie of the items [low, high), whose keys agree before nibble `start`, to `out`. `frame`:
 *  free space. Returns the reference's length. */
function build(low: u32, high: u32, start: u32, out: usize, frame: usize): u32 {
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
    let to = from + 1;
    while (to < high && nibbleAt(itemAt(to).key, depth) == nibble) to++;
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
  return putBytes(putPath(to, item.key, start, item.keyLength << 1, 0x20), item.value, item.valueLength);
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
