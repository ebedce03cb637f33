import type { Pair } from "./helpers/runner.js";

import { expect } from "chai";

import { Coverage } from "./helpers/coverage.js";
import { generateSequence } from "./helpers/generator.js";
import { runSequence } from "./helpers/runner.js";
import { failureText } from "./helpers/script.js";
import { shrink } from "./helpers/shrink.js";
import { edrSides, pluginSides } from "./helpers/sides.js";
import { buildProject } from "./helpers/solidity-project.js";

const SEQUENCES = 200;
const BATCH = 20;
const SEQUENCES_WITH_ITSELF = 20;
const SHRINKING_MS = 60_000;

describe("Differential test", function () {
  this.timeout(300_000);

  before(() => buildProject());

  describe("of EDR with itself", () => {
    it("finds no differences: the harness asks for nothing that is not repeatable", async () => {
      const pair = { reference: edrSides(), subject: edrSides() };
      await compare(pair, 0, SEQUENCES_WITH_ITSELF, new Coverage());
    });
  });

  describe("of EDR with our network", () => {
    const pair = { reference: edrSides(), subject: pluginSides() };
    const coverage = new Coverage();
    let skipped = 0;

    for (let start = 0; start < SEQUENCES; start += BATCH) {
      it(`finds no differences in sequences ${start} to ${start + BATCH - 1}`, async () => {
        skipped += await compare(pair, start, BATCH, coverage);
      });
    }

    it("compared nearly all sequences", () => {
      expect(skipped).to.be.at.most(SEQUENCES / 20);
      expect(coverage.requests).to.be.greaterThan(SEQUENCES * 30);
    });

    it("made requests that mostly have results", () => {
      expect(coverage.methods().length).to.be.greaterThan(60);
      for (const method of [
        "eth_call",
        "eth_estimateGas",
        "eth_sendTransaction",
        "eth_getLogs",
        "evm_mine",
        "hardhat_mine",
      ]) {
        expect(coverage.successShare(method), method).to.be.greaterThan(0.6);
      }
      expect(
        coverage.successShare("eth_sendRawTransaction"),
        "eth_sendRawTransaction",
      ).to.be.greaterThan(0.4);
    });

    it("reached many different errors", () => {
      expect(coverage.errorMessages()).to.be.greaterThan(80);
    });
  });
});

/** Returns how many sequences could not be compared (see `runSequence`). */
async function compare(
  pair: Pair,
  start: number,
  count: number,
  coverage: Coverage,
): Promise<number> {
  let skipped = 0;
  for (let i = start; i < start + count; i++) {
    const sequence = generateSequence(`test:${i}`);
    const report = await runSequence(pair, sequence);
    if (report === undefined) {
      skipped++;
      continue;
    }
    if (report.failure !== undefined) {
      const shrunk = await shrink(pair, sequence, report.failure, SHRINKING_MS);
      expect.fail(
        `${failureText(shrunk)}\nA script that shows it: npm run fuzz -- --only test:${i}`,
      );
    }
    coverage.add(report);
  }
  return skipped;
}
