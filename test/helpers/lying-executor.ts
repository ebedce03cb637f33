/** Executors whose parallel execution is wrong: what verification has to find. */
import type { ChainState, RunResult } from "../../src/internal/evm/types.js";
import type {
  BlockExecutor,
  BlockOutcome,
} from "../../src/internal/executor/types.js";

import { SequentialExecutor } from "../../src/internal/executor/sequential.js";

/** Executes honestly, then changes what came out of it, or what it left in the state, when asked for parallel execution. */
export function lyingExecutor(
  lie: (outcome: BlockOutcome, state: ChainState) => BlockOutcome,
): BlockExecutor {
  const honest = new SequentialExecutor();
  return {
    executeBlock: (state, environment, candidates, options) => {
      const outcome = honest.executeBlock(
        state,
        environment,
        candidates,
        options,
      );
      return options.mode === "parallel"
        ? lie(
            {
              ...outcome,
              execution: {
                ...outcome.execution,
                mode: "parallel",
                workers: options.workers ?? 2,
              },
            },
            state,
          )
        : outcome;
    },
  };
}

/** The outcome with another result of the transaction at `position`. */
export function withResult(
  outcome: BlockOutcome,
  position: number,
  change: Partial<RunResult>,
): BlockOutcome {
  const results = [...outcome.results];
  // A result has getters, which a spread would leave behind.
  results[position] = new Proxy(results[position], {
    get: (target, key): unknown =>
      Reflect.get(Object.hasOwn(change, key) ? change : target, key, target),
  });
  return { ...outcome, results };
}
