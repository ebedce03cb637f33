// Blocks full of trades: the work that a parallel network is for.
import { expect } from "chai";

import {
  type AnyContract,
  deployMarket,
  deployPool,
  ethers,
  fund,
  helpers,
  inOneBlock,
  latestReceipts,
  MAX,
  MONEY,
  SWAP_GAS,
  trade,
} from "./helpers/dex.js";

const { loadFixture } = helpers;

const PAIRS = 16;
const TRADERS = 80;
const market = () => deployMarket(PAIRS, TRADERS);

async function expectAllSucceeded(count: number) {
  const receipts = await latestReceipts();
  expect(receipts).to.have.lengthOf(count);
  expect(receipts.every(({ status }) => status === 1)).to.equal(true);
  return receipts;
}

describe("A trading day", () => {
  it("opens with 80 trades on 16 pairs in one block", async () => {
    const { router, ...rest } = await loadFixture(market);
    await inOneBlock(() => trade(rest, router, 1));
    await expectAllSucceeded(TRADERS);
  });

  it("keeps the sum of each token through 160 trades in one block", async () => {
    const { router, factory, ...rest } = await loadFixture(market);
    const { blocks } = await inOneBlock(() => trade(rest, router, 2));
    expect(blocks).to.equal(1);
    await expectAllSucceeded(2 * TRADERS);
    for (const [index, [a, b]] of rest.pairs.entries()) {
      const pair = await factory.getPair(a, b);
      for (const token of [a, b]) {
        let sum = await token.balanceOf(pair);
        sum += await token.balanceOf((await ethers.getSigners())[0]);
        for (let i = index; i < TRADERS; i += PAIRS) {
          sum += await token.balanceOf(rest.traders[i]);
        }
        expect(sum).to.equal(await token.totalSupply());
      }
    }
  });

  it("fills several blocks when the gas limit is reached", async () => {
    const { router, ...rest } = await loadFixture(market);
    const { gasLimit } = (await ethers.provider.getBlock("latest"))!;
    await ethers.provider.send("evm_setBlockGasLimit", ["0x2dc6c0"]);
    const { blocks } = await inOneBlock(() => trade(rest, router, 1));
    // A snapshot does not keep the limit.
    await ethers.provider.send("evm_setBlockGasLimit", [
      ethers.toQuantity(gasLimit),
    ]);
    expect(blocks).to.be.greaterThan(1);
    for (const [i, trader] of rest.traders.entries()) {
      const [a, b] = rest.pairs[i % PAIRS];
      const sold = i % 2 === 0 ? a : b;
      expect(await sold.balanceOf(trader)).to.equal(
        MONEY - 10n ** 17n - BigInt(i),
      );
    }
  });

  it("counts every trade of a block in the metered router", async () => {
    const { metered, ...rest } = await loadFixture(market);
    await inOneBlock(() => trade(rest, metered, 2));
    await expectAllSucceeded(2 * TRADERS);
    expect(await metered.tradeCount()).to.equal(2n * BigInt(TRADERS));
    expect(await metered.trades(rest.traders[7])).to.equal(2n);
  });

  it("trades on one crowded pair in the order of the block", async () => {
    const { router, traders, pairs, factory } = await loadFixture(market);
    const [a, b] = pairs[0];
    // Only the traders of this pair have its tokens.
    const crowd = traders.filter((_, i) => i % PAIRS === 0);
    await inOneBlock(async () => {
      for (let round = 0; round < 10; round++) {
        for (const trader of crowd) {
          await router
            .connect(trader)
            .swapExactInput(10n ** 18n, 0, [a, b], trader, MAX, {
              gasLimit: SWAP_GAS,
            });
        }
      }
    });
    const receipts = await expectAllSucceeded(10 * crowd.length);
    const pair: AnyContract = await ethers.getContractAt(
      "UniswapV2Pair",
      await factory.getPair(a, b),
    );
    // All sell the same token: the price falls with every trade.
    const outputs = receipts.map(({ logs }) => {
      const swap = logs
        .filter(({ address }) => address === pair.target)
        .map((log) => pair.interface.parseLog(log))
        .find((log) => log?.name === "Swap");
      return swap!.args.amount0Out + swap!.args.amount1Out;
    });
    for (let i = 1; i < outputs.length; i++) {
      expect(outputs[i] < outputs[i - 1]).to.equal(true);
    }
  });

  it("mixes trades that fail with trades that succeed", async () => {
    const { router, traders, pairs } = await loadFixture(market);
    await inOneBlock(async () => {
      for (const [i, trader] of traders.entries()) {
        const [a, b] = pairs[i % PAIRS];
        const minimum = i % 3 === 0 ? MONEY : 0n;
        await router
          .connect(trader)
          .swapExactInput(10n ** 17n, minimum, [a, b], trader, MAX, {
            gasLimit: SWAP_GAS,
          });
      }
    });
    const receipts = await latestReceipts();
    expect(receipts.map(({ status }) => status)).to.deep.equal(
      traders.map((_, i) => (i % 3 === 0 ? 0 : 1)),
    );
    expect(await pairs[0][0].balanceOf(traders[0])).to.equal(MONEY);
  });

  it("pays salaries: 150 transfers from one account in one block", async () => {
    const { tokens } = await loadFixture(market);
    const [owner] = await ethers.getSigners();
    const people = Array.from({ length: 150 }, (_, i) =>
      ethers.getAddress(`0x${(0x1000 + i).toString(16).padStart(40, "0")}`),
    );
    await inOneBlock(async () => {
      const nonce = await owner.getNonce();
      for (const [i, person] of people.entries()) {
        await tokens[0].transfer(person, 1000n + BigInt(i), {
          gasLimit: 80_000n,
          nonce: nonce + i,
        });
      }
    });
    await expectAllSucceeded(150);
    expect(await tokens[0].balanceOf(people[149])).to.equal(1149n);
  });

  it("moves ether between 80 accounts in one block", async () => {
    const { traders } = await loadFixture(market);
    const before = await ethers.provider.getBalance(traders[0]);
    await inOneBlock(async () => {
      for (const [i, trader] of traders.entries()) {
        await trader.sendTransaction({
          to: traders[(i + 1) % traders.length],
          value: 10n ** 15n,
          gasLimit: 21_000n,
        });
      }
    });
    const receipts = await expectAllSucceeded(TRADERS);
    const after = await ethers.provider.getBalance(traders[0]);
    expect(before - after).to.equal(receipts[0].fee);
  });

  it("trades all day, block by block, as time goes by", async () => {
    const { router, factory, ...rest } = await loadFixture(market);
    const [a, b] = rest.pairs[3];
    const pair: AnyContract = await ethers.getContractAt(
      "UniswapV2Pair",
      await factory.getPair(a, b),
    );
    const morning = await pair.price0CumulativeLast();
    for (let hour = 0; hour < 4; hour++) {
      await helpers.time.increase(3600);
      await inOneBlock(() => trade(rest, router, 1));
      await expectAllSucceeded(TRADERS);
    }
    expect((await pair.price0CumulativeLast()) > morning).to.equal(true);
  });

  it("trades on a V3 pool from 60 accounts in one block", async () => {
    const { pool, router, token0, token1 } = await loadFixture(deployPool);
    const traders = (await ethers.getSigners()).slice(10, 70);
    await fund([token0, token1], traders, [router]);
    await inOneBlock(async () => {
      for (const [i, trader] of traders.entries()) {
        await router
          .connect(trader)
          .swapExactInput(pool, i % 2 === 0, 10n ** 17n, 0n, {
            gasLimit: SWAP_GAS,
          });
      }
    });
    await expectAllSucceeded(60);
    expect(await pool.liquidity()).to.equal(10n ** 22n);
  });
});
