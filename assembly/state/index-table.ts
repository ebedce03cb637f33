/**
 * Open-addressing indexes of a chain: cells of (pointer, hash) with linear probing, at most 3/4
 * full, doubled when they are. Removal shifts later cells back, so there are no tombstones and a
 * table that was emptied is as good as new.
 */
import { arenaAlloc, arenaFree } from "../memory/arena";
import { Code } from "../code/code";
import { Chain, chainArena } from "./chain";
import { AccountEntry, SlotEntry } from "./entries";

/** One index: three fields in the chain's header. */
@unmanaged
class Table {
  cells: u32;
  mask: u32;
  count: u32;
}

const FIRST_CAPACITY: u32 = 64;

export const ACCOUNT_TABLE: usize = offsetof<Chain>("accountCells");
export const SLOT_TABLE: usize = offsetof<Chain>("slotCells");
export const CODE_TABLE: usize = offsetof<Chain>("codeCells");

/** Makes the three empty tables; the chain's first chunk has room. */
export function indexInit(chain: usize): void {
  initTable(chain, ACCOUNT_TABLE);
  initTable(chain, SLOT_TABLE);
  initTable(chain, CODE_TABLE);
}

function initTable(chain: usize, table: usize): void {
  const self = changetype<Table>(chain + table);
  self.cells = arenaAlloc(chainArena(chain), FIRST_CAPACITY << 3) as u32;
  self.mask = FIRST_CAPACITY - 1;
  self.count = 0;
  memory.fill(self.cells, 0, FIRST_CAPACITY << 3);
}

// Odd multipliers with irregular bits; products of the limbs are summed, so they run in parallel.
const M0: u64 = 0x9e3779b97f4a7c15;
const M1: u64 = 0xc2b2ae3d27d4eb4f;
const M2: u64 = 0x165667b19e3779f9;
const M3: u64 = 0xd6e8feb86659fd93;
const M4: u64 = 0xa0761d6478bd642f;

// @ts-ignore: decorator
@inline
function finish(sum: u64): u32 {
  let hash = (sum ^ (sum >> 32)) * M4;
  hash ^= hash >> 32;
  return hash as u32;
}

/** Hash of an address (core order). */
// @ts-ignore: decorator
@inline
export function hashAddress(address: usize): u32 {
  return finish(load<u64>(address) * M0 + load<u64>(address, 8) * M1 + (load<u32>(address, 16) as u64) * M2);
}

/** Hash of a slot of an account entry. */
// @ts-ignore: decorator
@inline
export function hashSlot(account: usize, key: usize): u32 {
  return finish(
    load<u64>(key) * M0 + load<u64>(key, 8) * M1 + load<u64>(key, 16) * M2 + load<u64>(key, 24) * M3 +
      ((account >> 4) as u64) * M4,
  );
}

// @ts-ignore: decorator
@inline
function hashCode(hash: usize): u32 {
  return finish(load<u64>(hash) * M0 + load<u64>(hash, 8) * M1);
}

/** The account's entry, or 0. */
export function findAccount(chain: usize, address: usize, hash: u32): usize {
  const cells = changetype<Chain>(chain).accountCells as usize;
  const mask = changetype<Chain>(chain).accountMask;
  const lo = load<u64>(address);
  const mid = load<u64>(address, 8);
  const hi = load<u32>(address, 16);
  let index = hash & mask;
  while (true) {
    const cell = cells + ((index as usize) << 3);
    const at = load<u32>(cell) as usize;
    if (at == 0) return 0;
    if (load<u32>(cell, 4) == hash) {
      const entry = changetype<AccountEntry>(at);
      if (entry.lo == lo && entry.mid == mid && entry.hi == hi) return at;
    }
    index = (index + 1) & mask;
  }
  return 0;
}

/** The slot's entry, or 0. */
export function findSlot(chain: usize, account: usize, key: usize, hash: u32): usize {
  const cells = changetype<Chain>(chain).slotCells as usize;
  const mask = changetype<Chain>(chain).slotMask;
  const key0 = load<u64>(key);
  const key1 = load<u64>(key, 8);
  const key2 = load<u64>(key, 16);
  const key3 = load<u64>(key, 24);
  let index = hash & mask;
  while (true) {
    const cell = cells + ((index as usize) << 3);
    const at = load<u32>(cell) as usize;
    if (at == 0) return 0;
    if (load<u32>(cell, 4) == hash) {
      const entry = changetype<SlotEntry>(at);
      if (
        entry.key == key0 && entry.key1 == key1 && entry.key2 == key2 && entry.key3 == key3 &&
        entry.account == (account as u32)
      ) return at;
    }
    index = (index + 1) & mask;
  }
  return 0;
}

/** The `Code` whose hash is the 32 bytes at `hash`, or 0. */
export function findCode(chain: usize, hash: usize): usize {
  const cells = changetype<Chain>(chain).codeCells as usize;
  const mask = changetype<Chain>(chain).codeMask;
  const fragment = hashCode(hash);
  let index = fragment & mask;
  while (true) {
    const cell = cells + ((index as usize) << 3);
    const at = load<u32>(cell) as usize;
    if (at == 0) return 0;
    if (load<u32>(cell, 4) == fragment) {
      const code = changetype<Code>(at);
      if (
        code.hash0 == load<u64>(hash) && code.hash1 == load<u64>(hash, 8) &&
        code.hash2 == load<u64>(hash, 16) && code.hash3 == load<u64>(hash, 24)
      ) return at;
    }
    index = (index + 1) & mask;
  }
  return 0;
}

/** Makes sure that `extra` entries can be added without memory. Returns false when out of it. */
export function tableReserve(chain: usize, table: usize, extra: u32): bool {
  const self = changetype<Table>(chain + table);
  const needed = (self.count as u64) + extra;
  let capacity = self.mask as u64 + 1;
  if (needed * 4 <= capacity * 3) return true;
  while (needed * 4 > capacity * 3) capacity <<= 1;
  if (capacity > 0x1000_0000) return false;
  return rehash(chain, self, capacity as u32);
}

/** Adds an entry that is not in the table; there must be room (`tableReserve`). */
export function tableAdd(chain: usize, table: usize, entry: usize, hash: u32): void {
  const self = changetype<Table>(chain + table);
  place(self.cells, self.mask, entry as u32, hash);
  self.count++;
}

export function tableAddCode(chain: usize, code: usize): void {
  tableAdd(chain, CODE_TABLE, code, hashCode(code));
}

/** Removes an entry that is in the table. */
export function tableRemove(chain: usize, table: usize, entry: usize, hash: u32): void {
  const self = changetype<Table>(chain + table);
  const cells = self.cells as usize;
  const mask = self.mask;
  let hole = hash & mask;
  while (load<u32>(cells + ((hole as usize) << 3)) != (entry as u32)) hole = (hole + 1) & mask;
  // Shift back each later cell of the cluster that may stand in the hole.
  let index = hole;
  while (true) {
    index = (index + 1) & mask;
    const cell = cells + ((index as usize) << 3);
    if (load<u32>(cell) == 0) break;
    const home = load<u32>(cell, 4) & mask;
    if (((index - home) & mask) < ((index - hole) & mask)) continue;
    store<u64>(cells + ((hole as usize) << 3), load<u64>(cell));
    hole = index;
  }
  store<u64>(cells + ((hole as usize) << 3), 0);
  self.count--;
}

export function tableRemoveCode(chain: usize, code: usize): void {
  tableRemove(chain, CODE_TABLE, code, hashCode(code));
}

function rehash(chain: usize, self: Table, capacity: u32): bool {
  const arena = chainArena(chain);
  const cells = arenaAlloc(arena, capacity << 3);
  if (cells == 0) return false;
  memory.fill(cells, 0, (capacity as usize) << 3);
  const old = self.cells as usize;
  const oldCapacity = self.mask + 1;
  for (let i: u32 = 0; i < oldCapacity; i++) {
    const cell = old + ((i as usize) << 3);
    const entry = load<u32>(cell);
    if (entry != 0) place(cells as u32, capacity - 1, entry, load<u32>(cell, 4));
  }
  arenaFree(arena, old, oldCapacity << 3);
  self.cells = cells as u32;
  self.mask = capacity - 1;
  return true;
}

// @ts-ignore: decorator
@inline
function place(cells: u32, mask: u32, entry: u32, hash: u32): void {
  let index = hash & mask;
  while (load<u32>((cells as usize) + ((index as usize) << 3)) != 0) index = (index + 1) & mask;
  store<u64>((cells as usize) + ((index as usize) << 3), (entry as u64) | ((hash as u64) << 32));
}
