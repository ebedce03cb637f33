/**
 * Finishes on one thread what several threads began: the committed prefix stays, the rest is executed
 * in order. Whatever went wrong, the block comes out the same.
 */
import type { FallbackReason } from "../chain/types.js";
import type {
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
} from "../evm/types.js";
import type { ParallelOutcome } from "./parallel.js";
import type { BlockProgress, SequenceOptions } from "./sequential.js";

import { RunImplementation } from "../evm/run.js";
import { Ended } from "./scheduler-view.js";
import { executeSequence } from "./sequential.js";

const REASONS: Readonly<Record<number, FallbackReason>> = {
  [Ended.outOfMemory]: "out-of-memory",
  [Ended.trap]: "trap",
  [Ended.timeout]: "timeout",
};

/** Why a rest is left; undefined when none is. */
export function fallbackReason(
  outcome: ParallelOutcome,
): FallbackReason | undefined {
  return REASONS[outcome.ended];
}

/** Executes the candidates that were not decided yet. */
export function finishSequentially(
  state: ChainState,
  environment: BlockEnvironment,
  candidates: readonly ExecutableTransaction[],
  options: SequenceOptions,
  outcome: ParallelOutcome,
  progress: BlockProgress,
): void {
  const run = state.createRun(environment, { mode: "direct" });
  try {
    if (run instanceof RunImplementation) {
      run.follow(outcome);
    }
    executeSequence(run, candidates, outcome.decided, options, progress);
  } finally {
    run.free();
  }
}
