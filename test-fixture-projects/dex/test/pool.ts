import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";

import {
  deployPool,
  ethers,
  helpers,
  inOneBlock,
  latestReceipts,
  MONEY,
  SWAP_GAS,
} from "./helpers/dex.js";

const { loadFixture } = helpers;

describe("Uniswap V3 pool", () => {
  it("starts at tick 0 with the deposited liquidity", async () => {
    const { pool } = await loadFixture(deployPool);
    const { sqrtPriceX96, tick } = await pool.slot0();
    expect(sqrtPriceX96).to.equal(2n ** 96n);
    expect(tick).to.equal(0n);
    expect(await pool.liquidity()).to.equal(10n ** 22n);
  });

  it("knows the price at a tick", async () => {
    const { router } = await loadFixture(deployPool);
    expect(await router.sqrtPriceAt(0)).to.equal(2n ** 96n);
    expect(await router.sqrtPriceAt(-887272)).to.equal(4295128739n);
    await expect(router.sqrtPriceAt(887273)).to.be.revertedWith("T");
  });

  it("cannot be initialised twice", async () => {
    const { pool } = await loadFixture(deployPool);
    await expect(pool.initialize(2n ** 96n)).to.be.revertedWith("AI");
  });

  it("refuses a fee that is not enabled, without a reason", async () => {
    const { factory, token0, token1 } = await loadFixture(deployPool);
    await expect(
      factory.createPool(token0, token1, 1234),
    ).to.be.revertedWithoutReason(ethers);
  });

  it("moves the price and the balances with a swap", async () => {
    const { pool, router, alice, token0, token1 } =
      await loadFixture(deployPool);
    const swapping = router
      .connect(alice)
      .swapExactInput(pool, true, 10n ** 18n, 0n);
    await expect(swapping)
      .to.emit(pool, "Swap")
      .withArgs(
        router.target,
        alice.address,
        10n ** 18n,
        anyValue,
        anyValue,
        10n ** 22n,
        anyValue,
      );
    expect(await token0.balanceOf(alice)).to.equal(MONEY - 10n ** 18n);
    const gained = (await token1.balanceOf(alice)) - MONEY;
    // 0.3% fee, and a little slippage.
    expect(gained > 996n * 10n ** 15n && gained < 997n * 10n ** 15n).to.equal(
      true,
    );
    expect((await pool.slot0()).tick).to.be.lessThan(0n);
  });

  it("crosses into another range when the swap is large", async () => {
    const { pool, router, owner, alice } = await loadFixture(deployPool);
    await router.connect(owner).deposit(pool, -60, 60, 10n ** 23n);
    expect(await pool.liquidity()).to.equal(11n * 10n ** 22n);
    await router.connect(alice).swapExactInput(pool, true, 4n * 10n ** 20n, 0n);
    expect((await pool.slot0()).tick).to.be.lessThan(-60n);
    expect(await pool.liquidity()).to.equal(10n ** 22n);
  });

  it("reverts below the minimum output", async () => {
    const { pool, router, alice } = await loadFixture(deployPool);
    await expect(
      router.connect(alice).swapExactInput(pool, false, 10n ** 18n, 10n ** 18n),
    ).to.be.revertedWith("PoolRouter: output too low");
  });

  it("refuses callbacks from strangers", async () => {
    const { pool, router, alice } = await loadFixture(deployPool);
    const data = ethers.AbiCoder.defaultAbiCoder().encode(
      ["address", "address"],
      [pool.target, alice.address],
    );
    await expect(
      router.connect(alice).uniswapV3SwapCallback(1n, 0n, data),
    ).to.be.revertedWith("PoolRouter: not a pool");
  });

  it("pays a position back with what it earned", async () => {
    const { pool, router, owner, alice, token0, token1 } =
      await loadFixture(deployPool);
    await router.connect(alice).swapExactInput(pool, true, 10n ** 20n, 0n);
    await router.connect(alice).swapExactInput(pool, false, 10n ** 20n, 0n);
    const before =
      (await token0.balanceOf(owner)) + (await token1.balanceOf(owner));
    await expect(router.withdraw(pool, -600, 600, 10n ** 22n))
      .to.emit(router, "Withdrawn")
      .withArgs(owner.address, pool.target, 10n ** 22n);
    const after =
      (await token0.balanceOf(owner)) + (await token1.balanceOf(owner));
    expect(after > before).to.equal(true);
    expect(await pool.liquidity()).to.equal(0n);
  });

  it("lets nobody withdraw what belongs to another", async () => {
    const { pool, router, bob } = await loadFixture(deployPool);
    await expect(
      router.connect(bob).withdraw(pool, -600, 600, 1n),
    ).to.be.revertedWith("PoolRouter: more than you own");
  });

  it("lends for one transaction against a fee", async () => {
    const { pool, router, alice, token0 } = await loadFixture(deployPool);
    await expect(
      router.connect(alice).flash(pool, 10n ** 18n, 0n),
    ).to.changeTokenBalances(
      ethers,
      token0,
      [alice, pool],
      [-3n * 10n ** 15n, 3n * 10n ** 15n],
    );
  });

  it("records observations that give a time-weighted price", async () => {
    const { pool, router, alice } = await loadFixture(deployPool);
    await pool.increaseObservationCardinalityNext(4);
    await router.connect(alice).swapExactInput(pool, true, 10n ** 20n, 0n);
    const { tick } = await pool.slot0();
    await helpers.time.increase(600);
    await helpers.mine();
    const [[earlier, later]] = await pool.observe([300, 0]);
    expect(later - earlier).to.equal(300n * tick);
    await expect(pool.observe([1_000_000])).to.be.revertedWith("OLD");
  });

  it("turns a snapshot back, ticks included", async () => {
    const { pool, router, alice } = await loadFixture(deployPool);
    const before = await pool.slot0();
    const snapshot = await helpers.takeSnapshot();
    await router.connect(alice).deposit(pool, -120, 120, 10n ** 20n);
    await router.connect(alice).swapExactInput(pool, true, 10n ** 20n, 0n);
    expect((await pool.ticks(-120)).initialized).to.equal(true);
    await snapshot.restore();
    expect(await pool.slot0()).to.deep.equal(before);
    expect((await pool.ticks(-120)).initialized).to.equal(false);
  });

  it("executes a block of swaps in both directions in order", async () => {
    const { pool, router, alice, bob, token0, token1 } =
      await loadFixture(deployPool);
    await inOneBlock(async () => {
      for (let i = 0; i < 20; i++) {
        await router
          .connect(i % 2 === 0 ? alice : bob)
          .swapExactInput(pool, i % 2 === 0, 10n ** 19n, 0n, {
            gasLimit: SWAP_GAS,
          });
      }
    });
    const receipts = await latestReceipts();
    expect(receipts).to.have.lengthOf(20);
    expect(receipts.every(({ status }) => status === 1)).to.equal(true);
    const ticks = receipts.map(({ logs }) => {
      const swap = logs
        .map((log) => pool.interface.parseLog(log))
        .find((log) => log?.name === "Swap");
      return swap!.args.tick;
    });
    // Each swap starts at the price where the one before it ended.
    for (let i = 1; i < ticks.length; i++) {
      expect(ticks[i] < ticks[i - 1]).to.equal(i % 2 === 0);
    }
    expect(await token0.balanceOf(alice)).to.equal(MONEY - 10n ** 20n);
    expect(await token1.balanceOf(bob)).to.equal(MONEY - 10n ** 20n);
  });
});
