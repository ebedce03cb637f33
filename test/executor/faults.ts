/** Threads that are lost, trap or hang, and a memory that is full: the same block, and the next one as ever. */
import type { ChainState } from "../../src/internal/evm/types.js";
import type { BlockOutcome } from "../../src/internal/executor/types.js";
import type { ParallelWorkers } from "../../src/internal/workers/types.js";
import type { Scenario } from "../helpers/blocks.js";

import { expect } from "chai";

import { getEngine } from "../../src/internal/evm/engine.js";
import { ChainStateImplementation } from "../../src/internal/evm/state.js";
import { CoreInstance, coreModule } from "../../src/internal/evm/wasm.js";
import { BlockExecutorImplementation } from "../../src/internal/executor/executor.js";
import { Ended } from "../../src/internal/executor/scheduler-view.js";
import { SequentialExecutor } from "../../src/internal/executor/sequential.js";
import { WorkerPool } from "../../src/internal/workers/pool.js";
import { Oracle } from "../helpers/assert-equivalent.js";
import {
  bytes,
  ETHER,
  makeEnvironment,
  testAddress,
  withNonces,
} from "../helpers/blocks.js";
import { operationData, randomContract } from "../helpers/random-contract.js";

const COUNT = 60;
const CONTRACT = testAddress(1000);
const code = bytes(randomContract());

const prepare = (state: ChainState): void => {
  for (let i = 0; i < COUNT; i++) state.setBalance(testAddress(i), ETHER);
  state.setCode(CONTRACT, code);
};

const scenario: Scenario = {
  prepare,
  environment: makeEnvironment({ gasLimit: 1_000_000_000n }),
  transactions: withNonces(
    Array.from({ length: COUNT }, (_, i) => ({
      from: testAddress(i % 50),
      to: CONTRACT,
      gasLimit: 500_000n,
      data: operationData([
        ["increment", i % 10, 1],
        ["hash", 0, 0],
        ["log", 1, 2],
      ]),
      // One that is skipped, and so is the sender's next one.
      ...(i === 7 ? { nonce: 5n } : {}),
    })),
  ),
};

// Entry of assembly/parallel/scheduler.ts.
const ENTRIES = 16;
const ENTRY_SIZE = 128;
const EXECUTING = 1;
const PUBLISHING = 7;

/** No threads, but whatever `begin` does to the scheduler. */
function faulty(begin: (scheduler: number) => void): ParallelWorkers {
  return {
    ready: 1,
    ensure: () => undefined,
    begin: (_run, scheduler) => begin(scheduler),
    finish: (free) => free(),
  };
}

/** With 45 MB. */
function smallCore(): CoreInstance {
  const memory = new WebAssembly.Memory({
    initial: 16,
    maximum: 700,
    shared: true,
  });
  return new CoreInstance(coreModule(), memory, 0);
}

function newState(core: CoreInstance): ChainState {
  return new ChainStateImplementation(
    core,
    core.exports.chainCreate() >>> 0,
    () => undefined,
  );
}

/** All that there is, but for as many chunks; addresses of buffers. */
function holdMemory(core: CoreInstance, free: number): number[] {
  const held: number[] = [];
  for (;;) {
    const at = core.exports.bufferAlloc(65_000) >>> 0;
    if (at === 0) break;
    held.push(at);
  }
  for (let i = 0; i < free; i++) {
    core.exports.bufferFree(held.pop() ?? 0);
  }
  return held;
}

/** A transaction that some thread has begun with, and will not end. */
function setStatus(scheduler: number, index: number, status: number): void {
  const { view } = getEngine().core;
  view.setU32(view.u32(scheduler + ENTRIES) + index * ENTRY_SIZE, status);
}

function executeWith(
  workers: ParallelWorkers,
  state: ChainState,
  { transactions, environment }: Scenario = scenario,
): BlockOutcome {
  const executor = new BlockExecutorImplementation(getEngine().core, workers, {
    stallMs: 100,
  });
  return executor.executeBlock(state, environment, transactions, {
    mode: "parallel",
    workers: 4,
    onInvalid: "skip-sender",
    target: "direct",
  });
}

describe("faults of the executor", function () {
  this.timeout(60_000);

  it("takes over what a lost thread was executing", () => {
    const oracle = new Oracle(scenario, false);
    const { execution } = oracle.compare("with lost threads", (state) =>
      executeWith(
        faulty((scheduler) => {
          for (const index of [0, 3, 30]) {
            setStatus(scheduler, index, EXECUTING);
          }
        }),
        state,
      ),
    );
    expect(execution.mode).to.equal("parallel");
    expect(execution.reason).to.equal(undefined);
    oracle.close();
  });

  for (const at of [0, 1, 8, 41, COUNT - 1]) {
    it(`goes on alone from a transaction that never gets out: ${at}`, () => {
      const oracle = new Oracle(scenario, false);
      const { execution } = oracle.compare("with a hanging thread", (state) =>
        executeWith(
          faulty((scheduler) => setStatus(scheduler, at, PUBLISHING)),
          state,
        ),
      );
      expect(execution.mode).to.equal("mixed");
      expect(execution.reason).to.equal("timeout");
      oracle.close();
    });
  }

  it("goes on alone when a thread has trapped", () => {
    const oracle = new Oracle(scenario, false);
    const { execution } = oracle.compare("after a trap", (state) =>
      executeWith(
        faulty((scheduler) =>
          getEngine().core.exports.parallelEnd(scheduler, Ended.trap),
        ),
        state,
      ),
    );
    expect(execution.reason).to.equal("trap");
    oracle.close();
  });

  it("does not mind threads that are killed at any moment", async () => {
    const { core } = getEngine();
    const oracle = new Oracle(scenario, false);
    for (let round = 0; round < 8; round++) {
      const pool = new WorkerPool(core);
      pool.ensure(3);
      while (pool.ready < 3) {
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      // The threads are ended while the block is executed, whenever they come to it.
      const closed = pool.close();
      oracle.compare(`while threads end, round ${round}`, (state) =>
        executeWith(pool, state),
      );
      await closed;
      pool.ensure(1);
      while (pool.ready < 1) {
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      const { execution } = oracle.compare("afterwards", (state) =>
        executeWith(pool, state),
      );
      expect(execution.reason).to.equal(undefined);
      await pool.close();
    }
    oracle.close();
  });

  it("lets no transaction fail for memory that other threads have", () => {
    const core = smallCore();
    const state = newState(core);
    const sender = testAddress(0);
    state.setBalance(sender, ETHER);
    // Two megabytes: 1 at 0x200000.
    state.setCode(CONTRACT, bytes("0x6001622000005200"));
    state.nextEpoch();
    let held: number[] = [];
    const executor = new BlockExecutorImplementation(core, {
      ...faulty(() => {
        held = holdMemory(core, 16);
      }),
      finish: (free) => {
        for (const at of held) core.exports.bufferFree(at);
        free();
      },
    });
    const transactions = withNonces(
      Array.from({ length: 4 }, () => ({
        from: sender,
        to: CONTRACT,
        gasLimit: 10_000_000n,
      })),
    );
    const { results, execution } = executor.executeBlock(
      state,
      scenario.environment,
      transactions,
      { mode: "parallel", workers: 2, onInvalid: "skip", target: "direct" },
    );
    expect(execution.reason).to.equal("out-of-memory");
    expect(results.map(({ status }) => status)).to.deep.equal([0, 0, 0, 0]);
    state.close();
  });

  it("comes to the same, or to nothing, when the memory is full", () => {
    const core = smallCore();
    const outcomes = new Set<string>();
    for (let free = 0; free < 40; free++) {
      const state = newState(core);
      prepare(state);
      const sealed = state.epoch;
      state.nextEpoch();
      const root = state.root(sealed);
      const held = holdMemory(core, free);
      const executor = new BlockExecutorImplementation(
        core,
        faulty(() => undefined),
      );
      let outcome: BlockOutcome | undefined;
      try {
        outcome = executor.executeBlock(
          state,
          scenario.environment,
          scenario.transactions,
          {
            mode: "parallel",
            workers: 2,
            onInvalid: "skip-sender",
            target: "direct",
          },
        );
      } catch (error) {
        expect(error).to.be.instanceOf(Error);
        outcomes.add("refused");
      }
      for (const at of held) core.exports.bufferFree(at);
      state.revert(outcome === undefined ? sealed : state.epoch);
      if (outcome === undefined) {
        expect(state.root()).to.equal(root);
      } else {
        outcomes.add(outcome.execution.reason ?? "parallel");
        const twin = newState(core);
        prepare(twin);
        new SequentialExecutor().executeBlock(
          twin,
          scenario.environment,
          scenario.transactions,
          { onInvalid: "skip-sender", target: "direct" },
        );
        expect(state.root()).to.equal(twin.root());
        twin.close();
      }
      state.close();
    }
    expect([...outcomes]).to.include.members(["out-of-memory", "parallel"]);
  });
});
