import type { Address, Transaction } from "../../src/internal/chain/types.js";

import { expect } from "chai";
import fc from "fast-check";

import {
  CandidateList,
  orderCandidates,
} from "../../src/internal/chain/candidates.js";
import { ChainError } from "../../src/internal/chain/errors.js";
import { Mempool } from "../../src/internal/chain/mempool.js";
import { fakeSignTransaction } from "../../src/internal/chain/transaction-codec.js";
import { addressOf, ETHER } from "./helpers/chain.js";

interface Fields {
  readonly from: number;
  readonly nonce: number;
  readonly fee?: bigint;
  readonly priority?: bigint;
  readonly gas?: bigint;
  readonly value?: bigint;
}

function transaction(fields: Fields): Transaction {
  const { from, nonce, fee = 100n, priority = fee, gas = 21_000n } = fields;
  return fakeSignTransaction(
    {
      type: 2,
      chainId: 31_337n,
      nonce: BigInt(nonce),
      gasLimit: gas,
      to: addressOf(99),
      value: fields.value ?? 0n,
      data: new Uint8Array(0),
      gasPrice: undefined,
      maxFeePerGas: fee,
      maxPriorityFeePerGas: priority,
      maxFeePerBlobGas: undefined,
      blobVersionedHashes: undefined,
      accessList: [],
      authorizationList: undefined,
    },
    addressOf(from),
  );
}

describe("Mempool", function () {
  let nonces: Map<Address, bigint>;
  let balances: Map<Address, bigint>;
  const read = (address: Address): { nonce: bigint; balance: bigint } => ({
    nonce: nonces.get(address) ?? 0n,
    balance: balances.get(address) ?? ETHER,
  });
  let pool: Mempool;

  beforeEach(function () {
    nonces = new Map();
    balances = new Map();
    pool = new Mempool(1_000_000n, 900_000n);
  });

  const add = (fields: Fields): Transaction => {
    const added = transaction(fields);
    pool.add(added, read);
    return added;
  };
  const pendingNonces = (from: number): bigint[] =>
    pool.pendingOf(addressOf(from)).map(({ nonce }) => nonce);

  describe("adding", function () {
    const refused: [string, Fields, string][] = [
      [
        "above the gas cap",
        { from: 1, nonce: 0, gas: 2_000_000n },
        "Transaction gas limit is 2000000 and exceeds transaction gas cap of 900000",
      ],
      [
        "unaffordable",
        { from: 1, nonce: 1, value: ETHER },
        `Sender doesn't have enough funds to send tx. The max upfront cost is: ${ETHER + 2_100_000n} and the sender's balance is: ${ETHER}.`,
      ],
      [
        "stale",
        { from: 1, nonce: 0 },
        "Transaction nonce too low. Expected nonce to be at least 1 but got 0.",
      ],
      [
        "replacing for too small a fee",
        { from: 1, nonce: 1, fee: 109n },
        "Replacement transaction underpriced. A gasPrice/maxFeePerGas of at least 110 is necessary to replace the existing transaction with nonce 1.",
      ],
      [
        "replacing for too small a tip",
        { from: 1, nonce: 1, fee: 110n, priority: 109n },
        "Replacement transaction underpriced. A gasPrice/maxPriorityFeePerGas of at least 110 is necessary to replace the existing transaction with nonce 1.",
      ],
      [
        "replacing a future one for too small a fee",
        { from: 1, nonce: 5, fee: 56n },
        "Replacement transaction underpriced. A gasPrice/maxFeePerGas of at least 57 is necessary to replace the existing transaction with nonce 5.",
      ],
    ];
    for (const [name, fields, message] of refused) {
      it(`refuses transactions that are ${name}`, function () {
        nonces.set(addressOf(1), 1n);
        const first = add({ from: 1, nonce: 1 });
        const future = add({ from: 1, nonce: 5, fee: 51n, priority: 1n });
        expect(() => {
          add(fields);
        }).to.throw(ChainError, message);
        expect(pool.transactions()).to.deep.equal([first, future]);
      });
    }

    it("refuses a known transaction and one above the block gas limit", function () {
      const first = add({ from: 1, nonce: 0 });
      expect(() => {
        pool.add(first, read);
      }).to.throw(ChainError, `Known transaction: ${first.hash}`);
      pool.blockGasLimit = 20_000n;
      expect(() => {
        add({ from: 1, nonce: 1 });
      }).to.throw(
        ChainError,
        "Transaction gas limit is 21000 and exceeds block gas limit of 20000",
      );
    });

    it("keeps transactions behind a gap until it is filled", function () {
      add({ from: 1, nonce: 2 });
      add({ from: 1, nonce: 1 });
      add({ from: 1, nonce: 4 });
      expect(pendingNonces(1)).to.deep.equal([]);
      expect(pool.nextNonce(addressOf(1), read)).to.equal(0n);
      add({ from: 1, nonce: 0 });
      expect(pendingNonces(1)).to.deep.equal([0n, 1n, 2n]);
      expect(pool.nextNonce(addressOf(1), read)).to.equal(3n);
    });

    it("replaces in place for a tenth more", function () {
      const first = add({ from: 1, nonce: 0 });
      add({ from: 1, nonce: 1 });
      const better = add({ from: 1, nonce: 0, fee: 110n });
      expect(pool.get(first.hash)).to.equal(undefined);
      expect(pool.transactions()[0]).to.equal(better);
      expect(pendingNonces(1)).to.deep.equal([0n, 1n]);
    });
  });

  describe("dropping", function () {
    it("makes the sender's later transactions wait", function () {
      const [, second] = [0, 1, 2].map((nonce) => add({ from: 1, nonce }));
      expect(pool.remove(second.hash)).to.equal(true);
      expect(pool.remove(second.hash)).to.equal(false);
      expect(pendingNonces(1)).to.deep.equal([0n]);
      expect(pool.transactions().map(({ nonce }) => nonce)).to.deep.equal([
        0n,
        2n,
      ]);
    });

    it("leaves an empty pool empty", function () {
      expect(pool.remove(add({ from: 1, nonce: 0 }).hash)).to.equal(true);
      expect(pool.remove(add({ from: 1, nonce: 7 }).hash)).to.equal(true);
      expect(pool.isEmpty).to.equal(true);
      expect(pool.hasPending).to.equal(false);
    });
  });

  describe("after the state changed", function () {
    it("forgets what was mined, what is too big, and what cannot be paid", function () {
      [0, 1].forEach((nonce) => add({ from: 1, nonce }));
      add({ from: 2, nonce: 0, gas: 800_000n });
      add({ from: 3, nonce: 0, value: 5n });
      add({ from: 3, nonce: 9, value: 5n });
      nonces.set(addressOf(1), 1n);
      balances.set(addressOf(3), 4n);
      pool.blockGasLimit = 700_000n;
      pool.update(read);
      expect(pool.transactions().map(({ nonce }) => nonce)).to.deep.equal([1n]);
    });

    it("makes those behind a dropped one wait", function () {
      [0, 1, 2].forEach((nonce) =>
        add({ from: 1, nonce, value: nonce === 1 ? 100n : 0n }),
      );
      balances.set(addressOf(1), 2_100_050n);
      pool.update(read);
      expect(pendingNonces(1)).to.deep.equal([0n]);
      expect(pool.transactions()).to.have.length(2);
    });
  });

  it("goes back to what it was when saved", function () {
    const kept = [0, 1, 5].map((nonce) => add({ from: 1, nonce }));
    const saved = pool.save();
    pool.remove(kept[0].hash);
    add({ from: 1, nonce: 6 });
    add({ from: 2, nonce: 0 });
    pool.restore(saved);
    expect(pool.transactions()).to.deep.equal(kept);
    expect(pool.get(kept[0].hash)?.transaction).to.equal(kept[0]);
    // And again: what was restored is not what was saved.
    add({ from: 1, nonce: 2 });
    pool.restore(saved);
    expect(pool.transactions()).to.deep.equal(kept);
  });

  describe("order of candidates", function () {
    const rules = (order: "priority" | "fifo") => ({
      order,
      baseFee: 10n,
      minGasPrice: 0n,
    });
    const senders = (order: "priority" | "fifo"): Address[] =>
      orderCandidates(pool, rules(order)).map(({ from }) => from);

    it("is by tip, then by arrival; or by arrival alone", function () {
      add({ from: 1, nonce: 0, fee: 50n, priority: 1n });
      add({ from: 2, nonce: 0, fee: 13n, priority: 9n });
      add({ from: 3, nonce: 0, fee: 50n, priority: 3n });
      add({ from: 4, nonce: 0, fee: 50n, priority: 20n });
      expect(senders("priority")).to.deep.equal([4, 2, 3, 1].map(addressOf));
      expect(senders("fifo")).to.deep.equal([1, 2, 3, 4].map(addressOf));
    });

    it("leaves out senders from the first that cannot pay the base fee", function () {
      add({ from: 1, nonce: 0 });
      add({ from: 1, nonce: 1, fee: 9n });
      add({ from: 1, nonce: 2 });
      add({ from: 2, nonce: 0, fee: 9n });
      expect(senders("priority")).to.deep.equal([addressOf(1)]);
    });

    it("is the same whether made at once or kept up while transactions arrive", function () {
      const arrivals = fc.array(
        fc.record({
          from: fc.integer({ min: 1, max: 5 }),
          gap: fc.integer({ min: 0, max: 1 }),
          fee: fc.bigInt({ min: 8n, max: 30n }),
          tip: fc.bigInt({ min: 0n, max: 8n }),
        }),
        { maxLength: 40 },
      );
      fc.assert(
        fc.property(
          arrivals,
          fc.constantFrom("priority" as const, "fifo" as const),
          (items, order) => {
            pool = new Mempool(undefined, undefined);
            const list = new CandidateList(pool, rules(order));
            let seen = 0;
            for (const { from, gap, fee, tip } of items) {
              const nonce = Number(pool.nextNonce(addressOf(from), read)) + gap;
              try {
                add({ from, nonce, fee, priority: tip < fee ? tip : fee });
              } catch {
                // An underpriced replacement of a future transaction.
              }
              for (; seen < pool.additions.length; seen++) {
                const added = pool.additions[seen];
                const queue = pool.pendingOf(added.from);
                list.add(added, queue[queue.indexOf(added) - 1]);
              }
              expect(list.items).to.deep.equal(
                orderCandidates(pool, rules(order)),
              );
            }
          },
        ),
      );
    });
  });
});
