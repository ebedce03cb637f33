/** Real threads that trap or are ended while they work on what comes after execution. */
import { expect } from "chai";

import { getEngine } from "../../src/internal/evm/engine.js";
import { WorkerPool } from "../../src/internal/workers/pool.js";
import { testAddress, word } from "../helpers/blocks.js";
import { withHelpers } from "./helpers/helping.js";

/** Beyond the memory: whoever works on it traps. */
const NO_JOB = 0xffff_f000;

async function poolOf(count: number): Promise<WorkerPool> {
  const pool = new WorkerPool(getEngine().core);
  pool.ensure(count);
  await untilReady(pool, count);
  return pool;
}

async function untilReady(pool: WorkerPool, count: number): Promise<void> {
  while (pool.ready < count) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Changes much, and compares the root by several threads with that by one. */
function expectRootToHold(pool: WorkerPool, seed: number): void {
  const shared = getEngine().createState();
  const alone = getEngine().createState();
  for (const state of [shared, alone]) {
    for (let i = 0; i < 2_000; i++) {
      state.setBalance(testAddress(i), BigInt(i + seed));
      state.setSlot(testAddress(i % 3), word(i), word(i + seed + 1));
    }
  }
  withHelpers(pool, () => {
    expect(shared.root(shared.epoch, 4)).to.equal(alone.root());
  });
  shared.close();
  alone.close();
}

describe("threads that are lost after execution", function () {
  this.timeout(60_000);

  it("trap, are given up, and are replaced", async () => {
    const pool = await poolOf(2);
    let freed = 0;
    const ticket = pool.beginJob(NO_JOB, 2);
    const start = performance.now();
    while (pool.ready > 0 && performance.now() - start < 5_000);
    expect(pool.endJob(ticket, 5_000)).to.equal(true);
    pool.finishJob(ticket, () => freed++);
    expect(freed).to.equal(1);
    expect(pool.ready).to.equal(0);
    // They may not be gone yet, and whatever is begun now they could find.
    expect(pool.idle).to.equal(0);
    expectRootToHold(pool, 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    pool.ensure(2);
    await untilReady(pool, 2);
    expectRootToHold(pool, 2);
    await pool.close();
  });

  it("are ended at any moment", async () => {
    for (let round = 0; round < 6; round++) {
      const pool = await poolOf(3);
      const closed = pool.close();
      expectRootToHold(pool, round);
      await closed;
      pool.ensure(1);
      await untilReady(pool, 1);
      expectRootToHold(pool, round + 100);
      await pool.close();
    }
  });

  it("leave a job whose place another has taken, and its memory is given back", async () => {
    const pool = await poolOf(1);
    const { exports } = getEngine().core;
    const before = exports.memoryInUse();
    for (let round = 0; round < 50; round++) expectRootToHold(pool, round);
    expect(exports.memoryInUse()).to.be.at.most(before + 40 * 65_536);
    await pool.close();
  });
});
