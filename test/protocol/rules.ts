import { expect } from "chai";

import { blobFee } from "../../src/internal/chain/fees.js";
import {
  FORK_NAMES,
  rulesByName,
  scheduleByName,
} from "../../src/internal/protocol/rules.js";

/** Names of the forks before, at and after the change. */
function around(
  name: string,
  at: { number?: bigint; timestamp?: bigint; parentTotalDifficulty?: bigint },
): string[] {
  const { rulesAt } = scheduleByName(name);
  return [-1n, 0n, 1n].map((step) => {
    const position = { number: 0n, timestamp: 0n, parentTotalDifficulty: 0n };
    const moved = Object.entries(at).map(([key, value]) => [key, value + step]);
    return rulesAt({ ...position, ...Object.fromEntries(moved) }).name;
  });
}

describe("protocol rules", function () {
  it("hold all the time, or change at a block, a time or a total difficulty", function () {
    for (const name of FORK_NAMES) {
      expect(around(name, { number: 5n })).to.deep.equal([name, name, name]);
    }
    expect(around("FrontierToHomesteadAt5", { number: 5n })).to.deep.equal([
      "Frontier",
      "Homestead",
      "Homestead",
    ]);
    expect(
      around("ByzantiumToConstantinopleFixAt5", { number: 5n }),
    ).to.deep.equal(["Byzantium", "ConstantinopleFix", "ConstantinopleFix"]);
    expect(
      around("ArrowGlacierToParisAtDiffC0000", {
        parentTotalDifficulty: 0xc0000n,
      }),
    ).to.deep.equal(["ArrowGlacier", "Paris", "Paris"]);
    for (const [from, to] of [
      ["Paris", "Shanghai"],
      ["Shanghai", "Cancun"],
      ["Cancun", "Prague"],
      ["Prague", "Osaka"],
      ["Osaka", "BPO1"],
      ["BPO1", "BPO2"],
    ]) {
      expect(
        around(`${from}To${to}AtTime15k`, { timestamp: 15_000n }),
      ).to.deep.equal([from, to, to]);
    }
  });

  it("know at which block the DAO's balances move", function () {
    const { rulesAt } = scheduleByName("HomesteadToDaoAt5");
    const at = (number: bigint): bigint | undefined =>
      rulesAt({ number, timestamp: 0n, parentTotalDifficulty: 0n }).daoBlock;
    expect([4n, 5n, 6n].map(at)).to.deep.equal([undefined, 5n, 5n]);
  });

  it("name the forks that there are when asked for another", function () {
    for (const name of ["Pragu", "", "ParisToNowhereAtTime15k", "toString"]) {
      expect(() => scheduleByName(name)).to.throw(
        /^unknown fork: expected one of Frontier, Homestead, .*, BPO2,.*, got "/,
      );
    }
  });

  it("take the blob parameters of a chain where it has its own", function () {
    const blobSchedule = new Map([
      ["BPO1", { target: 1n, max: 2n, updateFraction: 100n }],
    ]);
    expect(rulesByName("BPO1", blobSchedule).blobs).to.deep.equal({
      target: 1n,
      max: 2n,
      updateFraction: 100n,
      baseCost: 8_192n,
    });
    expect(rulesByName("BPO2", blobSchedule).blobs?.max).to.equal(21n);
    expect(rulesByName("Cancun").blobs?.baseCost).to.equal(0n);
    expect(rulesByName("Shanghai").blobs).to.equal(undefined);
  });

  it("price blobs by the fork's fraction (EIPs 4844, 7691, 7892)", function () {
    // e^(excess / fraction), rounded down.
    const price = (name: string): bigint | undefined => {
      const { blobs } = rulesByName(name);
      return blobs === undefined ? undefined : blobFee(100_000_000n, blobs);
    };
    const exact = (fraction: number): bigint =>
      BigInt(Math.floor(Math.exp(100_000_000 / fraction)));
    expect(price("BPO1")).to.equal(exact(8_346_193));
    expect(price("BPO2")).to.equal(exact(11_684_671));
  });

  it("cap gas and blobs of a transaction from Osaka on (EIPs 7825, 7594)", function () {
    const caps = (name: string): (bigint | number | undefined)[] => {
      const rules = rulesByName(name);
      return [rules.transactionGasCap, rules.maxBlobsPerTransaction];
    };
    expect(caps("Prague")).to.deep.equal([undefined, undefined]);
    expect(caps("Osaka")).to.deep.equal([16_777_216n, 6]);
    expect(caps("BPO2")).to.deep.equal([16_777_216n, 6]);
  });
});
