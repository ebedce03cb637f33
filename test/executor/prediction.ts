import type { ExecutableTransaction } from "../../src/internal/evm/types.js";
import type { ParallelOutcome } from "../../src/internal/executor/parallel.js";
import type { Scenario } from "../helpers/blocks.js";

import { expect } from "chai";

import { getEngine } from "../../src/internal/evm/engine.js";
import {
  executeBySchedule,
  scheduleOf,
} from "../../src/internal/executor/logical-threads.js";
import { Prediction } from "../../src/internal/executor/prediction.js";
import { Oracle } from "../helpers/assert-equivalent.js";
import {
  bytes,
  ETHER,
  makeEnvironment,
  testAddress,
  withNonces,
} from "../helpers/blocks.js";
import { workloadContracts } from "../helpers/workloads/compile.js";

const { Token } = workloadContracts();
const TOKEN = testAddress(1000);
const SENDERS = 60;
const THREADS = 4;

/** Nobody has a token: a transfer of none still reads and writes both balances. */
const transfers = (
  receiver: (i: number) => number,
  { sender = (i: number) => i, amount = 1n } = {},
): ExecutableTransaction[] =>
  withNonces(
    Array.from({ length: SENDERS }, (_, i) => ({
      from: testAddress(sender(i)),
      to: TOKEN,
      gasLimit: 100_000n,
      data: bytes(
        Token.interface.encodeFunctionData("transfer", [
          testAddress(receiver(i)),
          amount,
        ]),
      ),
    })),
  );

const mints = withNonces(
  Array.from({ length: SENDERS / 5 }, (_, i) => ({
    from: testAddress(2000),
    gasLimit: 5_000_000n,
    to: TOKEN,
    data: bytes(
      Token.interface.encodeFunctionData("fund", [
        Array.from({ length: 5 }, (__, k) => testAddress(i * 5 + k)),
        1000n,
      ]),
    ),
  })),
);

class Scene {
  readonly #prediction = new Prediction();
  #seed = 1;

  /** Executes a block under a schedule that comes from a seed. Returns what it came to. */
  public run(
    transactions: readonly ExecutableTransaction[],
    predict = true,
  ): { outcome: ParallelOutcome; dependencies: readonly number[] } {
    const scenario: Scenario = {
      prepare: (state) => {
        for (let i = 0; i < SENDERS; i++) {
          state.setBalance(testAddress(i), ETHER);
        }
        state.setBalance(testAddress(2000), ETHER);
        state.setCode(TOKEN, bytes(Token.runtime));
      },
      environment: makeEnvironment({ gasLimit: 1_000_000_000n }),
      transactions,
    };
    const dependencies = predict
      ? this.#prediction.dependencies(transactions)
      : undefined;
    const oracle = new Oracle(scenario, false);
    const outcome = oracle.compare("with predictions", (state) =>
      executeBySchedule(
        {
          core: getEngine().core,
          chain: state.handle,
          epoch: state.epoch,
          environment: scenario.environment,
          candidates: transactions,
          onInvalid: "skip-sender",
          record: false,
          dependencies,
          onEnded: (scheduler) =>
            this.#prediction.learn(transactions, (index) =>
              scheduler.conflictOf(index),
            ),
        },
        THREADS,
        scheduleOf(this.#seed++),
      ),
    );
    oracle.close();
    return { outcome, dependencies: [...(dependencies ?? [])] };
  }

  /** Executes blocks without predictions until there are some. */
  public learn(transactions: readonly ExecutableTransaction[]): void {
    for (let i = 0; i < 4; i++) this.run(transactions, false);
  }

  public abortsOf(
    transactions: readonly ExecutableTransaction[],
    predict: boolean,
  ): number {
    let aborts = 0;
    for (let i = 0; i < 4; i++) {
      aborts += this.run(transactions, predict).outcome.counters.aborts;
    }
    return aborts;
  }
}

const funded = (
  transactions: readonly ExecutableTransaction[],
): ExecutableTransaction[] => [...mints, ...transactions];

describe("prediction of conflicts", function () {
  this.timeout(60_000);

  it("says nothing of what it does not know", () => {
    const { dependencies } = new Scene().run(transfers((i) => i + 100));
    expect(dependencies).to.deep.equal([]);
  });

  it("learns that an argument makes transactions depend on each other, and on which", () => {
    const scene = new Scene();
    // Three receivers, far from each other.
    const block = funded(transfers((i) => 100 + (i % 3)));
    scene.learn(block);
    const { dependencies } = scene.run(block);
    const first = mints.length;
    for (let i = 3; i < SENDERS; i++) {
      expect(dependencies[first + i], `transfer ${i}`).to.equal(first + i - 2);
    }
  });

  it("learns that a sender does", () => {
    const scene = new Scene();
    const block = funded(
      transfers((i) => 100 + i, { sender: (i) => Math.floor(i / 6) }),
    );
    scene.learn(block);
    const { dependencies } = scene.run(block);
    const predicted = dependencies
      .slice(mints.length)
      .filter((after, i) => i % 6 !== 0 && after === mints.length + i);
    expect(predicted).to.have.length((SENDERS / 6) * 5);
  });

  it("saves executions", () => {
    const block = funded(transfers((i) => 100 + (i % 3)));
    const scene = new Scene();
    scene.learn(block);
    const without = scene.abortsOf(block, false);
    const aborts = scene.abortsOf(block, true);
    expect(without).to.be.greaterThan(20);
    expect(aborts).to.be.lessThan(without / 3);
  });

  it("lets independent transactions be, whatever it has learned of others", () => {
    const scene = new Scene();
    scene.learn(funded(transfers((i) => 100 + (i % 3))));
    const { dependencies } = scene.run(transfers((i) => i + 200));
    expect(dependencies.filter((after) => after !== 0)).to.deep.equal([]);
  });

  it("forgets what is no longer so", () => {
    const scene = new Scene();
    scene.learn(funded(transfers((i) => 100 + (i % 3))));
    // Nobody has anything, so nothing is written, and nobody depends on anybody.
    const block = transfers((i) => 100 + (i % 3));
    let last: readonly number[] = [];
    for (let i = 0; i < 80; i++) last = scene.run(block).dependencies;
    expect(last).to.deep.equal([]);
  });

  it("remembers so many methods and no more", () => {
    const prediction = new Prediction();
    for (let i = 0; i < 1000; i++) {
      const block = withNonces(
        Array.from({ length: 8 }, (_, from) => ({
          from: testAddress(from),
          to: testAddress(i),
          data: bytes("0x01020304"),
        })),
      );
      prediction.learn(block, (index) => (index === 0 ? undefined : index - 1));
    }
    expect(prediction.size).to.be.at.most(256);
  });

  it("never let a transaction wait for itself", function () {
    const prediction = new Prediction();
    const chain = transfers((i) => i + 1);
    for (let block = 0; block < 3; block++) {
      prediction.learn(chain, (index) => (index > 0 ? index - 1 : undefined));
    }
    // Every second one pays the next one, whose sender pays itself.
    const pairs = transfers((i) => (i % 2 === 0 ? i + 1 : i));
    expect([...(prediction.dependencies(pairs) ?? [])]).to.deep.equal(
      pairs.map((_, index) => (index % 2 === 0 ? 0 : index)),
    );
    expect(prediction.dependencies(transfers((i) => i))).to.equal(undefined);
  });
});
