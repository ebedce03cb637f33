/** npm run conformance -- <kind> <folder or file> [--fork F] [--filter S] [--jobs N] [--ways W] [--help] */
import type { FileReport } from "./worker.js";

import { fixtureFiles } from "./cases.js";
import { readOptions, USAGE, UsageError } from "./options.js";
import { runInProcesses, stopProcesses } from "./processes.js";
import { ProgressBar } from "./progress-bar.js";

const totals = { passed: 0, failed: 0, skipped: 0 };

async function main(): Promise<boolean> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(USAGE);
    return true;
  }
  const { jobs, ...task } = options;
  const files = fixtureFiles(task.root);
  let strangers = 0;
  const parallel = { blocks: 0, aborts: 0, fallbacks: 0 };
  const reasons = new Map<string, number>();
  const bar = new ProgressBar(files.length);
  const onReport = (report: FileReport): void => {
    totals.passed += report.passed;
    totals.failed += report.failed;
    totals.skipped += report.skipped.length;
    strangers += report.strangers;
    parallel.blocks += report.parallel.blocks;
    parallel.aborts += report.parallel.aborts;
    parallel.fallbacks += report.parallel.fallbacks;
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
  if (strangers > 0) {
    console.log(`passed over ${strangers} entries that are no such tests`);
  }
  for (const [reason, times] of reasons) {
    console.log(`skipped ${times}: ${reason}`);
  }
  if (parallel.blocks > 0) {
    const { blocks, aborts, fallbacks } = parallel;
    console.log(
      `executed in parallel: ${blocks} blocks (${fallbacks} finished on one thread), ${aborts} executions found stale and repeated`,
    );
  }
  console.log(summary());
  return totals.failed === 0;
}

function summary(): string {
  return `${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    stopProcesses();
    console.log(`\ninterrupted: ${summary()}`);
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
