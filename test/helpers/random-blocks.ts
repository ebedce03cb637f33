/** Random blocks for fast-check: a contract that reads and writes a few slots, some accounts, and the fee recipient. */
import type {
  ChainState,
  ExecutableTransaction,
} from "../../src/internal/evm/types.js";

import fc from "fast-check";

import {
  bytes,
  COINBASE,
  ETHER,
  Fork,
  testAddress,
  withNonces,
  word,
} from "./blocks.js";
import {
  OPERATION_NAMES,
  operationData,
  OPERATIONS,
  randomContract,
} from "./random-contract.js";

const SENDERS = 6;
/** Contracts lie at the addresses 16, 17 …. */
const FIRST_CONTRACT = 16;
const CONTRACTS = 3;
const TOUCHABLE = FIRST_CONTRACT + CONTRACTS;

const code = bytes(randomContract());

/** The state that a random block finds. */
export function prepareRandomBlock(state: ChainState): void {
  for (let i = 0; i < SENDERS; i++) state.setBalance(testAddress(i), ETHER);
  // Too poor for more than a few transactions.
  state.setBalance(testAddress(SENDERS - 1), 20_000_000n);
  for (let i = 0; i < CONTRACTS; i++) {
    const address = testAddress(FIRST_CONTRACT + i);
    state.setBalance(address, 1000n);
    state.setCode(address, code);
    for (let slot = 0; slot < 3; slot++) {
      state.setSlot(address, word(slot), word(slot + 1));
    }
  }
}

const names = fc.constantFrom(...OPERATION_NAMES);
const slot = fc.integer({ min: 0, max: 4 });
const target = fc.oneof(
  fc.integer({ min: 0, max: SENDERS + 2 }),
  fc.integer({ min: FIRST_CONTRACT, max: TOUCHABLE }),
);
const usesTarget = new Set([
  "pay",
  "balance",
  "codeHash",
  "hashOfCode",
  "forward",
  "delegate",
  "destroySelf",
]);
const operation = names.chain((name) =>
  fc.tuple(fc.constant(name), usesTarget.has(name) ? target : slot, slot),
);

/** What a transaction of a random block is to do. */
export const randomTransaction = fc.record({
  from: fc.integer({ min: 0, max: SENDERS - 1 }),
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constant("call" as const) },
    { weight: 3, arbitrary: fc.constant("transfer" as const) },
    { weight: 1, arbitrary: fc.constant("create" as const) },
    { weight: 2, arbitrary: fc.constant("delegate" as const) },
  ),
  to: target,
  contract: fc.integer({ min: FIRST_CONTRACT, max: TOUCHABLE }),
  operations: fc.array(operation, { maxLength: OPERATIONS }),
  value: fc.oneof(fc.constant(0n), fc.constant(1n), fc.constant(ETHER / 2n)),
  gasLimit: fc.constantFrom(30_000n, 60_000n, 200_000n, 1_000_000n, 1_000_000n),
  fault: fc.oneof(
    { weight: 20, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom("gap", "poor", "cheap", "big") },
  ),
  toCoinbase: fc.integer({ min: 0, max: 15 }),
});

export type TransactionPlan =
  typeof randomTransaction extends fc.Arbitrary<infer T> ? T : never;

/** The transactions as planned. */
export function makeRandomBlock(
  plans: readonly TransactionPlan[],
  fork: number,
): ExecutableTransaction[] {
  const nonces = new Map<number, bigint>();
  return withNonces(
    plans.map((plan) => {
      const nonce = nonces.get(plan.from) ?? 0n;
      const isDelegation = plan.kind === "delegate" && fork >= Fork.prague;
      nonces.set(plan.from, nonce + 1n);
      const authority = plan.to % SENDERS;
      if (isDelegation && authority !== plan.from) {
        nonces.set(authority, (nonces.get(authority) ?? 0n) + 1n);
      }
      const to =
        plan.toCoinbase === 0
          ? COINBASE
          : testAddress(plan.kind === "transfer" ? plan.to : plan.contract);
      return {
        type: isDelegation ? 4 : fork >= Fork.london ? 2 : 0,
        from: testAddress(plan.from),
        to: plan.kind === "create" ? undefined : to,
        nonce: plan.fault === "gap" ? nonce + 1n : nonce,
        gasLimit:
          plan.fault === "big"
            ? 70_000_000n
            : // New state costs several times as much there.
              plan.gasLimit * (fork >= Fork.amsterdam ? 4n : 1n),
        value: plan.fault === "poor" ? ETHER * 2n : plan.value,
        feeCap: plan.fault === "cheap" ? 1n : 20n,
        priorityFee:
          plan.fault === "cheap" ? 1n : fork >= Fork.london ? 3n : 20n,
        data:
          plan.kind === "create"
            ? bytes("0x6001600055" + "6133ff600052" + "6002601ef3")
            : operationData(plan.operations),
        authorizationList: isDelegation
          ? [
              {
                chainId: 0n,
                address: testAddress(plan.contract),
                nonce:
                  nonces.get(authority)! - (authority === plan.from ? 0n : 1n),
                yParity: 0,
                r: 1n,
                s: 1n,
                authority: testAddress(authority),
              },
            ]
          : [],
      };
    }),
  );
}
