import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import type { Result } from "hardhat/types/utils";
import type { ParallelReport } from "../../report/types.js";

import { access, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";

import { errorResult, successfulResult } from "hardhat/utils/result";

import { describeValue, pluginError } from "../../errors.js";
import { aggregate } from "../../report/aggregate.js";
import { ContractIndex } from "../../report/contract-index.js";
import { formatReport } from "../../report/format-terminal.js";
import { reportToJson } from "../../report/json.js";
import { loadCompiledContracts } from "../../report/load-contracts.js";
import { withProgress } from "../../report/progress.js";
import { Recorder, startRecording } from "../../report/recorder.js";

export interface ParallelReportArguments {
  readonly testFiles: string[];
  readonly script: string | undefined;
  readonly json: string | undefined;
  readonly grep: string | undefined;
  readonly virtualBlockSize: number;
  readonly noCompile: boolean;
}

/** Rows of the printed tables; --json has them all. */
const SHOWN = { blocks: 20, locations: 20 };

const parallelReport: NewTaskActionFunction<ParallelReportArguments> = async (
  args,
  hre,
): Promise<Result<ParallelReport, ParallelReport>> => {
  await validate(args, hre);

  const recorder = new Recorder();
  const stop = startRecording(recorder);
  let succeeded: boolean;
  try {
    succeeded = await runProject(args, hre);
  } finally {
    stop();
  }

  const report = await withProgress("Analysing blocks", async (progress) =>
    aggregate(
      recorder.connections,
      recorder.preimages,
      new ContractIndex(await loadCompiledContracts(hre.artifacts)),
      { virtualBlockSize: args.virtualBlockSize, onProgress: progress },
    ),
  );
  console.log(formatReport(report, SHOWN));
  if (args.json !== undefined) {
    await writeWhole(args.json, reportToJson(report));
    console.log(`Report written to ${args.json}`);
  }
  return succeeded ? successfulResult(report) : errorResult(report);
};

/** What can be known to be wrong before minutes of tests is said before them. */
async function validate(
  args: ParallelReportArguments,
  hre: HardhatRuntimeEnvironment,
): Promise<void> {
  const { globalOptions, config } = hre;
  if (globalOptions.networkEngine === "edr") {
    throw pluginError(
      "--network-engine: expected parallel, got edr: the report records blocks on the parallel network",
    );
  }
  if (!config.parallel.enabled && globalOptions.networkEngine === undefined) {
    throw pluginError(
      "parallel.enabled: expected true, got false: the report records blocks on the parallel network",
    );
  }
  if (args.virtualBlockSize < 1) {
    throw pluginError(
      `--virtual-block-size: expected 1 or more, got ${args.virtualBlockSize}`,
    );
  }
  if (args.script !== undefined) {
    if (args.testFiles.length > 0) {
      throw pluginError(
        `expected test files or --script, got both: ${describeValue(args.testFiles)} and ${describeValue(args.script)}`,
      );
    }
    if (args.grep !== undefined) {
      throw pluginError(
        "expected --grep or --script, got both: --grep chooses tests",
      );
    }
    if (!(await isFile(args.script))) {
      throw pluginError(
        `--script: expected a file, got ${describeValue(args.script)}`,
      );
    }
  }
  if (args.json !== undefined) {
    const folder = dirname(resolve(args.json));
    try {
      await access(folder);
    } catch (error) {
      throw pluginError(
        `--json: expected a file in an existing folder, got ${describeValue(args.json)}`,
        error instanceof Error ? error : undefined,
      );
    }
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** @returns Whether all tests passed. A script that fails throws. */
async function runProject(
  { testFiles, script, grep, noCompile }: ParallelReportArguments,
  { tasks }: HardhatRuntimeEnvironment,
): Promise<boolean> {
  if (script !== undefined) {
    await tasks.getTask("run").run({ script, noCompile });
    return true;
  }
  const result: unknown = await tasks
    .getTask("test")
    .run({ testFiles, grep, noCompile });
  return !(
    typeof result === "object" &&
    result !== null &&
    "success" in result &&
    result.success === false
  );
}

/** So that an interruption leaves the old file, or none. */
async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

export default parallelReport;
