/** npm run bench -- <name> [arguments] [--json] [--runs n] [--sides a,b] */
import type {
  BenchResult,
  MeasureOptions,
  SideName,
} from "./helpers/measure.js";

import { parseArgs } from "node:util";

import { jsonLine, printResult } from "./helpers/measure.js";
import { UsageError } from "./helpers/usage-error.js";

export type Bench = (
  options: MeasureOptions,
  args: readonly string[],
) => Promise<BenchResult>;

const BENCHES: Record<
  string,
  { readonly says: string; load(): Promise<Bench> }
> = {
  rpc: {
    says: "requests on a full Hardhat connection, against EDR",
    load: async () => (await import("./rpc.js")).rpcBench,
  },
  block: {
    says: "mining blocks of 400 transactions: EDR, ours sequential and parallel, Anvil",
    load: async () => (await import("./block.js")).blockBench,
  },
  production: {
    says: "a block of 10,000 ERC-20 transfers from evm_mine to the receipt: EDR, ours sequential and parallel, Anvil",
    load: async () => (await import("./production.js")).productionBench,
  },
  executor: {
    says: "executing blocks by workload: ours sequential and parallel, EDR, Anvil; executor [part of a workload's name] [folder of a captured block]",
    load: async () => (await import("./executor.js")).executorBench,
  },
  queue: {
    says: "queueing with automine off, no nonce given, by how many transactions wait: ours, EDR",
    load: async () => (await import("./queue.js")).queueBench,
  },
  core: {
    says: "execution alone: loops, contracts, ns per opcode by family, precompiles; roots by size; core [part of a work's name]",
    load: async () => (await import("./core.js")).coreBench,
  },
  state: {
    says: "the state alone: reads, writes, snapshots, roots by size; state [largest number of accounts]",
    load: async () => (await import("./state.js")).stateBench,
  },
  suite: {
    says: "a Hardhat project's tests on both engines: suite <project folder>",
    load: async () => (await import("./suite.js")).suiteBench,
  },
};

const SIDES: readonly SideName[] = [
  "ours-sequential",
  "ours-parallel",
  "edr",
  "anvil",
  "ethereumjs",
];

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      runs: { type: "string", default: "" },
      sides: { type: "string" },
    },
  });
  const [name = "", ...args] = positionals;
  if (!Object.hasOwn(BENCHES, name)) {
    const list = Object.entries(BENCHES).map(
      ([key, { says }]) => `  ${key.padEnd(11)} ${says}`,
    );
    throw new UsageError(
      `expected a benchmark, got "${name}"; there are\n${list.join("\n")}`,
    );
  }
  const runs = values.runs === "" ? defaultRuns(name) : Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) {
    throw new UsageError(
      `--runs: expected a positive integer, got "${values.runs}"`,
    );
  }
  const sides = values.sides?.split(",");
  for (const side of sides ?? []) {
    if (!(SIDES as readonly string[]).includes(side)) {
      throw new UsageError(
        `--sides: expected some of ${SIDES.join(", ")}, got "${side}"`,
      );
    }
  }
  const bench = await BENCHES[name].load();
  const result = await bench(
    { runs, warmUps: 2, sides: sides as SideName[] | undefined },
    args,
  );
  printResult(result);
  if (values.json) {
    console.log(jsonLine(result));
  }
}

function defaultRuns(name: string): number {
  return name === "suite" || name === "production"
    ? 3
    : name === "rpc"
      ? 15
      : 7;
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof UsageError ? error.message : error);
    process.exit(1);
  },
);
