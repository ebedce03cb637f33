import type { Address, Hash } from "../../src/internal/chain/types.js";
import type { ChainState } from "../../src/internal/evm/types.js";

import { expect } from "chai";
import fc from "fast-check";

import { getEngine } from "../../src/internal/evm/engine.js";
import { ABSENT, modelRoot, StateModel, ZERO } from "./helpers/model.js";

const ADDRESSES = Array.from(
  { length: 24 },
  (_, i): Address =>
    `0x${(i * 0x9e3779b1).toString(16).padStart(40, i % 2 === 0 ? "f" : "0")}`,
);
const KEYS = Array.from(
  { length: 40 },
  (_, i): Hash =>
    `0x${BigInt(i < 20 ? i : 7 ** i)
      .toString(16)
      .padStart(64, "0")}`,
);

type Step =
  | { kind: "balance"; address: Address; value: bigint }
  | { kind: "nonce"; address: Address; value: bigint }
  | { kind: "code"; address: Address; value: Uint8Array }
  | { kind: "slot"; address: Address; key: Hash; value: Hash }
  | { kind: "seal" }
  | { kind: "revert"; pick: number }
  | { kind: "root"; pick: number };

const address = fc.constantFrom(...ADDRESSES);
const pick = fc.nat(1000);
const word = fc.oneof(
  fc.constant(0n),
  fc.bigInt(1n, 200n),
  fc.bigInt(0n, 2n ** 64n),
  fc.bigInt(0n, 2n ** 256n - 1n),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("balance" as const),
      address,
      value: word,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("nonce" as const),
      address,
      value: fc.bigInt(0n, 2n ** 64n - 1n),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("code" as const),
      address,
      value: fc.uint8Array({ maxLength: 60 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("slot" as const),
      address,
      key: fc.constantFrom(...KEYS),
      value: word.map(
        (value): Hash => `0x${value.toString(16).padStart(64, "0")}`,
      ),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ kind: "seal" as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("revert" as const), pick }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("root" as const), pick }),
  },
);

function expectEqual(
  state: ChainState,
  model: StateModel,
  epoch: number,
): void {
  const expected = model.at(epoch);
  for (const address of ADDRESSES) {
    const account = expected.get(address) ?? ABSENT;
    const actual = state.account(address, epoch);
    expect(actual.exists).to.equal(expected.has(address));
    expect(actual.balance).to.equal(account.balance);
    expect(actual.nonce).to.equal(account.nonce);
    expect(actual.code).to.deep.equal(account.code);
    for (const key of KEYS) {
      expect(state.slot(address, key, epoch)).to.equal(
        account.storage.get(key) ?? ZERO,
      );
    }
  }
  const dump = state.dump(epoch);
  expect([...dump.keys()].sort()).to.deep.equal([...expected.keys()].sort());
  for (const [address, account] of dump) {
    expect(new Map([...account.storage].sort())).to.deep.equal(
      new Map([...expected.get(address)!.storage].sort()),
    );
  }
}

async function perform(
  state: ChainState,
  model: StateModel,
  step: Step,
): Promise<void> {
  const epochOf = (pick: number): number =>
    model.epochs[pick % model.epochs.length];
  switch (step.kind) {
    case "balance":
      state.setBalance(step.address, step.value);
      model.change(step.address, { balance: step.value });
      break;
    case "nonce":
      state.setNonce(step.address, step.value);
      model.change(step.address, { nonce: step.value });
      break;
    case "code":
      state.setCode(step.address, step.value);
      model.change(step.address, { code: step.value });
      break;
    case "slot":
      state.setSlot(step.address, step.key, step.value);
      model.setSlot(step.address, step.key, step.value);
      break;
    case "seal":
      state.nextEpoch();
      model.nextEpoch();
      break;
    case "revert": {
      const epoch = epochOf(step.pick);
      state.revert(epoch);
      model.revert(epoch);
      break;
    }
    case "root": {
      const epoch = epochOf(step.pick);
      expect(state.root(epoch)).to.equal(await modelRoot(model.at(epoch)));
      break;
    }
  }
  expect(state.epoch).to.equal(model.epoch);
}

describe("chain state", () => {
  it("equals a model under writes, epochs, reverts and historic roots", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 80 }),
        async (steps) => {
          const state = getEngine().createState();
          const model = new StateModel();
          try {
            for (const step of steps) await perform(state, model, step);
            for (const epoch of model.epochs) expectEqual(state, model, epoch);
            expect(state.root()).to.equal(await modelRoot(model.state));
          } finally {
            state.close();
          }
        },
      ),
      { numRuns: 60 },
    );
  }).timeout(120_000);
});
