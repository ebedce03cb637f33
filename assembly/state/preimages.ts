/** Inputs of KECCAK256 that may name a storage slot, packed for the host (layout.ts, RESULT_PREIMAGES):
 *  collected only while an access set is recorded. */
import { RESULT_PREIMAGES } from "../layout";
import { result } from "../transaction/result";
import { wordToBytes } from "../u256/word";
import { GrowBuffer, bufferInit, bufferReserve, bufferReset } from "./tx-memory";

const SHORTEST: u32 = 32;
const LONGEST: u32 = 256;
/** A loop that hashes all day names no more slots than this. */
const MOST_BYTES: u32 = 1 << 20;
const KEPT: u32 = 1 << 16;

/** Whether the execution at hand is recorded. */
export let recording: bool = false;

let buffer: GrowBuffer = changetype<GrowBuffer>(0);

/** Once per thread. */
export function preimagesInit(): bool {
  buffer = bufferInit(1 << 10);
  return changetype<usize>(buffer) != 0;
}

export function preimagesBegin(record: bool): void {
  recording = record;
  if (buffer.length != 0) bufferReset(buffer, KEPT);
}

/** Notes that `length` bytes at `data` hash to the word (core order) at `hash`. */
export function notePreimage(data: usize, length: u32, hash: usize): void {
  if (length < SHORTEST || length > LONGEST || buffer.length > MOST_BYTES) return;
  const at = bufferReserve(buffer, 36 + length);
  if (at == 0) return;
  buffer.length += 36 + length;
  wordToBytes(at, hash);
  store<u32>(at, length, 32);
  memory.copy(at + 36, data, length);
}

export function setPreimages(): void {
  store<u32>(result, buffer.at, RESULT_PREIMAGES);
  store<u32>(result, buffer.length, RESULT_PREIMAGES + 4);
}
