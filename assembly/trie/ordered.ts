/** Tries whose keys are not hashes: lists under rlp(0), rlp(1), … (transactions, receipts, withdrawals), and
 *  any sorted keys. */
import { inMemory } from "../memory/bounds";
import { bufferGive, bufferTake } from "../memory/thread";
import { putU64 } from "../rlp/rlp";
import { ENGINE_BAD_ARGUMENT, ENGINE_OUT_OF_MEMORY } from "../status";
import { TrieItem, rootOfSorted } from "./build";

/** A TrieItem and its key. */
export const LIST_ENTRY: u32 = 16 + 8;
export const MOST_LIST_ITEMS: u32 = 0x400_0000;
/** Bytes of a list's longest key. */
export const LIST_KEY: u32 = 5;
/** Bytes of a key. */
const MAX_KEY: u32 = 256;

/** Root of a list. `items`: u32 length and bytes, packed. 32 bytes to `out`. Returns a status. */
export function orderedRoot(items: usize, count: u32, out: usize): u32 {
  if (count > MOST_LIST_ITEMS) return ENGINE_OUT_OF_MEMORY;
  const list = bufferTake(count * LIST_ENTRY);
  if (list == 0) return ENGINE_OUT_OF_MEMORY;
  putListKeys(list, count);
  let bad = false;
  for (let index: u32 = 0; index < count; index++) {
    if (!isPartInMemory(items)) {
      bad = true;
      break;
    }
    const item = listItem(list, index, count);
    item.value = (items as u32) + 4;
    item.valueLength = load<u32>(items);
    items += 4 + item.valueLength;
  }
  const status = bad ? ENGINE_BAD_ARGUMENT : rootOfSorted(list, count, out);
  bufferGive(list);
  return status;
}

/** Gives the items of a list their keys: `count` TrieItems, in the keys' order, and behind them the keys. */
export function putListKeys(list: usize, count: u32): void {
  const keys = list + ((count as usize) << 4);
  for (let index: u32 = 0; index < count; index++) {
    const key = keys + ((index as usize) << 3);
    const item = listItem(list, index, count);
    item.key = key as u32;
    item.keyLength = (putU64(key, index) - key) as u32;
  }
}

/** The item of a list with this index. */
export function listItem(list: usize, index: u32, count: u32): TrieItem {
  return changetype<TrieItem>(list + ((positionOf(index, count) as usize) << 4));
}

/** `at`: u32 length and bytes. */
// @ts-ignore: decorator
@inline
export function isPartInMemory(at: usize): bool {
  return inMemory(at, 4) && inMemory(at, (load<u32>(at) as u64) + 4);
}

/** Where the key of an index stands among the sorted keys: rlp(0) is 80, after 01…7f and before 8180. */
// @ts-ignore: decorator
@inline
function positionOf(index: u32, count: u32): u32 {
  if (index >= 128) return index;
  return index == 0 ? min<u32>(count, 128) - 1 : index - 1;
}

/** Root of any trie. `items`: u32 key length, key, u32 value length, value, packed, in ascending order of the keys,
 *  which are distinct. Returns a status. */
export function sortedRoot(items: usize, count: u32, out: usize): u32 {
  if (count > MOST_LIST_ITEMS) return ENGINE_OUT_OF_MEMORY;
  const list = bufferTake(count << 4);
  if (list == 0) return ENGINE_OUT_OF_MEMORY;
  let bad = false;
  for (let index: u32 = 0; index < count; index++) {
    if (!isPartInMemory(items) || !isPartInMemory(items + 4 + load<u32>(items)) || load<u32>(items) > MAX_KEY) {
      bad = true;
      break;
    }
    const item = changetype<TrieItem>(list + ((index as usize) << 4));
    item.keyLength = load<u32>(items);
    item.key = (items as u32) + 4;
    items += 4 + item.keyLength;
    item.valueLength = load<u32>(items);
    item.value = (items as u32) + 4;
    items += 4 + item.valueLength;
    if (index > 0 && !isBefore(changetype<TrieItem>(changetype<usize>(item) - 16), item)) {
      bad = true;
      break;
    }
  }
  const status = bad ? ENGINE_BAD_ARGUMENT : rootOfSorted(list, count, out);
  bufferGive(list);
  return status;
}

/** Whether one item's key comes before another's. */
function isBefore(a: TrieItem, b: TrieItem): bool {
  const order = memory.compare(a.key, b.key, min<u32>(a.keyLength, b.keyLength));
  return order < 0 || (order == 0 && a.keyLength < b.keyLength);
}
