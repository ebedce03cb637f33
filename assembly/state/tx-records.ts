/** The records of the accounts and slots that the executing transaction has touched, and the indexes
 *  that find them. */
import { Context, context } from "../interpreter/context";
import { copyWord } from "../u256/word";
import {
  Index, INDEX_ENTRY, indexInit, indexReset, indexResize, recordAlloc, setTxFault, txAlloc,
} from "./tx-memory";
import { loadAccountBelow, loadSlotBelow } from "./tx-below";
import { BYZANTIUM, CANCUN, ISTANBUL, OSAKA, PRAGUE, SHANGHAI } from "../forks";
import { ENGINE_OUT_OF_MEMORY } from "../status";

/** In the state (EIP-161: after Spurious Dragon that means not empty). */
export const ACCOUNT_EXISTS: u32 = 1;
/** EIP-2929: accessed in this transaction. */
export const ACCOUNT_WARM: u32 = 2;
/** Created by this transaction (EIP-6780; storage below is not seen). */
export const ACCOUNT_CREATED: u32 = 4;
export const ACCOUNT_DESTRUCTED: u32 = 8;
/** EIP-161: touched, so deleted at the end if empty. */
export const ACCOUNT_TOUCHED: u32 = 16;
/** The fields were loaded (an account that is only listed as warm is not). */
export const ACCOUNT_LOADED: u32 = 32;
/** Some slot of it was written in this transaction. */
export const ACCOUNT_SLOTS_WRITTEN: u32 = 64;
/** EIP-7928: became warm by an access that was paid for, perhaps in a frame that reverted. */
export const ACCOUNT_ACCESSED: u32 = 128;

// What the transaction has observed of the account as it was before it (`TxAccount.reads`). Only
// what is noted here is validated, so a field must not be looked at without the observe function.
export const READS_BALANCE: u32 = 1;
export const READS_NONCE: u32 = 2;
export const READS_CODE: u32 = 4;
/** Only whether it was empty (EIP-161). */
export const READS_EMPTY: u32 = 8;
/** Only whether it was in the state (before EIP-161). */
export const READS_EXISTS: u32 = 16;
/** Only that the balance sufficed; `low` tells by how much it may be lower. */
export const READS_BOUND: u32 = 32;
/** Whether it had storage. */
export const READS_STORAGE: u32 = 64;

/** A touched account. Fields without `0` are current, those with it as before the transaction. */
@unmanaged
export class TxAccount {
  lo: u64;
  mid: u64;
  hi: u32;
  flags: u32;
  nonce: u64;
  balance: u64;
  balance1: u64;
  balance2: u64;
  balance3: u64;
  /** `Code` of code/code.ts; 0 = no code. */
  code: u32;
  /** Base entry, or 0. */
  base: u32;
  nonce0: u64;
  balance0: u64;
  balance01: u64;
  balance02: u64;
  balance03: u64;
  code0: u32;
  flags0: u32;
  /** READS_* */
  reads: u32;
  /** Its place in the run's multi-version memory, or 0. */
  location: u32;
  /** READS_BOUND: the lowest that the balance became by spending. */
  low: u64;
  low1: u64;
  low2: u64;
  low3: u64;
  /** The record made after this one, 0 = none. */
  next: u32;
  /** READS_STORAGE: 1 = it had storage. */
  hadStorage: u32;
}

/** A touched storage slot. */
@unmanaged
export class TxSlot {
  key: u64;
  key1: u64;
  key2: u64;
  key3: u64;
  value: u64;
  value1: u64;
  value2: u64;
  value3: u64;
  original: u64;
  original1: u64;
  original2: u64;
  original3: u64;
  /** Owner: a TxAccount. */
  account: u32;
  /** SLOT_* */
  flags: u32;
  /** Base entry, or 0. */
  base: u32;
  /** Its place in the run's multi-version memory, or 0. */
  location: u32;
  /** What was read there (a version's data; 0 = the base state). */
  source: u32;
  /** Who had last reset the account's storage (exact writer), 0 = nobody. */
  reset: u32;
  /** The record made after this one, 0 = none. */
  next: u32;
  reserved: u32;
}

export const SLOT_WARM: u32 = 1;
/** The value was loaded (a slot that is only listed as warm is not). */
export const SLOT_LOADED: u32 = 2;
/** The value itself was observed (SLOAD, or more than one SSTORE). */
export const SLOT_READ: u32 = 4;
/** Written, perhaps back to what it was, perhaps in a frame that reverted. */
export const SLOT_WRITTEN: u32 = 8;
/** As ACCOUNT_ACCESSED. */
export const SLOT_ACCESSED: u32 = 16;

let accounts: Index = changetype<Index>(0);
let slots: Index = changetype<Index>(0);

/** The records in the order of their making, 0 = none. */
export let firstAccount: usize = 0;
export let firstSlot: usize = 0;
let lastAccount: usize = 0;
let lastSlot: usize = 0;

/** Stand in for records that no memory could be had for. */
let blankAccount: usize = 0;
let blankSlot: usize = 0;

/** Addresses 1 … are precompiles, up to this one, in the fork at hand; warm from the start. */
let lastPrecompile: u64 = 0;
let warmCoinbase: bool = false;

export function recordTablesInit(): bool {
  accounts = indexInit(1 << 8);
  slots = indexInit(1 << 9);
  blankAccount = txAlloc(offsetof<TxAccount>() as u32);
  blankSlot = txAlloc(offsetof<TxSlot>() as u32);
  return changetype<usize>(accounts) != 0 && changetype<usize>(slots) != 0 && blankAccount != 0 && blankSlot != 0;
}

/** Forgets all records. The context's fork and coinbase must be those of the next transaction. */
export function recordTablesReset(): void {
  indexReset(accounts);
  indexReset(slots);
  firstAccount = lastAccount = 0;
  firstSlot = lastSlot = 0;
  const fork = context.fork;
  lastPrecompile = fork >= PRAGUE ? 0x11 : fork >= CANCUN ? 0x0a : fork >= ISTANBUL ? 9 : fork >= BYZANTIUM ? 8 : 4;
  warmCoinbase = fork >= SHANGHAI;
}

// @ts-ignore: decorator
@inline
function hashAddress(lo: u64, mid: u64, hi: u32): u32 {
  const h = (lo ^ rotl<u64>(mid, 29) ^ ((hi as u64) << 17)) * 0x9e3779b97f4a7c15;
  return ((h >> 32) ^ (h >> 11)) as u32;
}

// @ts-ignore: decorator
@inline
export function hashSlot(account: usize, k0: u64, k1: u64, k2: u64, k3: u64): u32 {
  const h = (k0 ^ rotl<u64>(k1, 17) ^ rotl<u64>(k2, 31) ^ rotl<u64>(k3, 47) ^ ((account as u64) << 20)) * 0x9e3779b97f4a7c15;
  return ((h >> 32) ^ (h >> 9)) as u32;
}

// @ts-ignore: decorator
@inline
function initialAccountFlags(lo: u64, mid: u64, hi: u32): u32 {
  if ((mid | (hi as u64)) == 0 && lo - 1 < lastPrecompile) return ACCOUNT_WARM;
  return initialFlagsRare(lo, mid, hi);
}

function initialFlagsRare(lo: u64, mid: u64, hi: u32): u32 {
  const self: Context = context;
  if (warmCoinbase && lo == self.coinbaseLo && mid == self.coinbaseMid && hi == self.coinbaseHi) return ACCOUNT_WARM;
  // P256VERIFY (EIP-7951) lies apart.
  if ((mid | (hi as u64)) == 0 && lo == 0x100 && self.fork >= OSAKA) return ACCOUNT_WARM;
  return 0;
}

/** Finds an account that the transaction has touched; null when it has not. */
export function findAccount(address: usize): TxAccount {
  const lo = load<u64>(address);
  const mid = load<u64>(address, 8);
  const hi = load<u32>(address, 16);
  let i = hashAddress(lo, mid, hi);
  const at = accounts.at as usize;
  const mask = accounts.mask;
  const generation = accounts.generation;
  let account = changetype<TxAccount>(0);
  for (;;) {
    i &= mask;
    const entry = at + (i as usize) * INDEX_ENTRY;
    if (load<u32>(entry) != generation) break;
    const candidate = changetype<TxAccount>(load<u32>(entry, 4) as usize);
    if (candidate.lo == lo && candidate.mid == mid && candidate.hi == hi) {
      account = candidate;
      break;
    }
    i++;
  }
  return account;
}

/** Finds or loads an account (its own read; warmth is not changed). `address`: pointer, core order.
 *  Its fields may be looked at only after the observe function for them. */
export function txAccount(address: usize): TxAccount {
  const account = listedAccount(address);
  if (account.flags & ACCOUNT_LOADED) return account;
  account.flags |= ACCOUNT_LOADED;
  loadAccountBelow(account);
  return account;
}

/** Finds or makes the record without loading the fields. */
export function listedAccount(address: usize): TxAccount {
  const lo = load<u64>(address);
  const mid = load<u64>(address, 8);
  const hi = load<u32>(address, 16);
  let i = hashAddress(lo, mid, hi);
  const at = accounts.at as usize;
  const mask = accounts.mask;
  const generation = accounts.generation;
  let entry: usize = 0;
  for (;;) {
    i &= mask;
    entry = at + (i as usize) * INDEX_ENTRY;
    if (load<u32>(entry) != generation) break;
    const account = changetype<TxAccount>(load<u32>(entry, 4) as usize);
    if (account.lo == lo && account.mid == mid && account.hi == hi) return account;
    i++;
  }
  const made = recordAlloc(offsetof<TxAccount>());
  if (made == 0) return changetype<TxAccount>(blank(blankAccount, offsetof<TxAccount>(), ACCOUNT_LOADED));
  memory.fill(made, 0, offsetof<TxAccount>());
  const account = changetype<TxAccount>(made);
  account.lo = lo;
  account.mid = mid;
  account.hi = hi;
  account.flags = initialAccountFlags(lo, mid, hi);
  if (lastAccount == 0) firstAccount = made;
  else changetype<TxAccount>(lastAccount).next = made as u32;
  lastAccount = made;
  store<u32>(entry, generation);
  store<u32>(entry, made as u32, 4);
  accounts.count++;
  if (accounts.count > mask >> 1) growAccounts();
  return account;
}

function blank(record: usize, size: usize, flags: u32): usize {
  memory.fill(record, 0, size);
  // `flags` lies at a different place in each record; both tell "loaded" by it.
  if (record == blankAccount) changetype<TxAccount>(record).flags = flags;
  else {
    changetype<TxSlot>(record).flags = flags;
    changetype<TxSlot>(record).account = blankAccount as u32;
  }
  return record;
}

export function insertEntry(index: Index, hash: u32, record: usize): void {
  let i = hash;
  for (;;) {
    i &= index.mask;
    const entry = (index.at as usize) + (i as usize) * INDEX_ENTRY;
    if (load<u32>(entry) != index.generation) {
      store<u32>(entry, index.generation);
      store<u32>(entry, record as u32, 4);
      index.count++;
      return;
    }
    i++;
  }
}

function growAccounts(): void {
  // Without memory the index stays as full as it is, until it really is full.
  if (!indexResize(accounts, (accounts.mask + 1) << 1)) return failWhenFull(accounts);
  for (let at = firstAccount; at != 0; at = changetype<TxAccount>(at).next) {
    const account = changetype<TxAccount>(at);
    insertEntry(accounts, hashAddress(account.lo, account.mid, account.hi), at);
  }
}

/** A probe ends at an empty entry, so one must always remain. */
export function failWhenFull(index: Index): void {
  setTxFault(ENGINE_OUT_OF_MEMORY);
  if (index.count < index.mask) return;
  indexReset(index);
}

/** Finds or loads a slot (warmth is not changed); its value counts as observed. `key`: pointer to a word. */
export function txSlot(account: TxAccount, key: usize): TxSlot {
  const slot = txSlotForWrite(account, key);
  slot.flags |= SLOT_READ;
  return slot;
}

/** The same for a slot that is about to be written: only what the gas of the write depends on counts as observed. */
export function txSlotForWrite(account: TxAccount, key: usize): TxSlot {
  const slot = listedSlot(account, key);
  if (slot.flags & SLOT_LOADED) return slot;
  slot.flags |= SLOT_LOADED;
  if (account.flags & ACCOUNT_CREATED) return slot;
  loadSlotBelow(account, slot);
  copyWord(changetype<usize>(slot) + offsetof<TxSlot>("value"), changetype<usize>(slot) + offsetof<TxSlot>("original"));
  return slot;
}

/** Finds or makes the record without loading the value. */
export function listedSlot(account: TxAccount, key: usize): TxSlot {
  const k0 = load<u64>(key);
  const k1 = load<u64>(key, 8);
  const k2 = load<u64>(key, 16);
  const k3 = load<u64>(key, 24);
  const owner = changetype<usize>(account) as u32;
  let i = hashSlot(owner, k0, k1, k2, k3);
  const at = slots.at as usize;
  const mask = slots.mask;
  const generation = slots.generation;
  let entry: usize = 0;
  for (;;) {
    i &= mask;
    entry = at + (i as usize) * INDEX_ENTRY;
    if (load<u32>(entry) != generation) break;
    const slot = changetype<TxSlot>(load<u32>(entry, 4) as usize);
    if (slot.key == k0 && slot.key1 == k1 && slot.key2 == k2 && slot.key3 == k3 && slot.account == owner) return slot;
    i++;
  }
  const made = recordAlloc(offsetof<TxSlot>());
  if (made == 0) return changetype<TxSlot>(blank(blankSlot, offsetof<TxSlot>(), SLOT_LOADED));
  memory.fill(made, 0, offsetof<TxSlot>());
  const slot = changetype<TxSlot>(made);
  slot.key = k0;
  slot.key1 = k1;
  slot.key2 = k2;
  slot.key3 = k3;
  slot.account = owner;
  if (lastSlot == 0) firstSlot = made;
  else changetype<TxSlot>(lastSlot).next = made as u32;
  lastSlot = made;
  store<u32>(entry, generation);
  store<u32>(entry, made as u32, 4);
  slots.count++;
  if (slots.count > mask >> 1) growSlots();
  return slot;
}

function growSlots(): void {
  if (!indexResize(slots, (slots.mask + 1) << 1)) return failWhenFull(slots);
  for (let at = firstSlot; at != 0; at = changetype<TxSlot>(at).next) {
    const slot = changetype<TxSlot>(at);
    insertEntry(slots, hashSlot(slot.account, slot.key, slot.key1, slot.key2, slot.key3), at);
  }
}
