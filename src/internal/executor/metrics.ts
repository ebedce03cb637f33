/** What the executor did in this process, counted: for debug output and benchmarks. */
import type { BlockExecution, FallbackReason } from "../chain/types.js";

export interface ExecutorMetrics {
  readonly blocks: Readonly<Record<BlockExecution["mode"], number>>;
  /** Why blocks were not (wholly) parallel. */
  readonly reasons: ReadonlyMap<FallbackReason, number>;
  readonly transactions: number;
  readonly incarnations: number;
  readonly aborts: number;
  readonly milliseconds: number;
}

export class MetricsCollector implements ExecutorMetrics {
  public readonly blocks = { sequential: 0, parallel: 0, mixed: 0 };
  public readonly reasons = new Map<FallbackReason, number>();
  public transactions = 0;
  public incarnations = 0;
  public aborts = 0;
  public milliseconds = 0;

  public add(execution: BlockExecution, transactions: number): void {
    this.blocks[execution.mode]++;
    const { reason } = execution;
    if (reason !== undefined) {
      this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
    }
    this.transactions += transactions;
    this.incarnations += execution.incarnations;
    this.aborts += execution.aborts;
    this.milliseconds += execution.milliseconds;
  }
}
