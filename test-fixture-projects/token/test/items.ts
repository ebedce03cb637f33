import type { AnyContract } from "./helpers/any-contract.js";

import { expect } from "chai";
import { network } from "hardhat";

const { ethers, networkHelpers } = await network.create();
const { loadFixture } = networkHelpers;

async function deployItems() {
  const [owner, alice, bob] = await ethers.getSigners();
  const items: AnyContract = await ethers.deployContract("Items", [owner]);
  await items.mintBatch(alice, [1n, 2n], [10n, 20n]);
  return { owner, alice, bob, items };
}

describe("Items (ERC-1155)", () => {
  it("mints several kinds at once", async () => {
    const { items, owner, bob } = await loadFixture(deployItems);
    await expect(items.mintBatch(bob, [5n, 6n], [1n, 2n]))
      .to.emit(items, "TransferBatch")
      .withArgs(
        owner.address,
        ethers.ZeroAddress,
        bob.address,
        [5n, 6n],
        [1n, 2n],
      );
    expect(
      await items.balanceOfBatch([bob, bob, bob], [5n, 6n, 7n]),
    ).to.deep.equal([1n, 2n, 0n]);
  });

  it("refuses lists of different lengths", async () => {
    const { items, alice } = await loadFixture(deployItems);
    await expect(items.mintBatch(alice, [1n, 2n], [1n]))
      .to.be.revertedWithCustomError(items, "ERC1155InvalidArrayLength")
      .withArgs(2n, 1n);
  });

  it("counts the supply of each kind", async () => {
    const { items, alice } = await loadFixture(deployItems);
    expect(await items["totalSupply(uint256)"](1n)).to.equal(10n);
    await items.connect(alice).combine(1n);
    expect(await items["totalSupply(uint256)"](1n)).to.equal(7n);
    expect(await items["totalSupply()"]()).to.equal(28n);
  });

  it("combines three into one, if there are three", async () => {
    const { items, alice, bob } = await loadFixture(deployItems);
    await items.connect(alice).combine(2n);
    expect(await items.balanceOf(alice, 3n)).to.equal(1n);
    await expect(items.connect(bob).combine(2n))
      .to.be.revertedWithCustomError(items, "ERC1155InsufficientBalance")
      .withArgs(bob.address, 0n, 3n, 2n);
  });

  it("goes to contracts only if they accept it", async () => {
    const { items, alice } = await loadFixture(deployItems);
    const safe = await ethers.deployContract("Safe");
    await expect(
      items.connect(alice).safeTransferFrom(alice, items, 1n, 1n, "0x"),
    )
      .to.be.revertedWithCustomError(items, "ERC1155InvalidReceiver")
      .withArgs(items.target);
    await items.connect(alice).safeTransferFrom(alice, safe, 1n, 4n, "0x1234");
    expect(await items.balanceOf(safe, 1n)).to.equal(4n);
  });

  it("moves by an operator with approval for all", async () => {
    const { items, alice, bob } = await loadFixture(deployItems);
    const transfer = () =>
      items.connect(bob).safeTransferFrom(alice, bob, 1n, 1n, "0x");
    await expect(transfer())
      .to.be.revertedWithCustomError(items, "ERC1155MissingApprovalForAll")
      .withArgs(bob.address, alice.address);
    await items.connect(alice).setApprovalForAll(bob, true);
    await transfer();
    expect(await items.balanceOf(bob, 1n)).to.equal(1n);
  });

  it("panics for a rarity that does not exist", async () => {
    const { items } = await loadFixture(deployItems);
    await items.setRarity(1n, 2);
    expect(await items.rarityOf(1n)).to.equal(2n);
    await expect(items.setRarity(1n, 3)).to.be.revertedWithPanic(0x21);
  });

  it("forgets what happened after a snapshot", async () => {
    const { items, alice, bob } = await loadFixture(deployItems);
    const snapshot = await networkHelpers.takeSnapshot();
    await items.connect(alice).setApprovalForAll(bob, true);
    await items.connect(alice).combine(1n);
    await snapshot.restore();
    expect(await items.balanceOf(alice, 1n)).to.equal(10n);
    expect(await items.isApprovedForAll(alice, bob)).to.equal(false);
  });
});
