/** npm run replay -- <folder>: a captured block, executed sequentially and in parallel. */
import type { ExecuteBlockOptions } from "../../../src/internal/executor/types.js";
import type { CapturedBlock } from "./captured-block.js";

import { existsSync } from "node:fs";
import { join } from "node:path";

import { getEngine } from "../../../src/internal/evm/engine.js";
import { getBlockExecutor } from "../../../src/internal/executor/executor.js";
import { readCapturedBlock } from "./captured-block.js";

interface ReplayedBlock {
  readonly gasUsed: bigint;
  readonly stateRoot: string;
  readonly transactions: readonly {
    readonly status: number;
    readonly gasUsed: number;
    readonly logs: number;
  }[];
  readonly milliseconds: number;
  readonly mode: string;
}

/** Statuses below are successes (assembly/status.ts). */
const FIRST_FAILURE = 0x10;

export function replay(
  block: CapturedBlock,
  mode: ExecuteBlockOptions["mode"],
): ReplayedBlock {
  const state = getEngine().createState();
  try {
    block.writePreState(state);
    const start = performance.now();
    const outcome = getBlockExecutor().executeBlock(
      state,
      block.environment,
      block.transactions,
      { mode, onInvalid: "stop", target: "direct" },
    );
    const milliseconds = performance.now() - start;
    if (outcome.stoppedAt !== undefined) {
      const { index, result } = outcome.stoppedAt;
      throw new Error(
        `transaction ${index} is invalid (status 0x${result?.status.toString(16)})`,
      );
    }
    return {
      gasUsed: outcome.gasUsed,
      stateRoot: state.root(),
      transactions: outcome.results.map(({ status, gasUsed, logs }) => ({
        status: status < FIRST_FAILURE ? 1 : 0,
        gasUsed: Number(gasUsed),
        logs: logs.length,
      })),
      milliseconds,
      mode: outcome.execution.mode,
    };
  } finally {
    state.close();
  }
}

/** Lines that say what differs; none when nothing does. */
export function differences(
  block: CapturedBlock,
  sequential: ReplayedBlock,
  parallel: ReplayedBlock,
): string[] {
  const lines: string[] = [];
  const { expected } = block;
  if (
    expected !== undefined &&
    sequential.gasUsed !== BigInt(expected.gasUsed)
  ) {
    lines.push(`gas used ${sequential.gasUsed} for ${expected.gasUsed}`);
  }
  block.transactions.forEach((_, i) => {
    for (const [name, wanted, got] of [
      ["expected.json", expected?.transactions[i], sequential.transactions[i]],
      ["sequential", sequential.transactions[i], parallel.transactions[i]],
    ] as const) {
      const a = JSON.stringify(wanted);
      const b = JSON.stringify(got);
      if (wanted !== undefined && a !== b) {
        lines.push(`transaction ${i}: ${b}, ${name} has ${a}`);
      }
    }
  });
  if (parallel.stateRoot !== sequential.stateRoot) {
    lines.push(
      `state root ${parallel.stateRoot} in parallel, ${sequential.stateRoot} sequentially`,
    );
  }
  return lines;
}

function main(): boolean {
  const [folder = ""] = process.argv.slice(2);
  if (!existsSync(join(folder, "block.json"))) {
    console.error(
      `expected a folder with block.json, txs.json and pre_state.json, got "${folder}"`,
    );
    return false;
  }
  const block = readCapturedBlock(folder);
  const sequential = replay(block, "sequential");
  const parallel = replay(block, "parallel");
  for (const { mode, milliseconds, gasUsed, transactions } of [
    sequential,
    parallel,
  ]) {
    const failed = transactions.filter(({ status }) => status === 0).length;
    console.log(
      `${mode}: ${transactions.length} transactions, ${gasUsed} gas, ${failed} failed, ${milliseconds.toFixed(1)} ms`,
    );
  }
  const lines = differences(block, sequential, parallel);
  console.log(lines.length === 0 ? "no differences" : lines.join("\n"));
  return lines.length === 0;
}

if (process.argv[1] === import.meta.filename) {
  process.exit(main() ? 0 : 1);
}
