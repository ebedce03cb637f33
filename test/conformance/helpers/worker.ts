/** A process of the conformance run: executes the files that it is sent, until it is let go. */
import type { ParallelCounters, ParallelWay } from "./ways.js";

import { setImmediate } from "node:timers/promises";

import { casesOf, type Selection, STRANGER } from "./cases.js";
import { parallelWay, SEQUENTIAL } from "./ways.js";

export interface FileTask extends Selection {
  readonly file: string;
  readonly root: string;
  readonly ways: readonly ("sequential" | "parallel")[];
}

export interface FileReport {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
  /** Entries of the file that are no tests of the kind. */
  readonly strangers: number;
  /** One for each way in which a case failed. */
  readonly failures: readonly string[];
  /** Of the file's parallel executions. */
  readonly parallel: Pick<ParallelCounters, "blocks" | "aborts" | "fallbacks">;
}

let parallel: Promise<ParallelWay> | undefined;

async function runFile(task: FileTask): Promise<FileReport> {
  const isParallel = task.ways.includes("parallel");
  if (isParallel) {
    parallel ??= parallelWay();
  }
  const threads = isParallel ? await parallel : undefined;
  const since = (before: FileReport["parallel"]): FileReport["parallel"] => {
    const { blocks, aborts, fallbacks } = threads?.counters ?? NOTHING;
    return {
      blocks: blocks - before.blocks,
      aborts: aborts - before.aborts,
      fallbacks: fallbacks - before.fallbacks,
    };
  };
  const before = since(NOTHING);
  const report = await runCases(task, threads);
  return { ...report, parallel: since(before) };
}

const NOTHING: FileReport["parallel"] = { blocks: 0, aborts: 0, fallbacks: 0 };

async function runCases(
  { file, root, ways, ...selection }: FileTask,
  threads: ParallelWay | undefined,
): Promise<Omit<FileReport, "parallel">> {
  let passed = 0;
  let failed = 0;
  const skipped: string[] = [];
  let strangers = 0;
  const failures: string[] = [];
  const chosen = [
    ...(ways.includes("sequential") ? [SEQUENTIAL] : []),
    ...(threads === undefined ? [] : [threads]),
  ];
  try {
    for (const testCase of casesOf(file, root, selection)) {
      if (testCase === STRANGER) {
        strangers++;
        continue;
      }
      // Lets this process hear that it is alone.
      await setImmediate();
      if (testCase.skipped !== undefined) {
        skipped.push(testCase.skipped);
        continue;
      }
      const its = testCase.isExecuted ? chosen : [SEQUENTIAL];
      const found = its.flatMap((way) => {
        const difference = attempt(() => testCase.run(way));
        const name = testCase.isExecuted ? ` ${way.name}` : "";
        return difference === undefined
          ? []
          : [`${testCase.title}${name}: ${difference}`];
      });
      failures.push(...found);
      if (found.length === 0) passed++;
      else failed++;
    }
  } catch (error) {
    failed++;
    failures.push(`${file}: ${messageOf(error)}`);
  }
  return { passed, failed, skipped, strangers, failures };
}

function attempt(run: () => string | undefined): string | undefined {
  try {
    return run();
  } catch (error) {
    return messageOf(error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

process.on("message", (task: FileTask) => {
  void runFile(task).then((report) => process.send?.(report));
});
// Whoever started this process is gone.
process.on("disconnect", () => process.exit());
