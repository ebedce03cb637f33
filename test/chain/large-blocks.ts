/** Blocks of many transactions: found by hash, and with the roots that one thread makes. */
import type { Chain } from "../../src/internal/chain/chain-interface.js";
import type { Hash } from "../../src/internal/chain/types.js";

import { expect } from "chai";

import {
  addressOf,
  ALICE,
  BOB,
  CAROL,
  DAVE,
  request,
  testChain,
} from "./helpers/chain.js";

const COUNT = 600;

/** Mines a block of COUNT transfers. */
function mineMany(chain: Chain): Hash[] {
  chain.automine = false;
  const senders = [ALICE, BOB, CAROL, DAVE];
  const hashes: Hash[] = [];
  for (let i = 0; i < COUNT; i++) {
    const { hash } = chain.sendTransaction(
      request({
        from: senders[i % 4],
        to: addressOf(1_000 + i),
        value: 1n,
        gas: 21_000n,
      }),
    );
    hashes.push(hash);
  }
  chain.mine();
  return hashes;
}

describe("Large blocks", function () {
  this.timeout(20_000);

  it("are found by each of their transactions, again and again", function () {
    const chain = testChain();
    const hashes = mineMany(chain);
    const { transactions, number } = chain.requireBlock("latest");
    expect(transactions.length).to.equal(COUNT);
    expect(chain.receipt(`0x${"77".repeat(32)}`)).to.equal(undefined);
    for (const hash of [...hashes].reverse()) {
      const found = chain.receipt(hash);
      expect(found?.location.block.number).to.equal(number);
      expect(transactions[found?.location.index ?? -1].hash).to.equal(hash);
      expect(found?.receipt.cumulativeGasUsed).to.equal(
        21_000n * BigInt((found?.location.index ?? -1) + 1),
      );
    }
    expect(chain.receipt(`0x${"77".repeat(32)}`)).to.equal(undefined);
    chain.close();
  });

  for (const lookUps of [0, 1, 5]) {
    it(`are forgotten when they are undone, after ${lookUps} looks at them`, function () {
      const chain = testChain();
      const snapshot = chain.snapshot();
      const hashes = mineMany(chain);
      for (let i = 0; i < lookUps; i++) {
        expect(chain.receipt(hashes[i])).to.not.equal(undefined);
      }
      chain.revert(snapshot);
      for (const hash of hashes) {
        expect(chain.receipt(hash)).to.equal(undefined);
      }
      chain.close();
    });
  }

  it("have the hash that one thread gives them", function () {
    const hashes = [true, false].map((parallel) => {
      const chain = testChain({ execution: { parallel } });
      mineMany(chain);
      mineMany(chain);
      const { hash } = chain.requireBlock("latest");
      chain.close();
      return hash;
    });
    expect(hashes[0]).to.equal(hashes[1]);
  });
});
