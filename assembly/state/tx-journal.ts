/**
 * Changes of the executing transaction, journaled for call frames. An entry is what to put back;
 * observations (`reads`, `low`, SLOT_READ) are never taken back: a reverted frame has still seen
 * what it saw.
 */
import { context } from "../interpreter/context";
import { SPURIOUS_DRAGON } from "../forks";
import { copyWord } from "../u256/word";
import { GrowBuffer, bufferInit, bufferReserve, bufferReset } from "./tx-memory";
import { logCount, logLength, truncateLogs } from "./tx-logs";
import {
  ACCOUNT_ACCESSED, ACCOUNT_CREATED, ACCOUNT_DESTRUCTED, ACCOUNT_EXISTS, ACCOUNT_SLOTS_WRITTEN, ACCOUNT_TOUCHED, ACCOUNT_WARM,
  READS_BALANCE, READS_BOUND, SLOT_ACCESSED, SLOT_READ, SLOT_WARM, SLOT_WRITTEN, TxAccount, TxSlot,
} from "./tx-records";
import { TxTransient, transientRecord } from "./tx-transient";

// Entry: u32 kind, u32 record, 32 bytes of what was there.
const ENTRY: u32 = 40;
const BALANCE: u32 = 0;
const NONCE: u32 = 1;
const CODE: u32 = 2;
const ACCOUNT_FLAGS: u32 = 3;
const SLOT_VALUE: u32 = 4;
const SLOT_FLAGS: u32 = 5;
const TRANSIENT: u32 = 6;
const LOG: u32 = 7;

const KEPT: u32 = 1 << 18;

let journal: GrowBuffer = changetype<GrowBuffer>(0);

export function journalInit(): bool {
  journal = bufferInit(1 << 14);
  return changetype<usize>(journal) != 0;
}

export function journalReset(): void {
  bufferReset(journal, KEPT);
}

// @ts-ignore: decorator
@inline
function push(kind: u32, record: usize): usize {
  const at = bufferReserve(journal, ENTRY);
  // Without memory the entry is written to nowhere that matters; the fault ends the transaction.
  if (at == 0) return 16;
  journal.length += ENTRY;
  store<u32>(at, kind);
  store<u32>(at, record as u32, 4);
  return at + 8;
}

/** Journal position to come back to. Logs, transient storage, warmth: all come back with it. */
export function checkpoint(): u32 {
  return journal.length;
}

export function revertTo(position: u32): void {
  const start = journal.at as usize;
  let at = start + (journal.length as usize);
  const end = start + (position as usize);
  while (at > end) {
    at -= ENTRY;
    const record = load<u32>(at, 4) as usize;
    const old = at + 8;
    switch (load<u32>(at)) {
      case BALANCE:
        copyWord(record + offsetof<TxAccount>("balance"), old);
        break;
      case NONCE:
        changetype<TxAccount>(record).nonce = load<u64>(old);
        break;
      case CODE:
        changetype<TxAccount>(record).code = load<u32>(old);
        break;
      case ACCOUNT_FLAGS:
        revertAccountFlags(changetype<TxAccount>(record), load<u32>(old));
        break;
      case SLOT_VALUE:
        copyWord(record + offsetof<TxSlot>("value"), old);
        break;
      case SLOT_FLAGS:
        changetype<TxSlot>(record).flags &= ~SLOT_WARM;
        break;
      case TRANSIENT:
        copyWord(record + offsetof<TxTransient>("value"), old);
        break;
      case LOG:
        truncateLogs(load<u32>(old), load<u32>(old, 4));
        break;
    }
  }
  journal.length = position;
}

const JOURNALED_FLAGS: u32 = ACCOUNT_EXISTS | ACCOUNT_WARM | ACCOUNT_CREATED | ACCOUNT_DESTRUCTED | ACCOUNT_TOUCHED;

function revertAccountFlags(account: TxAccount, old: u32): void {
  // The touch of RIPEMD160's address survives a revert: block 2,675,119 made that a rule (EIP-161).
  if (account.lo == 3 && (account.mid | (account.hi as u64)) == 0 && context.fork >= SPURIOUS_DRAGON) {
    old |= account.flags & ACCOUNT_TOUCHED;
  }
  account.flags = (account.flags & ~JOURNALED_FLAGS) | (old & JOURNALED_FLAGS);
}

// @ts-ignore: decorator
@inline
function addFlags(account: TxAccount, flags: u32): void {
  const old = account.flags;
  if ((old & flags) == flags) return;
  store<u32>(push(ACCOUNT_FLAGS, changetype<usize>(account)), old);
  account.flags = old | flags;
}

/** Marks the account warm (journaled) and accessed. */
export function warmAccount(account: TxAccount): void {
  if (account.flags & ACCOUNT_WARM) return;
  addFlags(account, ACCOUNT_WARM | ACCOUNT_ACCESSED);
}

/** Marks the slot warm (journaled) and accessed. */
export function warmSlot(slot: TxSlot): void {
  if (slot.flags & SLOT_WARM) return;
  push(SLOT_FLAGS, changetype<usize>(slot));
  slot.flags |= SLOT_WARM | SLOT_ACCESSED;
}

/** Journaled write of the word at `value`. */
export function setSlot(slot: TxSlot, value: usize): void {
  const at = changetype<usize>(slot) + offsetof<TxSlot>("value");
  copyWord(push(SLOT_VALUE, changetype<usize>(slot)), at);
  copyWord(at, value);
  // A second write's gas depends on more than how the value before compares with the first one's.
  if (slot.flags & SLOT_WRITTEN) slot.flags |= SLOT_READ;
  else {
    slot.flags |= SLOT_WRITTEN;
    changetype<TxAccount>(slot.account).flags |= ACCOUNT_SLOTS_WRITTEN;
  }
}

/** EIP-1153: copies the transient word to `out` (zero when never written). */
export function loadTransient(account: TxAccount, key: usize, out: usize): void {
  const record = transientRecord(account, key, false);
  if (changetype<usize>(record) == 0) memory.fill(out, 0, 32);
  else copyWord(out, changetype<usize>(record) + offsetof<TxTransient>("value"));
}

export function storeTransient(account: TxAccount, key: usize, value: usize): void {
  const record = transientRecord(account, key, true);
  if (changetype<usize>(record) == 0) return;
  const at = changetype<usize>(record) + offsetof<TxTransient>("value");
  copyWord(push(TRANSIENT, changetype<usize>(record)), at);
  copyWord(at, value);
}

/** Journaled; marks the account touched. The balance is not observed. */
export function addBalance(account: TxAccount, value: usize): void {
  touchAccount(account);
  const a = load<u64>(value);
  const b = load<u64>(value, 8);
  const c = load<u64>(value, 16);
  const d = load<u64>(value, 24);
  if ((a | b | c | d) == 0) return;
  journalBalance(account);
  let sum = account.balance + a;
  let carry = (sum < a) as u64;
  account.balance = sum;
  sum = account.balance1 + b;
  let next = (sum < b) as u64;
  sum += carry;
  next += (sum < carry) as u64;
  account.balance1 = sum;
  sum = account.balance2 + c;
  carry = (sum < c) as u64;
  sum += next;
  carry += (sum < next) as u64;
  account.balance2 = sum;
  account.balance3 += d + carry;
  // Near the end of the range a sum is not the same whatever was there before.
  if ((account.balance3 | d) >> 63) account.reads |= READS_BALANCE;
}

/** Journaled; returns false, changing nothing, when the balance is too small. Observes only
 *  whether it suffices. */
export function subBalance(account: TxAccount, value: usize): bool {
  touchAccount(account);
  const a = load<u64>(value);
  const b = load<u64>(value, 8);
  const c = load<u64>(value, 16);
  const d = load<u64>(value, 24);
  if ((a | b | c | d) == 0) return true;
  const b0 = account.balance;
  const b1 = account.balance1;
  const b2 = account.balance2;
  const b3 = account.balance3;
  const r0 = b0 - a;
  let borrow = (b0 < a) as u64;
  let t = b1 - b;
  let next = (b1 < b) as u64;
  const r1 = t - borrow;
  next += (t < borrow) as u64;
  t = b2 - c;
  borrow = (b2 < c) as u64;
  const r2 = t - next;
  borrow += (t < next) as u64;
  t = b3 - d;
  next = (b3 < d) as u64;
  const r3 = t - borrow;
  next += (t < borrow) as u64;
  if (next != 0) {
    account.reads |= READS_BALANCE;
    return false;
  }
  journalBalance(account);
  account.balance = r0;
  account.balance1 = r1;
  account.balance2 = r2;
  account.balance3 = r3;
  lowerBound(account, r0, r1, r2, r3);
  return true;
}

/** Whether the balance is at least the word at `value`; observes no more than that. */
export function hasBalance(account: TxAccount, value: usize): bool {
  const position = checkpoint();
  const flags = account.flags;
  const enough = subBalance(account, value);
  if (enough) revertTo(position);
  account.flags = flags;
  return enough;
}

/** Keeps the lowest balance that spending has led to. */
function lowerBound(account: TxAccount, r0: u64, r1: u64, r2: u64, r3: u64): void {
  if (account.reads & READS_BOUND) {
    if (r3 != account.low3) {
      if (r3 > account.low3) return;
    } else if (r2 != account.low2) {
      if (r2 > account.low2) return;
    } else if (r1 != account.low1) {
      if (r1 > account.low1) return;
    } else if (r0 >= account.low) return;
  }
  account.reads |= READS_BOUND;
  account.low = r0;
  account.low1 = r1;
  account.low2 = r2;
  account.low3 = r3;
}

// @ts-ignore: decorator
@inline
function journalBalance(account: TxAccount): void {
  const at = changetype<usize>(account);
  copyWord(push(BALANCE, at), at + offsetof<TxAccount>("balance"));
}

export function setNonce(account: TxAccount, nonce: u64): void {
  store<u64>(push(NONCE, changetype<usize>(account)), account.nonce);
  account.nonce = nonce;
  touchAccount(account);
}

/** `code`: a `Code`. */
export function setCode(account: TxAccount, code: usize): void {
  store<u32>(push(CODE, changetype<usize>(account)), account.code);
  account.code = code as u32;
  touchAccount(account);
}

/** Touches without a change of balance (EIP-161). */
export function touchAccount(account: TxAccount): void {
  addFlags(account, ACCOUNT_TOUCHED | ACCOUNT_EXISTS);
}

/** Journaled: flags the account as created in this transaction; storage below reads as zero. */
export function markCreated(account: TxAccount): void {
  addFlags(account, ACCOUNT_CREATED | ACCOUNT_EXISTS);
}

/** Journaled; returns whether it was not yet destructed in this transaction. */
export function markDestructed(account: TxAccount): bool {
  if (account.flags & ACCOUNT_DESTRUCTED) return false;
  addFlags(account, ACCOUNT_DESTRUCTED | ACCOUNT_TOUCHED);
  return true;
}

/** Called before a log is appended. */
export function journalLog(): void {
  const at = push(LOG, 0);
  store<u32>(at, logLength());
  store<u32>(at, logCount(), 4);
}
