import { expect } from "chai";

import { Coverage } from "./helpers/coverage.js";
import { generateSequence } from "./helpers/generator.js";
import { runSequence } from "./helpers/runner.js";
import { failureText } from "./helpers/script.js";
import { edrSides } from "./helpers/sides.js";
import { buildProject } from "./helpers/solidity-project.js";

const SEQUENCES = 40;

describe("Differential test: the reference against itself", function () {
  this.timeout(120_000);

  const coverage = new Coverage();

  before(async () => {
    await buildProject();
    const pair = { reference: edrSides(), subject: edrSides() };
    for (let i = 0; i < SEQUENCES; i++) {
      const sequence = generateSequence(`reference:${i}`);
      const report = await runSequence(pair, sequence);
      if (report === undefined) {
        continue;
      }
      const { failure } = report;
      if (failure !== undefined) {
        expect.fail(failureText({ sequence, failure }));
      }
      coverage.add(report);
    }
  });

  it("makes sequences whose requests mostly have results", () => {
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

  it("reaches many different errors", () => {
    expect(coverage.errorMessages()).to.be.greaterThan(60);
  });
});
