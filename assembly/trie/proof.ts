/** Merkle proofs (EIP-1186): the RLP of the nodes on the way to a key, whether the trie holds it or not. */
import { EMPTY_ROOT } from "../crypto/known-hashes";
import { thread } from "../memory/thread";
import { baseAccount } from "../state/base";
import { Chain } from "../state/chain";
import { AccountEntry } from "../state/entries";
import { wordFromBytes } from "../u256/word";
import { copyHash, encodeBranch, encodeExtension, encodeLeaf, encodedStart, rootHash } from "./encode";
import {
  KIND_BRANCH, LEAF_PATH, PATH_NIBBLES, TrieNode, childLink, firstDifference, leafBelow, nibbleAt,
} from "./node";
import { addressPath, moveTries, slotPath, dropTries } from "./state-trie";

// Offsets in the thread's work area, clear of abi/state.ts's.
const PATH: usize = 256;
const WORD: usize = 288;

/** Output: the next byte, and where it ends; only what fits is written. */
let output: usize = 0;
let outputStart: usize = 0;
let outputEnd: usize = 0;

/** See `stateProof` of abi.ts; `address` in core order, keys as 32 big-endian bytes. 0: out of memory. */
export function proofOf(
  at: usize, epoch: u32, address: usize, keys: usize, keyCount: u32, out: usize, capacity: u32,
): u32 {
  if (!moveTries(at, epoch)) {
    dropTries(at);
    return 0;
  }
  const chain = changetype<Chain>(at);
  const work = thread.work as usize;
  const path = work + PATH;
  output = outputStart = out;
  outputEnd = out + capacity;

  const entry = baseAccount(at, address);
  const storage: usize = entry == 0 ? 0 : (changetype<AccountEntry>(entry).storageRoot as usize);
  // Hashes everything that the nodes below refer to.
  rootHash(chain.trieRoot, epoch, path);
  rootHash(storage, epoch, path);
  if (entry == 0 || changetype<AccountEntry>(entry).leaf == 0) copyHash(path, EMPTY_ROOT);
  putRaw(path, 32);

  addressPath(address, path);
  putPathNodes(chain.trieRoot, path, epoch);
  const absent = entry == 0 || changetype<AccountEntry>(entry).leaf == 0;
  for (let i: u32 = 0; i < keyCount; i++) {
    wordFromBytes(work + WORD, keys + ((i as usize) << 5));
    slotPath(work + WORD, path);
    putPathNodes(absent ? 0 : storage, path, epoch);
  }
  return (output - outputStart) as u32;
}

/** The node count and the nodes on the way to `path`. */
function putPathNodes(root: usize, path: usize, epoch: u32): void {
  const countAt = output;
  putU32(0);
  let count: u32 = 0;
  let at = root;
  let start: u32 = 0;
  while (at != 0) {
    const node = changetype<TrieNode>(at);
    if (node.kind != KIND_BRANCH) {
      count += putNode(encodeLeaf(at, start, epoch), start == 0);
      break;
    }
    const depth = node.depth as u32;
    let end = encodeBranch(at);
    if (start < depth) {
      end = encodeExtension(at, start, end);
      count += putNode(end, start == 0);
      if (firstDifference(path, leafBelow(at) + LEAF_PATH, start, depth) < depth) break;
      count += putNode(encodeBranch(at), false);
    } else {
      count += putNode(end, start == 0);
    }
    at = load<u32>(childLink(at, nibbleAt(path, depth)));
    start = depth + 1;
  }
  if (countAt + 4 <= outputEnd) store<u32>(countAt, count);
}

/** The node just encoded, unless its parent holds it whole. Returns how many nodes were put. */
function putNode(end: usize, isRoot: bool): u32 {
  const start = encodedStart();
  const length = (end - start) as u32;
  if (length < 32 && !isRoot) return 0;
  putU32(length);
  putRaw(start, length);
  return 1;
}

function putU32(value: u32): void {
  if (output + 4 <= outputEnd) store<u32>(output, value);
  output += 4;
}

function putRaw(from: usize, length: u32): void {
  if (output + length <= outputEnd) memory.copy(output, from, length);
  output += length;
}
