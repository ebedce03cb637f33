import type { Scenario } from "../test/helpers/blocks.js";
import type { BuiltExecutor } from "./executor/built.js";
import type {
  BenchTable,
  MeasureOptions,
  Ratio,
  Row,
  WorkSide,
} from "./helpers/measure.js";
import type { Network } from "./helpers/networks.js";
import type { Bench } from "./index.js";

import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

import { fillState, parseBlock } from "../src/internal/replay/block-input.js";
import { readCapturedBlock } from "../test/conformance/helpers/captured-block.js";
import {
  NAMED_WORKLOADS,
  type NamedWorkload,
} from "../test/helpers/workloads/named.js";
import { openBuiltExecutor } from "./executor/built.js";
import { isForNetworks, NetworkScene } from "./executor/network-scene.js";
import { Scene } from "./executor/scene.js";
import {
  dependenciesOf,
  simulate,
  SIMULATED_WORKERS,
} from "./executor/simulation.js";
import { measure, ratiosOf } from "./helpers/measure.js";
import { closeAll, openNetwork } from "./helpers/networks.js";

const COUNTS = [1_000, 10_000] as const;
/** Per transaction EDR costs the same in small blocks as in large ones, and too much for large ones. */
const EDR_COUNT = 100;
const ANVIL_COUNT = 1_000;
const WARM_UP_COUNT = 200;
const WARM_UPS = 20;
/** Ends the name of a work that makes roots, too. */
const WITH_ROOTS = ", with roots";
/** Threads of which the schedule simulation is checked. */
const CHECKED = [1, 2] as const;
const CHECKS = 3;

/**
 * Executing blocks by workload and size: executor [part of a workload's name] [folder of a captured block].
 * Ours without the chain around it; EDR and Anvil mine, in blocks of 100 and 1,000.
 */
export const executorBench: Bench = async (options, args) => {
  const folders = args.filter((arg) => existsSync(join(arg, "block.json")));
  const [filter = ""] = args.filter((arg) => !folders.includes(arg));
  const workers = Math.max(2, availableParallelism());
  const executor = await openBuiltExecutor(workers);
  const bench = new ExecutorBench(options, executor, workers);
  try {
    bench.warmUp();
    for (const workload of NAMED_WORKLOADS) {
      if (workload.name.includes(filter)) await bench.measureWorkload(workload);
    }
    for (const folder of folders) await bench.measureCaptured(folder);
  } finally {
    await executor.close();
  }
  return bench.result();
};

class ExecutorBench {
  readonly #options: MeasureOptions;
  readonly #executor: BuiltExecutor;
  readonly #workers: number;
  readonly #rows: Row[] = [];
  readonly #details: string[][] = [];
  readonly #curves: Curve[] = [];

  constructor(
    options: MeasureOptions,
    executor: BuiltExecutor,
    workers: number,
  ) {
    this.#options = options;
    this.#executor = executor;
    this.#workers = workers;
  }

  /** What the engine compiles while it gets warm would be the first work's time, on both cores. */
  public warmUp(): void {
    for (const { make } of NAMED_WORKLOADS) {
      const scene = new Scene(this.#executor, make(WARM_UP_COUNT));
      for (let i = 0; i < WARM_UPS; i++) {
        scene.execute("sequential", 1);
        scene.execute("parallel", this.#workers);
      }
      scene.close();
    }
  }

  public async measureWorkload({ name, make }: NamedWorkload): Promise<void> {
    for (const count of COUNTS) {
      const networks = count === COUNTS[0] ? await this.#open(make) : [];
      try {
        await this.#measure(`${name}, ${count}`, make(count), networks);
      } finally {
        await closeAll(networks.map(({ network }) => network));
      }
    }
  }

  public async measureCaptured(folder: string): Promise<void> {
    const { block } = readCapturedBlock(folder);
    const { environment, transactions, preState } = parseBlock(block);
    await this.#measure(
      `captured block ${environment.number}`,
      {
        prepare: (state) => fillState(state, preState),
        environment,
        transactions,
        onInvalid: "stop",
      },
      [],
    );
  }

  public result(): Awaited<ReturnType<Bench>> {
    const rows = this.#rows;
    const ratios = ratiosOf(rows, [
      ["ours-parallel", "ours-sequential"],
      ["ours-sequential", "edr"],
      ["ours-parallel", "edr"],
      ["ours-sequential", "anvil"],
      ["ours-parallel", "anvil"],
    ]);
    const gains = ratios.filter(({ to }) => to === "ours-sequential");
    const wholeBlocks = gains.filter(({ work }) => work.endsWith(WITH_ROOTS));
    const tables: BenchTable[] = [
      {
        title: `Scheduling with ${this.#workers} workers, per transaction; CPU beside wall time in us (all threads). "Chosen": blocks that the policy executed in parallel.`,
        head: [
          "work",
          "incarnations",
          "aborts",
          "chosen",
          "sequential cpu / wall",
          "parallel cpu / wall",
        ],
        rows: this.#details,
      },
      curveTable(this.#curves),
    ];
    const notes = [
      ...checkOf(this.#curves),
      `Parallel / sequential, average over all works: execution alone ${meanOf(gains.filter((gain) => !wholeBlocks.includes(gain)))}, block with roots ${meanOf(wholeBlocks)}.`,
      `EDR mines blocks of ${EDR_COUNT}, Anvil of ${ANVIL_COUNT}; mining includes the roots.`,
    ];
    return { bench: "executor", rows, ratios, tables, notes };
  }

  async #open(make: NamedWorkload["make"]): Promise<NetworkSide[]> {
    const sides: NetworkSide[] = [];
    for (const [side, count] of [
      ["edr", EDR_COUNT],
      ["anvil", ANVIL_COUNT],
    ] as const) {
      const scenario = make(count);
      if (!(this.#options.sides?.includes(side) ?? true)) continue;
      if (!isForNetworks(scenario)) continue;
      const network = await openNetwork({
        side,
        config: {
          accounts: [],
          initialDate: "2030-01-01T00:00:00Z",
          blockGasLimit: Number(scenario.environment.gasLimit),
          transactionGasCap: false,
        },
      });
      if (network === undefined) continue;
      const own = new Scene(this.#executor, scenario);
      const { outcome } = own.execute("sequential", 1);
      const scene = await NetworkScene.open(
        network,
        scenario,
        own.dump(),
        outcome.gasUsed,
      );
      own.close();
      sides.push({ network, scene });
    }
    return sides;
  }

  async #measure(
    name: string,
    scenario: Scenario,
    networks: readonly NetworkSide[],
  ): Promise<void> {
    const scene = new Scene(this.#executor, scenario);
    const used = { sequential: new Usage(), parallel: new Usage() };
    const sides: WorkSide[] = [
      {
        side: "ours-sequential",
        sample: () => used.sequential.add(scene.execute("sequential", 1)),
      },
      {
        side: "ours-parallel",
        sample: () => used.parallel.add(scene.execute("auto", this.#workers)),
      },
      ...networks.map(({ network, scene: other }) => ({
        side: network.side,
        sample: () => other.mine(),
      })),
    ];
    const rows = await measure({ name, unit: "us/tx", sides }, this.#options);
    this.#rows.push(...rows, ...(await this.#measureWhole(name, scene)));
    this.#describe(name, scenario, scene, used);
    scene.close();
  }

  /** The block with the roots of its state, receipts and transactions. */
  async #measureWhole(name: string, scene: Scene): Promise<Row[]> {
    const sample = (
      mode: "auto" | "sequential",
      workers: number,
    ): Promise<number> =>
      Promise.resolve(scene.execute(mode, workers, { roots: true }).wall);
    return await measure(
      {
        name: name + WITH_ROOTS,
        unit: "us/tx",
        sides: [
          { side: "ours-sequential", sample: () => sample("sequential", 1) },
          {
            side: "ours-parallel",
            sample: () => sample("auto", this.#workers),
          },
        ],
      },
      this.#options,
    );
  }

  #describe(
    name: string,
    scenario: Scenario,
    scene: Scene,
    used: Record<"sequential" | "parallel", Usage>,
  ): void {
    const base = medianOf(CHECKS, () => scene.execute("sequential", 1).wall);
    const measured = CHECKED.map(
      (workers) =>
        medianOf(CHECKS, () => scene.execute("parallel", workers).wall) / base,
    );
    const { execution } = scene.execute("parallel", this.#workers).outcome;
    const count = scenario.transactions.length;
    this.#details.push([
      name,
      (execution.incarnations / count).toFixed(3),
      (execution.aborts / count).toFixed(3),
      `${Math.round(used.parallel.chosen * 100)} %`,
      used.sequential.toString(),
      used.parallel.toString(),
    ]);
    const { outcome } = scene.execute("sequential", 1, { record: true });
    const costs = scene.costs(CHECKS);
    const { waits, chains } = dependenciesOf(outcome);
    const simulated = simulate(
      outcome.included.map((index) => costs[index]),
      waits,
      chains,
    );
    this.#curves.push({ name, measured, simulated });
  }
}

interface NetworkSide {
  readonly network: Network;
  readonly scene: NetworkScene;
}

/** Shares of the sequential time: measured by CHECKED, simulated by SIMULATED_WORKERS. */
interface Curve {
  readonly name: string;
  readonly measured: readonly number[];
  readonly simulated: readonly number[];
}

function curveTable(curves: readonly Curve[]): BenchTable {
  return {
    title:
      "Share of the sequential time by number of workers: measured, and predicted from what each transaction costs, reads and writes (executor/simulation.ts).",
    head: [
      "work",
      ...CHECKED.map((workers) => `measured ${workers}`),
      ...SIMULATED_WORKERS.map((workers) => `predicted ${workers}`),
    ],
    rows: curves.map(({ name, measured, simulated }) => [
      name,
      ...measured.map((share) => share.toFixed(2)),
      ...simulated.map((share) => share.toFixed(3)),
    ]),
  };
}

/** How far predictions are from what was measured. */
function checkOf(curves: readonly Curve[]): string[] {
  return CHECKED.map((workers, i) => {
    const errors = curves
      .map(({ measured, simulated }) => {
        const predicted = simulated[SIMULATED_WORKERS.indexOf(workers)];
        return Math.abs(predicted - measured[i]) / measured[i];
      })
      .sort((a, b) => a - b);
    const middle = errors[errors.length >> 1] ?? 0;
    const worst = errors[errors.length - 1] ?? 0;
    return `Predicted against measured with ${workers}: ${percent(middle)} off in the median, ${percent(worst)} at worst.`;
  });
}

function meanOf(ratios: readonly Ratio[]): string {
  const sum = ratios.reduce((total, { value }) => total + value, 0);
  return (sum / ratios.length).toFixed(3);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

/** Wall and CPU time of a side's samples. */
class Usage {
  #wall = 0;
  #cpu = 0;
  #count = 0;
  #parallel = 0;

  public add({
    wall,
    cpu,
    outcome,
  }: ReturnType<Scene["execute"]>): Promise<number> {
    this.#wall += wall;
    this.#cpu += cpu;
    this.#count++;
    if (outcome.execution.mode !== "sequential") this.#parallel++;
    return Promise.resolve(wall);
  }

  /** Share of the blocks that were executed in parallel. */
  public get chosen(): number {
    return this.#parallel / this.#count;
  }

  public toString(): string {
    const cpu = this.#cpu / this.#count;
    const wall = this.#wall / this.#count;
    return `${cpu.toFixed(1)} / ${wall.toFixed(1)}`;
  }
}

function medianOf(count: number, sample: () => number): number {
  const values = Array.from({ length: count }, sample).sort((a, b) => a - b);
  return values[count >> 1];
}
