/**
 * A chain: a region of the shared memory that holds accounts, slots, code, their history and their
 * tries. The header lies at the start of the chain's first chunk, and its address is the chain's
 * handle. One thread writes at a time; any number may read while nobody writes.
 */
import { Arena, ARENA_CHUNK_HEADER, ARENA_SIZE, arenaAdopt, arenaDestroy, arenaInit } from "../memory/arena";
import { chunkAlloc } from "../memory/heap";
import { indexInit } from "./index-table";
import { journalInit } from "./journal";

@unmanaged
export class Chain {
  /** CHAIN_MAGIC while the chain lives. */
  magic: u32;
  /** The epoch that writes go to. */
  epoch: u32;
  /** Index tables (index-table.ts): cells, capacity - 1, count. */
  accountCells: u32;
  accountMask: u32;
  accountCount: u32;
  slotCells: u32;
  slotMask: u32;
  slotCount: u32;
  codeCells: u32;
  codeMask: u32;
  codeCount: u32;
  /** Journal (journal.ts): where the next record goes, the end of its segment, first and current segment. */
  journalNext: u32;
  journalEnd: u32;
  journalFirst: u32;
  journalLast: u32;
  /** Epoch marks: array, capacity, count. */
  marks: u32;
  markCapacity: u32;
  markCount: u32;
  /** Account trie (trie/): root node or 0, and the epoch that it and the storage tries stand at (0: empty). */
  trieRoot: u32;
  trieEpoch: u32;
  /** The epoch was still open when the tries came to it, so its records must be looked at again. */
  trieOpen: u32;
  /** Writes so far, and how many of them the open epoch's tries have seen. */
  writes: u32;
  trieWrites: u32;
  reserved1: u32;
  reserved2: u32;
}

export const CHAIN_MAGIC: u32 = 0x4348_4e31;

/** Offset of the chain's arena in its header. */
export const CHAIN_ARENA: usize = (offsetof<Chain>() + 15) & ~15;
const CHAIN_HEADER: usize = CHAIN_ARENA + ARENA_SIZE;

// @ts-ignore: decorator
@inline
export function chainArena(chain: usize): usize {
  return chain + CHAIN_ARENA;
}

/** A new empty chain at epoch 1; 0 when out of memory. Takes one chunk. */
export function newChain(): usize {
  const chunk = chunkAlloc(1);
  if (chunk == 0) return 0;
  const at = chunk + ARENA_CHUNK_HEADER;
  memory.fill(at, 0, CHAIN_HEADER);
  arenaInit(chainArena(at));
  arenaAdopt(chainArena(at), chunk, at + CHAIN_HEADER);
  const chain = changetype<Chain>(at);
  chain.magic = CHAIN_MAGIC;
  chain.epoch = 1;
  // Nothing below can fail: it fits into the first chunk.
  indexInit(at);
  journalInit(at);
  return at;
}

export function freeChain(chain: usize): void {
  changetype<Chain>(chain).magic = 0;
  arenaDestroy(chainArena(chain));
}

export function chainBytes(chain: usize): u32 {
  return changetype<Arena>(chainArena(chain)).chunks << 16;
}
