/** How long a block would take with more workers than the machine has: from what its transactions read and wrote. */
import type { RecordedTransaction } from "../../src/internal/analysis/types.js";
import type { BlockOutcome } from "../../src/internal/executor/types.js";
import type { Scenario } from "../../test/helpers/blocks.js";

import { findDependencies } from "../../src/internal/analysis/dependencies.js";
import { listSchedule } from "../../src/internal/analysis/schedule.js";
import { hex } from "../../test/helpers/blocks.js";

export const SIMULATED_WORKERS = [1, 2, 4, 8, 16, 32, 64] as const;

/**
 * Share of the sequential time, by number of workers: list scheduling of the transactions in block order,
 * gas standing for time. It knows of no aborts and no scheduling work.
 *
 * @param outcome of a sequential execution, with access sets.
 */
export function simulate(
  { transactions }: Scenario,
  outcome: BlockOutcome,
): number[] {
  const recorded = outcome.included.map((index, position) =>
    record(transactions[index], outcome.results[position]),
  );
  const gas = recorded.map(({ gasUsed }) => gasUsed);
  const total = gas.reduce((sum, used) => sum + used, 0n);
  const dependencies = findDependencies(recorded);
  return SIMULATED_WORKERS.map((workers) => {
    const { makespan } = listSchedule(gas, dependencies, workers);
    return total === 0n ? 1 : Number(makespan) / Number(total);
  });
}

function record(
  { from, to, data }: Scenario["transactions"][number],
  { gasUsed, status, accessSet }: BlockOutcome["results"][number],
): RecordedTransaction {
  if (accessSet === undefined) throw new Error("expected access sets");
  return {
    hash: "0x",
    from,
    to,
    selector: data.length < 4 ? "0x" : hex(data.subarray(0, 4)),
    gasUsed,
    status: status < 0x10 ? 1 : 0,
    accessSet,
  };
}
