/** What a block costs on one thread, for the report's measured speedup. */
import type {
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
} from "../evm/types.js";
import type { ExecuteBlockOptions } from "./types.js";

import { SequentialExecutor } from "./sequential.js";

/** Wall time in milliseconds of executing the block on one thread. Its writes are undone. */
export function rehearse(
  state: ChainState,
  environment: BlockEnvironment,
  candidates: readonly ExecutableTransaction[],
  options: Pick<ExecuteBlockOptions, "onInvalid" | "record">,
): number {
  const executor = new SequentialExecutor();
  const execute = (): number => {
    const before = state.epoch;
    state.nextEpoch();
    const { execution } = executor.executeBlock(
      state,
      environment,
      candidates,
      { ...options, target: "direct" },
    );
    state.revert(before);
    return execution.milliseconds;
  };
  // Whoever is first to touch the block's state pays for the cold caches: that is neither side's time.
  execute();
  return execute();
}
