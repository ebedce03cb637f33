/** Memory: expansion and its price, copies. Operands are pointers to words on the stack. */
import { GAS_COPY_WORD, memoryGas, words } from "../gas";
import { copyBytes, moveMemory } from "../interpreter/area";
import { Frame } from "../interpreter/frame";
import { FAILED, halt } from "../interpreter/halt";
import { isInParallel } from "../state/tx-below";
import { setTxFault } from "../state/tx-state";
import { ENGINE_OUT_OF_MEMORY, HALT_INVALID_OPERAND_OUT_OF_GAS, HALT_MEMORY_LIMIT, HALT_MEMORY_OUT_OF_GAS, HALT_OUT_OF_GAS } from "../status";
import { wordFromBytes, wordToBytes } from "../u256/word";

/** Whether the word is 2^64 or more: no gas could pay for such an offset or length. */
// @ts-ignore: decorator
@inline
export function isHuge(word: usize): bool {
  return (load<u64>(word, 8) | load<u64>(word, 16) | load<u64>(word, 24)) != 0;
}

/** The word, 2^64-1 when it is more. */
// @ts-ignore: decorator
@inline
export function saturated(word: usize): u64 {
  return isHuge(word) ? u64.MAX_VALUE : load<u64>(word);
}

/** Charges for and makes active the `length` > 0 bytes at the offset on the stack. */
export function touchMemory(frame: Frame, offset: usize, length: u64, gas: u64): u64 {
  if (isHuge(offset)) return halt(HALT_INVALID_OPERAND_OUT_OF_GAS);
  const from = load<u64>(offset);
  const end = from + length;
  if (end >= from && end <= (frame.memorySize as u64)) return gas;
  return growMemory(frame, end < from ? u64.MAX_VALUE : end, gas);
}

/** The same for an offset and a length on the stack; a length of 0 needs no memory. */
export function touchRange(frame: Frame, offset: usize, length: usize, gas: u64): u64 {
  if (isHuge(length)) return halt(HALT_INVALID_OPERAND_OUT_OF_GAS);
  const size = load<u64>(length);
  return size == 0 ? gas : touchMemory(frame, offset, size, gas);
}

/** Memory ends here, whatever gas is left: beyond it an address is not a u32. */
const MEMORY_LIMIT: u64 = 0xfffe0000;

/** Charges for and makes active what lies before `end`, which is more than what is active. */
export function growMemory(frame: Frame, end: u64, gas: u64): u64 {
  // No gas pays for that, but the limit is checked first.
  if (end > 0xffffffff) return halt(HALT_MEMORY_LIMIT);
  const count = words(end);
  const before = frame.memorySize;
  const price = memoryGas(count) - memoryGas((before >> 5) as u64);
  if (gas < price) return halt(HALT_MEMORY_OUT_OF_GAS);
  const bytes = count << 5;
  if (bytes > MEMORY_LIMIT) return halt(HALT_MEMORY_LIMIT);
  const size = bytes as u32;
  if (size > frame.memoryEnd - frame.memory && !moveMemory(frame, size)) return noMemory();
  frame.memorySize = size;
  clear(frame.memory + before, size - before);
  return gas - price;
}

/** The heap is full. What a thread gets of it hangs on what others have: among them, no transaction fails by that. */
function noMemory(): u64 {
  if (!isInParallel()) return halt(HALT_MEMORY_LIMIT);
  setTxFault(ENGINE_OUT_OF_MEMORY);
  return halt(ENGINE_OUT_OF_MEMORY);
}

/** Zeroes `length` bytes, a multiple of 32. */
// @ts-ignore: decorator
@inline
function clear(at: usize, length: u32): void {
  if (length > 512) {
    memory.fill(at, 0, length);
    return;
  }
  const zero = i64x2.splat(0);
  const end = at + length;
  for (; at < end; at += 32) {
    v128.store(at, zero);
    v128.store(at, zero, 16);
  }
}

/** The offset at `sp` becomes the word there. */
// @ts-ignore: decorator
@inline
export function mload(frame: Frame, sp: usize, gas: u64): u64 {
  const offset = load<u64>(sp);
  if (isHuge(sp) || offset >> 32 != 0 || offset + 32 > (frame.memorySize as u64)) {
    gas = touchMemory(frame, sp, 32, gas);
    if (gas == FAILED) return gas;
  }
  wordFromBytes(sp, (frame.memory as usize) + (offset as usize));
  return gas;
}

/** Writes the word at `value` where the word at `offset` says. */
// @ts-ignore: decorator
@inline
export function mstore(frame: Frame, offset: usize, value: usize, gas: u64): u64 {
  const at = load<u64>(offset);
  if (isHuge(offset) || at >> 32 != 0 || at + 32 > (frame.memorySize as u64)) {
    gas = touchMemory(frame, offset, 32, gas);
    if (gas == FAILED) return gas;
  }
  wordToBytes((frame.memory as usize) + (at as usize), value);
  return gas;
}

/** The same for an offset below 256. */
// @ts-ignore: decorator
@inline
export function mloadAt(frame: Frame, offset: u32, out: usize, gas: u64): u64 {
  if (offset + 32 > frame.memorySize) {
    gas = growMemory(frame, (offset + 32) as u64, gas);
    if (gas == FAILED) return gas;
  }
  wordFromBytes(out, (frame.memory as usize) + (offset as usize));
  return gas;
}

// @ts-ignore: decorator
@inline
export function mstoreAt(frame: Frame, offset: u32, value: usize, gas: u64): u64 {
  if (offset + 32 > frame.memorySize) {
    gas = growMemory(frame, (offset + 32) as u64, gas);
    if (gas == FAILED) return gas;
  }
  wordToBytes((frame.memory as usize) + (offset as usize), value);
  return gas;
}

/** Price of copying `length` bytes, which may be any number. */
// @ts-ignore: decorator
@inline
function copyPrice(length: u64): u64 {
  return GAS_COPY_WORD * ((length >> 5) + u64((length & 31) != 0));
}

/** Charges for copying `length` (a word) bytes to memory at `offset`, and makes that active. */
export function payForCopy(frame: Frame, offset: usize, length: usize, gas: u64): u64 {
  if (isHuge(length)) return halt(HALT_INVALID_OPERAND_OUT_OF_GAS);
  const size = load<u64>(length);
  if (size == 0) return gas;
  const price = copyPrice(size);
  if (gas < price) return halt(HALT_OUT_OF_GAS);
  return touchMemory(frame, offset, size, gas - price);
}

/** Copies `length` bytes from `offset` of a source of `size` bytes; what lies past its end reads as zeros. */
export function copyPadded(to: usize, source: usize, size: u32, offset: u64, length: u32): void {
  let available: u32 = 0;
  if (offset < (size as u64)) {
    available = min<u32>(length, size - (offset as u32));
    copyBytes(to, source + (offset as u32), available);
  }
  if (available < length) memory.fill(to + available, 0, length - available);
}

/** CALLDATACOPY and CODECOPY: memory offset, source offset, length on the stack. */
export function copyToMemory(frame: Frame, sp: usize, source: usize, size: u32, gas: u64): u64 {
  gas = payForCopy(frame, sp, sp - 64, gas);
  if (gas == FAILED) return gas;
  const length = load<u32>(sp - 64);
  if (length != 0) copyPadded(frame.memory + load<u32>(sp), source, size, saturated(sp - 32), length);
  return gas;
}

/** MCOPY (EIP-5656): destination, source, length. */
export function mcopy(frame: Frame, sp: usize, gas: u64): u64 {
  const length = sp - 64;
  if (isHuge(length)) return halt(HALT_INVALID_OPERAND_OUT_OF_GAS);
  const size = load<u64>(length);
  if (size == 0) return gas;
  const price = copyPrice(size);
  if (gas < price) return halt(HALT_OUT_OF_GAS);
  gas -= price;
  if (isHuge(sp) || isHuge(sp - 32)) return halt(HALT_INVALID_OPERAND_OUT_OF_GAS);
  const further = load<u64>(sp) > load<u64>(sp - 32) ? sp : sp - 32;
  gas = touchMemory(frame, further, size, gas);
  if (gas == FAILED) return gas;
  memory.copy(frame.memory + load<u32>(sp), frame.memory + load<u32>(sp - 32), size as u32);
  return gas;
}
