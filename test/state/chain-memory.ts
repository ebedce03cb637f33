import type { ChainState } from "../../src/internal/evm/types.js";

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { getEngine } from "../../src/internal/evm/engine.js";

const CHUNK = 65_536;
const COUNT = 100_000;
const OWNER = `0x${"51".repeat(20)}` as const;

function hash(i: number): string {
  return createHash("sha256").update(`${i}`).digest("hex");
}

describe("memory of chains", () => {
  for (const ending of ["closed", "dropped"]) {
    it(`is given back: after 1,000 chains that were opened, used and ${ending}, one after another`, function () {
      this.timeout(240_000);
      const script = new URL("./helpers/many-chains.ts", import.meta.url);
      const output = execFileSync(
        process.execPath,
        [
          ...["--expose-gc", "--import", "tsx", fileURLToPath(script)],
          ...["1000", ending],
        ],
        { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
      );
      const { before, after } = JSON.parse(output) as Record<string, number>;
      expect(before).to.be.greaterThan(0);
      expect(after / before).to.be.lessThan(1.1);
    });
  }

  // docs/architecture.md, "What state costs", names these numbers.
  describe("per account and slot", () => {
    const { core } = getEngine();

    /** Bytes that one more of what `write` writes takes: before the first root, and with it. */
    function bytesOf(
      write: (state: ChainState, i: number) => void,
    ): [bare: number, withRoot: number] {
      const before = core.exports.memoryInUse();
      const state = getEngine().createState();
      try {
        for (let i = 0; i < COUNT; i++) write(state, i);
        const bare = core.exports.memoryInUse() - before;
        state.root();
        return [bare / COUNT, (core.exports.memoryInUse() - before) / COUNT];
      } finally {
        state.close();
        expect(core.exports.memoryInUse()).to.be.at.most(before + CHUNK);
      }
    }

    const writes: Record<string, (state: ChainState, i: number) => void> = {
      "an account": (state, i) =>
        state.setBalance(`0x${hash(i).slice(24)}`, BigInt(i + 1)),
      "a slot": (state, i) =>
        state.setSlot(OWNER, `0x${hash(i)}`, `0x${hash(i + 1)}`),
    };
    for (const [name, write] of Object.entries(writes)) {
      it(`is at most 140 bytes for ${name}, 260 with its share of the trie`, () => {
        const [bare, withRoot] = bytesOf(write);
        expect(bare).to.be.within(100, 140);
        expect(withRoot).to.be.within(bare + 80, 260);
      });
    }

    it("is one version of 64 or 48 bytes for each epoch in which an account or slot changes", () => {
      for (const [name, write] of Object.entries(writes)) {
        const state = getEngine().createState();
        for (let i = 0; i < COUNT; i++) write(state, i);
        state.nextEpoch();
        const before = core.exports.memoryInUse();
        for (let i = 0; i < COUNT; i++) {
          if (name === "a slot") {
            state.setSlot(OWNER, `0x${hash(i)}`, `0x${hash(i + 2)}`);
          } else {
            state.setBalance(`0x${hash(i).slice(24)}`, BigInt(i + 7));
          }
        }
        const bytes = (core.exports.memoryInUse() - before) / COUNT;
        state.close();
        expect(bytes).to.be.within(48, name === "a slot" ? 56 : 72);
      }
    });
  });
});
