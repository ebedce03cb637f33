/**
 * The base state of a chain: what lies below every run. Reads may come from any number of threads
 * while nobody writes; writes go to the chain's current epoch, by one thread at a time.
 * Addresses and words are in core order.
 */
import { arenaAlloc, arenaFree, arenaReserve } from "../memory/arena";
import { copyWord, equalWords, isZeroWord } from "../u256/word";
import { Chain, chainArena } from "./chain";
import {
  ACCOUNT_ENTRY_SIZE, ACCOUNT_RECORD_SIZE, AccountEntry, ENTRY_VALUE, MADE_RECORD_SIZE, RECORD_ACCOUNT,
  RECORD_ACCOUNT_MADE, RECORD_FIRST, RECORD_SLOT, RECORD_SLOT_MADE, RECORD_VALUE, SLOT_ENTRY_SIZE, SLOT_RECORD_SIZE,
  SLOT_VALUE, SlotEntry,
} from "./entries";
import {
  ACCOUNT_TABLE, SLOT_TABLE, findAccount, findSlot, hashAddress, hashSlot, tableAdd, tableRemove, tableReserve,
} from "./index-table";
import { LAST_SEGMENT, journalPush, versionAt } from "./journal";

/** An all-zero value of an account or slot. */
const ZERO: usize = memory.data(64, 16);

/** The account's entry, or 0 when the chain never knew the account. */
export function baseAccount(chain: usize, address: usize): usize {
  return findAccount(chain, address, hashAddress(address));
}

/** The AccountValue as of the end of `epoch`; an all-zero one when the account was absent. */
export function accountValueAt(entry: usize, epoch: u32): usize {
  const account = changetype<AccountEntry>(entry);
  if (account.epoch <= epoch) return entry + ENTRY_VALUE;
  return valueOfVersion(account.older, epoch);
}

/** The slot's entry, or 0 when it was never written. `account`: an AccountEntry. */
export function baseSlot(chain: usize, account: usize, key: usize): usize {
  return findSlot(chain, account, key, hashSlot(account, key));
}

/** Pointer to the slot's word as of the end of `epoch`. */
export function slotValueAt(entry: usize, epoch: u32): usize {
  const slot = changetype<SlotEntry>(entry);
  if (slot.epoch <= epoch) return entry + SLOT_VALUE;
  return valueOfVersion(slot.older, epoch);
}

/** The value that an entry with these older versions had at the end of `epoch`. */
function valueOfVersion(older: u32, epoch: u32): usize {
  const record = versionAt(older, epoch);
  return record.epoch == 0 ? ZERO : changetype<usize>(record) + RECORD_VALUE;
}

/** Whether any slot of the account was non-zero at the end of `epoch` (EIP-7610). */
export function accountHasStorage(entry: usize, epoch: u32): bool {
  let slot = changetype<AccountEntry>(entry).slots as usize;
  while (slot != 0) {
    if (!isZeroWord(slotValueAt(slot, epoch))) return true;
    slot = changetype<SlotEntry>(slot).next;
  }
  return false;
}

/**
 * Makes sure that writing `accounts` accounts, `slots` slots and as many new entries cannot run out
 * of memory: a commit asks first, so it is applied wholly or not at all. False: out of memory,
 * nothing changed. (Code is interned before, and its failure noticed there.)
 */
export function stateReserve(chain: usize, accounts: u32, slots: u32): bool {
  if (accounts > 0x100_0000 || slots > 0x100_0000) return false;
  if (!tableReserve(chain, ACCOUNT_TABLE, accounts) || !tableReserve(chain, SLOT_TABLE, slots)) return false;
  const self = changetype<Chain>(chain);
  const records = accounts * ACCOUNT_RECORD_SIZE + slots * SLOT_RECORD_SIZE;
  let bytes = accounts * ACCOUNT_ENTRY_SIZE + slots * SLOT_ENTRY_SIZE + 16 * (accounts + slots);
  // Segments lose a header and what is too short for a record.
  if (self.journalEnd - self.journalNext < records) bytes += records + records / 128 + LAST_SEGMENT;
  return arenaReserve(chainArena(chain), bytes);
}

/** Writes an AccountValue. Returns the entry, 0 when out of memory (nothing changed then). */
export function writeAccount(chain: usize, address: usize, value: usize): usize {
  const hash = hashAddress(address);
  const known = findAccount(chain, address, hash);
  if (known != 0) return writeAccountEntry(chain, known, value) ? known : 0;
  if (!tableReserve(chain, ACCOUNT_TABLE, 1)) return 0;
  const arena = chainArena(chain);
  const at = arenaAlloc(arena, ACCOUNT_ENTRY_SIZE);
  if (at == 0) return 0;
  const record = journalPush(chain, at, RECORD_ACCOUNT_MADE, 0, 0, MADE_RECORD_SIZE);
  if (record == 0) {
    arenaFree(arena, at, ACCOUNT_ENTRY_SIZE);
    return 0;
  }
  const entry = changetype<AccountEntry>(at);
  entry.lo = load<u64>(address);
  entry.mid = load<u64>(address, 8);
  entry.hi = load<u32>(address, 16);
  entry.epoch = changetype<Chain>(chain).epoch;
  copyAccountValue(at + ENTRY_VALUE, value);
  entry.older = (record as u32) | RECORD_FIRST;
  entry.slots = 0;
  entry.leaf = 0;
  entry.storageRoot = 0;
  tableAdd(chain, ACCOUNT_TABLE, at, hash);
  changetype<Chain>(chain).writes++;
  return at;
}

/** The same for an entry at hand. False: out of memory. */
export function writeAccountEntry(chain: usize, at: usize, value: usize): bool {
  const entry = changetype<AccountEntry>(at);
  const current = at + ENTRY_VALUE;
  if (equalAccountValues(current, value)) return true;
  const epoch = changetype<Chain>(chain).epoch;
  if (entry.epoch != epoch) {
    const record = journalPush(chain, at, RECORD_ACCOUNT, entry.older, entry.epoch, ACCOUNT_RECORD_SIZE);
    if (record == 0) return false;
    copyAccountValue(record + RECORD_VALUE, current);
    entry.older = record as u32;
    entry.epoch = epoch;
  }
  copyAccountValue(current, value);
  changetype<Chain>(chain).writes++;
  return true;
}

/** Writes a slot of an account entry. False: out of memory (nothing changed then). */
export function writeSlot(chain: usize, account: usize, key: usize, value: usize): bool {
  const hash = hashSlot(account, key);
  const known = findSlot(chain, account, key, hash);
  if (known != 0) return writeSlotEntry(chain, known, value);
  if (isZeroWord(value)) return true;
  if (!tableReserve(chain, SLOT_TABLE, 1)) return false;
  const arena = chainArena(chain);
  const at = arenaAlloc(arena, SLOT_ENTRY_SIZE);
  if (at == 0) return false;
  const record = journalPush(chain, at, RECORD_SLOT_MADE, 0, 0, MADE_RECORD_SIZE);
  if (record == 0) {
    arenaFree(arena, at, SLOT_ENTRY_SIZE);
    return false;
  }
  const owner = changetype<AccountEntry>(account);
  const slot = changetype<SlotEntry>(at);
  copyWord(at, key);
  copyWord(at + SLOT_VALUE, value);
  slot.account = account as u32;
  slot.epoch = changetype<Chain>(chain).epoch;
  slot.older = (record as u32) | RECORD_FIRST;
  slot.leaf = 0;
  slot.next = owner.slots;
  slot.previous = 0;
  if (owner.slots != 0) changetype<SlotEntry>(owner.slots).previous = at as u32;
  owner.slots = at as u32;
  tableAdd(chain, SLOT_TABLE, at, hash);
  changetype<Chain>(chain).writes++;
  return true;
}

/** The same for a slot entry at hand. False: out of memory. */
export function writeSlotEntry(chain: usize, at: usize, value: usize): bool {
  const slot = changetype<SlotEntry>(at);
  const current = at + SLOT_VALUE;
  if (equalWords(current, value)) return true;
  const epoch = changetype<Chain>(chain).epoch;
  if (slot.epoch != epoch) {
    const record = journalPush(chain, at, RECORD_SLOT, slot.older, slot.epoch, SLOT_RECORD_SIZE);
    if (record == 0) return false;
    copyWord(record + RECORD_VALUE, current);
    slot.older = record as u32;
    slot.epoch = epoch;
  }
  copyWord(current, value);
  changetype<Chain>(chain).writes++;
  return true;
}

/** Zeroes every slot of the account (SELFDESTRUCT). Costs the account's slots. False: out of memory;
 *  some slots may be zero by then, unless `stateReserve` covered them (`storageSlotCount`). */
export function wipeStorage(chain: usize, account: usize): bool {
  let slot = changetype<AccountEntry>(account).slots as usize;
  while (slot != 0) {
    if (!writeSlotEntry(chain, slot, ZERO)) return false;
    slot = changetype<SlotEntry>(slot).next;
  }
  return true;
}

/** How many slots of the account were ever written: what `wipeStorage` may write. */
export function storageSlotCount(account: usize): u32 {
  let count: u32 = 0;
  let slot = changetype<AccountEntry>(account).slots as usize;
  while (slot != 0) {
    count++;
    slot = changetype<SlotEntry>(slot).next;
  }
  return count;
}

/** Removes a slot entry. */
export function dropSlot(chain: usize, at: usize): void {
  const slot = changetype<SlotEntry>(at);
  tableRemove(chain, SLOT_TABLE, at, hashSlot(slot.account, at));
  if (slot.previous != 0) changetype<SlotEntry>(slot.previous).next = slot.next;
  else changetype<AccountEntry>(slot.account).slots = slot.next;
  if (slot.next != 0) changetype<SlotEntry>(slot.next).previous = slot.previous;
  arenaFree(chainArena(chain), at, SLOT_ENTRY_SIZE);
}

/** Removes an account entry that has no slots left. */
export function dropAccount(chain: usize, at: usize): void {
  tableRemove(chain, ACCOUNT_TABLE, at, hashAddress(at));
  arenaFree(chainArena(chain), at, ACCOUNT_ENTRY_SIZE);
}

// @ts-ignore: decorator
@inline
export function copyAccountValue(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
  v128.store(to, v128.load(from, 32), 32);
}

// @ts-ignore: decorator
@inline
function equalAccountValues(a: usize, b: usize): bool {
  const difference = v128.or(
    v128.or(v128.xor(v128.load(a), v128.load(b)), v128.xor(v128.load(a, 16), v128.load(b, 16))),
    v128.xor(v128.load(a, 32), v128.load(b, 32)),
  );
  return !v128.any_true(difference);
}

/** For callers that have no value: an absent account, a zero word. */
export function zeroValue(): usize {
  return ZERO;
}
