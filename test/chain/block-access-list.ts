/** Block access lists (EIP-7928), and what else a block has since Amsterdam. */
import type { Chain } from "../../src/internal/chain/chain-interface.js";
import type {
  AccessSet,
  AccountAccess,
  Address,
  Block,
} from "../../src/internal/chain/types.js";
import type { Statement } from "../helpers/program.js";

import { RLP } from "@ethereumjs/rlp";
import { expect } from "chai";

import {
  buildBlockAccessList,
  encodeBlockAccessList,
} from "../../src/internal/chain/block-access-list.js";
import { EMPTY_LIST_HASH } from "../../src/internal/chain/header.js";
import { fromHex, toHash, toHex } from "../../src/internal/chain/hex.js";
import { keccakHash } from "../../src/internal/evm/keccak.js";
import { compileRuntime } from "../helpers/program.js";
import {
  addressOf,
  ALICE,
  BOB,
  CAROL,
  DAVE,
  ETHER,
  request,
  testChain,
} from "./helpers/chain.js";

const SYSTEM = "0xfffffffffffffffffffffffffffffffffffffffe";
const TRANSFER =
  "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
const BURN =
  "0xcc16f5dbb4873280815c1ee09dbd06736cffcc184412cf7a71a0fdb75d397ca5";
const COINBASE = "0xc014ba5ec014ba5ec014ba5ec014ba5ec014ba5e";
const CONTRACT = addressOf(0xc0de);
const OTHER = addressOf(0xc0df);

/** An account's entry, with numbers for integers. */
interface Entry {
  readonly writes: Record<number, [index: number, value: number][]>;
  readonly reads: number[];
  readonly balances: number[];
  readonly nonces: [index: number, nonce: number][];
  readonly codes: [index: number, code: string][];
}

type Items = (Uint8Array | Items)[];

const toNumber = (item: unknown): number =>
  Number(BigInt(toHex(item as Uint8Array).padEnd(3, "0")));

/** Decoded with a library of its own; of balance changes only the indexes. */
function listOf(block: Block): Record<string, Entry> {
  const { accessList } = block;
  if (accessList === undefined) {
    throw new Error("expected an access list");
  }
  expect(keccakHash(accessList)).to.equal(block.header.blockAccessListHash);
  const pairs = (items: unknown): [number, unknown][] =>
    (items as [Uint8Array, unknown][]).map(([index, value]) => [
      toNumber(index),
      value,
    ]);
  const entries = (RLP.decode(accessList) as Items).map((item) => {
    const [address, writes, reads, balances, nonces, codes] = item as unknown[];
    return [
      toHex(address as Uint8Array),
      {
        writes: Object.fromEntries(
          pairs(writes).map(([key, changes]) => [
            key,
            pairs(changes).map(([index, value]): [number, number] => [
              index,
              toNumber(value),
            ]),
          ]),
        ),
        reads: (reads as Uint8Array[]).map(toNumber),
        balances: pairs(balances).map(([index]) => index),
        nonces: pairs(nonces).map(([index, nonce]): [number, number] => [
          index,
          toNumber(nonce),
        ]),
        codes: pairs(codes).map(([index, code]): [number, string] => [
          index,
          toHex(code as Uint8Array),
        ]),
      },
    ] as const;
  });
  const addresses = entries.map(([address]) => address);
  expect(addresses).to.deep.equal([...addresses].sort());
  return Object.fromEntries(entries);
}

const touched: Entry = {
  writes: {},
  reads: [],
  balances: [],
  nonces: [],
  codes: [],
};

function amsterdam(code: readonly Statement[] = []): Chain {
  const chain = testChain({ hardfork: "amsterdam", automine: false });
  if (code.length > 0) {
    setProgram(chain, CONTRACT, code);
  }
  return chain;
}

function setProgram(
  chain: Chain,
  address: Address,
  code: readonly Statement[],
): void {
  chain.setCode(
    address,
    fromHex(compileRuntime({ functions: {}, fallback: code })),
  );
}

/** A block of these transactions; they do not pay the miner anything. */
function mine(
  chain: Chain,
  ...transactions: (Partial<Parameters<typeof request>[0]> & {
    from: Address;
  })[]
): Block {
  for (const [i, transaction] of transactions.entries()) {
    chain.sendTransaction(
      request({
        gas: 2_000_000n,
        maxFeePerGas: 10n ** 10n,
        // In the order given.
        maxPriorityFeePerGas: BigInt(transactions.length - i),
        ...transaction,
      }),
    );
  }
  return chain.mine().block;
}

describe("Block access lists", () => {
  it("are encoded as EIP-7928 says", () => {
    const account = (
      address: Address,
      changes: Partial<AccountAccess> = {},
    ): AccountAccess => ({
      address,
      readsBalance: true,
      readsNonce: true,
      readsCode: true,
      balance: undefined,
      nonce: undefined,
      codeChanged: false,
      code: undefined,
      destructed: false,
      lazilyCredited: false,
      ...changes,
    });
    const fill = (byte: string): Address => `0x${byte.repeat(20)}`;
    const slot = (
      key: number,
      before: number,
      after: number,
    ): AccessSet["slots"][number] => ({
      address: fill("11"),
      key: toHash(BigInt(key)),
      before: toHash(BigInt(before)),
      after: toHash(BigInt(after)),
      read: true,
      written: before !== after,
    });
    const sets: AccessSet[] = [
      {
        accounts: [
          account(fill("aa"), {
            balance: { before: ETHER, after: ETHER - 21_000n },
            nonce: { before: 0n, after: 1n },
          }),
          account(fill("11")),
          account(fill("dd")),
          account(fill("cc"), { balance: { before: 0n, after: 21_000n } }),
        ],
        slots: [slot(7, 3, 3), slot(0, 0, 5)],
        preimages: [],
      },
      {
        accounts: [
          account(fill("bb"), {
            balance: { before: ETHER, after: ETHER - 42_000n },
            nonce: { before: 0n, after: 1n },
          }),
          account(fill("11")),
          account(fill("cc"), { balance: { before: 21_000n, after: 63_000n } }),
        ],
        slots: [slot(0, 5, 6)],
        preimages: [],
      },
    ];
    const encoded = encodeBlockAccessList(buildBlockAccessList(sets));
    expect(toHex(encoded)).to.equal(
      "0xf8b7e4941111111111111111111111111111111111111111c9c880c6c20105c20206c107c0c0c0e894aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac0c0cbca01880de0b6b3a763adf8c3c20101c0e894bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbc0c0cbca02880de0b6b3a7635bf0c3c20201c0e494ccccccccccccccccccccccccccccccccccccccccc0c0cac401825208c40282f618c0c0da94ddddddddddddddddddddddddddddddddddddddddc0c0c0c0c0",
    );
    expect(keccakHash(encoded)).to.equal(
      "0xd86cde352e41b8c4727b732eea0f49c920990243cd94be6c9bba14d6452a585f",
    );
  });

  it("of blocks in which nothing happens are empty", () => {
    const chain = amsterdam();
    for (const block of [chain.latest, chain.mine().block]) {
      expect(block.header.blockAccessListHash).to.equal(EMPTY_LIST_HASH);
      expect(block.accessList).to.deep.equal(Uint8Array.of(0xc0));
    }
    expect(testChain().latest.accessList).to.equal(undefined);
    expect(testChain().latest.header.blockAccessListHash).to.equal(undefined);
  });

  it("name sender, recipient and fee recipient of a transfer", () => {
    const chain = amsterdam();
    const block = mine(
      chain,
      { from: ALICE, to: BOB, value: 1n },
      { from: CAROL, to: BOB },
    );
    expect(listOf(block)).to.deep.equal({
      [ALICE]: { ...touched, balances: [1], nonces: [[1, 1]] },
      [BOB]: { ...touched, balances: [1] },
      [CAROL]: { ...touched, balances: [2], nonces: [[2, 1]] },
      [COINBASE]: { ...touched, balances: [1, 2] },
    });
  });

  it("name the fee recipient even when there is no fee", () => {
    const chain = amsterdam();
    const block = mine(chain, {
      from: ALICE,
      to: BOB,
      maxPriorityFeePerGas: 0n,
    });
    expect(listOf(block)[COINBASE]).to.deep.equal(touched);
  });

  it("tell what several transactions left in a slot, in order", () => {
    // 0 is counted up, 1 written once, 2 read, 3 written as it was, 4 written and put back.
    const chain = amsterdam([
      ["SSTORE", 0, ["ADD", ["SLOAD", 0], 1]],
      ["SSTORE", 1, 9],
      ["POP", ["SLOAD", 2]],
      ["SSTORE", 3, 0],
      ["SSTORE", 4, 1],
      ["SSTORE", 4, 0],
    ]);
    const block = mine(
      chain,
      { from: ALICE, to: CONTRACT },
      { from: BOB, to: CONTRACT },
      { from: CAROL, to: CONTRACT },
    );
    expect(listOf(block)[CONTRACT]).to.deep.equal({
      ...touched,
      writes: {
        0: [
          [1, 1],
          [2, 2],
          [3, 3],
        ],
        1: [[1, 9]],
      },
      reads: [2, 3, 4],
    });
  });

  it("turn the writes of what failed into reads, and keep who was touched", () => {
    const chain = amsterdam([
      ["SSTORE", 0, 1],
      ["POP", ["BALANCE", DAVE]],
      ["REVERT", 0, 0],
    ]);
    // A frame that reverts inside another one.
    setProgram(chain, OTHER, [
      ["POP", ["CALL", ["GAS"], CONTRACT, 0, 0, 0, 0, 0]],
      ["SSTORE", 5, 1],
    ]);
    const block = mine(
      chain,
      { from: ALICE, to: CONTRACT, value: 5n },
      { from: BOB, to: OTHER },
    );
    expect(listOf(block)).to.deep.include({
      [ALICE]: { ...touched, balances: [1], nonces: [[1, 1]] },
      [CONTRACT]: { ...touched, reads: [0] },
      [DAVE]: touched,
      [OTHER]: { ...touched, writes: { 5: [[2, 1]] } },
    });
  });

  it("leave out what there was too little gas to access", () => {
    const chain = amsterdam([["POP", ["BALANCE", DAVE]]]);
    const intrinsic = 21_000n;
    const push = 3n;
    const near = mine(chain, {
      from: ALICE,
      to: CONTRACT,
      gas: intrinsic + push + 2_599n,
    });
    expect(listOf(near)).to.have.all.keys(ALICE, CONTRACT, COINBASE);
    const enough = mine(chain, {
      from: ALICE,
      to: CONTRACT,
      gas: intrinsic + push + 2_600n,
    });
    expect(listOf(enough)).to.have.all.keys(ALICE, CONTRACT, DAVE, COINBASE);
    chain.setCode(
      CONTRACT,
      fromHex(
        compileRuntime({ functions: {}, fallback: [["POP", ["SLOAD", 1]]] }),
      ),
    );
    const slot = mine(chain, {
      from: ALICE,
      to: CONTRACT,
      gas: intrinsic + push + 2_099n,
    });
    expect(listOf(slot)[CONTRACT]).to.deep.equal(touched);
  });

  it("leave out what an access list names and nobody touches", () => {
    const accessList = [{ address: DAVE, storageKeys: [toHash(1n)] }];
    const block = mine(amsterdam(), { from: ALICE, to: BOB, accessList });
    expect(listOf(block)).to.have.all.keys(ALICE, BOB, COINBASE);
  });

  it("do not tell of balances that end as they began", () => {
    const chain = amsterdam([
      ["POP", ["CALL", ["GAS"], DAVE, ["CALLVALUE"], 0, 0, 0, 0]],
    ]);
    const block = mine(chain, { from: ALICE, to: CONTRACT, value: 7n });
    expect(listOf(block)).to.deep.include({
      [CONTRACT]: touched,
      [DAVE]: { ...touched, balances: [1] },
    });
  });

  it("have deployed code, and nothing of what is created and destroyed at once", () => {
    const chain = amsterdam();
    const code = "0x600160005260206000f3";
    // Returns the ten bytes of code; the other destroys itself, having written a slot.
    const deploy = fromHex(`0x69${code.slice(2)}600052600a6016f3`);
    const vanish = fromHex("0x600160005533ff");
    const block = mine(
      chain,
      { from: ALICE, data: deploy },
      { from: BOB, data: vanish, value: 3n },
    );
    const [created, gone] = block.receipts.map(
      ({ contractAddress }) => contractAddress ?? "",
    );
    expect(listOf(block)).to.deep.include({
      [created]: { ...touched, nonces: [[1, 1]], codes: [[1, code]] },
      [gone]: { ...touched, reads: [0] },
    });
  });

  it("have precompiles that are called", () => {
    const block = mine(amsterdam(), { from: ALICE, to: addressOf(4) });
    expect(listOf(block)[addressOf(4)]).to.deep.equal(touched);
  });

  it("are those of the pending block too", () => {
    const chain = amsterdam();
    chain.sendTransaction(request({ from: ALICE, to: BOB, value: 1n }));
    const pending = chain.block("pending");
    const { header } = chain.mine().block;
    expect(pending?.header.blockAccessListHash).to.equal(
      header.blockAccessListHash,
    );
  });
});

describe("Blocks since Amsterdam", () => {
  it("count slots from the genesis block on", () => {
    const chain = amsterdam();
    expect(chain.latest.header.slotNumber).to.equal(0n);
    expect(chain.mine().block.header.slotNumber).to.equal(1n);
    chain.mineMany(20n, 1n);
    expect(chain.latest.header.slotNumber).to.equal(21n);
    const middle = chain.block(10n);
    expect(middle?.header.slotNumber).to.equal(10n);
    expect(middle?.header.blockAccessListHash).to.equal(EMPTY_LIST_HASH);
  });

  it("have a log of every ether that moves or is burnt (EIP-7708)", () => {
    // Sends, keeps, and destroys itself for the caller: it stays, for it was there before.
    const chain = amsterdam([
      ["POP", ["CALL", ["GAS"], DAVE, 2, 0, 0, 0, 0]],
      ["POP", ["CALLCODE", ["GAS"], DAVE, 1, 0, 0, 0, 0]],
      ["SELFDESTRUCT", ["CALLER"]],
    ]);
    // Created with 4 wei, burns them with itself.
    const burn = fromHex("0x30ff");
    const block = mine(
      chain,
      { from: ALICE, to: CONTRACT, value: 5n },
      { from: BOB, data: burn, value: 4n },
    );
    const seen = block.receipts.map(({ logs }) =>
      logs.map(({ address, topics, data }) => {
        expect(address).to.equal(SYSTEM);
        return [
          topics[0],
          ...topics.slice(1).map((topic) => `0x${topic.slice(26)}`),
          Number(BigInt(data)),
        ];
      }),
    );
    const created = block.receipts[1].contractAddress ?? "";
    expect(seen[0]).to.deep.equal([
      [TRANSFER, ALICE, CONTRACT, 5],
      [TRANSFER, CONTRACT, DAVE, 2],
      [TRANSFER, CONTRACT, ALICE, 3],
    ]);
    expect(seen[1]).to.deep.equal([
      [TRANSFER, BOB, created, 4],
      [BURN, created, 4],
    ]);
  });

  it("count gas before refunds (EIP-7778)", () => {
    const chain = amsterdam([["SSTORE", 0, ["ISZERO", ["SLOAD", 0]]]]);
    mine(chain, { from: ALICE, to: CONTRACT });
    const block = mine(chain, { from: ALICE, to: CONTRACT });
    expect(block.gasUsed - block.receipts[0].gasUsed).to.equal(4_800n);
  });

  it("have no room for what must be paid below the cap, whatever the gas limit", () => {
    const chain = testChain({
      hardfork: "amsterdam",
      transactionGasCap: 100_000n,
    });
    // The words of Hardhat's network; the gas limit itself is refused later.
    const send = (bytes: number): unknown =>
      chain.sendTransaction(
        request({
          from: ALICE,
          to: BOB,
          gas: 500_000n,
          data: new Uint8Array(bytes),
        }),
      );
    expect(() => send(1_235)).to.throw(
      "Transaction requires gas floor of 100040 but got limit of 100000",
    );
    expect(() => send(1_234)).to.throw(
      "Transaction gas limit is 500000 and exceeds transaction gas cap of 100000",
    );
  });
});
