/** Threads that help the engine of the tests, real ones and others. */
import type { Helpers } from "../../../src/internal/evm/shared-work.js";

import { getEngine } from "../../../src/internal/evm/engine.js";
import { readyWorkers } from "../../helpers/assert-equivalent.js";

export const THREADS = [1, 2, 4, 8] as const;

/** Calls `use` while the engine has these helpers. */
export function withHelpers<T>(helpers: Helpers | undefined, use: () => T): T {
  const { core } = getEngine();
  const before = core.helpers;
  core.helpers = helpers;
  try {
    return use();
  } finally {
    core.helpers = before;
  }
}

/** Real threads, as many as the largest of THREADS asks for, and how many jobs they were given. */
export async function realHelpers(): Promise<
  Helpers & { readonly jobs: number }
> {
  const pool = await readyWorkers(THREADS[THREADS.length - 1] - 1);
  let jobs = 0;
  return {
    get jobs() {
      return jobs;
    },
    get idle() {
      return pool.idle;
    },
    beginJob(job, threads) {
      jobs++;
      return pool.beginJob(job, threads);
    },
    endJob: (ticket, milliseconds) => pool.endJob(ticket, milliseconds),
    finishJob: (ticket, free) => pool.finishJob(ticket, free),
  };
}

// Job of assembly/tail/job.ts.
const JOB_COUNT = 4;
const JOB_NEXT = 64;

export interface LosingHelpers extends Helpers {
  /** How many units were taken and never done. */
  readonly lost: number;
  /** Calls `free` of the jobs that were not left. */
  release(): void;
}

/**
 * No threads, but units are gone as if some had taken them.
 *
 * @param share of the units, from the first on.
 * @param isLeft whether the threads are known to have left the job at its end: dead, not silent.
 */
export function losingHelpers(
  share: number,
  isLeft: boolean,
  { view } = getEngine().core,
): LosingHelpers {
  const held: (() => void)[] = [];
  let lost = 0;
  return {
    idle: 1,
    get lost() {
      return lost;
    },
    beginJob(job) {
      const taken = Math.ceil(view.u32(job + JOB_COUNT) * share);
      view.setU32(job + JOB_NEXT, taken);
      lost += taken;
      return 1;
    },
    endJob: () => isLeft,
    finishJob(_ticket, free) {
      if (isLeft) free();
      else held.push(free);
    },
    release: () => held.splice(0).forEach((free) => free()),
  };
}
