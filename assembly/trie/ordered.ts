/**
 * Root of a trie whose keys are rlp(0), rlp(1), …: transactions, receipts, withdrawals. The keys are
 * known and sorted without sorting, so the root is built bottom-up in one pass and no node is kept.
 */
import { EMPTY_ROOT } from "../crypto/known-hashes";
import { keccak256 } from "../crypto/keccak";

import { bufferGive, bufferTake, thread } from "../memory/thread";
import { putBytes, wrapList } from "../rlp/rlp";
import { ENGINE_OUT_OF_MEMORY, OK_STOP } from "../status";
import { WORK_FREE, copyHash, makeReference, putPath, putReference } from "./encode";

/** A branch under construction: 16 references of up to 32 bytes, and their lengths. */
const FRAME: usize = 16 * 32 + 16;
/** A key of at most 5 bytes, for the hex-prefix encoding. */
const KEY: usize = WORK_FREE;
/** One frame per nibble of a key. */
const FRAMES: usize = WORK_FREE + 16;
const PAYLOAD: usize = 16;

let offsets: usize = 0;
let count: u32 = 0;
/** Where a leaf is encoded: big enough for the longest item. */
let leafArea: usize = 0;

/** `items`: u32 length and bytes, packed. 32 bytes to `out`. Returns a status. */
export function orderedRoot(items: usize, itemCount: u32, out: usize): u32 {
  if (itemCount == 0) {
    copyHash(out, EMPTY_ROOT);
    return OK_STOP;
  }
  if (itemCount > 0x400_0000) return ENGINE_OUT_OF_MEMORY;
  offsets = bufferTake(itemCount << 2);
  if (offsets == 0) return ENGINE_OUT_OF_MEMORY;
  count = itemCount;
  let longest: u32 = 0;
  for (let i: u32 = 0; i < itemCount; i++) {
    store<u32>(offsets + ((i as usize) << 2), items as u32);
    const length = load<u32>(items);
    longest = max<u32>(longest, length);
    items += 4 + length;
  }
  leafArea = longest > 0xffff_ff00 ? 0 : bufferTake(longest + 64);
  if (leafArea == 0) {
    bufferGive(offsets);
    return ENGINE_OUT_OF_MEMORY;
  }
  const root = (thread.work as usize) + FRAMES;
  const length = build(0, itemCount, 0, root, root + 32);
  if (length < 32) {
    // The root is always hashed.
    keccak256(root, length, out);
  } else {
    copyHash(out, root);
  }
  bufferGive(leafArea);
  bufferGive(offsets);
  return OK_STOP;
}

/** Index of the item whose key is the `position`-th smallest: rlp(0) = 80 comes after 01…7f and before 8180. */
// @ts-ignore: decorator
@inline
function itemAt(position: u32): u32 {
  const small = min<u32>(count, 128);
  return position >= small ? position : position + 1 == small ? 0 : position + 1;
}

/** The key as bytes from the top of a u64. */
function keyOf(index: u32): u64 {
  if (index < 128) return ((index == 0 ? 0x80 : index) as u64) << 56;
  const size = (39 - clz<u32>(index)) >> 3;
  return ((0x80 + size) as u64) << 56 | (index as u64) << ((7 - size) << 3);
}

// @ts-ignore: decorator
@inline
function keyNibbles(index: u32): u32 {
  return index < 128 ? 2 : 2 + (((39 - clz<u32>(index)) >> 3) << 1);
}

// @ts-ignore: decorator
@inline
function nibble(key: u64, index: u32): u32 {
  return ((key >> ((60 - (index << 2)) as u64)) & 15) as u32;
}

/** Reference of the subtrie of positions [low, high) whose keys agree before `start`, to `out`. `frame`: free
 *  space. Returns the reference's length. */
function build(low: u32, high: u32, start: u32, out: usize, frame: usize): u32 {
  const first = keyOf(itemAt(low));
  if (high - low == 1) return leafReference(itemAt(low), first, start, out);
  // The keys are sorted: what the first and the last share, all do.
  const last = keyOf(itemAt(high - 1));
  const depth = (clz<u64>(first ^ last) >> 2) as u32;
  const lengths = frame + 16 * 32;
  v128.store(lengths, i64x2.splat(0));
  let from = low;
  while (from < high) {
    const branch = nibble(keyOf(itemAt(from)), depth);
    let to = from + 1;
    while (to < high && nibble(keyOf(itemAt(to)), depth) == branch) to++;
    const length = build(from, to, depth + 1, frame + ((branch as usize) << 5), frame + FRAME);
    store<u8>(lengths + branch, length);
    from = to;
  }
  const payload = (thread.work as usize) + PAYLOAD;
  let end = payload;
  for (let i: usize = 0; i < 16; i++) {
    const length = load<u8>(lengths + i) as u32;
    if (length != 0) end = putReference(end, frame + (i << 5), length);
    else store<u8>(end++, 0x80);
  }
  store<u8>(end++, 0x80);
  const length = makeReference(out, wrapList(payload, end), end);
  if (depth == start) return length;
  storeKey(first);
  end = putReference(putPath(payload, (thread.work as usize) + KEY, start, depth, 0), out, length);
  return makeReference(out, wrapList(payload, end), end);
}

function leafReference(index: u32, key: u64, start: u32, out: usize): u32 {
  const item = load<u32>(offsets + ((index as usize) << 2)) as usize;
  const payload = leafArea + PAYLOAD;
  storeKey(key);
  const to = putPath(payload, (thread.work as usize) + KEY, start, keyNibbles(index), 0x20);
  const end = putBytes(to, item + 4, load<u32>(item));
  return makeReference(out, wrapList(payload, end), end);
}

// @ts-ignore: decorator
@inline
function storeKey(key: u64): void {
  store<u64>((thread.work as usize) + KEY, bswap<u64>(key));
}
