import type { Row, SideName } from "./helpers/measure.js";
import type { Bench } from "./index.js";

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { measure, ratiosOf } from "./helpers/measure.js";
import { UsageError } from "./helpers/usage-error.js";

const here = dirname(fileURLToPath(import.meta.url));
const HARDHAT = join(here, "../node_modules/hardhat/dist/src/cli.js");
const TIMER = pathToFileURL(join(here, "helpers/mocha-timer.mjs")).href;

interface SuiteRun {
  readonly testPhase: number;
  readonly process: number;
  readonly passes: number;
  readonly failures: number;
}

/** Wall time of a Hardhat project's tests on both engines, one process per run. */
export const suiteBench: Bench = async (options, [folder = ""]) => {
  const project = resolve(folder);
  if (folder === "" || !existsSync(join(project, "hardhat.config.ts"))) {
    throw new UsageError(
      `suite: expected the folder of a Hardhat project, got "${folder}"`,
    );
  }
  await hardhat(project, ["build"], {});
  const passes = new Map<SideName, number>();
  const wholes = new Map<SideName, number[]>();
  const sample = async (side: SideName): Promise<number> => {
    const run = await suiteRun(project, side);
    if (run.failures > 0 || run.passes === 0) {
      throw new Error(
        `${side}: ${run.failures} tests failed, ${run.passes} passed`,
      );
    }
    passes.set(side, run.passes);
    wholes.set(side, [...(wholes.get(side) ?? []), run.process]);
    return run.testPhase;
  };
  const sides = ["edr", "ours-parallel"] as const;
  const rows: Row[] = await measure(
    {
      name: "test phase",
      unit: "ms",
      sides: sides.map((side) => ({ side, sample: () => sample(side) })),
    },
    { ...options, warmUps: 1 },
  );
  if (new Set(passes.values()).size > 1) {
    throw new Error(
      `the engines pass different numbers of tests: ${JSON.stringify([...passes])}`,
    );
  }
  for (const [side, values] of wholes) {
    const sorted = values.slice(1).sort((a, b) => a - b);
    rows.push({
      work: "whole process",
      side,
      unit: "ms",
      value: sorted[sorted.length >> 1],
      low: sorted[0],
      high: sorted[sorted.length - 1],
    });
  }
  return {
    bench: "suite",
    rows,
    ratios: ratiosOf(rows, [["ours-parallel", "edr"]]),
  };
};

async function suiteRun(project: string, side: SideName): Promise<SuiteRun> {
  const folder = mkdtempSync(join(tmpdir(), "suite-bench-"));
  try {
    const file = join(folder, "timer.json");
    const engine = side === "edr" ? "edr" : "parallel";
    const start = performance.now();
    await hardhat(
      project,
      ["test", "--no-compile", "--network-engine", engine],
      {
        BENCH_TIMER_FILE: file,
        NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} --import=${TIMER}`,
      },
    );
    const whole = performance.now() - start;
    if (!existsSync(file)) {
      throw new UsageError(
        `suite: expected a project whose tests run with mocha, got "${project}"`,
      );
    }
    const { milliseconds, passes, failures } = JSON.parse(
      readFileSync(file, "utf8"),
    ) as { milliseconds: number; passes: number; failures: number };
    return { testPhase: milliseconds, process: whole, passes, failures };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function hardhat(
  project: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const child = spawn(process.execPath, [HARDHAT, ...args], {
    cwd: project,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => (output += text));
  }
  const code = await new Promise<number | null>((done, fail) => {
    child.once("error", fail);
    child.once("close", done);
  });
  if (code !== 0) {
    throw new Error(
      `hardhat ${args.join(" ")} ended with code ${code}:\n${output.slice(-4000)}`,
    );
  }
}
