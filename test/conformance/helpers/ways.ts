/** How cases are executed: one transaction after the other, or by several threads. */
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
  execute(state, environment, transactions) {
    const { results, stoppedAt } = new SequentialExecutor().executeBlock(
      state,
      environment,
      transactions,
      { onInvalid: "stop", target: "direct" },
    );
    const status = stoppedAt?.result?.status;
    return {
      results,
      invalid:
        stoppedAt === undefined || status === undefined
          ? undefined
          : { index: stoppedAt.index, status },
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
  /** Blocks that one thread finished, because a transaction took too long. */
  fallbacks: number;
}

export interface ParallelWay extends Way {
  readonly counters: ParallelCounters;
  /** The block as it is, skipping invalid transactions. */
  executeBlock(
    state: ChainState,
    environment: BlockEnvironment,
    transactions: readonly ExecutableTransaction[],
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
    // A transaction of many seconds, with nothing to be seen of it meanwhile: the executor gives up waiting.
    if (mode !== "parallel" && reason !== "timeout") {
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
    execute(state, environment, transactions) {
      const { results, skipped } = executeBlock(state, environment, [
        decoy(0),
        ...transactions,
        decoy(1),
        decoy(2),
      ]);
      const invalid = skipped.find(
        ({ index }) => index > 0 && index <= transactions.length,
      );
      const status = invalid?.result?.status;
      return {
        results,
        invalid:
          invalid === undefined || status === undefined
            ? undefined
            : { index: invalid.index - 1, status },
      };
    },
  };
}

function run(
  executor: BlockExecutorImplementation,
  pool: WorkerPool,
  state: ChainState,
  environment: BlockEnvironment,
  transactions: readonly ExecutableTransaction[],
): BlockOutcome {
  pool.ensure(THREADS - 1);
  return executor.executeBlock(state, environment, transactions, {
    mode: "parallel",
    workers: THREADS,
    onInvalid: "skip",
    target: "direct",
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
