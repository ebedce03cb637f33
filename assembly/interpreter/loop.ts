/**
 * The interpreter: one function, so that pc, sp and gas live in machine registers. The switch
 * becomes one `br_table`. Instructions that are short and hot are written out or inlined, those
 * that are long or rare are calls that return the gas left (halt.ts).
 *
 * `sp` is the address of the stack's top item, `base` of its first. A case that finds too little gas
 * or too few items breaks out of the switch with `status` untouched; what was wrong is then worked
 * out from the trait table. A case that halts for another reason sets `status`. Checks come in
 * revm's order (gas, then stack), so that a failure has the same name.
 */
import { TRACE } from "../config";
import {
  AMSTERDAM, BYZANTIUM, CANCUN, CONSTANTINOPLE, ISTANBUL, LONDON, OSAKA, SHANGHAI,
} from "../forks";
import { traceStep } from "../host";
import { exp } from "../instructions/arithmetic";
import { and, not, or, xor } from "../instructions/bitwise";
import { blobHash, blockHash } from "../instructions/block";
import { call } from "../instructions/call";
import { create, selfDestruct } from "../instructions/create";
import {
  balance, balanceOf, callDataLoad, extCodeCopy, extCodeHash, extCodeSize, returnDataCopy, setAddress,
} from "../instructions/environment";
import { keccak } from "../instructions/keccak";
import { log } from "../instructions/log";
import { copyToMemory, isHuge, mcopy, touchMemory, touchRange } from "../instructions/memory";
import { dup, pushLong, pushShort, swap } from "../instructions/stack";
import { sload, sstore } from "../instructions/storage";
import { RESULT_FLAG_GAS_OBSERVED, RESULT_FLAG_GAS_OPAQUE } from "../layout";
import {
  OP_ADD, OP_ADDMOD, OP_ADDRESS, OP_AND, OP_BALANCE, OP_BASEFEE, OP_BLOBBASEFEE, OP_BLOBHASH, OP_BLOCKHASH, OP_BYTE,
  OP_CALL, OP_CALLCODE, OP_CALLDATACOPY, OP_CALLDATALOAD, OP_CALLDATASIZE, OP_CALLER, OP_CALLVALUE, OP_CHAINID,
  OP_CLZ, OP_CODECOPY, OP_CODESIZE, OP_COINBASE, OP_CREATE, OP_CREATE2, OP_DELEGATECALL, OP_DIV, OP_DUP1, OP_EQ,
  OP_EXP, OP_EXTCODECOPY, OP_EXTCODEHASH, OP_EXTCODESIZE, OP_GAS, OP_GASLIMIT, OP_GASPRICE, OP_GT, OP_INVALID,
  OP_ISZERO, OP_JUMP, OP_JUMPDEST, OP_JUMPI, OP_KECCAK256, OP_LOG0, OP_LOG4, OP_LT, OP_MCOPY, OP_MLOAD, OP_MOD,
  OP_MSIZE, OP_MSTORE, OP_MSTORE8, OP_MUL, OP_MULMOD, OP_NOT, OP_NUMBER, OP_OR, OP_ORIGIN, OP_PC, OP_POP,
  OP_PREVRANDAO, OP_PUSH0, OP_PUSH1, OP_RETURN, OP_RETURNDATACOPY, OP_RETURNDATASIZE, OP_REVERT, OP_SAR, OP_SDIV,
  OP_SELFBALANCE, OP_SELFDESTRUCT, OP_SGT, OP_SHL, OP_SHR, OP_SIGNEXTEND, OP_SLOAD, OP_SLOTNUM, OP_SLT, OP_SMOD,
  OP_SSTORE, OP_STATICCALL, OP_STOP, OP_SUB, OP_SWAP1, OP_TIMESTAMP, OP_TLOAD, OP_TSTORE, OP_XOR,
} from "../opcodes";
import {
  HALT_INVALID_JUMP, HALT_INVALID_OPCODE, HALT_OPCODE_NOT_FOUND, HALT_OUT_OF_GAS, HALT_STACK_OVERFLOW,
  HALT_STACK_UNDERFLOW, HALT_STATIC_VIOLATION, OK_RETURN, OK_SELFDESTRUCT, OK_STOP, REVERT,
} from "../status";
import { TxAccount, loadTransient, observeBalance, storeTransient, txFault } from "../state/tx-state";
import { TRAITS_SIZE, isUndefined, traitGas, traitNeeds } from "../traits";
import { add, lessThan, mul, signedLessThan, sub } from "../u256/arithmetic";
import { byteAt, countLeadingZeros, sar, shl, shr, signExtend } from "../u256/bits";
import { addmod, div, mod, mulmod, sdiv, smod } from "../u256/division";
import { copyWord, equalWords, isZeroWord, setWord64, wordFromBytes, wordToBytes, zeroWord } from "../u256/word";
import { returnDataLength, traitTables } from "./area";
import {
  baseFeeOf, blobBaseFeeOf, coinbaseOf, context, gasPriceOf, originOf, prevRandaoOf,
} from "./context";
import {
  Frame, KIND_CALL, KIND_CALLCODE, KIND_CREATE, KIND_CREATE2, KIND_DELEGATECALL, KIND_STATICCALL, MAX_STACK,
  callerOf, current, valueOf,
} from "./frame";
import { FAILED, haltStatus } from "./halt";
import { endFrame } from "./settle";

/** `status` while nothing has ended: a check failed, or another frame runs now. */
const CHECK: u32 = 0xfffe;
const SWITCH: u32 = 0xffff;

/** Jumps after which `interpret` returns to be called again: only a new call gets to the optimised code,
 *  when the engine has it ready. */
const PATIENCE: u32 = 1 << 14;

/** Runs the current frame, and those it calls, until the top one has ended (false), or for a while (true). */
export function interpret(): bool {
  let patience: u32 = PATIENCE;
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
    let status: u32 = CHECK;
    while (true) {
      const opcode = load<u8>(pc) as u32;
      if (TRACE) {
        const size = ((sp + 32 - base) >> 5) as u32;
        const at = (pc - code) as u32;
        traceStep(at, opcode, gas, sp, size, frame.memory, frame.memorySize, frame.depth, context.refund);
      }
      pc++;
      switch (opcode) {
        case OP_STOP: status = OK_STOP; break;
        case OP_ADD: if (gas < 3 || sp < base + 32) break; gas -= 3; sp -= 32; add(sp, sp + 32, sp); continue;
        case OP_MUL: if (gas < 5 || sp < base + 32) break; gas -= 5; sp -= 32; mul(sp, sp + 32, sp); continue;
        case OP_SUB: if (gas < 3 || sp < base + 32) break; gas -= 3; sp -= 32; sub(sp, sp + 32, sp); continue;
        case OP_DIV: if (gas < 5 || sp < base + 32) break; gas -= 5; sp -= 32; div(sp, sp + 32, sp); continue;
        case OP_SDIV: if (gas < 5 || sp < base + 32) break; gas -= 5; sp -= 32; sdiv(sp, sp + 32, sp); continue;
        case OP_MOD: if (gas < 5 || sp < base + 32) break; gas -= 5; sp -= 32; mod(sp, sp + 32, sp); continue;
        case OP_SMOD: if (gas < 5 || sp < base + 32) break; gas -= 5; sp -= 32; smod(sp, sp + 32, sp); continue;
        case OP_ADDMOD: if (gas < 8 || sp < base + 64) break; gas -= 8; sp -= 64; addmod(sp, sp + 64, sp + 32, sp); continue;
        case OP_MULMOD: if (gas < 8 || sp < base + 64) break; gas -= 8; sp -= 64; mulmod(sp, sp + 64, sp + 32, sp); continue;
        case OP_EXP: {
          if (gas < 10 || sp < base + 32) break;
          gas = exp(sp, gas - 10, fork);
          if (gas == FAILED) { status = haltStatus; break; }
          sp -= 32;
          continue;
        }
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
        case OP_SHL: if (fork < CONSTANTINOPLE || gas < 3 || sp < base + 32) break; gas -= 3; sp -= 32; shl(sp, sp + 32, sp); continue;
        case OP_SHR: if (fork < CONSTANTINOPLE || gas < 3 || sp < base + 32) break; gas -= 3; sp -= 32; shr(sp, sp + 32, sp); continue;
        case OP_SAR: if (fork < CONSTANTINOPLE || gas < 3 || sp < base + 32) break; gas -= 3; sp -= 32; sar(sp, sp + 32, sp); continue;
        case OP_CLZ: if (fork < OSAKA || gas < 5 || sp < base) break; gas -= 5; countLeadingZeros(sp, sp); continue;
        case OP_KECCAK256: {
          if (gas < 30 || sp < base + 32) break;
          gas = keccak(frame, sp, gas - 30);
          if (gas == FAILED) { status = haltStatus; break; }
          sp -= 32;
          continue;
        }
        case OP_ADDRESS: if (gas < 2 || sp >= limit) break; gas -= 2; sp += 32; setAddress(sp, frame.account); continue;
        case OP_BALANCE: {
          const price = traitGas(load<u32>(traits + OP_BALANCE * 4)) as u64;
          if (gas < price || sp < base) break;
          gas = balance(sp, gas - price, fork);
          if (gas == FAILED) { status = haltStatus; break; }
          continue;
        }
        case OP_ORIGIN: if (gas < 2 || sp >= limit) break; gas -= 2; sp += 32; setAddress(sp, originOf()); continue;
        case OP_CALLER: if (gas < 2 || sp >= limit) break; gas -= 2; sp += 32; setAddress(sp, callerOf(frame)); continue;
        case OP_CALLVALUE: if (gas < 2 || sp >= limit) break; gas -= 2; sp += 32; copyWord(sp, valueOf(frame)); continue;
        case OP_CALLDATALOAD: if (gas < 3 || sp < base) break; gas -= 3; callDataLoad(frame, sp); continue;
        case OP_CALLDATASIZE: if (gas < 2 || sp >= limit) break; gas -= 2; sp += 32; setWord64(sp, frame.inputLength); continue;
        case OP_CALLDATACOPY: {
          if (gas < 3 || sp < base + 64) break;
          gas = copyToMemory(frame, sp, frame.input, frame.inputLength, gas - 3);
          if (gas == FAILED) { status = haltStatus; break; }
          sp -= 96;
          continue;
        }
        case OP_CODESIZE: if (gas < 2 || sp >= limit) break; gas -= 2; sp += 32; setWord64(sp, frame.codeLength); continue;
        case OP_CODECOPY: {
          if (gas < 3 || sp < base + 64) break;
          gas = copyToMemory(frame, sp, code, frame.codeLength, gas - 3);
          if (gas == FAILED) { status = haltStatus; break; }
          sp -= 96;
          continue;
        }
        case OP_GASPRICE: if (gas < 2 || sp >= limit) break; gas -= 2; sp += 32; copyWord(sp, gasPriceOf()); continue;
        case OP_EXTCODESIZE: {
          const price = traitGas(load<u32>(traits + OP_EXTCODESIZE * 4)) as u64;
          if (gas < price || sp < base) break;
          gas = extCodeSize(sp, gas - price, fork);
          if (gas == FAILED) { status = haltStatus; break; }
          continue;
        }
        case OP_EXTCODECOPY: {
          const price = traitGas(load<u32>(traits + OP_EXTCODECOPY * 4)) as u64;
          if (gas < price || sp < base + 96) break;
          gas = extCodeCopy(frame, sp, gas - price, fork);
          if (gas == FAILED) { status = haltStatus; break; }
          sp -= 128;
          continue;
        }
        case OP_RETURNDATASIZE: if (fork < BYZANTIUM || gas < 2 || sp >= limit) break; gas -= 2; sp += 32; setWord64(sp, returnDataLength); continue;
        case OP_RETURNDATACOPY: {
          if (fork < BYZANTIUM || gas < 3 || sp < base + 64) break;
          gas = returnDataCopy(frame, sp, gas - 3);
          if (gas == FAILED) { status = haltStatus; break; }
          sp -= 96;
          continue;
        }
        case OP_EXTCODEHASH: {
          const price = traitGas(load<u32>(traits + OP_EXTCODEHASH * 4)) as u64;
          if (fork < CONSTANTINOPLE || gas < price || sp < base) break;
          gas = extCodeHash(sp, gas - price, fork);
          if (gas == FAILED) { status = haltStatus; break; }
          continue;
        }
        case OP_BLOCKHASH: {
          if (gas < 20 || sp < base) break;
          gas -= 20;
          blockHash(sp);
          if (txFault) { status = txFault; break; }
          continue;
        }
        case OP_COINBASE: if (gas < 2 || sp >= limit) break; gas -= 2; sp += 32; setAddress(sp, coinbaseOf()); continue;
        case OP_TIMESTAMP: if (gas < 2 || sp >= limit) break; gas -= 2; sp += 32; setWord64(sp, context.timestamp); continue;
        case OP_NUMBER: if (gas < 2 || sp >= limit) break; gas -= 2; sp += 32; setWord64(sp, context.number); continue;
        case OP_PREVRANDAO: if (gas < 2 || sp >= limit) break; gas -= 2; sp += 32; copyWord(sp, prevRandaoOf()); continue;
        case OP_GASLIMIT: if (gas < 2 || sp >= limit) break; gas -= 2; sp += 32; setWord64(sp, context.gasLimit); continue;
        case OP_CHAINID: if (fork < ISTANBUL || gas < 2 || sp >= limit) break; gas -= 2; sp += 32; setWord64(sp, context.chainId); continue;
        case OP_SELFBALANCE: {
          if (fork < ISTANBUL || gas < 5 || sp >= limit) break;
          gas -= 5;
          sp += 32;
          const account = changetype<TxAccount>(frame.account as usize);
          observeBalance(account);
          copyWord(sp, balanceOf(account));
          continue;
        }
        case OP_BASEFEE: if (fork < LONDON || gas < 2 || sp >= limit) break; gas -= 2; sp += 32; copyWord(sp, baseFeeOf()); continue;
        case OP_BLOBHASH: if (fork < CANCUN || gas < 3 || sp < base) break; gas -= 3; blobHash(sp); continue;
        case OP_BLOBBASEFEE: if (fork < CANCUN || gas < 2 || sp >= limit) break; gas -= 2; sp += 32; copyWord(sp, blobBaseFeeOf()); continue;
        case OP_SLOTNUM: if (fork < AMSTERDAM || gas < 2 || sp >= limit) break; gas -= 2; sp += 32; setWord64(sp, context.slotNumber); continue;
        case OP_POP: if (gas < 2 || sp < base) break; gas -= 2; sp -= 32; continue;
        case OP_MLOAD: {
          if (gas < 3 || sp < base) break;
          gas -= 3;
          const offset = load<u64>(sp);
          if (isHuge(sp) || offset >> 32 != 0 || offset + 32 > (frame.memorySize as u64)) {
            gas = touchMemory(frame, sp, 32, gas);
            if (gas == FAILED) { status = haltStatus; break; }
          }
          wordFromBytes(sp, (frame.memory as usize) + (offset as usize));
          continue;
        }
        case OP_MSTORE: {
          if (gas < 3 || sp < base + 32) break;
          gas -= 3;
          const offset = load<u64>(sp);
          if (isHuge(sp) || offset >> 32 != 0 || offset + 32 > (frame.memorySize as u64)) {
            gas = touchMemory(frame, sp, 32, gas);
            if (gas == FAILED) { status = haltStatus; break; }
          }
          wordToBytes((frame.memory as usize) + (offset as usize), sp - 32);
          sp -= 64;
          continue;
        }
        case OP_MSTORE8: {
          if (gas < 3 || sp < base + 32) break;
          gas = touchMemory(frame, sp, 1, gas - 3);
          if (gas == FAILED) { status = haltStatus; break; }
          store<u8>((frame.memory as usize) + load<u32>(sp), load<u8>(sp - 32));
          sp -= 64;
          continue;
        }
        case OP_SLOAD: {
          const price = traitGas(load<u32>(traits + OP_SLOAD * 4)) as u64;
          if (gas < price || sp < base) break;
          gas = sload(frame, sp, gas - price, fork);
          if (gas == FAILED) { status = haltStatus; break; }
          continue;
        }
        case OP_SSTORE: {
          if (frame.isStatic) { status = HALT_STATIC_VIOLATION; break; }
          if (sp < base + 32) break;
          gas = sstore(frame, sp, gas, fork);
          if (gas == FAILED) { status = haltStatus; break; }
          sp -= 64;
          continue;
        }
        case OP_JUMP: {
          if (gas < 8 || sp < base) break;
          gas -= 8;
          const to = load<u64>(sp);
          if (!isDestination(frame, sp, to)) { status = HALT_INVALID_JUMP; break; }
          sp -= 32;
          pc = code + (to as usize);
          if (--patience != 0) continue;
          status = SWITCH;
          break;
        }
        case OP_JUMPI: {
          if (gas < 10 || sp < base + 32) break;
          gas -= 10;
          sp -= 64;
          if (isZeroWord(sp + 32)) continue;
          const to = load<u64>(sp + 64);
          if (!isDestination(frame, sp + 64, to)) { status = HALT_INVALID_JUMP; break; }
          pc = code + (to as usize);
          if (--patience != 0) continue;
          status = SWITCH;
          break;
        }
        case OP_PC: if (gas < 2 || sp >= limit) break; gas -= 2; sp += 32; setWord64(sp, (pc - 1 - code) as u64); continue;
        case OP_MSIZE: if (gas < 2 || sp >= limit) break; gas -= 2; sp += 32; setWord64(sp, frame.memorySize); continue;
        case OP_GAS: {
          if (gas < 2 || sp >= limit) break;
          gas -= 2;
          sp += 32;
          setWord64(sp, gas);
          context.resultFlags |= gasFlags(load<u8>(pc));
          continue;
        }
        case OP_JUMPDEST: if (gas < 1) break; gas -= 1; continue;
        case OP_TLOAD: {
          if (fork < CANCUN || gas < 100 || sp < base) break;
          gas -= 100;
          loadTransient(changetype<TxAccount>(frame.account as usize), sp, sp);
          continue;
        }
        case OP_TSTORE: {
          if (fork < CANCUN || gas < 100) break;
          if (frame.isStatic) { status = HALT_STATIC_VIOLATION; break; }
          if (sp < base + 32) break;
          gas -= 100;
          storeTransient(changetype<TxAccount>(frame.account as usize), sp, sp - 32);
          if (txFault) { status = txFault; break; }
          sp -= 64;
          continue;
        }
        case OP_MCOPY: {
          if (fork < CANCUN || gas < 3 || sp < base + 64) break;
          gas = mcopy(frame, sp, gas - 3);
          if (gas == FAILED) { status = haltStatus; break; }
          sp -= 96;
          continue;
        }
        case OP_PUSH0: if (fork < SHANGHAI || gas < 2 || sp >= limit) break; gas -= 2; sp += 32; zeroWord(sp); continue;
        case OP_PUSH1 + 0: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushShort(sp, pc, 1); pc += 1; continue;
        case OP_PUSH1 + 1: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushShort(sp, pc, 2); pc += 2; continue;
        case OP_PUSH1 + 2: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushShort(sp, pc, 3); pc += 3; continue;
        case OP_PUSH1 + 3: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushShort(sp, pc, 4); pc += 4; continue;
        case OP_PUSH1 + 4: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushShort(sp, pc, 5); pc += 5; continue;
        case OP_PUSH1 + 5: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushShort(sp, pc, 6); pc += 6; continue;
        case OP_PUSH1 + 6: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushShort(sp, pc, 7); pc += 7; continue;
        case OP_PUSH1 + 7: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushShort(sp, pc, 8); pc += 8; continue;
        case OP_PUSH1 + 8: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 9); pc += 9; continue;
        case OP_PUSH1 + 9: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 10); pc += 10; continue;
        case OP_PUSH1 + 10: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 11); pc += 11; continue;
        case OP_PUSH1 + 11: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 12); pc += 12; continue;
        case OP_PUSH1 + 12: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 13); pc += 13; continue;
        case OP_PUSH1 + 13: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 14); pc += 14; continue;
        case OP_PUSH1 + 14: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 15); pc += 15; continue;
        case OP_PUSH1 + 15: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 16); pc += 16; continue;
        case OP_PUSH1 + 16: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 17); pc += 17; continue;
        case OP_PUSH1 + 17: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 18); pc += 18; continue;
        case OP_PUSH1 + 18: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 19); pc += 19; continue;
        case OP_PUSH1 + 19: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 20); pc += 20; continue;
        case OP_PUSH1 + 20: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 21); pc += 21; continue;
        case OP_PUSH1 + 21: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 22); pc += 22; continue;
        case OP_PUSH1 + 22: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 23); pc += 23; continue;
        case OP_PUSH1 + 23: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 24); pc += 24; continue;
        case OP_PUSH1 + 24: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 25); pc += 25; continue;
        case OP_PUSH1 + 25: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 26); pc += 26; continue;
        case OP_PUSH1 + 26: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 27); pc += 27; continue;
        case OP_PUSH1 + 27: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 28); pc += 28; continue;
        case OP_PUSH1 + 28: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 29); pc += 29; continue;
        case OP_PUSH1 + 29: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 30); pc += 30; continue;
        case OP_PUSH1 + 30: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 31); pc += 31; continue;
        case OP_PUSH1 + 31: if (gas < 3 || sp >= limit) break; gas -= 3; sp += 32; pushLong(sp, pc, 32); pc += 32; continue;
        case OP_DUP1 + 0: if (gas < 3 || sp < base || sp >= limit) break; gas -= 3; dup(sp, 1); sp += 32; continue;
        case OP_DUP1 + 1: if (gas < 3 || sp < base + 32 || sp >= limit) break; gas -= 3; dup(sp, 2); sp += 32; continue;
        case OP_DUP1 + 2: if (gas < 3 || sp < base + 64 || sp >= limit) break; gas -= 3; dup(sp, 3); sp += 32; continue;
        case OP_DUP1 + 3: if (gas < 3 || sp < base + 96 || sp >= limit) break; gas -= 3; dup(sp, 4); sp += 32; continue;
        case OP_DUP1 + 4: if (gas < 3 || sp < base + 128 || sp >= limit) break; gas -= 3; dup(sp, 5); sp += 32; continue;
        case OP_DUP1 + 5: if (gas < 3 || sp < base + 160 || sp >= limit) break; gas -= 3; dup(sp, 6); sp += 32; continue;
        case OP_DUP1 + 6: if (gas < 3 || sp < base + 192 || sp >= limit) break; gas -= 3; dup(sp, 7); sp += 32; continue;
        case OP_DUP1 + 7: if (gas < 3 || sp < base + 224 || sp >= limit) break; gas -= 3; dup(sp, 8); sp += 32; continue;
        case OP_DUP1 + 8: if (gas < 3 || sp < base + 256 || sp >= limit) break; gas -= 3; dup(sp, 9); sp += 32; continue;
        case OP_DUP1 + 9: if (gas < 3 || sp < base + 288 || sp >= limit) break; gas -= 3; dup(sp, 10); sp += 32; continue;
        case OP_DUP1 + 10: if (gas < 3 || sp < base + 320 || sp >= limit) break; gas -= 3; dup(sp, 11); sp += 32; continue;
        case OP_DUP1 + 11: if (gas < 3 || sp < base + 352 || sp >= limit) break; gas -= 3; dup(sp, 12); sp += 32; continue;
        case OP_DUP1 + 12: if (gas < 3 || sp < base + 384 || sp >= limit) break; gas -= 3; dup(sp, 13); sp += 32; continue;
        case OP_DUP1 + 13: if (gas < 3 || sp < base + 416 || sp >= limit) break; gas -= 3; dup(sp, 14); sp += 32; continue;
        case OP_DUP1 + 14: if (gas < 3 || sp < base + 448 || sp >= limit) break; gas -= 3; dup(sp, 15); sp += 32; continue;
        case OP_DUP1 + 15: if (gas < 3 || sp < base + 480 || sp >= limit) break; gas -= 3; dup(sp, 16); sp += 32; continue;
        case OP_SWAP1 + 0: if (gas < 3 || sp < base + 32) break; gas -= 3; swap(sp, 1); continue;
        case OP_SWAP1 + 1: if (gas < 3 || sp < base + 64) break; gas -= 3; swap(sp, 2); continue;
        case OP_SWAP1 + 2: if (gas < 3 || sp < base + 96) break; gas -= 3; swap(sp, 3); continue;
        case OP_SWAP1 + 3: if (gas < 3 || sp < base + 128) break; gas -= 3; swap(sp, 4); continue;
        case OP_SWAP1 + 4: if (gas < 3 || sp < base + 160) break; gas -= 3; swap(sp, 5); continue;
        case OP_SWAP1 + 5: if (gas < 3 || sp < base + 192) break; gas -= 3; swap(sp, 6); continue;
        case OP_SWAP1 + 6: if (gas < 3 || sp < base + 224) break; gas -= 3; swap(sp, 7); continue;
        case OP_SWAP1 + 7: if (gas < 3 || sp < base + 256) break; gas -= 3; swap(sp, 8); continue;
        case OP_SWAP1 + 8: if (gas < 3 || sp < base + 288) break; gas -= 3; swap(sp, 9); continue;
        case OP_SWAP1 + 9: if (gas < 3 || sp < base + 320) break; gas -= 3; swap(sp, 10); continue;
        case OP_SWAP1 + 10: if (gas < 3 || sp < base + 352) break; gas -= 3; swap(sp, 11); continue;
        case OP_SWAP1 + 11: if (gas < 3 || sp < base + 384) break; gas -= 3; swap(sp, 12); continue;
        case OP_SWAP1 + 12: if (gas < 3 || sp < base + 416) break; gas -= 3; swap(sp, 13); continue;
        case OP_SWAP1 + 13: if (gas < 3 || sp < base + 448) break; gas -= 3; swap(sp, 14); continue;
        case OP_SWAP1 + 14: if (gas < 3 || sp < base + 480) break; gas -= 3; swap(sp, 15); continue;
        case OP_SWAP1 + 15: if (gas < 3 || sp < base + 512) break; gas -= 3; swap(sp, 16); continue;
        case OP_LOG0: case OP_LOG0 + 1: case OP_LOG0 + 2: case OP_LOG0 + 3: case OP_LOG4: {
          if (gas < 375) break;
          if (frame.isStatic) { status = HALT_STATIC_VIOLATION; break; }
          const topics = opcode - OP_LOG0;
          if (sp < base + 32 + topics * 32) break;
          gas = log(frame, sp, topics, gas - 375);
          if (gas == FAILED) { status = haltStatus; break; }
          sp -= 64 + topics * 32;
          continue;
        }
        case OP_CREATE: case OP_CREATE2: {
          if (opcode == OP_CREATE2 && fork < CONSTANTINOPLE) break;
          if (frame.isStatic) { status = HALT_STATIC_VIOLATION; break; }
          if (sp < base + (opcode == OP_CREATE2 ? 96 : 64)) break;
          frame.pc = pc as u32;
          gas = create(frame, opcode == OP_CREATE2 ? KIND_CREATE2 : KIND_CREATE, sp, gas, fork);
          status = gas == FAILED ? haltStatus : SWITCH;
          break;
        }
        case OP_CALL: case OP_CALLCODE: case OP_DELEGATECALL: case OP_STATICCALL: {
          const trait = load<u32>(traits + opcode * 4);
          if (isUndefined(trait) || gas < (traitGas(trait) as u64) || sp + 32 < base + traitNeeds(trait) * 32) break;
          frame.pc = pc as u32;
          gas = call(frame, kindOf(opcode), sp, gas - (traitGas(trait) as u64), fork);
          status = gas == FAILED ? haltStatus : SWITCH;
          break;
        }
        case OP_RETURN: case OP_REVERT: {
          if (sp < base + 32 || (opcode == OP_REVERT && fork < BYZANTIUM)) break;
          gas = touchRange(frame, sp, sp - 32, gas);
          if (gas == FAILED) { status = haltStatus; break; }
          frame.result = frame.memory + load<u32>(sp);
          frame.resultLength = load<u32>(sp - 32);
          status = opcode == OP_RETURN ? OK_RETURN : REVERT;
          break;
        }
        case OP_INVALID: status = HALT_INVALID_OPCODE; break;
        case OP_SELFDESTRUCT: {
          const price = traitGas(load<u32>(traits + OP_SELFDESTRUCT * 4)) as u64;
          if (gas < price) break;
          if (frame.isStatic) { status = HALT_STATIC_VIOLATION; break; }
          if (sp < base) break;
          gas = selfDestruct(frame, sp, gas - price, fork);
          status = gas == FAILED ? haltStatus : OK_SELFDESTRUCT;
          break;
        }
        default:
      }
      break;
    }
    if (status == SWITCH) {
      if (txFault) return false;
      if (patience != 0) continue;
      frame.pc = pc as u32;
      frame.sp = sp as u32;
      frame.gas = gas;
      return true;
    }
    if (status == CHECK) status = failedCheck(load<u32>(traits + load<u8>(pc - 1) * 4), gas, sp, base);
    if (txFault || !endFrame(frame, status, gas) || txFault) return false;
  }
}

/** Why an opcode could not run. */
function failedCheck(trait: u32, gas: u64, sp: usize, base: usize): u32 {
  if (isUndefined(trait)) return HALT_OPCODE_NOT_FOUND;
  if (gas < (traitGas(trait) as u64)) return HALT_OUT_OF_GAS;
  return sp + 32 < base + traitNeeds(trait) * 32 ? HALT_STACK_UNDERFLOW : HALT_STACK_OVERFLOW;
}

// @ts-ignore: decorator
@inline
function isDestination(frame: Frame, word: usize, to: u64): bool {
  if (isHuge(word) || to >= (frame.codeLength as u64)) return false;
  return ((load<u8>((frame.jumpdests as usize) + ((to as usize) >> 3)) >> ((to as u32) & 7)) & 1) != 0;
}

/** What GAS says about the run: passing the gas on to a call observes it, but tells nothing. */
// @ts-ignore: decorator
@inline
function gasFlags(next: u32): u32 {
  const passes = next == OP_CALL || next == OP_CALLCODE || next == OP_DELEGATECALL || next == OP_STATICCALL;
  return passes ? RESULT_FLAG_GAS_OBSERVED : RESULT_FLAG_GAS_OBSERVED | RESULT_FLAG_GAS_OPAQUE;
}

// @ts-ignore: decorator
@inline
function kindOf(opcode: u32): u32 {
  if (opcode == OP_CALL) return KIND_CALL;
  if (opcode == OP_STATICCALL) return KIND_STATICCALL;
  return opcode == OP_DELEGATECALL ? KIND_DELEGATECALL : KIND_CALLCODE;
}
