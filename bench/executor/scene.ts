/** A workload on a state of our own, executed again and again. */
import type { ChainState } from "../../src/internal/evm/types.js";
import type {
  BlockExecutor,
  BlockOutcome,
} from "../../src/internal/executor/types.js";
import type { Scenario } from "../../test/helpers/blocks.js";
import type { BuiltExecutor } from "./built.js";

export interface Execution {
  readonly outcome: BlockOutcome;
  /** Microseconds per transaction of the block's candidates. */
  readonly wall: number;
  /** The same, of all threads of the process. */
  readonly cpu: number;
}

export class Scene {
  readonly #scenario: Scenario;
  readonly #state: ChainState;
  readonly #executor: BlockExecutor;

  constructor({ engine, create }: BuiltExecutor, scenario: Scenario) {
    this.#scenario = scenario;
    this.#executor = create();
    this.#state = engine.createState();
    scenario.prepare(this.#state);
    this.#state.nextEpoch();
  }

  /** Executes the block, and undoes it. */
  public execute(
    mode: "auto" | "sequential" | "parallel",
    workers: number,
    record = false,
  ): Execution {
    const { environment, transactions, onInvalid } = this.#scenario;
    const state = this.#state;
    const before = state.epoch;
    state.nextEpoch();
    const cpu = process.cpuUsage();
    const start = performance.now();
    const outcome = this.#executor.executeBlock(
      state,
      environment,
      transactions,
      {
        mode,
        workers,
        record,
        onInvalid: onInvalid ?? "skip-sender",
        target: "direct",
      },
    );
    const milliseconds = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    state.revert(before);
    return {
      outcome,
      wall: (milliseconds * 1000) / transactions.length,
      cpu: (user + system) / transactions.length,
    };
  }

  /** What the block finds. */
  public dump(): ReturnType<ChainState["dump"]> {
    return this.#state.dump();
  }

  public close(): void {
    this.#state.close();
  }
}
