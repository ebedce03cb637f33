/** Threads that work on blocks beside the main one. */
export interface ParallelWorkers {
  /** How many threads could begin at once. */
  readonly ready: number;
  /** Starts threads until there are `count`, without waiting for them. */
  ensure(count: number): void;
  /** Lets up to `threads` threads work on a run (as its threads 1, 2 …) until it has ended. */
  begin(run: number, threads: number, scheduler: number): void;
  /**
   * Waits until no thread works on the run any more.
   * @returns false when some thread did not come back in time: it is given up, and what it may still
   *   write to must not be freed before `whenGone` resolves.
   */
  finish(): boolean;
  /** Resolves when every thread that was given up is gone. */
  whenGone(): Promise<void>;
  /** Whether a thread trapped during the last run. */
  readonly trapped: boolean;
}

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
