import type { ChainState } from "../../src/internal/evm/types.js";

import { expect } from "chai";

import { getEngine } from "../../src/internal/evm/engine.js";
import { sortedAccess } from "../../src/internal/executor/compare-outcomes.js";
import { BlockExecutorImplementation } from "../../src/internal/executor/executor.js";
import { rehearse } from "../../src/internal/executor/rehearsal.js";
import { SequentialExecutor } from "../../src/internal/executor/sequential.js";
import { readyWorkers } from "../helpers/assert-equivalent.js";
import {
  ETHER,
  makeEnvironment,
  makeTransaction,
  testAddress,
  word,
} from "../helpers/blocks.js";

const COUNTER = testAddress(100);
const SENDERS = 20;

// Adds one to slot 0 and keeps the caller's number in a slot of its own.
const CODE = "600054600101806000553355";

function makeState(): ChainState {
  const state = getEngine().createState();
  for (let i = 0; i < SENDERS; i++) {
    state.setBalance(testAddress(i), ETHER);
  }
  state.setCode(COUNTER, Buffer.from(CODE, "hex"));
  state.nextEpoch();
  return state;
}

const environment = makeEnvironment();
const transactions = Array.from({ length: SENDERS }, (_, i) =>
  makeTransaction({ from: testAddress(i), to: COUNTER }),
);
const options = { onInvalid: "skip-sender", record: true } as const;

describe("Rehearsal of a block", () => {
  it("takes time and leaves the state as it was", () => {
    const state = makeState();
    const root = state.root();
    expect(rehearse(state, environment, transactions, options)).to.be.above(0);
    expect(state.root()).to.equal(root);
    expect(state.slot(COUNTER, word(0))).to.equal(word(0));
    expect(state.nonce(testAddress(3))).to.equal(0n);
  });

  it("does not change what the block then does", () => {
    const rehearsed = makeState();
    const fresh = makeState();
    rehearse(rehearsed, environment, transactions, options);
    const execute = (state: ChainState) =>
      new SequentialExecutor().executeBlock(state, environment, transactions, {
        ...options,
        target: "direct",
      });
    const after = execute(rehearsed);
    const expected = execute(fresh);
    expect(after.execution.accessSets).to.deep.equal(
      expected.execution.accessSets,
    );
    expect(after.gasUsed).to.equal(expected.gasUsed);
    expect(rehearsed.slot(COUNTER, word(0))).to.equal(word(SENDERS));
    expect(rehearsed.root()).to.equal(fresh.root());
  });

  it("precedes a recorded parallel block, which comes to the same as ever", async () => {
    const state = makeState();
    const oracle = makeState();
    const workers = await readyWorkers(1);
    const executor = new BlockExecutorImplementation(getEngine().core, workers);
    const { execution } = executor.executeBlock(
      state,
      environment,
      transactions,
      { ...options, target: "direct", mode: "parallel", workers: 2 },
    );
    const expected = new SequentialExecutor().executeBlock(
      oracle,
      environment,
      transactions,
      { ...options, target: "direct" },
    );
    expect(execution.mode).to.equal("parallel");
    expect(execution.milliseconds).to.be.above(0);
    expect(execution.sequentialMilliseconds).to.be.above(0);
    expect(execution.accessSets?.map(sortedAccess)).to.deep.equal(
      expected.execution.accessSets?.map(sortedAccess),
    );
    expect(state.slot(COUNTER, word(0))).to.equal(word(SENDERS));
    expect(state.root()).to.equal(oracle.root());
  });
});
