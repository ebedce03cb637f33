/**
 * Call frames: an array in this thread's memory, one entry per depth, so the EVM's depth never
 * becomes depth on the WebAssembly stack. Words and addresses are in core order.
 */

/** What opened a frame. The numbers are part of the ABI (TraceImports). */
export const KIND_CALL: u32 = 0;
export const KIND_CALLCODE: u32 = 1;
export const KIND_DELEGATECALL: u32 = 2;
export const KIND_STATICCALL: u32 = 3;
export const KIND_CREATE: u32 = 4;
export const KIND_CREATE2: u32 = 5;

/** Calls may nest this deep below the top one. */
export const MAX_DEPTH: u32 = 1024;
export const MAX_STACK: u32 = 1024;

/** What a frame's locals are while another one runs, and what does not change while it runs. */
@unmanaged
export class Frame {
  gas: u64;
  /** Address of the next opcode in the text. */
  pc: u32;
  /** Address of the stack's top item; 32 below `stack` when empty. */
  sp: u32;
  stack: u32;
  code: u32;
  codeLength: u32;
  /** What runs: see text.ts. `pc` is an address in it. */
  text: u32;
  jumpdests: u32;
  memory: u32;
  /** Active memory in bytes: a multiple of 32. */
  memorySize: u32;
  /** End of the slab that `memory` lies in, and its number. */
  memoryEnd: u32;
  slab: u32;
  input: u32;
  inputLength: u32;
  /** 1 = no change of state is allowed (EIP-214). */
  isStatic: u32;
  kind: u32;
  depth: u32;
  /** TxAccount that the code runs on: ADDRESS, storage, balance. */
  account: u32;
  checkpoint: u32;
  /** Where the caller wants the output. */
  outputOffset: u32;
  outputLength: u32;
  reserved0: u32;
  /** Output of RETURN and REVERT: where it lies, once the frame has ended. */
  result: u32;
  resultLength: u32;
  /** The caller, as an address. */
  callerLo: u64;
  callerMid: u64;
  callerHi: u32;
  reserved: u32;
  value: u64;
  value1: u64;
  value2: u64;
  value3: u64;
  /** `context.refund` when the frame began. */
  refund: i64;
  /** `context.stateGas` when the frame began. */
  stateGas: i64;
  gasLimit: u64;
  /** What of `gasLimit` the caller paid: all but the stipend. */
  gasTaken: u64;
  /** The least gas with which the frame would have come this far in the same way. */
  gasNeeded: u64;
}

/** Bytes of a frame; a multiple of 16. */
export const FRAME_SIZE: usize = (offsetof<Frame>() + 15) & ~15;

// @ts-ignore: decorator
@inline
export function callerOf(frame: Frame): usize {
  return changetype<usize>(frame) + offsetof<Frame>("callerLo");
}

// @ts-ignore: decorator
@inline
export function valueOf(frame: Frame): usize {
  return changetype<usize>(frame) + offsetof<Frame>("value");
}

/** The running frame. */
export let current: Frame = changetype<Frame>(0);

export function setCurrent(frame: Frame): void {
  current = frame;
}
