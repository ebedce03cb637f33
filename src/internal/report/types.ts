/**
 * The report as it is written by `--json`. The shape is versioned: fields are added freely, and
 * `schemaVersion` grows when one changes its meaning or goes. Gas is a number of gas units.
 */
import type { ConflictCause } from "../analysis/types.js";

export const REPORT_SCHEMA_VERSION = 1;

export interface ParallelReport {
  readonly schemaVersion: typeof REPORT_SCHEMA_VERSION;
  readonly summary: ReportSummary;
  readonly blocks: readonly BlockReport[];
  /** Over all blocks, the most rewarding first. */
  readonly locations: readonly LocationReport[];
}

export interface ReportSummary {
  readonly minedBlocks: number;
  readonly virtualBlocks: number;
  readonly transactions: number;
  readonly gas: number;
  /** Pairs of transactions that conflict for another reason than a common sender. */
  readonly conflicts: number;
  /** Sum of the blocks' gas over the sum of their critical paths. */
  readonly speedupBound: number;
  readonly speedupBoundWithoutSenders: number;
  /** Sequential over parallel wall time of the blocks that ran in parallel; null when none did. */
  readonly speedupMeasured: number | null;
}

export interface BlockReport {
  /** Counts the connections of the run, from 1. */
  readonly connection: number;
  readonly network: string;
  readonly kind: "mined" | "virtual";
  readonly number: number;
  readonly transactions: number;
  readonly gas: number;
  readonly conflicts: number;
  /** Transactions that neither depend on another nor are depended on. */
  readonly independent: number;
  readonly criticalPath: {
    readonly gas: number;
    readonly transactions: readonly PathStep[];
  };
  /** Gas over critical path: what infinitely many workers would give. */
  readonly speedupBound: number;
  /** The same if every transaction had a sender of its own. */
  readonly speedupBoundWithoutSenders: number;
  /** Workers → speedup of a simulated schedule (list scheduling in block order, gas for time). */
  readonly speedupSimulated: Readonly<Record<string, number>>;
  /** null for virtual blocks, which were not executed together. */
  readonly execution: ExecutionReport | null;
  /** The block's own hot locations, the most rewarding first. */
  readonly locations: readonly BlockLocationReport[];
}

export interface PathStep {
  /** Index in the block. */
  readonly index: number;
  readonly hash: string;
  /** `Pair.swap`, or what is known of it. */
  readonly call: string;
  readonly gas: number;
}

export interface ExecutionReport {
  readonly mode: "sequential" | "parallel" | "mixed";
  /** Why it was not (wholly) parallel; null when it was. */
  readonly reason: string | null;
  readonly workers: number;
  /** Executions, the repeated ones included. */
  readonly incarnations: number;
  readonly aborts: number;
  readonly milliseconds: number;
  readonly sequentialMilliseconds: number | null;
  /** Sequential over parallel wall time; null when it did not run in parallel. */
  readonly speedupMeasured: number | null;
}

export interface LocationIdentity {
  /** `Pair.reserve0`, `Token.balanceOf[0xf39F…]`, `0x5FbD….slot 0x…`, `balance of 0xf39F…`. */
  readonly name: string;
  readonly kind: "slot" | "balance" | "nonce" | "code";
  readonly address: string;
  /** null unless `kind` is slot. */
  readonly slot: string | null;
}

export interface BlockLocationReport extends LocationIdentity {
  readonly causes: readonly ConflictCause[];
  readonly readers: number;
  readonly writers: number;
  readonly conflicts: number;
  /** Gas by which the critical path would be shorter without it, every transaction having its own sender. */
  readonly pathGasSaved: number;
}

/** Locations of the same name in several blocks and connections, added up. */
export interface LocationReport {
  readonly name: string;
  readonly kind: "slot" | "balance" | "nonce" | "code";
  readonly causes: readonly ConflictCause[];
  readonly blocks: number;
  readonly readers: number;
  readonly writers: number;
  readonly conflicts: number;
  readonly pathGasSaved: number;
}
