/** One transaction after the other: the definition of what any other executor's result is. */
import type { FallbackReason } from "../chain/types.js";
import type {
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
  Run,
  RunResult,
} from "../evm/types.js";
import type {
  BlockExecutor,
  BlockOutcome,
  ExecuteBlockOptions,
  InvalidPolicy,
  SkippedTransaction,
} from "./types.js";

import { ResultStore } from "../evm/result-store.js";
import { FIRST_INVALID } from "../evm/run-result.js";

/** What has been decided of a block so far. */
export interface BlockProgress {
  readonly included: number[];
  readonly results: RunResult[];
  readonly skipped: SkippedTransaction[];
  stoppedAt: SkippedTransaction | undefined;
  gasUsed: bigint;
}

export function newProgress(): BlockProgress {
  return {
    included: [],
    results: [],
    skipped: [],
    stoppedAt: undefined,
    gasUsed: 0n,
  };
}

export interface SequenceOptions {
  readonly onInvalid: InvalidPolicy;
  readonly record: boolean;
}

/** Executes the candidates from index `first` on; what those before came to is in `progress` already. */
export function executeSequence(
  run: Run,
  candidates: readonly ExecutableTransaction[],
  first: number,
  { onInvalid, record }: SequenceOptions,
  progress: BlockProgress,
): void {
  const isBarring = onInvalid === "skip-sender";
  const barred = new Set<string>(
    isBarring
      ? progress.skipped.map(({ index }) => candidates[index].from)
      : [],
  );
  const rest = candidates.length - first;
  const store = rest > 1 ? ResultStore.forBlock(rest) : undefined;
  const executeOptions = { record, store };
  for (let index = first; index < candidates.length; index++) {
    const candidate = candidates[index];
    if (isBarring && barred.has(candidate.from)) {
      progress.skipped.push({ index, result: undefined });
      continue;
    }
    const result = run.execute(candidate, executeOptions);
    if (result.status < FIRST_INVALID) {
      progress.included.push(index);
      progress.results.push(result);
      progress.gasUsed += result.blockGas;
      continue;
    }
    if (onInvalid === "stop") {
      progress.stoppedAt = { index, result };
      break;
    }
    progress.skipped.push({ index, result });
    if (isBarring) barred.add(candidate.from);
  }
  store?.close();
}

export class SequentialExecutor implements BlockExecutor {
  readonly #reason: FallbackReason | undefined;

  /** @param reason why not in parallel; goes into `execution`. */
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
    const { target, onInvalid, record = false } = options;
    const run =
      target === "direct"
        ? state.createRun(environment, { mode: "direct" })
        : target;
    const progress = newProgress();
    try {
      executeSequence(
        run,
        candidates,
        0,
        { onInvalid, record: record !== false },
        progress,
      );
    } finally {
      if (target === "direct") run.free();
    }
    return {
      ...progress,
      execution: {
        mode: "sequential",
        reason: this.#reason,
        workers: 1,
        incarnations: progress.included.length,
        aborts: 0,
        milliseconds: performance.now() - start,
        accessSets:
          record === true
            ? progress.results.flatMap(({ accessSet }) => accessSet ?? [])
            : undefined,
      },
    };
  }
}
