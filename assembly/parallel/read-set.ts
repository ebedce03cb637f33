/**
 * What an execution observed, kept so that it can be compared with what it would observe now. By
 * value: a slot that was written back to what it was, or a balance that is still high enough, is
 * no conflict. Where an account's storage was reset (created or destroyed) by exact writer.
 *
 *   u32 accounts, u32 slots, AccountRead *, SlotRead *
 */
import { AccountValue } from "../state/entries";
import { hasStorageBelow } from "../state/tx-below";
import {
  ACCOUNT_CREATED, ACCOUNT_EXISTS, ACCOUNT_LOADED, READS_BALANCE, READS_BOUND, READS_CODE, READS_EMPTY, READS_EXISTS,
  READS_NONCE, READS_STORAGE, SLOT_LOADED, SLOT_READ, SLOT_WRITTEN, TxAccount, TxSlot, firstAccount, firstSlot,
} from "../state/tx-records";
import { Run } from "../transaction/run";
import { lessThan } from "../u256/arithmetic";
import { sub } from "../u256/arithmetic";
import { copyWord, equalWords, isZeroWord } from "../u256/word";
import { bufferTake } from "../memory/thread";
import { sameCode } from "./publish";
import {
  resolveAccount, resolveSlot, resolvedEstimate, resolvedReset, resolvedSource,
} from "./resolve";
import { Location, versionAlloc } from "./versions";

@unmanaged
class AccountRead {
  location: u32;
  /** READS_*, and HAD_STORAGE. */
  reads: u32;
  code: u32;
  /** ACCOUNT_EXISTS, WAS_EMPTY */
  flags: u32;
  nonce: u64;
  balance: u64;
  balance1: u64;
  balance2: u64;
  balance3: u64;
  low: u64;
  low1: u64;
  low2: u64;
  low3: u64;
}

@unmanaged
class SlotRead {
  location: u32;
  source: u32;
  reset: u32;
  /** 1 = only written: see `sameForWrite`. */
  blind: u32;
  original: u64;
  original1: u64;
  original2: u64;
  original3: u64;
  written: u64;
  written1: u64;
  written2: u64;
  written3: u64;
}

const HEADER: u32 = 8;
const ACCOUNT_READ: u32 = offsetof<AccountRead>() as u32;
const SLOT_READ_SIZE: u32 = offsetof<SlotRead>() as u32;

const WAS_EMPTY: u32 = 2;
const HAD_STORAGE: u32 = 4;

export const VALID: u32 = 0;
export const STALE: u32 = 1;
/** An ESTIMATE lies in the way: its writer runs again, and tells when it is done. */
export const UNKNOWN: u32 = 2;

/** The location that made the last set stale. */
export let staleLocation: usize = 0;

let word: usize = 0;

/** Once per thread. */
export function readSetInit(): bool {
  word = bufferTake(32);
  return word != 0;
}

// @ts-ignore: decorator
@inline
function isEmptyValue(value: AccountValue): bool {
  return (value.nonce | value.balance | value.balance1 | value.balance2 | value.balance3) == 0 && value.code == 0;
}

/** Copies what the transaction at hand observed. Returns the set, 0 when out of memory. */
export function captureReads(): usize {
  let accounts: u32 = 0;
  let slots: u32 = 0;
  for (let at = firstAccount; at != 0; at = changetype<TxAccount>(at).next) {
    if (changetype<TxAccount>(at).reads != 0 && changetype<TxAccount>(at).location != 0) accounts++;
  }
  for (let at = firstSlot; at != 0; at = changetype<TxSlot>(at).next) {
    if (changetype<TxSlot>(at).location != 0) slots++;
  }
  const set = versionAlloc(HEADER + accounts * ACCOUNT_READ + slots * SLOT_READ_SIZE);
  if (set == 0) return 0;
  store<u32>(set, accounts);
  store<u32>(set, slots, 4);
  let to = set + HEADER;
  for (let at = firstAccount; at != 0; at = changetype<TxAccount>(at).next) {
    const account = changetype<TxAccount>(at);
    if (account.reads == 0 || account.location == 0) continue;
    captureAccount(account, changetype<AccountRead>(to));
    to += ACCOUNT_READ;
  }
  for (let at = firstSlot; at != 0; at = changetype<TxSlot>(at).next) {
    const slot = changetype<TxSlot>(at);
    if (slot.location == 0) continue;
    captureSlot(slot, changetype<SlotRead>(to));
    to += SLOT_READ_SIZE;
  }
  return set;
}

function captureAccount(account: TxAccount, read: AccountRead): void {
  const at = changetype<usize>(account);
  const to = changetype<usize>(read);
  read.location = account.location;
  read.reads = account.reads;
  read.code = account.code0;
  read.nonce = account.nonce0;
  copyWord(to + offsetof<AccountRead>("balance"), at + offsetof<TxAccount>("balance0"));
  copyWord(to + offsetof<AccountRead>("low"), at + offsetof<TxAccount>("low"));
  let flags = account.flags0 & ACCOUNT_EXISTS;
  const empty =
    (account.nonce0 | account.balance0 | account.balance01 | account.balance02 | account.balance03) == 0 && account.code0 == 0;
  if (empty) flags |= WAS_EMPTY;
  if (account.reads & READS_STORAGE && account.hadStorage) flags |= HAD_STORAGE;
  read.flags = flags;
}

function captureSlot(slot: TxSlot, read: SlotRead): void {
  const at = changetype<usize>(slot);
  const to = changetype<usize>(read);
  read.location = slot.location;
  read.source = slot.source;
  read.reset = slot.reset;
  copyWord(to + offsetof<SlotRead>("original"), at + offsetof<TxSlot>("original"));
  read.blind = (slot.flags & (SLOT_READ | SLOT_WRITTEN)) == SLOT_WRITTEN ? 1 : 0;
  if (read.blind) copyWord(to + offsetof<SlotRead>("written"), at + offsetof<TxSlot>("value"));
}

/** Compares a set with what a reader at `order` would observe now. `assumedNonce`: the sender's
 *  nonce is right as soon as the transaction before has run, which it has not yet. */
export function validateReads(run: Run, set: usize, order: u32, assumedNonce: bool): u32 {
  const accounts = load<u32>(set);
  const slots = load<u32>(set, 4);
  let at = set + HEADER + (accounts as usize) * ACCOUNT_READ;
  let outcome = VALID;
  for (let i: u32 = 0; i < slots; i++, at += SLOT_READ_SIZE) {
    const seen = validateSlot(changetype<SlotRead>(at), order);
    if (seen == STALE) return stale(changetype<SlotRead>(at).location);
    outcome |= seen;
  }
  at = set + HEADER;
  for (let i: u32 = 0; i < accounts; i++, at += ACCOUNT_READ) {
    const seen = validateAccount(run, changetype<AccountRead>(at), order, assumedNonce);
    if (seen == STALE) return stale(changetype<AccountRead>(at).location);
    outcome |= seen;
  }
  return outcome;
}

function stale(location: u32): u32 {
  staleLocation = location;
  return STALE;
}

function validateSlot(read: SlotRead, order: u32): u32 {
  const now = resolveSlot(changetype<Location>(read.location), order);
  if (resolvedEstimate != 0) return UNKNOWN;
  if (resolvedReset != read.reset) return STALE;
  if (resolvedSource == read.source) return VALID;
  const original = changetype<usize>(read) + offsetof<SlotRead>("original");
  if (equalWords(now, original)) return VALID;
  return read.blind && sameForWrite(read, now, original) ? VALID : STALE;
}

/** The gas of a lone SSTORE hangs on whether the slot was zero and whether it held the new value. */
function sameForWrite(read: SlotRead, now: usize, original: usize): bool {
  const written = changetype<usize>(read) + offsetof<SlotRead>("written");
  return isZeroWord(now) == isZeroWord(original) && equalWords(now, written) == equalWords(original, written);
}

function validateAccount(run: Run, read: AccountRead, order: u32, assumedNonce: bool): u32 {
  const location = changetype<Location>(read.location);
  const reads = read.reads;
  const at = resolveAccount(location, order);
  if (resolvedEstimate != 0) return UNKNOWN;
  const now = changetype<AccountValue>(at);
  if (reads & READS_NONCE && now.nonce != read.nonce && !(assumedNonce && now.nonce < read.nonce)) return STALE;
  if (reads & READS_CODE && !sameCode(now.code, read.code)) return STALE;
  if (reads & READS_EMPTY && isEmptyValue(now) != ((read.flags & WAS_EMPTY) != 0)) return STALE;
  if (reads & READS_EXISTS && ((now.flags ^ read.flags) & ACCOUNT_EXISTS) != 0) return STALE;
  const balance = at + offsetof<AccountValue>("balance");
  const before = changetype<usize>(read) + offsetof<AccountRead>("balance");
  if (reads & (READS_BALANCE | READS_BOUND) && !equalWords(balance, before)) {
    if (reads & READS_BALANCE || !suffices(read, balance, before)) return STALE;
  }
  if (reads & READS_STORAGE) {
    const has = hasStorageBelow(location.base, read.location, order, run.epoch);
    if (has != ((read.flags & HAD_STORAGE) != 0)) return STALE;
  }
  return VALID;
}

/** Whether all that was spent could be spent from `balance` too. */
function suffices(read: AccountRead, balance: usize, before: usize): bool {
  // Sums near the end of the range would not be the same.
  if ((load<u64>(balance, 24) | load<u64>(before, 24)) >> 62) return false;
  const low = changetype<usize>(read) + offsetof<AccountRead>("low");
  if (!lessThan(low, before)) return true;
  sub(word, before, low);
  return !lessThan(balance, word);
}
