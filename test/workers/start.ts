import { expect } from "chai";

import { getEngine } from "../../src/internal/evm/engine.js";
import { WorkerPool } from "../../src/internal/workers/pool.js";

const PATIENCE_MS = 20_000;

describe("start of worker threads", function () {
  this.timeout(2 * PATIENCE_MS);

  it("does not wait for the main thread to come back to its event loop", async () => {
    const pool = new WorkerPool(getEngine().core);
    try {
      pool.ensure(2);
      const start = performance.now();
      while (pool.ready < 2 && performance.now() - start < PATIENCE_MS) {
        // Only microtasks, as between requests to a network in the same process.
        await Promise.resolve();
      }
      expect(pool.ready).to.equal(2);
    } finally {
      await pool.close();
    }
  });
});
