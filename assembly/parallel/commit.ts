/**
 * Ordered commit: one thread at a time takes the transactions in the block's order, decides what
 * only the order can decide (the block's gas limit, whether the transaction is valid after all
 * before it), and validates what was speculated. What fails is executed here and now, with
 * everything below it final.
 */
import { RESULT_ACCESS, RESULT_BLOCK_GAS, RESULT_STATE_GAS, RESULT_STATUS } from "../layout";
import { AccountValue } from "../state/entries";
import { patchAccess } from "../state/access-set";
import { OK_STOP } from "../status";
import { result } from "../transaction/result";
import { Run } from "../transaction/run";
import { BLOB_GAS, checkBlobGas, checkBlockGas } from "../transaction/validity";
import { copyWord } from "../u256/word";
import { ATTEMPT_DONE, attempt, keepResult } from "./attempt";
import { sumFees } from "./fees";
import { noteHot } from "./hot";
import { retract } from "./publish";
import { STALE, UNKNOWN, VALID, staleLocation, validateReads } from "./read-set";
import { resolveAccount } from "./resolve";
import {
  COMMITTED, ENTRY_BARS, EXECUTED, EXECUTING, Entry, FAILED_MEMORY, FINISHED, FIRST_PROBE, FLAG_RECORD, HOST,
  ON_INVALID_SKIP_SENDER, ON_INVALID_STOP, PUBLISHING, RUNNING, SKIPPED, STOPPED, Scheduler, addField, claim, end, entryOf,
  incarnationIn, loadField, lowerCursor, makeState, notifyOne, setState, stateOf, statusIn, storeField, threadStateOf,
} from "./scheduler";
import { wakeWaiters } from "./waiters";
import {
  ACCOUNT_DATA_SIZE, AccountData, HAS_ALL, HAS_RESET, Location, Version, orderOf, publishData, versionAlloc, versionData,
} from "./versions";

const INVALID_FIRST: u32 = 0x80;

/** What a thread is willing to commit. What another thread has executed lies in that thread's cache, and to
 *  fetch it from there costs as much as a small transaction. */
export const COMMIT_OWN: u32 = 0;
/** Also what others have executed. */
export const COMMIT_ANY: u32 = 1;
/** Also, to begin with, a transaction that another thread is still executing. */
export const COMMIT_TAKE_OVER: u32 = 2;

/** Commits what can be committed (COMMIT_*), at most `most`. Returns whether anything was committed. */
export function tryCommit(run: Run, scheduler: Scheduler, thread: u32, what: u32, most: u32 = u32.MAX_VALUE): bool {
  if (!canCommit(scheduler, thread, what)) return false;
  const lock = changetype<usize>(scheduler) + offsetof<Scheduler>("commitLock");
  if (atomic.cmpxchg<u32>(lock, 0, thread + 1) != 0) return false;
  let count: u32 = 0;
  let willing = what;
  while (count < most && canCommit(scheduler, thread, willing)) {
    if (!commitNext(run, scheduler, thread, willing == COMMIT_TAKE_OVER)) break;
    if (willing == COMMIT_TAKE_OVER) willing = COMMIT_ANY;
    count++;
  }
  atomic.store<u32>(lock, 0);
  return count != 0;
}

/** Whether the next transaction in order is one that this thread could commit now. */
// @ts-ignore: decorator
@inline
function canCommit(scheduler: Scheduler, thread: u32, what: u32): bool {
  const index = loadField(scheduler, offsetof<Scheduler>("commitIndex"));
  if (index >= loadField(scheduler, offsetof<Scheduler>("available"))) return false;
  if (loadField(scheduler, offsetof<Scheduler>("ended")) != RUNNING) return false;
  const entry = entryOf(scheduler, index);
  const status = statusIn(stateOf(entry));
  if (status == EXECUTED) return what != COMMIT_OWN || entry.thread == thread;
  if (status == EXECUTING) return what == COMMIT_TAKE_OVER;
  return status != PUBLISHING && (status != HOST || thread == 0);
}

/** Returns whether the next transaction was committed (or left out). */
function commitNext(run: Run, scheduler: Scheduler, thread: u32, takeOver: bool): bool {
  const index = scheduler.commitIndex;
  const entry = entryOf(scheduler, index);
  const state = stateOf(entry);
  const status = statusIn(state);
  if (status == PUBLISHING || (status == EXECUTING && !takeOver)) return false;
  // Claimed, so that no one who finds it stale by what is no longer so executes it again.
  const isBarred = entry.previous != 0 && (entryOf(scheduler, entry.previous - 1).flags & ENTRY_BARS) != 0;
  if (isBarred) return claimToDecide(entry, state) && leaveOut(scheduler, entry, index, false);
  if (checkPlace(run, entry) != OK_STOP) {
    if (!claimToDecide(entry, state)) return false;
    return keepResult(entry) ? leaveOut(scheduler, entry, index, true) : outOfMemory(scheduler);
  }
  const seen = status == EXECUTED ? validateReads(run, entry.reads, orderOf(index), false) : UNKNOWN;
  if (seen == VALID) {
    if (!claim(entry, state, makeState(incarnationIn(state), COMMITTED))) return false;
    if (!finalize(entry, index)) return outOfMemory(scheduler);
    succeeded(scheduler);
  } else {
    if (!claimToDecide(entry, state)) return false;
    if (status == EXECUTED) {
      threadStateOf(scheduler, thread).commitAborts++;
      if (seen == STALE) noteHot(scheduler, staleLocation);
      failed(scheduler);
    } else decidedOne(scheduler);
    threadStateOf(scheduler, thread).decided++;
    if (attempt(run, scheduler, index, thread, true) != ATTEMPT_DONE) return false;
  }
  if (scheduler.flags & FLAG_RECORD && !patchRecord(run, entry, index)) return outOfMemory(scheduler);
  if (load<u32>(entry.result, RESULT_STATUS) >= INVALID_FIRST) return leaveOut(scheduler, entry, index, true);
  run.gasUsed += load<u64>(entry.result, RESULT_BLOCK_GAS);
  run.stateGasUsed += load<u64>(entry.result, RESULT_STATE_GAS);
  run.blobGasUsed += (entry.blobCount as u64) * BLOB_GAS;
  settle(scheduler, entry, index, COMMITTED);
  return true;
}

/** Takes the transaction for the committing thread. */
// @ts-ignore: decorator
@inline
function claimToDecide(entry: Entry, state: u32): bool {
  return claim(entry, state, makeState(incarnationIn(state) + 1, EXECUTING));
}

/** Gives it its last state and goes on to the next one. */
function settle(scheduler: Scheduler, entry: Entry, index: u32, status: u32): void {
  sumFees(scheduler, entry, index);
  setState(entry, makeState(incarnationIn(stateOf(entry)), status));
  const woken = wakeWaiters(scheduler, entry);
  if (woken != 0) {
    lowerCursor(scheduler, offsetof<Scheduler>("executionIndex"), woken - 1);
    notifyOne(scheduler);
  }
  storeField(scheduler, offsetof<Scheduler>("commitIndex"), index + 1);
  if (index + 1 == scheduler.count) end(scheduler, FINISHED);
}

/** What the order decides without executing; fills this thread's result when it refuses. */
function checkPlace(run: Run, entry: Entry): u32 {
  let status = checkBlockGas(run, entry.gasLimit, entry.txFlags, run.gasUsed);
  if (status == OK_STOP) status = checkBlobGas(run, entry.blobCount, run.blobGasUsed);
  if (status == OK_STOP) return OK_STOP;
  // The operands were written; the rest of the result is of another execution.
  memory.fill(result, 0, OPERANDS);
  store<u32>(result, status, RESULT_STATUS);
  return status;
}

const OPERANDS: usize = 128;

function outOfMemory(scheduler: Scheduler): bool {
  end(scheduler, FAILED_MEMORY);
  return false;
}

/** The transaction is not part of the block: nobody may see anything of it. */
function leaveOut(scheduler: Scheduler, entry: Entry, index: u32, refused: bool): bool {
  if (retract(changetype<usize>(entry) + offsetof<Entry>("written"), 0)) {
    lowerCursor(scheduler, offsetof<Scheduler>("validationIndex"), index + 1);
  }
  entry.pays = 0;
  if (refused && scheduler.onInvalid == ON_INVALID_STOP) {
    setState(entry, makeState(incarnationIn(stateOf(entry)), SKIPPED));
    end(scheduler, STOPPED);
    return false;
  }
  if (scheduler.onInvalid == ON_INVALID_SKIP_SENDER) entry.flags |= ENTRY_BARS;
  if (!refused) entry.result = 0;
  settle(scheduler, entry, index, SKIPPED);
  return true;
}

/** Turns what was published as changes into values, so that readers above look no further down. What is the first
 *  of its location is as good: the base state lies right below it. */
function finalize(entry: Entry, index: u32): bool {
  for (let at = entry.written as usize; at != 0; at = changetype<Version>(at).nextWritten) {
    const version = changetype<Version>(at);
    const location = changetype<Location>(version.location);
    const pointer = versionData(at) as usize;
    if (location.owner != 0 || pointer == 0 || version.next == 0) continue;
    const mask = changetype<AccountData>(pointer).mask;
    if ((mask & HAS_ALL) == HAS_ALL) continue;
    const whole = versionAlloc(ACCOUNT_DATA_SIZE);
    if (whole == 0) return false;
    const value = changetype<AccountValue>(resolveAccount(location, orderOf(index) + 1));
    const data = changetype<AccountData>(whole);
    data.mask = HAS_ALL | (mask & HAS_RESET);
    data.flags = value.flags;
    data.nonce = value.nonce;
    data.code = value.code;
    data.reserved = 0;
    copyWord(whole + offsetof<AccountData>("balance"), changetype<usize>(value) + offsetof<AccountValue>("balance"));
    publishData(version, whole);
  }
  return true;
}

function patchRecord(run: Run, entry: Entry, index: u32): bool {
  const at = entry.result as usize;
  return load<u32>(at, RESULT_ACCESS + 4) == 0 || patchAccess(run, load<u32>(at, RESULT_ACCESS), orderOf(index));
}

// --- the window: how far beyond the commit cursor threads execute
//
// Speculation that keeps failing at commit costs the other threads' time and this one's caches,
// so the window shrinks with failures and grows with successes. Four failures in a row close it:
// the committing thread goes on alone, and the window is tried again after a while.

// Validating before the turn finds stale reads sooner, where there are any to be found: it begins with
// the first one that was only found at commit.

const EAGER_FOR: u32 = 256;

const FAILURES_TO_CLOSE: u32 = 4;
const LAST_PROBE: u32 = 1024;

/** Stale reads that are found early cost an execution each, too: one for every three commits is too many. */
export const STRAIN: u32 = 3;
const STRAIN_TO_CLOSE: u32 = 24;

function succeeded(scheduler: Scheduler): void {
  const strain = loadField(scheduler, offsetof<Scheduler>("strain"));
  if (strain >= STRAIN_TO_CLOSE) {
    storeField(scheduler, offsetof<Scheduler>("strain"), 0);
    scheduler.window = 0;
    scheduler.sinceClosed = 0;
    return;
  }
  if (strain != 0) addField(scheduler, offsetof<Scheduler>("strain"), -1);
  if (scheduler.eager != 0) scheduler.eager--;
  scheduler.failures = 0;
  scheduler.probeAfter = FIRST_PROBE;
  if (scheduler.window < scheduler.count) scheduler.window += 2;
}

function failed(scheduler: Scheduler): void {
  if (scheduler.eager == 0) storeField(scheduler, offsetof<Scheduler>("validationIndex"), scheduler.commitIndex + 1);
  scheduler.eager = EAGER_FOR;
  scheduler.failures++;
  const least = scheduler.threads << 1;
  if (scheduler.failures >= FAILURES_TO_CLOSE) {
    scheduler.window = 0;
    scheduler.sinceClosed = 0;
    return;
  }
  const half = scheduler.window >> 1;
  scheduler.window = half > least ? half : least;
}

function decidedOne(scheduler: Scheduler): void {
  if (scheduler.window != 0) return;
  if (++scheduler.sinceClosed < scheduler.probeAfter) return;
  // Failing again closes it at once, for twice as long.
  scheduler.failures = FAILURES_TO_CLOSE - 1;
  scheduler.probeAfter = min<u32>(scheduler.probeAfter << 1, LAST_PROBE);
  scheduler.window = scheduler.threads << 1;
  storeField(scheduler, offsetof<Scheduler>("executionIndex"), scheduler.commitIndex + 1);
  notifyOne(scheduler);
}
