/** A fee of nothing makes no account, and sweeps an empty one away (EIP-161), however the block is executed. */
import type { ChainState } from "../../src/internal/evm/types.js";

import { expect } from "chai";

import { getEngine } from "../../src/internal/evm/engine.js";
import { assertEquivalent } from "../helpers/assert-equivalent.js";
import {
  COINBASE,
  ETHER,
  Fork,
  makeEnvironment,
  type Scenario,
  testAddress,
  withNonces,
} from "../helpers/blocks.js";

const SENDERS = 4;

const RECIPIENTS: Readonly<Record<string, (state: ChainState) => void>> = {
  absent: () => {},
  empty: (state) => state.setBalance(COINBASE, 0n),
  funded: (state) => state.setBalance(COINBASE, 1n),
};

/** Tips of the senders' transactions. */
const TIPS: Readonly<Record<string, readonly bigint[]>> = {
  "no tips": [0n, 0n, 0n, 0n],
  "a tip first": [1n, 0n, 0n, 0n],
  "a tip last": [0n, 0n, 0n, 1n],
};

function scenario(
  fork: number,
  prepareRecipient: (state: ChainState) => void,
  tips: readonly bigint[],
): Scenario {
  const environment = makeEnvironment({ fork });
  return {
    environment,
    prepare(state) {
      for (let i = 0; i < SENDERS; i++) state.setBalance(testAddress(i), ETHER);
      prepareRecipient(state);
    },
    transactions: withNonces(
      tips.map((tip, i) => ({
        from: testAddress(i),
        to: testAddress(100 + i),
        value: 1n,
        feeCap: environment.baseFee + tip,
      })),
    ),
  };
}

describe("fee recipient", function () {
  for (const [forkName, fork] of Object.entries(Fork)) {
    for (const [recipient, prepareRecipient] of Object.entries(RECIPIENTS)) {
      for (const [name, tips] of Object.entries(TIPS)) {
        it(`${forkName}, ${recipient}, ${name}`, async function () {
          const block = scenario(fork, prepareRecipient, tips);
          await assertEquivalent(block, { workers: [1, 2] });
          expect(rootInOverlay(block)).to.equal(rootDirectly(block));
        });
      }
    }
  }

  it("sends transactions itself, with what the ones before paid it", async function () {
    const block: Scenario = {
      environment: makeEnvironment(),
      prepare(state) {
        for (let i = 0; i < 20; i++) state.setBalance(testAddress(i), ETHER);
        state.setBalance(COINBASE, ETHER);
      },
      transactions: withNonces(
        Array.from({ length: 30 }, (_, i) => ({
          from: i >= 20 ? COINBASE : testAddress(i),
          to: testAddress(100 + i),
          value: 1n,
        })),
      ),
    };
    await assertEquivalent(block, { record: false });
    await assertEquivalent(block, { record: true });
  });

  it("stays absent when all that it gets is nothing", function () {
    const block = scenario(Fork.osaka, RECIPIENTS.absent, TIPS["no tips"]);
    withState(block, (state) => {
      const run = state.createRun(block.environment, { mode: "direct" });
      block.transactions.forEach((transaction) => run.execute(transaction));
      run.free();
      expect(state.account(COINBASE).exists).to.equal(false);
    });
  });

  for (const [recipient, prepareRecipient] of Object.entries(RECIPIENTS)) {
    it(`${recipient}: a credit of nothing does the same directly and in an overlay`, function () {
      for (const fork of [Fork.frontier, Fork.spuriousDragon, Fork.osaka]) {
        const block = scenario(fork, prepareRecipient, []);
        expect(rootInOverlay(block, [0n])).to.equal(rootDirectly(block, [0n]));
        expect(rootInOverlay(block, [0n, 3n, 0n])).to.equal(
          rootDirectly(block, [0n, 3n, 0n]),
        );
      }
    });
  }
});

function withState<T>(block: Scenario, use: (state: ChainState) => T): T {
  const state = getEngine().createState();
  try {
    block.prepare(state);
    state.nextEpoch();
    return use(state);
  } finally {
    state.close();
  }
}

/** State root after the transactions and credits of the recipient. */
function rootDirectly(
  block: Scenario,
  credits: readonly bigint[] = [],
): string {
  return withState(block, (state) => {
    const run = state.createRun(block.environment, { mode: "direct" });
    block.transactions.forEach((transaction) => run.execute(transaction));
    credits.forEach((value) => run.credit(COINBASE, value));
    run.free();
    return state.root();
  });
}

function rootInOverlay(
  block: Scenario,
  credits: readonly bigint[] = [],
): string {
  return withState(block, (state) => {
    const run = state.createRun(block.environment, { mode: "overlay" });
    block.transactions.forEach((transaction) => run.execute(transaction));
    credits.forEach((value) => run.credit(COINBASE, value));
    run.commit();
    run.free();
    return state.root();
  });
}
