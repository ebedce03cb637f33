import { expect } from "chai";

import { executeOnCore } from "./helpers/core-engine.js";
import { randomWorld } from "./helpers/random-world.js";

const WORLDS = 1000;
const HOMESTEAD = 1;

/** The seeds whose run succeeded and did nothing with its gas but pass it on. */
function transparentSeeds(): string[] {
  return Array.from({ length: WORLDS }, (_, i) => `gas-${i}`).filter((seed) => {
    const world = randomWorld(seed);
    // On Frontier a create that cannot pay for its code succeeds without it.
    if (world.fork < HOMESTEAD) return false;
    const { success, result } = executeOnCore(world);
    return success && !result.gasOpaque;
  });
}

describe("the gas that a run needed", () => {
  it("is enough for the same run, and one less is not", () => {
    const seeds = transparentSeeds();
    expect(seeds.length).to.be.greaterThan(60);
    let less = 0;
    for (const seed of seeds) {
      const world = randomWorld(seed);
      const first = executeOnCore(world);
      const { gasNeeded, gasSpent } = first.result;
      expect(gasNeeded >= gasSpent, seed).to.equal(true);
      if (gasNeeded > gasSpent) less++;
      const exact = executeOnCore(world, gasNeeded);
      expect(exact.success, seed).to.equal(true);
      expect(exact.gasUsed, seed).to.equal(first.gasUsed);
      expect(exact.output, seed).to.equal(first.output);
      expect(exact.logs, seed).to.deep.equal(first.logs);
      const short = executeOnCore(world, gasNeeded - 1n);
      const differs =
        short.invalid || !short.success || short.result.internalOutOfGas;
      expect(differs, seed).to.equal(true);
    }
    // The 63/64 rule and the sentry of SSTORE were met.
    expect(less).to.be.greaterThan(10);
  });
});
