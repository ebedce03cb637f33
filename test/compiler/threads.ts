import type { ExecutableTransaction } from "../../src/internal/evm/types.js";
import type { Scenario } from "../helpers/blocks.js";

import { getEngine } from "../../src/internal/evm/engine.js";
import { executeInParallel } from "../../src/internal/executor/parallel.js";
import { WorkerPool } from "../../src/internal/workers/pool.js";
import { Oracle } from "../helpers/assert-equivalent.js";
import {
  bytes,
  ETHER,
  makeEnvironment,
  testAddress,
  withNonces,
} from "../helpers/blocks.js";
import {
  computeContract,
  workloadContracts,
} from "../helpers/workloads/compile.js";
import { compiling } from "./helpers/compiled.js";

const WORKERS = 3;
const COUNT = 48;
const WORK = testAddress(1000);
const COMPUTE = testAddress(1001);
const VARIABLE = "HARDHAT_PARALLEL_COMPILATION";

const { Work } = workloadContracts();
const Compute = computeContract(false);

/** Loops of many kinds, some over one slot that all write. */
function transaction(i: number): Partial<ExecutableTransaction> {
  const encode = (contract: typeof Work, method: string, rounds: number) =>
    bytes(contract.interface.encodeFunctionData(method, [rounds]));
  const kinds = [
    () => ({ to: WORK, data: encode(Work, "run", 40 + i) }),
    () => ({ to: WORK, data: encode(Work, "runHot", 30 + i) }),
    () => ({ to: WORK, data: encode(Work, "storageLoop", 20) }),
    () => ({ to: COMPUTE, data: encode(Compute, "tally", 10 + i) }),
    () => ({ to: COMPUTE, data: encode(Compute, "sort", 12) }),
  ];
  return kinds[i % kinds.length]();
}

const scenario: Scenario = {
  environment: makeEnvironment(),
  prepare: (state) => {
    for (let i = 0; i < COUNT; i++) state.setBalance(testAddress(i), ETHER);
    state.setCode(WORK, bytes(Work.runtime));
    state.setCode(COMPUTE, bytes(Compute.runtime));
  },
  transactions: withNonces(
    Array.from({ length: COUNT }, (_, i) => ({
      from: testAddress(i),
      gasLimit: 1_000_000n,
      ...transaction(i),
    })),
  ),
};

describe("threads that compile", function () {
  this.timeout(60_000);

  let workers: WorkerPool;

  before(async () => {
    process.env[VARIABLE] = "eager";
    workers = new WorkerPool(getEngine().core);
    workers.ensure(WORKERS);
    while (workers.ready < WORKERS) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });

  after(async () => {
    delete process.env[VARIABLE];
    await workers.close();
  });

  for (const record of [false, true]) {
    it(`execute a block as one that interprets${record ? ", and record the same" : ""}`, () => {
      const oracle = compiling("off", () => new Oracle(scenario, record));
      for (let round = 0; round < 5; round++) {
        for (const threads of [1, 2, WORKERS + 1]) {
          compiling("eager", () =>
            oracle.compare(`with ${threads} threads`, (state) =>
              executeInParallel({
                core: getEngine().core,
                chain: state.handle,
                epoch: state.epoch,
                environment: scenario.environment,
                candidates: scenario.transactions,
                threads,
                onInvalid: "skip-sender",
                record,
                workers,
              }),
            ),
          );
        }
      }
      oracle.close();
    });
  }

  it("find what they have compiled in a chain that comes after", () => {
    const oracle = compiling("off", () => new Oracle(scenario, false));
    compiling("hot", () => {
      for (let round = 0; round < 3; round++) {
        oracle.compare("once more", (state) =>
          executeInParallel({
            core: getEngine().core,
            chain: state.handle,
            epoch: state.epoch,
            environment: scenario.environment,
            candidates: scenario.transactions,
            threads: WORKERS + 1,
            onInvalid: "skip-sender",
            record: false,
            workers,
          }),
        );
      }
    });
    oracle.close();
  });
});
