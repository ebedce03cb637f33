/**
 * The interpreter: one function, so that pc, sp and gas live in machine registers. The switch
 * becomes one `br_table`. Instructions that are short and hot are written out or inlined, those
 * that are long are calls that return the gas left (halt.ts), and the rare ones are in rare.ts.
 *
 * (That is why this file is longer than others are.) What is run is not the code itself but its text,
 * in which sequences of opcodes that often come together are one (text.ts).
 *
 * `sp` is the address of the stack's top item, `base` of its first. A case that finds too little gas
 * or too few items breaks out of the switch with `status` untouched; what was wrong is then worked
 * out from the trait table. A case that halts for another reason sets `status`. Checks come in
 * revm's order (gas, then stack), so that a failure has the same name.
 */
import { TRACE } from "../config";
import { AMSTERDAM, BYZANTIUM, CONSTANTINOPLE, SHANGHAI } from "../forks";
import { traceStep } from "../host";
import { and, not, or, xor } from "../instructions/bitwise";
import { call } from "../instructions/call";
import { create, selfDestruct } from "../instructions/create";
import { callDataLoad, setAddress } from "../instructions/environment";
import { keccak } from "../instructions/keccak";
import {
  addSmall, dupDepth, exchangeWords, immediate16, isBelowSelector, isSelector, mulSmall, rotate, setAddressMask,
  subSmall, swapDepth,
} from "../instructions/fused";
import { copyToMemory, mload, mloadAt, mstore, mstoreAt, touchRange } from "../instructions/memory";
import { dupN, exchange, pushLong, pushShort, swap, swapN } from "../instructions/stack";
import { sload, sstore } from "../instructions/storage";
import {
  OP_ADD, OP_ADDMOD, OP_ADDRESS, OP_AND, OP_BYTE, OP_CALL, OP_CALLCODE, OP_CALLDATACOPY, OP_CALLDATALOAD,
  OP_CALLDATASIZE, OP_CALLER, OP_CALLVALUE, OP_CREATE, OP_CREATE2, OP_DELEGATECALL, OP_DIV, OP_DUP1, OP_DUPN, OP_EQ,
  OP_EXCHANGE, OP_GAS, OP_GT, OP_INVALID, OP_ISZERO, OP_JUMP, OP_JUMPDEST, OP_JUMPI, OP_KECCAK256, OP_LT, OP_MLOAD,
  OP_MOD, OP_MSIZE, OP_MSTORE, OP_MUL, OP_MULMOD, OP_NOT, OP_NUMBER, OP_OR, OP_PC, OP_POP, OP_PUSH0, OP_PUSH1,
  OP_RETURN, OP_RETURNDATASIZE, OP_REVERT, OP_SAR, OP_SELFDESTRUCT, OP_SGT, OP_SHL, OP_SHR, OP_SIGNEXTEND, OP_SLOAD,
  OP_SLT, OP_SSTORE, OP_STATICCALL, OP_SUB, OP_SWAP1, OP_SWAPN, OP_TIMESTAMP, OP_XOR,
} from "../opcodes";
import {
  HALT_INVALID_JUMP, HALT_INVALID_OPCODE, HALT_OUT_OF_GAS, HALT_STATIC_VIOLATION, OK_RETURN, OK_SELFDESTRUCT, OK_STOP,
  REVERT,
} from "../status";
import { txFault } from "../state/tx-state";
import { TRAITS_SIZE, isUndefined, traitGas, traitLeaves, traitNeeds } from "../traits";
import { add, lessThan, mul, signedLessThan, sub } from "../u256/arithmetic";
import { byteAt, sar, shl, shlBy, shr, shrBy, signExtend } from "../u256/bits";
import { addmod, div, mod, mulmod } from "../u256/division";
import { copyWord, equalWords, isZeroWord, setWord64, zeroWord } from "../u256/word";
import { returnDataLength, traitTables } from "./area";
import { context } from "./context";
import { compiledAt, patience as patienceLeft, ranCompiled, setPatience } from "./compiled";
import { failedCheck, gasFlags, isDestination, kindOf, priceOf } from "./checks";
import { Frame, KIND_CREATE, KIND_CREATE2, MAX_STACK, callerOf, current, valueOf } from "./frame";
import { FAILED, haltStatus } from "./halt";
import { changesState, runRare } from "./rare";
import { endFrame } from "./settle";
import {
  ADDRESS_MASK_LENGTH, X_ADDRESS_MASK, X_ADD_MLOAD, X_DUP_ADD, X_DUP_AND, X_DUP_DUP, X_DUP_GT, X_DUP_LT, X_DUP_MLOAD,
  X_DUP_MSTORE, X_DUP_MUL, X_DUP_SUB, X_EQ_ISZERO_JUMPI, X_EQ_JUMPI, X_EXCHANGE, X_GT_ISZERO_JUMPI, X_GT_JUMPI,
  X_ISZERO_JUMPI, X_JUMP, X_JUMPI, X_LOOP_TEST, X_LT_ISZERO_JUMPI, X_LT_JUMPI, X_MASK_ADDRESS, X_MASK_DUP_AND,
  X_MUL_ADD, X_POP2, X_POP_JUMP, X_PUSH_ADD, X_PUSH_AND, X_PUSH_CALLDATALOAD, X_PUSH_DUP, X_PUSH_DUP_MUL,
  X_PUSH_MLOAD, X_PUSH_MSTORE, X_PUSH_MUL, X_PUSH_PUSH, X_PUSH_SHL, X_PUSH_SHR, X_PUSH_SWAP1, X_PUSH_SWAP1_SUB,
  X_SELECTOR_EQ, X_SELECTOR_GT, X_SGT_ISZERO_JUMPI, X_SGT_JUMPI, X_SLT_ISZERO_JUMPI, X_SLT_JUMPI, X_STOP,
  X_SWAP1_PUSH_ADD, X_SWAP1_PUSH_ADD_JUMP, X_SWAP1_SUB, X_SWAP1_SWAP2, X_SWAP2_SWAP1, X_SWAP_POP, X_SWAP_POP2,
  X_ZERO_MLOAD, X_ZERO_MSTORE, X_ZERO_ZERO, X_COMPILED, translate,
} from "./text";

/** `status` while nothing has ended: a check failed, or another frame runs now. */
const CHECK: u32 = 0xfffe;
const SWITCH: u32 = 0xffff;
/** The next instruction is at `target`. */
const JUMP: u32 = 0xfffd;

/** Runs the current frame, and those it calls, until the top one has ended (false), or for a while (true). */
export function interpret(): bool {
  let patience = patienceLeft;
  const fork = context.fork;
  const traits = traitTables + fork * TRAITS_SIZE;
  while (true) {
    const frame: Frame = current;
    let pc: usize = frame.pc;
    let sp: usize = frame.sp;
    let gas: u64 = frame.gas;
    const base: usize = frame.stack;
    const limit: usize = base + (MAX_STACK as usize) * 32 - 32;
    const code: usize = frame.code;
    const text: usize = frame.text;
    /** From an address in the text to that in the code. */
    const toCode: usize = code - text;
    let target: u32 = 0;
    let status: u32 = CHECK;
    while (true) {
      const opcode = load<u8>(pc) as u32;
      if (TRACE) {
        const size = ((sp + 32 - base) >> 5) as u32;
        const at = (pc - text) as u32;
        if (opcode != 0) traceStep(at, load<u8>(code + at), gas, sp, size, frame.memory, frame.memorySize, frame.depth, context.refund);
      }
      pc++;
      switch (opcode) {
        // What stands here has not run yet.
        case 0:
          store<u8>(pc - 1, translate(code, frame.codeLength, frame.jumpdests, (pc - 1 - text) as u32) as u8); pc--;
          continue;
        case X_STOP: status = OK_STOP; break;
        case OP_ADD: if (gas < 3 || sp < base + 32) break; gas -= 3; sp -= 32; add(sp, sp + 32, sp); continue;
        case OP_MUL: if (gas < 5 || sp < base + 32) break; gas -= 5; sp -= 32; mul(sp, sp + 32, sp); continue;
        case OP_SUB: if (gas < 3 || sp < base + 32) break; gas -= 3; sp -= 32; sub(sp, sp + 32, sp); continue;
        case OP_DIV: if (gas < 5 || sp < base + 32) break; gas -= 5; sp -= 32; div(sp, sp + 32, sp); continue;
        case OP_MOD: if (gas < 5 || sp < base + 32) break; gas -= 5; sp -= 32; mod(sp, sp + 32, sp); continue;
        case OP_ADDMOD: if (gas < 8 || sp < base + 64) break; gas -= 8; sp -= 64; addmod(sp, sp + 64, sp + 32, sp); continue;
        case OP_MULMOD: if (gas < 8 || sp < base + 64) break; gas -= 8; sp -= 64; mulmod(sp, sp + 64, sp + 32, sp); continue;
        case OP_SIGNEXTEND: if (gas < 5 || sp < base + 32) break; gas -= 5; sp -= 32; signExtend(sp, sp + 32, sp); continue;
        case OP_LT: if (gas < 3 || sp < base + 32) break; gas -= 3; sp -= 32; setWord64(sp, u64(lessThan(sp + 32, sp))); continue;
        case OP_GT: if (gas < 3 || sp < base + 32) break; gas -= 3; sp -= 32; setWord64(sp, u64(lessThan(sp, sp + 32))); continue;
        case OP_SLT: if (gas < 3 || sp < base + 32) break; gas -= 3; sp -= 32; setWord64(sp, u64(signedLessThan(sp + 32, sp))); continue;
        case OP_SGT: if (gas < 3 || sp < base + 32) break; gas -= 3; sp -= 32; setWord64(sp, u64(signedLessThan(sp, sp + 32))); continue;
        case OP_EQ: if (gas < 3 || sp < base + 32) break; gas -= 3; sp -= 32; setWord64(sp, u64(equalWords(sp, sp + 32))); continue;
        case OP_ISZERO: if (gas < 3 || sp < base) break; gas -= 3; setWord64(sp, u64(isZeroWord(sp))); continue;
        case OP_AND: if (gas < 3 || sp < base + 32) break; gas -= 3; sp -= 32; and(sp + 32, sp); continue;
        case OP_OR: if (gas < 3 || sp < base + 32) break; gas -= 3; sp -= 32; or(sp + 32, sp); continue;
        case OP_XOR: if (gas < 3 || sp < base + 32) break; gas -= 3; sp -= 32; xor(sp + 32, sp); continue;
        case OP_NOT: if (gas < 3 || sp < base) break; gas -= 3; not(sp); continue;
        case OP_BYTE: if (gas < 3 || sp < base + 32) break; gas -= 3; sp -= 32; byteAt(sp, sp + 32, sp); continue;
        case OP_SHL: if (fork < CONSTANTINOPLE || gas < 3 || sp < base + 32) break;
          gas -= 3; sp -= 32; shl(sp, sp + 32, sp); continue;
        case OP_SHR: if (fork < CONSTANTINOPLE || gas < 3 || sp < base + 32) break;
          gas -= 3; sp -= 32; shr(sp, sp + 32, sp); continue;
        case OP_SAR: if (fork < CONSTANTINOPLE || gas < 3 || sp < base + 32) break;
          gas -= 3; sp -= 32; sar(sp, sp + 32, sp); continue;
        case OP_KECCAK256: if (gas < 30 || sp < base + 32) break; gas = keccak(frame, sp, gas - 30);
          if (gas == FAILED) break; sp -= 32; continue;
        case OP_ADDRESS: if (gas < 2 || sp >= limit) break; gas -= 2; sp += 32; setAddress(sp, frame.account); continue;
        case OP_CALLER: if (gas < 2 || sp >= limit) break; gas -= 2; sp += 32; setAddress(sp, callerOf(frame)); continue;
        case OP_CALLVALUE: if (gas < 2 || sp >= limit) break; gas -= 2; sp += 32; copyWord(sp, valueOf(frame)); continue;
        case OP_CALLDATALOAD: if (gas < 3 || sp < base) break; gas -= 3; callDataLoad(frame, sp); continue;
        case OP_CALLDATASIZE: if (gas < 2 || sp >= limit) break; gas -= 2; sp += 32; setWord64(sp, frame.inputLength); continue;
        case OP_CALLDATACOPY: if (gas < 3 || sp < base + 64) break;
          gas = copyToMemory(frame, sp, frame.input, frame.inputLength, gas - 3); if (gas == FAILED) break;
          sp -= 96; continue;
        case OP_RETURNDATASIZE: if (fork < BYZANTIUM || gas < 2 || sp >= limit) break; gas -= 2; sp += 32; setWord64(sp, returnDataLength); continue;
        case OP_TIMESTAMP: if (gas < 2 || sp >= limit) break; gas -= 2; sp += 32; setWord64(sp, context.timestamp); continue;
        case OP_NUMBER: if (gas < 2 || sp >= limit) break; gas -= 2; sp += 32; setWord64(sp, context.number); continue;
        case OP_POP: if (gas < 2 || sp < base) break; gas -= 2; sp -= 32; continue;
        case OP_MLOAD: if (gas < 3 || sp < base) break; gas = mload(frame, sp, gas - 3); if (gas == FAILED) break; continue;
        case OP_MSTORE: if (gas < 3 || sp < base + 32) break; gas = mstore(frame, sp, sp - 32, gas - 3);
          if (gas == FAILED) break; sp -= 64; continue;
        case OP_SLOAD: {
          const price = priceOf(traits, OP_SLOAD);
          if (gas < price || sp < base) break;
          gas = sload(frame, sp, gas - price, fork);
          if (gas == FAILED) break;
          continue;
        }
        case OP_SSTORE: if (frame.isStatic) { status = HALT_STATIC_VIOLATION; break; } if (sp < base + 32) break;
          gas = sstore(frame, sp, gas, fork); if (gas == FAILED) break; sp -= 64; continue;
        case OP_JUMP: if (gas < 8 || sp < base) break; gas -= 8; target = load<u32>(sp);
          status = isDestination(frame, sp) ? JUMP : HALT_INVALID_JUMP; sp -= 32; break;
        case OP_JUMPI: if (gas < 10 || sp < base + 32) break; gas -= 10; sp -= 64; if (isZeroWord(sp + 32)) continue;
          target = load<u32>(sp + 64); status = isDestination(frame, sp + 64) ? JUMP : HALT_INVALID_JUMP; break;
        case OP_PC: if (gas < 2 || sp >= limit) break; gas -= 2; sp += 32; setWord64(sp, (pc - 1 - text) as u64); continue;
        case OP_MSIZE: if (gas < 2 || sp >= limit) break; gas -= 2; sp += 32; setWord64(sp, frame.memorySize); continue;
        case OP_GAS: if (gas < 2 || sp >= limit) break;
          gas -= 2; sp += 32; setWord64(sp, gas); context.resultFlags |= gasFlags(load<u8>(pc + toCode)); continue;
        case OP_JUMPDEST: if (gas < 1) break; gas -= 1; continue;
        case OP_PUSH0: if (fork < SHANGHAI || gas < 2 || sp >= limit) break; gas -= 2; sp += 32; zeroWord(sp); continue;
        case OP_PUSH1: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushShort(sp, pc + toCode, 1); pc += 1; continue;
        case OP_PUSH1 + 1: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushShort(sp, pc + toCode, 2); pc += 2; continue;
        case OP_PUSH1 + 2: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushShort(sp, pc + toCode, 3); pc += 3; continue;
        case OP_PUSH1 + 3: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushShort(sp, pc + toCode, 4); pc += 4; continue;
        case OP_PUSH1 + 4: case OP_PUSH1 + 5: case OP_PUSH1 + 6: case OP_PUSH1 + 7: if (gas < 3 || sp >= limit) break;
          gas -= 3; sp += 32; pushShort(sp, pc + toCode, opcode - 0x5f); pc += opcode - 0x5f; continue;
        case OP_PUSH1 + 8: case OP_PUSH1 + 9: case OP_PUSH1 + 10: case OP_PUSH1 + 11: case OP_PUSH1 + 12: case OP_PUSH1 + 13:
        case OP_PUSH1 + 14: case OP_PUSH1 + 15: case OP_PUSH1 + 16: case OP_PUSH1 + 17: case OP_PUSH1 + 18: case OP_PUSH1 + 19:
        case OP_PUSH1 + 20: case OP_PUSH1 + 21: case OP_PUSH1 + 22: case OP_PUSH1 + 23: case OP_PUSH1 + 24: case OP_PUSH1 + 25:
        case OP_PUSH1 + 26: case OP_PUSH1 + 27: case OP_PUSH1 + 28: case OP_PUSH1 + 29: case OP_PUSH1 + 30: case OP_PUSH1 + 31:
          if (gas < 3 || sp >= limit) break;
          gas -= 3; sp += 32; pushLong(sp, pc + toCode, opcode - 0x5f); pc += opcode - 0x5f; continue;
        case OP_DUPN: if (fork < AMSTERDAM || gas < 3) break;
          gas = dupN(sp, base, limit, load<u8>(pc + toCode), gas - 3); if (gas == FAILED) break; sp += 32; pc++; continue;
        case OP_SWAPN: if (fork < AMSTERDAM || gas < 3) break;
          gas = swapN(sp, base, load<u8>(pc + toCode), gas - 3); if (gas == FAILED) break; pc++; continue;
        case OP_EXCHANGE: if (fork < AMSTERDAM || gas < 3) break;
          gas = exchange(sp, base, load<u8>(pc + toCode), gas - 3); if (gas == FAILED) break; pc++; continue;
        case OP_DUP1: case OP_DUP1 + 1: case OP_DUP1 + 2: case OP_DUP1 + 3: case OP_DUP1 + 4: case OP_DUP1 + 5:
        case OP_DUP1 + 6: case OP_DUP1 + 7: case OP_DUP1 + 8: case OP_DUP1 + 9: case OP_DUP1 + 10: case OP_DUP1 + 11:
        case OP_DUP1 + 12: case OP_DUP1 + 13: case OP_DUP1 + 14: case OP_DUP1 + 15: {
          const from = sp - ((opcode - OP_DUP1) << 5);
          if (gas < 3 || from < base || sp >= limit) break;
          gas -= 3; copyWord(sp + 32, from); sp += 32; continue;
        }
        case OP_SWAP1: case OP_SWAP1 + 1: case OP_SWAP1 + 2: case OP_SWAP1 + 3: case OP_SWAP1 + 4: case OP_SWAP1 + 5:
        case OP_SWAP1 + 6: case OP_SWAP1 + 7: case OP_SWAP1 + 8: case OP_SWAP1 + 9: case OP_SWAP1 + 10:
        case OP_SWAP1 + 11: case OP_SWAP1 + 12: case OP_SWAP1 + 13: case OP_SWAP1 + 14: case OP_SWAP1 + 15: {
          const other = sp - ((opcode - OP_SWAP1 + 1) << 5);
          if (gas < 3 || other < base) break;
          gas -= 3; exchangeWords(sp, other); continue;
        }
        case OP_CREATE: case OP_CREATE2: if (opcode == OP_CREATE2 && fork < CONSTANTINOPLE) break;
          if (frame.isStatic) { status = HALT_STATIC_VIOLATION; break; }
          if (sp < base + (opcode == OP_CREATE2 ? 96 : 64)) break;
          frame.pc = pc as u32; gas = create(frame, opcode == OP_CREATE2 ? KIND_CREATE2 : KIND_CREATE, sp, gas, fork);
          if (gas != FAILED) status = SWITCH; break;
        case OP_CALL: case OP_CALLCODE: case OP_DELEGATECALL: case OP_STATICCALL: {
          const trait = load<u32>(traits + opcode * 4);
          if (isUndefined(trait) || gas < (traitGas(trait) as u64) || sp + 32 < base + traitNeeds(trait) * 32) break;
          frame.pc = pc as u32; gas = call(frame, kindOf(opcode), sp, gas - (traitGas(trait) as u64), fork);
          if (gas != FAILED) status = SWITCH;
          break;
        }
        case OP_RETURN: case OP_REVERT: if (sp < base + 32 || (opcode == OP_REVERT && fork < BYZANTIUM)) break;
          gas = touchRange(frame, sp, sp - 32, gas); if (gas == FAILED) break;
          frame.result = frame.memory + load<u32>(sp); frame.resultLength = load<u32>(sp - 32);
          status = opcode == OP_RETURN ? OK_RETURN : REVERT; break;
        case OP_INVALID: status = HALT_INVALID_OPCODE; break;
        case OP_SELFDESTRUCT: {
          const price = priceOf(traits, OP_SELFDESTRUCT);
          if (gas < price) break;
          if (frame.isStatic) { status = HALT_STATIC_VIOLATION; break; }
          if (sp < base) break;
          gas = selfDestruct(frame, sp, gas - price, fork);
          if (gas != FAILED) status = OK_SELFDESTRUCT;
          break;
        }

        case X_COMPILED: {
          if (!TRACE) {
            const entry = pc - 1;
            const index = compiledAt(frame, entry, sp, fork);
            if (index != 0) {
              const before = gas;
              gas = call_indirect<u64>(index - 1, changetype<usize>(frame), sp, gas);
              if (gas == FAILED) break;
              pc = frame.pc;
              sp = frame.sp;
              ranCompiled(frame, entry, before - gas, fork);
              // Where it cannot begin, or begin again, this is a JUMPDEST.
              if (load<u8>(pc) != X_COMPILED) continue;
              pc++;
            }
          }
          if (gas < 1) break; gas -= 1; continue;
        }

        // Fused opcodes (text.ts).
        case X_JUMP: if (gas < 11 || sp >= limit) break; gas -= 11; target = immediate16(pc + toCode); status = JUMP; break;
        case X_JUMPI: if (gas < 13 || sp < base || sp >= limit) break; gas -= 13; sp -= 32;
          if (!(!isZeroWord(sp + 32))) { pc += 3; continue; } target = immediate16(pc + toCode); status = JUMP; break;
        case X_ISZERO_JUMPI: if (gas < 16 || sp < base || sp >= limit) break; gas -= 16; sp -= 32;
          if (!(isZeroWord(sp + 32))) { pc += 4; continue; }
          target = immediate16(pc + toCode + 1); status = JUMP; break;
        case X_LT_JUMPI: if (gas < 16 || sp < base + 32) break; gas -= 16; sp -= 64;
          if (!(lessThan(sp + 64, sp + 32))) { pc += 4; continue; }
          target = immediate16(pc + toCode + 1); status = JUMP; break;
        case X_GT_JUMPI: if (gas < 16 || sp < base + 32) break; gas -= 16; sp -= 64;
          if (!(lessThan(sp + 32, sp + 64))) { pc += 4; continue; }
          target = immediate16(pc + toCode + 1); status = JUMP; break;
        case X_SLT_JUMPI: if (gas < 16 || sp < base + 32) break; gas -= 16; sp -= 64;
          if (!(signedLessThan(sp + 64, sp + 32))) { pc += 4; continue; }
          target = immediate16(pc + toCode + 1); status = JUMP; break;
        case X_SGT_JUMPI: if (gas < 16 || sp < base + 32) break; gas -= 16; sp -= 64;
          if (!(signedLessThan(sp + 32, sp + 64))) { pc += 4; continue; }
          target = immediate16(pc + toCode + 1); status = JUMP; break;
        case X_EQ_JUMPI: if (gas < 16 || sp < base + 32) break; gas -= 16; sp -= 64;
          if (!(equalWords(sp + 32, sp + 64))) { pc += 4; continue; }
          target = immediate16(pc + toCode + 1); status = JUMP; break;
        case X_LT_ISZERO_JUMPI: if (gas < 19 || sp < base + 32) break; gas -= 19; sp -= 64;
          if (!(!lessThan(sp + 64, sp + 32))) { pc += 5; continue; }
          target = immediate16(pc + toCode + 2); status = JUMP; break;
        case X_GT_ISZERO_JUMPI: if (gas < 19 || sp < base + 32) break; gas -= 19; sp -= 64;
          if (!(!lessThan(sp + 32, sp + 64))) { pc += 5; continue; }
          target = immediate16(pc + toCode + 2); status = JUMP; break;
        case X_SLT_ISZERO_JUMPI: if (gas < 19 || sp < base + 32) break; gas -= 19; sp -= 64;
          if (!(!signedLessThan(sp + 64, sp + 32))) { pc += 5; continue; }
          target = immediate16(pc + toCode + 2); status = JUMP; break;
        case X_SGT_ISZERO_JUMPI: if (gas < 19 || sp < base + 32) break; gas -= 19; sp -= 64;
          if (!(!signedLessThan(sp + 32, sp + 64))) { pc += 5; continue; }
          target = immediate16(pc + toCode + 2); status = JUMP; break;
        case X_EQ_ISZERO_JUMPI: if (gas < 19 || sp < base + 32) break; gas -= 19; sp -= 64;
          if (!(!equalWords(sp + 32, sp + 64))) { pc += 5; continue; }
          target = immediate16(pc + toCode + 2); status = JUMP; break;
        case X_SELECTOR_EQ: if (gas < 22 || sp < base || sp + 32 >= limit) break; gas -= 22;
          if (!(isSelector(sp, pc + toCode))) { pc += 10; continue; }
          target = immediate16(pc + toCode + 7); status = JUMP; break;
        case X_SELECTOR_GT: if (gas < 22 || sp < base || sp + 32 >= limit) break; gas -= 22;
          if (!(isBelowSelector(sp, pc + toCode))) { pc += 10; continue; }
          target = immediate16(pc + toCode + 7); status = JUMP; break;
        case X_POP_JUMP: if (gas < 10 || sp < base + 32) break; gas -= 10; sp -= 64; target = load<u32>(sp + 32);
          status = isDestination(frame, sp + 32) ? JUMP : HALT_INVALID_JUMP; break;
        case X_LOOP_TEST: {
          // The second operand of LT was on top before the first was copied.
          const right = sp - dupDepth(pc + toCode);
          const left = sp + 32 - dupDepth(pc + toCode + 1);
          if (gas < 25 || right < base || left < base || sp + 32 >= limit) break;
          gas -= 25;
          if (left > sp ? !lessThan(right, right) : !lessThan(left, right)) {
            target = immediate16(pc + toCode + 4); status = JUMP; break;
          }
          pc += 7; continue;
        }
        case X_EXCHANGE: {
          const one = sp - swapDepth(pc + toCode);
          const other = sp - swapDepth(pc + toCode + 1);
          if (gas < 9 || one < base || other < base) break;
          gas -= 9; exchangeWords(one, other); pc += 2; continue;
        }
        case X_SWAP1_PUSH_ADD: if (gas < 9 || sp < base + 32 || sp >= limit) break;
          gas -= 9; swap(sp, 1); addSmall(sp, load<u8>(pc + toCode + 1)); pc += 3; continue;
        case X_SWAP1_PUSH_ADD_JUMP: if (gas < 20 || sp < base + 32 || sp >= limit) break;
          gas -= 20; swap(sp, 1); addSmall(sp, load<u8>(pc + toCode + 1));
          target = immediate16(pc + toCode + 4); status = JUMP; break;
        case X_PUSH_SWAP1: if (gas < 6 || sp < base || sp >= limit) break;
          gas -= 6; copyWord(sp + 32, sp); setWord64(sp, load<u8>(pc + toCode)); sp += 32; pc += 2; continue;
        case X_PUSH_SWAP1_SUB: if (gas < 9 || sp < base || sp >= limit) break;
          gas -= 9; subSmall(sp, load<u8>(pc + toCode)); pc += 3; continue;
        case X_PUSH_DUP_MUL: {
          const from = sp + 32 - dupDepth(pc + toCode + 2);
          if (gas < 11 || from < base || sp + 32 >= limit) break;
          gas -= 11; sp += 32; mulSmall(sp, from, load<u8>(pc + toCode)); pc += 3; continue;
        }
        case X_MASK_DUP_AND: {
          const from = sp + 32 - dupDepth(pc + toCode + (ADDRESS_MASK_LENGTH as usize));
          if (fork < CONSTANTINOPLE || gas < 21 || from < base || sp + 64 >= limit) break;
          gas -= 21;
          v128.store(sp, v128.load(from), 32);
          store<u64>(sp, load<u32>(from, 16) as u64, 48); store<u64>(sp, 0, 56);
          sp += 32; pc += ADDRESS_MASK_LENGTH + 1; continue;
        }
        case X_POP2: if (gas < 4 || sp < base + 32) break; gas -= 4; sp -= 64; pc++; continue;
        case X_SWAP_POP: {
          const to = sp - swapDepth(pc + toCode);
          if (gas < 5 || to < base) break;
          gas -= 5; copyWord(to, sp); sp -= 32; pc++; continue;
        }
        case X_SWAP_POP2: {
          const to = sp - swapDepth(pc + toCode);
          if (gas < 7 || to < base) break;
          gas -= 7; copyWord(to, sp); sp -= 64; pc += 2; continue;
        }
        case X_SWAP2_SWAP1: if (gas < 6 || sp < base + 64) break; gas -= 6; rotate(sp, sp - 64, sp - 32); pc++; continue;
        case X_SWAP1_SWAP2: if (gas < 6 || sp < base + 64) break; gas -= 6; rotate(sp, sp - 32, sp - 64); pc++; continue;
        case X_DUP_DUP: {
          const first = sp - dupDepth(pc + toCode);
          const second = sp + 32 - dupDepth(pc + toCode + 1);
          if (gas < 6 || first < base || second < base || sp + 32 >= limit) break;
          gas -= 6; copyWord(sp + 32, first); copyWord(sp + 64, second); sp += 64; pc++; continue;
        }
        case X_DUP_ADD: {
          const from = sp - dupDepth(pc + toCode);
          if (gas < 6 || from < base || sp >= limit) break;
          gas -= 6; add(sp, from, sp); pc++; continue;
        }
        case X_DUP_SUB: {
          const from = sp - dupDepth(pc + toCode);
          if (gas < 6 || from < base || sp >= limit) break;
          gas -= 6; sub(sp, from, sp); pc++; continue;
        }
        case X_DUP_MUL: {
          const from = sp - dupDepth(pc + toCode);
          if (gas < 8 || from < base || sp >= limit) break;
          gas -= 8; mul(sp, from, sp); pc++; continue;
        }
        case X_DUP_LT: {
          const from = sp - dupDepth(pc + toCode);
          if (gas < 6 || from < base || sp >= limit) break;
          gas -= 6; setWord64(sp, u64(lessThan(from, sp))); pc++; continue;
        }
        case X_DUP_GT: {
          const from = sp - dupDepth(pc + toCode);
          if (gas < 6 || from < base || sp >= limit) break;
          gas -= 6; setWord64(sp, u64(lessThan(sp, from))); pc++; continue;
        }
        case X_DUP_AND: {
          const from = sp - dupDepth(pc + toCode);
          if (gas < 6 || from < base || sp >= limit) break;
          gas -= 6; and(from, sp); pc++; continue;
        }
        case X_DUP_MLOAD: {
          const from = sp - dupDepth(pc + toCode);
          if (gas < 6 || from < base || sp >= limit) break;
          copyWord(sp + 32, from); gas = mload(frame, sp + 32, gas - 6);
          if (gas == FAILED) break;
          sp += 32; pc++; continue;
        }
        case X_DUP_MSTORE: {
          const from = sp - dupDepth(pc + toCode);
          if (gas < 6 || from < base || sp >= limit) break;
          gas = mstore(frame, from, sp, gas - 6);
          if (gas == FAILED) break;
          sp -= 32; pc++; continue;
        }
        case X_SWAP1_SUB: if (gas < 6 || sp < base + 32) break; gas -= 6; sp -= 32; sub(sp, sp, sp + 32); pc++; continue;
        case X_PUSH_ADD: if (gas < 6 || sp < base || sp >= limit) break;
          gas -= 6; addSmall(sp, load<u8>(pc + toCode)); pc += 2; continue;
        case X_PUSH_MUL: if (gas < 8 || sp < base || sp >= limit) break;
          gas -= 8; mulSmall(sp, sp, load<u8>(pc + toCode)); pc += 2; continue;
        case X_PUSH_AND: if (gas < 6 || sp < base || sp >= limit) break;
          gas -= 6; setWord64(sp, load<u64>(sp) & (load<u8>(pc + toCode) as u64)); pc += 2; continue;
        case X_PUSH_SHL: if (fork < CONSTANTINOPLE || gas < 6 || sp < base || sp >= limit) break;
          gas -= 6; shlBy(sp, load<u8>(pc + toCode), sp); pc += 2; continue;
        case X_PUSH_SHR: if (fork < CONSTANTINOPLE || gas < 6 || sp < base || sp >= limit) break;
          gas -= 6; shrBy(sp, load<u8>(pc + toCode), sp); pc += 2; continue;
        case X_PUSH_MLOAD: if (gas < 6 || sp >= limit) break;
          gas = mloadAt(frame, load<u8>(pc + toCode), sp + 32, gas - 6); if (gas == FAILED) break;
          sp += 32; pc += 2; continue;
        case X_PUSH_MSTORE: if (gas < 6 || sp < base || sp >= limit) break;
          gas = mstoreAt(frame, load<u8>(pc + toCode), sp, gas - 6); if (gas == FAILED) break;
          sp -= 32; pc += 2; continue;
        case X_PUSH_CALLDATALOAD: if (gas < 6 || sp >= limit) break;
          gas -= 6; sp += 32; setWord64(sp, load<u8>(pc + toCode)); callDataLoad(frame, sp); pc += 2; continue;
        case X_PUSH_DUP: {
          const from = sp + 32 - dupDepth(pc + toCode + 2);
          if (gas < 6 || from < base || sp + 32 >= limit) break;
          gas -= 6; setWord64(sp + 32, load<u8>(pc + toCode)); copyWord(sp + 64, from); sp += 64; pc += 2; continue;
        }
        case X_PUSH_PUSH: if (gas < 6 || sp + 32 >= limit) break;
          gas -= 6; setWord64(sp + 32, load<u8>(pc + toCode)); setWord64(sp + 64, load<u8>(pc + toCode, 2)); sp += 64;
          pc += 3; continue;
        case X_ZERO_MLOAD: if (fork < SHANGHAI || gas < 5 || sp >= limit) break;
          gas = mloadAt(frame, 0, sp + 32, gas - 5); if (gas == FAILED) break; sp += 32; pc++; continue;
        case X_ZERO_MSTORE: if (fork < SHANGHAI || gas < 5 || sp < base || sp >= limit) break;
          gas = mstoreAt(frame, 0, sp, gas - 5); if (gas == FAILED) break; sp -= 32; pc++; continue;
        case X_ZERO_ZERO: if (fork < SHANGHAI || gas < 4 || sp + 32 >= limit) break;
          gas -= 4; zeroWord(sp + 32); zeroWord(sp + 64); sp += 64; pc++; continue;
        case X_ADD_MLOAD: if (gas < 6 || sp < base + 32) break;
          sp -= 32; add(sp, sp + 32, sp); gas = mload(frame, sp, gas - 6); if (gas == FAILED) break; pc++; continue;
        case X_MUL_ADD: if (gas < 8 || sp < base + 64) break;
          gas -= 8; sp -= 64; mul(sp + 32, sp + 64, sp + 32); add(sp, sp + 32, sp); pc++; continue;
        case X_ADDRESS_MASK: if (fork < CONSTANTINOPLE || gas < 15 || sp + 64 >= limit) break;
          gas -= 15; sp += 32; setAddressMask(sp); pc += ADDRESS_MASK_LENGTH - 1; continue;
        case X_MASK_ADDRESS: if (fork < CONSTANTINOPLE || gas < 18 || sp < base || sp + 64 >= limit) break;
          gas -= 18; store<u64>(sp, load<u32>(sp, 16) as u64, 16); store<u64>(sp, 0, 24); pc += ADDRESS_MASK_LENGTH;
          continue;
        default: {
          const trait = load<u32>(traits + opcode * 4);
          const top = sp + ((traitLeaves(trait) - traitNeeds(trait)) << 5);
          if (isUndefined(trait) || gas < (traitGas(trait) as u64)) break;
          if (frame.isStatic && changesState(opcode)) { status = HALT_STATIC_VIOLATION; break; }
          if (sp + 32 < base + traitNeeds(trait) * 32 || top > limit) break;
          gas = runRare(frame, opcode, sp, gas - (traitGas(trait) as u64), fork);
          if (gas == FAILED) break;
          sp = top;
          continue;
        }
      }
      if (status == JUMP) {
        // A destination is a JUMPDEST, which is run here too.
        if (TRACE) {
          pc = text + (target as usize);
        } else if (load<u8>(text + (target as usize)) == X_COMPILED) {
          pc = text + (target as usize);
        } else if (gas == 0) {
          status = HALT_OUT_OF_GAS;
          break;
        } else {
          gas--;
          pc = text + (target as usize) + 1;
        }
        status = CHECK;
        if (--patience != 0) continue;
        status = SWITCH;
      }
      break;
    }
    if (status == SWITCH) {
      if (txFault) { setPatience(patience); return false; }
      if (patience != 0) continue;
      frame.pc = pc as u32;
      frame.sp = sp as u32;
      frame.gas = gas;
      return true;
    }
    if (status == CHECK) {
      status = gas == FAILED ? haltStatus : failedCheck(traits, pc - 1 + toCode, gas, ((sp + 32 - base) >> 5) as u32);
    }
    if (txFault || !endFrame(frame, status, gas) || txFault) { setPatience(patience); return false; }
  }
}
