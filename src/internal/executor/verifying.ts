import type { Hash } from "../chain/types.js";
import type {
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
} from "../evm/types.js";
import type { Difference } from "./compare-outcomes.js";
import type { ScheduledExecutor } from "./scheduled.js";
import type {
  BlockExecutor,
  BlockOutcome,
  ExecuteBlockOptions,
  InvalidPolicy,
} from "./types.js";

import { compareFields, compareOutcomes } from "./compare-outcomes.js";
import { SequentialExecutor } from "./sequential.js";

/** Logical threads of a scheduled execution, where nobody says how many there are. */
const DEFAULT_THREADS = 3;

/** How many seeds are tried when threads came to a difference and the block's own seed did not. */
const SEEDS = 64;

const SEED_BITS = 32;

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
  /** Threads that it was executed by, logical ones or real ones. */
  readonly workers: number;
  /** A seed with which logical threads come to a difference too; undefined when none is known. */
  readonly seed: number | undefined;
}

/**
 * `parallel.verify`: executes every block sequentially and, where it has several transactions and may
 * be executed by several threads, in parallel too, whatever the policy thinks of it: by logical threads
 * in an order drawn from the block's number, and by real ones. When anything differs, the sequential
 * result is kept.
 */
export class VerifyingExecutor implements BlockExecutor {
  readonly #inner: BlockExecutor;
  readonly #scheduled: ScheduledExecutor | undefined;
  readonly #onVerified: (block: VerifiedBlock) => void;

  /** @param scheduled undefined: real threads alone. */
  constructor(
    inner: BlockExecutor,
    scheduled: ScheduledExecutor | undefined,
    onVerified: (block: VerifiedBlock) => void,
  ) {
    this.#inner = inner;
    this.#scheduled = scheduled;
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
    const epochBefore = state.epoch;
    state.nextEpoch();
    const block = new BlockAttempts(state, environment, candidates, options);
    const isAlone = candidates.length < 2 || options.mode === "sequential";
    const verified = isAlone
      ? block.alone(this.#inner)
      : block.everyWay(this.#inner, this.#scheduled, epochBefore);
    const { kept, ...found } = verified;
    this.#onVerified({
      environment,
      candidates,
      onInvalid: options.onInvalid,
      blockHashes: block.blockHashes,
      state,
      epochBefore,
      workers: threadsOf(options),
      ...found,
    });
    return options.record === true ? kept : withoutAccessSets(kept);
  }
}

interface Verified extends Pick<
  VerifiedBlock,
  "sequential" | "differences" | "seed"
> {
  readonly kept: BlockOutcome;
}

interface Attempt {
  /** Undefined when it broke. */
  readonly outcome: BlockOutcome | undefined;
  readonly differences: readonly Difference[];
}

function threadsOf({ workers = DEFAULT_THREADS }: ExecuteBlockOptions): number {
  return workers;
}

/** One block, executed again and again in the current epoch of its state. */
class BlockAttempts {
  public readonly blockHashes = new Map<bigint, Hash>();
  readonly #state: ChainState;
  readonly #environment: BlockEnvironment;
  readonly #candidates: readonly ExecutableTransaction[];
  readonly #options: ExecuteBlockOptions;
  readonly #oracle = new SequentialExecutor("difference");

  constructor(
    state: ChainState,
    environment: BlockEnvironment,
    candidates: readonly ExecutableTransaction[],
    options: ExecuteBlockOptions,
  ) {
    this.#state = state;
    this.#candidates = candidates;
    this.#options = options;
    this.#environment = {
      ...environment,
      blockHash: (number) => {
        const hash = environment.blockHash(number);
        if (hash !== undefined) this.blockHashes.set(number, hash);
        return hash;
      },
    };
  }

  public alone(inner: BlockExecutor): Verified {
    const sequential = this.#execute(inner, "sequential", true);
    return { sequential, kept: sequential, differences: [], seed: undefined };
  }

  public everyWay(
    inner: BlockExecutor,
    scheduled: ScheduledExecutor | undefined,
    epochBefore: number,
  ): Verified {
    const sequential = this.#execute(this.#oracle, "sequential", true);
    const stateRoot = this.#state.root();
    const attempt = (execute: () => BlockOutcome): Attempt => {
      this.#state.revert(epochBefore);
      return this.#compare(sequential, stateRoot, execute);
    };
    const bySeed = (seed: number): Attempt | undefined =>
      scheduled && attempt(() => this.#executeBySeed(scheduled, seed));
    const different = (
      { differences }: Attempt,
      seed: number | undefined,
    ): Verified => {
      this.#state.revert(epochBefore);
      return {
        sequential,
        differences,
        seed,
        kept: this.#execute(this.#oracle, "sequential", this.#options.record),
      };
    };

    const { number } = this.#environment;
    const ownSeed = Number(BigInt.asUintN(SEED_BITS, number));
    const planned = bySeed(ownSeed);
    if (planned !== undefined && planned.differences.length > 0) {
      return different(planned, ownSeed);
    }
    const threaded = attempt(() =>
      this.#execute(inner, "parallel", this.#options.record),
    );
    const { outcome } = threaded;
    if (outcome !== undefined && threaded.differences.length === 0) {
      return { sequential, kept: outcome, differences: [], seed: undefined };
    }
    for (let seed = 0; seed < SEEDS; seed++) {
      if (bySeed(seed)?.differences.length) return different(threaded, seed);
    }
    return different(threaded, undefined);
  }

  /** Executes the block, and compares what it came to with what it should. */
  #compare(
    sequential: BlockOutcome,
    stateRoot: Hash,
    execute: () => BlockOutcome,
  ): Attempt {
    const differences: Difference[] = [];
    try {
      const outcome = execute();
      differences.push(...compareOutcomes(sequential, outcome));
      compareFields(
        "the block",
        { stateRoot },
        { stateRoot: this.#state.root() },
        differences,
      );
      return { outcome, differences };
    } catch (error) {
      compareFields("the block", { error: "none" }, { error }, differences);
      return { outcome: undefined, differences };
    }
  }

  #executeBySeed(scheduled: ScheduledExecutor, seed: number): BlockOutcome {
    return scheduled(this.#state, this.#environment, this.#candidates, {
      onInvalid: this.#options.onInvalid,
      record: true,
      workers: threadsOf(this.#options),
      seed,
    });
  }

  #execute(
    executor: BlockExecutor,
    mode: "sequential" | "parallel",
    record: ExecuteBlockOptions["record"],
  ): BlockOutcome {
    return executor.executeBlock(
      this.#state,
      this.#environment,
      this.#candidates,
      {
        ...this.#options,
        mode,
        ...(record === undefined ? {} : { record }),
      },
    );
  }
}

/** As if nobody had recorded. */
function withoutAccessSets(outcome: BlockOutcome): BlockOutcome {
  return {
    ...outcome,
    execution: { ...outcome.execution, accessSets: undefined },
  };
}
