/**
 * RLP and references of trie nodes (Yellow Paper, appendix D). Nodes are encoded in the thread's work
 * area, after their children have references. Stale nodes are hashed level by level, the
 * deepest first, so that two can be hashed at once whatever their place.
 */
import { EMPTY_CODE_HASH, EMPTY_ROOT } from "../crypto/known-hashes";
import { keccak256, keccakPair } from "../crypto/keccak";
import { thread } from "../memory/thread";
import { headerSize, putHash, putStringHeader, putU64, putWord, wordLength, wrapList } from "../rlp/rlp";
import { accountValueAt, slotValueAt } from "../state/base";
import { AccountEntry, AccountValue } from "../state/entries";
import {
  KIND_ACCOUNT_LEAF, KIND_BRANCH, LEAF_PATH, NODE_REF, PATH_NIBBLES, TrieNode, childLink, leafBelow, nibbleAt,
} from "./node";

// The work area, from 4096 on (the start is for converted arguments).
/** Two nodes; a list header fits before a payload. */
const FIRST: usize = 4096 + 16;
const SECOND: usize = 5120 + 16;
/** Reference of a branch on its way into its extension. */
const INNER: usize = 6144;
/** An account's storage root. */
const STORAGE_ROOT: usize = 6208;
/** Per level, the lists of its stale branches and leaves: an account's path, then its storage's. */
const LISTS: usize = 6272;
export const LEVELS: u32 = 130;

/** Payload of the node that is encoded next: FIRST or SECOND. */
let payloadAt: usize = FIRST;
/** Where the last encoded node begins (it ends at the returned position). */
let encoded: usize = 0;
/** The deepest level with stale nodes. */
let deepest: u32 = 0;

/** Start of the node that an `encode…` function wrote. */
export function encodedStart(): usize {
  return encoded;
}

/** Root of the trie whose root node is `root` (0: empty) with values as of `epoch`: 32 bytes to `out`. */
export function rootHash(root: usize, epoch: u32, out: usize): void {
  if (root == 0) {
    copyHash(out, EMPTY_ROOT);
    return;
  }
  refresh(root, epoch);
  const node = changetype<TrieNode>(root);
  if (node.refLength < 32) keccak256(root + NODE_REF, node.refLength, out);
  else copyHash(out, root + NODE_REF);
}

/** Brings the references of a trie's stale nodes, and of the storage tries below its leaves, up to date. */
function refresh(root: usize, epoch: u32): void {
  if (!changetype<TrieNode>(root).dirty) return;
  beginRefresh();
  addToRefresh(root, 0);
  endRefresh(epoch);
}

/** Subtries whose stale nodes are brought up to date together: `addToRefresh` names them, `endRefresh` hashes. */
export function beginRefresh(): void {
  memory.fill((thread.work as usize) + LISTS, 0, (LEVELS as usize) << 3);
  deepest = 0;
}

/** `start`: the nibble at which the stale node's path begins. */
export function addToRefresh(at: usize, start: u32): void {
  collect((thread.work as usize) + LISTS, at, start, 0);
}

export function endRefresh(epoch: u32): void {
  const lists = (thread.work as usize) + LISTS;
  for (let level: i32 = deepest; level >= 0; level--) {
    const list = lists + ((level as usize) << 3);
    hashList(load<u32>(list), epoch);
    hashList(load<u32>(list, 4), epoch);
  }
}

/** Lists the stale nodes from `at` on. A stale reference holds the next of the list and the nibble at which the node's
 *  path begins. */
function collect(lists: usize, at: usize, start: u32, level: u32): void {
  const node = changetype<TrieNode>(at);
  const isBranch = node.kind == KIND_BRANCH;
  const list = lists + ((level as usize) << 3) + (isBranch ? 0 : 4);
  node.ref0 = load<u32>(list);
  node.refLength = start as u8;
  store<u32>(list, at as u32);
  if (level > deepest) deepest = level;
  if (isBranch) {
    const below = (node.depth as u32) + 1;
    for (let mask = node.entry; mask != 0; mask &= mask - 1) {
      const child = load<u32>(childLink(at, ctz<u32>(mask))) as usize;
      if (changetype<TrieNode>(child).dirty) collect(lists, child, below, level + 1);
    }
  } else if (node.kind == KIND_ACCOUNT_LEAF) {
    const storage = changetype<AccountEntry>(node.entry).storageRoot as usize;
    if (storage != 0 && changetype<TrieNode>(storage).dirty) collect(lists, storage, 0, level + 1);
  }
}

/** References of a list's nodes, two at a time. */
function hashList(first: usize, epoch: u32): void {
  let at = first;
  while (at != 0) {
    const node = changetype<TrieNode>(at);
    const second = node.ref0 as usize;
    const end = encodeNode(at, epoch);
    const start = encoded;
    if (second == 0) {
      node.refLength = makeReference(at + NODE_REF, start, end) as u8;
      node.dirty = 0;
      return;
    }
    payloadAt = SECOND;
    const secondNode = changetype<TrieNode>(second);
    const next = secondNode.ref0 as usize;
    const secondEnd = encodeNode(second, epoch);
    const secondStart = encoded;
    payloadAt = FIRST;
    if (end - start >= 32 && secondEnd - secondStart >= 32) {
      keccakPair(
        start, (end - start) as u32, at + NODE_REF,
        secondStart, (secondEnd - secondStart) as u32, second + NODE_REF,
      );
      node.refLength = 32;
      secondNode.refLength = 32;
    } else {
      node.refLength = makeReference(at + NODE_REF, start, end) as u8;
      secondNode.refLength = makeReference(second + NODE_REF, secondStart, secondEnd) as u8;
    }
    // Last: a node that a thread was lost with is stale still.
    node.dirty = 0;
    secondNode.dirty = 0;
    at = next;
  }
}

/** Encodes a listed node as its parent refers to it: with its extension, if it has one. Returns the end. */
function encodeNode(at: usize, epoch: u32): usize {
  const node = changetype<TrieNode>(at);
  const start = node.refLength as u32;
  if (node.kind != KIND_BRANCH) return encodeLeaf(at, start, epoch);
  const end = encodeBranch(at);
  return start < (node.depth as u32) ? encodeExtension(at, start, end) : end;
}

/** The reference of a node's RLP to `out`: its hash, or itself when it is shorter. Returns the length. */
export function makeReference(out: usize, from: usize, end: usize): u32 {
  const length = (end - from) as u32;
  if (length >= 32) {
    keccak256(from, length, out);
    return 32;
  }
  memory.copy(out, from, length);
  return length;
}

/** Encodes a leaf; `epoch` picks its value. Returns the end. */
export function encodeLeaf(at: usize, start: u32, epoch: u32): usize {
  const entry = changetype<TrieNode>(at).entry as usize;
  const isAccount = changetype<TrieNode>(at).kind == KIND_ACCOUNT_LEAF;
  const work = thread.work as usize;
  if (isAccount) rootHash(changetype<AccountEntry>(entry).storageRoot, epoch, work + STORAGE_ROOT);
  const payload = work + payloadAt;
  const to = putPath(payload, at + LEAF_PATH, start, PATH_NIBBLES, 0x20);
  const end = isAccount ? putAccount(to, accountValueAt(entry, epoch), work + STORAGE_ROOT) : putSlot(to, slotValueAt(entry, epoch));
  encoded = wrapList(payload, end);
  return end;
}

/** Encodes a branch, whose children's references are up to date, without its extension. Returns the end. */
export function encodeBranch(at: usize): usize {
  const payload = (thread.work as usize) + payloadAt;
  const mask = changetype<TrieNode>(at).entry;
  let to = payload;
  for (let nibble: u32 = 0; nibble < 16; nibble++) {
    if ((mask >> nibble) & 1) {
      const child = load<u32>(childLink(at, nibble)) as usize;
      to = putReference(to, child + NODE_REF, changetype<TrieNode>(child).refLength);
    } else {
      store<u8>(to++, 0x80);
    }
  }
  store<u8>(to++, 0x80);
  encoded = wrapList(payload, to);
  return to;
}

/** Encodes the extension before a branch that was just encoded and ends at `end`. Returns the end. */
export function encodeExtension(at: usize, start: u32, end: usize): usize {
  const inner = (thread.work as usize) + INNER;
  const length = makeReference(inner, encoded, end);
  const payload = (thread.work as usize) + payloadAt;
  const to = putPath(payload, leafBelow(at) + LEAF_PATH, start, changetype<TrieNode>(at).depth, 0);
  end = putReference(to, inner, length);
  encoded = wrapList(payload, end);
  return end;
}

/** A child's reference inside its parent. */
export function putReference(to: usize, ref: usize, length: u32): usize {
  if (length == 32) return putHash(to, ref);
  memory.copy(to, ref, length);
  return to + length;
}

/** Nibbles [from, to) of a path in hex-prefix encoding; `flag` 0x20 for a leaf. */
export function putPath(at: usize, path: usize, from: u32, to: u32, flag: u32): usize {
  const count = to - from;
  const length = (count >> 1) + 1;
  const odd = (count & 1) != 0;
  const first = odd ? flag | 0x10 | nibbleAt(path, from) : flag;
  // A single byte below 0x80 is its own RLP; the first byte always is below 0x80.
  if (length > 1) at = putStringHeader(at, length);
  store<u8>(at++, first);
  if (odd) from++;
  if (from & 1) {
    for (; from < to; from += 2) store<u8>(at++, (nibbleAt(path, from) << 4) | nibbleAt(path, from + 1));
  } else {
    for (; from < to; from += 2) store<u8>(at++, load<u8>(path + (from >> 1)));
  }
  return at;
}

/** [nonce, balance, storage root, code hash] as a string. */
function putAccount(to: usize, at: usize, storageRoot: usize): usize {
  const value = changetype<AccountValue>(at);
  // The list is 70 to 110 bytes: its header takes 2, the string's 2.
  const payload = to + 4;
  let end = putU64(payload, value.nonce);
  end = putWord(end, at + offsetof<AccountValue>("balance"));
  end = putHash(end, storageRoot);
  end = putHash(end, value.code == 0 ? EMPTY_CODE_HASH : (value.code as usize));
  const list = wrapList(payload, end);
  putStringHeader(to, (end - list) as u32);
  return end;
}

/** The RLP of a word, as a string. */
function putSlot(to: usize, word: usize): usize {
  const length = wordLength(word);
  if (length == 1 && load<u8>(word) < 0x80) {
    store<u8>(to, load<u8>(word));
    return to + 1;
  }
  store<u8>(to, 0x80 + length + headerSize(length));
  return putWord(to + 1, word);
}

// @ts-ignore: decorator
@inline
export function copyHash(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}
