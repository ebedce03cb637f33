/** Opening frames: their stack, memory and code. */
import { analyzeJumpdests, jumpdestBitmapSize, jumpdestsOf } from "../code/analysis";
import { Code } from "../code/code";
import { CODE_PADDING, codeText } from "../code/store";
import { TRACE } from "../config";
import { ENGINE_OUT_OF_MEMORY } from "../status";
import { setTxFault } from "../state/tx-state";
import { copyWord } from "../u256/word";
import { copyBytes, firstMemory, frameAt, memoryAbove, reserveBelow, stackAbove } from "./area";
import { context } from "./context";
import { Frame, setCurrent, valueOf } from "./frame";

/** The frame at `depth`, empty; null (with a fault) when out of memory. */
export function openFrame(depth: u32, caller: Frame, kind: u32, sender: usize, account: usize, value: usize): Frame {
  const frame = frameAt(depth);
  const stack = depth == 0 ? stackAbove(0, 0) : stackAbove(caller.sp, caller.stack);
  if (stack == 0) return changetype<Frame>(0);
  frame.stack = stack as u32;
  frame.sp = (stack - 32) as u32;
  if (depth == 0) firstMemory(frame);
  else memoryAbove(frame, caller);
  frame.kind = kind;
  frame.depth = depth;
  frame.account = account as u32;
  frame.callerLo = load<u64>(sender);
  frame.callerMid = load<u64>(sender, 8);
  frame.callerHi = load<u32>(sender, 16);
  copyWord(valueOf(frame), value);
  frame.refund = context.refund;
  frame.stateGas = context.stateGas;
  frame.gasNeeded = 0;
  frame.result = 0;
  frame.resultLength = 0;
  return frame;
}

export function setGas(frame: Frame, gas: u64, taken: u64): void {
  frame.gas = gas;
  frame.gasLimit = gas;
  frame.gasTaken = taken;
}

/** Starts the frame at the beginning of a stored code. */
export function runCode(frame: Frame, code: Code): void {
  let text = codeText(code);
  if (TRACE) {
    // Every step is to be seen, so nothing is fused; the text in the code belongs to the plain build.
    const size = code.length + CODE_PADDING;
    text = reserveBelow(frame, size);
    if (text == 0) return;
    memory.fill(text, 0, size);
  }
  start(frame, code.bytes, code.length, jumpdestsOf(code), text as u32);
}

/** Starts the frame at the beginning of initcode, of which it takes a copy. */
export function runInitcode(frame: Frame, initcode: usize, length: u32): bool {
  const padded = (length as u64) + CODE_PADDING;
  const size = padded * 2 + jumpdestBitmapSize(length);
  if (size > 0xfffe0000) {
    setTxFault(ENGINE_OUT_OF_MEMORY);
    return false;
  }
  const bytes = reserveBelow(frame, size as u32);
  if (bytes == 0) return false;
  copyBytes(bytes, initcode, length);
  const jumpdests = bytes + length + CODE_PADDING;
  memory.fill(bytes + length, 0, (size as u32) - length);
  analyzeJumpdests(bytes, length, jumpdests);
  start(frame, bytes as u32, length, jumpdests as u32, (jumpdests + jumpdestBitmapSize(length)) as u32);
  return true;
}

function start(frame: Frame, bytes: u32, length: u32, jumpdests: u32, text: u32): void {
  frame.code = bytes;
  frame.text = text;
  frame.pc = text;
  frame.codeLength = length;
  frame.jumpdests = jumpdests;
  setCurrent(frame);
}
