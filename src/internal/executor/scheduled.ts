import type {
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
} from "../evm/types.js";
import type { CoreInstance } from "../evm/wasm.js";
import type { BlockOutcome, InvalidPolicy } from "./types.js";

import { ChainStateImplementation } from "../evm/state.js";
import { outOfMemory } from "../evm/wasm.js";
import { completeBlock } from "./complete-block.js";
import { executeBySchedule, scheduleOf } from "./logical-threads.js";

export interface ScheduledOptions {
  readonly onInvalid: InvalidPolicy;
  readonly record: boolean;
  /** Logical threads. */
  readonly workers: number;
  /** 32 bits. */
  readonly seed: number;
}

/** Executes a block by logical threads, in the order that the seed stands for. */
export type ScheduledExecutor = (
  state: ChainState,
  environment: BlockEnvironment,
  candidates: readonly ExecutableTransaction[],
  options: ScheduledOptions,
) => BlockOutcome;

export function scheduledExecutor(core: CoreInstance): ScheduledExecutor {
  return (state, environment, candidates, options) => {
    if (!(state instanceof ChainStateImplementation)) {
      throw new Error("expected a state of the engine");
    }
    const { workers, seed } = options;
    const start = performance.now();
    const made = executeBySchedule(
      {
        core,
        chain: state.handle,
        epoch: state.epoch,
        environment,
        candidates,
        onInvalid: options.onInvalid,
        record: options.record,
      },
      workers,
      scheduleOf(seed),
    );
    if (made === undefined) throw outOfMemory();
    return completeBlock(state, environment, candidates, options, made, {
      threads: workers,
      start,
    });
  };
}
