/** Workloads by name: what blocks of real projects do, and what has broken parallel EVMs before. */
import type { ExecutableTransaction } from "../../src/internal/evm/types.js";
import type { Scenario } from "../helpers/blocks.js";

import { expect } from "chai";

import { assertEquivalent } from "../helpers/assert-equivalent.js";
import {
  bytes,
  COINBASE,
  ETHER,
  Fork,
  makeEnvironment,
  testAddress,
  withNonces,
  word,
} from "../helpers/blocks.js";
import { operationData, randomContract } from "../helpers/random-contract.js";
import { workloadContracts } from "../helpers/workloads/compile.js";

const COUNT = 96;
const CONTRACT = testAddress(1000);
const OTHER = testAddress(1001);
const TOKEN = testAddress(1002);
const code = bytes(randomContract());
const { Token, Work } = workloadContracts();

type Operations = Parameters<typeof operationData>[0];

/** Everyone has money, the contracts are there, and everyone has tokens. */
function prepare(state: Parameters<Scenario["prepare"]>[0]): void {
  for (let i = 0; i < COUNT * 2; i++) state.setBalance(testAddress(i), ETHER);
  for (const address of [CONTRACT, OTHER]) {
    state.setCode(address, code);
    state.setBalance(address, 1_000_000n);
    for (let slot = 0; slot < 4; slot++) {
      state.setSlot(address, word(slot), word(slot + 1));
    }
  }
  state.setCode(TOKEN, bytes(Token.runtime));
  state.setCode(testAddress(1003), bytes(Work.runtime));
}

const each = (
  make: (index: number) => Partial<ExecutableTransaction>,
  count = COUNT,
): ExecutableTransaction[] =>
  withNonces(
    Array.from({ length: count }, (_, i) => ({
      from: testAddress(i),
      gasLimit: 500_000n,
      ...make(i),
    })),
  );

const does = (...operations: Operations): Partial<ExecutableTransaction> => ({
  to: CONTRACT,
  data: operationData(operations),
});

const token = (
  name: string,
  args: readonly unknown[],
): Partial<ExecutableTransaction> => ({
  to: TOKEN,
  data: bytes(Token.interface.encodeFunctionData(name, args)),
});

/** Mints to senders first, so that transfers in the same block have something to move. */
const funded = (
  transactions: readonly ExecutableTransaction[],
): ExecutableTransaction[] => [
  ...withNonces([
    {
      from: testAddress(COUNT * 2 - 1),
      gasLimit: 10_000_000n,
      ...token("fund", [
        Array.from({ length: COUNT }, (_, i) => testAddress(i)),
        1000n,
      ]),
    },
  ]),
  ...transactions,
];

interface Workload {
  readonly name: string;
  readonly transactions: readonly ExecutableTransaction[];
  readonly fork?: number;
  readonly gasLimit?: bigint;
  readonly prepare?: Scenario["prepare"];
  readonly onInvalid?: Scenario["onInvalid"];
  /** Nobody depends on anybody: several threads must have had a part in it. */
  readonly isIndependent?: boolean;
}

const delegation = (
  index: number,
  nonce: bigint,
): Partial<ExecutableTransaction> => ({
  type: 4,
  authorizationList: [
    {
      chainId: 0n,
      address: CONTRACT,
      nonce,
      yParity: 0,
      r: 1n,
      s: 1n,
      authority: testAddress(index),
    },
  ],
});

const WORKLOADS: readonly Workload[] = [
  {
    name: "transfers, independent",
    transactions: each((i) => ({ to: testAddress(i + COUNT), value: 1n })),
  },
  {
    name: "transfers, each paid by the one before",
    prepare: (state) => state.setBalance(testAddress(0), ETHER),
    transactions: each((i) => ({
      to: testAddress(i + 1),
      value: ETHER - BigInt(i + 1) * 10n ** 15n,
      gasLimit: 21_000n,
    })),
  },
  {
    name: "transfers to one account",
    transactions: each(() => ({ to: testAddress(COUNT), value: 5n })),
  },
  {
    name: "transfers from one account",
    transactions: each((i) => ({ from: testAddress(0), to: testAddress(i) })),
  },
  {
    name: "transfers that drain an account",
    transactions: each((i) => ({
      from: testAddress(i % 2),
      to: testAddress(COUNT + i),
      value: ETHER / 30n,
    })),
  },
  {
    name: "ERC-20, independent",
    transactions: funded(
      each((i) => token("transfer", [testAddress(i + COUNT), 5n])),
    ),
  },
  {
    name: "ERC-20, to one account",
    transactions: funded(each(() => token("transfer", [testAddress(500), 5n]))),
  },
  {
    name: "ERC-20, everyone mints",
    transactions: each((i) => token("fund", [[testAddress(i)], 7n])),
  },
  {
    name: "ERC-20, more than there is",
    transactions: each((i) => token("transfer", [testAddress(i + 1), 3n])),
  },
  {
    name: "work of its own for everyone",
    isIndependent: true,
    transactions: each(() => ({
      to: testAddress(1003),
      gasLimit: 1_000_000n,
      data: bytes(Work.interface.encodeFunctionData("run", [400n])),
    })),
  },
  {
    name: "some giants among many small ones",
    isIndependent: true,
    transactions: each((i) =>
      i >= 40 && i < 43
        ? {
            to: testAddress(1003),
            gasLimit: 16_000_000n,
            data: bytes(Work.interface.encodeFunctionData("run", [20_000n])),
          }
        : { to: testAddress(i + COUNT), value: 1n, gasLimit: 21_000n },
    ),
  },
  {
    name: "one hot slot",
    transactions: each(() => does(["increment", 0, 1], ["read", 0, 0])),
  },
  {
    name: "some hot slots",
    transactions: each((i) =>
      does(["increment", i % 5, 1], ["read", (i * 3) % 5, 0]),
    ),
  },
  {
    name: "one slot overwritten without a look",
    transactions: each((i) => does(["overwrite", 0, i + 1])),
  },
  {
    name: "one writer, many readers",
    transactions: each((i) =>
      i === 40 ? does(["overwrite", 1, 77]) : does(["read", 1, 0]),
    ),
  },
  {
    name: "a re-entrancy guard",
    transactions: each((i) => does(["guard", 0, 0], ["increment", i, 1])),
  },
  {
    name: "chains of one sender",
    transactions: each((i) => ({
      from: testAddress(i % 6),
      ...does(["increment", i % 6, 2]),
    })),
  },
  {
    name: "readers of the fee recipient's balance",
    transactions: each((i) =>
      i % 3 === 0 ? does(["coinbase", 0, 0]) : { value: 3n },
    ),
  },
  {
    name: "the fee recipient sends and is sent to",
    prepare: (state) => {
      prepare(state);
      state.setBalance(COINBASE, ETHER);
    },
    transactions: each((i) =>
      i % 4 === 0
        ? { from: COINBASE, to: testAddress(i), value: 10n }
        : { to: i % 4 === 1 ? COINBASE : testAddress(i + 1), value: 11n },
    ),
  },
  {
    name: "the fee recipient is a contract that destroys itself",
    fork: Fork.london,
    prepare: (state) => {
      prepare(state);
      state.setCode(COINBASE, code);
    },
    transactions: each((i) =>
      i % 8 === 5
        ? { to: COINBASE, data: operationData([["destroySelf", 3, 0]]) }
        : { value: 2n },
    ),
  },
  ...[Fork.london, Fork.cancun].map((fork) => ({
    name: `CREATE2, destroyed and made again (fork ${fork})`,
    fork,
    transactions: each((i) =>
      does(i % 3 === 0 ? ["create2", i % 2, i] : ["destroyChild", i % 2, 1], [
        "read",
        0,
        0,
      ]),
    ),
  })),
  {
    name: "a contract that destroys itself, and its callers",
    fork: Fork.istanbul,
    transactions: each((i) =>
      i % 10 === 4
        ? does(["increment", 0, 0], ["destroySelf", 9, 0])
        : { ...does(["increment", 0, 0], ["read", 1, 0]), value: 1n },
    ),
  },
  {
    name: "deployments, and calls of what was deployed",
    transactions: each((i) =>
      i % 2 === 0
        ? {
            to: undefined,
            data: bytes("0x6001600055" + "6133ff6000526002601ef3"),
          }
        : does(["create", i % 3, 0], ["destroyChild", (i + 1) % 3, 0]),
    ),
  },
  {
    name: "delegations, set and used",
    transactions: each((i) =>
      i % 4 === 0
        ? { from: testAddress(COUNT + i), ...delegation(i + 1, 0n) }
        : {
            from: testAddress(COUNT + i),
            to: testAddress(i - (i % 4) + 1),
            data: operationData([
              ["increment", 0, 1],
              ["balance", 3, 0],
            ]),
          },
    ),
  },
  {
    name: "delegations of those who send",
    transactions: each((i) =>
      i % 3 === 0
        ? { from: testAddress(i), ...delegation(i, 1n) }
        : { from: testAddress(i - (i % 3)), nonce: BigInt(1 + (i % 3)) },
    ),
  },
  {
    name: "failures, reverts and empty tanks",
    transactions: each(
      (i) =>
        [
          does(["revertIfOdd", 0, 0]),
          does(["increment", 0, 0], ["invalid", 0, 0]),
          { ...does(["hash", 0, 0], ["increment", 1, 0]), gasLimit: 40_000n },
          does(["increment", 2, 0]),
        ][i % 4],
    ),
  },
  {
    name: "more than fits into the block",
    gasLimit: 1_000_000n,
    transactions: each((i) => ({
      ...does(["increment", i % 4, 0]),
      from: testAddress(i % 30),
      gasLimit: i % 7 === 0 ? 700_000n : 60_000n,
    })),
  },
  {
    name: "nonces with gaps",
    transactions: each((i) => ({
      from: testAddress(i % 8),
      nonce: BigInt(Math.floor(i / 8) + (i % 8 === 3 && i > 40 ? 1 : 0)),
      ...does(["increment", i % 8, 0]),
    })),
  },
  {
    name: "nonces with gaps, up to the first",
    onInvalid: "stop",
    transactions: each((i) => ({
      from: testAddress(i % 8),
      nonce: BigInt(Math.floor(i / 8) + (i % 8 === 3 && i > 40 ? 1 : 0)),
      ...does(["increment", i % 8, 0]),
    })),
  },
  {
    name: "hashes of blocks, which only the main thread knows",
    transactions: each((i) =>
      does(i % 5 === 0 ? ["blockHash", 0, 0] : ["increment", i, 0]),
    ),
  },
  {
    name: "calls between contracts",
    transactions: each((i) => ({
      ...does(["forward", 1001 % 256, i % 4], ["delegate", 1, 2]),
      to: i % 2 === 0 ? CONTRACT : OTHER,
    })),
  },
  {
    name: "empty accounts touched",
    fork: Fork.spuriousDragon,
    transactions: each((i) => ({ to: testAddress(5000 + (i % 9)), value: 0n })),
  },
  {
    name: "empty accounts made",
    fork: Fork.frontier,
    transactions: each((i) => ({ to: testAddress(5000 + (i % 9)), value: 0n })),
  },
  {
    name: "fees of nothing",
    transactions: each((i) => ({
      type: 2,
      to: testAddress(i + 1),
      feeCap: 7n,
      priorityFee: 0n,
    })),
  },
];

/** Threads that have nothing else to do may still come late: then the block is executed once more. */
const ATTEMPTS = 40;

describe("workloads", function () {
  this.timeout(120_000);

  for (const workload of WORKLOADS) {
    it(`come to the same in parallel: ${workload.name}`, async () => {
      const { fork = Fork.osaka, gasLimit = 1_000_000_000n } = workload;
      const scenario: Scenario = {
        prepare: workload.prepare ?? prepare,
        environment: makeEnvironment({ fork, gasLimit }),
        transactions: workload.transactions,
        onInvalid: workload.onInvalid,
      };
      let counters = await assertEquivalent(scenario);
      for (const { incarnations } of counters.values()) {
        expect(incarnations).to.be.at.least(1);
      }
      if (workload.isIndependent !== true) return;
      const speculated = (): boolean =>
        [2, 4, 8].every((workers) => {
          const { incarnations, decided } = counters.get(workers) ?? {
            incarnations: 0,
            decided: 0,
          };
          return incarnations > decided;
        });
      for (let i = 0; i < ATTEMPTS && !speculated(); i++) {
        counters = await assertEquivalent(scenario);
      }
      expect(speculated(), "several threads took part").to.equal(true);
    });
  }
});
