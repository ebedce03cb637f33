/**
 * Nodes of the tries. All keys are hashes of 64 nibbles, so two kinds do: a leaf knows its whole
 * path and its entry (no copy of the value), and a branch knows at which nibble it branches.
 * Where a branch begins further down than its parent's next nibble, an extension lies between in the
 * Ethereum trie; its nibbles are those of any leaf below, so it needs no node.
 *
 * A node's reference, as its parent embeds it (the hash, or the RLP itself when shorter than 32 bytes),
 * is cached. Dirty: the reference is stale; then every ancestor is dirty, too.
 *
 * Memory: 80 bytes per leaf and 112 per branch (0.36 branches per leaf with random keys), beside the
 * entry (96 bytes) and its index cell (11 to 21 bytes).
 */
@unmanaged
export class TrieNode {
  /** KIND_* */
  kind: u8;
  dirty: u8;
  /** Nibble at which a branch branches. */
  depth: u8;
  /** Bytes of `ref`: 32 = a hash, less = the node itself. */
  refLength: u8;
  /** Leaf: AccountEntry or SlotEntry. Branch: bit i = child i is there. */
  entry: u32;
  ref0: u64;
  ref1: u64;
  ref2: u64;
  ref3: u64;
  // leaf: path (32 bytes); branch: 16 children (u32)
}

export const KIND_ACCOUNT_LEAF: u8 = 0;
export const KIND_SLOT_LEAF: u8 = 1;
export const KIND_BRANCH: u8 = 2;

export const NODE_REF: usize = offsetof<TrieNode>("ref0");
export const LEAF_PATH: usize = offsetof<TrieNode>();
export const LEAF_SIZE: u32 = (offsetof<TrieNode>() as u32) + 32;
export const BRANCH_SIZE: u32 = (offsetof<TrieNode>() as u32) + 64;
export const PATH_NIBBLES: u32 = 64;

/** Address of child `nibble`'s pointer. */
// @ts-ignore: decorator
@inline
export function childLink(branch: usize, nibble: u32): usize {
  return branch + offsetof<TrieNode>() + ((nibble as usize) << 2);
}

/** Nibble `index` of a path of 32 bytes. */
// @ts-ignore: decorator
@inline
export function nibbleAt(path: usize, index: u32): u32 {
  const byte = load<u8>(path + (index >> 1)) as u32;
  return (index & 1) != 0 ? byte & 15 : byte >> 4;
}

/** Any leaf at or below a node. */
export function leafBelow(node: usize): usize {
  while (changetype<TrieNode>(node).kind == KIND_BRANCH) {
    node = load<u32>(childLink(node, ctz<u32>(changetype<TrieNode>(node).entry)));
  }
  return node;
}

/** The first nibble from `from` on, before `to`, at which two paths differ; `to` when they do not. */
export function firstDifference(a: usize, b: usize, from: u32, to: u32): u32 {
  let index = from;
  while (index < to && nibbleAt(a, index) == nibbleAt(b, index)) index++;
  return index;
}
