import type { AnyContract } from "./helpers/any-contract.js";

import { expect } from "chai";
import { network } from "hardhat";

const { ethers, networkHelpers } = await network.create();
const { loadFixture } = networkHelpers;

const MAX = 2n ** 256n - 1n;

async function deployVault() {
  const [admin, ...people] = await ethers.getSigners();
  const depositors = people.slice(0, 6);
  const coin: AnyContract = await ethers.deployContract("Coin", [admin]);
  const vault: AnyContract = await ethers.deployContract("Vault", [
    coin,
    100_000n,
  ]);
  for (const person of depositors) {
    await coin.mint(person, 50_000n);
    await coin.connect(person).approve(vault, MAX);
  }
  return { admin, depositors, coin, vault };
}

/** The vault earns: coins arrive that nobody gets shares for. */
async function deployEarningVault() {
  const fixture = await deployVault();
  const { coin, vault, depositors } = fixture;
  for (const [index, person] of depositors.entries()) {
    await vault.connect(person).deposit(1000n * BigInt(index + 1), person);
  }
  await coin.mint(vault, 2100n);
  return fixture;
}

describe("Vault (ERC-4626)", () => {
  it("gives a share for a coin at first", async () => {
    const { coin, vault, depositors } = await loadFixture(deployVault);
    const [alice] = depositors;
    await expect(vault.connect(alice).deposit(700n, alice))
      .to.emit(vault, "Deposit")
      .withArgs(alice.address, alice.address, 700n, 700n);
    expect(await vault.balanceOf(alice)).to.equal(700n);
    expect(await coin.balanceOf(vault)).to.equal(700n);
  });

  it("gives fewer shares once it has earned", async () => {
    const { vault, depositors } = await loadFixture(deployEarningVault);
    const [alice] = depositors;
    expect(await vault.totalAssets()).to.equal(23_100n);
    expect(await vault.previewDeposit(1100n)).to.equal(1000n);
    await vault.connect(alice).deposit(1100n, alice);
    expect(await vault.balanceOf(alice)).to.equal(2000n);
  });

  it("rounds in its own favour", async () => {
    const { vault, depositors } = await loadFixture(deployEarningVault);
    const [alice] = depositors;
    expect(await vault.previewMint(7n)).to.equal(8n);
    expect(await vault.previewRedeem(7n)).to.equal(7n);
    expect(await vault.previewWithdraw(7n)).to.equal(7n);
    await expect(vault.connect(alice).mint(7n, alice))
      .to.emit(vault, "Deposit")
      .withArgs(alice.address, alice.address, 8n, 7n);
  });

  it("pays everybody out", async () => {
    const { coin, vault, depositors } = await loadFixture(deployEarningVault);
    for (const person of depositors) {
      const shares = await vault.balanceOf(person);
      const coins = await vault.previewRedeem(shares);
      await expect(
        vault.connect(person).redeem(shares, person, person),
      ).to.changeTokenBalance(ethers, coin, person, coins);
    }
    expect(await vault.totalSupply()).to.equal(0n);
    expect(await coin.balanceOf(vault)).to.be.lessThan(10n);
  });

  it("lets others withdraw within their allowance", async () => {
    const { coin, vault, depositors } = await loadFixture(deployEarningVault);
    const [alice, bob] = depositors;
    await vault.connect(alice).approve(bob, 500n);
    await vault.connect(bob).redeem(400n, bob, alice);
    expect(await vault.allowance(alice, bob)).to.equal(100n);
    expect(await coin.balanceOf(bob)).to.be.greaterThan(48_400n);
    await expect(vault.connect(bob).redeem(400n, bob, alice))
      .to.be.revertedWithCustomError(vault, "ERC20InsufficientAllowance")
      .withArgs(bob.address, 100n, 400n);
  });

  it("takes no more than its cap", async () => {
    const { vault, depositors } = await loadFixture(deployVault);
    const [alice, bob, carol] = depositors;
    await vault.connect(alice).deposit(50_000n, alice);
    await vault.connect(bob).deposit(49_999n, bob);
    await expect(vault.connect(carol).deposit(2n, carol))
      .to.be.revertedWithCustomError(vault, "ERC4626ExceededMaxDeposit")
      .withArgs(carol.address, 2n, 1n);
    await vault.connect(carol).deposit(1n, carol);
    expect(await vault.maxDeposit(carol)).to.equal(0n);
  });

  it("gives nobody more than they have", async () => {
    const { vault, depositors } = await loadFixture(deployEarningVault);
    const [alice] = depositors;
    await expect(
      vault.connect(alice).withdraw(1_000_000n, alice, alice),
    ).to.be.revertedWithCustomError(vault, "ERC4626ExceededMaxWithdraw");
  });

  it("passes on what the coin says", async () => {
    const { coin, vault, admin, depositors } = await loadFixture(deployVault);
    const [alice] = depositors;
    await coin.connect(admin).pause();
    await expect(
      vault.connect(alice).deposit(1n, alice),
    ).to.be.revertedWithCustomError(coin, "EnforcedPause");
  });
});
