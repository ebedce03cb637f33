/**
 * The atomic steps of a thread, each with the function that it is modelled on. Where the code looks
 * for something to do in some order, the model tries everything that could be done: between two
 * looks, another thread may have changed what the first one saw.
 */
import {
  COMMITTED,
  type Entry,
  EXECUTED,
  EXECUTING,
  hasRun,
  IDLE,
  type ModelOptions,
  type Program,
  PUBLISHING,
  READY,
  resolve,
  SKIPPED,
  type State,
  type Thread,
  WAITING,
} from "./model-state.js";

type At<NameT extends Program["at"]> = Extract<Program, { at: NameT }>;

// A step is at most one access to what is shared: what a thread does by itself goes with the access before it.

/** One way to go on: changes the state, and says what happened. */
export type Step = (state: State) => string;

/** All that a thread may do next; none: it has nothing to do. */
export function stepsOf(
  state: State,
  thread: number,
  options: ModelOptions,
): readonly Step[] {
  const { program } = state.threads[thread];
  switch (program.at) {
    case "idle":
      return ideas(state, thread, options);
    case "commit":
      return [(next) => commitNext(next, thread, program, options)];
    case "confirm":
      return [(next) => confirm(next, thread, program, options)];
    case "read":
      if (options.waits === true && isAwaiting(state, program)) return [];
      return [(next) => read(next, thread, program, options)];
    case "executed":
      return [(next) => executed(next, thread, program, options)];
    case "publish":
      return [(next) => publish(next, thread, program)];
    case "retract":
      return [(next) => retract(next, thread, program)];
    case "wait":
      return [(next) => wait(next, thread, program)];
    case "lower-validation":
      return [(next) => lowerValidation(next, thread, program)];
    case "wake":
      return [(next) => wake(next, thread, program)];
    case "after":
      return [(next) => after(next, thread, program)];
    case "validate":
      return [(next) => validate(next, thread, program, options)];
    case "estimate":
      return [(next) => markEstimate(next, thread, program, options)];
  }
}

function go(
  state: State,
  thread: number,
  program: Program,
  label: string,
): string {
  state.threads[thread].program = program;
  return label;
}

/** worker.ts: loop, step, steal. */
function ideas(
  state: State,
  thread: number,
  { transactions, window, chunk = 1, takesOver = false }: ModelOptions,
): Step[] {
  const steps: Step[] = [];
  const count = transactions.length;
  const takeLock =
    (takeOver: boolean): Step =>
    (next) => {
      next.lock = thread + 1;
      return go(next, thread, { at: "commit", takeOver }, "takes the lock");
    };
  if (state.lock === 0 && canCommit(state, false, count)) {
    steps.push(takeLock(false));
  } else if (
    takesOver &&
    thread === 0 &&
    state.lock === 0 &&
    canCommit(state, true, count)
  ) {
    steps.push(takeLock(true));
  }
  if (
    state.eager &&
    state.validationIndex < Math.min(state.executionIndex, count)
  ) {
    steps.push((next) => {
      const index = next.validationIndex++;
      return go(
        next,
        thread,
        beginValidation(next, index),
        `looks at ${index}`,
      );
    });
  }
  const { next: begun, end } = state.threads[thread];
  if (begun < end) {
    steps.push((next) => beginChunk(next, thread));
    return steps;
  }
  const limit = Math.min(count, state.commitIndex + window);
  for (
    let size = 1;
    size <= chunk && state.executionIndex + size <= limit;
    size++
  ) {
    steps.push((next) => {
      const own = next.threads[thread];
      own.next = next.executionIndex;
      own.end = own.next + size;
      next.executionIndex += size;
      return `takes ${size} from ${own.next} on`;
    });
  }
  const victim = state.entries.findIndex(
    ({ status }, index) =>
      index > state.commitIndex &&
      index < Math.min(state.executionIndex, count) &&
      status === READY,
  );
  if (victim !== -1) {
    steps.push((next) => {
      next.entries[victim].status = EXECUTING;
      return begin(next, thread, victim, `steals ${victim}`);
    });
  }
  return steps;
}

function beginChunk(state: State, thread: number): string {
  const own: Thread = state.threads[thread];
  const index = own.next++;
  const entry = state.entries[index];
  if (entry.status !== READY) {
    return `passes ${index}`;
  }
  entry.status = EXECUTING;
  return begin(state, thread, index, `claims ${index}`);
}

function begin(
  state: State,
  thread: number,
  index: number,
  label: string,
  decided = false,
): string {
  const { incarnation } = state.entries[index];
  const program = {
    at: "read",
    index,
    incarnation,
    decided,
    seen: [],
  } as const;
  return go(state, thread, program, label);
}

/** worker.ts: revalidate, up to where it reads. */
function beginValidation(state: State, index: number): Program {
  const { status, incarnation, reads } = state.entries[index];
  return status !== EXECUTED || reads === null
    ? IDLE
    : { at: "validate", index, incarnation, reads, next: 0 };
}

function validate(
  state: State,
  thread: number,
  program: At<"validate">,
  { transactions, defect }: ModelOptions,
): string {
  const { index, next, reads } = program;
  const locations = transactions[index].reads;
  const found = resolve(state, locations[next], index);
  if ("blocker" in found || found.value === reads[next]) {
    return next + 1 === locations.length
      ? go(state, thread, IDLE, `finds nothing stale in ${index}`)
      : go(state, thread, { ...program, next: next + 1 }, `compares ${index}`);
  }
  const entry = state.entries[index];
  if (entry.status !== EXECUTED || entry.incarnation !== program.incarnation) {
    return go(state, thread, IDLE, `is too late for ${index}`);
  }
  // Nobody takes it over until all that it has left is marked.
  entry.status = defect === "late-marks" ? EXECUTING : PUBLISHING;
  entry.incarnation++;
  const estimate = { at: "estimate", index, location: 0 } as const;
  return go(state, thread, estimate, `aborts ${index}`);
}

/** publish.ts: markEstimates */
function markEstimate(
  state: State,
  thread: number,
  { index, location }: At<"estimate">,
  { locations }: ModelOptions,
): string {
  for (let at = location; at < locations; at++) {
    const version = state.versions[at][index];
    if (version !== null) {
      state.versions[at][index] = [version[0], version[1], true];
      const further = { at: "estimate", index, location: at + 1 } as const;
      return go(state, thread, further, `marks ${index}'s estimate at ${at}`);
    }
  }
  state.entries[index].status = EXECUTING;
  return begin(state, thread, index, `executes ${index} again`);
}

/** hot.ts: awaitWriters, without its end. */
function isAwaiting(
  state: State,
  { index, incarnation, decided }: At<"read">,
): boolean {
  const own = state.entries[index];
  return (
    !decided &&
    own.status === EXECUTING &&
    own.incarnation === incarnation &&
    !state.entries.slice(0, index).every(hasRun)
  );
}

/** attempt.ts: attemptExecute. Nothing of it is seen by others. */
function read(
  state: State,
  thread: number,
  program: At<"read">,
  { transactions }: ModelOptions,
): string {
  const { index, seen } = program;
  const locations = transactions[index].reads;
  const location = locations[seen.length];
  const found = resolve(state, location, index);
  if ("blocker" in found) {
    const { blocker } = found;
    const done = { ...program, at: "executed", blocker } as const;
    return go(state, thread, done, `${index} meets ${blocker}'s estimate`);
  }
  const now = { ...program, seen: [...seen, found.value] };
  return go(
    state,
    thread,
    now.seen.length === locations.length
      ? { ...now, at: "executed", blocker: -1 }
      : now,
    `${index} reads ${found.value} at ${location}`,
  );
}

/** attempt.ts: attemptPublish, its claim. */
function executed(
  state: State,
  thread: number,
  program: At<"executed">,
  { transactions }: ModelOptions,
): string {
  const { index, incarnation, decided, seen, blocker } = program;
  const entry = state.entries[index];
  if (!decided) {
    if (entry.status !== EXECUTING || entry.incarnation !== incarnation) {
      return go(state, thread, IDLE, `${index} was taken away`);
    }
    entry.status = PUBLISHING;
  }
  if (blocker !== -1) {
    entry.status = WAITING;
    const waiting = { at: "wait", index, blocker, added: false } as const;
    return go(state, thread, waiting, `${index} will wait for ${blocker}`);
  }
  const attempt = { index, incarnation, decided, seen };
  const transaction = transactions[index];
  return transaction.isInvalid?.(seen) === true
    ? go(
        state,
        thread,
        { ...attempt, at: "retract", changed: false, all: true },
        `${index} is invalid`,
      )
    : go(
        state,
        thread,
        {
          ...attempt,
          at: "publish",
          rest: [...transaction.writes(seen)],
          changed: false,
        },
        `${index} begins to publish`,
      );
}

function publish(state: State, thread: number, program: At<"publish">): string {
  const { index, incarnation, decided, seen } = program;
  const [[location, value], ...rest] = program.rest;
  const old = state.versions[location][index];
  state.versions[location][index] = [value, incarnation + 1, false];
  const changed = program.changed || old === null || old[0] !== value;
  const attempt = { index, incarnation, decided, seen, changed };
  return go(
    state,
    thread,
    rest.length === 0
      ? { ...attempt, at: "retract", all: false }
      : { ...attempt, at: "publish", rest },
    `${index} publishes ${value} at ${location}`,
  );
}

function retract(state: State, thread: number, program: At<"retract">): string {
  const { index, incarnation, decided, seen, all, changed } = program;
  for (const versions of state.versions) {
    const version = versions[index];
    if (version !== null && (all || version[1] !== incarnation + 1)) {
      versions[index] = null;
      const further = { ...program, changed: true };
      return go(state, thread, further, `${index} takes a version back`);
    }
  }
  const at = "lower-validation";
  if (decided) {
    const outcome = all ? "skipped" : "committed";
    const next = { at, index, outcome, changed } as const;
    return go(state, thread, next, `${index} is decided`);
  }
  const entry = state.entries[index];
  entry.reads = seen;
  entry.status = EXECUTED;
  const next = { at, index, outcome: "executed", changed } as const;
  return go(state, thread, next, `${index} is executed`);
}

function lowerValidation(
  state: State,
  thread: number,
  { index, outcome, changed }: At<"lower-validation">,
): string {
  if (changed) {
    state.validationIndex = Math.min(state.validationIndex, index + 1);
  }
  if (outcome !== "executed") {
    state.entries[index].status = outcome === "skipped" ? SKIPPED : COMMITTED;
  }
  const then = outcome === "executed" ? "executed" : "settled";
  const next = { at: "wake", index, taken: null, first: -1, then } as const;
  return go(state, thread, next, `${index} is ${outcome}, and others may know`);
}

/** attempt.ts: putOff */
function wait(state: State, thread: number, program: At<"wait">): string {
  const { index, blocker, added } = program;
  const entry = state.entries[blocker];
  if (!added) {
    entry.waiters = [index, ...entry.waiters];
    const further = { ...program, added: true };
    return go(state, thread, further, `${index} waits for ${blocker}`);
  }
  if (!hasRun(entry)) {
    return go(state, thread, IDLE, `${index} is put off`);
  }
  return go(
    state,
    thread,
    { at: "wake", index: blocker, taken: null, first: -1, then: "put-off" },
    `${blocker} has run meanwhile`,
  );
}

/** waiters.ts: wakeWaiters; commit.ts: settle */
function wake(state: State, thread: number, program: At<"wake">): string {
  const { index, taken, first, then } = program;
  const goOn = (rest: readonly number[], kept: number, label: string): string =>
    go(
      state,
      thread,
      rest.length === 0 && then !== "settled"
        ? { at: "after", index, woken: kept, done: then === "executed" }
        : { ...program, taken: rest, first: kept },
      label,
    );
  if (taken === null) {
    const { waiters } = state.entries[index];
    state.entries[index].waiters = [];
    return goOn(waiters, first, `takes those who wait for ${index}`);
  }
  const [waiter, ...others] = taken;
  if (waiter !== undefined) {
    return goOn(others, wakeOne(state, waiter, first), `wakes ${waiter}`);
  }
  if (first !== -1) {
    state.executionIndex = Math.min(state.executionIndex, first);
  }
  state.commitIndex = index + 1;
  const next = { at: "commit", takeOver: false } as const;
  return go(state, thread, next, `commits up to ${index}`);
}

/** The lowest one is kept for this thread, the others are offered. Returns who is kept. */
function wakeOne(state: State, waiter: number, first: number): number {
  const entry = state.entries[waiter];
  if (entry.status !== WAITING) {
    return first;
  }
  entry.status = READY;
  if (first === -1) {
    return waiter;
  }
  const offered = Math.max(first, waiter);
  state.executionIndex = Math.min(state.executionIndex, offered);
  return Math.min(first, waiter);
}

/** worker.ts: execute, after an attempt. */
function after(
  state: State,
  thread: number,
  { index, woken, done }: At<"after">,
): string {
  if (done && state.eager && state.validationIndex > index) {
    if (woken !== -1) {
      state.executionIndex = Math.min(state.executionIndex, woken);
    }
    const next = beginValidation(state, index);
    return go(state, thread, next, `validates ${index} at once`);
  }
  if (woken === -1) {
    return go(state, thread, IDLE, "is done");
  }
  const entry = state.entries[woken];
  if (entry.status !== READY) {
    return go(state, thread, IDLE, `finds ${woken} taken`);
  }
  entry.status = EXECUTING;
  return begin(state, thread, woken, `goes on with ${woken}`);
}

/** commit.ts: canCommit */
function canCommit(state: State, takeOver: boolean, count: number): boolean {
  if (state.commitIndex >= count) {
    return false;
  }
  const { status } = state.entries[state.commitIndex];
  return status === EXECUTING ? takeOver : status !== PUBLISHING;
}

/** commit.ts: commitNext, under the lock. What lies below is final, so its reads are one step. */
function commitNext(
  state: State,
  thread: number,
  { takeOver }: At<"commit">,
  { transactions, defect }: ModelOptions,
): string {
  if (!canCommit(state, takeOver, transactions.length)) {
    state.lock = 0;
    return go(state, thread, IDLE, "gives the lock back");
  }
  const index = state.commitIndex;
  const entry: Entry = { ...state.entries[index] };
  const isValid =
    defect === "blind-commit" ||
    transactions[index].reads.every((location, at) => {
      const found = resolve(state, location, index);
      return "value" in found && found.value === entry.reads?.[at];
    });
  if (entry.status === EXECUTED && entry.reads !== null && isValid) {
    const next = { at: "confirm", index, entry } as const;
    return go(state, thread, next, `finds ${index} valid for good`);
  }
  // The failure of a speculation turns early validation on.
  if (entry.status === EXECUTED && !state.eager) {
    state.eager = true;
    state.validationIndex = index + 1;
  }
  const claimed = state.entries[index];
  claimed.incarnation++;
  claimed.status = EXECUTING;
  return begin(state, thread, index, `decides ${index}`, true);
}

/** The claim at the end of it: somebody may have taken the transaction for its next incarnation. */
function confirm(
  state: State,
  thread: number,
  { index, entry }: At<"confirm">,
  { transactions }: ModelOptions,
): string {
  const now = state.entries[index];
  if (now.status !== EXECUTED || now.incarnation !== entry.incarnation) {
    state.lock = 0;
    return go(state, thread, IDLE, `finds ${index} taken`);
  }
  const isInvalid = transactions[index].isInvalid?.(entry.reads ?? []) === true;
  now.status = isInvalid ? SKIPPED : COMMITTED;
  return go(
    state,
    thread,
    { at: "wake", index, taken: null, first: -1, then: "settled" },
    `confirms ${index}`,
  );
}
