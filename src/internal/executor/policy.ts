/**
 * Whether a block is worth several threads: it is when they are expected to be done sooner than one, by what
 * was measured of earlier blocks. The figures beside the constants are of 2 cores (AMD EPYC, Node 24).
 */
import type { FallbackReason } from "../chain/types.js";
import type { ExecutableTransaction } from "../evm/types.js";
import type { BlockSample } from "./method-history.js";

import { MethodHistory } from "./method-history.js";

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

/** A block of unknown methods goes to one thread first, so that they are known; unless it is bigger than this. */
const MOST_UNKNOWN_US = 20_000;

/** Gain that is worth the other core's time. */
const LEAST_GAIN = 0.08;

/** Blocks that did not go parallel for lack of gain, after which one does, to see whether it is still so. */
const FIRST_REST = 2;
const LONGEST_REST = 64;

/** Parallel blocks in a row, after which one thread executes one, to see what it costs now. */
const FIRST_STREAK = 2;
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
  #rest = FIRST_REST;
  #nextRest = FIRST_REST;
  #streak = 0;
  #longestStreak = FIRST_STREAK;

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
    if (block.costUs < LEAST_WORK_US) return sequential("too-little-work");
    workers.ensure(threads - 1);
    // Threads that are only starting will be there for a later block.
    const { ready } = workers;
    if (ready === 0) return sequential("workers-starting");
    if (!block.isKnown && block.costUs < MOST_UNKNOWN_US) {
      return sequential("measuring");
    }
    const most = Math.min(threads, ready + 1);
    const wanted = block.costUs * (1 - LEAST_GAIN);
    if (sharedUs(block, candidates.length, most, 0) > wanted) {
      return sequential("too-little-work");
    }
    if (
      sharedUs(block, candidates.length, most, block.serialUs) > wanted &&
      --this.#rest > 0
    ) {
      return sequential("no-gain");
    }
    if (this.#streak >= this.#longestStreak) {
      this.#streak = 0;
      this.#longestStreak = Math.min(this.#longestStreak * 2, LONGEST_STREAK);
      return sequential("measuring");
    }
    return { mode: "parallel", threads };
  }

  /** Learns from a block that one thread executed. */
  public learnSequential(
    candidates: readonly ExecutableTransaction[],
    milliseconds: number,
  ): void {
    if (candidates.length < FEWEST_TRANSACTIONS) return;
    this.#history.sample(candidates).learnCost(milliseconds * 1000);
  }

  /** Learns from a block that several threads executed. */
  public learnParallel(
    candidates: readonly ExecutableTransaction[],
    threads: number,
    milliseconds: number,
  ): void {
    this.#streak++;
    const block = this.#history.sample(candidates);
    const tookUs = milliseconds * 1000;
    // It cannot have been more work than the threads had time for.
    if (block.costUs > tookUs * threads) block.learnCost(tookUs * threads);
    const { costUs } = block;
    const ideal = sharedUs(block, candidates.length, threads, 0);
    if (ideal < costUs) {
      const share = (tookUs - ideal) / (costUs - ideal);
      block.learnShare(Math.min(Math.max(share, 0), 1));
    }
    if (tookUs < costUs * (1 - LEAST_GAIN)) {
      this.#nextRest = FIRST_REST;
    } else {
      this.#nextRest = Math.min(this.#nextRest * 2, LONGEST_REST);
    }
    this.#rest = this.#nextRest;
  }
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
