import type { AnyContract } from "./helpers/any-contract.js";

import { expect } from "chai";
import { network } from "hardhat";

const { ethers, networkHelpers } = await network.create();
const { loadFixture, time } = networkHelpers;

const PRICE = 10n ** 17n;

async function deployCollectible() {
  const [owner, alice, bob] = await ethers.getSigners();
  const closesAt = (await time.latest()) + 24 * 3600;
  const shop: AnyContract = await ethers.deployContract("Collectible", [
    owner,
    PRICE,
    closesAt,
  ]);
  return { owner, alice, bob, closesAt, shop };
}

async function deployWithOneSold() {
  const all = await deployCollectible();
  await all.shop.connect(all.alice).buy("ipfs://one", { value: PRICE });
  return all;
}

describe("Collectible (ERC-721)", () => {
  it("sells tokens by number", async () => {
    const { shop, alice, bob } = await loadFixture(deployCollectible);
    await expect(shop.connect(alice).buy("a", { value: PRICE }))
      .to.emit(shop, "Transfer")
      .withArgs(ethers.ZeroAddress, alice.address, 0n);
    await expect(shop.connect(bob).buy("b", { value: PRICE }))
      .to.emit(shop, "MetadataUpdate")
      .withArgs(1n);
    expect(await shop.ownerOf(1n)).to.equal(bob.address);
    expect(await shop.tokenURI(0n)).to.equal("a");
  });

  it("takes the price and nothing else", async () => {
    const { shop, alice } = await loadFixture(deployCollectible);
    await expect(shop.connect(alice).buy("a", { value: PRICE - 1n }))
      .to.be.revertedWithCustomError(shop, "WrongPrice")
      .withArgs(PRICE - 1n, PRICE);
    await expect(
      shop.connect(alice).buy("a", { value: PRICE }),
    ).to.changeEtherBalances(ethers, [alice, shop], [-PRICE, PRICE]);
  });

  it("closes in time", async () => {
    const { shop, alice, closesAt } = await loadFixture(deployCollectible);
    await time.setNextBlockTimestamp(closesAt - 1);
    await shop.connect(alice).buy("a", { value: PRICE });
    await time.increaseTo(closesAt);
    await expect(shop.connect(alice).buy("b", { value: PRICE }))
      .to.be.revertedWithCustomError(shop, "SaleClosed")
      .withArgs(closesAt);
  });

  it("keeps a long address of its picture in more than one slot", async () => {
    const { shop, alice } = await loadFixture(deployCollectible);
    const uri = `https://pictures.example/${"x".repeat(100)}`;
    await shop.connect(alice).buy(uri, { value: PRICE });
    expect(await shop.tokenURI(0n)).to.equal(uri);
  });

  it("does not know tokens that were never sold", async () => {
    const { shop } = await loadFixture(deployWithOneSold);
    await expect(shop.ownerOf(7n))
      .to.be.revertedWithCustomError(shop, "ERC721NonexistentToken")
      .withArgs(7n);
  });

  it("moves only by its owner's will", async () => {
    const { shop, alice, bob } = await loadFixture(deployWithOneSold);
    await expect(
      shop.connect(bob).transferFrom(alice, bob, 0n),
    ).to.be.revertedWithCustomError(shop, "ERC721InsufficientApproval");
    await shop.connect(alice).approve(bob, 0n);
    await shop.connect(bob).transferFrom(alice, bob, 0n);
    expect(await shop.ownerOf(0n)).to.equal(bob.address);
  });

  it("goes to contracts only if they accept it", async () => {
    const { shop, alice } = await loadFixture(deployWithOneSold);
    const safe = await ethers.deployContract("Safe");
    const transfer =
      shop.connect(alice)["safeTransferFrom(address,address,uint256)"];
    await expect(transfer(alice, shop, 0n))
      .to.be.revertedWithCustomError(shop, "ERC721InvalidReceiver")
      .withArgs(shop.target);
    await transfer(alice, safe, 0n);
    expect(await shop.ownerOf(0n)).to.equal(safe.target);
  });

  it("is guarded against buying from inside a purchase", async () => {
    const { shop } = await loadFixture(deployCollectible);
    const buyer: AnyContract = await ethers.deployContract(
      "GreedyBuyer",
      [shop],
      {
        value: 10n * PRICE,
      },
    );
    await expect(buyer.buy()).to.be.revertedWithCustomError(
      shop,
      "ReentrancyGuardReentrantCall",
    );
  });

  it("can be burnt", async () => {
    const { shop, alice } = await loadFixture(deployWithOneSold);
    await expect(shop.connect(alice).burn(0n)).to.changeTokenBalance(
      ethers,
      shop,
      alice,
      -1n,
    );
  });

  it("pays the takings to the owner alone", async () => {
    const { shop, owner, alice } = await loadFixture(deployWithOneSold);
    await expect(shop.connect(alice).withdraw(alice))
      .to.be.revertedWithCustomError(shop, "OwnableUnauthorizedAccount")
      .withArgs(alice.address);
    await expect(shop.connect(owner).withdraw(alice)).to.changeEtherBalances(
      ethers,
      [shop, alice],
      [-PRICE, PRICE],
    );
  });

  it("reports a failed payment", async () => {
    const { shop, owner } = await loadFixture(deployWithOneSold);
    await expect(shop.connect(owner).withdraw(shop)).to.be.revertedWith(
      "Collectible: transfer failed",
    );
  });

  it("sells twenty in one block, numbered in the block's order", async () => {
    const { shop } = await loadFixture(deployCollectible);
    const buyers = await ethers.getSigners();
    await ethers.provider.send("evm_setAutomine", [false]);
    for (const buyer of buyers) {
      await shop.connect(buyer).buy("x", { value: PRICE, gasLimit: 200_000n });
    }
    await networkHelpers.mine();
    await ethers.provider.send("evm_setAutomine", [true]);
    for (const [id, buyer] of buyers.entries()) {
      expect(await shop.ownerOf(id)).to.equal(buyer.address);
    }
    expect(await shop.nextId()).to.equal(BigInt(buyers.length));
  });

  it("knows its interfaces", async () => {
    const { shop } = await loadFixture(deployCollectible);
    expect(await shop.supportsInterface("0x80ac58cd")).to.equal(true);
    expect(await shop.supportsInterface("0xffffffff")).to.equal(false);
  });
});
