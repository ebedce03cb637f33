/**
 * What a block's dependencies leave to parallelism. Gas stands for time. A transaction is the
 * smallest unit: it starts when the last one it depends on has ended.
 */
import type { Dependency } from "./types.js";

import { MinHeap } from "./min-heap.js";

export interface CriticalPath {
  /** Gas of the longest chain. */
  readonly gas: bigint;
  /** Its transactions, in order. */
  readonly transactions: readonly number[];
}

/** The longest chain of dependent transactions by gas. */
export function criticalPath(
  gas: readonly bigint[],
  dependencies: readonly Dependency[],
): CriticalPath {
  const end: bigint[] = [];
  const before: (number | undefined)[] = [];
  const writers = writersOf(gas.length, dependencies);
  let last: number | undefined;
  for (let index = 0; index < gas.length; index++) {
    let start = 0n;
    for (const writer of writers[index]) {
      if (end[writer] > start) {
        start = end[writer];
        before[index] = writer;
      }
    }
    end.push(start + gas[index]);
    if (last === undefined || end[index] > end[last]) {
      last = index;
    }
  }
  const path: number[] = [];
  for (let index = last; index !== undefined; index = before[index]) {
    path.unshift(index);
  }
  return { gas: last === undefined ? 0n : end[last], transactions: path };
}

export interface ScheduledTransaction {
  readonly worker: number;
  /** Gas since the start of the block. */
  readonly start: bigint;
  readonly end: bigint;
}

export interface Schedule {
  /** Gas from the block's start to its end. */
  readonly makespan: bigint;
  readonly transactions: readonly ScheduledTransaction[];
}

/**
 * List scheduling in block order on `workers` workers (1 or more): a worker that is free takes the
 * first transaction, in block order, whose dependencies have ended. At most 2 - 1/workers times
 * the best possible (Graham).
 */
export function listSchedule(
  gas: readonly bigint[],
  dependencies: readonly Dependency[],
  workers: number,
): Schedule {
  const writers = writersOf(gas.length, dependencies);
  const readers = gas.map((): number[] => []);
  const missing = writers.map((set, reader) => {
    set.forEach((writer) => readers[writer].push(reader));
    return set.size;
  });
  const ready = new MinHeap<number>((a, b) => a - b);
  missing.forEach((count, index) => {
    if (count === 0) {
      ready.push(index);
    }
  });
  const idle = new MinHeap<number>((a, b) => a - b);
  for (let worker = 0; worker < workers; worker++) {
    idle.push(worker);
  }
  const scheduled: ScheduledTransaction[] = new Array(gas.length);
  const running = new MinHeap<number>((a, b) => {
    const difference = scheduled[a].end - scheduled[b].end;
    return difference < 0n ? -1 : difference > 0n ? 1 : a - b;
  });
  let now = 0n;
  for (;;) {
    while (ready.size > 0 && idle.size > 0) {
      const index = ready.pop() as number;
      const worker = idle.pop() as number;
      scheduled[index] = { worker, start: now, end: now + gas[index] };
      running.push(index);
    }
    const first = running.peek();
    if (first === undefined) {
      return { makespan: now, transactions: scheduled };
    }
    now = scheduled[first].end;
    for (
      let ended = running.peek();
      ended !== undefined && scheduled[ended].end === now;
      ended = running.peek()
    ) {
      running.pop();
      idle.push(scheduled[ended].worker);
      for (const reader of readers[ended]) {
        if (--missing[reader] === 0) {
          ready.push(reader);
        }
      }
    }
  }
}

function writersOf(
  count: number,
  dependencies: readonly Dependency[],
): ReadonlySet<number>[] {
  const writers = Array.from({ length: count }, () => new Set<number>());
  for (const { from, to } of dependencies) {
    writers[to].add(from);
  }
  return writers;
}
