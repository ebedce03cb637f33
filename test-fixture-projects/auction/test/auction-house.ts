import type { AnyContract, EventLog } from "./helpers/any-contract.js";

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { network } from "hardhat";
import {
  getAddress,
  keccak256,
  parseEther,
  stringToHex,
  zeroAddress,
} from "viem";

const { viem, networkHelpers } = await network.create();
const { loadFixture, mine, time } = networkHelpers;

const HOUR = 3600n;
const ether = parseEther("1");

async function deployHouse() {
  const house: AnyContract = await viem.deployContract("AuctionHouse");
  const painting: AnyContract = await viem.deployContract("Painting");
  const [seller, alice, bob, carol] = await viem.getWalletClients();
  const client = await viem.getPublicClient();
  return { house, painting, seller, alice, bob, carol, client };
}

async function deployOpenAuction() {
  const fixture = await deployHouse();
  const { house, painting } = fixture;
  await painting.write.paint();
  await painting.write.approve([house.address, 0n]);
  await house.write.open([painting.address, 0n, ether, 24n * HOUR]);
  return fixture;
}

const addressOf = (client: { account: { address: `0x${string}` } }) =>
  getAddress(client.account.address);

describe("AuctionHouse", () => {
  it("takes what is sold", async () => {
    const { house, painting, seller } = await loadFixture(deployHouse);
    await painting.write.paint();
    await painting.write.approve([house.address, 0n]);
    const endsAt = BigInt(await time.latest()) + 1n + 2n * HOUR;
    await viem.assertions.emitWithArgs(
      house.write.open([painting.address, 0n, ether, 2n * HOUR]),
      house,
      "Opened",
      [0n, addressOf(seller), 0n, endsAt],
    );
    assert.equal(await painting.read.ownerOf([0n]), getAddress(house.address));
  });

  it("takes no token without approval", async () => {
    const { house, painting } = await loadFixture(deployHouse);
    await painting.write.paint();
    await viem.assertions.revertWithCustomErrorWithArgs(
      house.write.open([painting.address, 0n, ether, 2n * HOUR]),
      painting,
      "ERC721InsufficientApproval",
      [getAddress(house.address), 0n],
    );
  });

  it("holds no short auctions", async () => {
    const { house, painting } = await loadFixture(deployHouse);
    await viem.assertions.revertWith(
      house.write.open([painting.address, 0n, ether, HOUR - 1n]),
      "AuctionHouse: too short",
    );
  });

  it("takes the money of a bidder", async () => {
    const { house, alice, client } = await loadFixture(deployOpenAuction);
    await viem.assertions.balancesHaveChanged(
      house.write.bid([0n], { account: alice.account, value: ether }),
      [
        { address: alice.account.address, amount: -ether },
        { address: house.address, amount: ether },
      ],
    );
    const logs = await house.getEvents.Bid({ bidder: addressOf(alice) });
    assert.deepEqual(
      logs.map(({ args }: EventLog) => args),
      [{ auction: 0n, bidder: addressOf(alice), amount: ether }],
    );
    assert.equal(await client.getBalance({ address: house.address }), ether);
  });

  it("wants the reserve at first, then five per cent more", async () => {
    const { house, alice, bob } = await loadFixture(deployOpenAuction);
    await viem.assertions.revertWithCustomErrorWithArgs(
      house.write.bid([0n], { account: alice.account, value: ether - 1n }),
      house,
      "TooLow",
      [ether - 1n, ether],
    );
    await house.write.bid([0n], { account: alice.account, value: ether });
    const minimum = parseEther("1.05");
    assert.equal(await house.read.minimumBid([0n]), minimum);
    await viem.assertions.revertWithCustomErrorWithArgs(
      house.simulate.bid([0n], { account: bob.account, value: minimum - 1n }),
      house,
      "TooLow",
      [minimum - 1n, minimum],
    );
    await house.write.bid([0n], { account: bob.account, value: minimum });
    assert.equal(await house.read.refunds([addressOf(alice)]), ether);
  });

  it("gives back what was outbid, once", async () => {
    const { house, alice, bob } = await loadFixture(deployOpenAuction);
    await house.write.bid([0n], { account: alice.account, value: ether });
    await house.write.bid([0n], { account: bob.account, value: 2n * ether });
    await viem.assertions.balancesHaveChanged(
      house.write.withdraw({ account: alice.account }),
      [{ address: alice.account.address, amount: ether }],
    );
    await viem.assertions.revertWithCustomErrorWithArgs(
      house.write.withdraw({ account: alice.account }),
      house,
      "NothingToWithdraw",
      [addressOf(alice)],
    );
  });

  it("goes on for a while after a late bid", async () => {
    const { house, alice } = await loadFixture(deployOpenAuction);
    const before = await house.read.auctions([0n]);
    await time.increaseTo(before[3] - 60n);
    await house.write.bid([0n], { account: alice.account, value: ether });
    const after = await house.read.auctions([0n]);
    assert.equal(after[3], BigInt(await time.latest()) + 600n);
  });

  it("ends", async () => {
    const { house, painting, alice, bob, seller } =
      await loadFixture(deployOpenAuction);
    await house.write.bid([0n], { account: alice.account, value: 3n * ether });
    await viem.assertions.revertWith(
      house.write.settle([0n]),
      "AuctionHouse: still open",
    );
    await time.increase(25n * HOUR);
    await viem.assertions.revertWithCustomErrorWithArgs(
      house.write.bid([0n], { account: bob.account, value: 9n * ether }),
      house,
      "NotOpen",
      [0n],
    );
    await viem.assertions.emitWithArgs(
      house.write.settle([0n], { account: bob.account }),
      house,
      "Settled",
      [0n, addressOf(alice), 3n * ether],
    );
    assert.equal(await painting.read.ownerOf([0n]), addressOf(alice));
    assert.equal(await house.read.refunds([addressOf(seller)]), 3n * ether);
  });

  it("gives back what nobody wants", async () => {
    const { house, painting, seller } = await loadFixture(deployOpenAuction);
    await time.increase(25n * HOUR);
    await house.write.settle([0n]);
    assert.equal(await painting.read.ownerOf([0n]), addressOf(seller));
    assert.equal((await house.read.auctions([0n]))[2], zeroAddress);
  });

  it("takes the bids of one block in order", async () => {
    const { house, client } = await loadFixture(deployOpenAuction);
    const test = await viem.getTestClient();
    const bidders = (await viem.getWalletClients()).slice(1, 16);
    await test.setAutomine(false);
    try {
      let value = ether;
      for (const { account } of bidders) {
        await house.write.bid([0n], { account, value, gas: 200_000n });
        value = (value * 105n) / 100n + 1n;
      }
      await mine();
    } finally {
      await test.setAutomine(true);
    }
    const block = await client.getBlock({ includeTransactions: true });
    assert.equal(block.transactions.length, bidders.length);
    const bids = await house.getEvents.Bid({ auction: 0n });
    assert.deepEqual(
      bids.map(({ args }: EventLog) => args.bidder),
      bidders.map(addressOf),
    );
  });

  it("is watched", async () => {
    const { house, alice } = await loadFixture(deployOpenAuction);
    const seen = new Promise((resolve, reject) => {
      const unwatch = house.watchEvent.Bid(
        {},
        {
          pollingInterval: 20,
          onLogs: ([log]: readonly EventLog[]) => {
            unwatch();
            resolve(log.args.amount);
          },
          onError: reject,
        },
      );
    });
    // The filter has to be there first.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await house.write.bid([0n], { account: alice.account, value: 2n * ether });
    assert.equal(await seen, 2n * ether);
  });

  it("tells the same from every block since", async () => {
    const { house, alice, bob, client } = await loadFixture(deployOpenAuction);
    const blockNumber = await client.getBlockNumber();
    await house.write.bid([0n], { account: alice.account, value: ether });
    await house.write.bid([0n], { account: bob.account, value: 2n * ether });
    const at = async (n: bigint) =>
      await house.read.minimumBid([0n], { blockNumber: n });
    assert.deepEqual(
      [
        await at(blockNumber),
        await at(blockNumber + 1n),
        await at(blockNumber + 2n),
      ],
      [ether, parseEther("1.05"), parseEther("2.1")],
    );
  });

  it("is signed for by its owner", async () => {
    const { alice, client } = await loadFixture(deployHouse);
    const message = "I bid two ether";
    const signature = await alice.signMessage({ message });
    assert.ok(
      await client.verifyMessage({
        address: addressOf(alice),
        message,
        signature,
      }),
    );
    const typed = {
      domain: { name: "AuctionHouse", version: "1", chainId: 31337 },
      types: { Bid: [{ name: "amount", type: "uint256" }] },
      primaryType: "Bid",
      message: { amount: 2n * ether },
    } as const;
    assert.ok(
      await client.verifyTypedData({
        ...typed,
        address: addressOf(alice),
        signature: await alice.signTypedData(typed),
      }),
    );
  });

  it("costs what was estimated, or less", async () => {
    const { house, alice, client } = await loadFixture(deployOpenAuction);
    const gas = await house.estimateGas.bid([0n], {
      account: alice.account,
      value: ether,
    });
    const hash = await house.write.bid([0n], {
      account: alice.account,
      value: ether,
      gas,
    });
    const receipt = await client.waitForTransactionReceipt({ hash });
    assert.equal(receipt.status, "success");
    assert.ok(receipt.gasUsed <= gas);
    const { maxFeePerGas } = await client.estimateFeesPerGas();
    assert.ok(maxFeePerGas! > 0n);
  });

  it("is anybody's to take over, in a test", async () => {
    const { house, carol, client } = await loadFixture(deployOpenAuction);
    const test = await viem.getTestClient();
    const stranger = getAddress("0x00000000000000000000000000000000000c0de5");
    await test.impersonateAccount({ address: stranger });
    await test.setBalance({ address: stranger, value: 10n * ether });
    await house.write.bid([0n], { account: stranger, value: 5n * ether });
    await test.stopImpersonatingAccount({ address: stranger });
    assert.equal((await house.read.auctions([0n]))[4], stranger);
    await test.setCode({ address: stranger, bytecode: "0x60016000fd" });
    assert.equal(await client.getCode({ address: stranger }), "0x60016000fd");
    await test.setStorageAt({
      address: carol.account.address,
      index: 7,
      value: keccak256(stringToHex("seven")),
    });
    assert.equal(
      await client.getStorageAt({
        address: carol.account.address,
        slot: "0x7",
      }),
      keccak256(stringToHex("seven")),
    );
  });
});
