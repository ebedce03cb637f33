/** The words that the threads of the model share, and where each thread stands. */

/** A transaction of the model: reads locations, then writes a function of what it read. */
export interface ModelTransaction {
  /** Locations read, in order; at least one. */
  readonly reads: readonly number[];
  /** Writes, at least one, given the values read: location → value. The set may hang on the values. */
  writes(values: readonly number[]): ReadonlyMap<number, number>;
  /** Invalid when, in its turn, it reads these values: it is left out of the block. */
  isInvalid?(values: readonly number[]): boolean;
}

/**
 * Mistakes that the exploration must find.
 * - `blind-commit`: commit believes what was executed.
 * - `late-marks`: a stale transaction can be taken over while its versions are still being marked.
 */
export type Defect = "blind-commit" | "late-marks";

export interface ModelOptions {
  readonly transactions: readonly ModelTransaction[];
  readonly locations: number;
  readonly threads: number;
  /** How far beyond the commit cursor threads execute. */
  readonly window: number;
  /** Transactions that a thread takes at a time, at most. */
  readonly chunk?: number;
  /** Validates before commit from the start, not only after a first failure. */
  readonly eager?: boolean;
  /** Thread 0 may take over what another thread is executing, as it does when that does not come back. */
  readonly takesOver?: boolean;
  /**
   * Every location is hot: who reads waits for all before it. In the code the wait ends by itself after some
   * microseconds; here it never does, to show that there is always somebody who goes on.
   */
  readonly waits?: boolean;
  readonly defect?: Defect;
}

export const READY = 0;
export const EXECUTING = 1;
export const PUBLISHING = 2;
export const EXECUTED = 3;
export const WAITING = 4;
export const COMMITTED = 5;
export const SKIPPED = 6;

/** A version: [value, stamp, isEstimate]; null = nothing there. */
export type Version =
  readonly [value: number, stamp: number, estimate: boolean] | null;

export interface Entry {
  status: number;
  incarnation: number;
  /** Values that the latest incarnation read. */
  reads: readonly number[] | null;
  waiters: readonly number[];
}

/** An attempt at a transaction that goes on. */
interface Attempt {
  readonly index: number;
  readonly incarnation: number;
  /** By the committing thread, with everything below final. */
  readonly decided: boolean;
  readonly seen: readonly number[];
}

/** What a thread is about to do next, with its locals. */
export type Program =
  | { readonly at: "idle" }
  | { readonly at: "commit"; readonly takeOver: boolean }
  | { readonly at: "confirm"; readonly index: number; readonly entry: Entry }
  | (Attempt & { readonly at: "read" })
  | (Attempt & { readonly at: "executed"; readonly blocker: number })
  | (Attempt & {
      readonly at: "publish";
      readonly rest: readonly (readonly [number, number])[];
      readonly changed: boolean;
    })
  | (Attempt & {
      readonly at: "retract";
      readonly changed: boolean;
      /** Left out: all its versions go. */
      readonly all: boolean;
    })
  | {
      readonly at: "wait";
      readonly index: number;
      readonly blocker: number;
      readonly added: boolean;
    }
  | {
      readonly at: "lower-validation";
      readonly index: number;
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
    }
  | {
      readonly at: "estimate";
      readonly index: number;
      readonly location: number;
    };

export interface Thread {
  program: Program;
  /** What it has taken and not begun yet: from `next` to before `end`. */
  next: number;
  end: number;
}

export interface State {
  entries: Entry[];
  /** versions[location][index] */
  versions: Version[][];
  executionIndex: number;
  validationIndex: number;
  commitIndex: number;
  eager: boolean;
  /** Thread + 1. */
  lock: number;
  threads: Thread[];
}

export const IDLE: Program = { at: "idle" };
export const INITIAL_VALUE = 1;

export function initialState({
  transactions,
  locations,
  threads,
  eager = false,
}: ModelOptions): State {
  return {
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
    eager,
    lock: 0,
    threads: Array.from({ length: threads }, () => ({
      program: IDLE,
      next: 0,
      end: 0,
    })),
  };
}

export function copyState(state: State): State {
  return {
    ...state,
    entries: state.entries.map((entry) => ({ ...entry })),
    versions: state.versions.map((versions) => [...versions]),
    threads: state.threads.map((thread) => ({ ...thread })),
  };
}

export const hasRun = ({ status }: Entry): boolean =>
  status === EXECUTED || status >= COMMITTED;

/** What a reader at `index` finds: the value, or whose estimate lies in the way. */
export function resolve(
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
