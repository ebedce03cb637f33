import type { Scenario } from "../helpers/blocks.js";

import { expect } from "chai";

import { getEngine } from "../../src/internal/evm/engine.js";
import { ChainStateImplementation } from "../../src/internal/evm/state.js";
import {
  executeInParallel,
  type ParallelOutcome,
} from "../../src/internal/executor/parallel.js";
import { readyWorkers } from "../helpers/assert-equivalent.js";
import {
  bytes,
  ETHER,
  makeEnvironment,
  testAddress,
  withNonces,
} from "../helpers/blocks.js";
import { operationData, randomContract } from "../helpers/random-contract.js";
import { NAMED_WORKLOADS } from "../helpers/workloads/named.js";

const TRANSACTIONS = 600;
/** Other processes may have the second core for a while. */
const PATIENCE_MS = 40_000;

// assembly/parallel/learned.ts
const LEARNED = 0x24000;
const PLACES = 4096;

/** Executes the block on two threads again and again, until it has gone as it should. Returns whether it has. */
async function executeUntil(
  { prepare, environment, transactions }: Scenario,
  isDone: (counters: ParallelOutcome["counters"]) => boolean,
): Promise<boolean> {
  const workers = await readyWorkers(1);
  const state = getEngine().createState();
  if (!(state instanceof ChainStateImplementation)) {
    throw new Error("expected a state of the engine");
  }
  prepare(state);
  const start = performance.now();
  let done = false;
  while (!done && performance.now() - start < PATIENCE_MS) {
    const before = state.epoch;
    state.nextEpoch();
    const outcome = executeInParallel({
      core: getEngine().core,
      chain: state.handle,
      epoch: state.epoch,
      environment,
      candidates: transactions,
      threads: 2,
      onInvalid: "skip-sender",
      record: false,
      workers,
    });
    state.revert(before);
    if (outcome === undefined) throw new Error("expected an outcome");
    done = isDone(outcome.counters);
  }
  state.close();
  return done;
}

/** Everybody does the same, in one contract. */
function everybody(
  ...operations: Parameters<typeof operationData>[0]
): Scenario {
  const contract = testAddress(5000);
  return {
    environment: makeEnvironment({ gasLimit: 1_000_000_000n }),
    prepare: (state) => {
      for (let i = 0; i < TRANSACTIONS; i++) {
        state.setBalance(testAddress(i), ETHER);
      }
      state.setCode(contract, bytes(randomContract()));
    },
    transactions: withNonces(
      Array.from({ length: TRANSACTIONS }, (_, i) => ({
        from: testAddress(i),
        to: contract,
        gasLimit: 500_000n,
        data: operationData(operations),
      })),
    ),
  };
}

function learned(): number {
  const table = new Uint32Array(
    getEngine().core.memory.buffer,
    LEARNED,
    PLACES,
  );
  return table.filter((sign) => sign !== 0).length;
}

describe("hot locations", function () {
  this.timeout(3 * PATIENCE_MS);

  it("are waited for in the middle of an execution, which then is not in vain", async () => {
    const workload = NAMED_WORKLOADS.find(
      ({ name }) => name === "compute, one hot slot",
    );
    if (workload === undefined) throw new Error("expected the workload");
    // One after the other, each writes the slot that the next one reads: without waiting, 0.17 are executed in vain,
    // and then hardly any is executed before its turn.
    const isPipelined = await executeUntil(
      workload.make(TRANSACTIONS),
      ({ aborts, decided }) =>
        1 - decided / TRANSACTIONS > 0.3 && aborts / TRANSACTIONS < 0.1,
    );
    expect(isPipelined).to.equal(true);
  });

  it("are expected in later blocks, and forgotten when nobody writes there any more", async () => {
    getEngine().core.view.fill(LEARNED, PLACES * 4);
    const writes = everybody(
      ["hash", 0, 0],
      ["hash", 0, 0],
      ["increment", 1, 1],
    );
    expect(await executeUntil(writes, () => learned() > 0), "learned").to.equal(
      true,
    );
    const reads = everybody(["hash", 0, 0], ["hash", 0, 0], ["read", 1, 0]);
    expect(
      await executeUntil(reads, () => learned() === 0),
      "forgotten",
    ).to.equal(true);
  });
});
