import type { Hash } from "../chain/types.js";
import type {
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
} from "../evm/types.js";
import type { Difference } from "./compare-outcomes.js";
import type {
  BlockExecutor,
  BlockOutcome,
  ExecuteBlockOptions,
  InvalidPolicy,
} from "./types.js";

import { compareFields, compareOutcomes } from "./compare-outcomes.js";
import { SequentialExecutor } from "./sequential.js";

/** A block that was verified, while what it found can still be read. */
export interface VerifiedBlock {
  readonly environment: BlockEnvironment;
  readonly candidates: readonly ExecutableTransaction[];
  readonly onInvalid: InvalidPolicy;
  /** Hashes of earlier blocks that it asked for. */
  readonly blockHashes: ReadonlyMap<bigint, Hash>;
  /** Its state, and the epoch at whose end is what the block found. */
  readonly state: ChainState;
  readonly epochBefore: number;
  /** What it came to sequentially, with access sets. */
  readonly sequential: BlockOutcome;
  /** How parallel execution differed from that; empty when it did not, or there was none. */
  readonly differences: readonly Difference[];
  /** Threads of the parallel execution. */
  readonly workers: number;
}

/**
 * `parallel.verify`: executes every block sequentially and, where it has several transactions and may
 * be executed by several threads, in parallel too, whatever the policy thinks of it. When they differ,
 * the sequential result is kept.
 */
export class VerifyingExecutor implements BlockExecutor {
  readonly #inner: BlockExecutor;
  readonly #onVerified: (block: VerifiedBlock) => void;
  readonly #oracle = new SequentialExecutor("difference");

  constructor(
    inner: BlockExecutor,
    onVerified: (block: VerifiedBlock) => void,
  ) {
    this.#inner = inner;
    this.#onVerified = onVerified;
  }

  public executeBlock(
    state: ChainState,
    environment: BlockEnvironment,
    candidates: readonly ExecutableTransaction[],
    options: ExecuteBlockOptions,
  ): BlockOutcome {
    if (options.target !== "direct") {
      return this.#inner.executeBlock(state, environment, candidates, options);
    }
    const blockHashes = new Map<bigint, Hash>();
    const observed: BlockEnvironment = {
      ...environment,
      blockHash(number) {
        const hash = environment.blockHash(number);
        if (hash !== undefined) blockHashes.set(number, hash);
        return hash;
      },
    };
    const epochBefore = state.epoch;
    state.nextEpoch();
    const execute = (
      executor: BlockExecutor,
      mode: "sequential" | "parallel",
      record: ExecuteBlockOptions["record"],
    ): BlockOutcome =>
      executor.executeBlock(state, observed, candidates, {
        ...options,
        mode,
        ...(record === undefined ? {} : { record }),
      });

    let sequential: BlockOutcome;
    let kept: BlockOutcome;
    const differences: Difference[] = [];
    if (candidates.length < 2 || options.mode === "sequential") {
      sequential = kept = execute(this.#inner, "sequential", true);
    } else {
      sequential = execute(this.#oracle, "sequential", true);
      const stateRoot = state.root();
      state.revert(epochBefore);
      try {
        kept = execute(this.#inner, "parallel", options.record);
        differences.push(...compareOutcomes(sequential, kept));
        compareFields(
          "the block",
          { stateRoot },
          { stateRoot: state.root() },
          differences,
        );
      } catch (error) {
        kept = sequential;
        compareFields("the block", { error: "none" }, { error }, differences);
      }
    }
    const { workers } = kept.execution;
    if (differences.length > 0) {
      state.revert(epochBefore);
      kept = execute(this.#oracle, "sequential", options.record);
    }
    this.#onVerified({
      environment,
      candidates,
      onInvalid: options.onInvalid,
      blockHashes,
      state,
      epochBefore,
      sequential,
      differences,
      workers,
    });
    return options.record === true ? kept : withoutAccessSets(kept);
  }
}

/** As if nobody had recorded. */
function withoutAccessSets(outcome: BlockOutcome): BlockOutcome {
  return {
    ...outcome,
    execution: { ...outcome.execution, accessSets: undefined },
  };
}
