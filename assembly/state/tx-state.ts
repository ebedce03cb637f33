/**
 * The state as the executing transaction sees it: a thread's own table of the accounts and slots
 * it has touched, over "what lies below" (multi-version memory of the run, then the chain's base
 * state at the run's epoch). Nothing below is written until the transaction ends; so the same
 * interpreter serves direct, overlay and speculative execution, and the table is the access set.
 *
 * Every change goes through the frame journal: `checkpoint` and `revertTo` serve call frames.
 * Words and addresses are in core order (u256/word.ts).
 */

/**
 * Why the transaction cannot go on, 0 while it can: ENGINE_OUT_OF_MEMORY, NEEDS_DEPENDENCY or
 * NEEDS_BLOCK_HASH. Loads that fail return blank records, so nothing needs a null check; the
 * interpreter looks here after every instruction that touched the state.
 */
export let txFault: u32 = 0;

export function setTxFault(status: u32): void {
  if (txFault == 0) txFault = status;
}

/** In the state (EIP-161: after Spurious Dragon that means not empty). */
export const ACCOUNT_EXISTS: u32 = 1;
/** EIP-2929: accessed in this transaction. */
export const ACCOUNT_WARM: u32 = 2;
/** Created by this transaction (EIP-6780; storage below is not seen). */
export const ACCOUNT_CREATED: u32 = 4;
export const ACCOUNT_DESTRUCTED: u32 = 8;
/** EIP-161: touched, so deleted at the end if empty. */
export const ACCOUNT_TOUCHED: u32 = 16;

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
  /** SLOT_WARM */
  flags: u32;
}

export const SLOT_WARM: u32 = 1;

/** Finds or loads an account (its own read; warmth is not changed). `address`: pointer, core order. */
export function txAccount(address: usize): TxAccount {
  unreachable();
}

/** Marks the account warm (journaled). Returns whether it was cold. */
export function warmAccount(account: TxAccount): bool {
  unreachable();
}

/** Finds or loads a slot (warmth is not changed). `key`: pointer to a word. */
export function txSlot(account: TxAccount, key: usize): TxSlot {
  unreachable();
}

/** Marks the slot warm (journaled). Returns whether it was cold. */
export function warmSlot(slot: TxSlot): bool {
  unreachable();
}

/** Journaled write of the word at `value`. */
export function setSlot(slot: TxSlot, value: usize): void {
  unreachable();
}

/** EIP-1153: copies the transient word to `out` (zero when never written). */
export function loadTransient(account: TxAccount, key: usize, out: usize): void {
  unreachable();
}

export function storeTransient(account: TxAccount, key: usize, value: usize): void {
  unreachable();
}

/** Journaled; marks the account touched. */
export function addBalance(account: TxAccount, value: usize): void {
  unreachable();
}

/** Journaled; returns false, changing nothing, when the balance is too small. */
export function subBalance(account: TxAccount, value: usize): bool {
  unreachable();
}

export function setNonce(account: TxAccount, nonce: u64): void {
  unreachable();
}

/** `code`: a `Code`. */
export function setCode(account: TxAccount, code: usize): void {
  unreachable();
}

/** Makes a `Code` of the bytes (which are copied and hashed) and sets it. */
export function deployCode(account: TxAccount, bytes: usize, length: u32): void {
  unreachable();
}

/** Touches without a change of balance (EIP-161). */
export function touchAccount(account: TxAccount): void {
  unreachable();
}

/** Journaled: flags the account as created in this transaction; storage below reads as zero. */
export function markCreated(account: TxAccount): void {
  unreachable();
}

/** Journaled; returns whether it was not yet destructed in this transaction. */
export function markDestructed(account: TxAccount): bool {
  unreachable();
}

/** True when the account below has storage (EIP-7610 collision rule). */
export function hasStorage(account: TxAccount): bool {
  unreachable();
}

/** Journal position to come back to. Logs, transient storage, warmth: all come back with it. */
export function checkpoint(): u32 {
  unreachable();
}

export function revertTo(position: u32): void {
  unreachable();
}

/** Appends a log; `topics`: pointer to `topicCount` words (core order) laid out one after the other. */
export function addLog(address: usize, topics: usize, topicCount: u32, data: usize, length: u32): void {
  unreachable();
}

/** Appends the calldata of a call to the console address; survives reverts. */
export function addConsole(data: usize, length: u32): void {
  unreachable();
}
