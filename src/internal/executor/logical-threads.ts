/**
 * Logical threads: instances of the core that take turns on one real thread, step by step, in an
 * order that is chosen from outside. The same schedule gives the same aborts, again and again.
 */
import type { ParallelWorkers } from "../workers/types.js";
import type { ParallelInput, ParallelOutcome } from "./parallel.js";

import { CoreInstance } from "../evm/wasm.js";
import { executeInParallel } from "./parallel.js";

/** Numbers of the instances in the engine, far from those of real threads. */
const FIRST_THREAD = 900;

const STEP_PUBLISH = 1;
const STEP_COMMIT = 3;
const STEP_TAKE_OVER = 4;
/** Commits are rarer than the rest, or the block would be decided before anything has gone wrong. */
const KINDS = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, STEP_COMMIT, STEP_TAKE_OVER];

/** As many steps in a row that found nothing to do end the schedule; what is left is done in order. */
const IDLE_STEPS = 200;

export const NO_WORKERS: ParallelWorkers = {
  ready: 0,
  ensure: () => undefined,
  begin: () => undefined,
  finish: (free) => free(),
};

/** Numbers that say, step by step, which thread is to do what. */
export type Schedule = Iterable<number>;

/** Instances by engine; they live as long as it does. */
const instances = new WeakMap<CoreInstance, CoreInstance[]>();

/** Executes a block by `threads` logical threads, first as the schedule says, then to the end. */
export function executeBySchedule(
  input: Omit<ParallelInput, "threads" | "workers" | "onReleased">,
  threads: number,
  schedule: Schedule,
): ParallelOutcome | undefined {
  return executeInParallel({
    ...input,
    // The main thread is one more: it finishes.
    threads: threads + 1,
    onReleased: (run) => follow(input.core, run, threads, schedule),
    workers: NO_WORKERS,
  });
}

function follow(
  core: CoreInstance,
  run: number,
  threads: number,
  schedule: Schedule,
): void {
  let idle = 0;
  for (const choice of schedule) {
    const thread = choice % threads;
    const kind = KINDS[Math.floor(choice / threads) % KINDS.length];
    const done = instance(core, thread).exports.parallelStep(
      run,
      thread + 1,
      kind,
    );
    idle = done ? 0 : idle + 1;
    if (idle > IDLE_STEPS) break;
  }
  // What was executed has to come out, or the main thread would wait for it.
  for (let thread = 0; thread < threads; thread++) {
    const { exports } = instance(core, thread);
    exports.parallelStep(run, thread + 1, STEP_PUBLISH);
    exports.parallelStep(run, thread + 1, STEP_COMMIT);
  }
}

function instance(core: CoreInstance, index: number): CoreInstance {
  let made = instances.get(core);
  if (made === undefined) {
    made = [];
    instances.set(core, made);
  }
  made[index] ??= new CoreInstance(
    core.module,
    core.memory,
    FIRST_THREAD + index,
  );
  return made[index];
}

/** An endless schedule drawn from a 32-bit seed (mulberry32). */
export function* scheduleOf(seed: number): Generator<number> {
  let state = seed >>> 0;
  for (;;) {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    yield (mixed ^ (mixed >>> 14)) >>> 0;
  }
}
