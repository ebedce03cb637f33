import type { Chain } from "../../src/internal/chain/chain-interface.js";

import { expect } from "chai";

import { toHash } from "../../src/internal/chain/hex.js";
import {
  addressOf,
  ALICE,
  BOB,
  ETHER,
  request,
  START,
  testChain,
  TestClock,
} from "./helpers/chain.js";

const transfer = { to: addressOf(77), value: ETHER, gas: 21_000n };

describe("Snapshots", function () {
  let clock: TestClock;
  let chain: Chain;

  beforeEach(function () {
    clock = new TestClock();
    chain = testChain({ now: clock.now });
  });

  it("are numbered from 1; automined transactions use a number up", function () {
    expect(chain.snapshot()).to.equal(1n);
    chain.sendTransaction(request({ from: ALICE, ...transfer }));
    expect(chain.snapshot()).to.equal(3n);
    chain.automine = false;
    chain.sendTransaction(request({ from: ALICE, ...transfer }));
    expect(chain.snapshot()).to.equal(4n);
  });

  it("serve once, and take later ones with them", function () {
    const first = chain.snapshot();
    const second = chain.snapshot();
    expect(chain.revert(first)).to.equal(true);
    expect(chain.revert(first)).to.equal(false);
    expect(chain.revert(second)).to.equal(false);
    const third = chain.snapshot();
    expect(chain.revert(2n)).to.equal(false);
    // Hardhat forgets those after a number that it does not know, too.
    expect(chain.revert(third)).to.equal(false);
  });

  it("bring back blocks, state, pool, time and what the next block will be", function () {
    chain.sendTransaction(request({ from: ALICE, ...transfer }));
    chain.setBalance(BOB, 5n);
    chain.automine = false;
    chain.setBalance(addressOf(9), 3n);
    const waiting = chain.sendTransaction(
      request({ from: ALICE, ...transfer }),
    );
    chain.setNextBlockBaseFeePerGas(123n);
    chain.setPrevRandao(toHash(99n));
    chain.setNextBlockTimestamp(START + 500n);
    const { coinbase } = chain;
    const pending = chain.pendingBlock().hash;
    const id = chain.snapshot();

    chain.coinbase = addressOf(1);
    chain.setBlockGasLimit(1_000_000n);
    chain.setBalance(BOB, 7n);
    chain.setStorageAt(BOB, toHash(1n), toHash(1n));
    chain.mine();
    chain.mine();
    const gone = chain.latest.hash;
    clock.seconds += 1_000n;
    expect(chain.receipt(waiting.hash)).not.to.equal(undefined);

    expect(chain.revert(id)).to.equal(true);
    expect(chain.latestNumber).to.equal(1n);
    expect(chain.balance(BOB)).to.equal(5n);
    expect(chain.slot(BOB, toHash(1n))).to.equal(toHash(0n));
    expect(chain.coinbase).to.equal(coinbase);
    expect(chain.nextBaseFeePerGas()).to.equal(123n);
    expect(chain.receipt(waiting.hash)).to.equal(undefined);
    expect(chain.transaction(waiting.hash)?.location).to.equal(undefined);
    expect(chain.block({ hash: gone })).to.equal(undefined);
    expect(chain.block(2n)).to.equal(undefined);
    expect(chain.pendingBlock().hash).to.equal(pending);
    const { block } = chain.mine();
    expect(block.hash).to.equal(pending);
    expect(block.header.mixHash).to.equal(toHash(99n));
    expect(block.timestamp).to.equal(START + 500n);
  });

  it("do not make time jump twice", function () {
    const id = chain.snapshot();
    chain.increaseTime(1_000n);
    clock.seconds += 60n;
    chain.mine();
    chain.revert(id);
    expect(chain.mine().block.timestamp).to.equal(START + 1n);
  });

  it("keep what Hardhat keeps: automine, impersonation, the counter", function () {
    const id = chain.snapshot();
    chain.automine = false;
    chain.impersonate(addressOf(4));
    chain.revert(id);
    expect(chain.automine).to.equal(false);
    expect(chain.stopImpersonating(addressOf(4))).to.equal(true);
    expect(chain.snapshot()).to.equal(2n);
  });

  it("may be taken and reverted to again and again", function () {
    const hashes = new Set<string>();
    for (let i = 0; i < 50; i++) {
      const id = chain.snapshot();
      chain.sendTransaction(request({ from: ALICE, ...transfer }));
      hashes.add(chain.latest.hash);
      chain.revert(id);
    }
    expect(hashes.size).to.equal(1);
  });
});

describe("Setters", function () {
  it("change the state at the latest block's number, not its root", function () {
    const chain = testChain();
    chain.mine();
    const root = chain.latest.header.stateRoot;
    chain.setBalance(BOB, 5n);
    chain.setNonce(BOB, 9n);
    chain.setCode(BOB, Uint8Array.of(0));
    chain.setStorageAt(BOB, toHash(1n), toHash(2n));
    expect(chain.balance(BOB, 1n)).to.equal(5n);
    expect(chain.balance(BOB, 0n)).to.equal(10_000n * ETHER);
    expect(chain.latest.header.stateRoot).to.equal(root);
    const { block } = chain.mine();
    expect(block.header.stateRoot).not.to.equal(root);
    chain.setBalance(BOB, 6n);
    expect(
      [0n, 1n, 2n].map((number) => chain.balance(BOB, number)),
    ).to.deep.equal([10_000n * ETHER, 5n, 6n]);
    expect(chain.nonce(BOB, 1n)).to.equal(9n);
    expect(chain.code(BOB, 0n)).to.have.length(0);
    expect(chain.slot(BOB, toHash(1n), 1n)).to.equal(toHash(2n));
  });

  it("refuse what Hardhat refuses", function () {
    const chain = testChain({ automine: false });
    chain.setNonce(ALICE, 5n);
    expect(() => {
      chain.setNonce(ALICE, 1n);
    })
      .to.throw("New nonce (1) must not be smaller than the existing nonce (5)")
      .with.property("code", -32000);
    chain.sendTransaction(request({ from: ALICE, ...transfer }));
    expect(() => {
      chain.setNonce(BOB, 1n);
    })
      .to.throw(
        "Cannot set account nonce when the transaction pool is not empty",
      )
      .with.property("code", -32603);
    expect(() => {
      chain.setBlockGasLimit(0n);
    }).to.throw("Block gas limit must be greater than 0");
    expect(() => {
      chain.setMinGasPrice(1n);
    }).to.throw(
      "hardhat_setMinGasPrice is not supported when EIP-1559 is active",
    );
  });

  it("drop what can no longer be paid", function () {
    const chain = testChain({ automine: false });
    chain.sendTransaction(request({ from: ALICE, ...transfer }));
    chain.setBalance(ALICE, ETHER);
    expect(chain.pendingTransactions()).to.deep.equal([]);
  });
});
