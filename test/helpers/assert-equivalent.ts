/** The one helper that every workload goes through: parallel execution equals sequential execution. */
import type { RunResult } from "../../src/internal/evm/types.js";
import type { SchedulerCounters } from "../../src/internal/executor/scheduler-view.js";
import type { BlockOutcome } from "../../src/internal/executor/types.js";
import type { Scenario } from "./blocks.js";

import { config, expect } from "chai";

import { getEngine } from "../../src/internal/evm/engine.js";
import { ChainStateImplementation } from "../../src/internal/evm/state.js";
import { describeSkipped } from "../../src/internal/executor/compare-outcomes.js";
import { executeInParallel } from "../../src/internal/executor/parallel.js";
import { SequentialExecutor } from "../../src/internal/executor/sequential.js";
import { WorkerPool } from "../../src/internal/workers/pool.js";
import { hex } from "./blocks.js";

config.truncateThreshold = 0;

export const WORKER_COUNTS: readonly number[] = [1, 2, 4, 8];

let pool: WorkerPool | undefined;

/** The threads of this test process, `count` of them ready to work. */
export async function readyWorkers(count: number): Promise<WorkerPool> {
  pool ??= new WorkerPool(getEngine().core);
  pool.ensure(count);
  const start = performance.now();
  while (pool.ready < count) {
    if (performance.now() - start > 20_000) {
      throw new Error(`expected ${count} workers, got ${pool.ready}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return pool;
}

export interface EquivalenceOptions {
  readonly workers?: readonly number[];
  /** Default: with access sets, then without, which takes other ways through the core. */
  readonly record?: boolean;
}

/** Counters of the parallel executions, by number of workers. */
export type EquivalenceCounters = ReadonlyMap<number, SchedulerCounters>;

/** Executes the block on one thread and on several, and compares everything that one can see of it. */
export async function assertEquivalent(
  scenario: Scenario,
  options: EquivalenceOptions = {},
): Promise<EquivalenceCounters> {
  const workers = options.workers ?? WORKER_COUNTS;
  const threads = await readyWorkers(Math.max(...workers) - 1);
  return compareExecutions(scenario, threads, options);
}

/** The same, at once, with workers that are ready. */
export function compareExecutions(
  scenario: Scenario,
  threads: WorkerPool,
  { workers = WORKER_COUNTS, record }: EquivalenceOptions = {},
): EquivalenceCounters {
  const counters = new Map<number, SchedulerCounters>();
  for (const records of record === undefined ? [true, false] : [record]) {
    const oracle = new Oracle(scenario, records);
    for (const count of workers) {
      const name = `with ${count} workers${records ? ", recorded" : ""}`;
      const outcome = oracle.compare(name, (state) =>
        executeInParallel({
          core: getEngine().core,
          chain: state.handle,
          epoch: state.epoch,
          environment: scenario.environment,
          candidates: scenario.transactions,
          threads: count,
          onInvalid: scenario.onInvalid ?? "skip-sender",
          record: records,
          workers: threads,
        }),
      );
      counters.set(count, outcome.counters);
    }
    oracle.close();
  }
  return counters;
}

/** A block executed on one thread, which other executions of it must equal. */
export class Oracle {
  readonly #scenario: Scenario;
  readonly #state: ChainStateImplementation;
  readonly #expected: BlockOutcome;

  constructor(scenario: Scenario, record: boolean) {
    const { environment, transactions, onInvalid = "skip-sender" } = scenario;
    this.#scenario = scenario;
    this.#state = makeState(scenario);
    this.#expected = new SequentialExecutor().executeBlock(
      this.#state,
      environment,
      transactions,
      { onInvalid, target: "direct", record },
    );
  }

  /** Has the block executed on a state of its own, and compares everything that one can see of it. */
  public compare<
    T extends Pick<
      BlockOutcome,
      "included" | "skipped" | "stoppedAt" | "results" | "gasUsed"
    >,
  >(
    name: string,
    execute: (state: ChainStateImplementation) => T | undefined,
  ): T {
    const expected = this.#expected;
    const state = makeState(this.#scenario);
    const actual = execute(state);
    if (actual === undefined) throw new Error("expected room in the core");
    expect(actual.included, `included ${name}`).to.deep.equal(
      expected.included,
    );
    expect(
      actual.skipped.map(describeSkipped),
      `skipped ${name}`,
    ).to.deep.equal(expected.skipped.map(describeSkipped));
    expect(
      actual.stoppedAt && describeSkipped(actual.stoppedAt),
      `stopped ${name}`,
    ).to.deep.equal(expected.stoppedAt && describeSkipped(expected.stoppedAt));
    expected.results.forEach((result, i) => {
      expect(
        describe(actual.results[i]),
        `transaction ${expected.included[i]} ${name}`,
      ).to.deep.equal(describe(result));
    });
    expect(actual.gasUsed).to.equal(expected.gasUsed);
    if (state.root() !== this.#state.root()) {
      expect(dump(state), `state ${name}`).to.deep.equal(dump(this.#state));
    }
    expect(state.root(), `state root ${name}`).to.equal(this.#state.root());
    state.close();
    return actual;
  }

  public close(): void {
    this.#state.close();
  }
}

function makeState({ prepare }: Scenario): ChainStateImplementation {
  const state = getEngine().createState();
  if (!(state instanceof ChainStateImplementation)) {
    throw new Error("expected a state of the engine");
  }
  prepare(state);
  state.nextEpoch();
  return state;
}

/** Everything that a result says, decoded. */
function describe(result: RunResult): object {
  const { accessSet } = result;
  return {
    status: result.status,
    gasUsed: result.gasUsed,
    gasRefunded: result.gasRefunded,
    gasSpent: result.gasSpent,
    stateGas: result.stateGas,
    blockGas: result.blockGas,
    gasNeeded: result.gasNeeded,
    gasObserved: result.gasObserved,
    internalOutOfGas: result.internalOutOfGas,
    output: hex(result.output),
    logs: result.logs,
    console: result.console.map(hex),
    createdAddress: result.createdAddress,
    effectiveGasPrice: result.effectiveGasPrice,
    accounts: accessSet?.accounts
      .map((account) => ({ ...account }))
      .sort((a, b) => (a.address < b.address ? -1 : 1)),
    slots: accessSet?.slots,
    preimages: accessSet?.preimages.map(({ hash, preimage }) => ({
      hash,
      preimage: hex(preimage),
    })),
  };
}

function dump(state: ChainStateImplementation): object {
  return [...state.dump()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([address, { storage, code, ...account }]) => ({
      address,
      ...account,
      code: hex(code),
      storage: Object.fromEntries([...storage].sort()),
    }));
}
