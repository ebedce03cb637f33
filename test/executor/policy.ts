import type { ExecutableTransaction } from "../../src/internal/evm/types.js";
import type { Decision } from "../../src/internal/executor/policy.js";

import { expect } from "chai";

import { MethodHistory } from "../../src/internal/executor/method-history.js";
import { Policy } from "../../src/internal/executor/policy.js";
import { bytes, testAddress, withNonces } from "../helpers/blocks.js";

const READY = { ready: 1, ensure: () => undefined };

function calls(count: number, selector: string): ExecutableTransaction[] {
  return withNonces(
    Array.from({ length: count }, (_, i) => ({
      from: testAddress(i),
      to: testAddress(1000),
      data: bytes(selector),
    })),
  );
}

/** What a block takes on one thread, and on two. */
interface Times {
  readonly sequentialUs: number;
  readonly parallelUs: number;
  readonly aborts?: number;
}

/** A process: decides about blocks, and is told what they took. */
class Machine {
  readonly #policy = new Policy();

  /** Returns how the block was decided. */
  public execute(
    candidates: readonly ExecutableTransaction[],
    { sequentialUs, parallelUs, aborts = 0 }: Times,
  ): string {
    const decision = this.#policy.decide(
      { mode: "auto", candidates, threads: 2 },
      READY,
    );
    if (decision.mode === "parallel") {
      this.#policy.learnParallel(candidates, 2, parallelUs / 1000, aborts);
      return "parallel";
    }
    this.#policy.learnSequential(candidates, sequentialUs / 1000);
    return decision.reason ?? "";
  }

  /** The same block again and again; returns how it was decided each time. */
  public run(
    candidates: readonly ExecutableTransaction[],
    times: number,
    timesOf: (i: number) => Times,
  ): string[] {
    return Array.from({ length: times }, (_, i) =>
      this.execute(candidates, timesOf(i)),
    );
  }
}

function share(decisions: readonly string[], decision: string): number {
  return (
    decisions.filter((each) => each === decision).length / decisions.length
  );
}

describe("policy of the executor", () => {
  it("does as it is told, whatever it expects", () => {
    const policy = new Policy();
    const decide = (mode: "sequential" | "parallel", count: number): Decision =>
      policy.decide(
        { mode, candidates: calls(count, "0x01020304"), threads: 4 },
        READY,
      );
    expect(decide("parallel", 1)).to.deep.equal({
      mode: "parallel",
      threads: 4,
    });
    expect(decide("sequential", 1000).mode).to.equal("sequential");
  });

  it("says why not", () => {
    const reasonOf = (
      count: number,
      { threads = 2, ready = 1 } = {},
    ): string | undefined => {
      const decision = new Policy().decide(
        { mode: "auto", candidates: calls(count, "0x01020304"), threads },
        { ready, ensure: () => undefined },
      );
      return decision.mode === "sequential" ? decision.reason : decision.mode;
    };
    expect(reasonOf(3)).to.equal("too-few-transactions");
    expect(reasonOf(20)).to.equal("too-little-work");
    expect(reasonOf(1000, { threads: 1 })).to.equal("disabled");
    expect(reasonOf(1000, { ready: 0 })).to.equal("workers-starting");
    expect(reasonOf(1000)).to.equal("measuring");
    expect(reasonOf(10_000)).to.equal("parallel");
  });

  it("starts threads for blocks that have something to share, and for no others", () => {
    const asked: number[] = [];
    const policy = new Policy();
    for (const count of [3, 20, 1000]) {
      policy.decide(
        { mode: "auto", candidates: calls(count, "0x01020304"), threads: 4 },
        { ready: 0, ensure: (threads) => asked.push(threads) },
      );
    }
    expect(asked).to.deep.equal([3]);
  });

  it("goes parallel when that is faster, and measures now and then", () => {
    const decisions = new Machine().run(calls(400, "0x0a"), 200, () => ({
      sequentialUs: 4000,
      parallelUs: 2300,
    }));
    expect(share(decisions, "parallel")).to.be.greaterThan(0.9);
    expect(share(decisions, "measuring")).to.be.within(0.01, 0.06);
  });

  it("stays on one thread when transactions are too cheap to be shared", () => {
    // 1 us each: as much again is what sharing costs.
    const decisions = new Machine().run(calls(600, "0x0b"), 100, () => ({
      sequentialUs: 600,
      parallelUs: 700,
    }));
    expect(share(decisions, "too-little-work")).to.be.greaterThan(0.9);
  });

  it("stays on one thread when nothing is gained, and looks again now and then", () => {
    const decisions = new Machine().run(calls(400, "0x0c"), 300, () => ({
      sequentialUs: 4000,
      parallelUs: 4400,
    }));
    expect(share(decisions, "parallel")).to.be.within(0.01, 0.06);
    expect(share(decisions, "no-gain")).to.be.greaterThan(0.9);
  });

  it("is not led astray by a block that took long, or was not compiled yet", () => {
    const decisions = new Machine().run(calls(400, "0x10"), 200, (i) => ({
      sequentialUs: i < 3 ? 12_000 : 4000,
      parallelUs: i < 3 || i % 4 === 0 ? 5000 : 2300,
    }));
    expect(share(decisions, "parallel")).to.be.greaterThan(0.85);
  });

  it("does not judge by the first block of a kind, which finds the other threads cold", () => {
    const decisions = new Machine().run(calls(400, "0x10203040"), 5, (i) => ({
      sequentialUs: 2000,
      parallelUs: i === 1 ? 2100 : 1200,
    }));
    expect(decisions).to.deep.equal([
      ...["measuring", "parallel", "parallel", "measuring", "parallel"],
    ]);
    const contended = new Machine().run(calls(400, "0x10203040"), 3, () => ({
      sequentialUs: 2000,
      parallelUs: 2100,
      aborts: 40,
    }));
    expect(contended).to.deep.equal(["measuring", "parallel", "no-gain"]);
  });

  it("measures on one thread what several have executed first, before it judges", () => {
    const decisions = new Machine().run(calls(10_000, "0x11"), 40, () => ({
      sequentialUs: 170_000,
      parallelUs: 95_000,
    }));
    expect(decisions.slice(0, 3)).to.deep.equal([
      "parallel",
      "measuring",
      "parallel",
    ]);
    expect(decisions).not.to.include("no-gain");
  });

  it("expects of what it has never seen what it has learned of such blocks", () => {
    const machine = new Machine();
    const decisions = Array.from({ length: 40 }, (_, i) => {
      // Everything is called once and never again, as in blocks of the main network.
      const candidates = Array.from({ length: 200 }, (_, n) =>
        calls(1, `0x${(i * 200 + n).toString(16).padStart(8, "0")}`),
      ).flat();
      return machine.execute(candidates, {
        sequentialUs: 100_000,
        parallelUs: 62_000,
      });
    });
    expect(decisions[0]).to.equal("measuring");
    expect(share(decisions, "parallel")).to.be.greaterThan(0.8);
  });

  it("does not try again what transactions have no room for, because other blocks gain", () => {
    const machine = new Machine();
    const chain = { sequentialUs: 1500, parallelUs: 1800, aborts: 60 };
    const decisions = Array.from({ length: 300 }, () => {
      machine.execute(calls(400, "0x12"), {
        sequentialUs: 4000,
        parallelUs: 2300,
      });
      return machine.execute(calls(300, "0x13"), chain);
    });
    expect(share(decisions, "parallel")).to.be.within(0.01, 0.04);
  });

  it("tells what is worth it from what is not by what is called", () => {
    const policy = new Policy();
    const heavy = calls(50, "0x0000000d");
    const light = calls(50, "0x0000000e");
    for (let i = 0; i < 10; i++) {
      policy.learnSequential(heavy, 50);
      policy.learnSequential(light, 0.05);
    }
    const modeOf = (candidates: readonly ExecutableTransaction[]): string =>
      policy.decide({ mode: "auto", candidates, threads: 2 }, READY).mode;
    expect(modeOf(heavy)).to.equal("parallel");
    expect(modeOf(light)).to.equal("sequential");
  });
});

describe("history of methods", () => {
  it("learns what a block costs, and forgets a pause", () => {
    const history = new MethodHistory();
    const block = calls(1000, "0x0f");
    for (let i = 0; i < 20; i++) history.sample(block).learnCost(3000);
    expect(history.sample(block).costUs).to.be.closeTo(3000, 30);
    history.sample(block).learnCost(1_000_000);
    for (let i = 0; i < 20; i++) history.sample(block).learnCost(3000);
    expect(history.sample(block).costUs).to.be.closeTo(3000, 100);
  });

  it("tells methods apart in mixed blocks", () => {
    const history = new MethodHistory();
    const cheap = calls(100, "0x00000010");
    const dear = calls(100, "0x00000011");
    for (let i = 0; i < 60; i++) {
      history.sample(cheap).learnCost(200);
      history.sample([...cheap, ...dear]).learnCost(200 + 5000);
    }
    expect(history.sample(dear).costUs).to.be.closeTo(5000, 250);
  });

  it("remembers so many methods and no more", () => {
    const history = new MethodHistory();
    for (let i = 0; i < 5000; i++) {
      history.sample(calls(1, `0x${i.toString(16).padStart(8, "0")}`));
    }
    expect(history.size).to.be.at.most(512);
  });
});
