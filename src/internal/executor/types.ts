/**
 * What executes a block's transactions, as the chain sees it. Synchronous: a parallel execution
 * works on the calling thread too, and other threads are only a gain.
 */
import type { BlockExecution } from "../chain/types.js";
import type {
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
  Run,
  RunResult,
} from "../evm/types.js";

/**
 * What happens to the block when a candidate turns out to be invalid (status >= 0x80) in its turn.
 * - `skip`: it is left out, the next one follows.
 * - `skip-sender`: it is left out and so is every later candidate of its sender (the miner's rule).
 * - `stop`: nothing from it on is executed.
 */
export type InvalidPolicy = "skip" | "skip-sender" | "stop";

export interface ExecuteBlockOptions {
  /** `auto` (default): the policy decides. */
  readonly mode?: "auto" | "sequential" | "parallel";
  /** Threads at work, the calling one included; default: as many as the machine has cores. */
  readonly workers?: number;
  /** Return access sets: in the results and in `execution.accessSets`, or in the results alone. */
  readonly record?: boolean | "results";
  readonly onInvalid: InvalidPolicy;
  /**
   * `direct`: the writes go to the state's current epoch.
   * A run: the transactions follow those it already has (always sequential).
   */
  readonly target: "direct" | Run;
}

/** A candidate that was left out. */
export interface SkippedTransaction {
  /** Index in the candidates. */
  readonly index: number;
  /** Why; undefined when it was left out because of an earlier candidate of its sender. */
  readonly result: RunResult | undefined;
}

export interface BlockOutcome {
  /** Indexes of the candidates that made it, ascending. */
  readonly included: readonly number[];
  /** Their results, in the same order. `logIndex` counts from the block's first log. */
  readonly results: readonly RunResult[];
  readonly skipped: readonly SkippedTransaction[];
  /** With `stop`: the candidate at which execution ended; the ones after it are untouched. */
  readonly stoppedAt: SkippedTransaction | undefined;
  /** Of the block (`ExecutionResult.blockGas`). */
  readonly gasUsed: bigint;
  readonly execution: BlockExecution;
}

/** Executes the candidates in order; results are those of executing them one after the other. */
export interface BlockExecutor {
  executeBlock(
    state: ChainState,
    environment: BlockEnvironment,
    candidates: readonly ExecutableTransaction[],
    options: ExecuteBlockOptions,
  ): BlockOutcome;
}
