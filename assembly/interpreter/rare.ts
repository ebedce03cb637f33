/**
 * Instructions that are rare or dear enough for a call of their own: what they need and leave on the
 * stack, and their static gas, the loop takes from the trait table. The others are the loop's.
 */
import { exp } from "../instructions/arithmetic";
import { blobHash, blockHash } from "../instructions/block";
import {
  balance, balanceOf, extCodeCopy, extCodeHash, extCodeSize, returnDataCopy, setAddress,
} from "../instructions/environment";
import { log } from "../instructions/log";
import { copyToMemory, mcopy, touchMemory } from "../instructions/memory";
import {
  OP_BALANCE, OP_BASEFEE, OP_BLOBBASEFEE, OP_BLOBHASH, OP_BLOCKHASH, OP_CHAINID, OP_CLZ, OP_CODECOPY, OP_CODESIZE,
  OP_COINBASE, OP_EXP, OP_EXTCODECOPY, OP_EXTCODEHASH, OP_EXTCODESIZE, OP_GASLIMIT, OP_GASPRICE, OP_LOG0, OP_LOG4,
  OP_MCOPY, OP_MSTORE8, OP_ORIGIN, OP_PREVRANDAO, OP_RETURNDATACOPY, OP_SDIV, OP_SELFBALANCE, OP_SLOTNUM, OP_SMOD,
  OP_TLOAD, OP_TSTORE,
} from "../opcodes";
import { HALT_OPCODE_NOT_FOUND } from "../status";
import { TxAccount, loadTransient, observeBalance, storeTransient, txFault } from "../state/tx-state";
import { countLeadingZeros } from "../u256/bits";
import { sdiv, smod } from "../u256/division";
import { copyWord, setWord64 } from "../u256/word";
import { baseFeeOf, blobBaseFeeOf, coinbaseOf, context, gasPriceOf, originOf, prevRandaoOf } from "./context";
import { Frame } from "./frame";
import { FAILED, halt } from "./halt";

/** Whether the opcode, one of those below, must not run in a static call. */
// @ts-ignore: decorator
@inline
export function changesState(opcode: u32): bool {
  return (opcode >= OP_LOG0 && opcode <= OP_LOG4) || opcode == OP_TSTORE;
}

/** Runs `opcode`, whose static gas is paid and whose operands are there, the first at `sp`; what it leaves goes where
 *  the last of them was, or above `sp` when it takes none. Returns the gas left, or FAILED. */
export function runRare(frame: Frame, opcode: u32, sp: usize, gas: u64, fork: u32): u64 {
  const above = sp + 32;
  const below = sp - 32;
  const account = changetype<TxAccount>(frame.account as usize);
  switch (opcode) {
    case OP_SDIV: sdiv(below, sp, below); return gas;
    case OP_SMOD: smod(below, sp, below); return gas;
    case OP_EXP: return exp(sp, gas, fork);
    case OP_CLZ: countLeadingZeros(sp, sp); return gas;
    case OP_BALANCE: return balance(sp, gas, fork);
    case OP_ORIGIN: setAddress(above, originOf()); return gas;
    case OP_CODESIZE: setWord64(above, frame.codeLength); return gas;
    case OP_CODECOPY: return copyToMemory(frame, sp, frame.code, frame.codeLength, gas);
    case OP_GASPRICE: copyWord(above, gasPriceOf()); return gas;
    case OP_EXTCODESIZE: return extCodeSize(sp, gas, fork);
    case OP_EXTCODECOPY: return extCodeCopy(frame, sp, gas, fork);
    case OP_RETURNDATACOPY: return returnDataCopy(frame, sp, gas);
    case OP_EXTCODEHASH: return extCodeHash(sp, gas, fork);
    case OP_BLOCKHASH: blockHash(sp); return txFault ? halt(txFault) : gas;
    case OP_COINBASE: setAddress(above, coinbaseOf()); return gas;
    case OP_PREVRANDAO: copyWord(above, prevRandaoOf()); return gas;
    case OP_GASLIMIT: setWord64(above, context.gasLimit); return gas;
    case OP_CHAINID: setWord64(above, context.chainId); return gas;
    case OP_SELFBALANCE: observeBalance(account); copyWord(above, balanceOf(account)); return gas;
    case OP_BASEFEE: copyWord(above, baseFeeOf()); return gas;
    case OP_BLOBHASH: blobHash(sp); return gas;
    case OP_BLOBBASEFEE: copyWord(above, blobBaseFeeOf()); return gas;
    case OP_SLOTNUM: setWord64(above, context.slotNumber); return gas;
    case OP_MSTORE8:
      gas = touchMemory(frame, sp, 1, gas);
      if (gas != FAILED) store<u8>((frame.memory as usize) + load<u32>(sp), load<u8>(below));
      return gas;
    case OP_TLOAD: loadTransient(account, sp, sp); return gas;
    case OP_TSTORE: storeTransient(account, sp, below); return txFault ? halt(txFault) : gas;
    case OP_MCOPY: return mcopy(frame, sp, gas);
    case OP_LOG0: case OP_LOG0 + 1: case OP_LOG0 + 2: case OP_LOG0 + 3: case OP_LOG4:
      return log(frame, sp, opcode - OP_LOG0, gas);
    default: return halt(HALT_OPCODE_NOT_FOUND);
  }
}
