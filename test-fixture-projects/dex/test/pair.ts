import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";

import {
  type AnyContract,
  deployPair,
  DEPOSIT,
  ethers,
  helpers,
  inAnHour,
  inOneBlock,
  latestReceipts,
  MAX,
  MONEY,
  SWAP_GAS,
} from "./helpers/dex.js";

const { loadFixture } = helpers;

describe("Uniswap V2 pair", () => {
  describe("factory", () => {
    it("emits PairCreated with the tokens in order", async () => {
      const { factory } = await loadFixture(deployPair);
      const high = `0x${"bb".repeat(20)}`;
      const low = `0x${"aa".repeat(20)}`;
      await expect(factory.createPair(high, low))
        .to.emit(factory, "PairCreated")
        .withArgs(
          ethers.getAddress(low),
          ethers.getAddress(high),
          anyValue,
          2n,
        );
      expect(await factory.allPairsLength()).to.equal(2n);
    });

    it("creates the pair at the CREATE2 address of its tokens", async () => {
      const { factory, token0, token1, pair } = await loadFixture(deployPair);
      const { bytecode } = await (
        await ethers.getContractFactory("UniswapV2Pair")
      )
        .getDeployTransaction()
        .then((transaction) => ({
          bytecode: transaction.data,
        }));
      const salt = ethers.solidityPackedKeccak256(
        ["address", "address"],
        [token0.target, token1.target],
      );
      expect(pair.target).to.equal(
        ethers.getCreate2Address(
          factory.target as string,
          salt,
          ethers.keccak256(bytecode),
        ),
      );
    });

    it("refuses a second pair of the same tokens", async () => {
      const { factory, token0, token1 } = await loadFixture(deployPair);
      await expect(factory.createPair(token1, token0)).to.be.revertedWith(
        "UniswapV2: PAIR_EXISTS",
      );
    });

    it("refuses a pair of a token with itself", async () => {
      const { factory, token0 } = await loadFixture(deployPair);
      await expect(factory.createPair(token0, token0)).to.be.revertedWith(
        "UniswapV2: IDENTICAL_ADDRESSES",
      );
    });

    it("lets only the setter turn fees on", async () => {
      const { factory, owner, alice } = await loadFixture(deployPair);
      await expect(factory.connect(alice).setFeeTo(alice)).to.be.revertedWith(
        "UniswapV2: FORBIDDEN",
      );
      await factory.connect(owner).setFeeTo(alice);
      expect(await factory.feeTo()).to.equal(alice.address);
    });
  });

  describe("liquidity", () => {
    it("mints the geometric mean less the locked minimum", async () => {
      const { pair, owner } = await loadFixture(deployPair);
      expect(await pair.balanceOf(owner)).to.equal(DEPOSIT * 2n - 1000n);
      expect(await pair.balanceOf(ethers.ZeroAddress)).to.equal(1000n);
    });

    it("keeps the price when more is added", async () => {
      const { router, alice, pair, token0, token1 } =
        await loadFixture(deployPair);
      const adding = router
        .connect(alice)
        .addLiquidity(token0, token1, 1000n, 9000n, 0, 0, await inAnHour());
      await expect(adding).to.changeTokenBalances(
        ethers,
        token0,
        [alice, pair],
        [-1000n, 1000n],
      );
      await expect(adding).to.changeTokenBalances(
        ethers,
        token1,
        [alice, pair],
        [-4000n, 4000n],
      );
    });

    it("reverts with LiquidityTooLow when the price does not fit", async () => {
      const { router, token0, token1 } = await loadFixture(deployPair);
      await expect(
        router.addLiquidity(
          token0,
          token1,
          1000n,
          9000n,
          0,
          5000n,
          await inAnHour(),
        ),
      )
        .to.be.revertedWithCustomError(router, "LiquidityTooLow")
        .withArgs(4000n, 5000n);
    });

    it("pays both tokens back for burnt liquidity", async () => {
      const { router, owner, pair, token0, token1 } =
        await loadFixture(deployPair);
      await pair.approve(router, MAX);
      const liquidity = await pair.balanceOf(owner);
      await expect(
        router.removeLiquidity(
          token0,
          token1,
          liquidity,
          0,
          0,
          owner,
          await inAnHour(),
        ),
      )
        .to.emit(pair, "Burn")
        .withArgs(router.target, anyValue, anyValue, owner.address);
      expect(await token0.balanceOf(pair)).to.be.lessThan(1000n);
      expect(await pair.totalSupply()).to.equal(1000n);
    });

    it("takes a permit in place of an approval", async () => {
      const { router, owner, pair, token0, token1 } =
        await loadFixture(deployPair);
      const deadline = await inAnHour();
      const value = 10n ** 18n;
      const { chainId } = await ethers.provider.getNetwork();
      const signature = ethers.Signature.from(
        await owner.signTypedData(
          {
            name: "Uniswap V2",
            version: "1",
            chainId,
            verifyingContract: pair.target as string,
          },
          {
            Permit: [
              { name: "owner", type: "address" },
              { name: "spender", type: "address" },
              { name: "value", type: "uint256" },
              { name: "nonce", type: "uint256" },
              { name: "deadline", type: "uint256" },
            ],
          },
          {
            owner: owner.address,
            spender: router.target,
            value,
            nonce: 0n,
            deadline,
          },
        ),
      );
      const removing = () =>
        router.removeLiquidityWithPermit(
          token0,
          token1,
          value,
          owner,
          deadline,
          signature.v,
          signature.r,
          signature.s,
        );
      await expect(removing()).to.changeTokenBalance(
        ethers,
        pair,
        owner,
        -value,
      );
      // The nonce is used up.
      await expect(removing()).to.be.revertedWith(
        "UniswapV2: INVALID_SIGNATURE",
      );
    });

    it("gives the protocol its share of the growth once the fee is on", async () => {
      const { factory, router, pair, alice, bob, token0, token1 } =
        await loadFixture(deployPair);
      await factory.setFeeTo(bob);
      await router.addLiquidity(token0, token1, 1000, 4000, 0, 0, MAX);
      expect(await pair.balanceOf(bob)).to.equal(0n);
      await router
        .connect(alice)
        .swapExactInput(DEPOSIT, 0, [token0, token1], alice, MAX);
      await router.addLiquidity(token0, token1, DEPOSIT, DEPOSIT, 0, 0, MAX);
      expect(await pair.balanceOf(bob)).to.be.greaterThan(0n);
    });
  });

  describe("swaps", () => {
    it("pays what was quoted and emits Swap and Sync", async () => {
      const { router, alice, pair, token0, token1 } =
        await loadFixture(deployPair);
      const path = [token0.target, token1.target];
      const [, output] = await router.quoteOutput(10n ** 18n, path);
      const swapping = router
        .connect(alice)
        .swapExactInput(10n ** 18n, output, path, alice, await inAnHour());
      await expect(swapping)
        .to.emit(pair, "Swap")
        .withArgs(router.target, 10n ** 18n, 0n, 0n, output, alice.address);
      await expect(swapping)
        .to.emit(pair, "Sync")
        .withArgs(DEPOSIT + 10n ** 18n, DEPOSIT * 4n - output);
      expect(await token1.balanceOf(alice)).to.equal(MONEY + output);
    });

    it("takes what was quoted for an exact output", async () => {
      const { router, alice, token0, token1 } = await loadFixture(deployPair);
      const path = [token1.target, token0.target];
      const [input] = await router.quoteInput(10n ** 18n, path);
      await expect(
        router
          .connect(alice)
          .swapExactOutput(10n ** 18n, input, path, alice, MAX),
      ).to.changeTokenBalances(ethers, token1, [alice], [-input]);
      expect(await token0.balanceOf(alice)).to.equal(MONEY + 10n ** 18n);
    });

    it("never lets the product of the reserves shrink", async () => {
      const { router, alice, pair, token0, token1 } =
        await loadFixture(deployPair);
      const product = async () => {
        const [reserve0, reserve1] = await pair.getReserves();
        return reserve0 * reserve1;
      };
      let before = await product();
      for (let i = 0n; i < 6n; i++) {
        const path = i % 2n === 0n ? [token0, token1] : [token1, token0];
        await router
          .connect(alice)
          .swapExactInput(10n ** (15n + i), 0, path, alice, MAX);
        const after = await product();
        expect(after > before).to.equal(true);
        before = after;
      }
    });

    it("reverts with OutputTooLow below the minimum", async () => {
      const { router, token0, token1, owner } = await loadFixture(deployPair);
      const path = [token0.target, token1.target];
      const [, output] = await router.quoteOutput(1000n, path);
      await expect(router.swapExactInput(1000n, output + 1n, path, owner, MAX))
        .to.be.revertedWithCustomError(router, "OutputTooLow")
        .withArgs(output, output + 1n);
    });

    it("reverts with InputTooHigh above the maximum", async () => {
      const { router, token0, token1, owner } = await loadFixture(deployPair);
      const path = [token0.target, token1.target];
      const [input] = await router.quoteInput(1000n, path);
      await expect(
        router.swapExactOutput(1000n, input - 1n, path, owner, MAX),
      ).to.be.revertedWithCustomError(router, "InputTooHigh");
    });

    it("panics when more is wanted than there is", async () => {
      const { router, token0, token1, owner } = await loadFixture(deployPair);
      await expect(
        router.swapExactOutput(DEPOSIT * 5n, MAX, [token0, token1], owner, MAX),
      ).to.be.revertedWithPanic(0x11);
    });

    it("reverts for a path of one token, and for tokens without a pair", async () => {
      const { router, token0, owner } = await loadFixture(deployPair);
      await expect(
        router.swapExactInput(1000n, 0, [token0], owner, MAX),
      ).to.be.revertedWithCustomError(router, "InvalidPath");
      await expect(router.quoteOutput(1000n, [token0, owner.address]))
        .to.be.revertedWithCustomError(router, "NoPair")
        .withArgs(token0.target, owner.address);
    });

    it("fails without an allowance, with the token's own error", async () => {
      const { router, token0, token1, alice } = await loadFixture(deployPair);
      await token0.connect(alice).approve(router, 5n);
      await expect(
        router
          .connect(alice)
          .swapExactInput(1000n, 0, [token0, token1], alice, MAX),
      )
        .to.be.revertedWithCustomError(token0, "ERC20InsufficientAllowance")
        .withArgs(router.target, 5n, 1000n);
    });

    it("reverts after the deadline", async () => {
      const { router, token0, token1, owner } = await loadFixture(deployPair);
      const deadline = await inAnHour();
      await helpers.time.setNextBlockTimestamp(deadline + 1);
      await expect(
        router.swapExactInput(1000n, 0, [token0, token1], owner, deadline),
      )
        .to.be.revertedWithCustomError(router, "Expired")
        .withArgs(deadline, deadline + 1);
    });

    it("swaps over two pairs in one transaction", async () => {
      const { router, owner, alice, token0, token1, factory } =
        await loadFixture(deployPair);
      const third: AnyContract = await ethers.deployContract("TestToken", [
        "Third",
        "THIRD",
      ]);
      await third.mint(owner, MONEY);
      await third.approve(router, MAX);
      await router.addLiquidity(token1, third, DEPOSIT, DEPOSIT, 0, 0, MAX);
      const path = [token0.target, token1.target, third.target];
      const amounts = await router.quoteOutput(10n ** 18n, path);
      await router
        .connect(alice)
        .swapExactInput(10n ** 18n, 0, path, alice, MAX);
      expect(await third.balanceOf(alice)).to.equal(amounts[2]);
      expect(await factory.allPairsLength()).to.equal(2n);
    });
  });

  describe("flash swaps", () => {
    it("succeed when the loan comes back with the fee", async () => {
      const { pair, token0 } = await loadFixture(deployPair);
      const trader: AnyContract = await ethers.deployContract("FlashTrader");
      const amount = 10n ** 18n;
      const repayment = (amount * 1000n) / 997n + 1n;
      await token0.mint(trader, repayment - amount);
      await expect(trader.borrow(pair, token0, amount, repayment))
        .to.emit(trader, "Borrowed")
        .withArgs(token0.target, amount, repayment);
      expect(await token0.balanceOf(trader)).to.equal(0n);
    });

    it("fail when the fee is missing", async () => {
      const { pair, token0 } = await loadFixture(deployPair);
      const trader: AnyContract = await ethers.deployContract("FlashTrader");
      await expect(
        trader.borrow(pair, token0, 1000n, 1000n),
      ).to.be.revertedWith("UniswapV2: K");
    });

    it("refuse a callback from a stranger", async () => {
      const { alice, pair, token0 } = await loadFixture(deployPair);
      const trader: AnyContract = await ethers.deployContract("FlashTrader");
      const data = ethers.AbiCoder.defaultAbiCoder().encode(
        ["address", "address", "uint256"],
        [pair.target, token0.target, 1n],
      );
      await expect(trader.connect(alice).uniswapV2Call(alice, 1n, 0n, data))
        .to.be.revertedWithCustomError(trader, "NotThePair")
        .withArgs(alice.address);
    });
  });

  describe("price oracle", () => {
    it("accumulates the price over time", async () => {
      const { pair } = await loadFixture(deployPair);
      await pair.sync();
      const start = await helpers.time.latest();
      const before = await pair.price0CumulativeLast();
      await helpers.time.increaseTo(start + 1000);
      await helpers.time.setNextBlockTimestamp(start + 1001);
      await pair.sync();
      // token1 per token0 is 4, as a fixed point number with 112 bits of fraction.
      expect((await pair.price0CumulativeLast()) - before).to.equal(
        1001n * 4n * 2n ** 112n,
      );
    });
  });

  describe("snapshots and order", () => {
    it("forgets a swap when the snapshot is restored", async () => {
      const { router, alice, pair, token0, token1 } =
        await loadFixture(deployPair);
      const reserves = await pair.getReserves();
      const snapshot = await helpers.takeSnapshot();
      await router
        .connect(alice)
        .swapExactInput(DEPOSIT, 0, [token0, token1], alice, MAX);
      expect(await pair.getReserves()).to.not.deep.equal(reserves);
      await snapshot.restore();
      expect(await pair.getReserves()).to.deep.equal(reserves);
      expect(await token1.balanceOf(alice)).to.equal(MONEY);
    });

    it("reads the reserves of an older block", async () => {
      const { router, alice, pair, token0, token1 } =
        await loadFixture(deployPair);
      const block = await ethers.provider.getBlockNumber();
      const before = await pair.getReserves();
      await router
        .connect(alice)
        .swapExactInput(DEPOSIT, 0, [token0, token1], alice, MAX);
      expect(await pair.getReserves({ blockTag: block })).to.deep.equal(before);
    });

    it("gives the better price to whoever pays more for gas", async () => {
      const { router, alice, bob, token0, token1 } =
        await loadFixture(deployPair);
      const swap = (trader: typeof alice, tip: bigint) =>
        router
          .connect(trader)
          .swapExactInput(10n ** 20n, 0, [token0, token1], trader, MAX, {
            gasLimit: SWAP_GAS,
            maxPriorityFeePerGas: tip,
            maxFeePerGas: 10n ** 11n,
          });
      await inOneBlock(async () => {
        await swap(alice, 10n ** 9n);
        await swap(bob, 2n * 10n ** 9n);
      });
      const receipts = await latestReceipts();
      expect(receipts.map(({ from }) => from)).to.deep.equal([
        bob.address,
        alice.address,
      ]);
      expect(await token1.balanceOf(bob)).to.be.greaterThan(
        await token1.balanceOf(alice),
      );
    });

    it("fails the second of two swaps in a block that want the same price", async () => {
      const { router, alice, bob, token0, token1 } =
        await loadFixture(deployPair);
      const path = [token0.target, token1.target];
      const [, output] = await router.quoteOutput(10n ** 20n, path);
      await inOneBlock(async () => {
        for (const trader of [alice, bob]) {
          await router
            .connect(trader)
            .swapExactInput(10n ** 20n, output, path, trader, MAX, {
              gasLimit: SWAP_GAS,
            });
        }
      });
      const receipts = await latestReceipts();
      expect(receipts.map(({ status }) => status)).to.deep.equal([1, 0]);
      expect(await token1.balanceOf(bob)).to.equal(MONEY);
    });
  });
});
