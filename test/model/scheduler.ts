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
        expect(result.stolen).to.be.greaterThan(0);
        if (!conflicts || window === 64) {
          expect(result.aborts > 0).to.equal(conflicts);
        }
      });
    }
  }

  const hot = {
    transactions: [increment(0), increment(0), increment(0)],
    locations: 1,
    threads: 2,
    window: 64,
  };

  it("ends as in order with early validation, and meets estimates", () => {
    const { waited } = explore({ ...hot, eager: true });
    expect(waited).to.equal(true);
  });

  it("ends as in order when transactions are taken in chunks", () => {
    const { stolen } = explore({ ...hot, chunk: 2 });
    expect(stolen).to.be.greaterThan(0);
  });

  it("ends as in order when a thread's transaction is taken over", () => {
    const { takenAway } = explore({ ...hot, takesOver: true });
    expect(takenAway).to.be.greaterThan(0);
  });

  for (const window of [2, 64]) {
    it(`ends as in order when those who read wait for all before them, however long: window ${window}`, () => {
      for (const { transactions, locations } of blocks) {
        for (const chunk of [1, 2]) {
          const { aborts } = explore({
            transactions,
            locations,
            threads: 2,
            window,
            chunk,
            waits: true,
          });
          expect(aborts, "nobody reads too early").to.equal(0);
        }
      }
    });
  }

  it("ends as in order when who waits is taken over, and what it waits for is executed again", () => {
    const options = { ...hot, eager: true, takesOver: true };
    const { takenAway } = explore({ ...options, waits: true });
    expect(takenAway).to.be.greaterThan(0);
  });

  it("finds a commit that validates nothing, and tells the steps that lead to it", () => {
    expect(() => explore({ ...hot, defect: "blind-commit" })).to.throw(
      ModelViolation,
      /expected .*\nthread \d: /,
    );
  });

  it("finds a transaction that is taken over while others may still be told to wait for it", () => {
    expect(() =>
      explore({
        ...hot,
        window: 2,
        eager: true,
        takesOver: true,
        defect: "late-marks",
      }),
    ).to.throw(ModelViolation, "no end is reachable");
  });

  if (process.env.MODEL_LARGE !== undefined) {
    for (const { name, transactions, locations } of blocks) {
      it(`ends as in order with everything at once: ${name}`, function () {
        this.timeout(3_600_000);
        explore({
          transactions,
          locations,
          threads: 2,
          window: 64,
          chunk: 2,
          eager: true,
          takesOver: true,
        });
      });
    }

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
