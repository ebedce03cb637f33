/**
 * What lies below the executing transaction: a chain's base state as of an epoch, and above it,
 * for overlay runs, the run's multi-version memory. Every read below goes through here, and
 * validation resolves through the same functions.
 */
import { copyWord } from "../u256/word";
import { accountHasStorage, accountValueAt, baseAccount, baseSlot, slotValueAt } from "./base";
import { copyAccountValue } from "./base";
import { READS_STORAGE, TxAccount, TxSlot } from "./tx-records";

/** The chain and the epoch that this thread reads. */
let chain: usize = 0;
let epoch: u32 = 0;

export function setBelow(ofChain: usize, atEpoch: u32): void {
  chain = ofChain;
  epoch = atEpoch;
}

export function belowChain(): usize {
  return chain;
}

export function belowEpoch(): u32 {
  return epoch;
}

/** Fills the fields of an account (both the current ones and those with `0`). */
export function loadAccountBelow(account: TxAccount): void {
  const at = changetype<usize>(account);
  const entry = baseAccount(chain, at);
  account.base = entry as u32;
  if (entry == 0) return;
  copyAccountValue(at + offsetof<TxAccount>("nonce0"), accountValueAt(entry, epoch));
  startFrom0(account);
}

/** Makes the current fields what those before the transaction are. */
export function startFrom0(account: TxAccount): void {
  const at = changetype<usize>(account);
  account.nonce = account.nonce0;
  copyWord(at + offsetof<TxAccount>("balance"), at + offsetof<TxAccount>("balance0"));
  account.code = account.code0;
  account.flags |= account.flags0;
}

/** Fills `original` of a slot of an account that was not created by this transaction. */
export function loadSlotBelow(account: TxAccount, slot: TxSlot): void {
  if (account.base == 0) return;
  const entry = baseSlot(chain, account.base, changetype<usize>(slot));
  slot.base = entry as u32;
  if (entry == 0) return;
  copyWord(changetype<usize>(slot) + offsetof<TxSlot>("original"), slotValueAt(entry, epoch));
}

/** True when the account below has storage (EIP-7610 collision rule). */
export function hasStorage(account: TxAccount): bool {
  account.reads |= READS_STORAGE;
  return account.base != 0 && accountHasStorage(account.base, epoch);
}
