/**
 * The account trie and the storage tries of a chain. They stand at one epoch, and follow to
 * another, in either direction, by the journal: whatever was written between the two is brought
 * to its value as of the target. Only what lies on the way to a changed leaf is hashed again.
 */
import { keccak256 } from "../crypto/keccak";
import { arenaFree } from "../memory/arena";
import { thread } from "../memory/thread";
import { accountValueAt, slotValueAt } from "../state/base";
import { Chain, chainArena } from "../state/chain";
import {
  AccountEntry, AccountValue, JournalRecord, RECORD_ACCOUNT, RECORD_ACCOUNT_MADE, RECORD_KIND, RECORD_SLOT,
  RECORD_SLOT_MADE, SlotEntry, VALUE_EXISTS, recordSize,
} from "../state/entries";
import { Segment, firstMarkAfter, markAt, segmentEnd, segmentStart } from "../state/journal";
import { ENGINE_OUT_OF_MEMORY, OK_STOP } from "../status";
import { addressToBytes, isZeroWord, wordToBytes } from "../u256/word";
import { rootHash } from "./encode";
import {
  BRANCH_SIZE, KIND_ACCOUNT_LEAF, KIND_BRANCH, KIND_SLOT_LEAF, LEAF_PATH, LEAF_SIZE, TrieNode, childLink,
} from "./node";
import { insertLeaf, makeLeaf, markLeaf, removeLeaf } from "./tree";

/** State root as of the end of `epoch`: 32 bytes to `out`. Returns a status. */
export function stateRootAt(at: usize, epoch: u32, out: usize): u32 {
  if (!moveTries(at, epoch)) {
    dropTries(at);
    return ENGINE_OUT_OF_MEMORY;
  }
  rootHash(changetype<Chain>(at).trieRoot, epoch, out);
  return OK_STOP;
}

/** Moves the tries to `epoch`. False: out of memory, and they are to be dropped (`dropTries`). */
export function moveTries(at: usize, epoch: u32): bool {
  const chain = changetype<Chain>(at);
  epoch = min<u32>(epoch, chain.epoch);
  const from = chain.trieEpoch;
  // Writes to an open epoch leave no record when they are not the entry's first there.
  const settled = chain.trieOpen && chain.trieWrites != chain.writes ? from - 1 : from;
  const low = min<u32>(epoch, settled);
  const high = max<u32>(epoch, from);
  if (low != high) {
    const first = firstMarkAfter(at, low);
    const last = firstMarkAfter(at, high);
    if (first < chain.markCount && !followJournal(at, first, last, epoch)) return false;
  }
  chain.trieEpoch = epoch;
  chain.trieOpen = epoch >= chain.epoch ? 1 : 0;
  chain.trieWrites = chain.writes;
  return true;
}

/** Brings what the records from mark `first` to mark `last` (or the journal's end) name to its value as of `epoch`. */
function followJournal(at: usize, first: u32, last: u32, epoch: u32): bool {
  const chain = changetype<Chain>(at);
  let segment: usize = markAt(at, first).segment;
  let record: usize = markAt(at, first).at;
  const end: usize = last < chain.markCount ? markAt(at, last).at : chain.journalNext;
  while (record != end) {
    if (record == segmentEnd(at, segment)) {
      segment = changetype<Segment>(segment).next;
      if (segment == 0) break;
      record = segmentStart(segment);
      continue;
    }
    const kind = changetype<JournalRecord>(record).entry & RECORD_KIND;
    const entry = (changetype<JournalRecord>(record).entry & ~RECORD_KIND) as usize;
    if (kind == RECORD_SLOT || kind == RECORD_SLOT_MADE) {
      if (!followSlot(at, entry, epoch)) return false;
    } else if (kind == RECORD_ACCOUNT || kind == RECORD_ACCOUNT_MADE) {
      if (!followAccount(at, entry, epoch)) return false;
    }
    record += recordSize(kind);
  }
  return true;
}

function followAccount(at: usize, entry: usize, epoch: u32): bool {
  const root = at + offsetof<Chain>("trieRoot");
  const account = changetype<AccountEntry>(entry);
  const exists = (changetype<AccountValue>(accountValueAt(entry, epoch)).flags & VALUE_EXISTS) != 0;
  const arena = chainArena(at);
  if (account.leaf != 0) {
    if (exists) {
      markLeaf(root, account.leaf);
    } else {
      removeLeaf(arena, root, account.leaf);
      account.leaf = 0;
    }
    return true;
  }
  if (!exists) return true;
  const leaf = makeLeaf(arena, KIND_ACCOUNT_LEAF, entry);
  if (leaf == 0) return false;
  addressPath(entry, leaf + LEAF_PATH);
  if (!insertLeaf(arena, root, leaf)) {
    arenaFree(arena, leaf, LEAF_SIZE);
    return false;
  }
  account.leaf = leaf as u32;
  return true;
}

function followSlot(at: usize, entry: usize, epoch: u32): bool {
  const slot = changetype<SlotEntry>(entry);
  const owner = changetype<AccountEntry>(slot.account);
  const root = (slot.account as usize) + offsetof<AccountEntry>("storageRoot");
  const exists = !isZeroWord(slotValueAt(entry, epoch));
  const arena = chainArena(at);
  if (slot.leaf != 0) {
    if (exists) {
      markLeaf(root, slot.leaf);
    } else {
      removeLeaf(arena, root, slot.leaf);
      slot.leaf = 0;
    }
  } else {
    if (!exists) return true;
    const leaf = makeLeaf(arena, KIND_SLOT_LEAF, entry);
    if (leaf == 0) return false;
    slotPath(entry, leaf + LEAF_PATH);
    if (!insertLeaf(arena, root, leaf)) {
      arenaFree(arena, leaf, LEAF_SIZE);
      return false;
    }
    slot.leaf = leaf as u32;
  }
  // The account's leaf holds the storage root. (One that is not in the trie yet will be dirty when it comes.)
  if (owner.leaf != 0) markLeaf(at + offsetof<Chain>("trieRoot"), owner.leaf);
  return true;
}

/** Path of an account: the hash of its address (core order at `address`). */
export function addressPath(address: usize, out: usize): void {
  const bytes = thread.work as usize;
  addressToBytes(bytes, address);
  keccak256(bytes, 20, out);
}

/** Path of a slot: the hash of its key (core order at `key`). */
export function slotPath(key: usize, out: usize): void {
  const bytes = thread.work as usize;
  wordToBytes(bytes, key);
  keccak256(bytes, 32, out);
}

/** Forgets the tries: they are built anew when a root is asked for. Needs no memory. */
export function dropTries(at: usize): void {
  const arena = chainArena(at);
  const chain = changetype<Chain>(at);
  dropNodes(arena, chain.trieRoot);
  const end = cellsEnd(chain);
  for (let cell: usize = chain.accountCells; cell < end; cell += 8) {
    const entry = load<u32>(cell) as usize;
    if (entry != 0) dropNodes(arena, changetype<AccountEntry>(entry).storageRoot);
  }
  unlinkRoots(chain);
}

/** The same without touching a node, because another thread may: what they take is given back with the chain. */
export function forgetTries(at: usize): void {
  const chain = changetype<Chain>(at);
  const end = cellsEnd(chain);
  for (let cell: usize = chain.accountCells; cell < end; cell += 8) {
    const entry = load<u32>(cell) as usize;
    if (entry == 0) continue;
    changetype<AccountEntry>(entry).leaf = 0;
    for (let slot = changetype<AccountEntry>(entry).slots as usize; slot != 0; slot = changetype<SlotEntry>(slot).next) {
      changetype<SlotEntry>(slot).leaf = 0;
    }
  }
  unlinkRoots(chain);
}

function unlinkRoots(chain: Chain): void {
  chain.trieRoot = 0;
  chain.trieEpoch = 0;
  chain.trieOpen = 0;
  const end = cellsEnd(chain);
  for (let cell: usize = chain.accountCells; cell < end; cell += 8) {
    const entry = load<u32>(cell) as usize;
    if (entry != 0) changetype<AccountEntry>(entry).storageRoot = 0;
  }
}

// @ts-ignore: decorator
@inline
function cellsEnd(chain: Chain): usize {
  return (chain.accountCells as usize) + (((chain.accountMask as usize) + 1) << 3);
}

function dropNodes(arena: usize, at: usize): void {
  if (at == 0) return;
  const node = changetype<TrieNode>(at);
  if (node.kind != KIND_BRANCH) {
    if (node.kind == KIND_ACCOUNT_LEAF) changetype<AccountEntry>(node.entry).leaf = 0;
    else changetype<SlotEntry>(node.entry).leaf = 0;
    arenaFree(arena, at, LEAF_SIZE);
    return;
  }
  for (let mask = node.entry; mask != 0; mask &= mask - 1) dropNodes(arena, load<u32>(childLink(at, ctz<u32>(mask))));
  arenaFree(arena, at, BRANCH_SIZE);
}
