/** The process's block executor: decides how a block is executed, and sees it through. */
import type {
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
} from "../evm/types.js";
import type { CoreInstance } from "../evm/wasm.js";
import type { ParallelWorkers } from "../workers/types.js";
import type { ExecutorMetrics } from "./metrics.js";
import type {
  BlockExecutor,
  BlockOutcome,
  ExecuteBlockOptions,
} from "./types.js";

import { availableParallelism } from "node:os";

import { getEngine } from "../evm/engine.js";
import { ChainStateImplementation } from "../evm/state.js";
import { WorkerPool } from "../workers/pool.js";
import { completeBlock } from "./complete-block.js";
import { MetricsCollector } from "./metrics.js";
import { executeInParallel } from "./parallel.js";
import { FEWEST_TRANSACTIONS, Policy } from "./policy.js";
import { rehearse, rehearseBy } from "./rehearsal.js";
import { SequentialExecutor } from "./sequential.js";

/** Asked once: the answer costs more than a small block. */
const cores = availableParallelism();
const tooFewTransactions = new SequentialExecutor("too-few-transactions");

export interface ExecutorOptions {
  /** How long nothing may be decided in parallel, in milliseconds, before a block is finished on one thread. */
  readonly stallMs?: number;
}

export class BlockExecutorImplementation implements BlockExecutor {
  readonly #core: CoreInstance;
  readonly #workers: ParallelWorkers;
  readonly #policy = new Policy();
  readonly #metrics = new MetricsCollector();

  readonly #options: ExecutorOptions;

  constructor(
    core: CoreInstance,
    workers: ParallelWorkers,
    options: ExecutorOptions = {},
  ) {
    this.#core = core;
    this.#workers = workers;
    this.#options = options;
  }

  public get metrics(): ExecutorMetrics {
    return this.#metrics;
  }

  public executeBlock(
    state: ChainState,
    environment: BlockEnvironment,
    candidates: readonly ExecutableTransaction[],
    options: ExecuteBlockOptions,
  ): BlockOutcome {
    const outcome = this.#execute(state, environment, candidates, options);
    this.#metrics.add(outcome.execution, outcome.included.length);
    return outcome;
  }

  #execute(
    state: ChainState,
    environment: BlockEnvironment,
    candidates: readonly ExecutableTransaction[],
    options: ExecuteBlockOptions,
  ): BlockOutcome {
    if (
      options.target !== "direct" ||
      candidates.length < 2 ||
      !(state instanceof ChainStateImplementation)
    ) {
      return this.#executeSequentially(
        tooFewTransactions,
        state,
        environment,
        candidates,
        options,
      );
    }
    const { mode = "auto", workers = cores } = options;
    const threads = Math.max(1, Math.min(workers, candidates.length));
    const decision = this.#policy.decide(
      { mode, candidates, threads },
      this.#workers,
    );
    if (decision.mode === "parallel") {
      return this.#executeInParallel(
        state,
        environment,
        candidates,
        options,
        decision.threads,
      );
    }
    // Recording takes time, and would make blocks look as if they were worth threads.
    const milliseconds =
      options.record === true &&
      decision.reason !== "disabled" &&
      candidates.length >= FEWEST_TRANSACTIONS
        ? rehearse(state, environment, candidates, options)
        : undefined;
    return this.#executeSequentially(
      new SequentialExecutor(decision.reason),
      state,
      environment,
      candidates,
      options,
      milliseconds,
    );
  }

  /** @param milliseconds what it takes; undefined: as long as it takes now. */
  #executeSequentially(
    executor: SequentialExecutor,
    state: ChainState,
    environment: BlockEnvironment,
    candidates: readonly ExecutableTransaction[],
    options: ExecuteBlockOptions,
    milliseconds?: number,
  ): BlockOutcome {
    const outcome = executor.executeBlock(
      state,
      environment,
      candidates,
      options,
    );
    this.#policy.learnSequential(
      candidates,
      milliseconds ?? outcome.execution.milliseconds,
    );
    return outcome;
  }

  #executeInParallel(
    state: ChainStateImplementation,
    environment: BlockEnvironment,
    candidates: readonly ExecutableTransaction[],
    { onInvalid, record = false }: ExecuteBlockOptions,
    threads: number,
  ): BlockOutcome {
    const share = (recorded: boolean): BlockOutcome | undefined => {
      const start = performance.now();
      const outcome = executeInParallel({
        core: this.#core,
        chain: state.handle,
        epoch: state.epoch,
        environment,
        candidates,
        threads,
        onInvalid,
        record: recorded,
        workers: this.#workers,
        stallMs: this.#options.stallMs,
      });
      return outcome === undefined
        ? undefined
        : completeBlock(
            state,
            environment,
            candidates,
            { onInvalid, record: recorded },
            outcome,
            { threads, start },
          );
    };
    // Only reports ask for access sets, and they compare.
    const rehearsed =
      record === true
        ? {
            sequentialMilliseconds: rehearse(state, environment, candidates, {
              onInvalid,
            }),
            milliseconds: rehearseBy(state, () => share(false)),
          }
        : undefined;
    const block = share(record !== false);
    if (block === undefined) {
      return this.#executeSequentially(
        new SequentialExecutor("out-of-memory"),
        state,
        environment,
        candidates,
        { onInvalid, record, target: "direct" },
      );
    }
    const execution = { ...block.execution, ...rehearsed };
    if (rehearsed !== undefined) {
      this.#policy.learnSequential(
        candidates,
        rehearsed.sequentialMilliseconds,
      );
    }
    this.#policy.learnParallel(
      candidates,
      threads,
      execution.milliseconds,
      execution.aborts,
    );
    return {
      ...block,
      execution: {
        ...execution,
        accessSets: record === true ? execution.accessSets : undefined,
      },
    };
  }
}

let executor: BlockExecutorImplementation | undefined;

/** What executes the blocks of this process. */
export function getBlockExecutor(): BlockExecutor & {
  readonly metrics: ExecutorMetrics;
} {
  if (executor === undefined) {
    const { core } = getEngine();
    const pool = new WorkerPool(core);
    core.helpers = pool;
    executor = new BlockExecutorImplementation(core, pool);
  }
  return executor;
}
