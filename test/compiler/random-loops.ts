import { expect } from "chai";

import { compareLoops } from "./helpers/compare-loops.js";

const RUNS = 400;
const WITH_ORACLE = 30;

describe("random loops, compiled", function () {
  this.timeout(120_000);

  it(`do what the interpreter does, ${RUNS} times with many gas limits`, async () => {
    for (let i = 0; i < RUNS; i++) {
      const report = await compareLoops(`loops-${i}`, i < WITH_ORACLE);
      if (report !== undefined) expect.fail(report);
    }
  });
});
