/**
 * What lies below the executing transaction: a chain's base state as of an epoch, and above it,
 * for overlay runs, the run's multi-version memory. Every read below goes through here.
 */
import { context } from "../interpreter/context";
import {
  Location, accountLocation, findAccountLocation, findSlotLocation, slotLocation,
} from "../parallel/versions";
import {
  lastReset, resolveAccount, resolveSlot, resolvedEstimate, resolvedReset, resolvedSource,
} from "../parallel/resolve";
import { awaitWriters, isHot } from "../parallel/hot";
import { Scheduler } from "../parallel/scheduler";
import { Run } from "../transaction/run";
import { ENGINE_OUT_OF_MEMORY, NEEDS_DEPENDENCY } from "../status";
import { copyWord } from "../u256/word";
import { accountHasStorage, accountValueAt, baseAccount, baseSlot, copyAccountValue, slotValueAt } from "./base";
import { setTxFault } from "./tx-memory";
import { READS_STORAGE, TxAccount, TxSlot } from "./tx-records";

/** The chain and the epoch that this thread reads. */
let chain: usize = 0;
let epoch: u32 = 0;
/** The run whose versions are read, null = the base state alone. */
let run: Run = changetype<Run>(0);
/** The reader's place in the run's order. */
let order: u32 = 0;
/** Other threads may write what is read: every read gets a location, so that it can be validated. */
let speculative: bool = false;

/** Whose ESTIMATE ended the transaction (NEEDS_DEPENDENCY). */
export let blockingOrder: u32 = 0;

/** Reads the base state alone. */
export function readBase(ofChain: usize, atEpoch: u32): void {
  chain = ofChain;
  epoch = atEpoch;
  run = changetype<Run>(0);
  speculative = false;
}

/** Reads what writers before `asOrder` left in the run. */
export function readRun(ofRun: Run, asOrder: u32, isSpeculative: bool): void {
  chain = ofRun.chain;
  epoch = ofRun.epoch;
  run = ofRun.buckets == 0 ? changetype<Run>(0) : ofRun;
  order = asOrder;
  speculative = isSpeculative;
}

/** Whether other threads are at work on the same block. */
export function isInParallel(): bool {
  return changetype<usize>(run) != 0 && run.scheduler != 0;
}

export function belowChain(): usize {
  return chain;
}

export function belowEpoch(): u32 {
  return epoch;
}

/** Fills the fields of an account (both the current ones and those with `0`). */
export function loadAccountBelow(account: TxAccount): void {
  if (changetype<usize>(run) != 0) {
    if (loadVersionedAccount(account)) return;
  }
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

/** Whether the address is the fee recipient's. */
// @ts-ignore: decorator
@inline
function isCoinbase(address: usize): bool {
  return load<u64>(address) == context.coinbaseLo && load<u64>(address, 8) == context.coinbaseMid &&
    load<u32>(address, 16) == context.coinbaseHi;
}

/** False: the run knows nothing of the account. */
function loadVersionedAccount(account: TxAccount): bool {
  const at = changetype<usize>(account);
  // Fees are added where the fee recipient's location is (fees.ts), so whoever asks makes it.
  const makes = speculative || (run.scheduler != 0 && isCoinbase(at));
  const location = makes ? accountLocation(run, at) : findAccountLocation(run, at);
  if (changetype<usize>(location) == 0) {
    if (makes) setTxFault(ENGINE_OUT_OF_MEMORY);
    return makes;
  }
  account.location = changetype<usize>(location) as u32;
  account.base = location.base;
  if (speculative && isHot(location)) awaitWriters(changetype<Scheduler>(run.scheduler), location, order);
  copyAccountValue(at + offsetof<TxAccount>("nonce0"), resolveAccount(location, order));
  if (speculative && resolvedEstimate != 0) block(resolvedEstimate);
  startFrom0(account);
  return true;
}

function block(writer: u32): void {
  blockingOrder = writer;
  setTxFault(NEEDS_DEPENDENCY);
}

/** Fills `original` of a slot of an account that was not created by this transaction. */
export function loadSlotBelow(account: TxAccount, slot: TxSlot): void {
  const at = changetype<usize>(slot);
  if (account.location != 0) {
    const owner = changetype<Location>(account.location);
    const location = speculative ? slotLocation(run, owner, at) : findSlotLocation(run, owner, at);
    if (changetype<usize>(location) != 0) {
      slot.location = changetype<usize>(location) as u32;
      slot.base = location.base;
      if (speculative && isHot(location)) awaitWriters(changetype<Scheduler>(run.scheduler), location, order);
      copyWord(at + offsetof<TxSlot>("original"), resolveSlot(location, order));
      slot.source = resolvedSource;
      slot.reset = resolvedReset;
      if (speculative && resolvedEstimate != 0) block(resolvedEstimate);
      return;
    }
    if (speculative) {
      setTxFault(ENGINE_OUT_OF_MEMORY);
      return;
    }
    if (lastReset(owner, order) != 0) return;
  }
  if (account.base == 0) return;
  const entry = baseSlot(chain, account.base, at);
  slot.base = entry as u32;
  if (entry == 0) return;
  copyWord(at + offsetof<TxSlot>("original"), slotValueAt(entry, epoch));
}

/** True when the account below has storage (EIP-7610 collision rule). Storage that transactions of
 *  the same run wrote needs no look: its account has code or a nonce, which collides anyway. */
export function hasStorage(account: TxAccount): bool {
  account.reads |= READS_STORAGE;
  account.hadStorage = hasStorageBelow(account.base, account.location, order, epoch) ? 1 : 0;
  return account.hadStorage != 0;
}

/** The same for validation. `location`: 0 = none. */
export function hasStorageBelow(base: usize, location: usize, asOrder: u32, atEpoch: u32): bool {
  if (base == 0 || !accountHasStorage(base, atEpoch)) return false;
  return location == 0 || lastReset(changetype<Location>(location), asOrder) == 0;
}
