/** Blocks that were executed wrongly once, as found by soaking, under many schedules. */
import { scheduleOf } from "../../src/internal/executor/logical-threads.js";
import { Oracle } from "../helpers/assert-equivalent.js";
import {
  Fork,
  makeEnvironment,
  type Scenario,
  testAddress,
  withNonces,
} from "../helpers/blocks.js";
import { executeBySchedule } from "../helpers/logical-threads.js";
import { prepareRandomBlock } from "../helpers/random-blocks.js";
import { operationData } from "../helpers/random-contract.js";

const SEEDS = 400;
/** One of the contracts of `prepareRandomBlock`. */
const DESTROYED = testAddress(17);

const call = (
  from: number,
  operations: Parameters<typeof operationData>[0],
  value = 1n,
  to = DESTROYED,
): Parameters<typeof withNonces>[0][number] => ({
  from: testAddress(from),
  to,
  value,
  gasLimit: 1_000_000n,
  data: operationData(operations),
});

const BLOCKS: Readonly<Record<string, Scenario>> = {
  /**
   * The third transaction pays out of an account that the second one destroys. Executed too early, it takes
   * from the balance of 0 that is left, and what is then paid in may make that 0 again: an empty account.
   */
  "an account that is destroyed, and paid from and to": {
    prepare: prepareRandomBlock,
    environment: makeEnvironment({ fork: Fork.istanbul }),
    transactions: withNonces([
      call(1, [["gas", 1, 2]], 1n, testAddress(19)),
      call(3, [
        ["destroySelf", 19, 4],
        ["clear", 1, 2],
      ]),
      call(0, [["pay", 2, 1]], 1n, testAddress(5)),
      call(4, [["hash", 1, 0]], 1n, testAddress(16)),
      call(4, [["pay", 0, 3]], 0n),
      call(4, [["log", 1, 4]]),
      call(5, [["read", 4, 0]]),
      call(1, [["selfBalance", 4, 0]]),
    ]),
    onInvalid: "skip",
  },
};

describe("blocks that were executed wrongly once", function () {
  this.timeout(60_000);

  for (const [name, scenario] of Object.entries(BLOCKS)) {
    for (const threads of [2, 3]) {
      it(`come to the same by ${threads} logical threads: ${name}`, () => {
        const oracle = new Oracle(scenario, true);
        for (let seed = 0; seed < SEEDS; seed++) {
          oracle.compare(`with seed ${seed}`, (state) =>
            executeBySchedule(scenario, state, threads, scheduleOf(seed), true),
          );
        }
        oracle.close();
      });
    }
  }
});
