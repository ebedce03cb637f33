/** One incarnation of a transaction: executed, its result kept, its effects published. */
import {
  RESULT_ACCESS, RESULT_CONSOLE, RESULT_LOGS, RESULT_OUTPUT, RESULT_PREIMAGES, RESULT_SIZE, TX_FLAG_RECORD,
} from "../layout";
import { recordAccess } from "../state/access-set";
import { blockingOrder, readRun } from "../state/tx-below";
import { ENGINE_OUT_OF_MEMORY, NEEDS_BLOCK_HASH, NEEDS_DEPENDENCY } from "../status";
import { beginTransaction, executeTransaction } from "../transaction/execute";
import { result } from "../transaction/result";
import { Run } from "../transaction/run";
import { noteFee } from "./fees";
import { PUBLISHED_CHANGED, PUBLISHED_NOTHING, publish, retract } from "./publish";
import { captureReads } from "./read-set";
import {
  EXECUTED, EXECUTING, Entry, FAILED_MEMORY, FLAG_RECORD, HOST, PUBLISHING, Scheduler, WAITING, claim,
  end, entryOf, hasRun, incarnationIn, lowerCursor, makeState, notifyOne, setState, stateOf, threadStateOf,
} from "./scheduler";
import { addWaiter, wakeWaiters } from "./waiters";
import { orderOf, versionAlloc } from "./versions";

/** What an attempt came to. */
export const ATTEMPT_DONE: u32 = 0;
/** It waits for another transaction, or for the main thread. */
export const ATTEMPT_PUT_OFF: u32 = 1;
export const ATTEMPT_FAILED: u32 = 2;
/** Another thread has taken the transaction over. */
export const ATTEMPT_TAKEN: u32 = 3;

/** A transaction that became ready by the last attempt (index + 1), for this thread to go on with; 0 = none. */
export let woken: u32 = 0;

/** Executes and publishes an incarnation that this thread has claimed (state EXECUTING). */
export function attempt(run: Run, scheduler: Scheduler, index: u32, thread: u32, decided: bool): u32 {
  const entry = entryOf(scheduler, index);
  const incarnation = incarnationIn(stateOf(entry));
  return attemptPublish(run, scheduler, index, incarnation, attemptExecute(run, scheduler, index, thread, decided), decided);
}

/**
 * The first half: nothing of it is seen by others. `decided`: everything below is committed, so nothing
 * needs to be recorded and the effects are published as they are. Returns the transaction's status.
 */
export function attemptExecute(run: Run, scheduler: Scheduler, index: u32, thread: u32, decided: bool): u32 {
  const entry = entryOf(scheduler, index);
  entry.thread = thread;
  threadStateOf(scheduler, thread).incarnations++;
  const record = scheduler.flags & FLAG_RECORD;
  beginTransaction(run, entry.record, record ? TX_FLAG_RECORD : 0);
  readRun(run, orderOf(index), !decided);
  return executeTransaction(run, !decided && isPreviousOut(scheduler, entry));
}

/** The second half: lets others see what this thread executed last. */
export function attemptPublish(run: Run, scheduler: Scheduler, index: u32, incarnation: u32, status: u32, decided: bool): u32 {
  const entry = entryOf(scheduler, index);
  const record = scheduler.flags & FLAG_RECORD;
  woken = 0;
  if (!decided && !claim(entry, makeState(incarnation, EXECUTING), makeState(incarnation, PUBLISHING))) return ATTEMPT_TAKEN;
  if (status == NEEDS_DEPENDENCY) return putOff(scheduler, index, incarnation);
  if (status == NEEDS_BLOCK_HASH) {
    setState(entry, makeState(incarnation, HOST));
    notifyOne(scheduler);
    return ATTEMPT_PUT_OFF;
  }
  if (status == ENGINE_OUT_OF_MEMORY) return fail(scheduler);

  let changed = false;
  const head = changetype<usize>(entry) + offsetof<Entry>("written");
  if (status < INVALID_FIRST) {
    if (record) recordAccess(true);
    const published = publish(run, orderOf(index), incarnation + 1, head, decided);
    if (published == PUBLISHED_NOTHING) return fail(scheduler);
    changed = published == PUBLISHED_CHANGED;
  }
  if (retract(head, status < INVALID_FIRST ? incarnation + 1 : 0)) changed = true;
  if (noteFee(scheduler, entry, status < INVALID_FIRST)) changed = true;
  if (!keepResult(entry)) return fail(scheduler);
  if (decided) {
    // The state is the committing thread's to set.
    if (changed) lowerCursor(scheduler, offsetof<Scheduler>("validationIndex"), index + 1);
    return ATTEMPT_DONE;
  }
  const reads = captureReads();
  if (reads == 0) return fail(scheduler);
  entry.reads = reads as u32;
  setState(entry, makeState(incarnation, EXECUTED));
  if (changed) lowerCursor(scheduler, offsetof<Scheduler>("validationIndex"), index + 1);
  woken = wakeWaiters(scheduler, entry);
  return ATTEMPT_DONE;
}

const INVALID_FIRST: u32 = 0x80;

/** Whether the sender's transaction before has not run: then what it does to the nonce is known all the same. */
export function isPreviousOut(scheduler: Scheduler, entry: Entry): bool {
  return entry.previous != 0 && !hasRun(stateOf(entryOf(scheduler, entry.previous - 1)));
}

function fail(scheduler: Scheduler): u32 {
  end(scheduler, FAILED_MEMORY);
  return ATTEMPT_FAILED;
}

/** Lets the transaction wait for the one whose ESTIMATE it met. */
function putOff(scheduler: Scheduler, index: u32, incarnation: u32): u32 {
  const entry = entryOf(scheduler, index);
  const blocker = entryOf(scheduler, blockingOrder >> 2);
  threadStateOf(scheduler, entry.thread).waits++;
  setState(entry, makeState(incarnation, WAITING));
  addWaiter(scheduler, blocker, index);
  // The blocker may have finished, and looked at its list, before this one was on it.
  if (hasRun(stateOf(blocker))) woken = wakeWaiters(scheduler, blocker);
  return ATTEMPT_PUT_OFF;
}

// Parts of a result that point into this thread's buffers.
function keepPart(at: usize, to: usize): usize {
  const length = load<u32>(at, 4) as usize;
  if (length == 0) return to;
  memory.copy(to, load<u32>(at), length);
  store<u32>(at, to as u32);
  return to + length;
}

// @ts-ignore: decorator
@inline
function partSize(offset: usize): u64 {
  return load<u32>(result + offset, 4) as u64;
}

/** Copies the result of this thread's last execution to where it lasts. False: out of memory. */
export function keepResult(entry: Entry): bool {
  const size = (RESULT_SIZE as u64) + partSize(RESULT_OUTPUT) + partSize(RESULT_LOGS) + partSize(RESULT_CONSOLE) +
    partSize(RESULT_ACCESS) + partSize(RESULT_PREIMAGES);
  if (size > 0x7fff0000) return false;
  const at = versionAlloc(size as u32);
  if (at == 0) return false;
  memory.copy(at, result, RESULT_SIZE);
  let to = at + RESULT_SIZE;
  to = keepPart(at + RESULT_OUTPUT, to);
  to = keepPart(at + RESULT_LOGS, to);
  to = keepPart(at + RESULT_CONSOLE, to);
  to = keepPart(at + RESULT_ACCESS, to);
  keepPart(at + RESULT_PREIMAGES, to);
  entry.result = at as u32;
  return true;
}
