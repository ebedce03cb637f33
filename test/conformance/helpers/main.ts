/** npm run conformance -- state <folder> [--fork F] [--filter S] [--processes n] */
import type { FileReport, FileTask } from "./worker.js";

import { type ChildProcess, fork as forkProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { fixtureFiles } from "./state-fixtures.js";

class UsageError extends Error {
  public override name = "UsageError";
}

interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      fork: { type: "string" },
      filter: { type: "string" },
      processes: {
        type: "string",
        default: String(availableParallelism()),
      },
    },
  });
  const [kind = "", root = ""] = positionals;
  if (kind !== "state") {
    throw new UsageError(`expected "state <folder>", got "${kind}"`);
  }
  if (!existsSync(root)) {
    throw new UsageError(`state: expected a folder of fixtures, got "${root}"`);
  }
  const processes = Number(values.processes);
  if (!Number.isInteger(processes) || processes < 1) {
    throw new UsageError(
      `--processes: expected a positive integer, got "${values.processes}"`,
    );
  }
  const tasks = fixtureFiles(root).map((file) => ({
    file,
    root,
    fork: values.fork,
    filter: values.filter,
  }));
  const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
  const total = tasks.length;
  let done = 0;
  const onReport = ({ passed, skipped, failures }: FileReport): void => {
    done++;
    totals.passed += passed;
    totals.skipped += skipped;
    totals.failed += failures.length;
    for (const failure of failures) {
      clearBar();
      console.log(failure);
    }
    showBar(done, total, totals);
  };
  await Promise.all(
    Array.from({ length: Math.min(processes, total) }, () =>
      work(tasks, onReport),
    ),
  );
  clearBar();
  console.log(
    `${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`,
  );
  return totals.failed === 0;
}

/** One process that takes tasks until none is left; when it dies, its task has failed and another goes on. */
async function work(
  tasks: FileTask[],
  onReport: (report: FileReport) => void,
): Promise<void> {
  let child: ChildProcess | undefined;
  for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
    child ??= forkProcess(
      fileURLToPath(new URL("worker.ts", import.meta.url)),
      { execArgv: ["--import", "tsx"] },
    );
    try {
      onReport(await ask(child, task));
    } catch (error) {
      child = undefined;
      onReport({
        file: task.file,
        passed: 0,
        skipped: 0,
        failures: [`${task.file}: ${String(error)}`],
      });
    }
  }
  child?.kill();
}

async function ask(child: ChildProcess, task: FileTask): Promise<FileReport> {
  return await new Promise((resolve, reject) => {
    const onExit = (code: number | null): void =>
      reject(new Error(`the process ended with code ${code}`));
    child.once("exit", onExit);
    child.once("message", (report) => {
      child.off("exit", onExit);
      resolve(report as FileReport);
    });
    child.send(task);
  });
}

function showBar(done: number, total: number, totals: Totals): void {
  if (process.stdout.isTTY) {
    const width = 30;
    const filled = Math.round((done / total) * width);
    process.stdout.write(
      `\r[${"#".repeat(filled)}${".".repeat(width - filled)}] ${done}/${total} files, ${totals.passed} passed, ${totals.failed} failed `,
    );
  }
}

function clearBar(): void {
  if (process.stdout.isTTY) {
    process.stdout.write("\r\x1b[K");
  }
}

main().then(
  (isGreen) => process.exit(isGreen ? 0 : 1),
  (error: unknown) => {
    console.error(error instanceof UsageError ? error.message : error);
    process.exit(2);
  },
);
