/**
 * Opens and uses chains one after another, in a process of its own, and prints the resident memory before and
 * after as JSON. Started with --expose-gc. Arguments: how many chains, and "closed" or "dropped".
 */
import { setImmediate as turn } from "node:timers/promises";

import { createHardhatRuntimeEnvironment } from "hardhat/hre";

import plugin from "../../../src/index.js";

/** Until the machine code of everything used is there. */
const WARM_UP = 300;
const ACCOUNTS = 20;
/** Stores 1 to 20 in as many slots, returns 64 bytes of code. */
const INITCODE = `0x${Array.from({ length: 20 }, (_, i) => `60ff60${(i + 1).toString(16).padStart(2, "0")}55`).join("")}60406000f3`;

const [count, ending] = [Number(process.argv[2]), process.argv[3]];
const hre = await createHardhatRuntimeEnvironment({
  plugins: [plugin],
  networks: {
    test: { type: "edr-simulated", accounts: { count: ACCOUNTS } },
  },
});

async function useOne(): Promise<void> {
  const connection = await hre.network.create({ network: "test" });
  const request = (method: string, ...params: unknown[]): Promise<unknown> =>
    connection.provider.request({ method, params });
  const [from, to] = (await request("eth_accounts")) as string[];
  const snapshot = await request("evm_snapshot");
  await request("eth_sendTransaction", { from, data: INITCODE });
  for (let i = 0; i < 3; i++) {
    await request("eth_sendTransaction", { from, to, value: "0x1" });
  }
  await request("evm_revert", snapshot);
  await request("eth_sendTransaction", { from, to, value: "0x2" });
  if (ending === "closed") await connection.close();
}

async function useMany(chains: number): Promise<number> {
  for (let i = 0; i < chains; i++) {
    await useOne();
    // Finalisers run between turns of the event loop, as in any test suite.
    if (i % 50 === 49) await collect();
  }
  await collect();
  await collect();
  return process.memoryUsage.rss();
}

async function collect(): Promise<void> {
  globalThis.gc?.();
  for (let i = 0; i < 5; i++) await turn();
}

const before = await useMany(WARM_UP);
const after = await useMany(count);
process.stdout.write(`${JSON.stringify({ before, after })}\n`);
