import type { AnyContract } from "./helpers/any-contract.js";

import { expect } from "chai";
import { network } from "hardhat";

const { ethers, networkHelpers } = await network.create();
const { loadFixture, mine, setBalance, time } = networkHelpers;

const { concat, keccak256 } = ethers;
const abi = ethers.AbiCoder.defaultAbiCoder();
const CLAIMS = 64;

interface Claim {
  readonly index: number;
  readonly account: string;
  readonly amount: bigint;
}

function leafOf({ index, account, amount }: Claim): string {
  const types = ["uint256", "address", "uint256"];
  return keccak256(keccak256(abi.encode(types, [index, account, amount])));
}

/** The levels of a Merkle tree whose pairs are hashed in order of size; leaves first. */
function levelsOf(leaves: readonly string[]): string[][] {
  const levels = [[...leaves]];
  while (levels[0].length > 1) {
    const below = levels[0];
    const level: string[] = [];
    for (let i = 0; i < below.length; i += 2) {
      level.push(keccak256(concat(below.slice(i, i + 2).sort())));
    }
    levels.unshift(level);
  }
  return levels.reverse();
}

function proofOf(levels: readonly string[][], index: number): string[] {
  return levels.slice(0, -1).map((level, depth) => level[(index >> depth) ^ 1]);
}

async function deployAirdrop() {
  const [admin, anybody] = await ethers.getSigners();
  const coin: AnyContract = await ethers.deployContract("Coin", [admin]);
  const claims = Array.from({ length: CLAIMS }, (_, index) => ({
    index,
    account: ethers.getAddress(ethers.toBeHex(2 ** 32 + index, 20)),
    amount: BigInt(index + 1) * 10n,
  }));
  const levels = levelsOf(claims.map(leafOf));
  const airdrop: AnyContract = await ethers.deployContract("Airdrop", [
    coin,
    levels[levels.length - 1][0],
    (await time.latest()) + 7 * 24 * 3600,
  ]);
  await coin.mint(airdrop, 1_000_000n);
  const claim = async (which: Claim, overrides = {}) =>
    await airdrop
      .connect(anybody)
      .claim(
        which.index,
        which.account,
        which.amount,
        proofOf(levels, which.index),
        overrides,
      );
  return { admin, anybody, coin, airdrop, claims, levels, claim };
}

describe("Airdrop (Merkle tree)", () => {
  it("pays what the tree says, whoever asks", async () => {
    const { coin, airdrop, claims, claim } = await loadFixture(deployAirdrop);
    for (const one of claims.slice(0, 20)) {
      await expect(claim(one))
        .to.emit(airdrop, "Claimed")
        .withArgs(one.index, one.account, one.amount);
      expect(await coin.balanceOf(one.account)).to.equal(one.amount);
    }
  });

  it("pays once", async () => {
    const { airdrop, claims, claim } = await loadFixture(deployAirdrop);
    await claim(claims[7]);
    expect(await airdrop.isClaimed(7n)).to.equal(true);
    expect(await airdrop.isClaimed(8n)).to.equal(false);
    await expect(claim(claims[7]))
      .to.be.revertedWithCustomError(airdrop, "AlreadyClaimed")
      .withArgs(7n);
  });

  it("refuses more than was promised, and to anybody else", async () => {
    const { airdrop, admin, claims, claim } = await loadFixture(deployAirdrop);
    await expect(
      claim({ ...claims[3], amount: 41n }),
    ).to.be.revertedWithCustomError(airdrop, "InvalidProof");
    await expect(
      claim({ ...claims[3], account: admin.address }),
    ).to.be.revertedWithCustomError(airdrop, "InvalidProof");
    await expect(
      claim({ ...claims[3], index: 4 }),
    ).to.be.revertedWithCustomError(airdrop, "InvalidProof");
  });

  it("ends", async () => {
    const { airdrop, claims, claim } = await loadFixture(deployAirdrop);
    const end = await airdrop.endsAt();
    await time.increaseTo(end - 1n);
    await claim(claims[0]);
    await time.increase(2);
    await expect(claim(claims[1]))
      .to.be.revertedWithCustomError(airdrop, "Over")
      .withArgs(end);
  });

  it("pays all in one block", async () => {
    const { coin, airdrop, claims, claim } = await loadFixture(deployAirdrop);
    await ethers.provider.send("evm_setAutomine", [false]);
    try {
      for (const one of claims) {
        await claim(one, { gasLimit: 200_000n });
      }
      await mine();
    } finally {
      await ethers.provider.send("evm_setAutomine", [true]);
    }
    const paid = await airdrop.queryFilter("Claimed", -1);
    expect(paid).to.have.length(CLAIMS);
    const total = claims.reduce((sum, { amount }) => sum + amount, 0n);
    expect(await coin.balanceOf(airdrop)).to.equal(1_000_000n - total);
  });

  it("runs dry with the coin's own error", async () => {
    const { admin, coin, airdrop, claims, claim } =
      await loadFixture(deployAirdrop);
    const address = await airdrop.getAddress();
    await networkHelpers.impersonateAccount(address);
    await setBalance(address, 10n ** 18n);
    const self = await ethers.getSigner(address);
    await coin.connect(self).transfer(admin, 999_995n);
    await expect(claim(claims[0]))
      .to.be.revertedWithCustomError(coin, "ERC20InsufficientBalance")
      .withArgs(address, 5n, 10n);
  });
});
