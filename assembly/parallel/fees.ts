/**
 * What transactions of a parallel execution pay to the fee recipient. Nearly every transaction does, and
 * nearly none looks at that account, so fees are no versions of it: each lies in its transaction's entry,
 * with sums over what is committed, and is added up when somebody reads the account.
 */
import { VALUE_EXISTS, AccountValue } from "../state/entries";
import { Run, runCoinbase } from "../transaction/run";
import { work, workFee } from "../transaction/work";
import { add, sub } from "../u256/arithmetic";
import { copyWord, equalWords } from "../u256/word";
import { Entry, Scheduler, entryOf, loadField } from "./scheduler";
import { Location, accountLocation, orderOf } from "./versions";

// @ts-ignore: decorator
@inline
function feeAt(entry: Entry): usize {
  return changetype<usize>(entry) + offsetof<Entry>("fee");
}

// @ts-ignore: decorator
@inline
function sumAt(entry: Entry): usize {
  return changetype<usize>(entry) + offsetof<Entry>("feesThrough");
}

/** Notes what the transaction at hand pays (`valid`: it is part of the block as far as it knows). Returns whether that
 *  changes what somebody may have read. */
export function noteFee(scheduler: Scheduler, entry: Entry, valid: bool): bool {
  const pays: u32 = valid && work.feeOwed ? 1 : 0;
  const same = pays == entry.pays && (pays == 0 || equalWords(feeAt(entry), workFee()));
  if (same) return false;
  if (pays) copyWord(feeAt(entry), workFee());
  atomic.store<u32>(changetype<usize>(entry) + offsetof<Entry>("pays"), pays);
  return loadField(scheduler, offsetof<Scheduler>("coinbase")) != 0;
}

/** Adds the fee of a transaction that is decided to the sums. */
export function sumFees(scheduler: Scheduler, entry: Entry, index: u32): void {
  if (index == 0) {
    memory.fill(sumAt(entry), 0, 32);
    entry.payersThrough = 0;
  } else {
    const before = entryOf(scheduler, index - 1);
    copyWord(sumAt(entry), sumAt(before));
    entry.payersThrough = before.payersThrough;
  }
  if (entry.pays == 0) return;
  add(sumAt(entry), sumAt(entry), feeAt(entry));
  entry.payersThrough++;
}

/** Adds to the fee recipient's value, as a reader at `order` sees it in versions, what was paid since the versions
 *  that its balance and its existence come from (0 = the base state). */
export function addFees(scheduler: Scheduler, value: usize, order: u32, balanceOrder: u32, existsOrder: u32): void {
  const end = order >> 2;
  const balance = value + offsetof<AccountValue>("balance");
  const decided = min<u32>(loadField(scheduler, offsetof<Scheduler>("commitIndex")), end);
  const first = following(balanceOrder);
  if (first < decided) {
    add(balance, balance, sumAt(entryOf(scheduler, decided - 1)));
    if (first != 0) sub(balance, balance, sumAt(entryOf(scheduler, first - 1)));
  }
  let payers = payersBetween(scheduler, following(existsOrder), decided);
  for (let i = max<u32>(first, decided); i < end; i++) {
    const entry = entryOf(scheduler, i);
    if (atomic.load<u32>(changetype<usize>(entry) + offsetof<Entry>("pays")) == 0) continue;
    add(balance, balance, feeAt(entry));
    if (i >= following(existsOrder)) payers++;
  }
  if (payers != 0) changetype<AccountValue>(value).flags |= VALUE_EXISTS;
}

// @ts-ignore: decorator
@inline
function following(order: u32): u32 {
  return order == 0 ? 0 : (order >> 2) + 1;
}

function payersBetween(scheduler: Scheduler, first: u32, end: u32): u32 {
  if (first >= end) return 0;
  const through = entryOf(scheduler, end - 1).payersThrough;
  return first == 0 ? through : through - entryOf(scheduler, first - 1).payersThrough;
}

/** Makes the fee recipient's location, if any of the first `count` transactions (all decided) pays. False: out of memory. */
export function locateFees(run: Run, scheduler: Scheduler, count: u32): bool {
  if (count == 0 || entryOf(scheduler, count - 1).payersThrough == 0) return true;
  return changetype<usize>(accountLocation(run, runCoinbase(changetype<usize>(run)))) != 0;
}
