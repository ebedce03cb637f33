/** The workloads that the benchmark measures, in parallel against sequential execution. */
import { expect } from "chai";

import { getEngine } from "../../src/internal/evm/engine.js";
import { SequentialExecutor } from "../../src/internal/executor/sequential.js";
import { assertEquivalent } from "../helpers/assert-equivalent.js";
import { NAMED_WORKLOADS } from "../helpers/workloads/named.js";

const COUNT = 96;

/** Share of the transactions that succeed and that are in the block; 1 where nothing else is said. */
const EXPECTED: Readonly<
  Record<string, { readonly succeed?: number; readonly included?: boolean }>
> = {
  "failing and out of gas": { succeed: 0 },
  "block gas limit reached": { included: false },
};

describe("named workloads", function () {
  this.timeout(120_000);

  for (const { name, make } of NAMED_WORKLOADS) {
    it(`come to the same in parallel: ${name}`, async () => {
      const scenario = make(COUNT);
      const counters = await assertEquivalent(scenario);
      expect([...counters.keys()]).to.deep.equal([1, 2, 4, 8]);
      const { succeed = 1, included = true } = EXPECTED[name] ?? {};
      const state = getEngine().createState();
      scenario.prepare(state);
      const { results } = new SequentialExecutor().executeBlock(
        state,
        scenario.environment,
        scenario.transactions,
        { onInvalid: "skip-sender", target: "direct" },
      );
      state.close();
      const successes = results.filter(({ status }) => status < 0x10).length;
      expect(successes).to.equal(succeed * results.length);
      expect(results.length === COUNT).to.equal(included);
    });
  }
});
