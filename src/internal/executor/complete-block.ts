import type {
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
} from "../evm/types.js";
import type { ParallelOutcome } from "./parallel.js";
import type { SequenceOptions } from "./sequential.js";
import type { BlockOutcome } from "./types.js";

import { debuglog } from "node:util";

import { fallbackReason, finishSequentially } from "./fallback.js";

/** Seen with NODE_DEBUG=hardhat-parallel. */
const debug = debuglog("hardhat-parallel");

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
    debug(
      "block %s: %s after %d of %d transactions, the rest is executed on one thread",
      environment.number,
      reason,
      made.decided,
      candidates.length,
    );
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
