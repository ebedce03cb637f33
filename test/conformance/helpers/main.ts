/** npm run conformance -- <kind> <folder or file> [--fork F] [--filter S] [--jobs N] [--ways W] */
import type { FileReport, FileTask } from "./worker.js";

import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";

import { scheduleByName } from "../../../src/internal/protocol/rules.js";
import { fixtureFiles, type Kind, KINDS } from "./cases.js";
import { runInProcesses, stopProcesses } from "./processes.js";
import { ProgressBar } from "./progress-bar.js";

const USAGE = `usage: npm run conformance -- <${KINDS.join(" | ")} | all> <folder or file>
  --fork F      only cases of this fork (Cancun, CancunToPragueAtTime15k, …)
  --filter S    only cases with S in the file's path or the case's name
  --jobs N      processes (default: one per core)
  --ways W      sequential, parallel or both (default)`;

const WAYS = {
  sequential: ["sequential"],
  parallel: ["parallel"],
  both: ["sequential", "parallel"],
} as const;

class UsageError extends Error {
  public override name = "UsageError";
}

interface Options extends Omit<FileTask, "file"> {
  readonly jobs: number;
}

function readOptions(): Options {
  const { values, positionals } = parseOptions();
  const [kind, path, ...more] = positionals;
  if (kind !== "all" && !KINDS.includes(kind as Kind)) {
    throw new UsageError(
      `kind of tests: expected one of ${KINDS.join(", ")}, all, got ${kind === undefined ? "nothing" : JSON.stringify(kind)}`,
    );
  }
  if (path === undefined || more.length > 0) {
    throw new UsageError(
      `${kind}: expected one folder or file of tests, got ${path === undefined ? "none" : positionals.length - 1}`,
    );
  }
  // Where npm was called: it changes to the package's folder.
  const root = resolve(process.env.INIT_CWD ?? ".", path);
  if (!existsSync(root)) {
    throw new UsageError(
      `${kind}: expected a folder or file of tests, got ${root}, which does not exist`,
    );
  }
  const jobs = Number(values.jobs);
  if (!Number.isInteger(jobs) || jobs < 1) {
    throw new UsageError(
      `--jobs: expected a positive integer, got ${JSON.stringify(values.jobs)}`,
    );
  }
  if (!Object.hasOwn(WAYS, values.ways)) {
    throw new UsageError(
      `--ways: expected sequential, parallel or both, got ${JSON.stringify(values.ways)}`,
    );
  }
  if (values.fork !== undefined) {
    checkFork(values.fork);
  }
  return {
    root,
    kind: kind === "all" ? undefined : (kind as Kind),
    fork: values.fork,
    filter: values.filter,
    jobs,
    ways: WAYS[values.ways as keyof typeof WAYS],
  };
}

function parseOptions(): {
  values: { fork?: string; filter?: string; jobs: string; ways: string };
  positionals: string[];
} {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        fork: { type: "string" },
        filter: { type: "string" },
        jobs: { type: "string", default: String(availableParallelism()) },
        ways: { type: "string", default: "both" },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : "");
  }
}

function checkFork(name: string): void {
  try {
    scheduleByName(name);
  } catch (error) {
    throw new UsageError(
      `--fork: ${error instanceof Error ? error.message : ""}`,
    );
  }
}

async function main(): Promise<boolean> {
  const { jobs, ...task } = readOptions();
  const files = fixtureFiles(task.root);
  const totals = { passed: 0, failed: 0, skipped: 0, blocks: 0, aborts: 0 };
  const reasons = new Map<string, number>();
  const bar = new ProgressBar(files.length);
  const onReport = (report: FileReport): void => {
    totals.passed += report.passed;
    totals.failed += report.failed;
    totals.skipped += report.skipped.length;
    totals.blocks += report.parallel.blocks;
    totals.aborts += report.parallel.aborts;
    for (const reason of report.skipped) {
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    report.failures.forEach((failure) => bar.print(failure));
    bar.advance(`${totals.passed} passed, ${totals.failed} failed`);
  };
  await runInProcesses(
    files.map((file) => ({ ...task, file })),
    jobs,
    onReport,
  );
  bar.close();
  const count = totals.passed + totals.failed + totals.skipped;
  if (count === 0) {
    throw new UsageError(
      `expected ${task.kind ?? "Ethereum"} tests in ${task.root}, got none${task.fork === undefined && task.filter === undefined ? "" : " that --fork and --filter leave"}`,
    );
  }
  for (const [reason, times] of reasons) {
    console.log(`skipped ${times}: ${reason}`);
  }
  if (totals.blocks > 0) {
    console.log(
      `executed in parallel: ${totals.blocks} blocks, ${totals.aborts} executions found stale and repeated`,
    );
  }
  console.log(
    `${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`,
  );
  return totals.failed === 0;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    stopProcesses();
    process.exit(130);
  });
}

main().then(
  (isGreen) => process.exit(isGreen ? 0 : 1),
  (error: unknown) => {
    stopProcesses();
    if (error instanceof UsageError) {
      console.error(`${error.message}\n\n${USAGE}`);
    } else {
      console.error(error);
    }
    process.exit(2);
  },
);
