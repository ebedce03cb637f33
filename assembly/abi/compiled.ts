/** What compiled code calls, and what its compiler needs to know (src/internal/compiler/). */
import { copyToMemory, growMemory } from "../instructions/memory";
import { callDataLoad, setAddress } from "../instructions/environment";
import { keccak } from "../instructions/keccak";
import { sload, sstore } from "../instructions/storage";
import { returnDataLength } from "../interpreter/area";
import { compileEagerly, dropCompiled, setCompiled } from "../interpreter/compiled";
import { context } from "../interpreter/context";
import { Frame, callerOf, valueOf } from "../interpreter/frame";
import { FAILED, halt } from "../interpreter/halt";
import { changesState, runRare } from "../interpreter/rare";
import {
  OP_ADDMOD, OP_ADDRESS, OP_BYTE, OP_CALLDATACOPY, OP_CALLDATALOAD, OP_CALLDATASIZE, OP_CALLER, OP_CALLVALUE, OP_DIV, OP_KECCAK256,
  OP_MOD, OP_MULMOD, OP_NUMBER, OP_RETURNDATASIZE, OP_SAR, OP_SHL, OP_SHR, OP_SIGNEXTEND, OP_SLOAD, OP_SSTORE,
  OP_TIMESTAMP,
} from "../opcodes";
import { HALT_STATIC_VIOLATION } from "../status";
import { byteAt, sar, shl, shr, signExtend } from "../u256/bits";
import { addmod, div, mod, mulmod } from "../u256/division";
import { copyWord, setWord64 } from "../u256/word";

/** Runs an opcode that can neither fail nor take gas. Its operands are there, the first at `sp`; what it leaves
 *  goes where the last of them was, or above `sp` when it takes none. */
export function compiledWord(frame: Frame, opcode: u32, sp: usize): void {
  const above = sp + 32;
  const below = sp - 32;
  switch (opcode) {
    case OP_DIV: div(below, sp, below); break;
    case OP_MOD: mod(below, sp, below); break;
    case OP_ADDMOD: addmod(sp - 64, sp, below, sp - 64); break;
    case OP_MULMOD: mulmod(sp - 64, sp, below, sp - 64); break;
    case OP_SIGNEXTEND: signExtend(below, sp, below); break;
    case OP_BYTE: byteAt(below, sp, below); break;
    case OP_SHL: shl(below, sp, below); break;
    case OP_SHR: shr(below, sp, below); break;
    case OP_SAR: sar(below, sp, below); break;
    case OP_ADDRESS: setAddress(above, frame.account); break;
    case OP_CALLER: setAddress(above, callerOf(frame)); break;
    case OP_CALLVALUE: copyWord(above, valueOf(frame)); break;
    case OP_CALLDATALOAD: callDataLoad(frame, sp); break;
    case OP_CALLDATASIZE: setWord64(above, frame.inputLength); break;
    case OP_RETURNDATASIZE: setWord64(above, returnDataLength); break;
    case OP_TIMESTAMP: setWord64(above, context.timestamp); break;
    case OP_NUMBER: setWord64(above, context.number); break;
    default: runRare(frame, opcode, sp, 0, context.fork);
  }
}

/** Runs any other opcode, whose static gas is paid. Returns the gas left, or FAILED as the interpreter has it. */
export function compiledStep(frame: Frame, opcode: u32, sp: usize, gas: u64): u64 {
  const fork = context.fork;
  switch (opcode) {
    case OP_SLOAD: return sload(frame, sp, gas, fork);
    case OP_SSTORE: return frame.isStatic ? halt(HALT_STATIC_VIOLATION) : sstore(frame, sp, gas, fork);
    case OP_KECCAK256: return keccak(frame, sp, gas);
    case OP_CALLDATACOPY: return copyToMemory(frame, sp, frame.input, frame.inputLength, gas);
    default:
      if (frame.isStatic && changesState(opcode)) return halt(HALT_STATIC_VIOLATION);
      return runRare(frame, opcode, sp, gas, fork);
  }
}

/** Makes memory active, as a read or write of `length` bytes at an offset (its lowest limb, and the others or-ed)
 *  does. Returns the gas left; FAILED when that is too little or too far, and then nothing has happened. */
export function compiledTouch(frame: Frame, offset: u64, high: u64, length: u32, gas: u64): u64 {
  const end = offset + (length as u64);
  if (high != 0 || end < offset) return FAILED;
  return end <= (frame.memorySize as u64) ? gas : growMemory(frame, end, gas);
}

/** Writes where a frame's fields lie: u32 each, in the order of `FIELDS` (src/internal/compiler/compiler.ts). */
export function compiledLayout(out: usize): void {
  store<u32>(out, offsetof<Frame>("pc") as u32);
  store<u32>(out, offsetof<Frame>("sp") as u32, 4);
  store<u32>(out, offsetof<Frame>("stack") as u32, 8);
  store<u32>(out, offsetof<Frame>("code") as u32, 12);
  store<u32>(out, offsetof<Frame>("codeLength") as u32, 16);
  store<u32>(out, offsetof<Frame>("text") as u32, 20);
  store<u32>(out, offsetof<Frame>("jumpdests") as u32, 24);
  store<u32>(out, offsetof<Frame>("memory") as u32, 28);
  store<u32>(out, offsetof<Frame>("memorySize") as u32, 32);
}

/** This thread's function at `index` of the table is for the jump destination `pc` of the code with the hash (32
 *  bytes) on the fork. */
export function compiledSet(hash: usize, pc: u32, fork: u32, index: u32): void {
  setCompiled(hash, pc, fork, index);
}

/** The function is about to go. */
export function compiledDrop(index: u32): void {
  dropCompiled(index);
}

/** For tests: code is compiled when it is first met. */
export function compiledEager(eager: bool): void {
  compileEagerly(eager);
}
