/** What `npm run conformance` was asked for. */
import type { FileTask } from "./worker.js";

import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";

import {
  FORK_NAMES,
  scheduleByName,
} from "../../../src/internal/protocol/rules.js";
import { type Kind, KINDS } from "./cases.js";

export const USAGE = `usage: npm run conformance -- <${KINDS.join(" | ")} | all> <folder or file>
  --fork F      only cases of this fork (Cancun, CancunToPragueAtTime15k, …)
  --filter S    only cases with S in the file's path or the case's name
  --jobs N      processes (default: one per core)
  --ways W      sequential, parallel or both (default)
  --help        this text
exit code: 0 all passed, 1 some failed, 2 nothing to run or wrong options, 130 interrupted`;

const WAYS = {
  sequential: ["sequential"],
  parallel: ["parallel"],
  both: ["sequential", "parallel"],
} as const;

export class UsageError extends Error {
  public override name = "UsageError";
}

export interface Options extends Omit<FileTask, "file"> {
  readonly jobs: number;
}

/**
 * @returns undefined when help was asked for
 * @throws UsageError that says what came and what was expected.
 */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values, positionals } = parseOptions(args);
  if (values.help) {
    return undefined;
  }
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
  return {
    root,
    kind: kind === "all" ? undefined : (kind as Kind),
    fork: values.fork === undefined ? undefined : forkOf(values.fork),
    filter: values.filter,
    jobs,
    ways: WAYS[values.ways as keyof typeof WAYS],
  };
}

function parseOptions(args: readonly string[]): {
  values: {
    fork?: string;
    filter?: string;
    jobs: string;
    ways: string;
    help: boolean;
  };
  positionals: string[];
} {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        fork: { type: "string" },
        filter: { type: "string" },
        jobs: { type: "string", default: String(availableParallelism()) },
        ways: { type: "string", default: "both" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : "");
  }
}

/** Of any case. */
function forkOf(text: string): string {
  const name =
    FORK_NAMES.find((known) => known.toLowerCase() === text.toLowerCase()) ??
    text;
  try {
    scheduleByName(name);
  } catch (error) {
    throw new UsageError(
      `--fork: ${error instanceof Error ? error.message : ""}`,
    );
  }
  return name;
}
