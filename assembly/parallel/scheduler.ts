/**
 * Shared state of a parallel execution (Block-STM): the transactions, the cursors, who waits for
 * whom. Everything that two threads touch is an aligned u32 and goes through `atomic`; all AssemblyScript
 * atomics are sequentially consistent, which the arguments below rely on.
 *
 * A transaction's state is one word, incarnation << 4 | status, so both change together:
 *
 *   READY -> EXECUTING -> PUBLISHING -> EXECUTED -> COMMITTED | SKIPPED
 *              ^            |  |           |
 *              |            |  +-> WAITING (met an ESTIMATE) -> READY
 *              |            +-> HOST (needs the main thread; it runs at commit)
 *              +-- validation failed, or the thread did not come back: next incarnation
 *
 * An execution changes nothing that others see until it is PUBLISHING, so until then the
 * transaction can be taken away from it.
 *
 * Commit goes in order and validates once more, with everything below final: that alone decides
 * correctness. The cursors, early validation, estimates and waiting only find stale reads sooner.
 */
import { ARENA_SIZE, arenaDestroy, arenaInit } from "../memory/arena";
import { Run, runArena } from "../transaction/run";
import { setVersionArena, versionAlloc, versionsInit } from "./versions";

export const READY: u32 = 0;
export const EXECUTING: u32 = 1;
export const EXECUTED: u32 = 2;
export const WAITING: u32 = 3;
export const HOST: u32 = 4;
export const COMMITTED: u32 = 5;
export const SKIPPED: u32 = 6;
export const PUBLISHING: u32 = 7;

const STATUS_BITS: u32 = 4;
const STATUS_MASK: u32 = 15;

/** What becomes of the block when a transaction is invalid in its turn. */
export const ON_INVALID_SKIP: u32 = 0;
export const ON_INVALID_SKIP_SENDER: u32 = 1;
export const ON_INVALID_STOP: u32 = 2;

/** How it ended (`Scheduler.ended`). */
export const RUNNING: u32 = 0;
export const FINISHED: u32 = 1;
/** ON_INVALID_STOP, at `commitIndex`. */
export const STOPPED: u32 = 2;
export const FAILED_MEMORY: u32 = 3;
/** Set by a host whose instance trapped. */
export const FAILED_TRAP: u32 = 4;

/** Nobody has begun to. */
export const APPLY_OPEN: u32 = 0;
export const APPLY_CLAIMED: u32 = 1;
export const APPLY_DONE: u32 = 2;
/** Out of memory: the chain is as it was. */
export const APPLY_FAILED: u32 = 3;

/**
 * Shared by all threads. What is written at every turn lies in cache lines of its own, by who writes it, so that nobody
 * loses more than what has really changed. src/internal/executor/scheduler-view.ts reads some of it.
 */
@unmanaged
export class Scheduler {
  count: u32;
  threads: u32;
  ended: u32;
  /** APPLY_*: whether what was decided has been applied to the chain. */
  applied: u32;
  /** Array of Entry. */
  entries: u32;
  /** Array of ThreadState. */
  states: u32;
  onInvalid: u32;
  flags: u32;
  /** Arenas, one per thread. */
  arenas: u32;
  /** How many transactions the host has put in so far. */
  available: u32;
  /** Location of the fee recipient, once somebody has asked for the account; 0 before. */
  coinbase: u32;
  /** Commits for which executed transactions are still validated before their turn. */
  eager: u32;
  /** How far beyond the commit cursor threads execute; see commit.ts. */
  window: u32;
  /** A gas limit beyond which a transaction may be far bigger than the others. */
  bigLimit: u32;
  /** Sum of the gas limits, while the host puts transactions in. */
  gasLimits: u64;

  // Line of the committing thread.
  /** Every transaction below is COMMITTED or SKIPPED. */
  commitIndex: u32;
  /** Thread number + 1 of who commits. */
  commitLock: u32;
  /** Commits in a row whose speculation failed, and decided ones since the window was closed. */
  failures: u32;
  sinceClosed: u32;
  probeAfter: u32;
  /** STRAIN for each early abort, less one for each commit that went well. */
  strain: u32;
  /** 1: a location that is written again and again is hot (hot.ts). */
  hasChains: u32;
  reserved3: u32;
  reserved5: u64;
  reserved6: u64;
  reserved7: u64;
  reserved8: u64;

  // Line of the cursors.
  executionIndex: u32;
  validationIndex: u32;
  reserved9: u64;
  reserved10: u64;
  reserved11: u64;
  reserved12: u64;
  reserved13: u64;
  reserved14: u64;
  reserved15: u64;

  // Line of those that sleep.
  /** Counts events that sleeping threads may want to know of. */
  wake: u32;
  sleepers: u32;
}

/** What one thread alone writes, two cache lines long. */
@unmanaged
export class ThreadState {
  // LocationLists of versions.ts: the locations that it has made.
  accounts: u32;
  slots: u32;
  writtenAccounts: u32;
  writtenSlots: u32;
  incarnations: u32;
  aborts: u32;
  /** Reads that were found stale only at commit. */
  commitAborts: u32;
  waits: u32;
  /** Transactions that ran with everything below them decided. */
  decided: u32;
  validations: u32;
}

export const THREAD_STATE_SIZE: u32 = 128;

/** size 128: two threads that work on neighbours share no cache line. */
@unmanaged
export class Entry {
  state: u32;
  /** TX_* record. */
  record: u32;
  /** RESULT_* record of the latest incarnation. */
  result: u32;
  flags: u32;
  /** ReadSet of the latest incarnation. */
  reads: u32;
  /** Head of the list of its versions. */
  written: u32;
  /** The sender's transaction before this one: index + 1. */
  previous: u32;
  /** 1: it pays `fee` to the fee recipient, whose account it has not looked at (fees.ts). */
  pays: u32;
  /** Transactions that wait for this one: index + 1, linked through `nextWaiter`. */
  waiters: u32;
  nextWaiter: u32;
  /** Thread that executes it. */
  thread: u32;
  /** How many up to this one pay. Once it is decided, as is `feesThrough`. */
  payersThrough: u32;
  gasLimit: u64;
  blobCount: u32;
  txFlags: u32;
  fee: u64;
  fee1: u64;
  fee2: u64;
  fee3: u64;
  /** Sum of what those up to this one pay. */
  feesThrough: u64;
  feesThrough1: u64;
  feesThrough2: u64;
  feesThrough3: u64;
}

export const ENTRY_SIZE: u32 = offsetof<Entry>() as u32;

/** In `Entry.flags`: it was left out, and so are the later ones of its sender. */
export const ENTRY_BARS: u32 = 1;

export const FLAG_RECORD: u32 = 1;

export const MAX_PARALLEL_THREADS: u32 = 256;

const SCHEDULER_SIZE: u32 = 256;

/** See commit.ts. */
const FIRST_WINDOW: u32 = 64;
export const FIRST_PROBE: u32 = 32;

/** Makes the shared state of `count` transactions for `threads` threads. Null when out of memory. */
export function newScheduler(at: usize, count: u32, threads: u32, onInvalid: u32, flags: u32): Scheduler {
  const run = changetype<Run>(at);
  const failed = changetype<Scheduler>(0);
  setVersionArena(runArena(at));
  const size = SCHEDULER_SIZE + 64 + threads * THREAD_STATE_SIZE + count * ENTRY_SIZE;
  const room = versionAlloc(size);
  if (room == 0 || threads == 0 || threads > MAX_PARALLEL_THREADS) return failed;
  memory.fill(room, 0, size);
  const block = (room + 63) & ~63;
  const scheduler = changetype<Scheduler>(block);
  scheduler.count = count;
  scheduler.threads = threads;
  scheduler.onInvalid = onInvalid;
  scheduler.flags = flags;
  scheduler.window = max<u32>(threads << 3, FIRST_WINDOW);
  scheduler.probeAfter = FIRST_PROBE;
  scheduler.states = (block + SCHEDULER_SIZE) as u32;
  scheduler.entries = scheduler.states + threads * THREAD_STATE_SIZE;
  scheduler.arenas = versionAlloc(threads * ARENA_SIZE) as u32;
  if (scheduler.arenas == 0) return failed;
  for (let i: u32 = 0; i < threads; i++) arenaInit(arenaOf(scheduler, i));
  let buckets: u32 = 256;
  while (buckets < count << 2 && buckets < 1 << 20) buckets <<= 1;
  if (!versionsInit(run, buckets)) return failed;
  run.scheduler = block as u32;
  return scheduler;
}

/** So many times the usual gas limit may be a transaction that is far bigger than the others. */
const BIG: u64 = 4;
const MOST_LIMIT: u64 = 0xfff_ffff;

/** Takes the gas limit of a transaction that is put in into account. */
export function noteLimit(scheduler: Scheduler, index: u32, gasLimit: u64): void {
  scheduler.gasLimits += min<u64>(gasLimit, MOST_LIMIT);
  scheduler.bigLimit = min<u64>((scheduler.gasLimits / (index + 1)) * BIG, u32.MAX_VALUE) as u32;
}

/** Gives the threads' memory back; none may be at work. */
export function freeScheduler(scheduler: Scheduler): void {
  for (let i: u32 = 0; i < scheduler.threads; i++) arenaDestroy(arenaOf(scheduler, i));
}

export function arenaOf(scheduler: Scheduler, thread: u32): usize {
  return (scheduler.arenas as usize) + (thread as usize) * ARENA_SIZE;
}

// @ts-ignore: decorator
@inline
export function threadStateOf(scheduler: Scheduler, thread: u32): ThreadState {
  return changetype<ThreadState>((scheduler.states as usize) + (thread as usize) * THREAD_STATE_SIZE);
}

// @ts-ignore: decorator
@inline
export function entryOf(scheduler: Scheduler, index: u32): Entry {
  return changetype<Entry>((scheduler.entries as usize) + (index as usize) * ENTRY_SIZE);
}

// @ts-ignore: decorator
@inline
export function stateOf(entry: Entry): u32 {
  return atomic.load<u32>(changetype<usize>(entry));
}

// @ts-ignore: decorator
@inline
export function setState(entry: Entry, state: u32): void {
  atomic.store<u32>(changetype<usize>(entry), state);
}

/** Changes the state if it still is `from`. */
// @ts-ignore: decorator
@inline
export function claim(entry: Entry, from: u32, to: u32): bool {
  return atomic.cmpxchg<u32>(changetype<usize>(entry), from, to) == from;
}

// @ts-ignore: decorator
@inline
export function statusIn(state: u32): u32 {
  return state & STATUS_MASK;
}

// @ts-ignore: decorator
@inline
export function incarnationIn(state: u32): u32 {
  return state >> STATUS_BITS;
}

// @ts-ignore: decorator
@inline
export function makeState(incarnation: u32, status: u32): u32 {
  return (incarnation << STATUS_BITS) | status;
}

/** Its effects are there to be read: executed, or decided. */
// @ts-ignore: decorator
@inline
export function hasRun(state: u32): bool {
  const status = state & STATUS_MASK;
  return status == EXECUTED || status == COMMITTED || status == SKIPPED;
}

// @ts-ignore: decorator
@inline
export function loadField(scheduler: Scheduler, offset: usize): u32 {
  return atomic.load<u32>(changetype<usize>(scheduler) + offset);
}

// @ts-ignore: decorator
@inline
export function storeField(scheduler: Scheduler, offset: usize, value: u32): void {
  atomic.store<u32>(changetype<usize>(scheduler) + offset, value);
}

// @ts-ignore: decorator
@inline
export function addField(scheduler: Scheduler, offset: usize, value: u32): u32 {
  return atomic.add<u32>(changetype<usize>(scheduler) + offset, value);
}

/** Lowers a cursor to `index` unless it is there already. */
export function lowerCursor(scheduler: Scheduler, offset: usize, index: u32): void {
  const at = changetype<usize>(scheduler) + offset;
  let seen = atomic.load<u32>(at);
  while (seen > index) {
    const now = atomic.cmpxchg<u32>(at, seen, index);
    if (now == seen) return;
    seen = now;
  }
}

/** Ends the execution; the first reason stands. */
export function end(scheduler: Scheduler, reason: u32): void {
  atomic.cmpxchg<u32>(changetype<usize>(scheduler) + offsetof<Scheduler>("ended"), RUNNING, reason);
  notifyAll(scheduler);
}

export function notifyAll(scheduler: Scheduler): void {
  addField(scheduler, offsetof<Scheduler>("wake"), 1);
  atomic.notify(changetype<usize>(scheduler) + offsetof<Scheduler>("wake"), -1);
}

/** Something to do has turned up: wakes a sleeping thread, if there is one. */
export function notifyOne(scheduler: Scheduler): void {
  if (loadField(scheduler, offsetof<Scheduler>("sleepers")) == 0) return;
  addField(scheduler, offsetof<Scheduler>("wake"), 1);
  atomic.notify(changetype<usize>(scheduler) + offsetof<Scheduler>("wake"), 1);
}
