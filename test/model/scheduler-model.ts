/**
 * A model of the parallel scheduler (assembly/parallel/{worker,attempt,commit,waiters,scheduler}.ts):
 * the same shared words, and threads that advance by one atomic step at a time. `explore` walks
 * every interleaving of a small block and checks what must hold in each state.
 *
 * Kept from the code: the state word (incarnation, status), both cursors, chunks, stealing, the
 * commit lock and index, estimates, waiters, waiting at a read, validation by value, ordered commit that
 * validates once more, taking over what a thread does not come back with.
 * Left out: memory management, the window's growth (it is a parameter), fees and nonces, sleeping
 * (a model thread that finds nothing to do does nothing), transactions that are put in late.
 */
import type { ModelOptions, Program, State } from "./model-state.js";

import {
  copyState,
  INITIAL_VALUE,
  initialState,
  SKIPPED,
  WAITING,
} from "./model-state.js";
import { stepsOf } from "./scheduler-steps.js";

export type { ModelOptions, ModelTransaction } from "./model-state.js";

export interface ExplorationResult {
  readonly states: number;
  readonly transitions: number;
  readonly finalStates: number;
  /** Steps in which a validation aborts an incarnation: speculation really failed somewhere. */
  readonly aborts: number;
  readonly waited: boolean;
  /** Steps in which a thread found its transaction taken over. */
  readonly takenAway: number;
  readonly stolen: number;
}

/** What a defect looks like. */
export class ModelViolation extends Error {
  public readonly trace: readonly string[];

  constructor(message: string, trace: readonly string[]) {
    super(`${message}\n${trace.join("\n")}`);
    this.trace = trace;
  }
}

/**
 * Walks all interleavings.
 * @throws ModelViolation when a reachable end differs from executing in order, or when a state is
 * reachable from which no end is.
 */
export function explore(options: ModelOptions): ExplorationResult {
  const { transactions, threads } = options;
  const expected = sequentialOutcome(options);
  const ids = new Map<string, number>();
  const parents: number[] = [];
  const labels: string[] = [];
  const predecessors: number[][] = [];
  const ends: number[] = [];
  const counts = { aborts: 0, takenAway: 0, stolen: 0 };
  let waited = false;
  let transitions = 0;
  const stack: [number, State][] = [];
  const visit = (state: State, parent: number, label: string): void => {
    const key = keyOf(state);
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

  visit(initialState(options), -1, "");
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const [id, state] = top;
    for (const { status, incarnation } of state.entries) {
      waited ||= status === WAITING && incarnation > 0;
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
      for (const step of stepsOf(state, thread, options)) {
        const next = copyState(state);
        const label = step(next);
        transitions++;
        counts.aborts += label.startsWith("aborts") ? 1 : 0;
        counts.takenAway += label.endsWith("was taken away") ? 1 : 0;
        counts.stolen += label.startsWith("steals") ? 1 : 0;
        visit(next, id, `thread ${thread}: ${label}`);
      }
    }
  }
  checkThatEndsAreReachable(predecessors, ends, trace);
  return {
    states: ids.size,
    transitions,
    finalStates: ends.length,
    waited,
    ...counts,
  };
}

const programKeys = new WeakMap<Program, string>();

/** Identity of a state. Steps make new programs, and share those of the other threads. */
function keyOf(state: State): string {
  const { entries, versions, threads, ...words } = state;
  const parts = threads.map(({ program, next, end }) => {
    let key = programKeys.get(program);
    if (key === undefined) {
      key = JSON.stringify(program);
      programKeys.set(program, key);
    }
    return `${key}${next},${end}`;
  });
  for (const { status, incarnation, reads, waiters } of entries) {
    parts.push(
      `${status},${incarnation},${reads?.join() ?? "-"},${waiters.join()}`,
    );
  }
  for (const byIndex of versions) {
    parts.push(byIndex.map((version) => version?.join() ?? "-").join(";"));
  }
  parts.push(Object.values(words).join());
  return parts.join("|");
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
