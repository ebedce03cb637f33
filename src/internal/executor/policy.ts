/**
 * Whether a block is worth several threads. What a transaction costs is learned as the process goes
 * on; what the block's conflicts cost, too, from how earlier blocks went.
 */
import type { FallbackReason } from "../chain/types.js";
import type { SchedulerCounters } from "./scheduler-view.js";

/**
 * Fewer transactions than this go to one thread whatever they cost: with a thread's wake-up of 40 to
 * 100 microseconds there is nothing left to gain on two or three ordinary ones.
 */
const FEWEST_TRANSACTIONS = 4;

/**
 * Expected work below which one thread is as fast, in microseconds: a wake-up, the scheduler's memory
 * (a few chunks), and the final application of the writes come to about 150 on a block of 100.
 */
const LEAST_WORK_US = 500;

/** Guess for a process that has not executed anything yet. */
const FIRST_COST_US = 8;

/** Weight of the newest block in what is learned. */
const RECENT = 0.25;

/** Share of the transactions that were found stale only at commit, above which a block did not pay. */
const POOR_SHARE = 0.3;
/** After blocks that did not pay, this many are executed on one thread, then twice as many, up to a limit. */
const FIRST_REST = 1;
const LONGEST_REST = 16;

export type Decision =
  | { readonly mode: "parallel"; readonly threads: number }
  | {
      readonly mode: "sequential";
      readonly reason: FallbackReason | undefined;
    };

export interface PolicyQuestion {
  readonly mode: "auto" | "sequential" | "parallel";
  readonly transactions: number;
  /** Threads that may work, the main one included. */
  readonly threads: number;
  /** Worker threads that could begin at once. */
  readonly ready: number;
}

export class Policy {
  #costUs = FIRST_COST_US;
  #rest = 0;
  #nextRest = FIRST_REST;

  /** Expected work of a block, in microseconds on one thread. */
  public expectedUs(transactions: number): number {
    return transactions * this.#costUs;
  }

  /** Whether blocks like this one may go to several threads, so that these are worth starting. */
  public isCandidate(transactions: number): boolean {
    return (
      transactions >= FEWEST_TRANSACTIONS &&
      this.expectedUs(transactions) >= LEAST_WORK_US
    );
  }

  public decide(question: PolicyQuestion): Decision {
    const { mode, transactions, threads, ready } = question;
    if (mode === "parallel") return { mode, threads };
    if (mode === "sequential" || threads < 2) {
      return { mode: "sequential", reason: "disabled" };
    }
    if (transactions < FEWEST_TRANSACTIONS) {
      return { mode: "sequential", reason: "too-few-transactions" };
    }
    if (this.expectedUs(transactions) < LEAST_WORK_US) {
      return { mode: "sequential", reason: "too-little-gas" };
    }
    // Threads that are only starting will be there for a later block.
    if (ready === 0) {
      return { mode: "sequential", reason: "workers-starting" };
    }
    if (this.#rest > 0) {
      this.#rest--;
      return { mode: "sequential", reason: "abort-rate" };
    }
    return { mode: "parallel", threads };
  }

  /** Learns from a block that one thread executed. */
  public learnSequential(transactions: number, milliseconds: number): void {
    if (transactions === 0) return;
    const costUs = (milliseconds * 1000) / transactions;
    this.#costUs += (costUs - this.#costUs) * RECENT;
  }

  /** Learns from a block that several threads executed. */
  public learnParallel(
    transactions: number,
    counters: SchedulerCounters,
  ): void {
    if (counters.commitAborts <= transactions * POOR_SHARE) {
      this.#nextRest = FIRST_REST;
      return;
    }
    this.#rest = this.#nextRest;
    this.#nextRest = Math.min(this.#nextRest * 2, LONGEST_REST);
  }
}
