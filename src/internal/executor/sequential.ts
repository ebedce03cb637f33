import type { FallbackReason } from "../chain/types.js";
import type {
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
  RunResult,
} from "../evm/types.js";
import type {
  BlockExecutor,
  BlockOutcome,
  ExecuteBlockOptions,
  SkippedTransaction,
} from "./types.js";

/** Statuses from here on mean that the transaction could not begin (assembly/status.ts). */
const INVALID = 0x80;

/** One transaction after the other: the definition of what any other executor's result is. */
export class SequentialExecutor implements BlockExecutor {
  readonly #reason: FallbackReason | undefined;

  /** `reason`: why not in parallel; goes into `execution`. */
  constructor(reason?: FallbackReason) {
    this.#reason = reason;
  }

  public executeBlock(
    state: ChainState,
    environment: BlockEnvironment,
    candidates: readonly ExecutableTransaction[],
    options: ExecuteBlockOptions,
  ): BlockOutcome {
    const start = performance.now();
    const isDirect = options.target === "direct";
    const run =
      options.target === "direct"
        ? state.createRun(environment, { mode: "direct" })
        : options.target;
    const record = options.record ?? false;
    const included: number[] = [];
    const results: RunResult[] = [];
    const skipped: SkippedTransaction[] = [];
    const barred = new Set<string>();
    let stoppedAt: SkippedTransaction | undefined;
    let gasUsed = 0n;
    try {
      for (let index = 0; index < candidates.length; index++) {
        const candidate = candidates[index];
        if (barred.has(candidate.from)) {
          skipped.push({ index, result: undefined });
          continue;
        }
        const result = run.execute(candidate, { record });
        if (result.status < INVALID) {
          included.push(index);
          results.push(result);
          gasUsed += result.gasUsed;
          continue;
        }
        const skip = { index, result };
        if (options.onInvalid === "stop") {
          stoppedAt = skip;
          break;
        }
        skipped.push(skip);
        if (options.onInvalid === "skip-sender") {
          barred.add(candidate.from);
        }
      }
    } finally {
      if (isDirect) {
        run.free();
      }
    }
    return {
      included,
      results,
      skipped,
      stoppedAt,
      gasUsed,
      execution: {
        mode: "sequential",
        reason: this.#reason,
        workers: 1,
        incarnations: included.length,
        aborts: 0,
        milliseconds: performance.now() - start,
        accessSets: record
          ? results.flatMap(({ accessSet }) => accessSet ?? [])
          : undefined,
      },
    };
  }
}
