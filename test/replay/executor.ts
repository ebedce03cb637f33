import type { BlockInput } from "../../src/executor.js";

import { expect } from "chai";

import { createExecutor, InvalidInputError } from "../../src/executor.js";
import { rejection } from "../plugin/helpers/requests.js";

const ALICE = "0xa11ce00000000000000000000000000000000000";
const BOB = "0xB0B0000000000000000000000000000000000000";
const COUNTER = "0xc000000000000000000000000000000000000000";
// Adds one to slot 0 and logs it.
const CODE = "0x6000546001018060005560005260206000a0";

const block: BlockInput = {
  preState: {
    [ALICE]: { balance: 10n ** 18n, nonce: "0x5" },
    [BOB]: { balance: "1000000000000000000" },
    [COUNTER]: { code: CODE, storage: { "0x0": 41, "0x7": "0x9" } },
  },
  environment: { number: 12, timestamp: 1_900_000_000, baseFee: 7 },
  transactions: [
    { from: ALICE, to: COUNTER, gasLimit: 100_000 },
    { from: BOB, to: COUNTER, gasLimit: 100_000, gasPrice: "0x10" },
    {
      from: ALICE,
      to: BOB,
      value: 5,
      gasLimit: 21_000,
      maxFeePerGas: 20,
      maxPriorityFeePerGas: 2n,
    },
    { from: BOB, to: COUNTER, gasLimit: 21_100 },
    { from: ALICE, nonce: 99, to: BOB, gasLimit: 21_000 },
  ],
};

describe("executor for tools", function () {
  this.timeout(30_000);

  for (const mode of ["sequential", "parallel"] as const) {
    it(`executes a block: ${mode}`, async () => {
      await using executor = createExecutor({ workers: 2 });
      const made = await executor.execute(block, { mode, postState: true });
      expect(made.receipts.map(({ index }) => index)).to.deep.equal([
        0, 1, 2, 3,
      ]);
      expect(made.receipts.map(({ outcome }) => outcome)).to.deep.equal([
        "success",
        "success",
        "success",
        "halt 0x20",
      ]);
      expect(made.receipts[2].effectiveGasPrice).to.equal(9n);
      expect(made.receipts[1].logs).to.deep.equal([
        {
          address: COUNTER,
          topics: [],
          data: `0x${(43).toString(16).padStart(64, "0")}`,
          logIndex: 1,
        },
      ]);
      expect(made.skipped).to.deep.equal([
        { index: 4, reason: "nonce 99 too high, expected 7" },
      ]);
      expect(made.gasUsed).to.equal(made.receipts[3].cumulativeGasUsed);
      expect(made.accessSets).to.have.lengthOf(4);
      expect(made.accessSets?.[0].slots[0]).to.include({
        read: true,
        written: true,
      });
      expect(made.schedule.mode).to.equal(mode);
      expect(made.timing.milliseconds).to.be.above(0);
      expect(made.timing.cpuMilliseconds).to.be.at.least(0);
      expect(made.postState?.[COUNTER].storage).to.deep.equal({
        [word(0)]: word(43),
        [word(7)]: word(9),
      });
    });
  }

  it("comes to the same state root either way", async () => {
    await using executor = createExecutor({ workers: 3 });
    const roots = new Set<string>();
    for (const workers of [1, 2, 3]) {
      roots.add((await executor.execute(block, { workers })).stateRoot);
    }
    const { stateRoot, accessSets, postState } = await executor.execute(block, {
      mode: "sequential",
      accessSets: false,
    });
    expect([...roots]).to.deep.equal([stateRoot]);
    expect(accessSets).to.equal(undefined);
    expect(postState).to.equal(undefined);
  });

  it("repeats a schedule with its seed", async () => {
    await using executor = createExecutor({ workers: 3 });
    const { stateRoot } = await executor.execute(block, { mode: "sequential" });
    const schedules = new Set<string>();
    for (let seed = 0; seed < 12; seed++) {
      const [one, other] = [
        await executor.execute(block, { seed }),
        await executor.execute(block, { seed }),
      ];
      expect(one.stateRoot).to.equal(stateRoot);
      expect(one.schedule.seed).to.equal(seed);
      expect(one.schedule.transactions).to.have.lengthOf(5);
      expect(one.schedule).to.deep.equal(other.schedule);
      schedules.add(JSON.stringify(one.schedule.transactions));
    }
    expect(schedules.size).to.be.above(3);
    expect(
      [...schedules].some((schedule) => schedule.includes('"incarnations":2')),
    ).to.equal(true);
  });

  it("keeps nothing of a block", async () => {
    await using executor = createExecutor({ workers: 1 });
    await executor.execute(block);
    const before = executor.memoryInUse();
    for (let i = 0; i < 20; i++) await executor.execute(block);
    expect(executor.memoryInUse()).to.equal(before);
  });

  it("ends its threads when it is closed, and refuses more", async () => {
    const executors = Array.from({ length: 4 }, () =>
      createExecutor({ workers: 2 }),
    );
    const before = threads();
    for (const executor of executors) {
      await executor.execute(block);
    }
    expect(threads()).to.be.at.least(before + 4);
    for (const executor of executors) await executor.close();
    expect(threads()).to.be.at.most(before);
    await executors[0].close();
    const error = await rejection(executors[0].execute(block));
    expect(error.message).to.equal(
      "expected an executor in use, got one that was closed",
    );
  });

  const wrong: readonly (readonly [string, unknown])[] = [
    ['block: expected an object, got "x"', "x"],
    [
      'block: expected only the fields preState, environment, transactions, onInvalid, got "txs"',
      { transactions: [], txs: [] },
    ],
    ["block.transactions: expected a list, got undefined", {}],
    [
      'block.transactions[1].to: expected an address (0x and 40 hex digits), got "0x12"',
      {
        transactions: [
          { from: ALICE, gasLimit: 1 },
          { from: ALICE, to: "0x12", gasLimit: 1 },
        ],
      },
    ],
    [
      'block.transactions[0].gasLimit: expected a quantity of at most 64 bits (a bigint, a safe integer, or text as "0x10" or "16"), got undefined',
      { transactions: [{ from: ALICE }] },
    ],
    [
      'block.transactions[0].value: expected a quantity of at most 256 bits (a bigint, a safe integer, or text as "0x10" or "16"), got -1',
      { transactions: [{ from: ALICE, gasLimit: 1, value: -1 }] },
    ],
    [
      "block.transactions[0].gasPrice: expected nothing in a transaction of type 2, got 1",
      { transactions: [{ from: ALICE, gasLimit: 1, type: 2, gasPrice: 1 }] },
    ],
    [
      'block.transactions[0]: expected fields that one type of transaction has, got ["gasPrice","authorizationList"]',
      {
        transactions: [
          { from: ALICE, gasLimit: 1, gasPrice: 1, authorizationList: [] },
        ],
      },
    ],
    [
      "block.transactions[0].type: expected a type from 0 to 4, got 5",
      { transactions: [{ from: ALICE, gasLimit: 1, type: 5 }] },
    ],
    [
      'block.transactions[0].data: expected bytes (0x and an even number of hex digits, or a Uint8Array), got "0x123"',
      { transactions: [{ from: ALICE, gasLimit: 1, data: "0x123" }] },
    ],
    [
      `block.preState.${ALICE}: expected only the fields balance, nonce, code, storage, got "Balance"`,
      { preState: { [ALICE]: { Balance: 1 } }, transactions: [] },
    ],
    [
      'block.onInvalid: expected one of skip, skip-sender, stop, got "go on"',
      { transactions: [], onInvalid: "go on" },
    ],
    [
      'block.environment.enforceBlockGasLimit: expected true or false, got "no"',
      { environment: { enforceBlockGasLimit: "no" }, transactions: [] },
    ],
  ];
  for (const [message, input] of wrong) {
    it(`refuses ${message}`, async () => {
      await using executor = createExecutor({ workers: 1 });
      const error = await rejection(executor.execute(input as BlockInput));
      expect(error).to.be.instanceOf(InvalidInputError);
      expect(error.message).to.equal(message);
    });
  }

  it("refuses hard forks and options that it does not know", async () => {
    await using executor = createExecutor({ workers: 1 });
    const fork = await rejection(
      executor.execute({
        environment: { hardfork: "osaca" },
        transactions: [],
      }),
    );
    expect(fork.message).to.match(
      /^block\.environment\.hardfork: expected one of frontier, .*, amsterdam, got "osaca"$/,
    );
    const mode = await rejection(
      executor.execute(block, { mode: "fast" as "parallel" }),
    );
    expect(mode.message).to.equal(
      'options.mode: expected one of sequential, parallel, got "fast"',
    );
    expect(() => createExecutor({ workers: 0 })).to.throw(
      "options.workers: expected an integer from 1 to 64, got 0",
    );
  });
});

function word(value: number): string {
  return `0x${value.toString(16).padStart(64, "0")}`;
}

/** Worker threads of this process. */
function threads(): number {
  // The report's types lack both; without `excludeNetwork` it asks the name server.
  const report: unknown = Object.assign(process.report, {
    excludeNetwork: true,
  }).getReport();
  return (report as { workers: unknown[] }).workers.length;
}
