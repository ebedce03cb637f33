/** Blocks of Amsterdam: access lists of the whole block, their size, and gas of two kinds. */
import type {
  Address,
  BlockHeader,
  Hash,
  Hex,
} from "../../src/internal/chain/types.js";
import type { ChainState } from "../../src/internal/evm/types.js";

import { RLP } from "@ethereumjs/rlp";
import { expect } from "chai";
import { type TransactionRequest, Wallet } from "ethers";

import {
  EMPTY_LIST_HASH,
  EMPTY_ROOT,
  encodeHeader,
  hashHeader,
  NO_REQUESTS_HASH,
} from "../../src/internal/chain/header.js";
import { fromHex, toHash, ZERO_HASH } from "../../src/internal/chain/hex.js";
import { getEngine } from "../../src/internal/evm/engine.js";
import { keccakHash } from "../../src/internal/evm/keccak.js";
import {
  type Fault,
  InvalidBlockError,
} from "../../src/internal/protocol/errors.js";
import { ProtocolChain } from "../../src/internal/protocol/protocol-chain.js";
import { scheduleByName } from "../../src/internal/protocol/rules.js";
import { bytes } from "../helpers/blocks.js";
import {
  BEACON_ROOTS,
  CONSOLIDATIONS,
  HISTORY,
  SYSTEM_CODES,
  WITHDRAWALS,
} from "./helpers/system-contracts.js";

const GWEI = 10n ** 9n;
const FUNDS = 10n ** 18n;
const wallet = new Wallet(toHash(1n));
const SENDER = wallet.address.toLowerCase() as Address;
const COINBASE: Address = "0xc014ba5ec014ba5ec014ba5ec014ba5ec014ba5e";
/** Adds 1 to slot 0, which holds 5. */
const COUNTER: Address = "0x00000000000000000000000000000000000c0de0";
/** Puts 1 into slot 0, which is empty. */
const MAKER: Address = "0x00000000000000000000000000000000000c0de1";
const RECIPIENT: Address = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee0";
const TOUCHED: Address = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee1";
const BEACON_ROOT: Hash = `0x${"be".repeat(32)}`;
const TIME = 20_000n;

interface Plan {
  readonly network?: string;
  readonly gasLimit?: bigint;
  readonly transactions?: readonly TransactionRequest[];
  readonly withdrawals?: readonly (readonly [to: Address, gwei: number])[];
  readonly header?: Partial<BlockHeader>;
  /** The list that the header's hash is of. */
  readonly list?: (gasUsed: bigint, parent: Hash) => unknown[];
}

/** Values of the header that the test leaves to the block, by what a wrong one is refused for. */
const FOUND: Partial<Record<Fault, keyof BlockHeader>> = {
  "transactions root": "transactionsRoot",
  "withdrawals root": "withdrawalsRoot",
  "receipts root": "receiptsRoot",
  "state root": "stateRoot",
  "logs bloom": "logsBloom",
  "gas used": "gasUsed",
};

/** Why the block is refused; undefined when it is taken. */
async function importBlock(plan: Plan): Promise<InvalidBlockError | undefined> {
  const { gasLimit = 30_000_000n, transactions = [], withdrawals = [] } = plan;
  const state = getEngine().createState();
  try {
    const isBefore = plan.network !== undefined;
    const genesis: BlockHeader = {
      ...EMPTY_HEADER,
      ...(isBefore ? NOT_YET : {}),
      gasLimit,
      stateRoot: prepare(state),
    };
    const chain = new ProtocolChain({
      schedule: scheduleByName(plan.network ?? "Amsterdam"),
      genesis,
      state,
    });
    const signed = await Promise.all(
      transactions.map((transaction, nonce) =>
        wallet.signTransaction({ ...COMMON, nonce, ...transaction }),
      ),
    );
    let header: BlockHeader = {
      ...EMPTY_HEADER,
      gasLimit,
      parentHash: hashHeader(genesis),
      number: 1n,
      timestamp: TIME,
      parentBeaconBlockRoot: BEACON_ROOT,
      baseFeePerGas: 875_000_000n,
      slotNumber: 7n,
      ...plan.header,
    };
    for (;;) {
      if (plan.list !== undefined) {
        const { gasUsed, parentHash } = header;
        const list = plan.list(gasUsed, parentHash) as Uint8Array[];
        header = {
          ...header,
          blockAccessListHash: keccakHash(RLP.encode(list)),
        };
      }
      const refusal = attempt(chain, header, signed, withdrawals);
      const field = refusal === undefined ? undefined : FOUND[refusal.fault];
      if (refusal === undefined || field === undefined) {
        return refusal;
      }
      const expected = refusal.detail.slice(9).split(",")[0] as Hex;
      header = {
        ...header,
        [field]: field === "gasUsed" ? BigInt(expected) : expected,
      };
    }
  } finally {
    state.close();
  }
}

/** Returns the root. */
function prepare(state: ChainState): Hash {
  state.setBalance(SENDER, FUNDS);
  state.setCode(COUNTER, bytes("0x60015f54015f5500"));
  state.setSlot(COUNTER, toHash(0n), toHash(5n));
  state.setCode(MAKER, bytes("0x60015f5500"));
  for (const [address, code] of SYSTEM_CODES) {
    state.setCode(address, fromHex(code));
  }
  state.nextEpoch();
  return state.root();
}

function attempt(
  chain: ProtocolChain,
  header: BlockHeader,
  transactions: readonly string[],
  withdrawals: NonNullable<Plan["withdrawals"]>,
): InvalidBlockError | undefined {
  const rlp = RLP.encode([
    RLP.decode(Uint8Array.from(encodeHeader(header))),
    transactions.map((transaction) => fromHex(transaction as Hex)),
    [],
    withdrawals.map(([to, gwei], index) => [index, 0, fromHex(to), gwei]),
  ] as Parameters<typeof RLP.encode>[0]);
  try {
    chain.importBlock(rlp);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidBlockError) return error;
    throw error;
  }
}

const COMMON: TransactionRequest = {
  type: 2,
  chainId: 1,
  gasLimit: 500_000,
  maxFeePerGas: 2n * GWEI,
  maxPriorityFeePerGas: GWEI,
};

const EMPTY_HEADER: BlockHeader = {
  parentHash: ZERO_HASH,
  sha3Uncles: EMPTY_LIST_HASH,
  miner: COINBASE,
  stateRoot: ZERO_HASH,
  transactionsRoot: EMPTY_ROOT,
  receiptsRoot: EMPTY_ROOT,
  logsBloom: `0x${"00".repeat(256)}`,
  difficulty: 0n,
  number: 0n,
  gasLimit: 0n,
  gasUsed: 0n,
  timestamp: 0n,
  extraData: "0x",
  mixHash: ZERO_HASH,
  nonce: "0x0000000000000000",
  baseFeePerGas: GWEI,
  withdrawalsRoot: EMPTY_ROOT,
  blobGasUsed: 0n,
  excessBlobGas: 0n,
  parentBeaconBlockRoot: ZERO_HASH,
  requestsHash: NO_REQUESTS_HASH,
  blockAccessListHash: EMPTY_LIST_HASH,
  slotNumber: 0n,
};

const NOT_YET: Partial<BlockHeader> = {
  blockAccessListHash: undefined,
  slotNumber: undefined,
};

interface Changes {
  readonly writes?: readonly unknown[];
  readonly reads?: readonly number[];
  readonly balance?: readonly [index: number, value: bigint];
  readonly nonce?: readonly [index: number, value: number];
}

/** EIP-7928's form, for at most one change of a kind. */
function listOf(accounts: Readonly<Record<Address, Changes>>): unknown[] {
  const maybe = (change: readonly unknown[] | undefined): unknown[] =>
    change === undefined ? [] : [change];
  return Object.entries(accounts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([address, { writes = [], reads = [], balance, nonce }]) => [
      fromHex(address as Address),
      writes,
      reads,
      maybe(balance),
      maybe(nonce),
      [],
    ]);
}

/** What every block accesses: in system calls before its transactions (0), and after them. */
function around(parent: Hash): Record<Address, Changes> {
  const slot = TIME % 8191n;
  return {
    [BEACON_ROOTS]: {
      writes: [
        [slot, [[0, TIME]]],
        [slot + 8191n, [[0, fromHex(BEACON_ROOT)]]],
      ],
    },
    [HISTORY]: { writes: [[0, [[0, fromHex(parent)]]]] },
    [WITHDRAWALS]: { reads: [0, 1, 2, 3] },
    [CONSOLIDATIONS]: { reads: [0, 1, 2, 3] },
  };
}

describe("protocol rules of Amsterdam", function () {
  const full = (gasUsed: bigint, parent: Hash): unknown[] =>
    listOf({
      ...around(parent),
      [SENDER]: {
        balance: [1, FUNDS - gasUsed * (GWEI + 875_000_000n)],
        nonce: [1, 1],
      },
      [COUNTER]: { writes: [[0, [[1, 6]]]] },
      [COINBASE]: { balance: [1, gasUsed * GWEI] },
      [RECIPIENT]: { balance: [2, 3n * GWEI] },
      [TOUCHED]: {},
    });
  const plan: Plan = {
    transactions: [{ to: COUNTER }],
    withdrawals: [
      [RECIPIENT, 1],
      [TOUCHED, 0],
      [RECIPIENT, 2],
    ],
  };

  it("take a block with the list of everything that it accesses", async function () {
    expect(await importBlock({ ...plan, list: full })).to.equal(undefined);
  });

  it("refuse lists that lack something, or say too much", async function () {
    const wrong: Plan["list"][] = [
      (...made) => full(...made).slice(1),
      (...made) => full(...made).slice(0, -1),
      (gas, parent) => full(gas + 1n, parent),
      (...made) => full(...made).reverse(),
      (...made) => [
        ...full(...made),
        [fromHex(`0x${"f".repeat(40)}`), [], [], [], [], []],
      ],
      () => [],
    ];
    for (const list of wrong) {
      expect((await importBlock({ ...plan, list }))?.fault).to.equal(
        "access list",
      );
    }
  });

  it("limit the items of a list by the block's gas limit", async function () {
    // Beside them, four system contracts with two, one, four and four slots.
    const withdrawalsTo = (count: number): Plan => ({
      gasLimit: 30_000n,
      withdrawals: Array.from({ length: count }, (_, i) => [
        `0x${(0xa000 + i).toString(16).padStart(40, "0")}`,
        1,
      ]),
    });
    expect((await importBlock(withdrawalsTo(0)))?.fault).to.equal(
      "access list",
    );
    const refusal = await importBlock(withdrawalsTo(1));
    expect(refusal?.message).to.equal(
      "access list's size: expected at most 15 addresses and slots, got 16",
    );
  });

  it("want a header to have a list and a slot, and not before", async function () {
    const network = "BPO2ToAmsterdamAtTime15k";
    const faultOf = async (header: Partial<BlockHeader>): Promise<unknown> =>
      (await importBlock({ network, header }))?.fault;
    expect(await faultOf({ ...NOT_YET, timestamp: 14_999n })).to.equal(
      undefined,
    );
    expect(await faultOf({ timestamp: 14_999n })).to.equal("header fields");
    expect(await faultOf({ ...NOT_YET, timestamp: 15_000n })).to.equal(
      "header fields",
    );
    expect(await faultOf({ timestamp: 15_000n })).to.equal("access list");
  });

  it("count gas for new state apart from the rest", async function () {
    const used: number[] = [];
    for (const called of [[MAKER], [COUNTER], [MAKER, COUNTER]]) {
      let last = 0n;
      const refusal = await importBlock({
        transactions: called.map((to) => ({ to })),
        list: (gasUsed) => {
          last = gasUsed;
          return [];
        },
      });
      expect(refusal?.fault).to.equal("access list");
      used.push(Number(last));
    }
    // EIP-8037: a slot is 64 bytes at 1530; that is more than both transactions take of the rest.
    const counted = 21_000 + 3 + 2 + 2_100 + 3 + 2 + 2_900;
    expect(used).to.deep.equal([64 * 1_530, counted, 64 * 1_530]);
  });

  it("let a block have as much of each as its gas limit says", async function () {
    const gasLimit = 130_000n;
    const withGas = (...limits: number[]): Plan => ({
      gasLimit,
      transactions: limits.map((limit, i) => ({
        to: i === 0 ? MAKER : COUNTER,
        gasLimit: limit,
      })),
    });
    // What is left: 32080 for new state, about 104000 for the rest.
    expect((await importBlock(withGas(125_000, 32_000)))?.fault).to.equal(
      "access list",
    );
    expect((await importBlock(withGas(125_000, 33_000)))?.fault).to.equal(
      "gas limit above the block's",
    );
  });
});
