/**
 * Logical threads: instances of the core that take turns on one real thread, step by step, in an
 * order that is chosen from outside. The same schedule gives the same aborts, again and again.
 */
import type { ChainStateImplementation } from "../../src/internal/evm/state.js";
import type { ParallelOutcome } from "../../src/internal/executor/parallel.js";
import type { ParallelWorkers } from "../../src/internal/workers/types.js";
import type { Scenario } from "./blocks.js";

import { getEngine } from "../../src/internal/evm/engine.js";
import { CoreInstance } from "../../src/internal/evm/wasm.js";
import { executeInParallel } from "../../src/internal/executor/parallel.js";

/** Numbers of the instances in the engine, far from those of real threads. */
const FIRST_THREAD = 900;

const STEP_PUBLISH = 1;
const STEP_COMMIT = 3;
const STEP_TAKE_OVER = 4;
/** Commits are rarer than the rest, or the block would be decided before anything has gone wrong. */
const KINDS = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, STEP_COMMIT, STEP_TAKE_OVER];

const instances: CoreInstance[] = [];

function instance(index: number): CoreInstance {
  const { core } = getEngine();
  instances[index] ??= new CoreInstance(
    core.module,
    core.memory,
    FIRST_THREAD + index,
  );
  return instances[index];
}

const NO_WORKERS: ParallelWorkers = {
  ready: 0,
  ensure: () => undefined,
  begin: () => undefined,
  finish: (free) => free(),
};

/** A number per step: which thread, and what it is to do. */
export type Schedule = readonly number[];

/** Executes a block by `threads` logical threads, first as the schedule says, then to the end. */
export function executeBySchedule(
  { environment, transactions, onInvalid = "skip-sender" }: Scenario,
  state: ChainStateImplementation,
  threads: number,
  schedule: Schedule,
  record: boolean,
): ParallelOutcome | undefined {
  const { core } = getEngine();
  return executeInParallel({
    core,
    chain: state.handle,
    epoch: state.epoch,
    environment,
    candidates: transactions,
    threads: threads + 1,
    onInvalid,
    record,
    onReleased: (run) => follow(run, threads, schedule),
    workers: NO_WORKERS,
  });
}

function follow(run: number, threads: number, schedule: Schedule): void {
  for (const choice of schedule) {
    const thread = choice % threads;
    const kind = KINDS[Math.floor(choice / threads) % KINDS.length];
    instance(thread).exports.parallelStep(run, thread + 1, kind);
  }
  // What was executed has to come out, or the main thread would wait for it.
  for (let thread = 0; thread < threads; thread++) {
    const { exports } = instance(thread);
    exports.parallelStep(run, thread + 1, STEP_PUBLISH);
    exports.parallelStep(run, thread + 1, STEP_COMMIT);
  }
}
