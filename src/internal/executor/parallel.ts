/** A block executed by several threads; the outcome is that of executing it on one. */
import type {
  BlockEnvironment,
  ExecutableTransaction,
  RunResult,
} from "../evm/types.js";
import type { CoreInstance } from "../evm/wasm.js";
import type { ParallelWorkers } from "../workers/types.js";
import type { SchedulerCounters } from "./scheduler-view.js";
import type { InvalidPolicy, SkippedTransaction } from "./types.js";

import { transactionSize, writeTransaction } from "../evm/encoding.js";
import { ResultStore } from "../evm/result-store.js";
import { blockHashOf, flagsOf, RunImplementation } from "../evm/run.js";
import { RunResultImplementation } from "../evm/run-result.js";
import { outOfMemory } from "../evm/wasm.js";
import { Ended, SchedulerView, WORK_STALLED } from "./scheduler-view.js";

const POLICIES: Readonly<Record<InvalidPolicy, number>> = {
  skip: 0,
  "skip-sender": 1,
  stop: 2,
};
const FLAG_RECORD = 1;

/** EIP-4844 */
const BLOB_GAS = 131_072n;

/** Transactions are shown to the other threads in groups, so that they begin while this one still encodes. */
const RELEASE = 32;

/** How long nothing may be decided. The core takes over what a lost thread was executing by itself, so only
 *  a thread that was lost in the middle of publishing or committing gets this far. */
const STALL_MS = 5_000;

export interface ParallelInput {
  readonly core: CoreInstance;
  /** The chain's handle in the core, and its current epoch. */
  readonly chain: number;
  readonly epoch: number;
  readonly environment: BlockEnvironment;
  readonly candidates: readonly ExecutableTransaction[];
  readonly threads: number;
  readonly onInvalid: InvalidPolicy;
  readonly record: boolean;
  readonly workers: ParallelWorkers;
  /** Called once all transactions are in, before the main thread works: for schedules chosen from outside. */
  readonly onReleased?: (run: number) => void;
  /** Called before the scheduler is given back: for those who want to know how it went. */
  readonly onEnded?: (scheduler: SchedulerView) => void;
  /** How long nothing may happen before the workers are given up; default STALL_MS. */
  readonly stallMs?: number;
}

/** What was decided in parallel: a prefix of the candidates, usually all; its writes are in the chain's epoch. */
export interface ParallelOutcome {
  readonly included: number[];
  readonly results: RunResult[];
  readonly skipped: SkippedTransaction[];
  readonly stoppedAt: SkippedTransaction | undefined;
  /** Of the block (`ExecutionResult.blockGas`). */
  readonly gasUsed: bigint;
  readonly stateGasUsed: bigint;
  readonly blobGasUsed: bigint;
  readonly logCount: number;
  /** How many candidates were decided. */
  readonly decided: number;
  /** One of `Ended`: anything but finished and stopped leaves a rest to be executed on one thread. */
  readonly ended: number;
  readonly counters: SchedulerCounters;
}

/** Undefined when the core's memory is too full to begin: nothing has happened then. */
export function executeInParallel(
  input: ParallelInput,
): ParallelOutcome | undefined {
  const { core, workers, candidates, threads } = input;
  const { exports, view } = core;
  const run = new RunImplementation(
    core,
    input.chain,
    input.epoch,
    input.environment,
    true,
  );
  const scheduler =
    exports.parallelCreate(
      run.handle,
      candidates.length,
      threads,
      POLICIES[input.onInvalid],
      input.record ? FLAG_RECORD : 0,
    ) >>> 0;
  const size = candidates.reduce((sum, tx) => sum + transactionSize(tx), 0);
  const room = scheduler === 0 ? 0 : exports.bufferAlloc(size) >>> 0;
  if (room === 0) {
    run.free();
    return undefined;
  }
  const state = new SchedulerView(view, scheduler);
  const free = (): void => {
    exports.bufferFree(room);
    exports.parallelFree(scheduler);
    run.free();
  };
  core.blockHash = blockHashOf(input.environment);
  const collector = new Collector(input, state);
  try {
    workers.begin(run.handle, scheduler, threads - 1);
    release(input, scheduler, room);
    input.onReleased?.(run.handle);
    work(input, run.handle, scheduler, state);
    // Another thread applies the block to the chain meanwhile.
    collector.collect();
    if (exports.parallelApply(run.handle, collector.decided) !== 0) {
      throw outOfMemory();
    }
    input.onEnded?.(state);
    return collector.finish();
  } finally {
    workers.finish(free);
  }
}

/** Puts the transactions in. */
function release(input: ParallelInput, scheduler: number, room: number): void {
  const { candidates, core } = input;
  const { exports, view } = core;
  const flags = flagsOf(input.environment);
  const last = new Map<string, number>();
  let at = room;
  candidates.forEach((transaction, index) => {
    writeTransaction(view, at, transaction, flags);
    const { from } = transaction;
    exports.parallelAdd(scheduler, index, at, last.get(from) ?? 0);
    last.set(from, index + 1);
    at += transactionSize(transaction);
    if ((index + 1) % RELEASE === 0) {
      exports.parallelRelease(scheduler, index + 1);
    }
  });
  exports.parallelRelease(scheduler, candidates.length);
}

/** Works until the block has ended, or nothing has happened for too long. */
function work(
  { core, stallMs = STALL_MS }: ParallelInput,
  run: number,
  scheduler: number,
  state: SchedulerView,
): void {
  let committed = -1;
  let since = 0;
  for (;;) {
    if (core.exports.parallelWork(run, 0) !== WORK_STALLED) return;
    if (state.committed !== committed) {
      ({ committed } = state);
      since = performance.now();
    } else if (performance.now() - since > stallMs) {
      core.exports.parallelEnd(scheduler, Ended.timeout);
    }
  }
}

/** Copies results out. */
class Collector {
  readonly #input: ParallelInput;
  readonly #state: SchedulerView;
  readonly #included: number[] = [];
  readonly #results: RunResult[] = [];
  readonly #skipped: SkippedTransaction[] = [];
  readonly #store: ResultStore;
  #gasUsed = 0n;
  #stateGasUsed = 0n;
  #logCount = 0;
  #blobs = 0;
  /** How many transactions were looked at. */
  public decided = 0;

  constructor(input: ParallelInput, state: SchedulerView) {
    this.#input = input;
    this.#state = state;
    this.#store = ResultStore.forBlock(input.candidates.length);
  }

  public collect(): void {
    const { committed } = this.#state;
    for (; this.decided < committed; this.decided++) this.#add(this.decided);
  }

  public finish(): ParallelOutcome {
    const { counters, ended } = this.#state;
    this.#store.close();
    return {
      included: this.#included,
      results: this.#results,
      skipped: this.#skipped,
      stoppedAt:
        ended === Ended.stopped
          ? { index: this.decided, result: this.#refusal(this.decided) }
          : undefined,
      gasUsed: this.#gasUsed,
      stateGasUsed: this.#stateGasUsed,
      blobGasUsed: BigInt(this.#blobs) * BLOB_GAS,
      logCount: this.#logCount,
      decided: this.decided,
      ended,
      counters,
    };
  }

  #add(index: number): void {
    const at = this.#state.resultOf(index);
    if (!this.#state.isIncluded(index)) {
      this.#skipped.push({ index, result: this.#refusal(index) });
      return;
    }
    const { view } = this.#input.core;
    const result = new RunResultImplementation(
      this.#store,
      this.#store.add(view, at, true),
      this.#logCount,
    );
    this.#included.push(index);
    this.#results.push(result);
    this.#gasUsed += result.blockGas;
    this.#stateGasUsed += result.stateGas;
    this.#logCount += result.logCount;
    this.#blobs += this.#input.candidates[index].blobVersionedHashes.length;
  }

  /** Why it was left out; undefined: because of its sender. */
  #refusal(index: number): RunResultImplementation | undefined {
    const at = this.#state.resultOf(index);
    if (at === 0) return undefined;
    const store = ResultStore.of(this.#input.core.view, at);
    return new RunResultImplementation(store, 0, 0);
  }
}
