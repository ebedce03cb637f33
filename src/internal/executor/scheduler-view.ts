/** The scheduler of a parallel execution, as it lies in the shared memory (assembly/parallel/scheduler.ts). */
import type { MemoryView } from "../evm/memory-view.js";

const COUNT = 0;
const THREADS = 4;
const ENDED = 8;
const ENTRIES = 16;
const STATES = 20;
const COMMIT_INDEX = 64;

// ThreadState
const STATE_SIZE = 128;
const INCARNATIONS = 16;
const ABORTS = 20;
const COMMIT_ABORTS = 24;
const WAITS = 28;
const DECIDED = 32;
const VALIDATIONS = 36;

const ENTRY_SIZE = 128;
const ENTRY_STATE = 0;
const ENTRY_RESULT = 8;
const ENTRY_THREAD = 40;

const STATUS_MASK = 15;
const COMMITTED = 5;
/** The rest of the state word is the number of the incarnation. */
const STATUS_BITS = 4;

/** How a parallel execution ended. */
export const Ended = {
  running: 0,
  finished: 1,
  stopped: 2,
  outOfMemory: 3,
  trap: 4,
  timeout: 5,
} as const;

// What `parallelWork` returns.
export const WORK_STALLED = 1;

/** Counters of a parallel execution. They depend on timing; results never do. */
export interface SchedulerCounters {
  /** Executions, all told. */
  readonly incarnations: number;
  /** Executions found stale, early or at commit. */
  readonly aborts: number;
  /** Those of them that were found at commit. */
  readonly commitAborts: number;
  /** Executions broken off because another one had to come first. */
  readonly waits: number;
  /** Executions in their turn, with everything before them decided. */
  readonly decided: number;
  readonly validations: number;
}

export class SchedulerView {
  readonly #view: MemoryView;
  readonly #at: number;
  readonly #entries: number;

  constructor(view: MemoryView, at: number) {
    this.#view = view;
    this.#at = at;
    this.#entries = view.u32(at + ENTRIES);
  }

  public get count(): number {
    return this.#view.u32(this.#at + COUNT);
  }

  /** One of `Ended`. */
  public get ended(): number {
    return this.#view.u32(this.#at + ENDED);
  }

  /** How many transactions, from the first on, are decided. */
  public get committed(): number {
    return this.#view.u32(this.#at + COMMIT_INDEX);
  }

  public get counters(): SchedulerCounters {
    const commitAborts = this.#sum(COMMIT_ABORTS);
    return {
      incarnations: this.#sum(INCARNATIONS),
      aborts: this.#sum(ABORTS) + commitAborts,
      commitAborts,
      waits: this.#sum(WAITS),
      decided: this.#sum(DECIDED),
      validations: this.#sum(VALIDATIONS),
    };
  }

  /** Whether a decided transaction became part of the block. */
  public isIncluded(index: number): boolean {
    const state = this.#view.u32(this.#entry(index) + ENTRY_STATE);
    return (state & STATUS_MASK) === COMMITTED;
  }

  /** Address of its RESULT_* record; 0: left out because of its sender. */
  public resultOf(index: number): number {
    return this.#view.u32(this.#entry(index) + ENTRY_RESULT);
  }

  /** Which thread executed it last, and in which incarnation (the first is 0). */
  public executionOf(index: number): {
    readonly thread: number;
    readonly incarnation: number;
  } {
    const entry = this.#entry(index);
    return {
      thread: this.#view.u32(entry + ENTRY_THREAD),
      incarnation: this.#view.u32(entry + ENTRY_STATE) >>> STATUS_BITS,
    };
  }

  /** Sum over the threads. */
  #sum(field: number): number {
    const states = this.#view.u32(this.#at + STATES);
    const threads = this.#view.u32(this.#at + THREADS);
    let sum = 0;
    for (let i = 0; i < threads; i++) {
      sum += this.#view.u32(states + i * STATE_SIZE + field);
    }
    return sum;
  }

  #entry(index: number): number {
    return this.#entries + index * ENTRY_SIZE;
  }
}
