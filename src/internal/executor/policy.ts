/**
 * Whether a block is worth several threads: it is when they are expected to be done sooner than one, by what
 * was measured of earlier blocks. The figures beside the constants are of 2 cores (AMD EPYC, Node 24).
 */
import type { FallbackReason } from "../chain/types.js";
import type { ExecutableTransaction } from "../evm/types.js";
import type { BlockSample } from "./method-history.js";

import { debuglog } from "node:util";

import { MethodHistory } from "./method-history.js";

/** Seen with NODE_DEBUG=hardhat-parallel. */
const debug = debuglog("hardhat-parallel");

/**
 * Fewer transactions than this go to one thread whatever they cost: an automined block has one, and two or
 * three have little to share.
 */
export const FEWEST_TRANSACTIONS = 4;

/** Work for which threads are started: each takes some 50 ms of a core to start, and 5 MB. */
const LEAST_WORK_US = 500;

/** From `begin` until another thread works: 40 us to wake it, and its first look at the run. */
const WAKE_US = 60;

/**
 * What a transaction costs more in parallel: what it read is noted and compared, what it wrote goes through
 * multi-version memory. 400 ERC-20 transfers: 4.1 us each on one thread, 2.5 on two; ETH transfers 1.5 and 1.0.
 */
const OVERHEAD_US = 0.8;

/** A block that calls what nobody has measured goes to one thread first, to be measured; unless it is bigger than this. */
const MOST_UNKNOWN_US = 20_000;

/** What several threads are expected to save of the work of a block that none has measured, if nothing in it had to wait. */
const UNKNOWN_OVERHEAD = 1.15;

/** Gain that is worth the other core's time. */
const LEAST_GAIN = 0.08;

/**
 * Blocks that did not go parallel for lack of gain, after which one does, to see whether it is still so: half as many again
 * each time, twice as many where transactions came in each other's way, which is no matter of luck.
 */
const LONGEST_REST = 64;

/** Executions that were in vain, per transaction, which say that transactions come in each other's way. */
const MANY_ABORTS = 0.01;

/** Parallel blocks in a row, after which one thread executes one, to see what it costs now. */
const LONGEST_STREAK = 32;

export type Decision =
  | { readonly mode: "parallel"; readonly threads: number }
  | {
      readonly mode: "sequential";
      readonly reason: FallbackReason | undefined;
    };

export interface PolicyQuestion {
  readonly mode: "auto" | "sequential" | "parallel";
  readonly candidates: readonly ExecutableTransaction[];
  /** Threads that may work, the main one included. */
  readonly threads: number;
}

/** Worker threads, as far as the policy needs them. */
export interface WorkerSupply {
  /** How many could begin at once. */
  readonly ready: number;
  ensure(count: number): void;
}

export class Policy {
  readonly #history = new MethodHistory();

  /** Decides, and has threads started for later blocks like this one. */
  public decide(question: PolicyQuestion, workers: WorkerSupply): Decision {
    const { mode, candidates, threads } = question;
    if (mode === "parallel") {
      workers.ensure(threads - 1);
      return { mode, threads };
    }
    if (mode === "sequential" || threads < 2) return sequential("disabled");
    if (candidates.length < FEWEST_TRANSACTIONS) {
      return sequential("too-few-transactions");
    }
    const block = this.#history.sample(candidates);
    const decision = decideBy(block, question, workers);
    debug(
      "%d transactions: %s; expected to take %d us on one thread, %d of which cannot be shared",
      candidates.length,
      decision.mode === "parallel" ? decision.mode : decision.reason,
      block.costUs,
      block.serialUs,
    );
    return decision;
  }

  /** Learns from a block that one thread executed. */
  public learnSequential(
    candidates: readonly ExecutableTransaction[],
    milliseconds: number,
  ): void {
    if (candidates.length < FEWEST_TRANSACTIONS) return;
    this.#history.sample(candidates).learnCost(milliseconds * 1000);
  }

  /**
   * Learns from a block that several threads executed.
   *
   * @param aborts executions that were in vain.
   */
  public learnParallel(
    candidates: readonly ExecutableTransaction[],
    threads: number,
    milliseconds: number,
    aborts: number,
  ): void {
    const tookUs = milliseconds * 1000;
    const isContended = aborts > candidates.length * MANY_ABORTS;
    let block = this.#history.sample(candidates);
    block.rhythm.streak++;
    if (!block.isMeasured) {
      block.guessCost(
        isContended ? tookUs : (tookUs * threads) / UNKNOWN_OVERHEAD,
      );
      return;
    }
    // It cannot have been more work than the threads had time for.
    if (block.costUs > tookUs * threads) {
      block.learnCost(tookUs * threads);
      block = this.#history.sample(candidates);
    }
    const { costUs, rhythm } = block;
    const isGain = tookUs < costUs * (1 - LEAST_GAIN);
    // A worker's first transactions of a kind find code and memory cold: 10,000 ERC-20 transfers took 43 ms on one thread, on
    // two 40 the first time and 27 from then on.
    const isFirst = !rhythm.isTried;
    rhythm.isTried = true;
    if (isFirst && !isGain && !isContended) return;
    const ideal = sharedUs(block, candidates.length, threads, 0);
    if (ideal < costUs) {
      const share = (tookUs - ideal) / (costUs - ideal);
      block.learnShare(Math.min(Math.max(share, 0), 1));
    }
    if (isGain) {
      rhythm.nextRest = 1;
    } else {
      const next = rhythm.nextRest * (isContended ? 2 : 1.5);
      rhythm.nextRest = Math.min(Math.ceil(next), LONGEST_REST);
    }
    rhythm.rest = rhythm.nextRest;
  }
}

/** Decides about a block of enough transactions, when it is free to. */
function decideBy(
  block: BlockSample,
  { candidates, threads }: PolicyQuestion,
  workers: WorkerSupply,
): Decision {
  if (block.costUs < LEAST_WORK_US) return sequential("too-little-work");
  workers.ensure(threads - 1);
  // Threads that are only starting will be there for a later block.
  const { ready } = workers;
  if (ready === 0) return sequential("workers-starting");
  const { isMeasured, rhythm } = block;
  if (!isMeasured && (block.costUs < MOST_UNKNOWN_US || rhythm.streak > 0)) {
    rhythm.streak = 0;
    return sequential("measuring");
  }
  const most = Math.min(threads, ready + 1);
  const wanted = block.costUs * (1 - LEAST_GAIN);
  if (sharedUs(block, candidates.length, most, 0) > wanted) {
    return sequential("too-little-work");
  }
  if (
    sharedUs(block, candidates.length, most, block.serialUs) > wanted &&
    rhythm.rest-- > 0
  ) {
    return sequential("no-gain");
  }
  if (rhythm.streak >= rhythm.longestStreak) {
    rhythm.streak = 0;
    rhythm.longestStreak = Math.min(rhythm.longestStreak * 2, LONGEST_STREAK);
    return sequential("measuring");
  }
  return { mode: "parallel", threads };
}

/** Expected time on `threads` threads when `serialUs` of the work cannot be shared. */
function sharedUs(
  { costUs }: BlockSample,
  transactions: number,
  threads: number,
  serialUs: number,
): number {
  const all = costUs + transactions * OVERHEAD_US;
  const shared = costUs === 0 ? 0 : all * (1 - serialUs / costUs);
  return WAKE_US + serialUs + shared / threads;
}

function sequential(reason: FallbackReason): Decision {
  return { mode: "sequential", reason };
}
