/** Messages: how they end, and what the caller gets. */
import { TRACE } from "../config";
import { AMSTERDAM, HOMESTEAD, LONDON, SPURIOUS_DRAGON, TANGERINE_WHISTLE } from "../forks";
import { GAS_CODE_BYTE, GAS_KECCAK_WORD, words } from "../gas";
import { traceExit } from "../host";
import { setAddress } from "../instructions/environment";
import { RESULT_FLAG_GAS_OPAQUE, RESULT_FLAG_INTERNAL_OUT_OF_GAS } from "../layout";
import {
  HALT_CODE_DEPOSIT_OUT_OF_GAS, HALT_CODE_SIZE_LIMIT, HALT_CODE_STARTS_WITH_EF, isHalt, isOk, isOutOfGas, isRevert,
} from "../status";
import { STATE_GAS_ACCOUNT, STATE_GAS_CODE_BYTE, payForState, returnStateGas, revertStateGas } from "../state-gas";
import { TxAccount, deployCode, revertTo } from "../state/tx-state";
import { setWord64, zeroWord } from "../u256/word";
import { copyBytes, frameAt, returnData, returnDataLength, setReturnData, setReturnDataLength } from "./area";
import { context } from "./context";
import { Frame, KIND_CREATE, setCurrent } from "./frame";
import { FAILED } from "./halt";

/** How the transaction's message ended. `outputPointer` holds the output (of a create that succeeded:
 *  the code) until the next execution; `gasNeeded` is the least gas that would have given the same
 *  result, unless RESULT_FLAG_GAS_OPAQUE is set. */
export let rootStatus: u32 = 0;
export let gasLeft: u64 = 0;
export let gasNeeded: u64 = 0;
export let outputPointer: usize = 0;
export let outputLength: u32 = 0;

/** Gas left after `settleCode`. */
let depositGas: u64 = 0;

export function rootEnded(status: u32, left: u64, needed: u64, output: usize, length: u32): void {
  rootStatus = status;
  gasLeft = left;
  gasNeeded = needed;
  outputPointer = output;
  outputLength = length;
}

/** Ends the running frame. Returns false when it was the top one, else its caller runs on. */
export function endFrame(frame: Frame, status: u32, gas: u64): bool {
  const isCreate = frame.kind >= KIND_CREATE;
  // The tracer also sees code that was returned and refused.
  let traced: u32 = 0;
  if (isCreate && isOk(status)) {
    traced = frame.resultLength;
    status = settleCode(frame, status, gas);
    gas = depositGas;
  }
  if (!isOk(status)) {
    revertTo(frame.checkpoint);
    context.refund = frame.refund;
    revertStateGas(frame.stateGas);
    if (isHalt(status)) {
      gas = 0;
      frame.resultLength = 0;
    }
  }
  if (TRACE) traceExit(status, frame.result, max<u32>(traced, frame.resultLength), gas);
  const stipend = frame.gasLimit - frame.gasTaken;
  const needed = max<u64>(max<u64>(frame.gasNeeded, frame.gasLimit - gas), stipend) - stipend;
  if (frame.depth == 0) {
    rootEnded(status, gas, needed, frame.result, frame.resultLength);
    return false;
  }
  const caller = frameAt(frame.depth - 1);
  setCurrent(caller);
  if (isCreate) {
    if (isRevert(status)) setReturnData(frame.result, frame.resultLength);
    else setReturnDataLength(0);
    settleCreate(caller, status, gas, frame.gasTaken, needed, frame.account);
  } else {
    setReturnData(frame.result, frame.resultLength);
    settleCall(caller, status, gas, frame.gasTaken, needed, frame.outputOffset, frame.outputLength);
  }
  return true;
}

/** Stores what initcode returned (EIP-2, EIP-170, EIP-3541). Returns the status of the create. */
function settleCode(frame: Frame, status: u32, gas: u64): u32 {
  const fork = context.fork;
  const length = frame.resultLength;
  depositGas = gas;
  if (fork >= SPURIOUS_DRAGON && length > context.maxCodeSize) return HALT_CODE_SIZE_LIMIT;
  if (fork >= LONDON && length != 0 && load<u8>(frame.result) == 0xef) return HALT_CODE_STARTS_WITH_EF;
  if (fork >= AMSTERDAM) {
    // EIP-8037: the code is hashed, and is new state.
    const hashing = GAS_KECCAK_WORD * words(length);
    const left = gas < hashing ? FAILED : payForState(STATE_GAS_CODE_BYTE * (length as u64), gas - hashing);
    if (left == FAILED) return HALT_CODE_DEPOSIT_OUT_OF_GAS;
    depositGas = left;
    if (length != 0) deployCode(changetype<TxAccount>(frame.account as usize), frame.result, length);
    return status;
  }
  const price = GAS_CODE_BYTE * (length as u64);
  if (gas < price) {
    if (fork >= HOMESTEAD) return HALT_CODE_DEPOSIT_OUT_OF_GAS;
    // On Frontier the contract is there, without code.
    frame.resultLength = 0;
    return status;
  }
  depositGas = gas - price;
  if (length != 0) deployCode(changetype<TxAccount>(frame.account as usize), frame.result, length);
  return status;
}

/** Gives the caller the outcome of a call: gas, output in memory, 1 or 0 on the stack. */
export function settleCall(
  caller: Frame, status: u32, gas: u64, taken: u64, needed: u64, outputOffset: u32, outputSize: u32,
): void {
  // Before EIP-150, a call got what it asked for or failed.
  settleGas(caller, status, gas, taken, needed, taken);
  const length = min<u32>(outputSize, returnDataLength);
  if (length != 0) copyBytes((caller.memory as usize) + (outputOffset as usize), returnData, length);
  const top = (caller.sp as usize) + 32;
  caller.sp = top as u32;
  setWord64(top, u64(isOk(status)));
}

/** Gives the caller the outcome of a create: gas, and the address or 0 on the stack. */
export function settleCreate(caller: Frame, status: u32, gas: u64, taken: u64, needed: u64, account: u32): void {
  settleGas(caller, status, gas, taken, needed, needed);
  if (context.fork >= AMSTERDAM && !isOk(status)) returnStateGas(STATE_GAS_ACCOUNT);
  const top = (caller.sp as usize) + 32;
  caller.sp = top as u32;
  if (isOk(status)) setAddress(top, account);
  else zeroWord(top);
}

/** `needed`: the least gas, of what the caller paid, with which the message would have ended the same way;
 *  `frontier`: what the caller must have had before EIP-150. */
function settleGas(caller: Frame, status: u32, gas: u64, taken: u64, needed: u64, frontier: u64): void {
  const before = caller.gas + taken;
  if (isHalt(status)) {
    // A halt eats whatever it is given, so the gas used says nothing about the gas needed.
    context.resultFlags |= RESULT_FLAG_GAS_OPAQUE;
    if (isOutOfGas(status)) context.resultFlags |= RESULT_FLAG_INTERNAL_OUT_OF_GAS;
  } else {
    caller.gas += gas;
  }
  // A 64th of what the caller has stays behind (EIP-150).
  let least = frontier;
  if (context.fork >= TANGERINE_WHISTLE) least = needed == 0 ? 0 : needed + (needed - 1) / 63;
  caller.gasNeeded = max<u64>(caller.gasNeeded, caller.gasLimit - before + least);
}
