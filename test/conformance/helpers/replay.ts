/**
 * npm run replay -- <bundle or folder>: a block executed sequentially, by threads, with the seed of a
 * bundle, and on EDR; says what differs. Ends with 1 when anything does.
 */
import type { BlockInput, ExecutedBlock } from "../../../src/executor.js";
import type { ExpectedBlock } from "./captured-block.js";

import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

import { createExecutor } from "../../../src/executor.js";
import { describeDifference } from "../../../src/internal/executor/compare-outcomes.js";
import { readBundle } from "../../../src/internal/replay/bundle.js";
import { Edr } from "../../../src/internal/replay/edr.js";
import {
  replayBlock,
  type Replayed,
} from "../../../src/internal/replay/replay.js";
import { readCapturedBlock } from "./captured-block.js";

interface Source {
  readonly block: BlockInput;
  readonly schedule: { readonly workers?: number; readonly seed?: number };
  readonly expected: ExpectedBlock | undefined;
}

function readSource(path: string): Source {
  if (existsSync(join(path, "block.json"))) {
    return { ...readCapturedBlock(path), schedule: {} };
  }
  if (!existsSync(path) || statSync(path).isDirectory()) {
    throw new Error(
      `expected a bundle, or a folder with block.json, txs.json and pre_state.json, got "${path}"`,
    );
  }
  const { block, schedule, differences, side } = readBundle(path);
  for (const difference of differences) {
    console.log(`when it was written: ${line(difference, nameOf(side))}`);
  }
  const { workers, seed } = schedule;
  return {
    block,
    schedule: { workers, ...(seed === undefined ? {} : { seed }) },
    expected: undefined,
  };
}

function nameOf(name: Replayed["name"]): string {
  return {
    sequential: "sequentially",
    parallel: "in parallel",
    seeded: "under the seed",
    edr: "on EDR",
  }[name];
}

function line(
  difference: Parameters<typeof describeDifference>[0],
  name: string,
): string {
  return describeDifference(difference, ["sequentially", name]);
}

/** Lines that say how the block differs from what was recorded beside it. */
function differencesFrom(
  expected: ExpectedBlock | undefined,
  { receipts, gasUsed }: ExecutedBlock,
): string[] {
  if (expected === undefined) return [];
  const lines: string[] = [];
  if (gasUsed !== BigInt(expected.gasUsed)) {
    lines.push(`gas used: ${gasUsed}, expected.json has ${expected.gasUsed}`);
  }
  expected.transactions.forEach((wanted, index) => {
    const receipt = receipts.find((made) => made.index === index);
    const got = JSON.stringify({
      status: receipt?.status,
      gasUsed: Number(receipt?.gasUsed),
      logs: receipt?.logs.length,
    });
    if (got !== JSON.stringify(wanted)) {
      lines.push(
        `transaction ${index}: ${got}, expected.json has ${JSON.stringify(wanted)}`,
      );
    }
  });
  return lines;
}

function describe({ name, executed, reason }: Replayed): string {
  const title = name.padEnd(10);
  if (executed === undefined) {
    return reason === undefined
      ? `${title} compared`
      : `${title} not compared: ${reason}`;
  }
  const { receipts, gasUsed, schedule, timing, skipped, stoppedAt } = executed;
  const failed = receipts.filter(({ status }) => status === 0).length;
  const left = skipped.length + (stoppedAt === undefined ? 0 : 1);
  return [
    `${title} ${receipts.length} transactions, ${gasUsed} gas, ${failed} failed`,
    left === 0 ? "" : `, ${left} left out`,
    `, ${timing.milliseconds.toFixed(1)} ms (cpu ${timing.cpuMilliseconds.toFixed(1)})`,
    name === "sequential"
      ? ""
      : `, ${schedule.workers} workers, ${schedule.incarnations} incarnations, ${schedule.aborts} aborts`,
    schedule.seed === undefined ? "" : `, seed ${schedule.seed}`,
  ].join("");
}

async function main(): Promise<boolean> {
  const [path = ""] = process.argv.slice(2);
  const { block, schedule, expected } = readSource(path);
  await using executor = createExecutor();
  const edr = Edr.isInstalled() ? new Edr() : undefined;
  const replayed = await replayBlock({ executor, edr }, block, schedule);
  const lines: string[] = [];
  for (const way of replayed) {
    console.log(describe(way));
    if (way.name === "sequential" && way.executed !== undefined) {
      lines.push(...differencesFrom(expected, way.executed));
    }
    lines.push(
      ...way.differences.map((difference) =>
        line(difference, nameOf(way.name)),
      ),
    );
  }
  console.log(lines.length === 0 ? "no differences" : lines.join("\n"));
  return lines.length === 0;
}

main().then(
  (isSame) => process.exit(isSame ? 0 : 1),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
