// Mines a block that is large enough for threads, on the package as it was installed.
import type { ParallelReport } from "hardhat-parallel/types";

import assert from "node:assert/strict";

import { network } from "hardhat";

/** The type must be there for users. */
export type Report = ParallelReport;

const SENDERS = 20;
const ROUNDS = 20;

const { provider } = await network.create();
const request = async <T>(method: string, ...params: unknown[]): Promise<T> =>
  (await provider.request({ method, params })) as T;

const accounts = await request<string[]>("eth_accounts");
assert.equal(accounts.length, SENDERS);

await request("evm_setAutomine", false);
for (let round = 0; round < ROUNDS; round++) {
  for (const [i, from] of accounts.entries()) {
    const to = 0x10000 + i * ROUNDS + round;
    await request("eth_sendTransaction", {
      from,
      to: `0x${to.toString(16).padStart(40, "0")}`,
      value: "0x1",
      gas: "0x5208",
    });
  }
}
await request("evm_mine");

const block = await request<{ transactions: string[]; gasUsed: string }>(
  "eth_getBlockByNumber",
  "latest",
  false,
);
assert.equal(block.transactions.length, SENDERS * ROUNDS);
assert.equal(Number(block.gasUsed), SENDERS * ROUNDS * 21_000);
const balance = await request(
  "eth_getBalance",
  `0x${(0x10000).toString(16).padStart(40, "0")}`,
  "latest",
);
assert.equal(balance, "0x1");
console.log("used");
