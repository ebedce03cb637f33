/** What a worker thread does all its life: sleep, work on a run or a job, sleep. */
import type { WorkerStart } from "./types.js";

import { CoreInstance } from "../evm/wasm.js";
import { Ended } from "../executor/scheduler-view.js";
import {
  FIRST_SLOT,
  JOINED,
  LEFT,
  LIMIT,
  SCHEDULER,
  SEQUENCE,
  SLOT_BUSY,
  SLOT_IDLE,
  SLOT_TRAPPED,
  WORK,
} from "./control.js";

/** Never returns, unless the core traps on this thread: then the thread is of no use any more. */
export function workForever(start: WorkerStart): void {
  const core = new CoreInstance(start.module, start.memory, start.thread);
  const own = FIRST_SLOT + start.slot;
  let control = words(start);
  Atomics.store(control, own, SLOT_IDLE);
  let done: number | undefined;
  for (;;) {
    const sequence = Atomics.load(control, SEQUENCE);
    if (Atomics.load(control, WORK) === 0) {
      Atomics.wait(control, WORK, 0);
    } else if (sequence === done) {
      // This work has ended; the next raises the number before it takes its place.
      Atomics.wait(control, SEQUENCE, sequence);
    } else {
      // Perhaps it began while this thread was starting: it is worth joining all the same.
      if (!workOnce(core, control, own, sequence)) return;
      control = words(start);
      done = sequence;
    }
  }
}

/** The control block, through the memory's present buffer. */
function words({ memory, control }: WorkerStart): Int32Array {
  return new Int32Array(memory.buffer, control);
}

function workOnce(
  core: CoreInstance,
  control: Int32Array,
  own: number,
  sequence: number,
): boolean {
  const busy = SLOT_BUSY + sequence;
  Atomics.store(control, own, busy);
  try {
    // The main thread takes the work away before it looks who is busy, so what is seen here is alive.
    if (isAtHand(control, sequence)) join(core, control, own, sequence);
    // Who was given up meanwhile stays so.
    return Atomics.compareExchange(control, own, busy, SLOT_IDLE) === busy;
  } catch {
    const scheduler = Atomics.load(control, SCHEDULER);
    if (scheduler !== 0) core.exports.parallelEnd(scheduler, Ended.trap);
    Atomics.compareExchange(control, own, busy, SLOT_TRAPPED);
    return false;
  } finally {
    Atomics.add(control, LEFT, 1);
    Atomics.notify(control, LEFT);
  }
}

/** Works on the run or job at hand as its next thread. */
function join(
  core: CoreInstance,
  control: Int32Array,
  own: number,
  sequence: number,
): void {
  const thread = Atomics.add(control, JOINED, 1) + 1;
  if (thread > Atomics.load(control, LIMIT)) return;
  const work = Atomics.load(control, WORK);
  const isJob = Atomics.load(control, SCHEDULER) === 0;
  while (
    work !== 0 &&
    isAtHand(control, sequence) &&
    Atomics.load(control, own) === SLOT_BUSY + sequence
  ) {
    if (isJob) {
      core.exports.jobWork(work);
      return;
    }
    if (core.exports.parallelWork(work, thread) === 0) return;
  }
}

/** Whether what began with this sequence number is still going on. */
function isAtHand(control: Int32Array, sequence: number): boolean {
  return (
    Atomics.load(control, WORK) !== 0 &&
    Atomics.load(control, SEQUENCE) === sequence
  );
}
