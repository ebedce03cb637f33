import type { RunResult } from "../../src/internal/evm/types.js";
import type {
  BlockExecutor,
  BlockOutcome,
} from "../../src/internal/executor/types.js";

import { expect } from "chai";

import { getEngine } from "../../src/internal/evm/engine.js";
import { getBlockExecutor } from "../../src/internal/executor/executor.js";
import { VerifyingExecutor } from "../../src/internal/executor/verifying.js";
import {
  ETHER,
  makeEnvironment,
  testAddress,
  withNonces,
} from "../helpers/blocks.js";

const COUNT = 12;

const transactions = withNonces(
  Array.from({ length: COUNT }, (_, index) => ({
    from: testAddress(index % 4),
    to: testAddress((index * 5) % 7),
    value: BigInt(index + 1),
  })),
);

function execute(
  executor: BlockExecutor,
  mode: "parallel" | "sequential" = "parallel",
): BlockOutcome {
  const state = getEngine().createState();
  for (let index = 0; index < 7; index++) {
    state.setBalance(testAddress(index), ETHER);
  }
  state.nextEpoch();
  try {
    return executor.executeBlock(state, makeEnvironment(), transactions, {
      mode,
      workers: 2,
      onInvalid: "skip-sender",
      target: "direct",
    });
  } finally {
    state.close();
  }
}

/** An executor that changes what a parallel execution came to. */
function spoiling(
  change: (outcome: BlockOutcome) => BlockOutcome,
): BlockExecutor {
  const inner = getBlockExecutor();
  return {
    executeBlock: (state, environment, candidates, options) => {
      const outcome = inner.executeBlock(
        state,
        environment,
        candidates,
        options,
      );
      return options.target === "direct" ? change(outcome) : outcome;
    },
  };
}

function withResult(
  outcome: BlockOutcome,
  index: number,
  change: Partial<RunResult>,
): BlockOutcome {
  const results = [...outcome.results];
  // A result has getters, which a spread would leave behind.
  results[index] = new Proxy(results[index], {
    get: (target, key): unknown =>
      Reflect.get(Object.hasOwn(change, key) ? change : target, key, target),
  });
  return { ...outcome, results };
}

describe("verifying executor", () => {
  it("returns what the execution it is given returns", () => {
    const outcome = execute(new VerifyingExecutor(getBlockExecutor()));
    expect(outcome.results).to.have.lengthOf(COUNT);
    expect(outcome.gasUsed).to.equal(BigInt(COUNT) * 21_000n);
    expect(outcome.execution.accessSets).to.equal(undefined);
  });

  it("finds a transaction that came to something else", () => {
    const spoilt = spoiling((outcome) =>
      withResult(outcome, 3, { gasUsed: 21_001n }),
    );
    expect(() => execute(new VerifyingExecutor(spoilt))).to.throw(
      /^parallel\.verify: block \d+, transaction 3: expected gasUsed 21000n as in sequential execution, got 21001n\./,
    );
  });

  it("finds a transaction that is missing, and other writes", () => {
    const short = spoiling((outcome) => ({
      ...outcome,
      included: outcome.included.slice(1),
    }));
    expect(() => execute(new VerifyingExecutor(short))).to.throw(
      "the whole: expected included",
    );
    const other = spoiling((outcome) =>
      withResult(outcome, 0, {
        accessSet: { accounts: [], slots: [], preimages: [] },
      }),
    );
    expect(() => execute(new VerifyingExecutor(other))).to.throw(
      "transaction 0: expected accounts",
    );
  });

  it("leaves sequential executions alone", () => {
    const spoilt = spoiling((outcome) => ({ ...outcome, included: [] }));
    const outcome = execute(new VerifyingExecutor(spoilt), "sequential");
    expect(outcome.included).to.deep.equal([]);
  });
});
