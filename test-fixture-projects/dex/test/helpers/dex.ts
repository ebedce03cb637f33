// What the suites share: tokens, pools and traders with money.
import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { Contract } from "ethers";

import { createRequire } from "node:module";

import { network } from "hardhat";

export const connection = await network.create();
export const ethers: HardhatEthers = connection.ethers;
export const helpers = connection.networkHelpers;

export type Signer = HardhatEthersSigner;
// Contracts are untyped here: their methods come from the ABI.
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
export type AnyContract = Contract & any;

export const MONEY: bigint = 10n ** 24n;
export const DEPOSIT: bigint = 10n ** 21n;
export const MAX: bigint = 2n ** 256n - 1n;
/** Enough for a swap; given so that queueing needs no estimate. */
export const SWAP_GAS = 400_000n;

const require = createRequire(import.meta.url);

/** Deploys a contract that npm has compiled: Uniswap V3 ships no sources of its pools. */
export async function deployCompiled(
  artifactPath: string,
  ...args: unknown[]
): Promise<AnyContract> {
  const { abi, bytecode } = require(artifactPath);
  const [deployer] = await ethers.getSigners();
  const factory = new ethers.ContractFactory(abi, bytecode, deployer);
  return (await factory.deploy(...args)).waitForDeployment();
}

export async function deployTokens(count: number): Promise<AnyContract[]> {
  const tokens: AnyContract[] = [];
  for (let i = 0; i < count; i++) {
    tokens.push(
      await ethers.deployContract("TestToken", [`Token ${i}`, `T${i}`]),
    );
  }
  return tokens;
}

/** Mints and approves: everyone has `MONEY` of each token and trusts each spender. */
export async function fund(
  tokens: AnyContract[],
  traders: Signer[],
  spenders: AnyContract[],
): Promise<void> {
  const addresses = traders.map(({ address }) => address);
  for (const token of tokens) {
    await token.mintAll(addresses, MONEY);
  }
  await inOneBlock(async () => {
    for (const trader of traders) {
      for (const token of tokens) {
        for (const spender of spenders) {
          await token
            .connect(trader)
            .approve(spender, MAX, { gasLimit: 60_000n });
        }
      }
    }
  });
}

/**
 * Runs `send` with automine off, then mines what it sent as one block (or as few as the gas limit
 * allows). Returns the receipts in the order of sending.
 */
export async function inOneBlock(
  send: () => Promise<unknown>,
): Promise<{ blocks: number }> {
  const first = await ethers.provider.getBlockNumber();
  await ethers.provider.send("evm_setAutomine", [false]);
  try {
    await send();
    do {
      await helpers.mine();
    } while (
      (await ethers.provider.send("eth_pendingTransactions", [])).length > 0
    );
  } finally {
    await ethers.provider.send("evm_setAutomine", [true]);
  }
  return { blocks: (await ethers.provider.getBlockNumber()) - first };
}

/** Receipts of the latest block, in order. */
export async function latestReceipts() {
  const block = await ethers.provider.getBlock("latest");
  return Promise.all(
    block!.transactions.map((hash) =>
      ethers.provider.getTransactionReceipt(hash),
    ),
  ).then((receipts) => receipts.map((receipt) => receipt!));
}

export async function inAnHour(): Promise<number> {
  return (await helpers.time.latest()) + 3600;
}

export function byAddress(
  a: AnyContract,
  b: AnyContract,
): [AnyContract, AnyContract] {
  return BigInt(a.target as string) < BigInt(b.target as string)
    ? [a, b]
    : [b, a];
}

/** One Uniswap V2 pair between two tokens, a router, and two traders. */
export async function deployPair() {
  const [owner, alice, bob] = await ethers.getSigners();
  const factory: AnyContract = await ethers.deployContract("UniswapV2Factory", [
    owner.address,
  ]);
  const router: AnyContract = await ethers.deployContract("PairRouter", [
    factory,
  ]);
  const [token0, token1] = byAddress(
    ...((await deployTokens(2)) as [AnyContract, AnyContract]),
  );
  await fund([token0, token1], [owner, alice, bob], [router]);
  await router.addLiquidity(
    token0,
    token1,
    DEPOSIT,
    DEPOSIT * 4n,
    0,
    0,
    await inAnHour(),
  );
  const pair: AnyContract = await ethers.getContractAt(
    "UniswapV2Pair",
    await factory.getPair(token0, token1),
  );
  return { owner, alice, bob, factory, router, token0, token1, pair };
}

/** Many pairs around one token: a market with a trader per account. */
export async function deployMarket(pairCount: number, traderCount: number) {
  const signers = await ethers.getSigners();
  const traders = signers.slice(1, 1 + traderCount);
  const factory: AnyContract = await ethers.deployContract("UniswapV2Factory", [
    signers[0].address,
  ]);
  const router: AnyContract = await ethers.deployContract("PairRouter", [
    factory,
  ]);
  const metered: AnyContract = await ethers.deployContract("MeteredRouter", [
    factory,
  ]);
  const tokens = await deployTokens(pairCount * 2);
  await fund(tokens, [signers[0]], [router]);
  const pairs: Array<[AnyContract, AnyContract]> = [];
  for (let i = 0; i < pairCount; i++) {
    const [a, b] = [tokens[2 * i], tokens[2 * i + 1]];
    await router.addLiquidity(a, b, DEPOSIT, DEPOSIT, 0, 0, await inAnHour());
    pairs.push([a, b]);
  }
  // A trader trades on one pair (and on the next one, for two hops).
  for (const [i, trader] of traders.entries()) {
    const [a, b] = pairs[i % pairCount];
    for (const token of [a, b]) {
      await token.mint(trader, MONEY);
    }
  }
  await inOneBlock(async () => {
    for (const [i, trader] of traders.entries()) {
      for (const token of pairs[i % pairCount]) {
        for (const spender of [router, metered]) {
          await token
            .connect(trader)
            .approve(spender, MAX, { gasLimit: 60_000n });
        }
      }
    }
  });
  return { traders, factory, router, metered, tokens, pairs };
}

export interface Market {
  traders: Signer[];
  pairs: Array<[AnyContract, AnyContract]>;
}

/** Each trader sends `rounds` swaps on his pair, to and fro. */
export async function trade(
  { traders, pairs }: Market,
  router: AnyContract,
  rounds: number,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const [i, trader] of traders.entries()) {
      const [a, b] = pairs[i % pairs.length];
      const path = (i + round) % 2 === 0 ? [a, b] : [b, a];
      await router
        .connect(trader)
        .swapExactInput(10n ** 17n + BigInt(i), 0, path, trader, MAX, {
          gasLimit: SWAP_GAS,
        });
    }
  }
}

/** A Uniswap V3 pool at price 1 with liquidity around it. */
export async function deployPool() {
  const [owner, alice, bob] = await ethers.getSigners();
  const factory = await deployCompiled(
    "@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json",
  );
  const router: AnyContract = await ethers.deployContract("PoolRouter", [
    factory,
  ]);
  const [token0, token1] = byAddress(
    ...((await deployTokens(2)) as [AnyContract, AnyContract]),
  );
  await fund([token0, token1], [owner, alice, bob], [router]);
  await factory.createPool(token0, token1, 3000);
  const {
    abi,
  } = require("@uniswap/v3-core/artifacts/contracts/UniswapV3Pool.sol/UniswapV3Pool.json");
  const pool: AnyContract = new ethers.Contract(
    await factory.getPool(token0, token1, 3000),
    abi,
    owner,
  );
  await pool.initialize(2n ** 96n);
  await router.deposit(pool, -600, 600, 10n ** 22n);
  return { owner, alice, bob, factory, router, token0, token1, pool };
}
