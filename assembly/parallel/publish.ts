/** Puts what a finished transaction left into the run's multi-version memory. */
import { Context, context } from "../interpreter/context";
import { Code } from "../code/code";
import { codeSize, codeInit } from "../code/store";
import { accountHasStorage } from "../state/base";
import { AccountValue } from "../state/entries";
import {
  ACCOUNT_CREATED, ACCOUNT_EXISTS, ACCOUNT_LOADED, ACCOUNT_TOUCHED, READS_BALANCE, READS_EMPTY, READS_EXISTS,
  SLOT_WRITTEN, TxAccount, TxSlot, firstAccount, firstSlot,
} from "../state/tx-records";
import { ACCOUNT_CHANGED, ACCOUNT_DELETED, ACCOUNT_KEPT, accountOutcome, isBalanceChanged, isBlank } from "../transaction/finish";
import { Run } from "../transaction/run";
import { work, workFee } from "../transaction/work";
import { add, sub } from "../u256/arithmetic";
import { copyWord, equalWords, isZeroWord } from "../u256/word";
import { lastReset, resolveAccount } from "./resolve";
import {
  ACCOUNT_DATA_SIZE, AccountData, ESTIMATE, HAS_ALL, HAS_BALANCE, HAS_CODE, HAS_DELTA, HAS_EXISTS, HAS_NONCE,
  HAS_RESET, Location, SLOT_DATA_SIZE, Version, accountLocation, publishData, slotLocation, versionAlloc,
  versionData, versionFree, versionOf,
} from "./versions";

/** What `publish` returns: the same locations with the same values as this writer left before. */
export const PUBLISHED_SAME: u32 = 0;
export const PUBLISHED_CHANGED: u32 = 1;
/** Out of memory. */
export const PUBLISHED_NOTHING: u32 = 2;

/** Whether the data that a version replaces can be freed: nobody else may be reading. */
let alone: bool = false;
/** Everything below is decided, so whole values are published rather than changes. */
let absolute: bool = false;
let writerOrder: u32 = 0;
let writerStamp: u32 = 0;
let listHead: usize = 0;
let changed: bool = false;

/**
 * Publishes the effects of the transaction at hand as those of `order`. `head`: the head of the
 * writer's list of versions; `stamp`: its incarnation + 1. PUBLISHED_NOTHING: out of memory, and
 * what the writer left is incomplete.
 */
export function publish(run: Run, order: u32, stamp: u32, head: usize, isDecided: bool): u32 {
  beginWriting(run, order, stamp, head, isDecided);
  let ok = true;
  for (let at = firstAccount; ok && at != 0; at = changetype<TxAccount>(at).next) {
    ok = publishAccount(run, changetype<TxAccount>(at));
  }
  for (let at = firstSlot; ok && at != 0; at = changetype<TxSlot>(at).next) {
    const slot = changetype<TxSlot>(at);
    if (slot.flags & SLOT_WRITTEN) ok = publishSlot(run, slot);
  }
  // In a parallel execution the fee is no version: fees.ts.
  if (ok && work.feeOwed && alone) {
    ok = publishCredit(run, changetype<usize>(context) + offsetof<Context>("coinbaseLo"), workFee());
  }
  if (!ok) return PUBLISHED_NOTHING;
  return changed ? PUBLISHED_CHANGED : PUBLISHED_SAME;
}

export function beginWriting(run: Run, order: u32, stamp: u32, head: usize, isDecided: bool): void {
  alone = run.scheduler == 0;
  absolute = isDecided;
  writerOrder = order;
  writerStamp = stamp;
  listHead = head;
  changed = false;
}

/** Takes back the writer's versions that `stamp` did not write. Returns whether there were any. */
export function retract(head: usize, stamp: u32): bool {
  let any = false;
  for (let at = load<u32>(head) as usize; at != 0; at = changetype<Version>(at).nextWritten) {
    const version = changetype<Version>(at);
    if (version.stamp == stamp || versionData(at) == 0) continue;
    publishData(version, 0);
    any = true;
  }
  return any;
}

/** Marks all of the writer's versions as about to change. */
export function markEstimates(head: usize): void {
  for (let at = load<u32>(head) as usize; at != 0; at = changetype<Version>(at).nextWritten) {
    const data = versionData(at);
    if (data != 0) publishData(changetype<Version>(at), data | ESTIMATE);
  }
}

/** Makes `data` (`size` bytes) what the writer left at the location. False: out of memory. */
function put(location: Location, data: usize, size: u32): bool {
  const version = versionOf(location, writerOrder);
  if (changetype<usize>(version) == 0) return false;
  const old = (versionData(changetype<usize>(version)) & ~ESTIMATE) as usize;
  if (version.stamp == 0) {
    version.nextWritten = load<u32>(listHead);
    store<u32>(listHead, changetype<usize>(version) as u32);
  }
  if (old == 0 || memory.compare(old, data, size) != 0) changed = true;
  version.stamp = writerStamp;
  publishData(version, data);
  if (alone && old != 0) versionFree(old, size);
  return true;
}

function newAccountData(): AccountData {
  const at = versionAlloc(ACCOUNT_DATA_SIZE);
  if (at != 0) memory.fill(at, 0, ACCOUNT_DATA_SIZE);
  return changetype<AccountData>(at);
}

// @ts-ignore: decorator
@inline
function balanceAt(data: AccountData): usize {
  return changetype<usize>(data) + offsetof<AccountData>("balance");
}

function publishAccount(run: Run, account: TxAccount): bool {
  const flags = account.flags;
  if (!(flags & ACCOUNT_LOADED)) return true;
  const outcome = accountOutcome(account);
  // What a mere touch does hangs on what was there: it makes an account (before EIP-161), it deletes an empty
  // one (since), or it does nothing.
  if (flags & ACCOUNT_TOUCHED && (outcome == ACCOUNT_KEPT || isBlank(account))) account.reads |= READS_EMPTY | READS_EXISTS;
  // A payment that leaves nothing (of a balance that was never there, when others were executed too early) does
  // away with the account: that hangs on every wei of what was there.
  if (isBlank(account) && isBalanceChanged(account)) account.reads |= READS_BALANCE;
  if (outcome == ACCOUNT_KEPT) return true;
  let location = changetype<Location>(account.location);
  if (changetype<usize>(location) == 0) {
    location = accountLocation(run, changetype<usize>(account));
    if (changetype<usize>(location) == 0) return false;
    account.location = changetype<usize>(location) as u32;
  }
  const data = newAccountData();
  if (changetype<usize>(data) == 0) return false;
  if (outcome == ACCOUNT_DELETED) {
    data.mask = HAS_ALL | HAS_RESET;
    noteReset(run, location);
  } else if (!fillChanged(run, account, location, data)) return false;
  return put(location, changetype<usize>(data), ACCOUNT_DATA_SIZE);
}

function fillChanged(run: Run, account: TxAccount, location: Location, data: AccountData): bool {
  let mask = HAS_EXISTS;
  data.flags = ACCOUNT_EXISTS;
  const at = changetype<usize>(account);
  if (absolute || account.reads & READS_BALANCE) {
    mask |= HAS_BALANCE;
    copyWord(balanceAt(data), at + offsetof<TxAccount>("balance"));
  } else if (isBalanceChanged(account)) {
    mask |= HAS_DELTA;
    sub(balanceAt(data), at + offsetof<TxAccount>("balance"), at + offsetof<TxAccount>("balance0"));
  }
  if (absolute || account.nonce != account.nonce0) {
    mask |= HAS_NONCE;
    data.nonce = account.nonce;
  }
  if (absolute || !sameCode(account.code, account.code0)) {
    mask |= HAS_CODE;
    if (sameCode(account.code, account.code0)) data.code = account.code0;
    else if (account.code != 0) {
      const code = keepCode(changetype<Code>(account.code));
      if (code == 0) return false;
      data.code = code as u32;
      run.hasCodes = 1;
    }
  }
  if (account.flags & ACCOUNT_CREATED && account.base != 0 && accountHasStorage(account.base, run.epoch)) {
    mask |= HAS_RESET;
    noteReset(run, location);
  }
  data.mask = mask;
  return true;
}

function noteReset(run: Run, location: Location): void {
  location.hasResets = 1;
  run.hasResets = 1;
}

export function sameCode(a: u32, b: u32): bool {
  return a == b || (a != 0 && b != 0 && equalWords(a, b));
}

/** A copy of a transaction's code that lives as long as the run. */
export function keepCode(code: Code): usize {
  const at = versionAlloc(codeSize(code.length));
  return at == 0 ? 0 : changetype<usize>(codeInit(at, code.bytes, code.length, changetype<usize>(code)));
}

function publishSlot(run: Run, slot: TxSlot): bool {
  const at = changetype<usize>(slot);
  if (equalWords(at + offsetof<TxSlot>("value"), at + offsetof<TxSlot>("original"))) return true;
  const account = changetype<TxAccount>(slot.account);
  if (accountOutcome(account) == ACCOUNT_DELETED) return true;
  let location = changetype<Location>(slot.location);
  if (changetype<usize>(location) == 0) {
    let owner = changetype<Location>(account.location);
    if (changetype<usize>(owner) == 0) {
      owner = accountLocation(run, changetype<usize>(account));
      if (changetype<usize>(owner) == 0) return false;
      account.location = changetype<usize>(owner) as u32;
    }
    location = slotLocation(run, owner, at);
    if (changetype<usize>(location) == 0) return false;
    slot.location = changetype<usize>(location) as u32;
  }
  const data = versionAlloc(SLOT_DATA_SIZE);
  if (data == 0) return false;
  copyWord(data, at + offsetof<TxSlot>("value"));
  return put(location, data, SLOT_DATA_SIZE);
}

/** Adds the word at `value` (not zero after Spurious Dragon) to the balance of `address` (core order), in a run on one thread. */
export function publishCredit(run: Run, address: usize, value: usize): bool {
  const location = accountLocation(run, address);
  if (changetype<usize>(location) == 0) return false;
  const data = newAccountData();
  if (changetype<usize>(data) == 0) return false;
  data.flags = ACCOUNT_EXISTS;
  // From outside, a credit may follow another one.
  const resolved = changetype<AccountValue>(resolveAccount(location, writerOrder + 1));
  data.mask = HAS_ALL;
  data.nonce = resolved.nonce;
  data.code = resolved.code;
  add(balanceAt(data), changetype<usize>(resolved) + offsetof<AccountValue>("balance"), value);
  return put(location, changetype<usize>(data), ACCOUNT_DATA_SIZE);
}

/** Makes the AccountValue at `value` what the writer left of the account (`reset`: and no storage). False: out of memory. */
export function publishValue(run: Run, location: Location, value: usize, reset: bool): bool {
  const data = newAccountData();
  if (changetype<usize>(data) == 0) return false;
  const from = changetype<AccountValue>(value);
  // What the same writer reset stays reset.
  if (lastReset(location, writerOrder + 1) == writerOrder) reset = true;
  data.mask = HAS_ALL | (reset ? HAS_RESET : 0);
  data.flags = from.flags;
  data.nonce = from.nonce;
  data.code = from.code;
  copyWord(balanceAt(data), value + offsetof<AccountValue>("balance"));
  if (reset) noteReset(run, location);
  run.hasCodes = 1;
  return put(location, changetype<usize>(data), ACCOUNT_DATA_SIZE);
}

/** Makes the word at `value` what the writer left in the slot. False: out of memory. */
export function publishWord(location: Location, value: usize): bool {
  const data = versionAlloc(SLOT_DATA_SIZE);
  if (data == 0) return false;
  copyWord(data, value);
  return put(location, data, SLOT_DATA_SIZE);
}
