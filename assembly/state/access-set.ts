/**
 * The access set of the transaction just executed, packed for the host:
 *
 *   u32 accounts, u32 slots, u32 bytes of codes
 *   account: address[20] u32 flags, balance before[32] after[32], u64 nonce before, after   (104 bytes)
 *   slot:    address[20] u32 flags, key[32] value before[32] after[32]                       (120 bytes)
 *   code:    u32 length, bytes: of each account whose code changed, in the order of the accounts
 *
 * Words and addresses are big-endian. Since Berlin, nothing is in it that the gas did not suffice to access.
 */
import { Code } from "../code/code";
import { BERLIN } from "../forks";
import { Context, context } from "../interpreter/context";
import { RESULT_ACCESS } from "../layout";
import { ACCOUNT_DELETED, accountOutcome } from "../transaction/finish";
import { result } from "../transaction/result";
import { Run } from "../transaction/run";
import { work, workA, workFee } from "../transaction/work";
import { resolveAccount, resolveSlot } from "../parallel/resolve";
import { Location, accountLocation, findAccountLocation, findSlotLocation } from "../parallel/versions";
import { AccountValue } from "./entries";
import { sameCode } from "../parallel/publish";
import { add } from "../u256/arithmetic";
import { addressFromBytes, addressToBytes, wordFromBytes, wordToBytes } from "../u256/word";
import { setPreimages } from "./preimages";
import { GrowBuffer, bufferInit, bufferReserve, bufferReset } from "./tx-memory";
import {
  ACCOUNT_ACCESSED, ACCOUNT_LOADED, ACCOUNT_TOUCHED, ACCOUNT_WARM, READS_BALANCE, READS_CODE, READS_NONCE, SLOT_ACCESSED, SLOT_LOADED,
  SLOT_READ, SLOT_WARM, SLOT_WRITTEN, TxAccount, TxSlot, findAccount, firstAccount, firstSlot, listedAccount, txAccount,
} from "./tx-records";

export const ACCESS_READS_BALANCE: u32 = 1;
export const ACCESS_READS_NONCE: u32 = 2;
export const ACCESS_READS_CODE: u32 = 4;
export const ACCESS_CODE_CHANGED: u32 = 8;
export const ACCESS_DESTRUCTED: u32 = 16;
export const ACCESS_LAZILY_CREDITED: u32 = 32;

export const ACCESS_SLOT_READ: u32 = 1;
export const ACCESS_SLOT_WRITTEN: u32 = 2;

const HEADER: u32 = 12;
const ACCOUNT_BYTES: u32 = 104;
const SLOT_BYTES: u32 = 120;
const KEPT: u32 = 1 << 18;

let buffer: GrowBuffer = changetype<GrowBuffer>(0);

/** Once per thread. */
export function accessInit(): bool {
  buffer = bufferInit(1 << 12);
  return changetype<usize>(buffer) != 0;
}

/** Packs the access set and points the result at it. Before the effects are kept. `provisional`: what
 *  lies below is not decided yet, and `patchAccess` will put the balances and nonces right. */
export function recordAccess(provisional: bool): void {
  const coinbase = changetype<usize>(context) + offsetof<Context>("coinbaseLo");
  // The fee recipient's balance is looked at for the record alone.
  let lazy = changetype<TxAccount>(0);
  if (work.feeOwed != 0) lazy = provisional ? listedAccount(coinbase) : txAccount(coinbase);
  bufferReset(buffer, KEPT);
  if (bufferReserve(buffer, HEADER) == 0) return;
  buffer.length = HEADER;
  let accounts: u32 = 0;
  let slots: u32 = 0;
  for (let at = firstAccount; at != 0; at = changetype<TxAccount>(at).next) {
    const account = changetype<TxAccount>(at);
    if (account != lazy && !isAccessed(account.flags)) continue;
    if (!packAccount(account, account == lazy)) return;
    accounts++;
  }
  for (let at = firstSlot; at != 0; at = changetype<TxSlot>(at).next) {
    const slot = changetype<TxSlot>(at);
    if (!isSlotAccessed(slot.flags)) continue;
    if (!packSlot(slot)) return;
    slots++;
  }
  const codes = buffer.length;
  if (!packCodes(accounts)) return;
  store<u32>(buffer.at, buffer.length - codes, 8);
  store<u32>(buffer.at, accounts);
  store<u32>(buffer.at, slots, 4);
  store<u32>(result, buffer.at, RESULT_ACCESS);
  store<u32>(result, buffer.length, RESULT_ACCESS + 4);
  setPreimages();
}

// @ts-ignore: decorator
@inline
function isAccessed(flags: u32): bool {
  return (flags & ACCOUNT_LOADED) != 0 &&
    (context.fork < BERLIN || (flags & (ACCOUNT_WARM | ACCOUNT_ACCESSED | ACCOUNT_TOUCHED)) != 0);
}

// @ts-ignore: decorator
@inline
function isSlotAccessed(flags: u32): bool {
  return (flags & SLOT_LOADED) != 0 && (context.fork < BERLIN || (flags & (SLOT_WARM | SLOT_ACCESSED)) != 0);
}

/** The codes of the first `accounts` entries that say that theirs changed. */
function packCodes(accounts: u32): bool {
  for (let i: u32 = 0; i < accounts; i++) {
    const entry = (buffer.at as usize) + HEADER + (i as usize) * ACCOUNT_BYTES;
    const flags = load<u32>(entry, 20);
    if (!(flags & ACCESS_CODE_CHANGED)) continue;
    addressFromBytes(workA(), entry);
    const code = changetype<Code>((flags & ACCESS_DESTRUCTED ? 0 : findAccount(workA()).code) as usize);
    const length = changetype<usize>(code) == 0 ? 0 : code.length;
    const to = bufferReserve(buffer, 4 + length);
    if (to == 0) return false;
    buffer.length += 4 + length;
    store<u32>(to, length);
    if (length != 0) memory.copy(to + 4, code.bytes, length);
  }
  return true;
}

function packAccount(account: TxAccount, lazy: bool): bool {
  const to = bufferReserve(buffer, ACCOUNT_BYTES);
  if (to == 0) return false;
  buffer.length += ACCOUNT_BYTES;
  const at = changetype<usize>(account);
  const deleted = accountOutcome(account) == ACCOUNT_DELETED;
  let flags: u32 = account.reads & (READS_BALANCE | READS_NONCE | READS_CODE);
  if (deleted ? account.code0 != 0 : !sameCode(account.code, account.code0)) flags |= ACCESS_CODE_CHANGED;
  if (deleted) flags |= ACCESS_DESTRUCTED;
  if (lazy) flags |= ACCESS_LAZILY_CREDITED;
  addressToBytes(to, at);
  store<u32>(to, flags, 20);
  wordToBytes(to + 24, at + offsetof<TxAccount>("balance0"));
  if (deleted) memory.fill(to + 56, 0, 32);
  else if (lazy) {
    add(to + 56, at + offsetof<TxAccount>("balance"), workFee());
    wordToBytes(to + 56, to + 56);
  } else wordToBytes(to + 56, at + offsetof<TxAccount>("balance"));
  store<u64>(to, account.nonce0, 88);
  store<u64>(to, deleted ? 0 : account.nonce, 96);
  return true;
}

/** Puts right what a record says of values that were not observed, now that everything below `order` is
 *  decided: balances and nonces, and what lone writes replaced. False: out of memory. */
export function patchAccess(run: Run, at: usize, order: u32): bool {
  const accounts = load<u32>(at);
  const slots = load<u32>(at, 4);
  let entry = at + HEADER;
  for (let i: u32 = 0; i < accounts; i++, entry += ACCOUNT_BYTES) {
    // A fee alone makes no location.
    const lazy = (load<u32>(entry, 20) & ACCESS_LAZILY_CREDITED) != 0;
    const location = locationAt(run, entry, lazy);
    if (changetype<usize>(location) == 0) {
      if (lazy) return false;
      continue;
    }
    putValue(entry + 24, entry + 88, resolveAccount(location, order));
    putValue(entry + 56, entry + 96, resolveAccount(location, order + 1));
  }
  for (let i: u32 = 0; i < slots; i++, entry += SLOT_BYTES) {
    if (load<u32>(entry, 20) != ACCESS_SLOT_WRITTEN) continue;
    const owner = locationAt(run, entry, false);
    if (changetype<usize>(owner) == 0) continue;
    wordFromBytes(workA(), entry + 24);
    const location = findSlotLocation(run, owner, workA());
    if (changetype<usize>(location) != 0) wordToBytes(entry + 56, resolveSlot(location, order));
  }
  return true;
}

/** The location of the account whose address begins an entry. */
function locationAt(run: Run, entry: usize, make: bool): Location {
  addressFromBytes(workA(), entry);
  return make ? accountLocation(run, workA()) : findAccountLocation(run, workA());
}

function putValue(balance: usize, nonce: usize, value: usize): void {
  wordToBytes(balance, value + offsetof<AccountValue>("balance"));
  store<u64>(nonce, changetype<AccountValue>(value).nonce);
}

function packSlot(slot: TxSlot): bool {
  const to = bufferReserve(buffer, SLOT_BYTES);
  if (to == 0) return false;
  buffer.length += SLOT_BYTES;
  const at = changetype<usize>(slot);
  let flags: u32 = 0;
  if (slot.flags & SLOT_READ) flags |= ACCESS_SLOT_READ;
  if (slot.flags & SLOT_WRITTEN) flags |= ACCESS_SLOT_WRITTEN;
  addressToBytes(to, slot.account);
  store<u32>(to, flags, 20);
  wordToBytes(to + 24, at);
  wordToBytes(to + 56, at + offsetof<TxSlot>("original"));
  if (accountOutcome(changetype<TxAccount>(slot.account)) == ACCOUNT_DELETED) memory.fill(to + 88, 0, 32);
  else wordToBytes(to + 88, at + offsetof<TxSlot>("value"));
  return true;
}
