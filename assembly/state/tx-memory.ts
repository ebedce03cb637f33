/**
 * Memory of the executing thread's transaction: record arenas that keep their chunks between
 * transactions, buffers that double, and hash indexes that are emptied by counting up a
 * generation. All of it hangs on one heap arena per thread.
 */
import { ARENA_CHUNK_HEADER, ARENA_SIZE, arenaAdopt, arenaAlloc, arenaFree, arenaInit } from "../memory/arena";
import { chunkAlloc } from "../memory/heap";
import { ENGINE_OUT_OF_MEMORY } from "../status";

/** This thread's arena. */
let arena: usize = 0;

/**
 * Why the transaction cannot go on, 0 while it can: ENGINE_OUT_OF_MEMORY, NEEDS_DEPENDENCY or
 * NEEDS_BLOCK_HASH. Loads that fail return blank records, so nothing needs a null check;
 * whoever loops looks here after a load.
 */
export let txFault: u32 = 0;

export function setTxFault(status: u32): void {
  if (txFault == 0) txFault = status;
}

export function clearTxFault(): void {
  txFault = 0;
}

/** Once per thread. */
export function txMemoryInit(): bool {
  const chunk = chunkAlloc(1);
  if (chunk == 0) return false;
  arena = chunk + ARENA_CHUNK_HEADER;
  arenaInit(arena);
  arenaAdopt(arena, chunk, arena + ARENA_SIZE);
  return true;
}

export function txAlloc(size: u32): usize {
  return arenaAlloc(arena, size);
}

export function txFree(at: usize, size: u32): void {
  arenaFree(arena, at, size);
}

// --- records: fixed addresses until the next transaction

const SEGMENT_SIZE: u32 = 32768;
/** Segments kept between transactions; a giant transaction's others go back to the heap. */
const KEPT_SEGMENTS: u32 = 32;

/** Head of a segment of records. */
@unmanaged
class Segment {
  next: u32;
  reserved: u32;
  reserved1: u32;
  reserved2: u32;
}

let firstSegment: usize = 0;
let segment: usize = 0;
let recordAt: usize = 0;
let recordEnd: usize = 0;
let segmentCount: u32 = 0;

export function recordsInit(): bool {
  firstSegment = txAlloc(SEGMENT_SIZE);
  if (firstSegment == 0) return false;
  changetype<Segment>(firstSegment).next = 0;
  segmentCount = 1;
  recordsReset();
  return true;
}

export function recordsReset(): void {
  if (segmentCount > KEPT_SEGMENTS) dropSegments();
  segment = firstSegment;
  recordAt = segment + offsetof<Segment>();
  recordEnd = segment + SEGMENT_SIZE;
}

function dropSegments(): void {
  let last = firstSegment;
  for (let i: u32 = 1; i < KEPT_SEGMENTS; i++) last = changetype<Segment>(last).next;
  let at = changetype<Segment>(last).next as usize;
  changetype<Segment>(last).next = 0;
  while (at != 0) {
    const next = changetype<Segment>(at).next as usize;
    txFree(at, SEGMENT_SIZE);
    at = next;
  }
  segmentCount = KEPT_SEGMENTS;
}

/** A record of `size` bytes (a multiple of 8), not cleared; 0 when out of memory. */
// @ts-ignore: decorator
@inline
export function recordAlloc(size: usize): usize {
  const at = recordAt;
  if (recordEnd - at < size) return recordAllocSlow(size);
  recordAt = at + size;
  return at;
}

function recordAllocSlow(size: usize): usize {
  let next = changetype<Segment>(segment).next as usize;
  if (next == 0) {
    next = txAlloc(SEGMENT_SIZE);
    if (next == 0) {
      setTxFault(ENGINE_OUT_OF_MEMORY);
      return 0;
    }
    changetype<Segment>(next).next = 0;
    changetype<Segment>(segment).next = next as u32;
    segmentCount++;
  }
  segment = next;
  recordAt = next + offsetof<Segment>() + size;
  recordEnd = next + SEGMENT_SIZE;
  return next + offsetof<Segment>();
}

// --- buffers: contiguous, doubled when full

@unmanaged
export class GrowBuffer {
  at: u32;
  capacity: u32;
  length: u32;
  reserved: u32;
}

export function bufferInit(capacity: u32): GrowBuffer {
  const buffer = changetype<GrowBuffer>(txAlloc(offsetof<GrowBuffer>() as u32));
  if (changetype<usize>(buffer) == 0) return buffer;
  buffer.at = txAlloc(capacity) as u32;
  buffer.capacity = capacity;
  buffer.length = 0;
  return buffer.at == 0 ? changetype<GrowBuffer>(0) : buffer;
}

/** Makes room for `size` more bytes; returns where they go, 0 when out of memory. */
// @ts-ignore: decorator
@inline
export function bufferReserve(buffer: GrowBuffer, size: u32): usize {
  if (buffer.capacity - buffer.length < size && !bufferGrow(buffer, size)) return 0;
  return (buffer.at as usize) + (buffer.length as usize);
}

function bufferGrow(buffer: GrowBuffer, size: u32): bool {
  const needed = (buffer.length as u64) + (size as u64);
  const wanted = max<u64>((buffer.capacity as u64) << 1, needed);
  if (wanted <= 0x7fff0000) {
    const at = txAlloc(wanted as u32);
    if (at != 0) {
      memory.copy(at, buffer.at, buffer.length);
      txFree(buffer.at, buffer.capacity);
      buffer.at = at as u32;
      buffer.capacity = wanted as u32;
      return true;
    }
  }
  setTxFault(ENGINE_OUT_OF_MEMORY);
  return false;
}

/** Empties the buffer; gives memory above `keep` back. */
export function bufferReset(buffer: GrowBuffer, keep: u32): void {
  buffer.length = 0;
  if (buffer.capacity <= keep) return;
  const at = txAlloc(keep);
  if (at == 0) return;
  txFree(buffer.at, buffer.capacity);
  buffer.at = at as u32;
  buffer.capacity = keep;
}

// --- indexes: open addressing over (generation, record)

@unmanaged
export class Index {
  at: u32;
  /** Entries - 1; a power of two less one. */
  mask: u32;
  count: u32;
  generation: u32;
}

/** Entry of an index: u32 generation, u32 record, u32 hash, u32 unused. */
export const INDEX_ENTRY: usize = 8;
/** Entries kept between transactions. */
const KEPT_ENTRIES: u32 = 1 << 14;

export function indexInit(entries: u32): Index {
  const index = changetype<Index>(txAlloc(offsetof<Index>() as u32));
  if (changetype<usize>(index) == 0) return index;
  index.at = 0;
  return indexResize(index, entries) ? index : changetype<Index>(0);
}

/** Replaces the entries by `entries` empty ones; the old array is freed. */
export function indexResize(index: Index, entries: u32): bool {
  const at = txAlloc(entries * (INDEX_ENTRY as u32));
  if (at == 0) return false;
  memory.fill(at, 0, (entries as usize) * INDEX_ENTRY);
  if (index.at != 0) txFree(index.at, (index.mask + 1) * (INDEX_ENTRY as u32));
  index.at = at as u32;
  index.mask = entries - 1;
  index.count = 0;
  index.generation = 1;
  return true;
}

export function indexReset(index: Index): void {
  index.count = 0;
  if (index.mask >= KEPT_ENTRIES && indexResize(index, 1 << 10)) return;
  if (++index.generation != 0) return;
  memory.fill(index.at, 0, (index.mask as usize + 1) * INDEX_ENTRY);
  index.generation = 1;
}
