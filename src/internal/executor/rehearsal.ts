/**
 * What a block costs, for the report's measured speedup: executed once more, its writes taken back,
 * and nothing recorded, because recording costs the same however many threads execute. Whoever is
 * first to execute a block pays for cold caches and for code that is not compiled yet: that is
 * neither side's time, so only a second execution counts.
 */
import type {
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
} from "../evm/types.js";
import type { BlockOutcome, ExecuteBlockOptions } from "./types.js";

import { SequentialExecutor } from "./sequential.js";

/** Wall time in milliseconds of executing the block on one thread. */
export function rehearse(
  state: ChainState,
  environment: BlockEnvironment,
  candidates: readonly ExecutableTransaction[],
  { onInvalid }: Pick<ExecuteBlockOptions, "onInvalid">,
): number {
  const executor = new SequentialExecutor();
  const options = { onInvalid, target: "direct" } as const;
  return rehearseBy(state, () =>
    executor.executeBlock(state, environment, candidates, options),
  );
}

/** The same of any way to execute it. */
export function rehearseBy(
  state: ChainState,
  execute: () => Pick<BlockOutcome, "execution"> | undefined,
): number {
  undone(state, execute);
  return undone(state, execute)?.execution.milliseconds ?? 0;
}

/** Does something to the state in an epoch of its own, and takes it back. */
function undone<T>(state: ChainState, action: () => T): T {
  const before = state.epoch;
  state.nextEpoch();
  try {
    return action();
  } finally {
    state.revert(before);
  }
}
