/** What a worker thread does all its life: sleep, work on a run, sleep. */
import type { WorkerStart } from "./types.js";

import { CoreInstance } from "../evm/wasm.js";
import { Ended } from "../executor/scheduler-view.js";
import {
  FIRST_SLOT,
  JOINED,
  LEFT,
  LIMIT,
  RUN,
  SCHEDULER,
  SEQUENCE,
  SLOT_BUSY,
  SLOT_IDLE,
  SLOT_TRAPPED,
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
    if (Atomics.load(control, RUN) === 0) {
      Atomics.wait(control, RUN, 0);
    } else if (sequence === done) {
      // This run has ended; the next one raises the number before it becomes the run.
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
    // The main thread takes the run away before it looks who is busy, so a run seen here is alive.
    if (isAtHand(control, sequence)) join(core, control, own, sequence);
    // Who was given up meanwhile stays so.
    return Atomics.compareExchange(control, own, busy, SLOT_IDLE) === busy;
  } catch {
    core.exports.parallelEnd(Atomics.load(control, SCHEDULER), Ended.trap);
    Atomics.compareExchange(control, own, busy, SLOT_TRAPPED);
    return false;
  } finally {
    Atomics.add(control, LEFT, 1);
    Atomics.notify(control, LEFT);
  }
}

/** Works on the run at hand as its next thread. */
function join(
  core: CoreInstance,
  control: Int32Array,
  own: number,
  sequence: number,
): void {
  const thread = Atomics.add(control, JOINED, 1) + 1;
  if (thread > Atomics.load(control, LIMIT)) return;
  const run = Atomics.load(control, RUN);
  while (
    run !== 0 &&
    isAtHand(control, sequence) &&
    Atomics.load(control, own) === SLOT_BUSY + sequence
  ) {
    if (core.exports.parallelWork(run, thread) === 0) return;
  }
}

/** Whether the run that began with this sequence number is still going on. */
function isAtHand(control: Int32Array, sequence: number): boolean {
  return (
    Atomics.load(control, RUN) !== 0 &&
    Atomics.load(control, SEQUENCE) === sequence
  );
}
