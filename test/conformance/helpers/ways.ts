/** How cases are executed: one transaction after the other, or by several threads. */
import type { FallbackReason } from "../../../src/internal/chain/types.js";
import type {
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
} from "../../../src/internal/evm/types.js";
import type { BlockOutcome } from "../../../src/internal/executor/types.js";
import type { WorkerPool } from "../../../src/internal/workers/pool.js";
import type { Way } from "./cases.js";

import { getEngine } from "../../../src/internal/evm/engine.js";
import { BlockExecutorImplementation } from "../../../src/internal/executor/executor.js";
import { SequentialExecutor } from "../../../src/internal/executor/sequential.js";
import { readyWorkers } from "../../helpers/assert-equivalent.js";

const THREADS = 2;

export const SEQUENTIAL: Way = {
  name: "sequential",
  execute(state, environment, transactions, record) {
    const { results, stoppedAt } = new SequentialExecutor().executeBlock(
      state,
      environment,
      transactions,
      { onInvalid: "stop", target: "direct", record: record && "results" },
    );
    return {
      results,
      invalid:
        stoppedAt?.result === undefined
          ? undefined
          : { index: stoppedAt.index, result: stoppedAt.result },
    };
  },
};

/** What parallel executions did, to prove that they took place. */
export interface ParallelCounters {
  blocks: number;
  /** That became part of their blocks. */
  transactions: number;
  incarnations: number;
  aborts: number;
  /** Blocks that one thread finished (see `isExpected`). */
  fallbacks: number;
}

export interface ParallelWay extends Way {
  readonly counters: ParallelCounters;
  /** The block as it is, skipping invalid transactions. */
  executeBlock(
    state: ChainState,
    environment: BlockEnvironment,
    transactions: readonly ExecutableTransaction[],
    record?: boolean,
  ): BlockOutcome;
}

/**
 * Block-STM on two threads. Around the transactions stand decoys: transactions of senders without
 * funds, which are executed, found invalid and left out, so that even a block of one transaction is
 * speculated on and nothing about the result changes.
 */
export async function parallelWay(): Promise<ParallelWay> {
  const pool = await readyWorkers(THREADS - 1);
  const executor = new BlockExecutorImplementation(getEngine().core, pool);
  const counters: ParallelCounters = {
    blocks: 0,
    transactions: 0,
    incarnations: 0,
    aborts: 0,
    fallbacks: 0,
  };
  const executeBlock: ParallelWay["executeBlock"] = (...block) => {
    const outcome = run(executor, pool, ...block);
    const { mode, reason, incarnations, aborts } = outcome.execution;
    if (mode !== "parallel" && !isExpected(reason)) {
      throw new Error(`expected parallel execution, got ${mode} (${reason})`);
    }
    counters.blocks++;
    counters.transactions += outcome.included.length;
    counters.incarnations += incarnations;
    counters.aborts += aborts;
    if (mode !== "parallel") counters.fallbacks++;
    return outcome;
  };
  return {
    name: "parallel",
    counters,
    executeBlock,
    execute(state, environment, transactions, record) {
      const { results, skipped } = executeBlock(
        state,
        environment,
        [decoy(0), ...transactions, decoy(1), decoy(2)],
        record,
      );
      const invalid = skipped.find(
        ({ index }) => index > 0 && index <= transactions.length,
      );
      return {
        results,
        invalid:
          invalid?.result === undefined
            ? undefined
            : { index: invalid.index - 1, result: invalid.result },
      };
    },
  };
}

/**
 * A transaction of many seconds, with nothing to be seen of it meanwhile: the executor gives up waiting.
 * Or one that needs gigabytes of memory, of which there are not enough for two.
 */
function isExpected(reason: FallbackReason | undefined): boolean {
  return reason === "timeout" || reason === "out-of-memory";
}

function run(
  executor: BlockExecutorImplementation,
  pool: WorkerPool,
  state: ChainState,
  environment: BlockEnvironment,
  transactions: readonly ExecutableTransaction[],
  record = false,
): BlockOutcome {
  pool.ensure(THREADS - 1);
  return executor.executeBlock(state, environment, transactions, {
    mode: "parallel",
    workers: THREADS,
    onInvalid: "skip",
    target: "direct",
    record: record && "results",
  });
}

function decoy(index: number): ExecutableTransaction {
  return {
    type: 0,
    from: `0x${(0xdec0n + BigInt(index)).toString(16).padStart(40, "d")}`,
    to: "0x000000000000000000000000000000000000dec0",
    nonce: 0n,
    gasLimit: 21_000n,
    value: 1n,
    data: new Uint8Array(),
    feeCap: 0n,
    priorityFee: 0n,
    maxFeePerBlobGas: 0n,
    blobVersionedHashes: [],
    accessList: [],
    authorizationList: [],
  };
}
