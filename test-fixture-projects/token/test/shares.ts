import type { AnyContract } from "./helpers/any-contract.js";

import { expect } from "chai";
import { network } from "hardhat";

const { ethers, networkHelpers } = await network.create();
const { loadFixture, mine } = networkHelpers;

const SUPPLY = 1_000_000n;

async function deployShares() {
  const [owner, ...holders] = await ethers.getSigners();
  const shares: AnyContract = await ethers.deployContract("Shares", [
    owner,
    SUPPLY,
  ]);
  return { shares, owner, holders };
}

/** Ten holders of 1,000 to 10,000 shares, each voting for themselves. */
async function deployHeldShares() {
  const { shares, owner, holders } = await deployShares();
  const voters = holders.slice(0, 10);
  for (const [index, voter] of voters.entries()) {
    await shares.transfer(voter, 1000n * BigInt(index + 1));
    await shares.connect(voter).delegate(voter);
  }
  await shares.propose(20);
  await mine();
  return { shares, owner, voters };
}

describe("Shares (ERC-20 with votes)", () => {
  it("give no votes until they are delegated", async () => {
    const { shares, owner } = await loadFixture(deployShares);
    expect(await shares.getVotes(owner)).to.equal(0n);
    await expect(shares.delegate(owner))
      .to.emit(shares, "DelegateVotesChanged")
      .withArgs(owner.address, 0n, SUPPLY);
    expect(await shares.getVotes(owner)).to.equal(SUPPLY);
  });

  it("move votes with every transfer", async () => {
    const { shares, owner, holders } = await loadFixture(deployShares);
    const [alice, bob] = holders;
    await shares.delegate(owner);
    await shares.connect(alice).delegate(bob);
    await shares.transfer(alice, 400n);
    expect(await shares.getVotes(owner)).to.equal(SUPPLY - 400n);
    expect(await shares.getVotes(bob)).to.equal(400n);
    await shares.connect(alice).delegate(alice);
    expect(await shares.getVotes(bob)).to.equal(0n);
    expect(await shares.numCheckpoints(bob)).to.equal(2n);
  });

  it("remember the votes of every block", async () => {
    const { shares, owner, holders } = await loadFixture(deployShares);
    await shares.delegate(owner);
    const blocks: number[] = [];
    for (let i = 0; i < 15; i++) {
      await shares.transfer(holders[i % 5], 100n);
      blocks.push(await ethers.provider.getBlockNumber());
      await mine(i);
    }
    await mine();
    for (const [index, block] of blocks.entries()) {
      expect(await shares.getPastVotes(owner, block)).to.equal(
        SUPPLY - 100n * BigInt(index + 1),
      );
    }
  });

  it("refuse to look into the block that is being made", async () => {
    const { shares, owner } = await loadFixture(deployShares);
    const now = await ethers.provider.getBlockNumber();
    await expect(
      shares.getPastVotes(owner, now + 1),
    ).to.be.revertedWithCustomError(shares, "ERC5805FutureLookup");
  });

  it("count votes with the weights of the snapshot", async () => {
    const { shares, voters } = await loadFixture(deployHeldShares);
    await shares.connect(voters[0]).transfer(voters[1], 1000n);
    for (const [index, voter] of voters.entries()) {
      const weight = 1000n * BigInt(index + 1);
      await expect(shares.connect(voter).vote(0n, index % 2 === 0))
        .to.emit(shares, "Voted")
        .withArgs(0n, voter.address, index % 2 === 0, weight);
    }
    const { yes, no } = await shares.proposal(0n);
    expect(yes).to.equal(25_000n);
    expect(no).to.equal(30_000n);
  });

  it("count ten votes in one block", async () => {
    const { shares, voters } = await loadFixture(deployHeldShares);
    await ethers.provider.send("evm_setAutomine", [false]);
    try {
      for (const voter of voters) {
        await shares.connect(voter).vote(0n, true, { gasLimit: 200_000n });
      }
      await mine();
    } finally {
      await ethers.provider.send("evm_setAutomine", [true]);
    }
    const block = (await ethers.provider.getBlock("latest"))!;
    expect(block.transactions).to.have.length(10);
    expect((await shares.proposal(0n)).yes).to.equal(55_000n);
  });

  it("let nobody vote twice, or after the end", async () => {
    const { shares, voters } = await loadFixture(deployHeldShares);
    await shares.connect(voters[3]).vote(0n, true);
    await expect(shares.connect(voters[3]).vote(0n, false))
      .to.be.revertedWithCustomError(shares, "AlreadyVoted")
      .withArgs(voters[3].address, 0n);
    const { deadline } = await shares.proposal(0n);
    await mine(30);
    await expect(shares.connect(voters[4]).vote(0n, true))
      .to.be.revertedWithCustomError(shares, "NotOpen")
      .withArgs(0n, deadline);
  });

  it("are delegated by signature", async () => {
    const { shares, owner, holders } = await loadFixture(deployShares);
    const [relayer, delegatee] = holders;
    const { chainId } = await ethers.provider.getNetwork();
    const signature = ethers.Signature.from(
      await owner.signTypedData(
        {
          name: "Shares",
          version: "1",
          chainId,
          verifyingContract: await shares.getAddress(),
        },
        {
          Delegation: [
            { name: "delegatee", type: "address" },
            { name: "nonce", type: "uint256" },
            { name: "expiry", type: "uint256" },
          ],
        },
        { delegatee: delegatee.address, nonce: 0n, expiry: 2n ** 40n },
      ),
    );
    await shares
      .connect(relayer)
      .delegateBySig(
        delegatee,
        0n,
        2n ** 40n,
        signature.v,
        signature.r,
        signature.s,
      );
    expect(await shares.delegates(owner)).to.equal(delegatee.address);
    expect(await shares.getVotes(delegatee)).to.equal(SUPPLY);
  });
});
