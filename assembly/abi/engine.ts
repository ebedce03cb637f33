/** Engine functions of the ABI. */
import { chunksInUse, heapInit, heapThreadLost } from "../memory/heap";
import { inMemory } from "../memory/bounds";
import { decodeHex } from "../memory/hex";
import { interpreterInit } from "../interpreter/init";
import { bufferTake, bufferGive, thread, threadStart } from "../memory/thread";
import { keccak256 as hash } from "../crypto/keccak";
import { txStateInit } from "../state/tx-state";
import { orderedRoot, sortedRoot } from "../trie/ordered";

/** Raised when the meaning of an export or a layout changes. */
export function abiVersion(): u32 {
  return 1;
}

export function engineInit(): void {
  heapInit();
}

export function threadInit(threadIndex: u32): usize {
  const region = threadStart(threadIndex);
  return region != 0 && txStateInit() && interpreterInit() ? region : 0;
}

/** A thread died, perhaps inside the core: its locks are released. Called by another thread. */
export function threadLost(threadIndex: u32): void {
  heapThreadLost(threadIndex);
}

export function scratch(): usize {
  return thread.scratch;
}

export function bufferAlloc(size: u32): usize {
  return bufferTake(size);
}

export function bufferFree(pointer: usize): void {
  bufferGive(pointer);
}

export function memoryInUse(): f64 {
  return (chunksInUse() as f64) * 65536;
}

export function hexDecode(from: usize, to: usize, length: u32): void {
  if (inMemory(from, (length as u64) * 2 + 16) && inMemory(to, length)) decodeHex(from, to, length);
}

export function keccak256(data: usize, length: u32, out: usize): void {
  if (inMemory(data, length)) hash(data, length, out);
}

export function orderedTrieRoot(items: usize, count: u32, out: usize): u32 {
  return orderedRoot(items, count, out);
}

export function trieRoot(items: usize, count: u32, out: usize): u32 {
  return sortedRoot(items, count, out);
}
