/** Files that hold everything needed to execute a block again: what a bug report needs. */
import type { Difference } from "../executor/compare-outcomes.js";
import type { BlockInput } from "./types.js";

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { MAX_WORKERS } from "../constants.js";
import { parseBlock } from "./block-input.js";
import { integer, InvalidInputError, list, object } from "./fields.js";

const FORMAT = "hardhat-parallel-block";
/** Changes when a reader of the version before would go wrong. */
const VERSION = 1;
const FOLDER = "hardhat-parallel";

export interface Bundle {
  readonly block: BlockInput;
  readonly schedule: {
    /** Threads, the main one included. */
    readonly workers: number;
    /** Seed of a schedule of logical threads with which the difference shows; none if none was found. */
    readonly seed: number | undefined;
  };
  /** What differed when the bundle was written. */
  readonly differences: readonly Difference[];
  /** What was compared with sequential execution. */
  readonly side: "parallel" | "edr";
}

/**
 * Writes a bundle into Hardhat's cache folder.
 *
 * @returns its path. The same bundle has the same path.
 */
export function writeBundle(cacheFolder: string, bundle: Bundle): string {
  const { block, schedule, differences, side } = bundle;
  const text = `${JSON.stringify(
    {
      format: FORMAT,
      version: VERSION,
      side,
      schedule: { workers: schedule.workers, seed: schedule.seed ?? null },
      differences,
      block,
    },
    undefined,
    1,
  )}\n`;
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 12);
  const number = BigInt(block.environment?.number ?? 0);
  const folder = resolve(cacheFolder, FOLDER);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `block-${number}-${side}-${digest}.json`);
  // Nobody finds half a bundle.
  writeFileSync(`${path}.${process.pid}`, text);
  renameSync(`${path}.${process.pid}`, path);
  return path;
}

/** @throws Error that says what is wrong with the file. */
export function readBundle(path: string): Bundle {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(
      `${path}: expected a bundle (JSON), got ${(error as Error).message}`,
      { cause: error },
    );
  }
  const bundle = object(content, path);
  if (bundle.format !== FORMAT) {
    throw new InvalidInputError(
      `${path}: format`,
      `"${FORMAT}"`,
      bundle.format,
    );
  }
  if (bundle.version !== VERSION) {
    throw new InvalidInputError(
      `${path}: version`,
      String(VERSION),
      bundle.version,
    );
  }
  parseBlock(bundle.block, `${path}: block`);
  const schedule = object(bundle.schedule, `${path}: schedule`);
  return {
    block: bundle.block as BlockInput,
    schedule: {
      workers: integer(
        schedule.workers,
        `${path}: schedule.workers`,
        1,
        MAX_WORKERS,
      ),
      seed:
        schedule.seed === null || schedule.seed === undefined
          ? undefined
          : integer(schedule.seed, `${path}: schedule.seed`, 0, MAX_SEED),
    },
    differences: list(
      bundle.differences,
      `${path}: differences`,
    ) as Difference[],
    side: bundle.side === "edr" ? "edr" : "parallel",
  };
}

/** Seeds are 32-bit numbers. */
export const MAX_SEED = 0xffff_ffff;
