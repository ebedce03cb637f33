import type {
  BlockEnvironment,
  Engine,
  ExecutableTransaction,
  Run,
  RunResult,
} from "../evm/types.js";
import type { BlockExecutor, ExecuteBlockOptions } from "../executor/types.js";
import type { BlockTemplate } from "./block.js";
import type { Mempool } from "./mempool.js";
import type { PooledTransaction } from "./sender-queue.js";
import type { StateTimeline } from "./state-timeline.js";
import type { Address, Hash } from "./types.js";

import { BlockImplementation, NO_EXECUTION } from "./block.js";
import { CandidateList, type CandidateRules } from "./candidates.js";
import { toExecutable } from "./environment.js";
import { GAS_PER_BLOB } from "./fees.js";

/** Everything that the pending block depends on, as it is now. */
export interface PendingInputs {
  readonly template: BlockTemplate;
  readonly environment: BlockEnvironment;
  readonly rules: CandidateRules;
  readonly latest: BlockImplementation;
  /** Reward of the miner in wei; 0 after the merge. */
  readonly reward: bigint;
  readonly record: ExecuteBlockOptions["record"];
}

/** What became of a candidate: its result, or why it was left out. */
type Fate = RunResult | "skipped";

/**
 * The block that would be mined now, executed in an overlay and kept: a transaction that is queued
 * behind the others costs its own execution only, one that sorts before some makes those run again.
 */
export class PendingBlock {
  readonly #engine: Engine;
  readonly #executor: BlockExecutor;
  readonly #timeline: StateTimeline;
  readonly #pool: Mempool;

  #inputs: PendingInputs | undefined;
  #run: Run | undefined;
  #version = -1;
  #structure = -1;
  #additions = 0;
  #candidates: CandidateList | undefined;
  /** By candidate; as far as executed. */
  #fates: Fate[] = [];
  /** Senders of whom a candidate was left out: their later ones are too. */
  readonly #barred = new Set<Address>();
  #block: BlockImplementation | undefined;

  constructor(
    engine: Engine,
    executor: BlockExecutor,
    timeline: StateTimeline,
    pool: Mempool,
  ) {
    this.#engine = engine;
    this.#executor = executor;
    this.#timeline = timeline;
    this.#pool = pool;
  }

  /** The run that stands after the pending transactions. */
  public run(inputs: PendingInputs): Run {
    const run = this.#prepare(inputs);
    this.#bringUpToDate(run, inputs);
    return run;
  }

  public block(inputs: PendingInputs): BlockImplementation {
    this.run(inputs);
    this.#block ??= this.#makeBlock(inputs);
    return this.#block;
  }

  /** Gives the overlay's memory back. */
  public discard(): void {
    this.#run?.free();
    this.#run = undefined;
    this.#inputs = undefined;
    this.#candidates = undefined;
    this.#block = undefined;
    this.#fates = [];
    this.#barred.clear();
  }

  #prepare(inputs: PendingInputs): Run {
    const isCurrent =
      this.#version === this.#timeline.version &&
      this.#structure === this.#pool.structure &&
      this.#inputs !== undefined &&
      isSame(this.#inputs, inputs) &&
      (inputs.reward === 0n || this.#additions === this.#pool.additions.length);
    if (isCurrent && this.#run !== undefined) {
      return this.#run;
    }
    this.discard();
    this.#inputs = inputs;
    this.#version = this.#timeline.version;
    this.#structure = this.#pool.structure;
    this.#additions = this.#pool.additions.length;
    this.#candidates = new CandidateList(this.#pool, inputs.rules);
    this.#run = this.#timeline.state.createRun(inputs.environment, {
      mode: "overlay",
      epoch: this.#timeline.state.epoch,
    });
    return this.#run;
  }

  #bringUpToDate(run: Run, inputs: PendingInputs): void {
    const candidates = this.#candidates;
    if (candidates === undefined) {
      throw new Error("The pending block was not prepared");
    }
    for (; this.#additions < this.#pool.additions.length; this.#additions++) {
      const added = this.#pool.additions[this.#additions];
      const index = candidates.add(added, this.#predecessorOf(added));
      if (index !== undefined) {
        this.#truncate(run, candidates.items, index);
      }
    }
    if (this.#fates.length < candidates.items.length) {
      this.#block = undefined;
      this.#execute(run, inputs, candidates.items);
    }
    if (inputs.reward > 0n && this.#block === undefined) {
      run.credit(inputs.template.miner, inputs.reward);
      this.#block = this.#makeBlock(inputs);
    }
  }

  #predecessorOf(added: PooledTransaction): PooledTransaction | undefined {
    const queue = this.#pool.pendingOf(added.from);
    const index = Number(added.nonce - queue[0].nonce) - 1;
    return index < 0 ? undefined : queue[index];
  }

  /** Forgets the candidates from `index` on. */
  #truncate(
    run: Run,
    candidates: readonly PooledTransaction[],
    index: number,
  ): void {
    if (index >= this.#fates.length) {
      return;
    }
    this.#fates.length = index;
    this.#barred.clear();
    let kept = 0;
    this.#fates.forEach((fate, i) => {
      if (fate === "skipped") {
        this.#barred.add(candidates[i].from);
      } else {
        kept++;
      }
    });
    run.truncate(kept);
    this.#block = undefined;
  }

  #execute(
    run: Run,
    inputs: PendingInputs,
    candidates: readonly PooledTransaction[],
  ): void {
    const start = this.#fates.length;
    const barred = this.#barred;
    const indexes: number[] = [];
    const executables: ExecutableTransaction[] = [];
    for (let i = start; i < candidates.length; i++) {
      if (!barred.has(candidates[i].from)) {
        indexes.push(i);
        executables.push(toExecutable(candidates[i].transaction));
      }
      this.#fates[i] = "skipped";
    }
    const outcome = this.#executor.executeBlock(
      this.#timeline.state,
      inputs.environment,
      executables,
      {
        onInvalid: "skip-sender",
        target: run,
        mode: "sequential",
        record: inputs.record,
      },
    );
    outcome.included.forEach((position, i) => {
      this.#fates[indexes[position]] = outcome.results[i];
    });
    for (const { index } of outcome.skipped) {
      barred.add(candidates[indexes[index]].from);
    }
  }

  #makeBlock(inputs: PendingInputs): BlockImplementation {
    const { template, latest } = inputs;
    const transactions = [];
    const results: RunResult[] = [];
    let gasUsed = 0n;
    let blobGasUsed = 0n;
    const items = this.#candidates?.items ?? [];
    for (let i = 0; i < items.length; i++) {
      const fate = this.#fates[i];
      if (fate !== "skipped") {
        const { transaction } = items[i];
        transactions.push(transaction);
        results.push(fate);
        gasUsed += fate.blockGas;
        blobGasUsed +=
          GAS_PER_BLOB * BigInt(transaction.blobVersionedHashes?.length ?? 0);
      }
    }
    return new BlockImplementation(
      this.#engine,
      {
        template,
        transactions,
        gasUsed,
        blobGasUsed,
        totalDifficulty: latest.totalDifficulty + template.difficulty,
        execution: NO_EXECUTION,
        isPending: true,
        parentHash: () => latest.hash,
        stateRoot: () => this.withCommitted((root) => root()),
      },
      results,
    );
  }

  /**
   * Calls `use` while the overlay's writes are in the state, then undoes them: for what only the
   * state can do (roots and proofs).
   */
  public withCommitted<T>(use: (root: () => Hash) => T): T {
    const run = this.#run;
    const latest = this.#inputs?.latest;
    if (run === undefined || latest === undefined) {
      throw new Error("The pending block is out of date");
    }
    const { state } = this.#timeline;
    const saved = this.#timeline.save();
    run.commit();
    try {
      return use(() => state.root());
    } finally {
      this.#timeline.revert(saved, latest);
      // The overlay stands on an epoch that is gone.
      this.discard();
    }
  }
}

function isSame(a: PendingInputs, b: PendingInputs): boolean {
  return (
    a.template.timestamp === b.template.timestamp &&
    a.template.gasLimit === b.template.gasLimit &&
    a.template.miner === b.template.miner &&
    a.template.mixHash === b.template.mixHash &&
    a.template.baseFeePerGas === b.template.baseFeePerGas &&
    a.rules.minGasPrice === b.rules.minGasPrice &&
    a.environment.enforceBlockGasLimit === b.environment.enforceBlockGasLimit &&
    a.environment.transactionGasCap === b.environment.transactionGasCap
  );
}
