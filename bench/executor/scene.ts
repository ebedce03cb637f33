/** A workload on a state of our own, executed again and again. */
import type {
  ChainState,
  Engine,
  ExecutableTransaction,
} from "../../src/internal/evm/types.js";
import type {
  BlockExecutor,
  BlockOutcome,
} from "../../src/internal/executor/types.js";
import type { Scenario } from "../../test/helpers/blocks.js";
import type { BuiltExecutor } from "./built.js";

import { fakeSignTransaction } from "../../src/internal/chain/transaction-codec.js";

type Mode = "auto" | "sequential" | "parallel";

interface Wanted {
  /** Access sets. */
  readonly record?: boolean;
  /** Also the roots of the state, the receipts and the transactions. */
  readonly roots?: boolean;
}

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
  readonly #engine: Engine;
  /** As they go into the transactions' trie; made when first asked for. */
  #encoded: readonly Uint8Array[] | undefined;

  constructor({ engine, create }: BuiltExecutor, scenario: Scenario) {
    this.#scenario = scenario;
    this.#executor = create();
    this.#engine = engine;
    this.#state = engine.createState();
    scenario.prepare(this.#state);
    this.#state.nextEpoch();
  }

  /** Executes the block, and undoes it. */
  public execute(
    mode: Mode,
    workers: number,
    { record = false, roots = false }: Wanted = {},
  ): Execution {
    const { environment, transactions, onInvalid } = this.#scenario;
    const state = this.#state;
    const before = state.epoch;
    const encoded = roots ? this.#encode() : [];
    // What the block finds is hashed: its root costs what it changes.
    if (roots) state.root(before);
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
    if (roots) {
      const threads = mode === "sequential" ? 1 : workers;
      state.root(state.epoch, threads);
      this.#engine.blockRoots({
        results: outcome.results,
        transactions: outcome.included.map((index) => encoded[index]),
        isTyped: true,
        threads,
      });
    }
    const milliseconds = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    state.revert(before);
    return {
      outcome,
      wall: (milliseconds * 1000) / transactions.length,
      cpu: (user + system) / transactions.length,
    };
  }

  #encode(): readonly Uint8Array[] {
    this.#encoded ??= this.#scenario.transactions.map(encode);
    return this.#encoded;
  }

  /** Microseconds that each transaction takes on one thread: the least of `rounds`. */
  public costs(rounds: number): number[] {
    const { environment, transactions } = this.#scenario;
    const state = this.#state;
    const least = transactions.map(() => Infinity);
    for (let round = 0; round < rounds; round++) {
      const before = state.epoch;
      state.nextEpoch();
      const run = state.createRun(environment, { mode: "direct" });
      transactions.forEach((transaction, index) => {
        const start = performance.now();
        run.execute(transaction, { record: false });
        const took = (performance.now() - start) * 1000;
        least[index] = Math.min(least[index], took);
      });
      run.free();
      state.revert(before);
    }
    return least;
  }

  /** What the block finds. */
  public dump(): ReturnType<ChainState["dump"]> {
    return this.#state.dump();
  }

  public close(): void {
    this.#state.close();
  }
}

/** A transaction with a signature of the right size. */
function encode(transaction: ExecutableTransaction): Uint8Array {
  const { type, feeCap, priorityFee } = transaction;
  return fakeSignTransaction(
    {
      ...transaction,
      chainId: 31337n,
      gasPrice: type < 2 ? feeCap : undefined,
      maxFeePerGas: type < 2 ? undefined : feeCap,
      maxPriorityFeePerGas: type < 2 ? undefined : priorityFee,
      authorizationList: transaction.authorizationList.map((authorization) => ({
        ...authorization,
        yParity: 0,
        r: 1n,
        s: 1n,
      })),
    },
    transaction.from,
  ).encoded;
}
