/** Instructions about accounts, calldata, code and return data. */
import { Code } from "../code/code";
import { BERLIN } from "../forks";
import { GAS_COLD_ACCOUNT_EXTRA } from "../gas";
import { copyBytes, returnData, returnDataLength } from "../interpreter/area";
import { Frame } from "../interpreter/frame";
import { FAILED, halt } from "../interpreter/halt";
import { HALT_INVALID_OPERAND_OUT_OF_GAS, HALT_OUT_OF_GAS, HALT_RETURN_DATA_OUT_OF_BOUNDS } from "../status";
import {
  ACCOUNT_WARM, TxAccount, isEmpty, observeBalance, observeCode, txAccount, txFault, warmAccount,
} from "../state/tx-state";
import { copyWord, setWord64, wordFromBytes, zeroWord } from "../u256/word";
import { copyPadded, isHuge, payForCopy, saturated } from "./memory";

/** The address at `from` as a word. */
// @ts-ignore: decorator
@inline
export function setAddress(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  store<u64>(to, load<u32>(from, 16) as u64, 16);
  store<u64>(to, 0, 24);
}

/** Charges the cold price when the account is not warm yet (EIP-2929). */
// @ts-ignore: decorator
@inline
export function payForAccess(account: TxAccount, gas: u64, fork: u32): u64 {
  if (fork < BERLIN || account.flags & ACCOUNT_WARM) return gas;
  if (gas < GAS_COLD_ACCOUNT_EXTRA) return halt(HALT_OUT_OF_GAS);
  warmAccount(account);
  return gas - GAS_COLD_ACCOUNT_EXTRA;
}

// @ts-ignore: decorator
@inline
export function balanceOf(account: TxAccount): usize {
  return changetype<usize>(account) + offsetof<TxAccount>("balance");
}

/** The address at `sp` becomes the balance. The warm price is paid already, here and below. */
export function balance(sp: usize, gas: u64, fork: u32): u64 {
  const account = txAccount(sp);
  if (txFault) return halt(txFault);
  gas = payForAccess(account, gas, fork);
  if (gas == FAILED) return gas;
  observeBalance(account);
  copyWord(sp, balanceOf(account));
  return gas;
}

export function extCodeSize(sp: usize, gas: u64, fork: u32): u64 {
  const account = txAccount(sp);
  if (txFault) return halt(txFault);
  gas = payForAccess(account, gas, fork);
  if (gas == FAILED) return gas;
  observeCode(account);
  setWord64(sp, account.code == 0 ? 0 : (changetype<Code>(account.code as usize).length as u64));
  return gas;
}

/** keccak256 of nothing, as a word. */
const EMPTY_HASH: usize = memory.data<u64>([
  0x7bfad8045d85a470, 0xe500b653ca82273b, 0x927e7db2dcc703c0, 0xc5d2460186f7233c,
]);

/** EIP-1052: zero for an account that does not exist or is empty. */
export function extCodeHash(sp: usize, gas: u64, fork: u32): u64 {
  const account = txAccount(sp);
  if (txFault) return halt(txFault);
  gas = payForAccess(account, gas, fork);
  if (gas == FAILED) return gas;
  observeCode(account);
  // A Code begins with its hash.
  if (account.code != 0) wordFromBytes(sp, account.code as usize);
  else if (isEmpty(account)) zeroWord(sp);
  else copyWord(sp, EMPTY_HASH);
  return gas;
}

/** Address, memory offset, code offset, length. */
export function extCodeCopy(frame: Frame, sp: usize, gas: u64, fork: u32): u64 {
  gas = payForCopy(frame, sp - 32, sp - 96, gas);
  if (gas == FAILED) return gas;
  const account = txAccount(sp);
  if (txFault) return halt(txFault);
  gas = payForAccess(account, gas, fork);
  if (gas == FAILED) return gas;
  const length = load<u32>(sp - 96);
  if (length != 0) {
    observeCode(account);
    const code = changetype<Code>(account.code as usize);
    const to = frame.memory + load<u32>(sp - 32);
    if (account.code == 0) memory.fill(to, 0, length);
    else copyPadded(to, code.bytes, code.length, saturated(sp - 64), length);
  }
  return gas;
}

/** The offset at `sp` becomes the word of calldata there. */
// @ts-ignore: decorator
@inline
export function callDataLoad(frame: Frame, sp: usize): void {
  const offset = load<u64>(sp);
  if (!isHuge(sp) && offset < 0xffffffff && offset + 32 <= (frame.inputLength as u64)) {
    wordFromBytes(sp, (frame.input as usize) + (offset as usize));
  } else {
    callDataLoadEdge(frame, sp);
  }
}

function callDataLoadEdge(frame: Frame, sp: usize): void {
  copyPadded(sp, frame.input, frame.inputLength, saturated(sp), 32);
  wordFromBytes(sp, sp);
}

/** EIP-211: memory offset, data offset, length; reading past the end is an error. */
export function returnDataCopy(frame: Frame, sp: usize, gas: u64): u64 {
  if (isHuge(sp - 64)) return halt(HALT_INVALID_OPERAND_OUT_OF_GAS);
  const offset = saturated(sp - 32);
  const length = load<u64>(sp - 64);
  const end = offset + length;
  if (end < offset || end > (returnDataLength as u64)) return halt(HALT_RETURN_DATA_OUT_OF_BOUNDS);
  gas = payForCopy(frame, sp, sp - 64, gas);
  if (gas == FAILED) return gas;
  if (length != 0) copyBytes(frame.memory + load<u32>(sp), returnData + (offset as usize), length as u32);
  return gas;
}
