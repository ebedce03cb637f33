/** SLOAD, SSTORE and what they cost: EIP-2200, EIP-2929, EIP-3529. */
import { AMSTERDAM, BERLIN, CONSTANTINOPLE } from "../forks";
import {
  GAS_CALL_STIPEND, GAS_COLD_SLOT, GAS_COLD_SLOT_EXTRA, GAS_SSTORE_RESET, GAS_SSTORE_SET, isNetMetered,
  sstoreClearRefund, sstoreRead, sstoreReset, sstoreSet,
} from "../gas";
import { context } from "../interpreter/context";
import { Frame } from "../interpreter/frame";
import { FAILED, halt } from "../interpreter/halt";
import { HALT_OUT_OF_GAS, HALT_REENTRANCY_SENTRY } from "../status";
import { STATE_GAS_SLOT, payForState, returnStateGas } from "../state-gas";
import { SLOT_WARM, TxAccount, TxSlot, setSlot, txFault, txSlot, txSlotForWrite, warmSlot } from "../state/tx-state";
import { copyWord, equalWords, isZeroWord } from "../u256/word";

// @ts-ignore: decorator
@inline
function valueAt(slot: TxSlot): usize {
  return changetype<usize>(slot) + offsetof<TxSlot>("value");
}

// @ts-ignore: decorator
@inline
function originalAt(slot: TxSlot): usize {
  return changetype<usize>(slot) + offsetof<TxSlot>("original");
}

/** The key at `sp` becomes the value. The warm price is paid already. */
export function sload(frame: Frame, sp: usize, gas: u64, fork: u32): u64 {
  const slot = txSlot(changetype<TxAccount>(frame.account as usize), sp);
  if (txFault) return halt(txFault);
  if (fork >= BERLIN && !(slot.flags & SLOT_WARM)) {
    if (gas < GAS_COLD_SLOT_EXTRA) return halt(HALT_OUT_OF_GAS);
    gas -= GAS_COLD_SLOT_EXTRA;
    warmSlot(slot);
  }
  copyWord(sp, valueAt(slot));
  return gas;
}

/** Key and value at `sp`. */
export function sstore(frame: Frame, sp: usize, gas: u64, fork: u32): u64 {
  if (!isNetMetered(fork)) return sstoreByValue(frame, sp, gas, fork);

  if (gas <= GAS_CALL_STIPEND) return halt(HALT_REENTRANCY_SENTRY);
  frame.gasNeeded = max<u64>(frame.gasNeeded, frame.gasLimit - gas + (GAS_CALL_STIPEND + 1));

  const value = sp - 32;
  const read = sstoreRead(fork);
  let price = read;
  const slot = txSlotForWrite(changetype<TxAccount>(frame.account as usize), sp);
  if (txFault) return halt(txFault);
  if (fork >= BERLIN && !(slot.flags & SLOT_WARM)) {
    price += GAS_COLD_SLOT;
    // The sentry above leaves enough for this.
    warmSlot(slot);
  }
  const current = valueAt(slot);
  const original = originalAt(slot);
  const clear = sstoreClearRefund(fork);
  const reset = sstoreReset(fork) - read;
  if (equalWords(current, value)) {
    if (gas < price) return halt(HALT_OUT_OF_GAS);
  } else if (equalWords(original, current)) {
    const wasZero = isZeroWord(original);
    price += wasZero ? sstoreSet(fork) - read : reset;
    if (gas < price) return halt(HALT_OUT_OF_GAS);
    if (wasZero && fork >= AMSTERDAM) {
      gas = payForState(STATE_GAS_SLOT, gas - price);
      if (gas == FAILED) return gas;
      price = 0;
    }
    if (!wasZero && isZeroWord(value)) context.refund += clear;
  } else {
    if (gas < price) return halt(HALT_OUT_OF_GAS);
    context.refund += dirtyRefund(original, current, value, clear, sstoreSet(fork) - read, reset);
    if (fork >= AMSTERDAM && isZeroWord(original) && isZeroWord(value)) returnStateGas(STATE_GAS_SLOT);
  }
  setSlot(slot, value);
  return txFault ? halt(txFault) : gas - price;
}

/** Refund for a slot that was changed before in the same transaction. */
function dirtyRefund(original: usize, current: usize, value: usize, clear: i64, set: u64, reset: u64): i64 {
  let refund: i64 = 0;
  const wasZero = isZeroWord(original);
  if (!wasZero) {
    if (isZeroWord(current)) refund -= clear;
    else if (isZeroWord(value)) refund += clear;
  }
  if (equalWords(original, value)) refund += (wasZero ? set : reset) as i64;
  return refund;
}

/** Before EIP-2200: by the value there and the value written; Constantinople alone had EIP-1283. */
function sstoreByValue(frame: Frame, sp: usize, gas: u64, fork: u32): u64 {
  const value = sp - 32;
  const slot = txSlotForWrite(changetype<TxAccount>(frame.account as usize), sp);
  if (txFault) return halt(txFault);
  const current = valueAt(slot);
  const changes = !equalWords(current, value);
  let price: u64 = GAS_SSTORE_RESET;
  let refund: i64 = 0;
  if (fork == CONSTANTINOPLE) {
    const original = originalAt(slot);
    if (changes && equalWords(original, current)) {
      if (isZeroWord(original)) price = GAS_SSTORE_SET;
      else if (isZeroWord(value)) refund = 15000;
    } else {
      price = 200;
      if (changes) {
        refund = dirtyRefund(original, current, value, 15000, GAS_SSTORE_SET - 200, GAS_SSTORE_RESET - 200);
      }
    }
  } else if (isZeroWord(current)) {
    if (changes) price = GAS_SSTORE_SET;
  } else if (isZeroWord(value)) {
    refund = 15000;
  }
  if (gas < price) return halt(HALT_OUT_OF_GAS);
  context.refund += refund;
  setSlot(slot, value);
  return txFault ? halt(txFault) : gas - price;
}
