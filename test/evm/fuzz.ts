import { expect } from "chai";

import { compareSeed } from "./helpers/compare.js";

const RUNS = 120;

describe("random bytecode on the core and on @ethereumjs/vm", function () {
  this.timeout(120_000);

  it(`gives the same gas, output, logs and state root, ${RUNS} times`, async () => {
    for (let i = 0; i < RUNS; i++) {
      const report = await compareSeed(`evm-${i}`);
      if (report !== undefined) expect.fail(report);
    }
  });
});
