// Mines blocks that are large enough for threads, on the package as it was installed.
import type { ParallelReport } from "hardhat-parallel/types";

import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";

import { network } from "hardhat";
import { createExecutor } from "hardhat-parallel/executor";

/** The type must be there for users. */
export type Report = ParallelReport;

const SENDERS = 20;
const ROUNDS = 10;
/** The first ones find the worker threads still starting. */
const BLOCKS = 8;

const { provider } = await network.create();
const request = async <T>(method: string, ...params: unknown[]): Promise<T> =>
  (await provider.request({ method, params })) as T;

const accounts = await request<string[]>("eth_accounts");
assert.equal(accounts.length, SENDERS);

await request("evm_setAutomine", false);
for (let number = 0; number < BLOCKS; number++) {
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, from] of accounts.entries()) {
      await request("eth_sendTransaction", {
        from,
        to: recipient(i * ROUNDS + round),
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
  await setTimeout(100);
}
const balance = await request<string>(
  "eth_getBalance",
  recipient(SENDERS),
  "latest",
);
assert.equal(Number(balance), BLOCKS);

// The executor for tools, with threads of its own.
await using executor = createExecutor({ workers: 2 });
const { receipts, schedule } = await executor.execute({
  preState: { [accounts[0]]: { balance: 10n ** 18n } },
  transactions: Array.from({ length: SENDERS }, (_, i) => ({
    from: accounts[0],
    to: recipient(i),
    value: 1,
    gasLimit: 21_000,
  })),
});
assert.equal(receipts.length, SENDERS);
assert.equal(schedule.mode, "parallel");

function recipient(index: number): string {
  return `0x${(0x10000 + index).toString(16).padStart(40, "0")}`;
}
