/**
 * A model of the parallel scheduler (assembly/parallel/{worker,attempt,commit,scheduler}.ts): the
 * same shared words, and threads that advance by one atomic step at a time. `explore` walks every
 * interleaving of a small block and checks what must hold in each state.
 *
 * Kept from the code: the state word (incarnation, status), both cursors, the commit lock and
 * index, estimates, waiters, validation by value, ordered commit that validates once more.
 * Left out: memory management, the window's growth (it is a parameter), fees and nonces, sleeping
 * (a model thread that finds nothing to do does nothing).
 */

/** A transaction of the model: reads locations, then writes a function of what it read. */
export interface ModelTransaction {
  /** Locations read, in order. */
  readonly reads: readonly number[];
  /** Writes, given the values read: location → value. The set may hang on the values. */
  writes(values: readonly number[]): ReadonlyMap<number, number>;
  /** Invalid when, in its turn, it reads these values: it is left out of the block. */
  isInvalid?(values: readonly number[]): boolean;
}

export interface ModelOptions {
  readonly transactions: readonly ModelTransaction[];
  readonly locations: number;
  readonly threads: number;
  /** How far beyond the commit cursor threads execute. */
  readonly window: number;
  /** A defect to be found: commit believes what early validation left. */
  readonly withoutCommitValidation?: boolean;
}

const READY = 0;
const EXECUTING = 1;
const EXECUTED = 2;
const WAITING = 3;
const COMMITTED = 4;
const SKIPPED = 5;

/** A version: [value, stamp, isEstimate]; null = nothing there. */
type Version =
  readonly [value: number, stamp: number, estimate: boolean] | null;

interface Entry {
  status: number;
  incarnation: number;
  /** Values that the latest incarnation read. */
  reads: readonly number[] | null;
  waiters: readonly number[];
}

/** What a thread is about to do next, with its locals. */
type Program =
  | { readonly at: "idle" }
  | { readonly at: "commit" }
  | {
      readonly at: "read";
      readonly index: number;
      readonly decided: boolean;
      readonly seen: readonly number[];
    }
  | {
      readonly at: "publish";
      readonly index: number;
      readonly decided: boolean;
      readonly seen: readonly number[];
      readonly rest: readonly (readonly [number, number])[];
      readonly changed: boolean;
    }
  | {
      readonly at: "retract";
      readonly index: number;
      readonly decided: boolean;
      readonly seen: readonly number[];
      readonly changed: boolean;
      /** Left out: all its versions go. */
      readonly all: boolean;
    }
  | {
      readonly at: "wait";
      readonly index: number;
      readonly blocker: number;
      readonly added: boolean;
    }
  | {
      readonly at: "lower-validation";
      readonly index: number;
      readonly decided: boolean;
      readonly outcome: "executed" | "committed" | "skipped";
      readonly changed: boolean;
    }
  | {
      readonly at: "wake";
      readonly index: number;
      /** Members of a list that was taken; null = not taken yet. */
      readonly taken: readonly number[] | null;
      readonly first: number;
      readonly then: "executed" | "put-off" | "settled";
    }
  | {
      readonly at: "after";
      readonly index: number;
      readonly woken: number;
      readonly done: boolean;
    }
  | {
      readonly at: "validate";
      readonly index: number;
      readonly incarnation: number;
      readonly reads: readonly number[];
      readonly next: number;
      readonly unknown: boolean;
    }
  | {
      readonly at: "estimate";
      readonly index: number;
      readonly location: number;
    };

interface State {
  entries: Entry[];
  /** versions[location][index] */
  versions: Version[][];
  executionIndex: number;
  validationIndex: number;
  commitIndex: number;
  /** Thread + 1. */
  lock: number;
  threads: Program[];
}

export interface ExplorationResult {
  readonly states: number;
  readonly transitions: number;
  readonly finalStates: number;
  /** Steps in which a validation aborts an incarnation: speculation really failed somewhere. */
  readonly aborts: number;
  readonly waited: boolean;
}

/** What a defect looks like. */
export class ModelViolation extends Error {
  public readonly trace: readonly string[];

  constructor(message: string, trace: readonly string[]) {
    super(`${message}\n${trace.join("\n")}`);
    this.trace = trace;
  }
}

const IDLE: Program = { at: "idle" };
const INITIAL_VALUE = 1;

/**
 * Walks all interleavings.
 * @throws ModelViolation when a reachable end differs from executing in order, or when a state is
 * reachable from which no end is.
 */
export function explore(options: ModelOptions): ExplorationResult {
  const { transactions, locations, threads } = options;
  const expected = sequentialOutcome(options);
  const start: State = {
    entries: transactions.map(() => ({
      status: READY,
      incarnation: 0,
      reads: null,
      waiters: [],
    })),
    versions: Array.from({ length: locations }, () =>
      transactions.map(() => null),
    ),
    executionIndex: 0,
    validationIndex: 0,
    commitIndex: 0,
    lock: 0,
    threads: Array.from({ length: threads }, () => IDLE),
  };

  const ids = new Map<string, number>();
  const parents: number[] = [];
  const labels: string[] = [];
  const predecessors: number[][] = [];
  const ends: number[] = [];
  let aborts = 0;
  let waited = false;
  let transitions = 0;
  const stack: [number, State][] = [];
  const visit = (state: State, parent: number, label: string): void => {
    const key = JSON.stringify(state);
    let id = ids.get(key);
    if (id === undefined) {
      id = ids.size;
      ids.set(key, id);
      parents.push(parent);
      labels.push(label);
      predecessors.push([]);
      stack.push([id, state]);
    }
    if (parent >= 0) {
      predecessors[id].push(parent);
    }
  };
  const trace = (id: number): string[] => {
    const steps: string[] = [];
    for (let at = id; at > 0; at = parents[at]) {
      steps.unshift(labels[at]);
    }
    return steps;
  };

  visit(start, -1, "");
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const [id, state] = top;
    for (const entry of state.entries) {
      waited ||= entry.status === WAITING;
    }
    if (state.commitIndex === transactions.length) {
      ends.push(id);
      const outcome = JSON.stringify(outcomeOf(state, options));
      if (outcome !== expected) {
        throw new ModelViolation(
          `expected ${expected}, got ${outcome}`,
          trace(id),
        );
      }
      continue;
    }
    for (let thread = 0; thread < threads; thread++) {
      const next = copy(state);
      const label = step(next, thread, options);
      if (label !== undefined) {
        transitions++;
        aborts += label.startsWith("aborts") ? 1 : 0;
        visit(next, id, `thread ${thread}: ${label}`);
      }
    }
  }
  checkThatEndsAreReachable(predecessors, ends, trace);
  return {
    states: ids.size,
    transitions,
    finalStates: ends.length,
    aborts,
    waited,
  };
}

/** From every state an end must be reachable: no deadlock, no trap that fairness cannot leave. */
function checkThatEndsAreReachable(
  predecessors: readonly (readonly number[])[],
  ends: readonly number[],
  trace: (id: number) => string[],
): void {
  const good = new Uint8Array(predecessors.length);
  const queue = [...ends];
  ends.forEach((id) => (good[id] = 1));
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const before of predecessors[id]) {
      if (good[before] === 0) {
        good[before] = 1;
        queue.push(before);
      }
    }
  }
  const bad = good.indexOf(0);
  if (bad >= 0) {
    throw new ModelViolation("no end is reachable from here", trace(bad));
  }
}

/** Values of all locations and which transactions were left out, executing in order. */
function sequentialOutcome({ transactions, locations }: ModelOptions): string {
  const values = new Array<number>(locations).fill(INITIAL_VALUE);
  const skipped = transactions.map((transaction) => {
    const seen = transaction.reads.map((location) => values[location]);
    if (transaction.isInvalid?.(seen) === true) {
      return true;
    }
    transaction
      .writes(seen)
      .forEach((value, location) => (values[location] = value));
    return false;
  });
  return JSON.stringify({ values, skipped });
}

function outcomeOf(state: State, { transactions }: ModelOptions): unknown {
  return {
    values: state.versions.map((versions) => {
      const last = versions.findLast((version) => version !== null);
      return last?.[0] ?? INITIAL_VALUE;
    }),
    skipped: transactions.map(
      (_, index) => state.entries[index].status === SKIPPED,
    ),
  };
}

function copy(state: State): State {
  return {
    ...state,
    entries: state.entries.map((entry) => ({ ...entry })),
    versions: state.versions.map((versions) => [...versions]),
    threads: [...state.threads],
  };
}

const hasRun = ({ status }: Entry): boolean =>
  status === EXECUTED || status >= COMMITTED;

/** What a reader at `index` finds: the value, or whose estimate lies in the way. */
function resolve(
  state: State,
  location: number,
  index: number,
): { readonly value: number } | { readonly blocker: number } {
  for (let writer = index - 1; writer >= 0; writer--) {
    const version = state.versions[location][writer];
    if (version !== null) {
      return version[2] ? { blocker: writer } : { value: version[0] };
    }
  }
  return { value: INITIAL_VALUE };
}

/** Advances a thread by one atomic step, changing `state`. Undefined: it has nothing to do. */
function step(
  state: State,
  thread: number,
  options: ModelOptions,
): string | undefined {
  const program = state.threads[thread];
  const go = (next: Program, label: string): string => {
    state.threads[thread] = next;
    return label;
  };
  switch (program.at) {
    case "idle":
      return findWork(state, thread, options, go);
    case "commit":
      return commitNext(state, options, go);
    case "read":
      return read(state, program, options, go);
    case "publish":
      return publish(state, program, go);
    case "retract":
      return retract(state, program, go);
    case "wait":
      return wait(state, program, go);
    case "lower-validation":
      return lowerValidation(state, program, go);
    case "wake":
      return wake(state, program, go);
    case "after":
      return after(state, program, go);
    case "validate":
      return validate(state, program, options, go);
    case "estimate":
      return markEstimate(state, program, options, go);
  }
}

type Go = (next: Program, label: string) => string;

function canCommit(state: State, { transactions }: ModelOptions): boolean {
  return (
    state.commitIndex < transactions.length &&
    state.entries[state.commitIndex].status !== EXECUTING
  );
}

/** worker.ts: tryCommit, then step. */
function findWork(
  state: State,
  thread: number,
  options: ModelOptions,
  go: Go,
): string | undefined {
  if (state.lock === 0 && canCommit(state, options)) {
    state.lock = thread + 1;
    return go({ at: "commit" }, "takes the commit lock");
  }
  const count = options.transactions.length;
  if (state.validationIndex < Math.min(state.executionIndex, count)) {
    const index = state.validationIndex++;
    return go(beginValidation(state, index), `looks at ${index}`);
  }
  if (
    state.executionIndex >= count ||
    state.executionIndex >= state.commitIndex + options.window
  ) {
    return undefined;
  }
  const index = state.executionIndex++;
  const entry = state.entries[index];
  if (entry.status !== READY) {
    return go(IDLE, `passes ${index}`);
  }
  entry.status = EXECUTING;
  return go(beginAttempt(index, false), `claims ${index}`);
}

function beginAttempt(index: number, decided: boolean): Program {
  return { at: "read", index, decided, seen: [] };
}

/** worker.ts: revalidate, up to where it reads. */
function beginValidation(state: State, index: number): Program {
  const entry = state.entries[index];
  if (entry.status !== EXECUTED || entry.reads === null) {
    return IDLE;
  }
  return {
    at: "validate",
    index,
    incarnation: entry.incarnation,
    reads: entry.reads,
    next: 0,
    unknown: false,
  };
}

function validate(
  state: State,
  program: Extract<Program, { at: "validate" }>,
  { transactions }: ModelOptions,
  go: Go,
): string {
  const { index, next, reads } = program;
  const location = transactions[index].reads.at(next);
  if (location === undefined) {
    return go(IDLE, `finds ${index} ${program.unknown ? "unknown" : "valid"}`);
  }
  const found = resolve(state, location, index);
  if ("blocker" in found || found.value === reads[next]) {
    const unknown = program.unknown || "blocker" in found;
    return go({ ...program, next: next + 1, unknown }, `compares ${index}`);
  }
  const entry = state.entries[index];
  if (entry.status !== EXECUTED || entry.incarnation !== program.incarnation) {
    return go(IDLE, `is too late for ${index}`);
  }
  entry.status = EXECUTING;
  entry.incarnation++;
  return go({ at: "estimate", index, location: 0 }, `aborts ${index}`);
}

function markEstimate(
  state: State,
  { index, location }: Extract<Program, { at: "estimate" }>,
  { locations }: ModelOptions,
  go: Go,
): string {
  for (let at = location; at < locations; at++) {
    const version = state.versions[at][index];
    if (version !== null) {
      state.versions[at][index] = [version[0], version[1], true];
      return go(
        { at: "estimate", index, location: at + 1 },
        `marks ${index}'s estimate at ${at}`,
      );
    }
  }
  return go(beginAttempt(index, false), `executes ${index} again`);
}

/** attempt.ts */
function read(
  state: State,
  program: Extract<Program, { at: "read" }>,
  { transactions }: ModelOptions,
  go: Go,
): string {
  const { index, decided, seen } = program;
  const transaction = transactions[index];
  const location = transaction.reads.at(seen.length);
  if (location !== undefined) {
    const found = resolve(state, location, index);
    if ("blocker" in found) {
      const { blocker } = found;
      state.entries[index].status = WAITING;
      return go(
        { at: "wait", index, blocker, added: false },
        `${index} meets ${blocker}'s estimate`,
      );
    }
    return go(
      { ...program, seen: [...seen, found.value] },
      `${index} reads ${found.value} at ${location}`,
    );
  }
  if (transaction.isInvalid?.(seen) === true) {
    return go(
      { at: "retract", index, decided, seen, changed: false, all: true },
      `${index} is invalid`,
    );
  }
  const rest = [...transaction.writes(seen)];
  return go(
    { at: "publish", index, decided, seen, rest, changed: false },
    `${index} has executed`,
  );
}

function publish(
  state: State,
  program: Extract<Program, { at: "publish" }>,
  go: Go,
): string {
  const { index, decided, seen, rest } = program;
  const [first, ...others] = rest;
  if (first === undefined) {
    return go(
      {
        at: "retract",
        index,
        decided,
        seen,
        changed: program.changed,
        all: false,
      },
      `${index} has published`,
    );
  }
  const [location, value] = first;
  const old = state.versions[location][index];
  const changed = program.changed || old === null || old[0] !== value;
  const stamp = state.entries[index].incarnation + 1;
  state.versions[location][index] = [value, stamp, false];
  return go(
    { ...program, rest: others, changed },
    `${index} publishes ${value} at ${location}`,
  );
}

function retract(
  state: State,
  program: Extract<Program, { at: "retract" }>,
  go: Go,
): string {
  const { index, decided, seen, all } = program;
  const entry = state.entries[index];
  const stamp = entry.incarnation + 1;
  for (const versions of state.versions) {
    const version = versions[index];
    if (version !== null && (all || version[1] !== stamp)) {
      versions[index] = null;
      return go({ ...program, changed: true }, `${index} takes a version back`);
    }
  }
  const { changed } = program;
  if (decided) {
    const outcome = all ? "skipped" : "committed";
    return go(
      { at: "lower-validation", index, decided, outcome, changed },
      `${index} is decided`,
    );
  }
  entry.reads = seen;
  entry.status = EXECUTED;
  return go(
    { at: "lower-validation", index, decided, outcome: "executed", changed },
    `${index} is executed`,
  );
}

function lowerValidation(
  state: State,
  { index, outcome, changed }: Extract<Program, { at: "lower-validation" }>,
  go: Go,
): string {
  if (changed) {
    state.validationIndex = Math.min(state.validationIndex, index + 1);
  }
  if (outcome === "executed") {
    return go(
      { at: "wake", index, taken: null, first: -1, then: "executed" },
      `${index} asks for validation`,
    );
  }
  state.entries[index].status = outcome === "skipped" ? SKIPPED : COMMITTED;
  return go(
    { at: "wake", index, taken: null, first: -1, then: "settled" },
    `${index} is ${outcome}`,
  );
}

/** attempt.ts: putOff */
function wait(
  state: State,
  program: Extract<Program, { at: "wait" }>,
  go: Go,
): string {
  const { index, blocker, added } = program;
  const entry = state.entries[blocker];
  if (!added) {
    entry.waiters = [index, ...entry.waiters];
    return go({ ...program, added: true }, `${index} waits for ${blocker}`);
  }
  if (hasRun(entry)) {
    return go(
      { at: "wake", index: blocker, taken: null, first: -1, then: "put-off" },
      `${blocker} has run meanwhile`,
    );
  }
  return go(IDLE, `${index} is put off`);
}

/** scheduler.ts: wakeWaiters */
function wake(
  state: State,
  program: Extract<Program, { at: "wake" }>,
  go: Go,
): string {
  const { index, taken, first, then } = program;
  if (taken === null) {
    const { waiters } = state.entries[index];
    state.entries[index].waiters = [];
    return go(
      { ...program, taken: waiters },
      `takes those who wait for ${index}`,
    );
  }
  const [waiter, ...others] = taken;
  if (waiter !== undefined) {
    const entry = state.entries[waiter];
    let kept = first;
    if (entry.status === WAITING) {
      entry.status = READY;
      // The lowest one is kept for this thread, the others are offered.
      const offered = first === -1 ? -1 : Math.max(first, waiter);
      kept = first === -1 ? waiter : Math.min(first, waiter);
      if (offered !== -1) {
        state.executionIndex = Math.min(state.executionIndex, offered);
      }
    }
    return go({ ...program, taken: others, first: kept }, `wakes ${waiter}`);
  }
  if (then === "settled") {
    if (first !== -1) {
      state.executionIndex = Math.min(state.executionIndex, first);
    }
    state.commitIndex = index + 1;
    return go({ at: "commit" }, `commits up to ${index}`);
  }
  return go(
    { at: "after", index, woken: first, done: then === "executed" },
    `has woken ${first}`,
  );
}

/** worker.ts: execute, after an attempt. */
function after(
  state: State,
  { index, woken, done }: Extract<Program, { at: "after" }>,
  go: Go,
): string {
  if (done && state.validationIndex > index) {
    if (woken !== -1) {
      state.executionIndex = Math.min(state.executionIndex, woken);
    }
    return go(beginValidation(state, index), `validates ${index} at once`);
  }
  if (woken === -1) {
    return go(IDLE, "is done");
  }
  const entry = state.entries[woken];
  if (entry.status !== READY) {
    return go(IDLE, `finds ${woken} taken`);
  }
  entry.status = EXECUTING;
  return go(beginAttempt(woken, false), `goes on with ${woken}`);
}

/** commit.ts: one round under the lock. What lies below is final, so its reads are one step. */
function commitNext(state: State, options: ModelOptions, go: Go): string {
  if (!canCommit(state, options)) {
    state.lock = 0;
    return go(IDLE, "gives the commit lock back");
  }
  const index = state.commitIndex;
  const entry = state.entries[index];
  const transaction = options.transactions[index];
  const { reads } = entry;
  const isValid =
    entry.status === EXECUTED &&
    reads !== null &&
    (options.withoutCommitValidation === true ||
      transaction.reads.every((location, at) => {
        const found = resolve(state, location, index);
        return "value" in found && found.value === reads[at];
      }));
  if (!isValid) {
    entry.incarnation++;
    entry.status = EXECUTING;
    return go(beginAttempt(index, true), `decides ${index}`);
  }
  if (reads !== null && transaction.isInvalid?.(reads) === true) {
    entry.status = SKIPPED;
  } else {
    entry.status = COMMITTED;
  }
  return go(
    { at: "wake", index, taken: null, first: -1, then: "settled" },
    `validates ${index} for good`,
  );
}
