/** The shape of a trie: inserting, removing and marking leaves. Hashing is encode.ts's. A trie is a
 *  link: the address of the u32 that points to its root node. */
import { arenaAlloc, arenaFree } from "../memory/arena";
import {
  BRANCH_SIZE, KIND_BRANCH, LEAF_PATH, LEAF_SIZE, PATH_NIBBLES, TrieNode, childLink, firstDifference, leafBelow, nibbleAt,
} from "./node";

/** A new leaf for an entry, path still to be filled; 0 when out of memory. */
export function makeLeaf(arena: usize, kind: u8, entry: usize): usize {
  const at = arenaAlloc(arena, LEAF_SIZE);
  if (at == 0) return 0;
  const leaf = changetype<TrieNode>(at);
  leaf.kind = kind;
  leaf.dirty = 1;
  leaf.depth = 0;
  leaf.refLength = 0;
  leaf.entry = entry as u32;
  return at;
}

/** Inserts a leaf whose path the trie does not hold. False: out of memory, the trie is unchanged. */
export function insertLeaf(arena: usize, root: usize, leaf: usize): bool {
  const path = leaf + LEAF_PATH;
  let link = root;
  let start: u32 = 0;
  while (true) {
    const at = load<u32>(link) as usize;
    if (at == 0) {
      store<u32>(link, leaf as u32);
      return true;
    }
    const node = changetype<TrieNode>(at);
    const isBranch = node.kind == KIND_BRANCH;
    const end = isBranch ? (node.depth as u32) : PATH_NIBBLES;
    if (start < end) {
      const other = (isBranch ? leafBelow(at) : at) + LEAF_PATH;
      const split = firstDifference(path, other, start, end);
      if (split < end) {
        const branch = arenaAlloc(arena, BRANCH_SIZE);
        if (branch == 0) return false;
        initBranch(branch, split);
        addChild(branch, nibbleAt(other, split), at);
        addChild(branch, nibbleAt(path, split), leaf);
        // Its path is shorter now.
        node.dirty = 1;
        store<u32>(link, branch as u32);
        return true;
      }
    }
    node.dirty = 1;
    const nibble = nibbleAt(path, end);
    link = childLink(at, nibble);
    if (load<u32>(link) == 0) {
      addChild(at, nibble, leaf);
      return true;
    }
    start = end + 1;
  }
}

/** Takes a leaf out of the trie and frees it. */
export function removeLeaf(arena: usize, root: usize, leaf: usize): void {
  const path = leaf + LEAF_PATH;
  /** Link to the branch that holds the current link. */
  let parentLink: usize = 0;
  let link = root;
  while (load<u32>(link) != (leaf as u32)) {
    const at = load<u32>(link) as usize;
    const node = changetype<TrieNode>(at);
    node.dirty = 1;
    parentLink = link;
    link = childLink(at, nibbleAt(path, node.depth));
  }
  store<u32>(link, 0);
  arenaFree(arena, leaf, LEAF_SIZE);
  if (parentLink == 0) return;
  const parent = load<u32>(parentLink) as usize;
  const branch = changetype<TrieNode>(parent);
  branch.entry &= ~((1 as u32) << nibbleAtLink(parent, link));
  if (popcnt<u32>(branch.entry) != 1) return;
  // One child is left: it takes the branch's place, with a longer path.
  const child = load<u32>(childLink(parent, ctz<u32>(branch.entry)));
  changetype<TrieNode>(child).dirty = 1;
  store<u32>(parentLink, child);
  arenaFree(arena, parent, BRANCH_SIZE);
}

/** Marks a leaf of the trie and its ancestors stale. */
export function markLeaf(root: usize, leaf: usize): void {
  if (changetype<TrieNode>(leaf).dirty) return;
  const path = leaf + LEAF_PATH;
  let at = load<u32>(root) as usize;
  while (at != leaf) {
    const node = changetype<TrieNode>(at);
    node.dirty = 1;
    at = load<u32>(childLink(at, nibbleAt(path, node.depth)));
  }
  changetype<TrieNode>(leaf).dirty = 1;
}

// @ts-ignore: decorator
@inline
function nibbleAtLink(branch: usize, link: usize): u32 {
  return ((link - childLink(branch, 0)) >> 2) as u32;
}

function initBranch(at: usize, depth: u32): void {
  memory.fill(at, 0, BRANCH_SIZE);
  const branch = changetype<TrieNode>(at);
  branch.kind = KIND_BRANCH;
  branch.dirty = 1;
  branch.depth = depth as u8;
}

// @ts-ignore: decorator
@inline
function addChild(branch: usize, nibble: u32, child: usize): void {
  changetype<TrieNode>(branch).entry |= (1 as u32) << nibble;
  store<u32>(childLink(branch, nibble), child as u32);
}
