/** State roots whose hashing several threads share: those of one thread. */
import type { Address } from "../../src/internal/chain/types.js";
import type { ChainState } from "../../src/internal/evm/types.js";

import { expect } from "chai";

import { getEngine } from "../../src/internal/evm/engine.js";
import { ChainStateImplementation } from "../../src/internal/evm/state.js";
import { CoreInstance, coreModule } from "../../src/internal/evm/wasm.js";
import {
  bytes,
  ETHER,
  Fork,
  makeEnvironment,
  makeTransaction,
  testAddress,
  word,
} from "../helpers/blocks.js";
import { Random } from "../helpers/random.js";
import {
  losingHelpers,
  realHelpers,
  THREADS,
  withHelpers,
} from "./helpers/helping.js";

/** Deletes its account and pays its balance to the caller. */
const DESTROY = bytes("33ff");

/** Executions that delete accounts, in a fork that still does so. */
const environment = makeEnvironment({ fork: Fork.shanghai });

type Change = (state: ChainState) => void;

/** Much at once, of one kind: states of any shape come of a few of them. */
function randomChange(random: Random): Change {
  const first = random.below(2_000);
  const count = random.weighted([
    [2, random.between(1, 20)],
    [3, random.between(100, 400)],
    [2, random.between(800, 1_500)],
  ]);
  const owner = testAddress(random.below(12));
  const value = random.between(1, 1_000);
  const each = (change: (state: ChainState, i: number) => void): Change => {
    return (state) => {
      for (let i = first; i < first + count; i++) change(state, i);
    };
  };
  return random.weighted<() => Change>([
    [
      3,
      () =>
        each((state, i) =>
          state.setBalance(testAddress(i), BigInt(i * value) + 1n),
        ),
    ],
    [
      4,
      () =>
        each((state, i) => state.setSlot(owner, word(i), word(i * value + 1))),
    ],
    [2, () => each((state, i) => state.setSlot(owner, word(i), word(0)))],
    [
      2,
      () =>
        each((state, i) =>
          state.setSlot(testAddress(i), word(value % 3), word(value)),
        ),
    ],
    [1, () => (state) => destroy(state, testAddress(random.below(12)))],
    [
      1,
      () => (state) => {
        const run = state.createRun(environment, { mode: "overlay" });
        run.clearStorage(owner);
        run.commit();
        run.free();
      },
    ],
  ])();
}

function destroy(state: ChainState, target: Address): void {
  const sender = testAddress(5_000);
  state.setBalance(sender, ETHER);
  state.setCode(target, DESTROY);
  const run = state.createRun(environment, { mode: "direct" });
  const result = run.execute(
    makeTransaction({
      from: sender,
      to: target,
      nonce: state.nonce(sender),
      gasLimit: 1_000_000n,
    }),
  );
  run.free();
  if (result.status >= 0x10) throw new Error(`status ${result.status}`);
}

/** Random changes, seals, reverts and roots at any epoch, on a state whose roots `rootOf` makes and on one of a single thread. */
function compareRoots(
  random: Random,
  rootOf: (state: ChainState, epoch: number) => string,
): void {
  const engine = getEngine();
  const shared = engine.createState();
  const alone = engine.createState();
  const epochs: number[] = [shared.epoch];
  try {
    for (let step = 0; step < 14; step++) {
      const seed = random.uint32();
      for (const state of [shared, alone]) {
        randomChange(new Random(seed))(state);
      }
      if (random.chance(0.3)) continue;
      const epoch = random.chance(0.7) ? shared.epoch : random.pick(epochs);
      expect(rootOf(shared, epoch), `step ${step}`).to.equal(alone.root(epoch));
      if (random.chance(0.7)) {
        epochs.push(shared.epoch);
        for (const state of [shared, alone]) state.nextEpoch();
      } else if (random.chance(0.4)) {
        epochs.length = random.between(1, epochs.length);
        for (const state of [shared, alone]) {
          state.revert(epochs[epochs.length - 1]);
        }
      }
      expect(shared.epoch).to.equal(alone.epoch);
    }
    for (const epoch of [...epochs, shared.epoch]) {
      expect(rootOf(shared, epoch)).to.equal(alone.root(epoch));
    }
  } finally {
    shared.close();
    alone.close();
  }
}

describe("state roots by several threads", function () {
  this.timeout(120_000);

  for (const threads of THREADS) {
    it(`are those of one, with ${threads}`, async () => {
      const helpers = await realHelpers();
      withHelpers(helpers, () => {
        for (let seed = 0; seed < 12; seed++) {
          compareRoots(new Random(`roots ${seed}`), (state, epoch) =>
            state.root(epoch, threads),
          );
        }
      });
      if (threads > 1) expect(helpers.jobs).to.be.greaterThan(20);
      else expect(helpers.jobs).to.equal(0);
    });
  }

  for (const share of [0.01, 0.5, 1]) {
    it(`do without a thread that died with ${share * 100} % of the work`, () => {
      const helpers = losingHelpers(share, true);
      withHelpers(helpers, () => {
        for (let seed = 0; seed < 5; seed++) {
          compareRoots(new Random(`lost ${seed}`), (state, epoch) =>
            state.root(epoch, 2),
          );
        }
      });
      expect(helpers.lost).to.be.greaterThan(5);
    });
  }

  it("make the tries anew when a thread does not come back", () => {
    const helpers = losingHelpers(0.3, false);
    withHelpers(helpers, () => {
      for (let seed = 0; seed < 5; seed++) {
        compareRoots(new Random(`silent ${seed}`), (state, epoch) =>
          state.root(epoch, 2),
        );
      }
    });
    expect(helpers.lost).to.be.greaterThan(5);
    helpers.release();
  });

  it("are not shared for a few nodes", async () => {
    const helpers = await realHelpers();
    const state = getEngine().createState();
    withHelpers(helpers, () => {
      for (let i = 0; i < 30; i++) state.setBalance(testAddress(i), 1n);
      state.root(state.epoch, 8);
    });
    state.close();
    expect(helpers.jobs).to.equal(0);
  });

  it("come to the same, or to nothing, when the memory is full", () => {
    const memory = new WebAssembly.Memory({
      initial: 16,
      maximum: 300,
      shared: true,
    });
    const core = new CoreInstance(coreModule(), memory, 0);
    const expected = getEngine().createState();
    const prepare = (state: ChainState): void => {
      for (let i = 0; i < 600; i++) {
        state.setBalance(testAddress(i), 7n);
        state.setSlot(testAddress(1), word(i), word(i + 1));
      }
    };
    prepare(expected);
    const root = expected.root();
    expected.close();
    const outcomes = new Set<string>();
    for (let free = 0; free < 24; free++) {
      const chain = core.exports.chainCreate();
      const state = new ChainStateImplementation(core, chain, () => undefined);
      prepare(state);
      core.helpers = losingHelpers(0, true, core);
      const held: number[] = [];
      for (;;) {
        const at = core.exports.bufferAlloc(65_000);
        if (at === 0) break;
        held.push(at);
      }
      for (let i = 0; i < free; i++) core.exports.bufferFree(held.pop() ?? 0);
      try {
        expect(state.root(state.epoch, 2)).to.equal(root);
        outcomes.add("root");
      } catch (error) {
        expect(String(error)).to.include("4 GiB");
        outcomes.add("refused");
      }
      for (const at of held) core.exports.bufferFree(at);
      expect(state.root(state.epoch, 2)).to.equal(root);
      state.close();
    }
    expect([...outcomes]).to.have.members(["refused", "root"]);
  });
});
