/** Parts of the interpreter's loop: checks, and what it says about gas. */
import { isHuge } from "../instructions/memory";
import { RESULT_FLAG_GAS_OBSERVED, RESULT_FLAG_GAS_OPAQUE } from "../layout";
import {
  OP_CALL, OP_CALLCODE, OP_DELEGATECALL, OP_PUSH1, OP_PUSH32, OP_STATICCALL, OP_STOP,
} from "../opcodes";
import { HALT_OPCODE_NOT_FOUND, HALT_OUT_OF_GAS, HALT_STACK_OVERFLOW, HALT_STACK_UNDERFLOW } from "../status";
import { isUndefined, traitGas, traitLeaves, traitNeeds } from "../traits";
import { Frame, KIND_CALL, KIND_CALLCODE, KIND_DELEGATECALL, KIND_STATICCALL, MAX_STACK } from "./frame";

/** Why the opcode at `at`, or one of those it is fused with, could not run. */
export function failedCheck(traits: usize, at: usize, gas: u64, depth: u32): u32 {
  while (true) {
    const opcode = load<u8>(at) as u32;
    // Whatever comes before this was fine, and this is never fused with anything.
    if (opcode == OP_STOP) return HALT_OUT_OF_GAS;
    const trait = load<u32>(traits + opcode * 4);
    const price = traitGas(trait) as u64;
    if (isUndefined(trait)) return HALT_OPCODE_NOT_FOUND;
    if (gas < price) return HALT_OUT_OF_GAS;
    if (depth < traitNeeds(trait)) return HALT_STACK_UNDERFLOW;
    depth += traitLeaves(trait) - traitNeeds(trait);
    if (depth > MAX_STACK) return HALT_STACK_OVERFLOW;
    gas -= price;
    at += opcode >= OP_PUSH1 && opcode <= OP_PUSH32 ? (opcode - OP_PUSH1 + 2) as usize : 1;
  }
}

// @ts-ignore: decorator
@inline
export function isDestination(frame: Frame, word: usize): bool {
  const to = load<u64>(word);
  if (isHuge(word) || to >= (frame.codeLength as u64)) return false;
  return ((load<u8>((frame.jumpdests as usize) + ((to as usize) >> 3)) >> ((to as u32) & 7)) & 1) != 0;
}

// @ts-ignore: decorator
@inline
export function priceOf(traits: usize, opcode: u32): u64 {
  return traitGas(load<u32>(traits + opcode * 4)) as u64;
}

/** What GAS says about the run: passing the gas on to a call observes it, but tells nothing. */
// @ts-ignore: decorator
@inline
export function gasFlags(next: u32): u32 {
  const passes = next == OP_CALL || next == OP_CALLCODE || next == OP_DELEGATECALL || next == OP_STATICCALL;
  return passes ? RESULT_FLAG_GAS_OBSERVED : RESULT_FLAG_GAS_OBSERVED | RESULT_FLAG_GAS_OPAQUE;
}

// @ts-ignore: decorator
@inline
export function kindOf(opcode: u32): u32 {
  if (opcode == OP_CALL) return KIND_CALL;
  if (opcode == OP_STATICCALL) return KIND_STATICCALL;
  return opcode == OP_DELEGATECALL ? KIND_DELEGATECALL : KIND_CALLCODE;
}
