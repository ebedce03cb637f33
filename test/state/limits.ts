import type { Address, Hash } from "../../src/internal/chain/types.js";

import { expect } from "chai";

import { getEngine } from "../../src/internal/evm/engine.js";
import { ChainStateImplementation } from "../../src/internal/evm/state.js";
import { CoreInstance, coreModule } from "../../src/internal/evm/wasm.js";

const hex = (value: number, length: number): `0x${string}` =>
  `0x${value.toString(16).padStart(length * 2, "0")}`;
const address = (value: number): Address => hex(value, 20);
const word = (value: number): Hash => hex(value, 32);

describe("limits of the state", () => {
  it("stays as small after 10,000 reverted snapshots as after the first ones", () => {
    const state = getEngine().createState();
    for (let i = 0; i < 20; i++) state.setBalance(address(i + 1), 10n ** 22n);
    const sizes: number[] = [];
    let next = 1000;
    for (let cycle = 0; cycle < 10_000; cycle++) {
      const snapshot = state.epoch;
      state.nextEpoch();
      for (let i = 0; i < 6; i++) {
        const fresh = address(next++);
        state.setBalance(fresh, BigInt(next));
        state.setSlot(address(1 + (i % 3)), word(next), word(next));
        state.setSlot(fresh, word(1), word(next));
      }
      state.setCode(address(next), new TextEncoder().encode(`code ${next}`));
      if (cycle % 10 === 0) state.root();
      state.nextEpoch();
      state.setSlot(address(1), word(next), word(0));
      if (cycle % 20 === 0) state.root();
      state.revert(snapshot);
      sizes.push(state.memory());
    }
    expect(sizes.at(-1)).to.equal(sizes[200]);
    expect(sizes.at(-1)).to.be.lessThan(5 * 65536);
    expect(state.dump().size).to.equal(20);
    state.close();
  }).timeout(60_000);

  it("finds every one of 20,000 versions of a slot, in logarithmic time", () => {
    const state = getEngine().createState();
    const written = new Map<number, number>();
    let line: number[] = [];
    for (let i = 0; i < 20_000; i++) {
      state.setSlot(address(1), word(1), word(i + 1));
      written.set(state.epoch, i + 1);
      line.push(state.epoch);
      if (i % 997 === 500) {
        const back = line[line.length - (i % 50) - 2];
        state.revert(back);
        line = line.filter((epoch) => epoch <= back);
      } else {
        state.nextEpoch();
      }
    }
    const start = performance.now();
    for (const epoch of line) {
      expect(state.slot(address(1), word(1), epoch)).to.equal(
        word(written.get(epoch) ?? 0),
      );
    }
    // A walk over all versions would take 2 * 10^8 steps.
    expect(performance.now() - start).to.be.lessThan(2000);
    const first = line[3];
    const root = state.root(first);
    state.revert(first);
    expect(state.root()).to.equal(root);
    state.close();
  });

  it("never repeats an epoch, and ignores a revert to one that is yet to come", () => {
    const state = getEngine().createState();
    const seen = new Set([state.epoch]);
    const add = (epoch: number): void => {
      expect(seen.has(epoch)).to.equal(false);
      seen.add(epoch);
    };
    for (let i = 0; i < 50; i++) {
      add(state.nextEpoch());
      state.setNonce(address(7), BigInt(i + 1));
      if (i % 7 === 3) {
        const before = state.epoch;
        state.revert(before - 2);
        expect(state.epoch).to.be.greaterThan(before);
        add(state.epoch);
      }
    }
    const nonce = state.nonce(address(7));
    state.revert(state.epoch + 100);
    add(state.epoch);
    expect(state.nonce(address(7))).to.equal(nonce);
    state.close();
  });

  it("takes two chunks for a fresh chain, and gives them back", () => {
    const engine = getEngine();
    const before = engine.memoryInUse();
    const states = Array.from({ length: 1000 }, () => {
      const state = engine.createState();
      for (let i = 0; i < 20; i++) state.setBalance(address(i + 1), 10n ** 22n);
      state.root();
      return state;
    });
    expect(engine.memoryInUse() - before).to.be.at.most(1000 * 2 * 65536);
    for (const state of states) state.close();
    expect(engine.memoryInUse()).to.equal(before);
  });

  it("takes as many bytes per account, slot and version as documented", () => {
    const state = getEngine().createState();
    const count = 30_000;
    const perItem = (fill: () => void): number => {
      const before = state.memory();
      fill();
      return (state.memory() - before) / count;
    };
    const accounts = perItem(() => {
      for (let i = 0; i < count; i++) state.setNonce(address(i + 1), 1n);
      state.root();
    });
    const slots = perItem(() => {
      for (let i = 0; i < count; i++) {
        state.setSlot(address(1), word(i), word(7));
      }
      state.root();
    });
    state.nextEpoch();
    const versions = perItem(() => {
      for (let i = 0; i < count; i++) {
        state.setSlot(address(1), word(i), word(8));
      }
      state.root();
    });
    expect(accounts).to.be.within(200, 275);
    expect(slots).to.be.within(200, 275);
    expect(versions).to.be.within(45, 52);
    state.close();
  });

  it("refuses to be used after close, and may be closed twice", () => {
    const state = getEngine().createState();
    state.close();
    state.close();
    expect(() => state.balance(address(1))).to.throw(
      "expected an open chain state, got one that was closed",
    );
    expect(() => state.nextEpoch()).to.throw("closed");
    expect(() => state.root()).to.throw("closed");
  });

  it("gives the region of a dropped state back", async () => {
    const { setFlagsFromString } = await import("node:v8");
    const { runInNewContext } = await import("node:vm");
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const engine = getEngine();
    const before = engine.memoryInUse();
    (() => {
      for (let i = 0; i < 50; i++) {
        engine.createState().setNonce(address(1), 1n);
      }
    })();
    expect(engine.memoryInUse()).to.be.greaterThan(before);
    for (let i = 0; i < 50 && engine.memoryInUse() > before; i++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(engine.memoryInUse()).to.be.at.most(before);
  });

  it("reports a full memory with the state intact", () => {
    const memory = new WebAssembly.Memory({
      initial: 16,
      maximum: 200,
      shared: true,
    });
    const core = new CoreInstance(coreModule(), memory, 0);
    const state = new ChainStateImplementation(
      core,
      core.exports.chainCreate(),
      () => {},
    );
    let count = 0;
    const fill = (): void => {
      for (; ; count++) state.setSlot(address(1), word(count), word(count + 1));
    };
    expect(fill).to.throw("4 GiB");
    expect(count).to.be.greaterThan(10_000);
    for (const index of [0, 1, count - 1]) {
      expect(state.slot(address(1), word(index))).to.equal(word(index + 1));
    }
    expect(state.slot(address(1), word(count))).to.equal(word(0));
    expect(() => state.root()).to.throw("4 GiB");
    state.revert(0);
    expect(state.dump().size).to.equal(0);
    state.setNonce(address(1), 1n);
    expect(state.root()).to.be.a("string");
    state.close();
  });
});
