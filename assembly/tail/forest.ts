/**
 * The stale nodes of a chain's tries, shared out: units are subtries that have nothing to do with each other. What
 * is above them is hashed by who wants the root, after all of them.
 */
import { bufferGive, bufferTake } from "../memory/thread";
import { Chain } from "../state/chain";
import { AccountEntry } from "../state/entries";
import { LEVELS, addToRefresh, beginRefresh, endRefresh } from "../trie/encode";
import { KIND_ACCOUNT_LEAF, KIND_BRANCH, TrieNode, childLink } from "../trie/node";
import { JOB_FOREST, Job, NO_UNIT, takeUnit } from "./job";

/** Lies at the start of its buffer, with its lists behind it. */
@unmanaged
export class ForestJob extends Job {
  epoch: u32;
  /** Subtries that follow each other in the units. */
  subtries: u32;
  /** Where a unit's subtries end. */
  ends: u32;
  subtrieCount: u32;
}

/** A stale node, and the nibble at which its path begins. */
@unmanaged
class Subtrie {
  node: u32;
  start: u32;
}

const SUBTRIE_SIZE: u32 = offsetof<Subtrie>() as u32;

/** A subtrie with at least so many stale nodes is cut up: what is above the cuts, 3 % of them, is one thread's. */
const CUT_NODES: u32 = 32;
/** Stale nodes of a unit: some 30 us. */
const UNIT_NODES: u32 = 64;
/** What is beyond is left to who wants the root. */
const MOST_SUBTRIES: u32 = 0x1_0000;

/** The node is above units. */
const CUT: u32 = 0x8000_0000;

const FOREST_JOB_SIZE: u32 = offsetof<ForestJob>() as u32;
/** Per level of the walk, the stale nodes below each child. */
const LEVEL_SIZE: u32 = 16 * 4;

let job: ForestJob = changetype<ForestJob>(0);
let levels: usize = 0;
/** Stale nodes of the unit that is being filled, and all told. */
let filled: u32 = 0;
let found: u32 = 0;

/** The job of hashing the stale nodes of a chain's tries, whose values are those of `epoch`; 0 when there are fewer than
 *  `least` of them, or no memory. */
export function newForestJob(at: usize, epoch: u32, least: u32): usize {
  const root = changetype<Chain>(at).trieRoot as usize;
  if (root == 0 || !changetype<TrieNode>(root).dirty) return 0;
  const size = FOREST_JOB_SIZE + MOST_SUBTRIES * (SUBTRIE_SIZE + 4);
  levels = bufferTake(LEVELS * LEVEL_SIZE);
  const buffer: usize = levels == 0 ? 0 : bufferTake(size);
  if (buffer == 0) {
    bufferGive(levels);
    return 0;
  }
  memory.fill(buffer, 0, FOREST_JOB_SIZE);
  job = changetype<ForestJob>(buffer);
  job.kind = JOB_FOREST;
  job.epoch = epoch;
  job.subtries = (buffer as u32) + FOREST_JOB_SIZE;
  job.ends = job.subtries + MOST_SUBTRIES * SUBTRIE_SIZE;
  filled = 0;
  found = 0;
  survey(root, 0, 0);
  endUnit();
  bufferGive(levels);
  if (found >= least && job.count > 1) return buffer;
  bufferGive(buffer);
  return 0;
}

/** Counts the stale nodes from the stale node `at` on, and puts subtries that are small enough into units: then the
 *  result is CUT. `level`: of the walk. */
function survey(at: usize, start: u32, level: u32): u32 {
  const node = changetype<TrieNode>(at);
  found++;
  if (node.kind != KIND_BRANCH) {
    if (node.kind != KIND_ACCOUNT_LEAF) return 1;
    const storage = changetype<AccountEntry>(node.entry).storageRoot as usize;
    if (storage == 0 || !changetype<TrieNode>(storage).dirty) return 1;
    const below = survey(storage, 0, level + 1);
    return below == CUT ? CUT : below + 1;
  }
  const counts = levels + (level as usize) * LEVEL_SIZE;
  const below = (node.depth as u32) + 1;
  let sum: u32 = 1;
  for (let mask = node.entry; mask != 0; mask &= mask - 1) {
    const nibble = ctz<u32>(mask);
    const child = load<u32>(childLink(at, nibble)) as usize;
    const count = changetype<TrieNode>(child).dirty ? survey(child, below, level + 1) : 0;
    store<u32>(counts + ((nibble as usize) << 2), count);
    sum += count & ~CUT;
    if (count == CUT) sum += CUT_NODES;
  }
  if (sum < CUT_NODES) return sum;
  for (let mask = node.entry; mask != 0; mask &= mask - 1) {
    const nibble = ctz<u32>(mask);
    const count = load<u32>(counts + ((nibble as usize) << 2));
    if (count != 0 && count != CUT) addSubtrie(load<u32>(childLink(at, nibble)), below, count);
  }
  return CUT;
}

function addSubtrie(node: u32, start: u32, count: u32): void {
  if (job.subtrieCount == MOST_SUBTRIES) return;
  const subtrie = changetype<Subtrie>(job.subtries + job.subtrieCount * SUBTRIE_SIZE);
  subtrie.node = node;
  subtrie.start = start;
  job.subtrieCount++;
  filled += count;
  if (filled >= UNIT_NODES) endUnit();
}

function endUnit(): void {
  if (filled == 0) return;
  store<u32>(job.ends + (job.count << 2), job.subtrieCount);
  job.count++;
  filled = 0;
}

/** Takes units until there are none left. */
export function workOnForest(shared: ForestJob): void {
  for (let unit = takeUnit(shared); unit != NO_UNIT; unit = takeUnit(shared)) {
    const first: u32 = unit == 0 ? 0 : load<u32>(shared.ends + ((unit - 1) << 2));
    const end = load<u32>(shared.ends + (unit << 2));
    beginRefresh();
    for (let i = first; i < end; i++) {
      const subtrie = changetype<Subtrie>(shared.subtries + i * SUBTRIE_SIZE);
      addToRefresh(subtrie.node, subtrie.start);
    }
    endRefresh(shared.epoch);
  }
}

export function freeForestJob(shared: ForestJob): void {
  bufferGive(changetype<usize>(shared));
}
