/** Jobs of the core (assembly/tail/), shared with threads that have nothing else to do. */
import type { CoreInstance } from "./wasm.js";

/** Threads that take units of jobs. */
export interface Helpers {
  /** How many threads could begin at once; 0 while it is unsure what some thread is at. */
  readonly idle: number;
  /** Lets up to `threads` threads take units of a job. Returns a ticket that names it from here on. */
  beginJob(job: number, threads: number): number;
  /** No thread begins with it any more. Returns whether all have left it, within so many milliseconds. */
  endJob(ticket: number, milliseconds: number): boolean;
  /** Calls `free` when no thread is left on it: at once as a rule, later when one does not come back soon. */
  finishJob(ticket: number, free: () => void): void;
}

/** Whether there are threads to share with. */
export function canShare({ helpers }: CoreInstance): boolean {
  return helpers !== undefined && helpers.idle > 0;
}

export interface SharedJob {
  /** Of the core, with all that it points to. */
  readonly job: number;
  /** How many threads may work on it, this one included. */
  readonly threads: number;
  /** How long the others may take for what they have begun with, once nothing else is left. */
  readonly milliseconds: number;
  /** Called when no thread is left on it. */
  readonly free: () => void;
}

/** Has a job done. `use` takes what it came to, and is told whether all other threads have left it by then. */
export function shareJob<T>(
  core: CoreInstance,
  { job, threads, milliseconds, free }: SharedJob,
  use: (isLeft: boolean) => T,
): T {
  const { helpers } = core;
  if (helpers === undefined || threads < 2 || helpers.idle === 0) {
    try {
      core.exports.jobWork(job);
      return use(true);
    } finally {
      free();
    }
  }
  const ticket = helpers.beginJob(job, threads - 1);
  try {
    core.exports.jobWork(job);
    return use(helpers.endJob(ticket, milliseconds));
  } finally {
    helpers.finishJob(ticket, free);
  }
}
