/**
 * This thread's memory for execution: frames, operand stacks, EVM memories, return data, scratch.
 *
 * Stacks and memories lie in slabs. A frame's stack begins above its caller's top item, its memory
 * above the caller's memory; when a slab is too small for what is asked, the next one is used (only
 * the running frame's memory grows, so it alone ever moves). Slabs are taken when first needed and
 * kept; large ones go back to the heap when a transaction begins.
 */
import { CHUNK_SIZE } from "../layout";
import { chunkAlloc, chunkFree } from "../memory/heap";
import { ENGINE_OUT_OF_MEMORY } from "../status";
import { setTxFault } from "../state/tx-state";
import { ALL_TRAITS_SIZE, buildTraits } from "../traits";
import { DIVISION_SCRATCH, divisionInit } from "../u256/division";
import { FRAME_SIZE, Frame, MAX_DEPTH, MAX_STACK } from "./frame";

/** Of stack slabs. */
const STACK_SLAB_CHUNKS: u32 = 8;
const MAX_STACK_SLABS: u32 = 128;
const STACK_BYTES: usize = (MAX_STACK as usize) * 32;
/** The first memory slab; each further one is at least twice as large. */
const MEMORY_SLAB_CHUNKS: u32 = 8;
const MAX_MEMORY_SLABS: u32 = 1100;
/** A transaction that needed more than this gives it back. */
const KEPT_CHUNKS: u32 = 256;
const RETURN_CHUNKS: u32 = 1;

/** Scratch for topics, hashes and addresses of the running instruction. */
export let scratchWords: usize = 0;
export const SCRATCH_WORDS_SIZE: usize = 1024;

/** Trait tables of all forks (traits.ts). */
export let traitTables: usize = 0;

/** Return data of the running frame's last call: one buffer, since a call that begins empties it. */
export let returnData: usize = 0;
export let returnDataLength: u32 = 0;
let returnChunks: u32 = 0;

let frames: usize = 0;
let stackSlabs: usize = 0; // u32 each
let stackSlabCount: u32 = 0;
let memorySlabs: usize = 0; // u32 address, u32 chunks
let memorySlabCount: u32 = 0;

// @ts-ignore: decorator
@inline
export function frameAt(depth: u32): Frame {
  return changetype<Frame>(frames + (depth as usize) * FRAME_SIZE);
}

/** Once per thread. Returns false when out of memory. */
export function areaInit(): bool {
  const frameBytes = ((MAX_DEPTH + 1) as usize) * FRAME_SIZE;
  const listBytes = (MAX_STACK_SLABS as usize) * 4 + (MAX_MEMORY_SLABS as usize) * 8;
  const smallBytes = SCRATCH_WORDS_SIZE + DIVISION_SCRATCH + ALL_TRAITS_SIZE;
  const chunks = ((frameBytes + listBytes + smallBytes + CHUNK_SIZE - 1) / CHUNK_SIZE) as u32;
  let at = chunkAlloc(chunks);
  if (at == 0) return false;
  frames = at;
  at += frameBytes;
  stackSlabs = at;
  at += (MAX_STACK_SLABS as usize) * 4;
  memorySlabs = at;
  at += (MAX_MEMORY_SLABS as usize) * 8;
  scratchWords = (at + 15) & ~15;
  at = scratchWords + SCRATCH_WORDS_SIZE;
  divisionInit(at);
  at += DIVISION_SCRATCH;
  traitTables = at;
  buildTraits(at);
  returnData = chunkAlloc(RETURN_CHUNKS);
  returnChunks = RETURN_CHUNKS;
  const stack = chunkAlloc(STACK_SLAB_CHUNKS);
  const slab = chunkAlloc(MEMORY_SLAB_CHUNKS);
  if (returnData == 0 || stack == 0 || slab == 0) return false;
  store<u32>(stackSlabs, stack as u32);
  stackSlabCount = 1;
  setMemorySlab(0, slab, MEMORY_SLAB_CHUNKS);
  memorySlabCount = 1;
  return true;
}

/** Before a transaction's first message: gives what only a giant needed back to the heap. */
export function areaReset(): void {
  returnDataLength = 0;
  if (returnChunks > KEPT_CHUNKS) {
    chunkFree(returnData, returnChunks);
    // What was just freed is there to be taken again.
    returnData = chunkAlloc(RETURN_CHUNKS);
    returnChunks = returnData == 0 ? 0 : RETURN_CHUNKS;
  }
  while (memorySlabCount > 1 && slabChunks(memorySlabCount - 1) > KEPT_CHUNKS) {
    memorySlabCount--;
    chunkFree(slabAddress(memorySlabCount), slabChunks(memorySlabCount));
  }
}

// --- return data

/** Room for `length` bytes of return data, whose content is lost when it moves. */
export function reserveReturnData(length: u32): bool {
  if ((length as u64) <= (returnChunks as u64) * (CHUNK_SIZE as u64)) return true;
  const chunks = ((length as u64 + CHUNK_SIZE - 1) / CHUNK_SIZE) as u32;
  const at = chunkAlloc(chunks);
  if (at == 0) {
    setTxFault(ENGINE_OUT_OF_MEMORY);
    return false;
  }
  chunkFree(returnData, returnChunks);
  returnData = at;
  returnChunks = chunks;
  return true;
}

// @ts-ignore: decorator
@inline
export function setReturnDataLength(length: u32): void {
  returnDataLength = length;
}

export function setReturnData(from: usize, length: u32): void {
  if (length != 0) {
    if (!reserveReturnData(length)) length = 0;
    else copyBytes(returnData, from, length);
  }
  returnDataLength = length;
}

// --- stacks

/** Where a stack above `top` (the address of the caller's top item, 0 for the first) begins; 0 = out of memory. */
export function stackAbove(top: usize, callerStack: usize): usize {
  if (top == 0) return load<u32>(stackSlabs) + 32;
  const begin = top + 64;
  const slabSize = (STACK_SLAB_CHUNKS as usize) * CHUNK_SIZE;
  // The caller's slab is the one its stack lies in; a stack ends within the slab it began in.
  for (let i: u32 = 0; i < stackSlabCount; i++) {
    const slab = load<u32>(stackSlabs + i * 4) as usize;
    if (callerStack - slab < slabSize) {
      if (begin + STACK_BYTES <= slab + slabSize) return begin;
      if (i + 1 == stackSlabCount && !addStackSlab()) return 0;
      return (load<u32>(stackSlabs + (i + 1) * 4) as usize) + 32;
    }
  }
  return 0;
}

function addStackSlab(): bool {
  const slab = stackSlabCount < MAX_STACK_SLABS ? chunkAlloc(STACK_SLAB_CHUNKS) : 0;
  if (slab == 0) {
    setTxFault(ENGINE_OUT_OF_MEMORY);
    return false;
  }
  store<u32>(stackSlabs + stackSlabCount * 4, slab as u32);
  stackSlabCount++;
  return true;
}

// --- memories

// @ts-ignore: decorator
@inline
function slabAddress(index: u32): usize {
  return load<u32>(memorySlabs + index * 8);
}

// @ts-ignore: decorator
@inline
function slabChunks(index: u32): u32 {
  return load<u32>(memorySlabs + index * 8, 4);
}

function setMemorySlab(index: u32, at: usize, chunks: u32): void {
  store<u32>(memorySlabs + index * 8, at as u32);
  store<u32>(memorySlabs + index * 8, chunks, 4);
}

/** The first frame's memory. */
export function firstMemory(frame: Frame): void {
  placeMemory(frame, slabAddress(0), 0);
}

/** The memory of a frame that `caller` calls. */
export function memoryAbove(frame: Frame, caller: Frame): void {
  placeMemory(frame, (caller.memory as usize) + (caller.memorySize as usize), caller.slab);
}

// @ts-ignore: decorator
@inline
function placeMemory(frame: Frame, at: usize, slab: u32): void {
  frame.memory = ((at + 31) & ~31) as u32;
  frame.memorySize = 0;
  frame.slab = slab;
  frame.memoryEnd = (slabAddress(slab) + (slabChunks(slab) as usize) * CHUNK_SIZE) as u32;
}

/** Makes the frame's memory, with its content, fit `size` bytes; false when that cannot be had. */
export function moveMemory(frame: Frame, size: u32): bool {
  let index = frame.slab + 1;
  const wanted = (((size as u64) * 2 + CHUNK_SIZE - 1) / CHUNK_SIZE) as u32;
  const least = max<u32>(wanted, slabChunks(frame.slab) * 2);
  // Slabs above are free; one that is too small makes way.
  while (memorySlabCount > index && (slabChunks(index) as u64) * (CHUNK_SIZE as u64) < (size as u64)) {
    memorySlabCount--;
    chunkFree(slabAddress(memorySlabCount), slabChunks(memorySlabCount));
  }
  if (index >= memorySlabCount) {
    index = memorySlabCount;
    let chunks = index < MAX_MEMORY_SLABS ? min<u32>(least, max<u32>(wanted, 4096)) : 0;
    let at = chunkAlloc(chunks);
    if (at == 0) {
      chunks = ((size as u64 + CHUNK_SIZE - 1) / CHUNK_SIZE) as u32;
      at = index < MAX_MEMORY_SLABS ? chunkAlloc(chunks) : 0;
      if (at == 0) return false;
    }
    setMemorySlab(index, at, chunks);
    memorySlabCount++;
  }
  const from = frame.memory as usize;
  const length = frame.memorySize;
  placeMemory(frame, slabAddress(index), index);
  memory.copy(frame.memory, from, length);
  frame.memorySize = length;
  return true;
}

/** `size` bytes below the frame's memory, which is still empty; 0 when out of memory. */
export function reserveBelow(frame: Frame, size: u32): usize {
  if ((size as u64) > ((frame.memoryEnd - frame.memory) as u64) && !moveMemory(frame, size)) {
    setTxFault(ENGINE_OUT_OF_MEMORY);
    return 0;
  }
  const at = frame.memory as usize;
  frame.memory = ((at + (size as usize) + 31) & ~31) as u32;
  return at;
}

// --- bytes

/** Copies; the regions may not overlap. Short copies stay clear of the call that memory.copy is. */
// @ts-ignore: decorator
@inline
export function copyBytes(to: usize, from: usize, length: u32): void {
  memory.copy(to, from, length);
}
