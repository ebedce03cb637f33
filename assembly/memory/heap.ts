/**
 * The engine's heap: 64 KiB chunks of the shared memory, handed out to chains, runs and threads.
 * A bitmap says which are taken; everything lives in the engine area, behind one lock.
 *
 *   ENGINE_AREA + 0      lock
 *              + 4      chunks handed out
 *              + 8      pages of the memory (= chunks, counted from address 0)
 *              + 12     no word of the bitmap below this one has a free bit
 *              + 0x1000 bitmap: bit i of word w = chunk 64w + i is taken (8 KiB)
 *              + 0x3000 regions of the threads (thread.ts, 4 KiB)
 *              + 0x4000 locations that were hot (parallel/learned.ts, 16 KiB); the area is free from 0x8000 on
 */
import { CHUNK_SIZE, ENGINE_AREA, HEAP_BASE } from "../layout";
import { lock, unlock, unlockDead } from "./lock";

const LOCK: usize = ENGINE_AREA;
const USED: usize = ENGINE_AREA + 4;
const PAGES: usize = ENGINE_AREA + 8;
const FIRST_FREE_WORD: usize = ENGINE_AREA + 12;
const BITMAP: usize = ENGINE_AREA + 0x1000;
const BITMAP_END: usize = BITMAP + 0x2000;

/** wasm32 has 65,536 pages; the last one stays out, so that the end of a chunk never wraps to 0. */
const MAX_PAGES: u32 = 65535;
/** The memory grows by a quarter of what it has, within these bounds (pages). Growing tells every
 *  thread and makes the host's views stale, so it must be rare; untouched pages cost nothing. */
const MIN_GROWTH: u32 = 64;
const MAX_GROWTH: u32 = 1024;

/** Once per memory, before any thread allocates. */
export function heapInit(): void {
  memory.fill(ENGINE_AREA, 0, 0x4000);
  const reserved = (HEAP_BASE / CHUNK_SIZE) as u64;
  store<u64>(BITMAP, ((1 as u64) << reserved) - 1);
  store<u32>(PAGES, <u32>min<i32>(memory.size(), MAX_PAGES as i32));
}

/** `count` adjacent chunks, not cleared; 0 when the memory is full (nothing has changed then). */
export function chunkAlloc(count: u32): usize {
  if (count == 0 || count >= MAX_PAGES) return 0;
  lock(LOCK);
  let index = count == 1 ? findOne() : findRun(count);
  if (index == 0 && grow(count)) index = count == 1 ? findOne() : findRun(count);
  if (index != 0) {
    mark(index, count, true);
    store<u32>(USED, load<u32>(USED) + count);
  }
  unlock(LOCK);
  return (index as usize) * CHUNK_SIZE;
}

/** Gives `count` chunks at `at` back. */
export function chunkFree(at: usize, count: u32): void {
  if (at == 0 || count == 0) return;
  const index = (at / CHUNK_SIZE) as u32;
  lock(LOCK);
  mark(index, count, false);
  store<u32>(USED, load<u32>(USED) - count);
  if (index >> 6 < load<u32>(FIRST_FREE_WORD)) store<u32>(FIRST_FREE_WORD, index >> 6);
  unlock(LOCK);
}

/** Chunks handed out. */
export function chunksInUse(): u32 {
  return atomic.load<u32>(USED);
}

/** Puts the heap in order after a thread died, perhaps inside it: at worst the chunks it was
 *  being given stay taken. */
export function heapThreadLost(threadIndex: u32): void {
  if (!unlockDead(LOCK, threadIndex)) return;
  lock(LOCK);
  let used: u32 = 0;
  for (let at = BITMAP; at < BITMAP_END; at += 8) used += popcnt<u64>(load<u64>(at)) as u32;
  store<u32>(USED, used - ((HEAP_BASE / CHUNK_SIZE) as u32));
  store<u32>(FIRST_FREE_WORD, 0);
  unlock(LOCK);
}

/** The lowest free chunk, 0 when there is none. */
function findOne(): u32 {
  const pages = load<u32>(PAGES);
  const words = (pages + 63) >> 6;
  let word = load<u32>(FIRST_FREE_WORD);
  for (; word < words; word++) {
    const free = ~load<u64>(BITMAP + ((word as usize) << 3));
    if (free != 0) {
      store<u32>(FIRST_FREE_WORD, word);
      const index = (word << 6) + (ctz<u64>(free) as u32);
      return index < pages ? index : 0;
    }
  }
  store<u32>(FIRST_FREE_WORD, word);
  return 0;
}

/** The lowest run of `count` free chunks, 0 when there is none. */
function findRun(count: u32): u32 {
  const pages = load<u32>(PAGES);
  let index = load<u32>(FIRST_FREE_WORD) << 6;
  while (index < pages) {
    const start = nextBit(index, pages, false);
    if (start + count > pages) return 0;
    const end = nextBit(start, start + count, true);
    if (end == start + count) return start;
    index = end + 1;
  }
  return 0;
}

/** The first chunk from `index` on whose bit is `taken`; `end` when there is none before it. */
function nextBit(index: u32, end: u32, taken: bool): u32 {
  while (index < end) {
    const word = load<u64>(BITMAP + ((index >> 6) as usize << 3));
    const wanted = (taken ? word : ~word) >> ((index & 63) as u64);
    if (wanted != 0) return min<u32>(index + (ctz<u64>(wanted) as u32), end);
    index = (index | 63) + 1;
  }
  return end;
}

function mark(index: u32, count: u32, taken: bool): void {
  const end = index + count;
  while (index < end) {
    const at = BITMAP + ((index >> 6) as usize << 3);
    const first = index & 63;
    const bits = min<u32>(64 - first, end - index);
    const mask = (bits == 64 ? ~(0 as u64) : ((1 as u64) << (bits as u64)) - 1) << (first as u64);
    const word = load<u64>(at);
    store<u64>(at, taken ? word | mask : word & ~mask);
    index += bits;
  }
}

/** Makes room for a run of `count` at the end of the memory. */
function grow(count: u32): bool {
  const pages = load<u32>(PAGES);
  // Free chunks at the end count towards the run.
  let tail = pages;
  while (tail > 0 && !isTaken(tail - 1)) tail--;
  const needed = count - min<u32>(count, pages - tail);
  const room = MAX_PAGES - pages;
  if (needed > room) return false;
  let wanted = min<u32>(max<u32>(needed, min<u32>(max<u32>(pages >> 2, MIN_GROWTH), MAX_GROWTH)), room);
  let before = memory.grow(wanted as i32);
  if (before < 0 && wanted > needed) {
    wanted = needed;
    before = memory.grow(wanted as i32);
  }
  if (before < 0) return false;
  store<u32>(PAGES, pages + wanted);
  return true;
}

function isTaken(index: u32): bool {
  return ((load<u64>(BITMAP + ((index >> 6) as usize << 3)) >> ((index & 63) as u64)) & 1) != 0;
}
