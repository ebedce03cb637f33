/**
 * The process's pool of worker threads. Their life is workerpool's business: it starts them, and
 * terminates those that hang. What they work on goes through the control block, without messages.
 */
import type { Worker } from "node:worker_threads";
import type { CoreInstance } from "../evm/wasm.js";
import type { Workers, WorkerStart } from "./types.js";

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
  SCHEDULER,
  SEQUENCE,
  SLOT_BUSY,
  SLOT_EMPTY,
  SLOT_IDLE,
  SLOT_TRAPPED,
  WORK,
} from "./control.js";

/** How long the main thread waits for the workers to leave what has ended: they are in the middle of a step. */
const FINISH_MS = 20;

/** A worker that has not left a run or job after this long is ended. */
const LEAVE_MS = 10_000;

/** How often it is looked whether those that did not leave at once have left. */
const SWEEP_MS = 250;

/** Seen with NODE_DEBUG=hardhat-parallel. */
const debug = debuglog("hardhat-parallel");

/** Whether this file is a source, run through a loader. */
const isSource = import.meta.url.endsWith(".ts");

/** A run or job that some workers have not left yet. */
interface Lingering {
  readonly state: number;
  readonly since: number;
  readonly free: () => void;
}

export class WorkerPool implements Workers {
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
    this.#begin(run, scheduler, threads);
  }

  public finish(free: () => void): void {
    this.finishJob(Atomics.load(this.#words(), SEQUENCE), free);
  }

  public get idle(): number {
    // One that was given up may still be at work, on whatever it finds.
    return this.#leaving.size > 0 ? 0 : this.ready;
  }

  public beginJob(job: number, threads: number): number {
    return this.#begin(job, 0, threads);
  }

  public endJob(ticket: number, milliseconds: number): boolean {
    const words = this.#words();
    if (Atomics.load(words, SEQUENCE) === ticket) Atomics.store(words, WORK, 0);
    const start = performance.now();
    for (;;) {
      const left = Atomics.load(words, LEFT);
      const busy = this.#slotsIn(words, SLOT_BUSY + ticket).length;
      if (busy === 0 && this.#leaving.size === 0) return true;
      const rest = busy === 0 ? 0 : milliseconds - (performance.now() - start);
      if (rest <= 0) return false;
      Atomics.wait(words, LEFT, left, rest);
    }
  }

  public finishJob(ticket: number, free: () => void): void {
    const since = performance.now();
    if (this.endJob(ticket, FINISH_MS)) {
      free();
    } else {
      this.#lingering.add({ state: SLOT_BUSY + ticket, since, free });
      setTimeout(() => this.#sweep(), SWEEP_MS).unref();
    }
    const words = this.#words();
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

  /** Returns the sequence number. */
  #begin(work: number, scheduler: number, threads: number): number {
    const words = this.#words();
    Atomics.store(words, LIMIT, threads);
    Atomics.store(words, JOINED, 0);
    Atomics.store(words, SCHEDULER, scheduler);
    const sequence = Atomics.add(words, SEQUENCE, 1) + 1;
    Atomics.store(words, WORK, work);
    Atomics.notify(words, SEQUENCE);
    Atomics.notify(words, WORK);
    return sequence;
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
        workerData: start,
      },
    });
    this.#members[slot] = pool;
    // The call starts the thread, and returns when it dies: by termination, or because the core trapped on it.
    pool.exec("hasEnded", []).then(
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

  /** Looks after what workers had not left: frees what was left, ends workers that hang. */
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
