/** Cases of one fixture as one block: they meet in the same contracts, as transactions of a real block do. */
import type { Address } from "../../../src/internal/chain/types.js";
import type {
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
  RunResult,
} from "../../../src/internal/evm/types.js";
import type { BlockOutcome } from "../../../src/internal/executor/types.js";
import type { Way } from "./cases.js";
import type { FixtureAccounts } from "./fixture-state.js";
import type { ParallelWay } from "./ways.js";

import { isDeepStrictEqual } from "node:util";

import { getEngine } from "../../../src/internal/evm/engine.js";
import { SequentialExecutor } from "../../../src/internal/executor/sequential.js";
import { writeAccounts } from "./fixture-state.js";

/** With more gas, once is long enough. */
const MOST_GAS = 100_000_000n;

/** A case with fewer transactions repeats them. */
const TRANSACTIONS = 6;

/**
 * Executes the transactions as one block, in parallel and one after the other, and says what differs.
 * Every other one comes from a sender of its own, the rest from the fixture's.
 */
export function compareInCompany(
  way: Way,
  pre: FixtureAccounts,
  environment: BlockEnvironment,
  cases: readonly ExecutableTransaction[],
): string | undefined {
  const quick = cases.filter(({ gasLimit }) => gasLimit <= MOST_GAS);
  if (!isParallel(way) || quick.length === 0) {
    return undefined;
  }
  const transactions = Array.from({ length: TRANSACTIONS }, (_, index) => {
    const transaction = quick[index % quick.length];
    return index % 2 === 0
      ? { ...transaction, nonce: transaction.nonce + BigInt(index / 2) }
      : { ...transaction, from: senderOf(index) };
  });
  const block = { ...environment, enforceBlockGasLimit: false };
  const [expected, actual] = [
    (state: ChainState) =>
      new SequentialExecutor().executeBlock(state, block, transactions, {
        onInvalid: "skip",
        target: "direct",
      }),
    (state: ChainState) => way.executeBlock(state, block, transactions),
  ].map((execute) => {
    const state = getEngine().createState();
    try {
      writeAccounts(state, pre);
      transactions.forEach(({ from }, index) => {
        if (index % 2 === 1) {
          state.setBalance(from, 2n ** 128n);
          state.setNonce(from, transactions[index].nonce);
        }
      });
      state.nextEpoch();
      return summaryOf(execute(state), state);
    } finally {
      state.close();
    }
  });
  for (const [what, value] of Object.entries(expected)) {
    const got = actual[what];
    if (!isDeepStrictEqual(got, value)) {
      return `in company, ${what}: ${format(got)} for ${format(value)} sequentially`;
    }
  }
  return undefined;
}

function isParallel(way: Way): way is ParallelWay {
  return "executeBlock" in way;
}

function senderOf(index: number): Address {
  return `0x${index.toString(16).padStart(40, "5e")}`;
}

function summaryOf(
  { included, results, gasUsed }: BlockOutcome,
  state: ChainState,
): Record<string, unknown> {
  return {
    included,
    gasUsed,
    results: results.map(describe),
    stateRoot: state.root(),
  };
}

function describe(result: RunResult): object {
  return {
    status: result.status,
    gasUsed: result.gasUsed,
    output: Buffer.from(result.output).toString("hex"),
    logs: result.logs,
    createdAddress: result.createdAddress,
  };
}

function format(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === "bigint" ? String(item) : item,
  ).slice(0, 300);
}
