import type { Machine } from "../helpers/machines.js";
import type { CoreWork } from "./work.js";

import { createRequire } from "node:module";

import { Interface, type InterfaceAbi } from "ethers";

import { assemble } from "../../test/helpers/assembler.js";
import {
  poolRouter,
  workloadContracts,
} from "../../test/helpers/workloads/compile.js";
import { freeAddress, plainWork, repeated, REPEATER, word } from "./work.js";

const TRANSFERS = 200;
const SWAPS = 50;
const CREATES = 8;
const MAX_CODE = 24_576;
const MONEY = 10n ** 24n;
const FEE = 3000;
/** The range of all prices, in this fee's tick spacing. */
const LAST_TICK = 887_220;

interface Artifact {
  readonly abi: InterfaceAbi;
  readonly bytecode: string;
  readonly deployedBytecode: string;
}

const require = createRequire(import.meta.url);

/** What contracts do all day, many in one call so that requests do not count. */
export function contractWorks(): CoreWork[] {
  const { Token } = workloadContracts();
  return [
    plainWork({
      name: "ERC-20 balanceOf, a request each",
      unit: "us",
      count: 1,
      repeat: 100,
      code: Token.runtime,
      data: Token.interface.encodeFunctionData("balanceOf", [
        `0x${"11".repeat(20)}`,
      ]),
    }),
    {
      name: "ERC-20 transfer",
      unit: "us",
      count: TRANSFERS,
      repeat: 1,
      prepare: prepareTransfers.bind(undefined, freeAddress()),
    },
    {
      name: "Uniswap V3 swap",
      unit: "us",
      count: SWAPS,
      repeat: 1,
      prepare: prepareSwaps.bind(undefined, freeAddress()),
    },
    createWork(),
  ];
}

async function prepareTransfers(repeater: string, machine: Machine) {
  const { Token } = workloadContracts();
  await machine.setCode(repeater, REPEATER);
  const token = await deploy(machine, Token.initcode);
  const encode = Token.interface.encodeFunctionData.bind(Token.interface);
  await machine.send({ to: token, data: encode("fund", [[repeater], MONEY]) });
  const transfer = encode("transfer", [`0x${"22".repeat(20)}`, 1]);
  return () => ({
    to: repeater,
    data: repeated(token, TRANSFERS, transfer),
  });
}

async function prepareSwaps(repeater: string, machine: Machine) {
  await machine.setCode(repeater, REPEATER);
  const { router, tokens, approve, swap } = await deployPool(machine);
  const { Token } = workloadContracts();
  for (const token of tokens) {
    await machine.send({ to: repeater, data: repeated(token, 1, approve) });
    const fund = Token.interface.encodeFunctionData("fund", [
      [repeater],
      MONEY,
    ]);
    await machine.send({ to: token, data: fund });
  }
  return () => ({ to: repeater, data: repeated(router, SWAPS, swap) });
}

export interface SwapPool {
  readonly router: string;
  readonly tokens: readonly string[];
  /** What someone sends to a token before the first swap. */
  readonly approve: string;
  /** What is sent to the router: a little of the pool's first token for its second. */
  readonly swap: string;
}

/** A Uniswap V3 pool with money in it, and a router. */
export async function deployPool(machine: Machine): Promise<SwapPool> {
  const { Token } = workloadContracts();
  const Router = poolRouter();
  const Factory = uniswap("UniswapV3Factory");
  const Pool = new Interface(uniswap("UniswapV3Pool").abi);
  const factoryAbi = new Interface(Factory.abi);
  const tokens = [
    await deploy(machine, Token.initcode),
    await deploy(machine, Token.initcode),
  ];
  const factory = await deploy(machine, Factory.bytecode);
  const router = await deploy(machine, `${Router.initcode}${word(factory)}`);
  const key = [...tokens, FEE];
  await machine.send({
    to: factory,
    data: factoryAbi.encodeFunctionData("createPool", key),
  });
  const found = await machine.call({
    to: factory,
    data: factoryAbi.encodeFunctionData("getPool", key),
  });
  const pool = `0x${found.slice(-40)}`;
  await machine.send({
    to: pool,
    data: Pool.encodeFunctionData("initialize", [2n ** 96n]),
  });
  const approve = Token.interface.encodeFunctionData("approve", [
    router,
    2n ** 256n - 1n,
  ]);
  for (const token of tokens) await machine.send({ to: token, data: approve });
  const range = [-LAST_TICK, LAST_TICK];
  await machine.send({
    to: router,
    data: Router.interface.encodeFunctionData("deposit", [
      pool,
      ...range,
      MONEY,
    ]),
  });
  const swap = Router.interface.encodeFunctionData("swapExactInput", [
    pool,
    true,
    10n ** 15n,
    0,
  ]);
  return { router, tokens, approve, swap };
}

/** Creates of the largest contract there may be: the initcode copies it out of itself. */
function createWork(): CoreWork {
  const code = uniswap("UniswapV3Pool").deployedBytecode.slice(2);
  const copy = (start: number): string =>
    assemble([MAX_CODE, start, 0, "CODECOPY", MAX_CODE, 0, "RETURN"]).slice(2);
  const prologue = copy(copy(0xff).length / 2);
  const initcode = prologue + code.padEnd(MAX_CODE * 2, "5b");
  const factory = assemble([
    ...["CALLDATASIZE", 0, 0, "CALLDATACOPY", CREATES, { label: "loop" }],
    ...["CALLDATASIZE", 0, 0, "CREATE", "ISZERO", { ref: "fail" }, "JUMPI"],
    ...[1, "SWAP1", "SUB", "DUP1", { ref: "loop" }, "JUMPI", "STOP"],
    ...[{ label: "fail" }, 0, 0, "REVERT"],
  ]);
  return plainWork({
    name: "create of a 24 kB contract",
    unit: "us",
    count: CREATES,
    repeat: 1,
    code: factory,
    data: `0x${initcode}`,
  });
}

async function deploy(machine: Machine, initcode: string): Promise<string> {
  const address = await machine.send({ data: initcode });
  if (address === undefined) {
    throw new Error(`${machine.side}: a contract was not created`);
  }
  return address;
}

function uniswap(name: string): Artifact {
  const path = `@uniswap/v3-core/artifacts/contracts/${name}.sol/${name}.json`;
  return require(path) as Artifact;
}
