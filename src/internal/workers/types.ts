import type { Helpers } from "../evm/shared-work.js";

/** Threads that work on blocks beside the main one. */
export interface ParallelWorkers {
  /** How many threads could begin at once. */
  readonly ready: number;
  /** Starts threads until there are `count`, without waiting for them. */
  ensure(count: number): void;
  /** Lets up to `threads` threads work on a run (as its threads 1, 2 …) until it has ended. */
  begin(run: number, scheduler: number, threads: number): void;
  /**
   * The run has ended: no thread begins to work on it any more. Calls `free` when none is left on it:
   * at once as a rule, later when a thread does not come back soon.
   */
  finish(free: () => void): void;
}

/** The same threads, for what comes after execution too. */
export interface Workers extends ParallelWorkers, Helpers {}

/** What a worker thread is started with. */
export interface WorkerStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Number of the thread in the engine: no two at a time have the same. */
  readonly thread: number;
  /** Address of the control block (control.ts). */
  readonly control: number;
  /** The worker's place in the control block. */
  readonly slot: number;
}
