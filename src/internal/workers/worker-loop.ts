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
  let seen = Atomics.load(control, SEQUENCE);
  Atomics.store(control, own, SLOT_IDLE);
  // A run that began while this thread was starting is worth joining too.
  for (;;) {
    if (Atomics.load(control, RUN) !== 0) {
      if (!workOnce(core, start, control)) return;
      control = words(start);
    }
    while (Atomics.load(control, SEQUENCE) === seen) {
      Atomics.wait(control, SEQUENCE, seen);
    }
    seen = Atomics.load(control, SEQUENCE);
  }
}

/** The control block, through the memory's present buffer. */
function words({ memory, control }: WorkerStart): Int32Array {
  return new Int32Array(memory.buffer, control);
}

/** Works on the run at hand as its next thread. */
function join(core: CoreInstance, control: Int32Array, own: number): void {
  const thread = Atomics.add(control, JOINED, 1) + 1;
  if (thread > Atomics.load(control, LIMIT)) return;
  for (;;) {
    const run = Atomics.load(control, RUN);
    if (run === 0 || Atomics.load(control, own) !== SLOT_BUSY) return;
    if (core.exports.parallelWork(run, thread) === 0) return;
  }
}

function workOnce(
  core: CoreInstance,
  start: WorkerStart,
  control: Int32Array,
): boolean {
  const own = FIRST_SLOT + start.slot;
  Atomics.store(control, own, SLOT_BUSY);
  try {
    // The main thread takes the run away before it looks who is busy, so a run seen here is alive.
    if (Atomics.load(control, RUN) !== 0) join(core, control, own);
    // Who was given up meanwhile stays so.
    Atomics.compareExchange(control, own, SLOT_BUSY, SLOT_IDLE);
    return Atomics.load(control, own) === SLOT_IDLE;
  } catch {
    core.exports.parallelEnd(Atomics.load(control, SCHEDULER), Ended.trap);
    Atomics.store(control, own, SLOT_TRAPPED);
    return false;
  } finally {
    Atomics.add(control, LEFT, 1);
    Atomics.notify(control, LEFT);
  }
}
