import type { Chain } from "../../src/internal/chain/chain-interface.js";

import { expect } from "chai";

import { ChainError } from "../../src/internal/chain/errors.js";
import { nextBaseFee } from "../../src/internal/chain/fees.js";
import {
  addressOf,
  ALICE,
  BOB,
  CAROL,
  DAVE,
  ETHER,
  request,
  START,
  testChain,
} from "./helpers/chain.js";

/** The twenty accounts of Hardhat's default mnemonic. */
const HARDHAT_ACCOUNTS = [
  "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
  "0x70997970c51812dc3a010c7d01b50e0d17dc79c8",
  "0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc",
  "0x90f79bf6eb2c4f870365e785982e1f101e93b906",
  "0x15d34aaf54267db7d7c367839aaf71a00a2c6a65",
  "0x9965507d1a55bcc2695c58ba16fb37d819b0a4dc",
  "0x976ea74026e726554db657fa54763abd0c3a0aa9",
  "0x14dc79964da2c08b23698b3d3cc7ca32193d9955",
  "0x23618e81e3f5cdf7f54c3d65f7fbc0abf5b21e8f",
  "0xa0ee7a142d267c1f36714e4a8f75612f20a79720",
  "0xbcd4042de499d14e55001ccbb24a551f3b954096",
  "0x71be63f3384f5fb98995898a86b02fb2426c5788",
  "0xfabb0ac9d68b0b445fb7357272ff202c5651694a",
  "0x1cbd3b2770909d4e10f157cabc84c7264073c9ec",
  "0xdf3e18d64bc6a983f673ab319ccae4f1a57c7097",
  "0xcd3b766ccdd6ae721141f452c550ca635964ce71",
  "0x2546bcd3c84621e976d8185a91a922ae77ecec30",
  "0xbda5747bfd65f08deb54cb465eb87d40e51b197e",
  "0xdd2fd4581271e230360230f9337d5c0430bf44c0",
  "0x8626f6940e2eb28930efb4cef49b2d1f2c9c1199",
] as const;

const GWEI = 10n ** 9n;
const transfer = { to: addressOf(77), value: 1n, gas: 21_000n };

describe("Genesis and empty blocks", function () {
  // Recorded from Hardhat's network.
  it("have Hardhat's hashes", function () {
    const chain = testChain({
      accounts: HARDHAT_ACCOUNTS.map((address) => ({
        address,
        privateKey: new Uint8Array(32),
        balance: 10_000n * ETHER,
      })),
    });
    expect(chain.latest.hash).to.equal(
      "0xbf2ab6d82c66b8428f966e151b9ecb45a6a8e62a8afe55f333cb3b5898246c6c",
    );
    expect(chain.latest.size).to.equal(0x26an);
    expect(chain.latest.header.stateRoot).to.equal(
      "0xc2b8dc215b5234bd853bb9c2895bb0c2c2642e81d4ed7c370cf716ca269d34e7",
    );
    expect(chain.mine().block.hash).to.equal(
      "0x43d81cc989f6642bed574144a9a1133c0bc273fea374cc7a89b6eec9b5fa4324",
    );
  });

  it("pay the miner before the merge", function () {
    const chain = testChain({ hardfork: "berlin" });
    expect(chain.latest.header.difficulty).to.equal(1n);
    const { block } = chain.mine();
    expect(block.header.difficulty).to.equal(0x20000n);
    expect(block.totalDifficulty).to.equal(0x20001n);
    expect(block.header.nonce).to.equal("0x0000000000000042");
    expect(chain.balance(chain.coinbase)).to.equal(2n * ETHER);
    expect(chain.balance(chain.coinbase, "earliest")).to.equal(0n);
    expect(chain.balance(chain.coinbase, "pending")).to.equal(4n * ETHER);
  });
});

describe("Automine", function () {
  let chain: Chain;

  beforeEach(function () {
    chain = testChain();
  });

  it("mines what is sent, and tells what it did", function () {
    const { own, mined, hash } = chain.sendTransaction(
      request({ from: ALICE, ...transfer }),
    );
    expect(mined).to.have.length(1);
    expect(own?.result.gasUsed).to.equal(21_000n);
    expect(chain.transaction(hash)?.location?.block).to.equal(mined[0].block);
    expect(chain.receipt(hash)?.receipt.status).to.equal(1);
    expect(chain.nonce(ALICE)).to.equal(1n);
  });

  for (const [nonce, message] of [
    [
      2n,
      "Nonce too high. Expected nonce to be 1 but got 2. Note that transactions can't be queued when automining.",
    ],
    [
      0n,
      "Nonce too low. Expected nonce to be 1 but got 0. Note that transactions can't be queued when automining.",
    ],
  ] as const) {
    it(`refuses nonce ${nonce} when 1 is next`, function () {
      chain.sendTransaction(request({ from: ALICE, ...transfer }));
      expect(() =>
        chain.sendTransaction(request({ from: ALICE, ...transfer, nonce })),
      ).to.throw(ChainError, message);
    });
  }

  it("refuses fees below the base fee", function () {
    expect(() =>
      chain.sendTransaction(
        request({ from: ALICE, ...transfer, maxFeePerGas: 1n }),
      ),
    ).to.throw(
      ChainError,
      "Transaction maxFeePerGas (1) is too low for the next block, which has a baseFeePerGas of 875000000",
    );
    expect(() =>
      chain.sendTransaction(
        request({ from: ALICE, ...transfer, gasPrice: 1n }),
      ),
    ).to.throw(ChainError, "Transaction gasPrice (1) is too low");
  });

  it("goes on until nothing is pending", function () {
    chain.automine = false;
    for (let i = 0; i < 3; i++) {
      chain.sendTransaction(
        request({ from: BOB, ...transfer, gas: 16_000_000n }),
      );
    }
    chain.automine = true;
    const { mined } = chain.sendTransaction(
      request({ from: ALICE, ...transfer, gas: 16_000_000n }),
    );
    expect(mined.flatMap(({ executed }) => executed)).to.have.length(4);
    expect(chain.pendingTransactions()).to.deep.equal([]);
  });

  it("lets the base fee fall for those who wait for it", function () {
    chain.automine = false;
    const waiting = request({ from: BOB, ...transfer, maxFeePerGas: 1000n });
    chain.sendTransaction(waiting);
    chain.automine = true;
    const { mined } = chain.sendTransaction(
      request({ from: ALICE, ...transfer }),
    );
    expect(mined).to.have.length(104);
    expect(mined.at(-1)?.executed).to.have.length(1);
    expect(Number(mined.at(-1)?.block.baseFeePerGas)).to.be.at.most(1000);
  });

  it("leaves those who can never pay in the pool", function () {
    chain.automine = false;
    const { hash } = chain.sendTransaction(
      request({ from: BOB, ...transfer, maxFeePerGas: 6n }),
    );
    chain.automine = true;
    const { mined, own } = chain.sendTransaction(
      request({ from: ALICE, ...transfer }),
    );
    expect(mined).to.have.length(1);
    expect(own).not.to.equal(undefined);
    expect(chain.pendingTransactions().map((tx) => tx.hash)).to.deep.equal([
      hash,
    ]);
    // Behind one of them, a transaction waits too, and the request still ends.
    const behind = chain.sendTransaction(request({ from: BOB, ...transfer }));
    expect(behind.own).to.equal(undefined);
    expect(chain.pendingTransactions()).to.have.length(2);
  });

  it("undoes everything when the transaction cannot be mined after all", function () {
    chain.automine = false;
    const value = 6_000n * ETHER;
    chain.sendTransaction(request({ from: BOB, ...transfer, value }));
    chain.automine = true;
    expect(() =>
      chain.sendTransaction(request({ from: BOB, ...transfer, value })),
    ).to.throw(ChainError, "Sender doesn't have enough funds to send tx.");
    expect(chain.latestNumber).to.equal(0n);
    expect(chain.pendingTransactions()).to.have.length(1);
    expect(chain.nonce(BOB)).to.equal(0n);
  });
});

describe("Blocks of the pool", function () {
  let chain: Chain;

  beforeEach(function () {
    chain = testChain({ automine: false });
  });

  it("leave out what only another transaction made unaffordable", function () {
    const value = 6_000n * ETHER;
    chain.sendTransaction(request({ from: BOB, ...transfer, value }));
    chain.sendTransaction(request({ from: BOB, ...transfer, value }));
    chain.sendTransaction(request({ from: CAROL, ...transfer }));
    const { executed } = chain.mine();
    expect(executed.map(({ transaction }) => transaction.from)).to.deep.equal([
      BOB,
      CAROL,
    ]);
    expect(chain.pendingTransactions()).to.deep.equal([]);
  });

  it("are filled in order of tips, one sender's transactions in order of nonces", function () {
    const send = (from: typeof ALICE, tip: bigint): void => {
      chain.sendTransaction(
        request({
          from,
          ...transfer,
          maxFeePerGas: 100n * GWEI,
          maxPriorityFeePerGas: tip,
        }),
      );
    };
    send(ALICE, 1n);
    send(ALICE, 9n);
    send(BOB, 5n);
    send(CAROL, 7n);
    send(CAROL, 2n);
    send(DAVE, 5n);
    const { executed } = chain.mine();
    expect(
      executed.map(({ transaction: { from, nonce } }) => [from, nonce]),
    ).to.deep.equal([
      [CAROL, 0n],
      [BOB, 0n],
      [DAVE, 0n],
      [CAROL, 1n],
      [ALICE, 0n],
      [ALICE, 1n],
    ]);
  });

  it("pass over senders whose transaction no longer fits", function () {
    chain.setBlockGasLimit(100_000n);
    const send = (from: typeof ALICE, gas: bigint): void => {
      chain.sendTransaction(request({ from, ...transfer, gas }));
    };
    send(ALICE, 60_000n);
    send(ALICE, 90_000n);
    send(ALICE, 21_000n);
    send(BOB, 50_000n);
    const { executed, block } = chain.mine();
    expect(executed.map(({ transaction }) => transaction.from)).to.deep.equal([
      ALICE,
      BOB,
    ]);
    expect(block.gasLimit).to.equal(100_000n);
    expect(chain.mine().executed).to.have.length(2);
  });

  it("have receipts with running totals and block-wide log indexes", function () {
    // LOG0 of nothing, twice.
    const initcode = Buffer.from("60006000a060006000a000", "hex");
    chain.sendTransaction(
      request({ from: ALICE, data: initcode, gas: 60_000n }),
    );
    chain.sendTransaction(request({ from: BOB, data: initcode, gas: 60_000n }));
    const { block } = chain.mine();
    const [first, second] = block.receipts;
    expect(second.cumulativeGasUsed).to.equal(first.gasUsed + second.gasUsed);
    expect(block.gasUsed).to.equal(second.cumulativeGasUsed);
    expect(
      block.receipts.flatMap(({ logs }) => logs.map((log) => log.logIndex)),
    ).to.deep.equal([0, 1, 2, 3]);
    const located = chain.logs({
      fromBlock: 0n,
      toBlock: 9n,
      addresses: [second.contractAddress ?? ALICE],
      topics: [],
    });
    expect(located.map(({ log }) => log.logIndex)).to.deep.equal([2, 3]);
    expect(located[0].transactionIndex).to.equal(1);
  });

  it("refuse to grow above what may be sent", function () {
    this.timeout(60_000);
    const data = new Uint8Array(126_000);
    chain = testChain({
      automine: false,
      blockGasLimit: 1_000_000_000n,
      transactionGasCap: false,
    });
    for (let i = 0; i < 70; i++) {
      chain.sendTransaction(
        request({ from: ALICE, to: addressOf(5), data, gas: 2_000_000n }),
      );
    }
    expect(() => chain.mine()).to.throw(
      ChainError,
      /^Maximum block RLP size exceeded\. Maximum: 8388608 bytes\. Actual: \d+ bytes$/,
    );
    expect(chain.latestNumber).to.equal(0n);
    expect(chain.pendingTransactions()).to.have.length(70);
    expect(chain.nonce(ALICE)).to.equal(0n);
  });
});

describe("hardhat_mine", function () {
  it("mines few blocks one by one", function () {
    const chain = testChain();
    const { blocks, reserved } = chain.mineMany(7n, 10n);
    expect(reserved).to.equal(undefined);
    expect(blocks.map(({ block }) => block.timestamp - START)).to.deep.equal([
      1n,
      11n,
      21n,
      31n,
      41n,
      51n,
      61n,
    ]);
    expect(chain.mineMany(0n, 1n).blocks).to.deep.equal([]);
  });

  it("makes true blocks of many when someone looks", function () {
    const chain = testChain();
    chain.sendTransaction(request({ from: ALICE, ...transfer }));
    chain.setBalance(BOB, 5n);
    const { blocks, reserved } = chain.mineMany(3_000n, 7n);
    expect(blocks).to.have.length(3);
    expect(reserved).to.deep.equal({ first: 4n, last: 3_000n });
    expect(chain.latestNumber).to.equal(3_001n);
    // Look in the middle first.
    expect(chain.balance(BOB, 1_500n)).to.equal(5n);
    expect(chain.requireBlock(1_500n).timestamp).to.equal(
      chain.requireBlock(2n).timestamp + 7n * 1_498n,
    );
    for (let number = 3_001n; number > 0n; number--) {
      const block = chain.requireBlock(number);
      const parent = chain.requireBlock(number - 1n);
      expect(block.header.parentHash).to.equal(parent.hash);
      expect(block.baseFeePerGas).to.equal(nextBaseFee(parent));
      expect(block.gasLimit).to.equal(60_000_000n);
      expect(chain.block({ hash: block.hash })?.number).to.equal(number);
    }
    expect(chain.requireBlock(2_500n).header.stateRoot).to.equal(
      chain.latest.header.stateRoot,
    );
  });

  it("costs nothing for a million blocks, which revert like others", function () {
    const chain = testChain();
    const snapshot = chain.snapshot();
    const start = performance.now();
    chain.mineMany(1_000_000n, 1n);
    expect(performance.now() - start).to.be.lessThan(500);
    expect(chain.latestNumber).to.equal(1_000_000n);
    expect(chain.latest.timestamp).to.equal(START + 1_000_000n);
    expect(chain.latest.baseFeePerGas).to.equal(7n);
    expect(chain.requireBlock(3n).number).to.equal(3n);
    const again = chain.snapshot();
    chain.mineMany(100n, 1n);
    chain.revert(again);
    expect(chain.latestNumber).to.equal(1_000_000n);
    expect(chain.block(1_000_001n)).to.equal(undefined);
    chain.revert(snapshot);
    expect(chain.latestNumber).to.equal(0n);
    expect(chain.block(3n)).to.equal(undefined);
  });

  it("mines the pool first", function () {
    const chain = testChain({ automine: false });
    chain.setBlockGasLimit(30_000n);
    for (let i = 0; i < 3; i++) {
      chain.sendTransaction(request({ from: ALICE, ...transfer }));
    }
    const { blocks, reserved } = chain.mineMany(20n, 1n);
    expect(blocks.map(({ executed }) => executed.length)).to.deep.equal([
      1, 1, 1, 0, 0,
    ]);
    expect(reserved).to.deep.equal({ first: 5n, last: 19n });
  });

  it("adds up the difficulty before the merge", function () {
    const chain = testChain({ hardfork: "london" });
    chain.mineMany(50n, 13n);
    let total = 0n;
    for (let number = 0n; number <= 50n; number++) {
      const block = chain.requireBlock(number);
      total += block.header.difficulty;
      expect(block.totalDifficulty).to.equal(total);
    }
  });
});

describe("Interval mining", function () {
  it("mines by itself, and tells who listens", async function () {
    const chain = testChain({ automine: false });
    const mined: bigint[] = [];
    await new Promise<void>((done) => {
      chain.listen({
        intervalBlock: ({ block }) => {
          mined.push(block.number);
          if (mined.length === 3) {
            done();
          }
        },
      });
      chain.setIntervalMining([1n, 5n]);
    });
    chain.setIntervalMining(undefined);
    expect(mined).to.deep.equal([1n, 2n, 3n]);
    await new Promise((done) => setTimeout(done, 20));
    expect(chain.latestNumber).to.equal(3n);
    chain.close();
  });

  it("refuses a range that is upside down", function () {
    expect(() => {
      testChain().setIntervalMining([5n, 3n]);
    }).to.throw(
      ChainError,
      "Minimum value in range is greater than maximum value",
    );
  });
});
