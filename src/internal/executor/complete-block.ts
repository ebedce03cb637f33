import type {
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
} from "../evm/types.js";
import type { ParallelOutcome } from "./parallel.js";
import type { SequenceOptions } from "./sequential.js";
import type { BlockOutcome } from "./types.js";

import { fallbackReason, finishSequentially } from "./fallback.js";

/**
 * The block that several threads executed: what they left over is executed in order.
 *
 * @param start when the execution began, as `performance.now()` has it.
 */
export function completeBlock(
  state: ChainState,
  environment: BlockEnvironment,
  candidates: readonly ExecutableTransaction[],
  options: SequenceOptions,
  made: ParallelOutcome,
  { threads, start }: { readonly threads: number; readonly start: number },
): BlockOutcome {
  const { included, results, skipped, stoppedAt, gasUsed, counters } = made;
  const progress = { included, results, skipped, stoppedAt, gasUsed };
  const reason = fallbackReason(made);
  if (reason !== undefined) {
    finishSequentially(state, environment, candidates, options, made, progress);
  }
  const rest = reason === undefined ? 0 : candidates.length - made.decided;
  return {
    ...progress,
    execution: {
      mode: reason === undefined ? "parallel" : "mixed",
      reason,
      workers: threads,
      incarnations: counters.incarnations + rest,
      aborts: counters.aborts,
      milliseconds: performance.now() - start,
      accessSets: options.record
        ? results.flatMap(({ accessSet }) => accessSet ?? [])
        : undefined,
    },
  };
}
