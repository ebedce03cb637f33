/** State functions of the ABI: bytes in, bytes out. Arguments are turned into core order in a small
 *  area of the thread, so callers' buffers are never written. */
import { codeIntern } from "../code/store";
import { MAX_CODE_LENGTH, inMemory } from "../memory/bounds";
import { thread } from "../memory/thread";
import {
  accountValueAt, baseAccount, baseSlot, copyAccountValue, slotValueAt, stateReserve, writeAccount, writeSlot, zeroValue,
} from "../state/base";
import { Chain, chainBytes, freeChain, newChain } from "../state/chain";
import { AccountEntry, AccountValue, ENTRY_VALUE, SlotEntry, VALUE_EXISTS } from "../state/entries";
import { revertTo } from "../state/history";
import { putAccount } from "../state/put-account";
import { journalNextEpoch } from "../state/journal";
import { ENGINE_BAD_ARGUMENT, ENGINE_OUT_OF_MEMORY, OK_STOP } from "../status";
import { proofOf } from "../trie/proof";
import { stateRootAt } from "../trie/state-trie";
import { addressFromBytes, addressToBytes, isZeroWord, wordFromBytes, wordToBytes } from "../u256/word";

// Offsets in the thread's work area, whose start is for converted arguments (0 to 64: state-trie.ts).
const ADDRESS: usize = 64;
const KEY: usize = 96;
const VALUE: usize = 128;
const ACCOUNT: usize = 160;

export function chainCreate(): usize {
  return newChain();
}

export function chainDestroy(chain: usize): void {
  freeChain(chain);
}

export function chainMemory(chain: usize): f64 {
  return chainBytes(chain);
}

export function chainEpoch(chain: usize): u32 {
  return changetype<Chain>(chain).epoch;
}

/** 0 when out of memory: then the epoch is as before. */
export function chainNextEpoch(chain: usize): u32 {
  return journalNextEpoch(chain) ? changetype<Chain>(chain).epoch : 0;
}

export function chainRevert(chain: usize, epoch: u32): void {
  revertTo(chain, epoch);
}

export function stateAccount(chain: usize, epoch: u32, address: usize, out: usize): u32 {
  const entry = findEntry(chain, address);
  const value = entry == 0 ? zeroValue() : accountValueAt(entry, epoch);
  putAccount(out, value);
  return changetype<AccountValue>(value).flags & VALUE_EXISTS;
}

export function stateSlot(chain: usize, epoch: u32, address: usize, key: usize, out: usize): void {
  const account = findEntry(chain, address);
  let value = zeroValue();
  if (account != 0) {
    const word = (thread.work as usize) + KEY;
    wordFromBytes(word, key);
    const slot = baseSlot(chain, account, word);
    if (slot != 0) value = slotValueAt(slot, epoch);
  }
  wordToBytes(out, value);
}

export function stateSetBalance(chain: usize, address: usize, value: usize): u32 {
  const account = accountToChange(chain, address);
  wordFromBytes(changetype<usize>(account) + offsetof<AccountValue>("balance"), value);
  return putChanged(chain);
}

export function stateSetNonce(chain: usize, address: usize, nonce: u64): u32 {
  accountToChange(chain, address).nonce = nonce;
  return putChanged(chain);
}

export function stateSetCode(chain: usize, address: usize, code: usize, length: u32): u32 {
  if (!inMemory(code, length)) return ENGINE_BAD_ARGUMENT;
  if (length > MAX_CODE_LENGTH) return ENGINE_OUT_OF_MEMORY;
  let made: usize = 0;
  if (length != 0) {
    made = codeIntern(chain, code, length, 0);
    if (made == 0) return ENGINE_OUT_OF_MEMORY;
  }
  accountToChange(chain, address).code = made as u32;
  return putChanged(chain);
}

export function stateSetSlot(chain: usize, address: usize, key: usize, value: usize): u32 {
  const work = thread.work as usize;
  wordFromBytes(work + KEY, key);
  wordFromBytes(work + VALUE, value);
  if (!stateReserve(chain, 1, 1)) return ENGINE_OUT_OF_MEMORY;
  accountToChange(chain, address);
  const entry = writeAccount(chain, work + ADDRESS, work + ACCOUNT);
  if (entry == 0 || !writeSlot(chain, entry, work + KEY, work + VALUE)) return ENGINE_OUT_OF_MEMORY;
  return OK_STOP;
}

export function stateRoot(chain: usize, epoch: u32, out: usize): u32 {
  return stateRootAt(chain, epoch, out);
}

export function stateProof(
  chain: usize, epoch: u32, address: usize, keys: usize, keyCount: u32, out: usize, capacity: u32,
): u32 {
  if (!inMemory(keys, (keyCount as u64) << 5) || !inMemory(out, capacity)) return 0;
  const core = (thread.work as usize) + ADDRESS;
  addressFromBytes(core, address);
  return proofOf(chain, epoch, core, keys, keyCount, out, capacity);
}

export function stateNextAccount(chain: usize, epoch: u32, cursor: u32, out: usize): u32 {
  const self = changetype<Chain>(chain);
  for (; cursor <= self.accountMask; cursor++) {
    const entry = load<u32>((self.accountCells as usize) + ((cursor as usize) << 3)) as usize;
    if (entry == 0) continue;
    if (changetype<AccountValue>(accountValueAt(entry, epoch)).flags & VALUE_EXISTS) {
      addressToBytes(out, entry);
      return cursor + 1;
    }
  }
  return 0;
}

/** The cursor is the slot's entry. */
export function stateNextSlot(chain: usize, epoch: u32, address: usize, cursor: usize, out: usize): usize {
  let slot: usize;
  if (cursor == 0) {
    const account = findEntry(chain, address);
    slot = account == 0 ? 0 : (changetype<AccountEntry>(account).slots as usize);
  } else {
    slot = changetype<SlotEntry>(cursor).next;
  }
  while (slot != 0) {
    const value = slotValueAt(slot, epoch);
    if (!isZeroWord(value)) {
      wordToBytes(out, slot);
      wordToBytes(out + 32, value);
      return slot;
    }
    slot = changetype<SlotEntry>(slot).next;
  }
  return 0;
}

function findEntry(chain: usize, address: usize): usize {
  const core = (thread.work as usize) + ADDRESS;
  addressFromBytes(core, address);
  return baseAccount(chain, core);
}

/** A copy of the account's current value that exists, for `putChanged`. */
function accountToChange(chain: usize, address: usize): AccountValue {
  const entry = findEntry(chain, address);
  const copy = (thread.work as usize) + ACCOUNT;
  copyAccountValue(copy, entry == 0 ? zeroValue() : entry + ENTRY_VALUE);
  const value = changetype<AccountValue>(copy);
  value.flags |= VALUE_EXISTS;
  return value;
}

function putChanged(chain: usize): u32 {
  const work = thread.work as usize;
  return writeAccount(chain, work + ADDRESS, work + ACCOUNT) == 0 ? ENGINE_OUT_OF_MEMORY : OK_STOP;
}
