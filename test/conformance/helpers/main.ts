/** npm run conformance -- <kind> <folder or file> [--fork F] [--filter S] [--jobs N] [--ways W] */
import type { FileReport } from "./worker.js";

import { fixtureFiles } from "./cases.js";
import { readOptions, USAGE, UsageError } from "./options.js";
import { runInProcesses, stopProcesses } from "./processes.js";
import { ProgressBar } from "./progress-bar.js";

async function main(): Promise<boolean> {
  const { jobs, ...task } = readOptions(process.argv.slice(2));
  const files = fixtureFiles(task.root);
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const parallel = { blocks: 0, aborts: 0, fallbacks: 0 };
  const reasons = new Map<string, number>();
  const bar = new ProgressBar(files.length);
  const onReport = (report: FileReport): void => {
    totals.passed += report.passed;
    totals.failed += report.failed;
    totals.skipped += report.skipped.length;
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
  for (const [reason, times] of reasons) {
    console.log(`skipped ${times}: ${reason}`);
  }
  if (parallel.blocks > 0) {
    const { blocks, aborts, fallbacks } = parallel;
    console.log(
      `executed in parallel: ${blocks} blocks (${fallbacks} finished on one thread), ${aborts} executions found stale and repeated`,
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
