/** A few of Ethereum's own tests of every folder: `npm run conformance` runs whole archives of them. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { casesOf, fixtureFiles, STRANGER, type Way } from "./helpers/cases.js";
import { type ParallelWay, parallelWay, SEQUENTIAL } from "./helpers/ways.js";

const ROOT = fileURLToPath(
  new URL("../fixtures/conformance/", import.meta.url),
);
const EVERYTHING = { kind: undefined, fork: undefined, filter: undefined };

/** What differs in the cases of a file, a line each. */
function differences(file: string, way: Way): string[] {
  const lines: string[] = [];
  let cases = 0;
  for (const testCase of casesOf(file, ROOT, EVERYTHING)) {
    if (testCase === STRANGER) throw new Error(`${file}: no test`);
    const difference = testCase.run(way);
    cases++;
    if (difference !== undefined)
      lines.push(`${testCase.title}: ${difference}`);
  }
  expect(cases, file).to.be.greaterThan(0);
  return lines;
}

describe("Ethereum tests", function () {
  let parallel: ParallelWay;

  before(async function () {
    parallel = await parallelWay();
  });

  for (const file of fixtureFiles(ROOT)) {
    const name = relative(ROOT, file);
    it(name, function () {
      expect(differences(file, SEQUENTIAL)).to.deep.equal([]);
    });
    if (/^(state|blockchain)/.test(name)) {
      it(`${name}, in parallel`, function () {
        expect(differences(file, parallel)).to.deep.equal([]);
      });
    }
  }

  it("were executed by Block-STM", function () {
    expect(parallel.counters.blocks).to.be.greaterThan(500);
    expect(parallel.counters.incarnations).to.be.at.least(
      parallel.counters.transactions,
    );
  });
});
