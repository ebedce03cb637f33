/** Functions of the ABI for parallel execution: a RUN_OVERLAY run's block, worked on by many threads. */
import { TX_BLOB_HASHES, TX_FLAGS, TX_GAS_LIMIT } from "../layout";
import { isRecordInMemory } from "../memory/bounds";
import {
  FINISHED, STOPPED, Scheduler, end, entryOf, freeScheduler, newScheduler, noteLimit, notifyAll, storeField,
} from "../parallel/scheduler";
import { WORK_ENDED, apply, applyFirst, become, logicalStep, waitApplied, work } from "../parallel/worker";
import { ENGINE_OUT_OF_MEMORY, OK_STOP } from "../status";
import { Run } from "../transaction/run";

/** More make no block. */
const MAX_PARALLEL_TRANSACTIONS: u32 = 0x100_0000;

/** Makes the run one that threads share. Returns the scheduler (its counters are read by the host), 0 when out of memory. */
export function parallelCreate(run: usize, count: u32, threads: u32, onInvalid: u32, flags: u32): usize {
  if (count > MAX_PARALLEL_TRANSACTIONS) return 0;
  return changetype<usize>(newScheduler(run, count, threads, onInvalid, flags));
}

/** Puts transaction `index` in. `previous`: the one before of the same sender (index + 1), or 0. */
export function parallelAdd(at: usize, index: u32, record: usize, previous: u32): void {
  const scheduler = changetype<Scheduler>(at);
  if (index >= scheduler.count || !isRecordInMemory(record)) return;
  const entry = entryOf(scheduler, index);
  entry.record = record as u32;
  entry.previous = previous <= index ? previous : 0;
  entry.gasLimit = load<u64>(record, TX_GAS_LIMIT);
  entry.blobCount = load<u32>(record, TX_BLOB_HASHES + 4);
  entry.txFlags = load<u32>(record, TX_FLAGS);
  noteLimit(scheduler, index, entry.gasLimit);
}

/** Lets the threads see the first `count` transactions. */
export function parallelRelease(at: usize, count: u32): void {
  const scheduler = changetype<Scheduler>(at);
  storeField(scheduler, offsetof<Scheduler>("available"), min(count, scheduler.count));
  notifyAll(scheduler);
}

/** Works until the block has ended (0) or nothing could be done for some milliseconds (1). When the block has
 *  come to its end, one of the threads applies it to the chain. */
export function parallelWork(run: usize, thread: u32): u32 {
  return isThread(run, thread) ? work(changetype<Run>(run), thread) : WORK_ENDED;
}

// @ts-ignore: decorator
@inline
function isThread(run: usize, thread: u32): bool {
  return thread < changetype<Scheduler>(changetype<Run>(run).scheduler).threads;
}

/** One step (STEP_* of parallel/worker.ts) of a logical thread. Returns whether there was something to do. */
export function parallelStep(run: usize, thread: u32, kind: u32): bool {
  return isThread(run, thread) && logicalStep(changetype<Run>(run), thread, kind);
}

/** Ends the execution early, for a reason of `Scheduler.ended`. */
export function parallelEnd(scheduler: usize, reason: u32): void {
  end(changetype<Scheduler>(scheduler), reason);
}

/** Address of transaction `index`'s state; its result's address follows 8 bytes further on. */
export function parallelEntry(scheduler: usize, index: u32): usize {
  return changetype<usize>(entryOf(changetype<Scheduler>(scheduler), index));
}

/** Sees to it that what the first `count` transactions (all that are committed) left is applied to the chain's
 *  current epoch. */
export function parallelApply(at: usize, count: u32): u32 {
  const run = changetype<Run>(at);
  const scheduler = changetype<Scheduler>(run.scheduler);
  become(scheduler, 0);
  if (apply(run, scheduler) || waitApplied(scheduler)) return OK_STOP;
  if (scheduler.ended == FINISHED || scheduler.ended == STOPPED) return ENGINE_OUT_OF_MEMORY;
  return applyFirst(run, scheduler, min(count, scheduler.commitIndex));
}

/** Gives the threads' memory back; the run itself is freed as ever. None may be at work. */
export function parallelFree(scheduler: usize): void {
  freeScheduler(changetype<Scheduler>(scheduler));
}
