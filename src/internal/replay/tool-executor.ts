/** Executes blocks for tools: an engine of its own, with its own memory and threads, until it is closed. */
import type { ChainState } from "../evm/types.js";
import type { CoreInstance } from "../evm/wasm.js";
import type { SchedulerView } from "../executor/scheduler-view.js";
import type { BlockOutcome } from "../executor/types.js";
import type { ParsedBlock } from "./block-input.js";
import type {
  BlockInput,
  ExecutedBlock,
  ExecuteOptions,
  ScheduledTransaction,
} from "./types.js";

import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

import { MAX_WORKERS } from "../constants.js";
import { createEngine } from "../evm/engine.js";
import { ChainStateImplementation } from "../evm/state.js";
import { outOfMemory } from "../evm/wasm.js";
import { completeBlock } from "../executor/complete-block.js";
import {
  executeBySchedule,
  NO_WORKERS,
  scheduleOf,
} from "../executor/logical-threads.js";
import { executeInParallel } from "../executor/parallel.js";
import { SequentialExecutor } from "../executor/sequential.js";
import { WorkerPool } from "../workers/pool.js";
import { fillState, parseBlock } from "./block-input.js";
import { wholeState } from "./block-json.js";
import { MAX_SEED } from "./bundle.js";
import { boolean, integer, object, oneOf } from "./fields.js";
import { invalidTransaction, receiptsOf } from "./receipts.js";

export interface ToolExecutorOptions {
  /** Threads that execute a block, the calling one included; default: as many as the machine has cores. */
  readonly workers?: number;
}

interface ParsedOptions {
  readonly mode: "sequential" | "parallel";
  readonly workers: number;
  readonly seed: number | undefined;
  readonly accessSets: boolean;
  readonly postState: boolean;
}

type ToolEngine = ReturnType<typeof createEngine>;

/** How long worker threads may take to start. */
const START_MS = 20_000;
const POLL_MS = 2;

export class ToolExecutor implements AsyncDisposable {
  readonly #workers: number;
  #engine: ToolEngine | undefined;
  #pool: WorkerPool | undefined;

  /** @throws InvalidInputError */
  constructor(options: ToolExecutorOptions = {}) {
    const { workers } = object(options, "options", ["workers"]);
    this.#workers =
      workers === undefined
        ? Math.min(availableParallelism(), MAX_WORKERS)
        : integer(workers, "options.workers", 1, MAX_WORKERS);
    this.#engine = createEngine();
  }

  /**
   * Executes a block on the state that it brings along. Nothing of it is left afterwards.
   *
   * @throws InvalidInputError: names the field, what was expected and what was given.
   */
  public async execute(
    block: BlockInput,
    options: ExecuteOptions = {},
  ): Promise<ExecutedBlock> {
    const parsed = parseBlock(block);
    const parsedOptions = this.#parseOptions(options);
    const { mode, seed, workers } = parsedOptions;
    if (mode === "parallel" && seed === undefined) {
      await this.#waitForThreads(this.#open().core, workers - 1);
    }
    return this.#execute(this.#open(), parsed, parsedOptions);
  }

  /** Bytes of the engine's memory that are in use; between blocks it does not grow. */
  public memoryInUse(): number {
    return this.#open().memoryInUse();
  }

  /** Ends the threads and lets go of the memory. Later calls are refused. */
  public async close(): Promise<void> {
    const pool = this.#pool;
    this.#engine = undefined;
    this.#pool = undefined;
    await pool?.close();
  }

  public async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #open(): ToolEngine {
    if (this.#engine === undefined) {
      throw new Error("expected an executor in use, got one that was closed");
    }
    return this.#engine;
  }

  #parseOptions(options: ExecuteOptions): ParsedOptions {
    const { mode, workers, seed, accessSets, postState } = object(
      options,
      "options",
      ["mode", "workers", "seed", "accessSets", "postState"],
    );
    return {
      mode: oneOf(mode, "options.mode", ["sequential", "parallel"], "parallel"),
      workers:
        workers === undefined
          ? this.#workers
          : integer(workers, "options.workers", 1, MAX_WORKERS),
      seed:
        seed === undefined
          ? undefined
          : integer(seed, "options.seed", 0, MAX_SEED),
      accessSets: boolean(accessSets, "options.accessSets", true),
      postState: boolean(postState, "options.postState", false),
    };
  }

  async #waitForThreads(core: CoreInstance, count: number): Promise<void> {
    if (count === 0) return;
    this.#pool ??= new WorkerPool(core);
    const pool = this.#pool;
    const start = performance.now();
    pool.ensure(count);
    while (pool.ready < count && this.#pool === pool) {
      if (performance.now() - start > START_MS) {
        throw new Error(
          `expected ${count} worker threads within ${START_MS / 1000} seconds, got ${pool.ready}`,
        );
      }
      await sleep(POLL_MS);
    }
  }

  #execute(
    engine: ToolEngine,
    block: ParsedBlock,
    options: ParsedOptions,
  ): ExecutedBlock {
    const state = engine.createState();
    try {
      fillState(state, block.preState);
      const cpu = process.cpuUsage();
      const start = performance.now();
      const { outcome, transactions } =
        options.mode === "sequential" || block.transactions.length === 0
          ? {
              outcome: executeAlone(state, block, options),
              transactions: undefined,
            }
          : executeTogether(engine.core, this.#pool, state, block, options);
      const milliseconds = performance.now() - start;
      const { user, system } = process.cpuUsage(cpu);
      const { mode, reason, workers, incarnations, aborts } = outcome.execution;
      return {
        receipts: receiptsOf(outcome),
        skipped: outcome.skipped.map(invalidTransaction),
        stoppedAt:
          outcome.stoppedAt === undefined
            ? undefined
            : invalidTransaction(outcome.stoppedAt),
        gasUsed: outcome.gasUsed,
        stateRoot: state.root(),
        accessSets: options.accessSets
          ? outcome.results.flatMap(({ accessSet }) => accessSet ?? [])
          : undefined,
        schedule: {
          mode,
          reason,
          workers,
          incarnations,
          aborts,
          seed: options.seed,
          transactions,
        },
        timing: {
          milliseconds,
          cpuMilliseconds: (user + system) / 1000,
        },
        postState: options.postState ? wholeState(state) : undefined,
      };
    } finally {
      state.close();
    }
  }
}

function executeAlone(
  state: ChainState,
  { environment, transactions, onInvalid }: ParsedBlock,
  { accessSets }: ParsedOptions,
): BlockOutcome {
  return new SequentialExecutor().executeBlock(
    state,
    environment,
    transactions,
    { onInvalid, record: accessSets, target: "direct" },
  );
}

interface ParallelBlock {
  readonly outcome: BlockOutcome;
  readonly transactions: readonly ScheduledTransaction[] | undefined;
}

function executeTogether(
  core: CoreInstance,
  pool: WorkerPool | undefined,
  state: ChainState,
  block: ParsedBlock,
  { accessSets: record, workers, seed }: ParsedOptions,
): ParallelBlock {
  if (!(state instanceof ChainStateImplementation)) {
    throw new Error("expected a state of the engine");
  }
  const { environment, transactions, onInvalid } = block;
  const start = performance.now();
  const schedule: ScheduledTransaction[] = [];
  const input = {
    core,
    chain: state.handle,
    epoch: state.epoch,
    environment,
    candidates: transactions,
    onInvalid,
    record,
    onEnded(scheduler: SchedulerView) {
      for (let index = 0; index < scheduler.committed; index++) {
        const { thread, incarnation } = scheduler.executionOf(index);
        schedule.push({ worker: thread, incarnations: incarnation + 1 });
      }
    },
  };
  const made =
    seed === undefined
      ? executeInParallel({
          ...input,
          threads: workers,
          workers: pool ?? NO_WORKERS,
        })
      : executeBySchedule(input, workers, scheduleOf(seed));
  if (made === undefined) throw outOfMemory();
  return {
    outcome: completeBlock(
      state,
      environment,
      transactions,
      { onInvalid, record },
      made,
      { threads: workers, start },
    ),
    transactions: schedule,
  };
}
