/**
 * The process's pool of worker threads. Their life is workerpool's business: it starts them, and
 * terminates those that hang. What they work on goes through the control block, without messages.
 */
import type { Worker } from "node:worker_threads";
import type { CoreInstance } from "../evm/wasm.js";
import type { ParallelWorkers, WorkerStart } from "./types.js";

import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

import workerpool from "workerpool";

import { outOfMemory } from "../evm/wasm.js";
import {
  CONTROL_SIZE,
  FIRST_SLOT,
  JOINED,
  LEFT,
  LIMIT,
  MAX_WORKERS,
  RUN,
  SCHEDULER,
  SEQUENCE,
  SLOT_BUSY,
  SLOT_EMPTY,
  SLOT_IDLE,
  SLOT_TRAPPED,
} from "./control.js";

/** How long a worker may take to leave a run that has ended: it is at most in the middle of one step. */
const LEAVE_MS = 2_000;

/** Whether this file is a source, run through a loader. */
const isSource = import.meta.url.endsWith(".ts");

export class WorkerPool implements ParallelWorkers {
  readonly #core: CoreInstance;
  readonly #control: number;
  /** By slot. */
  readonly #members: (workerpool.Pool | undefined)[] = [];
  /** Threads that were given up and may still be there, by slot. */
  readonly #leaving = new Map<number, Promise<void>>();
  public trapped = false;

  constructor(core: CoreInstance) {
    this.#core = core;
    this.#control = core.exports.bufferAlloc(CONTROL_SIZE) >>> 0;
    if (this.#control === 0) throw outOfMemory();
    core.view.fill(this.#control, CONTROL_SIZE);
  }

  public get ready(): number {
    const words = this.#words();
    let ready = 0;
    for (let slot = 0; slot < this.#members.length; slot++) {
      if (Atomics.load(words, FIRST_SLOT + slot) === SLOT_IDLE) ready++;
    }
    return ready;
  }

  public ensure(count: number): void {
    let missing = count - this.#members.filter(Boolean).length;
    for (let slot = 0; missing > 0 && slot < MAX_WORKERS; slot++) {
      if (this.#members[slot] === undefined && !this.#leaving.has(slot)) {
        this.#start(slot);
        missing--;
      }
    }
  }

  public begin(run: number, threads: number, scheduler: number): void {
    const words = this.#words();
    this.trapped = false;
    Atomics.store(words, LIMIT, threads);
    Atomics.store(words, JOINED, 0);
    Atomics.store(words, SCHEDULER, scheduler);
    Atomics.store(words, RUN, run);
    Atomics.add(words, SEQUENCE, 1);
    Atomics.notify(words, SEQUENCE);
  }

  public finish(): boolean {
    const words = this.#words();
    Atomics.store(words, RUN, 0);
    const start = performance.now();
    for (;;) {
      const left = Atomics.load(words, LEFT);
      const busy = this.#slotsIn(words, SLOT_BUSY);
      if (busy.length === 0) {
        this.#heal(words, SLOT_TRAPPED);
        return true;
      }
      const rest = LEAVE_MS - (performance.now() - start);
      if (rest <= 0) {
        this.#heal(words, SLOT_TRAPPED);
        this.#heal(words, SLOT_BUSY);
        return false;
      }
      Atomics.wait(words, LEFT, left, rest);
    }
  }

  public async whenGone(): Promise<void> {
    await Promise.all(this.#leaving.values());
  }

  /** Ends all threads. */
  public async close(): Promise<void> {
    const words = this.#words();
    for (let slot = 0; slot < this.#members.length; slot++) {
      this.#drop(words, slot);
    }
    await this.whenGone();
  }

  #words(): Int32Array {
    return new Int32Array(this.#core.memory.buffer, this.#control);
  }

  #slotsIn(words: Int32Array, state: number): number[] {
    return [...this.#members.keys()].filter(
      (slot) => Atomics.load(words, FIRST_SLOT + slot) === state,
    );
  }

  #start(slot: number): void {
    const start: WorkerStart = {
      module: this.#core.module,
      memory: this.#core.memory,
      // 0 is the main thread.
      thread: slot + 1,
      control: this.#control,
      slot,
    };
    const pool = workerpool.pool(workerPath(), {
      workerType: "thread",
      maxWorkers: 1,
      workerThreadOpts: {
        execArgv: execArguments(),
        name: `hardhat-parallel-${slot + 1}`,
      },
    });
    this.#members[slot] = pool;
    // The call returns when the thread dies: by termination, or because the core trapped on it.
    pool.exec("workForever", [start]).then(
      () => this.#lost(slot, pool),
      () => this.#lost(slot, pool),
    );
    unreference(pool);
  }

  /** The thread is gone without having been asked to go. */
  #lost(slot: number, pool: workerpool.Pool): void {
    if (this.#members[slot] !== pool) return;
    this.#drop(this.#words(), slot);
  }

  /** Gives up the workers in a state; new ones are started when they are next wanted. */
  #heal(words: Int32Array, state: number): void {
    for (const slot of this.#slotsIn(words, state)) {
      if (state === SLOT_TRAPPED) this.trapped = true;
      this.#drop(words, slot);
    }
  }

  #drop(words: Int32Array, slot: number): void {
    const pool = this.#members[slot];
    if (pool === undefined) return;
    this.#members[slot] = undefined;
    Atomics.store(words, FIRST_SLOT + slot, SLOT_EMPTY);
    const gone = Promise.resolve(pool.terminate(true))
      .catch(() => undefined)
      .then(() => {
        this.#core.exports.threadLost(slot + 1);
        this.#leaving.delete(slot);
      });
    this.#leaving.set(slot, gone);
  }
}

/** The process ends when nothing but idle workers is left. */
function unreference(pool: workerpool.Pool): void {
  const { workers } = pool as unknown as {
    workers: readonly { readonly worker: Worker }[];
  };
  for (const { worker } of workers) worker.unref();
}

/** The worker's entry, beside this file: a source or compiled, as this file is. */
function workerPath(): string {
  return fileURLToPath(
    new URL(isSource ? "./worker.ts" : "./worker.js", import.meta.url),
  );
}

/** Sources need the loader that brought this file here. */
function execArguments(): string[] {
  if (!isSource) return [];
  const loader = createRequire(import.meta.url).resolve("tsx");
  return ["--import", pathToFileURL(loader).href];
}
