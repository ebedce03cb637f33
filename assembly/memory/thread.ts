/**
 * A thread's own region: its scratch, its small work areas, and an arena for buffers. The pointer
 * to it is a module global, so each instance has its own; the engine area remembers it by
 * thread number, so a thread that replaces a dead one takes over its region.
 */
import { codeStoreInit } from "../code/store";
import { KECCAK_SCRATCH, keccakInit } from "../crypto/keccak";
import { CHUNK_SIZE, ENGINE_AREA, SCRATCH_SIZE } from "../layout";
import { ARENA_CHUNK_HEADER, ARENA_SIZE, ARENA_SMALL_LIMIT, arenaAdopt, arenaAlloc, arenaFree, arenaInit } from "./arena";
import { chunkAlloc, chunkFree } from "./heap";
import { setLockOwner } from "./lock";

@unmanaged
export class Thread {
  index: u32;
  /** SCRATCH_SIZE bytes for the host. */
  scratch: u32;
  /** WORK_SIZE bytes for short-lived things: trie nodes (trie/encode.ts), converted arguments (abi/state.ts). */
  work: u32;
  reserved: u32;
}

/** This thread's region. */
export let thread: Thread = changetype<Thread>(0);

/** ENGINE_AREA + 0x3000: one pointer per thread number. */
const THREADS: usize = ENGINE_AREA + 0x3000;
export const MAX_THREADS: u32 = 1024;

const HASHES: usize = (offsetof<Thread>() + 15) & ~15;
const KECCAK: usize = HASHES + 64;
const WORK: usize = KECCAK + ((KECCAK_SCRATCH + 15) & ~15);
/** Bytes of `thread.work`. */
export const WORK_SIZE: u32 = 8192;
const ARENA: usize = WORK + WORK_SIZE;

/** Prepares this instance's thread. Returns its region, 0 when out of memory. */
export function threadStart(index: u32): usize {
  if (index >= MAX_THREADS) return 0;
  setLockOwner(index);
  const slot = THREADS + ((index as usize) << 2);
  let at = load<u32>(slot) as usize;
  if (at == 0) {
    // One chunk for the scratch, one for the rest.
    const chunk = chunkAlloc(2);
    if (chunk == 0) return 0;
    at = chunk + SCRATCH_SIZE + ARENA_CHUNK_HEADER;
    memory.fill(at, 0, ARENA + ARENA_SIZE);
    changetype<Thread>(at).scratch = chunk as u32;
    arenaInit(at + ARENA);
    arenaAdopt(at + ARENA, chunk + SCRATCH_SIZE, at + ARENA + ARENA_SIZE);
    store<u32>(slot, at as u32);
  }
  thread = changetype<Thread>(at);
  thread.index = index;
  thread.work = (at + WORK) as u32;
  keccakInit(at + KECCAK);
  codeStoreInit(at + HASHES);
  return at;
}

// A buffer has a header of 16 bytes: bytes or chunks taken, and whether the arena gave them.
const BUFFER_HEADER: u32 = 16;

/** `size` bytes, 16-byte aligned; 0 when out of memory. */
export function bufferTake(size: u32): usize {
  const total = (size as u64) + BUFFER_HEADER;
  let at: usize;
  if (total <= ARENA_SMALL_LIMIT) {
    const arena = changetype<usize>(thread) + ARENA;
    at = arenaAlloc(arena, total as u32);
    if (at == 0) return 0;
    store<u32>(at, total as u32);
  } else {
    const count = (total + CHUNK_SIZE - 1) / CHUNK_SIZE;
    at = chunkAlloc(count as u32);
    if (at == 0) return 0;
    store<u32>(at, count as u32);
  }
  store<u32>(at, total <= ARENA_SMALL_LIMIT ? 1 : 0, 4);
  return at + BUFFER_HEADER;
}

/** Takes back a buffer of this thread. */
export function bufferGive(pointer: usize): void {
  if (pointer == 0) return;
  const at = pointer - BUFFER_HEADER;
  if (load<u32>(at, 4) != 0) arenaFree(changetype<usize>(thread) + ARENA, at, load<u32>(at));
  else chunkFree(at, load<u32>(at));
}
