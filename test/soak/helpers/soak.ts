/** Executes random blocks, for as long as one likes, sequentially and in parallel, and compares everything. */
import type { BlockExecutor } from "../../../src/internal/executor/types.js";
import type { VerifiedBlock } from "../../../src/internal/executor/verifying.js";
import type { Scenario } from "../../helpers/blocks.js";

import fc from "fast-check";

import { getEngine } from "../../../src/internal/evm/engine.js";
import { describeDifference } from "../../../src/internal/executor/compare-outcomes.js";
import { BlockExecutorImplementation } from "../../../src/internal/executor/executor.js";
import { scheduledExecutor } from "../../../src/internal/executor/scheduled.js";
import { VerifyingExecutor } from "../../../src/internal/executor/verifying.js";
import {
  blockToJson,
  stateToJson,
  wholeState,
} from "../../../src/internal/replay/block-json.js";
import { writeBundle } from "../../../src/internal/replay/bundle.js";
import { readyWorkers } from "../../helpers/assert-equivalent.js";
import { Fork, makeEnvironment } from "../../helpers/blocks.js";
import { Random } from "../../helpers/random.js";
import {
  makeRandomBlock,
  prepareRandomBlock,
  randomTransaction,
} from "../../helpers/random-blocks.js";
import { NAMED_WORKLOADS } from "../../helpers/workloads/named.js";

export interface SoakOptions {
  readonly milliseconds: number;
  readonly seed: number;
  /** Bundles go there. */
  readonly cacheFolder: string;
  readonly print: (line: string) => void;
  /** Asked after every block. */
  readonly isStopped: () => boolean;
  /** Executes in parallel; default: threads. */
  readonly executor?: BlockExecutor;
  /** Default: of this process. */
  readonly memory?: () => MemorySample;
}

export interface SoakResult {
  readonly blocks: number;
  readonly transactions: number;
  readonly incarnations: number;
  readonly aborts: number;
  /** What went wrong; undefined when nothing did. */
  readonly failure: string | undefined;
}

export interface MemorySample {
  /** Resident memory of the process, in bytes. */
  readonly rss: number;
  /** What the core has handed out, in bytes. */
  readonly core: number;
}

const PROGRESS_MS = 5_000;
const MOST_WORKERS = 8;
const LONGEST = 40;
const NAMED_COUNT = 200;
const FORKS = [
  Fork.istanbul,
  Fork.london,
  Fork.cancun,
  Fork.osaka,
  Fork.amsterdam,
];
const ON_INVALID = ["skip", "skip-sender", "stop"] as const;

/** The process is warm after this share of the time: from then on its memory is to stay flat. */
const WARM_SHARE = 0.3;
/** What it may be above that: caches fill up, garbage is collected when V8 likes. */
const RSS_GROWTH = 1.3;
const RSS_SLACK = 128 * 2 ** 20;
/** Arenas of threads stay as large as their largest block made them. */
const CORE_GROWTH = 1.2;
const CORE_SLACK = 16 * 2 ** 20;

export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { seed, print, memory = sampleMemory } = options;
  const { core } = getEngine();
  const threads = await readyWorkers(MOST_WORKERS - 1);
  const totals = { blocks: 0, transactions: 0, incarnations: 0, aborts: 0 };
  let failure: string | undefined;
  const executor = new VerifyingExecutor(
    options.executor ?? new BlockExecutorImplementation(core, threads),
    scheduledExecutor(core),
    (block) => {
      failure ??= failureOf(block, options.cacheFolder);
    },
  );
  const start = performance.now();
  let shown = start;
  let warm: MemorySample | undefined;
  for (let index = 0; failure === undefined; index++) {
    const random = new Random(`${seed}:${index}`);
    const scenario = makeScenario(random, seed + index);
    const { incarnations, aborts } = execute(executor, scenario, random);
    totals.blocks++;
    totals.transactions += scenario.transactions.length;
    totals.incarnations += incarnations;
    totals.aborts += aborts;
    const now = performance.now();
    if (warm === undefined && now - start > options.milliseconds * WARM_SHARE) {
      warm = memory();
    }
    if (now - shown > PROGRESS_MS) {
      shown = now;
      print(progressOf(totals, now - start, memory()));
      failure ??= growthOf(warm, memory());
    }
    if (now - start > options.milliseconds || options.isStopped()) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  failure ??= growthOf(warm, memory());
  print(progressOf(totals, performance.now() - start, memory()));
  return { ...totals, failure };
}

function makeScenario(random: Random, seed: number): Scenario {
  if (random.chance(0.2)) {
    return random.pick(NAMED_WORKLOADS).make(random.between(2, NAMED_COUNT));
  }
  const fork = random.pick(FORKS);
  const [plans] = fc.sample(
    fc.array(randomTransaction, {
      minLength: 2,
      maxLength: LONGEST,
      size: "max",
    }),
    { seed, numRuns: 1 },
  );
  return {
    prepare: prepareRandomBlock,
    environment: makeEnvironment({
      fork,
      // Also decides the order in which logical threads take turns.
      number: BigInt(random.between(1_000, 1_000_000)),
      gasLimit: random.chance(0.2) ? 3_000_000n : 60_000_000n,
    }),
    transactions: makeRandomBlock(plans, fork),
    onInvalid: random.pick(ON_INVALID),
  };
}

function execute(
  executor: VerifyingExecutor,
  scenario: Scenario,
  random: Random,
): { readonly incarnations: number; readonly aborts: number } {
  const state = getEngine().createState();
  try {
    scenario.prepare(state);
    state.nextEpoch();
    const { execution } = executor.executeBlock(
      state,
      scenario.environment,
      scenario.transactions,
      {
        mode: "parallel",
        workers: random.between(1, MOST_WORKERS),
        record: random.chance(0.5) ? "results" : false,
        onInvalid: scenario.onInvalid ?? "skip-sender",
        target: "direct",
      },
    );
    return execution;
  } finally {
    state.close();
  }
}

function failureOf(
  block: VerifiedBlock,
  cacheFolder: string,
): string | undefined {
  const { differences, state, epochBefore, workers, seed } = block;
  if (differences.length === 0) return undefined;
  const path = writeBundle(cacheFolder, {
    side: "parallel",
    block: blockToJson(
      { ...block, transactions: block.candidates },
      stateToJson(wholeState(state, epochBefore)),
    ),
    schedule: { workers, seed },
    differences,
  });
  const [first] = differences;
  return `${describeDifference(first, ["sequentially", "in parallel"])}: npm run replay -- ${path}`;
}

function sampleMemory(): MemorySample {
  return {
    rss: process.memoryUsage.rss(),
    core: getEngine().memoryInUse(),
  };
}

function growthOf(
  warm: MemorySample | undefined,
  now: MemorySample,
): string | undefined {
  if (warm === undefined) return undefined;
  if (now.core > warm.core * CORE_GROWTH + CORE_SLACK) {
    return `expected the core's memory to stay flat, got ${megabytes(warm.core)} and then ${megabytes(now.core)}`;
  }
  if (now.rss > warm.rss * RSS_GROWTH + RSS_SLACK) {
    return `expected the process's memory to stay flat, got ${megabytes(warm.rss)} and then ${megabytes(now.rss)}`;
  }
  return undefined;
}

function progressOf(
  { blocks, transactions, incarnations, aborts }: Omit<SoakResult, "failure">,
  milliseconds: number,
  { rss, core }: MemorySample,
): string {
  return [
    `${(milliseconds / 1000).toFixed(0).padStart(6)} s`,
    `${blocks} blocks`,
    `${transactions} transactions`,
    `${incarnations} incarnations`,
    `${aborts} aborts`,
    `memory ${megabytes(rss)}, core ${megabytes(core)}`,
  ].join(", ");
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}
