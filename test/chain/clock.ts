import { expect } from "chai";

import { Clock } from "../../src/internal/chain/clock.js";
import { ChainError } from "../../src/internal/chain/errors.js";

describe("Clock", function () {
  let seconds: bigint;
  const now = (): bigint => seconds;

  beforeEach(function () {
    seconds = 1_000n;
  });

  function mine(clock: Clock, parent: bigint, explicit?: bigint): bigint {
    const { timestamp, offset } = clock.next(parent, explicit);
    clock.commit(offset);
    return timestamp;
  }

  it("follows the system clock from where it was started", function () {
    const clock = new Clock(now, 5_000n, false);
    expect(clock.current).to.equal(5_000n);
    seconds += 30n;
    expect(mine(clock, 5_000n)).to.equal(5_030n);
  });

  it("moves on by a second when blocks come quicker", function () {
    const clock = new Clock(now, 5_000n, false);
    expect(mine(clock, 5_000n)).to.equal(5_001n);
    expect(mine(clock, 5_001n)).to.equal(5_002n);
    // The seconds gained stay.
    seconds += 10n;
    expect(mine(clock, 5_002n)).to.equal(5_012n);
  });

  it("gives blocks the same second when that is allowed", function () {
    const clock = new Clock(now, 5_000n, true);
    expect(mine(clock, 5_000n)).to.equal(5_000n);
  });

  it("prefers an explicit timestamp to one set in advance, and that to the clock", function () {
    const clock = new Clock(now, 5_000n, false);
    clock.setNext(7_000n, 5_000n);
    clock.increase(100n);
    expect(clock.next(5_000n, 6_000n).timestamp).to.equal(6_000n);
    expect(mine(clock, 5_000n)).to.equal(7_000n);
    seconds += 5n;
    expect(mine(clock, 7_000n)).to.equal(7_005n);
  });

  it("keeps a timestamp set in advance until a block is mined", function () {
    const clock = new Clock(now, 5_000n, false);
    clock.setNext(7_000n, 5_000n);
    clock.next(5_000n);
    seconds += 50n;
    expect(mine(clock, 5_000n)).to.equal(7_000n);
  });

  it("adds to the offset and tells the total", function () {
    const clock = new Clock(now, 5_000n, false);
    expect(clock.increase(10n)).to.equal(4_010n);
    expect(clock.increase(5n)).to.equal(4_015n);
    expect(mine(clock, 5_000n)).to.equal(5_015n);
  });

  it("never goes behind the parent when the system clock does", function () {
    const clock = new Clock(now, 5_000n, false);
    seconds -= 500n;
    expect(mine(clock, 5_000n)).to.equal(5_001n);
    seconds += 1n;
    expect(mine(clock, 5_001n)).to.equal(5_002n);
  });

  it("refuses timestamps before the parent's, and equal ones unless allowed", function () {
    const clock = new Clock(now, 5_000n, false);
    expect(() => clock.setNext(4_999n, 5_000n)).to.throw(
      ChainError,
      "Timestamp 4999 is lower than the previous block's timestamp 5000",
    );
    expect(() => clock.next(5_000n, 1n)).to.throw(
      ChainError,
      "Timestamp 1 is lower than the previous block's timestamp 5000",
    );
    expect(() => clock.setNext(5_000n, 5_000n)).to.throw(
      ChainError,
      "Timestamp 5000 is equal to the previous block's timestamp. Enable the 'allowBlocksWithSameTimestamp' option to allow this",
    );
    new Clock(now, 5_000n, true).setNext(5_000n, 5_000n);
  });

  it("turns an explicit timestamp equal to the parent's into the next second", function () {
    const clock = new Clock(now, 5_000n, false);
    expect(mine(clock, 5_000n, 5_000n)).to.equal(5_001n);
  });

  it("goes back to the time of the snapshot, not beyond", function () {
    const clock = new Clock(now, 5_000n, false);
    const saved = clock.save();
    seconds += 3_000n;
    clock.increase(77n);
    clock.restore(saved);
    expect(clock.current).to.equal(5_000n);
    seconds += 2n;
    expect(mine(clock, 5_000n)).to.equal(5_002n);
  });
});
