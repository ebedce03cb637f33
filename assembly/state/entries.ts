/** Records of the base state. Words and addresses are in core order (u256/word.ts). */

/** What an account holds. Without VALUE_EXISTS everything is zero. size 48 */
@unmanaged
export class AccountValue {
  nonce: u64;
  balance: u64;
  balance1: u64;
  balance2: u64;
  balance3: u64;
  /** `Code` of code/code.ts; 0 = no code. */
  code: u32;
  /** VALUE_EXISTS */
  flags: u32;
}

export const ACCOUNT_VALUE_SIZE: u32 = 48;

/** The account is in the state (equals ACCOUNT_EXISTS of tx-state.ts). Before Spurious Dragon an
 *  existing account may be empty. */
export const VALUE_EXISTS: u32 = 1;

/** An account that the chain knows: exists now, or did at some epoch. size 96 */
@unmanaged
export class AccountEntry {
  lo: u64;
  mid: u64;
  hi: u32;
  /** Epoch in which `value` was written. */
  epoch: u32;
  // AccountValue, in place
  nonce: u64;
  balance: u64;
  balance1: u64;
  balance2: u64;
  balance3: u64;
  code: u32;
  flags: u32;
  /** The value before `epoch`: the entry's newest record in the journal (its low bits: RECORD_FIRST). */
  older: u32;
  /** Head of the list of the account's SlotEntries (newest first). */
  slots: u32;
  /** Leaf of the account trie, or 0 when the trie does not hold the account. */
  leaf: u32;
  /** Root node of the storage trie, or 0. */
  storageRoot: u32;
}

export const ACCOUNT_ENTRY_SIZE: u32 = offsetof<AccountEntry>() as u32;
/** Offset of the current AccountValue in an entry. */
export const ENTRY_VALUE: usize = offsetof<AccountEntry>("nonce");

/** A storage slot that was ever written. size 96 */
@unmanaged
export class SlotEntry {
  key: u64;
  key1: u64;
  key2: u64;
  key3: u64;
  value: u64;
  value1: u64;
  value2: u64;
  value3: u64;
  /** AccountEntry of the owner. */
  account: u32;
  /** Epoch in which `value` was written. */
  epoch: u32;
  /** The value before `epoch`: the entry's newest record in the journal (its low bits: RECORD_FIRST). */
  older: u32;
  /** Leaf of the owner's storage trie, or 0. */
  leaf: u32;
  /** Neighbours in the owner's list. */
  next: u32;
  previous: u32;
}

export const SLOT_ENTRY_SIZE: u32 = offsetof<SlotEntry>() as u32;
/** Offset of the current value in a slot entry. */
export const SLOT_VALUE: usize = offsetof<SlotEntry>("value");

/**
 * A journal record is also a version: it holds what an entry was before a write, and its entry's
 * chain of `older` records leads through the entry's past. Written by the first write to an entry
 * in an epoch.
 *
 * `jump` leads further back, so that an old epoch is found in logarithmic time: jumps skip 1, 3, 7, …
 * records, in the pattern of skew-binary numbers, and a record's jump follows from those of the
 * two before it.
 */
@unmanaged
export class JournalRecord {
  /** The entry; the low bits are the kind, RECORD_*. */
  entry: u32;
  /** The version before this one, or 0; its low bits are the rank of the jump, which skips 2^rank - 1 records. */
  older: u32;
  /** Epoch in which the value below was written; 0: the entry was made by this write, no value. */
  epoch: u32;
  /** A version from further back, or 0. */
  jump: u32;
  // AccountValue, word or nothing
}

/** Entries and records are 16-byte aligned: the low bits of pointers to them are free. */
export const LOW_BITS: u32 = 15;
export const RECORD_KIND: u32 = LOW_BITS;
/** In `older` of an entry: the record says that the entry was made (so it need not be read to know). */
export const RECORD_FIRST: u32 = 1;
export const MAX_RANK: u32 = 15;
export const RECORD_ACCOUNT: u32 = 0;
export const RECORD_SLOT: u32 = 1;
/** The entry was made. */
export const RECORD_ACCOUNT_MADE: u32 = 2;
export const RECORD_SLOT_MADE: u32 = 3;
/** A `Code` was added to the store. */
export const RECORD_CODE_MADE: u32 = 4;

export const RECORD_VALUE: usize = offsetof<JournalRecord>();
export const ACCOUNT_RECORD_SIZE: u32 = 64;
export const SLOT_RECORD_SIZE: u32 = 48;
export const MADE_RECORD_SIZE: u32 = 16;

// @ts-ignore: decorator
@inline
export function recordSize(kind: u32): u32 {
  return kind == RECORD_SLOT ? SLOT_RECORD_SIZE : kind == RECORD_ACCOUNT ? ACCOUNT_RECORD_SIZE : MADE_RECORD_SIZE;
}
