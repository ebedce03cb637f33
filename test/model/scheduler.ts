// Every interleaving of small blocks. `npm run test:unit -- test/model/scheduler.ts` runs this file
// alone; MODEL_LARGE=1 adds blocks that take minutes.
import { expect } from "chai";

import {
  explore,
  type ModelTransaction,
  ModelViolation,
} from "./scheduler-model.js";

/** Reads and writes one location, adding to it. */
const increment = (location: number): ModelTransaction => ({
  reads: [location],
  writes: ([value]) => new Map([[location, value + 1]]),
});

const copyTo = (from: number, to: number): ModelTransaction => ({
  reads: [from],
  writes: ([value]) => new Map([[to, value * 2]]),
});

/** Writes `location` only if it reads something else than the initial value: its write set changes. */
const conditional = (guard: number, location: number): ModelTransaction => ({
  reads: [guard],
  writes: ([value]) =>
    value === 1 ? new Map([[location, 7]]) : new Map([[guard, value + 5]]),
});

const onlyWhile = (
  value: number,
  transaction: ModelTransaction,
): ModelTransaction => ({
  ...transaction,
  isInvalid: ([seen]) => seen !== value,
});

const blocks: readonly {
  readonly name: string;
  readonly transactions: readonly ModelTransaction[];
  readonly locations: number;
  readonly conflicts: boolean;
}[] = [
  {
    name: "independent transactions",
    transactions: [increment(0), increment(1), increment(2)],
    locations: 3,
    conflicts: false,
  },
  {
    name: "one hot location",
    transactions: [increment(0), increment(0), increment(0)],
    locations: 1,
    conflicts: true,
  },
  {
    name: "a chain over two locations",
    transactions: [increment(0), copyTo(0, 1), copyTo(1, 0)],
    locations: 2,
    conflicts: true,
  },
  {
    name: "a write set that hangs on what was read",
    transactions: [increment(0), conditional(0, 1), copyTo(1, 0)],
    locations: 2,
    conflicts: true,
  },
  {
    name: "a transaction that becomes invalid",
    transactions: [increment(0), onlyWhile(1, increment(0)), increment(0)],
    locations: 1,
    conflicts: true,
  },
  {
    name: "a transaction that becomes valid",
    transactions: [increment(0), onlyWhile(2, increment(0)), increment(0)],
    locations: 1,
    conflicts: true,
  },
];

describe("model of the parallel scheduler: 3 transactions, 2 threads", function () {
  this.timeout(120_000);

  for (const { name, transactions, locations, conflicts } of blocks) {
    for (const window of [2, 64]) {
      it(`ends as in order, from every state: ${name}, window ${window}`, () => {
        const result = explore({
          transactions,
          locations,
          threads: 2,
          window,
        });
        expect(result.finalStates).to.be.greaterThan(0);
        // The exploration met what it is there for.
        expect(result.aborts > 0).to.equal(conflicts);
      });
    }
  }

  it("meets estimates and waits", () => {
    const { waited } = explore({
      transactions: [increment(0), increment(0), increment(0)],
      locations: 1,
      threads: 2,
      window: 64,
    });
    expect(waited).to.equal(true);
  });

  it("finds a defect, and tells the steps that lead to it", () => {
    expect(() =>
      explore({
        transactions: [increment(0), increment(0), increment(0)],
        locations: 1,
        threads: 2,
        window: 64,
        withoutCommitValidation: true,
      }),
    ).to.throw(ModelViolation, /expected .*\nthread \d: /);
  });

  if (process.env.MODEL_LARGE !== undefined) {
    it("ends as in order: 3 transactions, 3 threads", function () {
      this.timeout(3_600_000);
      explore({
        transactions: [increment(0), conditional(0, 1), copyTo(1, 0)],
        locations: 2,
        threads: 3,
        window: 64,
      });
    });
  }
});
