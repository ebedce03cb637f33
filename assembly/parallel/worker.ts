/** What every thread does until the block is done: commit, validate, execute, or sleep. */
import { Run } from "../transaction/run";
import { ATTEMPT_DONE, attempt, isPreviousOut, woken } from "./attempt";
import { tryCommit } from "./commit";
import { markEstimates } from "./publish";
import { STALE, validateReads } from "./read-set";
import {
  EXECUTED, EXECUTING, Entry, HOST, PUBLISHING, READY, RUNNING, Scheduler, addField, arenaOf, claim, entryOf, incarnationIn,
  loadField, locationHeadOf, lowerCursor, makeState, notifyOne, stateOf, statusIn,
} from "./scheduler";
import { orderOf, setLocationsHead, setVersionArena } from "./versions";

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

/** Works on the run's block as thread `thread` until it has ended, or nothing can be done for a while. */
export function work(run: Run, thread: u32): u32 {
  const scheduler = changetype<Scheduler>(run.scheduler);
  setVersionArena(arenaOf(scheduler, thread));
  setLocationsHead(locationHeadOf(scheduler, thread));
  return loop(run, scheduler, thread);
}

function loop(run: Run, scheduler: Scheduler, thread: u32): u32 {
  let spins = SPINS;
  let sleeps: u32 = 0;
  while (loadField(scheduler, offsetof<Scheduler>("ended")) == RUNNING) {
    if (tryCommit(run, scheduler, thread, false) || step(run, scheduler, thread)) {
      spins = SPINS;
      sleeps = 0;
      continue;
    }
    if (--spins > 0) continue;
    spins = SPINS;
    sleep(scheduler, thread);
    if (++sleeps >= SLEEPS_UNTIL_STALLED) return WORK_STALLED;
    if (thread == 0 && sleeps == SLEEPS_UNTIL_TAKEN && tryCommit(run, scheduler, thread, true)) sleeps = 0;
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
  if (loadField(scheduler, offsetof<Scheduler>("validationIndex")) < execution && scheduler.window != 0) return true;
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
  const validation = raised(scheduler, offsetof<Scheduler>("validationIndex"), commit);
  if (validation < min<u32>(execution, available)) {
    const index = addField(scheduler, offsetof<Scheduler>("validationIndex"), 1);
    if (index < available) validate(run, scheduler, index, thread);
    return true;
  }
  if (execution >= available || execution >= commit + scheduler.window) return false;
  const index = addField(scheduler, offsetof<Scheduler>("executionIndex"), 1);
  if (index >= available) {
    // Taken by others meanwhile; it must be found when the host puts it in.
    lowerCursor(scheduler, offsetof<Scheduler>("executionIndex"), index);
    return false;
  }
  const entry = entryOf(scheduler, index);
  const state = stateOf(entry);
  if (statusIn(state) == READY && claim(entry, state, makeState(incarnationIn(state), EXECUTING))) {
    execute(run, scheduler, index, thread);
  }
  return true;
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
    const next = woken;
    // The validation cursor may have passed while it was executing.
    if (done && loadField(scheduler, offsetof<Scheduler>("validationIndex")) > index) {
      if (next != 0) {
        lowerCursor(scheduler, offsetof<Scheduler>("executionIndex"), next - 1);
        notifyOne(scheduler);
      }
      if (!revalidate(run, scheduler, index)) return;
      continue;
    }
    if (next == 0) return;
    index = next - 1;
    const entry = entryOf(scheduler, index);
    const state = stateOf(entry);
    if (statusIn(state) != READY || !claim(entry, state, makeState(incarnationIn(state), EXECUTING))) return;
  }
}

function validate(run: Run, scheduler: Scheduler, index: u32, thread: u32): void {
  if (revalidate(run, scheduler, index)) execute(run, scheduler, index, thread);
}

/** Validates an executed transaction. True: it was stale, and this thread has claimed its next incarnation. */
function revalidate(run: Run, scheduler: Scheduler, index: u32): bool {
  const entry = entryOf(scheduler, index);
  const state = stateOf(entry);
  if (statusIn(state) != EXECUTED || incarnationIn(state) >= LAST_EARLY) return false;
  const reads = entry.reads as usize;
  if (reads == 0) return false;
  addField(scheduler, offsetof<Scheduler>("validations"), 1);
  if (validateReads(run, reads, orderOf(index), isPreviousOut(scheduler, entry)) != STALE) return false;
  if (!claim(entry, state, makeState(incarnationIn(state) + 1, EXECUTING))) return false;
  addField(scheduler, offsetof<Scheduler>("aborts"), 1);
  markEstimates(changetype<usize>(entry) + offsetof<Entry>("written"));
  return true;
}
