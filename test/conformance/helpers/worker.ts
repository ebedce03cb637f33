/** A process of the conformance run: executes the files it is sent. */
import type { ExecuteOne } from "./state-case.js";

import { runStateCase } from "./state-case.js";
import { casesOf } from "./state-fixtures.js";

export interface FileTask {
  readonly file: string;
  readonly root: string;
  readonly fork: string | undefined;
  readonly filter: string | undefined;
}

export interface FileReport {
  readonly file: string;
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly string[];
}

const sequential: ExecuteOne = (state, environment, transaction) => {
  const run = state.createRun(environment, { mode: "direct" });
  try {
    return run.execute(transaction, { enforceEip3607: true });
  } finally {
    run.free();
  }
};

const WAYS: readonly (readonly [string, ExecuteOne])[] = [
  ["sequential", sequential],
];

function runFile({ file, root, fork, filter }: FileTask): FileReport {
  let passed = 0;
  let skipped = 0;
  const failures: string[] = [];
  for (const stateCase of casesOf(file, root, { fork, filter })) {
    for (const [way, execute] of WAYS) {
      try {
        const outcome = runStateCase(stateCase, execute);
        if (outcome.kind === "failed") {
          failures.push(`${stateCase.title} ${way}: ${outcome.what}`);
        } else {
          passed += outcome.kind === "passed" ? 1 : 0;
          skipped += outcome.kind === "skipped" ? 1 : 0;
        }
      } catch (error) {
        failures.push(`${stateCase.title} ${way}: ${String(error)}`);
      }
    }
  }
  return { file, passed, skipped, failures };
}

process.on("message", (task: FileTask) => {
  process.send?.(runFile(task));
});
