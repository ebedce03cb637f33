/** What every thread does until the block is done: commit, validate, execute, or sleep. */
import { RESULT_GAS_USED } from "../layout";
import { result } from "../transaction/result";
import { Run } from "../transaction/run";
import { ENGINE_OUT_OF_MEMORY, OK_STOP } from "../status";
import { ATTEMPT_DONE, attempt, attemptExecute, attemptPublish, isPreviousOut, woken } from "./attempt";
import { COMMIT_ANY, COMMIT_OWN, COMMIT_TAKE_OVER, STRAIN, tryCommit } from "./commit";
import { locateFees } from "./fees";
import { commitVersions } from "./overlay";
import { noteHot, setPatient } from "./hot";
import { markEstimates } from "./publish";
import { STALE, staleLocation, validateReads } from "./read-set";
import {
  APPLY_CLAIMED, APPLY_DONE, APPLY_FAILED, APPLY_OPEN, EXECUTED, EXECUTING, Entry, FINISHED, HOST, PUBLISHING, READY,
  RUNNING, STOPPED, Scheduler, addField, arenaOf, claim, entryOf, incarnationIn,
  THREAD_STATE_SIZE, loadField, lowerCursor, makeState, notifyOne, setState, stateOf, statusIn, threadStateOf,
} from "./scheduler";
import { orderOf, setLocationLists, setVersionArena } from "./versions";

/** Rounds of looking for work before a thread sleeps: some microseconds. */
const SPINS: i32 = 400;
/** A sleeping thread looks by itself after this long: a bound on what a lost notification costs. */
const SLEEP_NANOSECONDS: i64 = 2_000_000;
/** After this many sleeps in a row the main thread takes over what the block waits for, in case that
 *  the thread which executes it is gone. */
const SLEEPS_UNTIL_TAKEN: u32 = 10;
/** `parallelWork` returns to the host after this many, so that it can see how long nothing has happened. */
const SLEEPS_UNTIL_STALLED: u32 = 15;

/** A transaction that was executed this often waits for its turn to be executed once more. */
const LAST_EARLY: u32 = 16;

export const WORK_ENDED: u32 = 0;
export const WORK_STALLED: u32 = 1;

/** Works on the run's block as thread `thread` until it has ended or nothing can be done for a while. */
export function work(run: Run, thread: u32): u32 {
  const scheduler = changetype<Scheduler>(run.scheduler);
  become(scheduler, thread);
  setPatient(true);
  chunkNext = 0;
  chunkEnd = 0;
  const outcome = loop(run, scheduler, thread);
  if (chunkNext < chunkEnd) lowerCursor(scheduler, offsetof<Scheduler>("executionIndex"), chunkNext);
  // The main thread has results to hand out meanwhile.
  if (outcome == WORK_ENDED && thread != 0) apply(run, scheduler);
  return outcome;
}

/** What this instance makes from here on is made by the execution's thread `thread`. */
export function become(scheduler: Scheduler, thread: u32): void {
  setVersionArena(arenaOf(scheduler, thread));
  setLocationLists(changetype<usize>(threadStateOf(scheduler, thread)));
}

/**
 * Applies what was decided to the chain, unless another thread is at it. Returns whether that is done.
 * Only a block that came to its end is applied by itself; what a failure left over, the host asks for.
 */
export function apply(run: Run, scheduler: Scheduler): bool {
  const at = changetype<usize>(scheduler) + offsetof<Scheduler>("applied");
  const ended = loadField(scheduler, offsetof<Scheduler>("ended"));
  if ((ended == FINISHED || ended == STOPPED) && atomic.cmpxchg<u32>(at, APPLY_OPEN, APPLY_CLAIMED) == APPLY_OPEN) {
    const count = loadField(scheduler, offsetof<Scheduler>("commitIndex"));
    const status = applyFirst(run, scheduler, count);
    atomic.store<u32>(at, status == OK_STOP ? APPLY_DONE : APPLY_FAILED);
    atomic.notify(at, -1);
  }
  return atomic.load<u32>(at) == APPLY_DONE;
}

/** Applies what the first `count` transactions (all decided) left. */
export function applyFirst(run: Run, scheduler: Scheduler, count: u32): u32 {
  if (count == 0) return OK_STOP;
  if (!locateFees(run, scheduler, count)) return ENGINE_OUT_OF_MEMORY;
  return commitVersions(run, scheduler.states, THREAD_STATE_SIZE, scheduler.threads, orderOf(count - 1) + 1);
}

/** Waits for another thread that applies. Returns false when it does not come to an end, or failed. */
export function waitApplied(scheduler: Scheduler): bool {
  const at = changetype<usize>(scheduler) + offsetof<Scheduler>("applied");
  for (let i: u32 = 0; i < APPLY_WAITS && atomic.load<u32>(at) == APPLY_CLAIMED; i++) {
    atomic.wait<i32>(at, APPLY_CLAIMED as i32, APPLY_NANOSECONDS);
  }
  return atomic.load<u32>(at) == APPLY_DONE;
}

const APPLY_WAITS: u32 = 1000;
const APPLY_NANOSECONDS: i64 = 10_000_000;

function loop(run: Run, scheduler: Scheduler, thread: u32): u32 {
  let spins = SPINS;
  let sleeps: u32 = 0;
  while (loadField(scheduler, offsetof<Scheduler>("ended")) == RUNNING) {
    if (
      tryCommit(run, scheduler, thread, COMMIT_OWN) || step(run, scheduler, thread) ||
      tryCommit(run, scheduler, thread, COMMIT_ANY)
    ) {
      spins = SPINS;
      sleeps = 0;
      continue;
    }
    if (--spins > 0) continue;
    spins = SPINS;
    if (scheduler.window != 0 && steal(run, scheduler, thread)) {
      sleeps = 0;
      continue;
    }
    sleep(scheduler, thread);
    if (++sleeps >= SLEEPS_UNTIL_STALLED) return WORK_STALLED;
    if (thread == 0 && sleeps == SLEEPS_UNTIL_TAKEN && tryCommit(run, scheduler, thread, COMMIT_TAKE_OVER)) sleeps = 0;
  }
  return WORK_ENDED;
}

/** Whether a thread could find something to do. */
function hasWork(scheduler: Scheduler, thread: u32): bool {
  if (loadField(scheduler, offsetof<Scheduler>("ended")) != RUNNING) return true;
  const execution = loadField(scheduler, offsetof<Scheduler>("executionIndex"));
  const commit = loadField(scheduler, offsetof<Scheduler>("commitIndex"));
  const available = loadField(scheduler, offsetof<Scheduler>("available"));
  if (execution < available && execution < commit + scheduler.window) return true;
  if (scheduler.eager != 0 && loadField(scheduler, offsetof<Scheduler>("validationIndex")) < execution) return true;
  if (commit >= available || loadField(scheduler, offsetof<Scheduler>("commitLock")) != 0) return false;
  const status = statusIn(stateOf(entryOf(scheduler, commit)));
  return status != EXECUTING && status != PUBLISHING && (status != HOST || thread == 0);
}

function sleep(scheduler: Scheduler, thread: u32): void {
  const wake = changetype<usize>(scheduler) + offsetof<Scheduler>("wake");
  const seen = atomic.load<i32>(wake);
  addField(scheduler, offsetof<Scheduler>("sleepers"), 1);
  // Whoever makes work notifies when it sees a sleeper; one that came before is seen here.
  if (!hasWork(scheduler, thread)) atomic.wait<i32>(wake, seen, SLEEP_NANOSECONDS);
  addField(scheduler, offsetof<Scheduler>("sleepers"), -1);
}

/** One task: validation before execution, the lower index first. Returns whether there was any. */
function step(run: Run, scheduler: Scheduler, thread: u32): bool {
  const available = loadField(scheduler, offsetof<Scheduler>("available"));
  const commit = loadField(scheduler, offsetof<Scheduler>("commitIndex"));
  const execution = raised(scheduler, offsetof<Scheduler>("executionIndex"), commit);
  if (scheduler.eager != 0) {
    const validation = raised(scheduler, offsetof<Scheduler>("validationIndex"), commit);
    if (validation < min<u32>(execution, available)) {
      const index = addField(scheduler, offsetof<Scheduler>("validationIndex"), 1);
      if (index < available) validate(run, scheduler, index, thread);
      return true;
    }
  }
  if (chunkNext >= chunkEnd && !takeChunk(scheduler, execution, min<u32>(available, commit + scheduler.window))) return false;
  const index = chunkNext++;
  if (claimReady(scheduler, index)) execute(run, scheduler, index, thread);
  return true;
}

// Small transactions are taken several at a time: neighbours that one thread has executed are committed by it
// without a word to the others.

/** What this thread has taken and not begun yet. */
let chunkNext: u32 = 0;
let chunkEnd: u32 = 0;

const MOST_AT_A_TIME: u64 = 16;
/** Gas that is worth a turn of its own: some tens of microseconds. */
const CHUNK_GAS: u64 = 400_000;
/** What this thread's transactions use, lately. */
let usualGas: u64 = 100_000;

/** Takes the next transactions in order, of those before `limit`. */
function takeChunk(scheduler: Scheduler, execution: u32, limit: u32): bool {
  if (execution >= limit) return false;
  const share = max<u32>((limit - execution) / (scheduler.threads << 1), 1);
  // Who waits in the middle of a transaction waits for neighbours: they are to be in others' hands.
  const size = loadField(scheduler, offsetof<Scheduler>("hasChains")) != 0 ? 1 : min<u32>(clampToChunk(CHUNK_GAS / usualGas), share);
  const index = addField(scheduler, offsetof<Scheduler>("executionIndex"), size);
  const end = min<u32>(index + size, limit);
  // Others took some meanwhile; what is beyond must be found when its time has come.
  if (end < index + size) lowerCursor(scheduler, offsetof<Scheduler>("executionIndex"), max<u32>(index, limit));
  if (index >= end) return false;
  chunkNext = index;
  chunkEnd = end;
  // What comes with a big one would wait for it.
  for (let i = index; i < end; i++) {
    if (entryOf(scheduler, i).gasLimit <= scheduler.bigLimit) continue;
    chunkEnd = max<u32>(i, index + 1);
    if (chunkEnd < end) lowerCursor(scheduler, offsetof<Scheduler>("executionIndex"), chunkEnd);
    break;
  }
  return true;
}

/** Executes what another thread has taken and not come to, for want of anything else to do. */
function steal(run: Run, scheduler: Scheduler, thread: u32): bool {
  const end = min<u32>(loadField(scheduler, offsetof<Scheduler>("executionIndex")), loadField(scheduler, offsetof<Scheduler>("available")));
  for (let i = loadField(scheduler, offsetof<Scheduler>("commitIndex")) + 1; i < end; i++) {
    if (!claimReady(scheduler, i)) continue;
    execute(run, scheduler, i, thread);
    return true;
  }
  return false;
}

// @ts-ignore: decorator
@inline
function clampToChunk(size: u64): u32 {
  return min<u64>(max<u64>(size, 1), MOST_AT_A_TIME) as u32;
}

// --- logical threads: the same steps, in an order that a test or a bug report chooses

export const STEP_EXECUTE: u32 = 0;
export const STEP_PUBLISH: u32 = 1;
export const STEP_VALIDATE: u32 = 2;
export const STEP_COMMIT: u32 = 3;
/** Commits even what another thread is still executing. */
export const STEP_TAKE_OVER: u32 = 4;

/** What this instance has executed and not published yet: the run, index + 1, incarnation and status. */
let heldRun: usize = 0;
let held: u32 = 0;
let heldIncarnation: u32 = 0;
let heldStatus: u32 = 0;

/**
 * One step of a logical thread, which is an instance of the module that takes turns with others on one
 * real thread. Returns whether there was something to do.
 */
export function logicalStep(run: Run, thread: u32, kind: u32): bool {
  const scheduler = changetype<Scheduler>(run.scheduler);
  become(scheduler, thread);
  setPatient(false);
  if (heldRun != changetype<usize>(run)) held = 0;
  heldRun = changetype<usize>(run);
  if (loadField(scheduler, offsetof<Scheduler>("ended")) != RUNNING) {
    // Nobody will ask for it, and the next run may lie at the same address.
    held = 0;
    return false;
  }
  if (kind == STEP_PUBLISH) return publishHeld(run, scheduler);
  // The tables of the transaction at hand are still in use.
  if (held != 0) return false;
  if (kind == STEP_COMMIT || kind == STEP_TAKE_OVER) return tryCommit(run, scheduler, thread, kind == STEP_TAKE_OVER ? COMMIT_TAKE_OVER : COMMIT_ANY, 1);
  const offset = kind == STEP_VALIDATE ? offsetof<Scheduler>("validationIndex") : offsetof<Scheduler>("executionIndex");
  const commit = loadField(scheduler, offsetof<Scheduler>("commitIndex"));
  const available = loadField(scheduler, offsetof<Scheduler>("available"));
  const limit = kind == STEP_VALIDATE ? min<u32>(loadField(scheduler, offsetof<Scheduler>("executionIndex")), available) : available;
  if (raised(scheduler, offset, commit) >= limit) return false;
  const index = addField(scheduler, offset, 1);
  if (kind == STEP_VALIDATE) {
    if (revalidate(run, scheduler, index, thread)) hold(run, scheduler, index, thread);
    return true;
  }
  if (claimReady(scheduler, index)) hold(run, scheduler, index, thread);
  return true;
}

function hold(run: Run, scheduler: Scheduler, index: u32, thread: u32): void {
  held = index + 1;
  heldIncarnation = incarnationIn(stateOf(entryOf(scheduler, index)));
  heldStatus = attemptExecute(run, scheduler, index, thread, false);
}

function publishHeld(run: Run, scheduler: Scheduler): bool {
  if (held == 0) return false;
  attemptPublish(run, scheduler, held - 1, heldIncarnation, heldStatus, false);
  held = 0;
  if (woken != 0) lowerCursor(scheduler, offsetof<Scheduler>("executionIndex"), woken - 1);
  return true;
}

function claimReady(scheduler: Scheduler, index: u32): bool {
  const entry = entryOf(scheduler, index);
  const state = stateOf(entry);
  return statusIn(state) == READY && claim(entry, state, makeState(incarnationIn(state), EXECUTING));
}

/** A cursor, which need not look at what is committed. */
function raised(scheduler: Scheduler, offset: usize, commit: u32): u32 {
  const seen = loadField(scheduler, offset);
  if (seen >= commit) return seen;
  atomic.cmpxchg<u32>(changetype<usize>(scheduler) + offset, seen, commit);
  return commit;
}

/** Executes a claimed transaction, and those that only waited for it. */
function execute(run: Run, scheduler: Scheduler, first: u32, thread: u32): void {
  let index = first;
  for (;;) {
    const done = attempt(run, scheduler, index, thread, false) == ATTEMPT_DONE;
    if (done) usualGas += (load<u64>(result, RESULT_GAS_USED) >> 3) - (usualGas >> 3) + 1;
    const next = woken;
    // The validation cursor may have passed while it was executing.
    if (done && scheduler.eager != 0 && loadField(scheduler, offsetof<Scheduler>("validationIndex")) > index) {
      if (next != 0) {
        lowerCursor(scheduler, offsetof<Scheduler>("executionIndex"), next - 1);
        notifyOne(scheduler);
      }
      if (!revalidate(run, scheduler, index, thread)) return;
      continue;
    }
    if (next == 0) return;
    index = next - 1;
    if (!claimReady(scheduler, index)) return;
  }
}

function validate(run: Run, scheduler: Scheduler, index: u32, thread: u32): void {
  if (revalidate(run, scheduler, index, thread)) execute(run, scheduler, index, thread);
}

/** Validates an executed transaction. True: it was stale, and this thread has claimed its next incarnation. */
function revalidate(run: Run, scheduler: Scheduler, index: u32, thread: u32): bool {
  const entry = entryOf(scheduler, index);
  const state = stateOf(entry);
  if (statusIn(state) != EXECUTED || incarnationIn(state) >= LAST_EARLY) return false;
  const reads = entry.reads as usize;
  if (reads == 0) return false;
  threadStateOf(scheduler, thread).validations++;
  if (validateReads(run, reads, orderOf(index), isPreviousOut(scheduler, entry)) != STALE) return false;
  // PUBLISHING: nobody may take it over before its versions are marked, or what is committed by then would be.
  const next = incarnationIn(state) + 1;
  if (!claim(entry, state, makeState(next, PUBLISHING))) return false;
  threadStateOf(scheduler, thread).aborts++;
  noteHot(scheduler, staleLocation);
  addField(scheduler, offsetof<Scheduler>("strain"), STRAIN);
  markEstimates(changetype<usize>(entry) + offsetof<Entry>("written"));
  setState(entry, makeState(next, EXECUTING));
  return true;
}
