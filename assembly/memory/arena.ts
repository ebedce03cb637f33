/**
 * An allocator over heap chunks for one owner (a chain, a run, a thread). Small blocks come from
 * size classes with free lists, carved out of chunks; big ones take chunks of their own and
 * give them back at once. Destroying the arena gives everything back. One thread at a time may
 * use an arena. Blocks are 16-byte aligned and not cleared.
 */
import { CHUNK_SIZE } from "../layout";
import { chunkAlloc, chunkFree } from "./heap";

/** Classes: 16, 32, … 256, then four per doubling up to 32 KiB. */
const CLASS_COUNT: u32 = 44;
/** Larger blocks take whole chunks. */
export const ARENA_SMALL_LIMIT: u32 = 32768;

@unmanaged
export class Arena {
  /** Free part of the chunk that is being carved. */
  bump: u32;
  bumpEnd: u32;
  /** Runs of chunks (ChunkRun), newest first. */
  runs: u32;
  /** Chunks held, spare ones included. */
  chunks: u32;
  /** Chunks set aside by `arenaReserve` (a list through ChunkRun.next), and how many. */
  spares: u32;
  spareCount: u32;
  reserved0: u32;
  reserved1: u32;
  /** Heads of the free lists (CLASS_COUNT times u32) follow. */
}

/** Size of an arena's header with its free lists. */
export const ARENA_SIZE: u32 = (offsetof<Arena>() as u32) + CLASS_COUNT * 4;

/** Heads every run of chunks. */
@unmanaged
class ChunkRun {
  previous: u32;
  next: u32;
  count: u32;
  reserved: u32;
}

const RUN_HEADER: u32 = 16;

/** An empty arena at `arena` (ARENA_SIZE bytes). */
export function arenaInit(arena: usize): void {
  memory.fill(arena, 0, ARENA_SIZE);
}

/** Gives every chunk back. The header itself may lie in one of them: it is dead afterwards. */
export function arenaDestroy(arena: usize): void {
  const runs = changetype<Arena>(arena).runs as usize;
  const spares = changetype<Arena>(arena).spares as usize;
  freeRuns(spares);
  freeRuns(runs);
}

function freeRuns(first: usize): void {
  let run = first;
  while (run != 0) {
    const next = changetype<ChunkRun>(run).next as usize;
    chunkFree(run, changetype<ChunkRun>(run).count);
    run = next;
  }
}

/** Makes sure that small blocks of `bytes` in all can be had without the heap. False: out of memory. */
export function arenaReserve(arena: usize, bytes: u32): bool {
  const self = changetype<Arena>(arena);
  if (self.bumpEnd - self.bump >= bytes) return true;
  // What a chunk cannot give because the next block does not fit is less than half of it.
  const wanted = (bytes + ARENA_SMALL_LIMIT - RUN_HEADER - 1) / (ARENA_SMALL_LIMIT - RUN_HEADER);
  while (self.spareCount < wanted) {
    const chunk = chunkAlloc(1);
    if (chunk == 0) return false;
    changetype<ChunkRun>(chunk).next = self.spares;
    changetype<ChunkRun>(chunk).count = 1;
    self.spares = chunk as u32;
    self.spareCount++;
    self.chunks++;
  }
  return true;
}

/** Bytes of chunks held. */
export function arenaMemory(arena: usize): u32 {
  return changetype<Arena>(arena).chunks * (CHUNK_SIZE as u32);
}

/** Takes a chunk that the arena's header lies in: carves from `from` to its end. */
export function arenaAdopt(arena: usize, chunk: usize, from: usize): void {
  linkRun(arena, chunk, 1);
  const self = changetype<Arena>(arena);
  self.bump = ((from + 15) & ~15) as u32;
  self.bumpEnd = (chunk + CHUNK_SIZE) as u32;
}

/** Where `arenaAdopt` lets the owner's header begin in a chunk. */
export const ARENA_CHUNK_HEADER: u32 = RUN_HEADER;

/** `size` bytes; 0 when out of memory. */
export function arenaAlloc(arena: usize, size: u32): usize {
  if (size > ARENA_SMALL_LIMIT) return allocBig(arena, size);
  const index = classOf(size);
  const head = arena + offsetof<Arena>() + ((index as usize) << 2);
  const free = load<u32>(head) as usize;
  if (free != 0) {
    store<u32>(head, load<u32>(free));
    return free;
  }
  const self = changetype<Arena>(arena);
  const rounded = classSize(index);
  const at = self.bump;
  if (self.bumpEnd - at >= rounded) {
    self.bump = at + rounded;
    return at;
  }
  return allocFromElsewhere(arena, rounded, index);
}

/** Takes back a block of `arenaAlloc`; `size` as it was asked for. */
export function arenaFree(arena: usize, at: usize, size: u32): void {
  if (at == 0) return;
  if (size > ARENA_SMALL_LIMIT) {
    freeBig(arena, at);
    return;
  }
  pushFree(arena, at, classOf(size));
}

// @ts-ignore: decorator
@inline
function pushFree(arena: usize, at: usize, index: u32): void {
  const head = arena + offsetof<Arena>() + ((index as usize) << 2);
  store<u32>(at, load<u32>(head));
  store<u32>(head, at as u32);
}

/** The smallest class that holds `size` bytes. */
// @ts-ignore: decorator
@inline
function classOf(size: u32): u32 {
  if (size <= 256) return size == 0 ? 0 : (size - 1) >> 4;
  const bits = 31 - clz<u32>(size - 1);
  return 16 + ((bits - 8) << 2) + (((size - 1) >> (bits - 2)) & 3);
}

// @ts-ignore: decorator
@inline
function classSize(index: u32): u32 {
  if (index < 16) return (index + 1) << 4;
  const step = index - 16;
  return (5 + (step & 3)) << (6 + (step >> 2));
}

/** `size` (of a class) from a bigger free block, or from a new chunk. */
function allocFromElsewhere(arena: usize, size: u32, index: u32): usize {
  const self = changetype<Arena>(arena);
  for (let bigger = index + 1; bigger < CLASS_COUNT; bigger++) {
    const head = arena + offsetof<Arena>() + ((bigger as usize) << 2);
    const block = load<u32>(head);
    if (block == 0) continue;
    store<u32>(head, load<u32>(block));
    return carve(arena, block, block + classSize(bigger), size);
  }
  let chunk = self.spares as usize;
  if (chunk != 0) {
    self.spares = changetype<ChunkRun>(chunk).next;
    self.spareCount--;
    self.chunks--;
  } else {
    chunk = chunkAlloc(1);
    if (chunk == 0) return 0;
  }
  linkRun(arena, chunk, 1);
  return carve(arena, (chunk as u32) + RUN_HEADER, (chunk + CHUNK_SIZE) as u32, size);
}

/** Takes `size` bytes from [from, end). The larger rest, of this area or the current one, is carved from here on. */
function carve(arena: usize, from: u32, end: u32, size: u32): usize {
  const self = changetype<Arena>(arena);
  let rest = from + size;
  let restEnd = end;
  if (end - rest > self.bumpEnd - self.bump) {
    rest = self.bump;
    restEnd = self.bumpEnd;
    self.bump = from + size;
    self.bumpEnd = end;
  }
  // What cannot be carved goes to the free lists.
  while (restEnd - rest >= 16) {
    const length = restEnd - rest;
    let index = classOf(min<u32>(length, ARENA_SMALL_LIMIT));
    if (classSize(index) > length) index--;
    pushFree(arena, rest, index);
    rest += classSize(index);
  }
  return from;
}

function allocBig(arena: usize, size: u32): usize {
  const bytes = (size as u64) + RUN_HEADER + CHUNK_SIZE - 1;
  const count = (bytes / CHUNK_SIZE) as u32;
  const run = chunkAlloc(count);
  if (run == 0) return 0;
  linkRun(arena, run, count);
  return run + RUN_HEADER;
}

function freeBig(arena: usize, at: usize): void {
  const run = at - RUN_HEADER;
  const self = changetype<Arena>(arena);
  const header = changetype<ChunkRun>(run);
  if (header.previous != 0) changetype<ChunkRun>(header.previous).next = header.next;
  else self.runs = header.next;
  if (header.next != 0) changetype<ChunkRun>(header.next).previous = header.previous;
  self.chunks -= header.count;
  chunkFree(run, header.count);
}

function linkRun(arena: usize, run: usize, count: u32): void {
  const self = changetype<Arena>(arena);
  const header = changetype<ChunkRun>(run);
  header.previous = 0;
  header.next = self.runs;
  header.count = count;
  header.reserved = 0;
  if (self.runs != 0) changetype<ChunkRun>(self.runs).previous = run as u32;
  self.runs = run as u32;
  self.chunks += count;
}
