/**
 * The process's pool of worker threads. Their life is workerpool's business: it starts them, and
 * terminates those that hang. What they work on goes through the control block, without messages.
 */
import type { Worker } from "node:worker_threads";
import type { CoreInstance } from "../evm/wasm.js";
import type { ParallelWorkers, WorkerStart } from "./types.js";

import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { debuglog } from "node:util";

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

/** How long the main thread waits for the workers to leave a run that has ended: they are in the middle of a step. */
const FINISH_MS = 20;

/** A worker that has not left a run after this long is ended. */
const LEAVE_MS = 10_000;

/** How often it is looked whether those that did not leave at once have left. */
const SWEEP_MS = 250;

/** Seen with NODE_DEBUG=hardhat-parallel. */
const debug = debuglog("hardhat-parallel");

/** Whether this file is a source, run through a loader. */
const isSource = import.meta.url.endsWith(".ts");

/** A run that some workers have not left yet. */
interface Lingering {
  readonly state: number;
  readonly since: number;
  readonly free: () => void;
}

export class WorkerPool implements ParallelWorkers {
  readonly #core: CoreInstance;
  readonly #control: number;
  /** By slot. */
  readonly #members: (workerpool.Pool | undefined)[] = [];
  /** Threads that were given up and may still be there, by slot. */
  readonly #leaving = new Map<number, Promise<void>>();
  readonly #lingering = new Set<Lingering>();

  constructor(core: CoreInstance) {
    this.#core = core;
    this.#control = core.exports.bufferAlloc(CONTROL_SIZE) >>> 0;
    if (this.#control === 0) throw outOfMemory();
    core.view.fill(this.#control, CONTROL_SIZE);
  }

  public get ready(): number {
    return this.#slotsIn(this.#words(), SLOT_IDLE).length;
  }

  public ensure(count: number): void {
    this.#sweep();
    let missing = count - this.#members.filter(Boolean).length;
    for (let slot = 0; missing > 0 && slot < MAX_WORKERS; slot++) {
      if (this.#members[slot] === undefined && !this.#leaving.has(slot)) {
        this.#start(slot);
        missing--;
      }
    }
  }

  public begin(run: number, scheduler: number, threads: number): void {
    const words = this.#words();
    Atomics.store(words, LIMIT, threads);
    Atomics.store(words, JOINED, 0);
    Atomics.store(words, SCHEDULER, scheduler);
    Atomics.add(words, SEQUENCE, 1);
    Atomics.store(words, RUN, run);
    Atomics.notify(words, SEQUENCE);
    Atomics.notify(words, RUN);
  }

  public finish(free: () => void): void {
    const words = this.#words();
    Atomics.store(words, RUN, 0);
    const start = performance.now();
    const state = SLOT_BUSY + Atomics.load(words, SEQUENCE);
    for (;;) {
      const left = Atomics.load(words, LEFT);
      const busy = this.#slotsIn(words, state).length;
      if (busy === 0 && this.#leaving.size === 0) {
        free();
        break;
      }
      const rest = busy === 0 ? 0 : FINISH_MS - (performance.now() - start);
      if (rest <= 0) {
        this.#lingering.add({ state, since: start, free });
        setTimeout(() => this.#sweep(), SWEEP_MS).unref();
        break;
      }
      Atomics.wait(words, LEFT, left, rest);
    }
    for (const slot of this.#slotsIn(words, SLOT_TRAPPED)) {
      this.#drop(words, slot);
    }
  }

  /** Ends all threads. */
  public async close(): Promise<void> {
    const words = this.#words();
    for (let slot = 0; slot < this.#members.length; slot++) {
      this.#drop(words, slot);
    }
    await Promise.all(this.#leaving.values());
    this.#sweep();
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
    debug(
      "worker thread %d is gone; another one is started when needed",
      slot + 1,
    );
    this.#drop(this.#words(), slot);
  }

  /** Looks after the runs that workers had not left: frees those that were left, ends workers that hang. */
  #sweep(): void {
    const words = this.#words();
    for (const lingering of this.#lingering) {
      const slots = this.#slotsIn(words, lingering.state);
      if (performance.now() - lingering.since > LEAVE_MS) {
        for (const slot of slots) this.#drop(words, slot);
      }
      if (slots.length === 0 && this.#leaving.size === 0) {
        this.#lingering.delete(lingering);
        lingering.free();
      }
    }
    if (this.#lingering.size > 0) {
      setTimeout(() => this.#sweep(), SWEEP_MS).unref();
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
