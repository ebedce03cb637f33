import type { Transaction } from "../../../src/internal/chain/types.js";
import type { TransactionRefusal } from "../../../src/internal/protocol/errors.js";
import type { ProtocolRules } from "../../../src/internal/protocol/rules.js";
import type { CasesOf } from "./cases.js";

import { toExecutable } from "../../../src/internal/chain/environment.js";
import {
  INVALID_INTRINSIC_GAS,
  isInvalid,
} from "../../../src/internal/chain/execution-status.js";
import { getEngine } from "../../../src/internal/evm/engine.js";
import { rulesByName } from "../../../src/internal/protocol/rules.js";
import {
  coreRefusal,
  isRefusal,
  readTransaction,
  signatureRefusal,
} from "../../../src/internal/protocol/transaction-rules.js";
import { compareRefusal } from "./exceptions.js";
import { environmentOf } from "./state-environment.js";

interface FixtureResult {
  readonly exception?: string;
  readonly hash?: string;
  readonly sender?: string;
  readonly intrinsicGas?: string;
}

const CHAIN_ID = 1n;

/** TransactionTests: whether a fork takes the bytes as a transaction, of whom, and what it costs before it runs. */
export const transactionCases: CasesOf = function* (name, fixture) {
  const results = fixture.result as Readonly<Record<string, FixtureResult>>;
  for (const [fork, expected] of Object.entries(results)) {
    yield {
      title: `${name}[${fork}]`,
      fork,
      isExecuted: false,
      run() {
        const outcome = accept(String(fixture.txbytes), rulesByName(fork));
        const refusal = isRefusal(outcome) ? outcome : undefined;
        const difference = compareRefusal(refusal, expected.exception);
        if (isRefusal(outcome) || difference !== undefined) return difference;
        const { hash, from } = outcome.transaction;
        if (hash !== expected.hash) return `hash ${hash} for ${expected.hash}`;
        if (from !== expected.sender) {
          return `sender ${from} for ${expected.sender}`;
        }
        const gas = BigInt(expected.intrinsicGas ?? 0);
        return outcome.intrinsicGas === gas
          ? undefined
          : `intrinsic gas ${outcome.intrinsicGas} for ${gas}`;
      },
    };
  }
};

interface Accepted {
  readonly transaction: Transaction;
  readonly intrinsicGas: bigint;
}

/** Or why not. */
function accept(
  txbytes: string,
  rules: ProtocolRules,
): Accepted | TransactionRefusal {
  const transaction = readTransaction(
    Buffer.from(txbytes.replace(/^0x/, ""), "hex"),
  );
  if (isRefusal(transaction)) return transaction;
  return (
    signatureRefusal(transaction, rules, CHAIN_ID) ??
    execute(transaction, rules)
  );
}

/** The rest of the rules is the core's: the sender has all the ether there can be, and the right nonce. */
function execute(
  transaction: Transaction,
  rules: ProtocolRules,
): Accepted | TransactionRefusal {
  // Whether the sender can pay the value, too, is nothing that the bytes say.
  const executable = { ...toExecutable(transaction), value: 0n };
  const state = getEngine().createState();
  try {
    state.setBalance(transaction.from, 2n ** 256n - 1n);
    state.setNonce(transaction.from, transaction.nonce);
    state.nextEpoch();
    const run = state.createRun(
      { ...environmentOf(rules, CHAIN_ID, {}), enforceBlockGasLimit: false },
      { mode: "overlay" },
    );
    try {
      const outcome = run.call(executable);
      if (isInvalid(outcome.status)) return coreRefusal(outcome);
      const withoutGas = run.call({ ...executable, gasLimit: 0n });
      if (withoutGas.status !== INVALID_INTRINSIC_GAS) {
        throw new Error(
          `without gas: expected intrinsic gas, got status 0x${withoutGas.status.toString(16)}`,
        );
      }
      return { transaction, intrinsicGas: withoutGas.errorA };
    } finally {
      run.free();
    }
  } finally {
    state.close();
  }
}
