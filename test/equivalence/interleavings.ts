/** Random blocks under random schedules of logical threads: thousands of interleavings, each repeatable. */
import { expect } from "chai";
import fc from "fast-check";

import { Oracle } from "../helpers/assert-equivalent.js";
import { Fork, makeEnvironment } from "../helpers/blocks.js";
import { executeBySchedule } from "../helpers/logical-threads.js";
import {
  makeRandomBlock,
  prepareRandomBlock,
  randomTransaction,
} from "../helpers/random-blocks.js";

const FORKS = [Fork.frontier, Fork.istanbul, Fork.london, Fork.osaka];
const RUNS = Number(process.env.FUZZ_RUNS ?? 500);

/** Schedules per block. */
const SCHEDULES = 4;

describe("interleavings", function () {
  this.timeout(600_000);

  let waits = 0;
  after(() => {
    if (RUNS >= 500) expect(waits).to.be.greaterThan(0);
  });

  for (const threads of [2, 3, 5]) {
    it(`of ${threads} logical threads all come to the same`, () => {
      const totals = { aborts: 0, commitAborts: 0, validations: 0 };
      fc.assert(
        fc.property(
          fc.array(randomTransaction, {
            minLength: 2,
            maxLength: 24,
            size: "max",
          }),
          fc.constantFrom(...FORKS),
          fc.constantFrom("skip", "skip-sender", "stop"),
          fc.array(
            fc.noBias(fc.array(fc.nat(1000), { maxLength: 160, size: "max" })),
            {
              minLength: SCHEDULES,
              maxLength: SCHEDULES,
            },
          ),
          (plans, fork, onInvalid, schedules) => {
            const scenario = {
              prepare: prepareRandomBlock,
              environment: makeEnvironment({ fork }),
              transactions: makeRandomBlock(plans, fork),
              onInvalid,
            } as const;
            const oracle = new Oracle(scenario, true);
            schedules.forEach((schedule, i) => {
              const { counters } = oracle.compare(
                `under schedule ${i}`,
                (state) =>
                  executeBySchedule(scenario, state, threads, schedule, true),
              );
              totals.aborts += counters.aborts;
              totals.commitAborts += counters.commitAborts;
              waits += counters.waits;
              totals.validations += counters.validations;
            });
            oracle.close();
          },
        ),
        { numRuns: RUNS },
      );
      // The schedules did go where they were meant to go.
      expect(totals.aborts).to.be.greaterThan(totals.commitAborts);
      expect(totals.commitAborts).to.be.greaterThan(0);
      expect(totals.validations).to.be.greaterThan(0);
    });
  }
});
