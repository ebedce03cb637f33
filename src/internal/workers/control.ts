/**
 * The control block: how the main thread and its workers speak, through Atomics on the shared
 * memory. Indexes count i32 words from the block's start.
 */

/** Raised with every run and job; workers sleep on it. */
export const SEQUENCE = 0;
/** The run or job to work on; 0 = none. */
export const WORK = 1;
/** How many workers may work on it. */
export const LIMIT = 2;
/** Raised by every worker that leaves a run; the main thread sleeps on it. */
export const LEFT = 3;
/** How many workers have joined the run so far: a worker's thread number in it. */
export const JOINED = 5;
/** Scheduler of the run, so that a worker which trapped can end it; 0 = the work is a job (assembly/tail/job.ts). */
export const SCHEDULER = 4;
/** From here on a word per worker: SLOT_*. */
export const FIRST_SLOT = 16;

/** Not started, or not there any more. */
export const SLOT_EMPTY = 0;
export const SLOT_IDLE = 1;
/** Its instance trapped; it does nothing any more. */
export const SLOT_TRAPPED = 2;
/** In the core, working on the run that began with SEQUENCE = what is added to this. */
export const SLOT_BUSY = 16;

export const MAX_WORKERS = 255;
/** Bytes of the block. */
export const CONTROL_SIZE = (FIRST_SLOT + MAX_WORKERS) * 4;
