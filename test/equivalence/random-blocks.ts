/** Random blocks on real threads. */
import type { WorkerPool } from "../../src/internal/workers/pool.js";

import fc from "fast-check";

import {
  compareExecutions,
  readyWorkers,
} from "../helpers/assert-equivalent.js";
import { Fork, makeEnvironment } from "../helpers/blocks.js";
import {
  makeRandomBlock,
  prepareRandomBlock,
  randomTransaction,
} from "../helpers/random-blocks.js";

describe("random blocks", function () {
  this.timeout(120_000);
  let threads: WorkerPool;

  before(async () => {
    threads = await readyWorkers(3);
  });

  for (const [name, fork] of Object.entries(Fork)) {
    it(`are the same on one thread and on several: ${name}`, () => {
      fc.assert(
        fc.property(
          fc.array(randomTransaction, { minLength: 1, maxLength: 40 }),
          fc.constantFrom("skip", "skip-sender", "stop"),
          fc.constantFrom(60_000_000n, 3_000_000n),
          (plans, onInvalid, gasLimit) => {
            compareExecutions(
              {
                prepare: prepareRandomBlock,
                environment: makeEnvironment({ fork, gasLimit }),
                transactions: makeRandomBlock(plans, fork),
                onInvalid,
              },
              threads,
              { workers: [1, 2, 4] },
            );
          },
        ),
        { numRuns: Number(process.env.FUZZ_RUNS ?? 60) },
      );
    });
  }
});
