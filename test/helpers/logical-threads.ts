import type { ChainStateImplementation } from "../../src/internal/evm/state.js";
import type { Schedule } from "../../src/internal/executor/logical-threads.js";
import type { ParallelOutcome } from "../../src/internal/executor/parallel.js";
import type { Scenario } from "./blocks.js";

import { getEngine } from "../../src/internal/evm/engine.js";
import { executeBySchedule as execute } from "../../src/internal/executor/logical-threads.js";

/** Executes a scenario's block by `threads` logical threads, first as the schedule says, then to the end. */
export function executeBySchedule(
  { environment, transactions, onInvalid = "skip-sender" }: Scenario,
  state: ChainStateImplementation,
  threads: number,
  schedule: Schedule,
  record: boolean,
): ParallelOutcome | undefined {
  return execute(
    {
      core: getEngine().core,
      chain: state.handle,
      epoch: state.epoch,
      environment,
      candidates: transactions,
      onInvalid,
      record,
    },
    threads,
    schedule,
  );
}
