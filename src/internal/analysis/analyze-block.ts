/** One block's parallelism, from what its transactions read and wrote. */
import type { Dependency, RecordedBlock } from "./types.js";

import { findDependencies } from "./dependencies.js";
import { type HotLocation, hotLocations } from "./hot-locations.js";
import { criticalPath, listSchedule } from "./schedule.js";

/** Worker counts for which the schedule is simulated. */
export const SIMULATED_WORKERS = [1, 2, 4, 8, 16] as const;

export interface BlockAnalysis {
  readonly block: RecordedBlock;
  /** Sum of the transactions' gas. */
  readonly gas: bigint;
  /** All dependencies, those between transactions of one sender included. */
  readonly dependencies: readonly Dependency[];
  /** Pairs of transactions that conflict for another reason than their sender. */
  readonly conflictingPairs: number;
  /** Transactions that depend on no other, and on which no other depends. */
  readonly independent: number;
  readonly criticalPath: {
    readonly gas: bigint;
    readonly transactions: readonly number[];
  };
  /** gas / critical path: no number of workers does better. 1 for an empty block. */
  readonly speedupBound: number;
  /** The bound if every transaction had a sender of its own. */
  readonly speedupBoundWithoutSenders: number;
  /** By number of workers, from the simulated schedule. */
  readonly speedups: ReadonlyMap<number, number>;
  /** As if every transaction had a sender of its own. */
  readonly hot: readonly HotLocation[];
}

export function analyzeBlock(block: RecordedBlock): BlockAnalysis {
  const gas = block.transactions.map(({ gasUsed }) => gasUsed);
  const total = gas.reduce((sum, used) => sum + used, 0n);
  const dependencies = findDependencies(block.transactions);
  const contracts = dependencies.filter(({ cause }) => cause !== "sender");
  const path = criticalPath(gas, dependencies);
  const bound = criticalPath(gas, contracts);
  const touched = new Set(dependencies.flatMap(({ from, to }) => [from, to]));
  return {
    block,
    gas: total,
    dependencies,
    conflictingPairs: new Set(contracts.map(({ from, to }) => `${from}:${to}`))
      .size,
    independent: gas.length - touched.size,
    criticalPath: path,
    speedupBound: ratio(total, path.gas),
    speedupBoundWithoutSenders: ratio(total, bound.gas),
    speedups: new Map(
      SIMULATED_WORKERS.map((workers) => [
        workers,
        ratio(total, listSchedule(gas, dependencies, workers).makespan),
      ]),
    ),
    // One wallet behind several transactions says nothing about the contracts.
    hot: hotLocations(block.transactions, contracts),
  };
}

/** a / b to four digits; 1 when b is zero. */
function ratio(a: bigint, b: bigint): number {
  return b === 0n ? 1 : Number((a * 10_000n) / b) / 10_000;
}
