import type {
  BlockExecutor,
  BlockOutcome,
} from "../../src/internal/executor/types.js";

import { expect } from "chai";

import { getEngine } from "../../src/internal/evm/engine.js";
import { getBlockExecutor } from "../../src/internal/executor/executor.js";
import {
  type ScheduledExecutor,
  scheduledExecutor,
} from "../../src/internal/executor/scheduled.js";
import {
  type VerifiedBlock,
  VerifyingExecutor,
} from "../../src/internal/executor/verifying.js";
import {
  ETHER,
  makeEnvironment,
  testAddress,
  withNonces,
} from "../helpers/blocks.js";
import { lyingExecutor, withResult } from "../helpers/lying-executor.js";

const COUNT = 12;

const transactions = withNonces(
  Array.from({ length: COUNT }, (_, index) => ({
    from: testAddress(index % 4),
    to: testAddress((index * 5) % 7),
    value: BigInt(index + 1),
  })),
);

interface Verified {
  readonly outcome: BlockOutcome;
  readonly root: string;
  readonly block: VerifiedBlock;
  /** "transaction 3, gasUsed" */
  readonly found: readonly string[];
}

const honestlyScheduled = scheduledExecutor(getEngine().core);

function verify(
  inner: BlockExecutor,
  mode: "auto" | "parallel" | "sequential" = "auto",
  scheduled = honestlyScheduled,
): Verified {
  const state = getEngine().createState();
  for (let index = 0; index < 7; index++) {
    state.setBalance(testAddress(index), ETHER);
  }
  state.nextEpoch();
  const blocks: VerifiedBlock[] = [];
  const executor = new VerifyingExecutor(inner, scheduled, (block) => {
    expect(block.state.balance(testAddress(0), block.epochBefore)).to.equal(
      ETHER,
    );
    blocks.push(block);
  });
  try {
    const outcome = executor.executeBlock(
      state,
      makeEnvironment(),
      transactions,
      { mode, workers: 2, onInvalid: "skip-sender", target: "direct" },
    );
    expect(blocks).to.have.lengthOf(1);
    const [block] = blocks;
    return {
      outcome,
      root: state.root(),
      block,
      found: block.differences.map(({ where, field }) => `${where}, ${field}`),
    };
  } finally {
    state.close();
  }
}

describe("verifying executor", () => {
  const honest = verify(getBlockExecutor());

  it("returns what parallel execution comes to, where that is right", () => {
    const { outcome, found } = honest;
    expect(found).to.deep.equal([]);
    expect(outcome.execution.mode).to.equal("parallel");
    expect(outcome.results).to.have.lengthOf(COUNT);
    expect(outcome.gasUsed).to.equal(BigInt(COUNT) * 21_000n);
    expect(outcome.execution.accessSets).to.equal(undefined);
  });

  it("finds a transaction that came to something else, and keeps what is right", () => {
    const { outcome, found, root, block } = verify(
      lyingExecutor((made) => withResult(made, 3, { gasUsed: 21_001n })),
    );
    expect(found).to.deep.equal(["transaction 3, gasUsed"]);
    expect(block.differences[0]).to.include({
      expected: "21000n",
      actual: "21001n",
    });
    expect(block.workers).to.equal(2);
    expect(outcome.results[3].gasUsed).to.equal(21_000n);
    expect(outcome.execution.mode).to.equal("sequential");
    expect(outcome.execution.reason).to.equal("difference");
    expect(root).to.equal(honest.root);
  });

  it("finds what nobody but the state root tells", () => {
    const { found, root } = verify(
      lyingExecutor((made, state) => {
        state.setBalance(testAddress(6), 5n);
        return made;
      }),
    );
    expect(found).to.deep.equal(["the block, stateRoot"]);
    expect(root).to.equal(honest.root);
  });

  it("finds transactions that are missing", () => {
    const { found } = verify(
      lyingExecutor((made) => ({
        ...made,
        included: made.included.slice(1),
        results: made.results.slice(1),
      })),
    );
    expect(found).to.deep.equal(["the block, included"]);
  });

  it("finds an execution that breaks", () => {
    const { found, root, outcome } = verify(
      lyingExecutor(() => {
        throw new Error("broken");
      }),
    );
    expect(found).to.deep.equal(["the block, error"]);
    expect(root).to.equal(honest.root);
    expect(outcome.results).to.have.lengthOf(COUNT);
  });

  /** Goes wrong with some seeds only. */
  const wrongWith =
    (...seeds: number[]): ScheduledExecutor =>
    (state, environment, candidates, options) => {
      const made = honestlyScheduled(state, environment, candidates, options);
      return seeds.includes(options.seed)
        ? withResult(made, 5, { gasUsed: 5n })
        : made;
    };

  it("finds what logical threads get wrong in the order of the block's number", () => {
    const { found, root, block, outcome } = verify(
      getBlockExecutor(),
      "auto",
      wrongWith(1000),
    );
    expect(found).to.deep.equal(["transaction 5, gasUsed"]);
    expect(block.seed).to.equal(1000);
    expect(outcome.execution.reason).to.equal("difference");
    expect(root).to.equal(honest.root);
  });

  it("looks for a seed that shows what real threads got wrong", () => {
    const liar = lyingExecutor((made) => withResult(made, 5, { gasUsed: 5n }));
    expect(verify(liar, "auto", wrongWith(17, 40)).block.seed).to.equal(17);
    expect(verify(liar).block.seed).to.equal(undefined);
  });

  it("has nothing to compare where parallel execution is off", () => {
    const { outcome, found } = verify(getBlockExecutor(), "sequential");
    expect(found).to.deep.equal([]);
    expect(outcome.execution.reason).to.equal("disabled");
  });
});
