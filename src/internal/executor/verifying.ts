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

import { inspect, isDeepStrictEqual } from "node:util";

/**
 * `parallel.verify`: executes every block sequentially first, on the side, and then as it is told
 * to. A difference is a mistake of ours, and thrown as an error that says where it is.
 */
export class VerifyingExecutor implements BlockExecutor {
  readonly #inner: BlockExecutor;

  constructor(inner: BlockExecutor) {
    this.#inner = inner;
  }

  public executeBlock(
    state: ChainState,
    environment: BlockEnvironment,
    candidates: readonly ExecutableTransaction[],
    options: ExecuteBlockOptions,
  ): BlockOutcome {
    if (
      options.target !== "direct" ||
      options.mode === "sequential" ||
      candidates.length < 2
    ) {
      return this.#inner.executeBlock(state, environment, candidates, options);
    }
    const recording = { ...options, record: true };
    const run = state.createRun(environment, { mode: "overlay" });
    let expected: BlockOutcome;
    try {
      expected = this.#inner.executeBlock(state, environment, candidates, {
        ...recording,
        mode: "sequential",
        target: run,
      });
    } finally {
      run.free();
    }
    const outcome = this.#inner.executeBlock(
      state,
      environment,
      candidates,
      recording,
    );
    compareOutcomes(environment.number, expected, outcome);
    const { execution } = outcome;
    return {
      ...outcome,
      execution: {
        ...execution,
        accessSets: options.record === true ? execution.accessSets : undefined,
      },
    };
  }
}

function compareOutcomes(
  block: bigint,
  expected: BlockOutcome,
  actual: BlockOutcome,
): void {
  const compare = (what: string, one: object, other: object): void => {
    const fields = new Map(Object.entries(other));
    for (const [field, value] of Object.entries(one)) {
      if (!isDeepStrictEqual(value, fields.get(field))) {
        throw new Error(
          `parallel.verify: block ${block}, ${what}: expected ${field} ${inspect(value)} as in sequential execution, got ${inspect(fields.get(field))}. ` +
            "This is a mistake of hardhat-parallel: please report it with the transactions of the block",
        );
      }
    }
  };
  compare("the whole", summaryOf(expected), summaryOf(actual));
  for (const [index, result] of expected.results.entries()) {
    compare(
      `transaction ${expected.included[index]}`,
      describe(result),
      describe(actual.results[index]),
    );
  }
}

function summaryOf({
  included,
  skipped,
  stoppedAt,
  gasUsed,
}: BlockOutcome): object {
  return {
    included: [...included],
    skipped: skipped.map(describeSkipped),
    stoppedAt: stoppedAt === undefined ? undefined : describeSkipped(stoppedAt),
    gasUsed,
  };
}

function describeSkipped({ index, result }: SkippedTransaction): object {
  return {
    index,
    status: result?.status,
    errorA: result?.errorA,
    errorB: result?.errorB,
  };
}

/** What one can see of a transaction, and everything that it read and wrote. */
function describe(result: RunResult): object {
  const { accessSet } = result;
  return {
    status: result.status,
    gasUsed: result.gasUsed,
    gasRefunded: result.gasRefunded,
    output: Buffer.from(result.output).toString("hex"),
    logs: result.logs,
    createdAddress: result.createdAddress,
    effectiveGasPrice: result.effectiveGasPrice,
    accounts: accessSet?.accounts
      .map((account) => ({ ...account }))
      .sort((one, other) => (one.address < other.address ? -1 : 1)),
    slots: accessSet?.slots
      .map((slot) => ({ ...slot }))
      .sort((one, other) =>
        one.address + one.key < other.address + other.key ? -1 : 1,
      ),
  };
}
