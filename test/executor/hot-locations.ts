import { expect } from "chai";

import { getEngine } from "../../src/internal/evm/engine.js";
import { ChainStateImplementation } from "../../src/internal/evm/state.js";
import { executeInParallel } from "../../src/internal/executor/parallel.js";
import { readyWorkers } from "../helpers/assert-equivalent.js";
import { NAMED_WORKLOADS } from "../helpers/workloads/named.js";

const TRANSACTIONS = 600;
/** Other processes may have the second core for a while. */
const PATIENCE_MS = 40_000;

describe("hot locations", function () {
  this.timeout(60_000);

  it("are waited for in the middle of an execution, which then is not in vain", async () => {
    const workload = NAMED_WORKLOADS.find(
      ({ name }) => name === "compute, one hot slot",
    );
    if (workload === undefined) throw new Error("expected the workload");
    const { prepare, environment, transactions } = workload.make(TRANSACTIONS);
    const workers = await readyWorkers(1);
    const state = getEngine().createState();
    if (!(state instanceof ChainStateImplementation)) {
      throw new Error("expected a state of the engine");
    }
    prepare(state);
    /** Shares of the transactions: executed before their turn, and in vain. */
    let speculated = 0;
    let aborted = 1;
    const start = performance.now();
    while (performance.now() - start < PATIENCE_MS) {
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
      const { aborts, decided } = outcome.counters;
      speculated = 1 - decided / TRANSACTIONS;
      aborted = aborts / TRANSACTIONS;
      if (speculated > 0.3 && aborted < 0.1) break;
    }
    state.close();
    // One after the other, each writes the slot that the next one reads: without waiting, 0.17 are executed in vain,
    // and then hardly any is executed before its turn.
    expect(speculated, "executed before their turn").to.be.greaterThan(0.3);
    expect(aborted, "executed in vain").to.be.lessThan(0.1);
  });
});
