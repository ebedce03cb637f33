import type { Transaction } from "../../../src/internal/chain/types.js";
import type { ExecutableTransaction } from "../../../src/internal/evm/types.js";
import type { ProtocolRules } from "../../../src/internal/protocol/rules.js";
import type { CasesOf } from "./cases.js";

import { toExecutable } from "../../../src/internal/chain/environment.js";
import { RlpError } from "../../../src/internal/chain/rlp-reader.js";
import { decodeBlockTransaction } from "../../../src/internal/chain/transaction-decoder.js";
import { getEngine } from "../../../src/internal/evm/engine.js";
import { rulesByName } from "../../../src/internal/protocol/rules.js";
import { transactionFault } from "../../../src/internal/protocol/transaction-rules.js";
import { environmentOf } from "./state-environment.js";

interface FixtureResult {
  readonly exception?: string;
  readonly hash?: string;
  readonly sender?: string;
  readonly intrinsicGas?: string;
}

const CHAIN_ID = 1n;
/** The core's codes (assembly/status.ts): from the first one on, the transaction is invalid. */
const FIRST_INVALID = 0x80;
const INVALID_INTRINSIC_GAS = 0x86;

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
        if (typeof outcome === "string") {
          return expected.exception === undefined
            ? `refused: ${outcome}`
            : undefined;
        }
        if (expected.exception !== undefined) {
          return `accepted, expected ${expected.exception}`;
        }
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
function accept(txbytes: string, rules: ProtocolRules): Accepted | string {
  let transaction: Transaction;
  try {
    transaction = decodeBlockTransaction(
      Buffer.from(txbytes.replace(/^0x/, ""), "hex"),
    );
  } catch (error) {
    if (error instanceof RlpError) return error.message;
    throw error;
  }
  const fault = transactionFault(transaction, rules, CHAIN_ID);
  return fault ?? execute(transaction, rules);
}

/** The rest of the rules is the core's: the sender has all the ether there can be, and the right nonce. */
function execute(
  transaction: Transaction,
  rules: ProtocolRules,
): Accepted | string {
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
      const call = (tx: ExecutableTransaction): [number, bigint] => {
        const { status, errorA } = run.call(tx);
        return [status, errorA];
      };
      const [status] = call(executable);
      if (status >= FIRST_INVALID) return `status 0x${status.toString(16)}`;
      const [refusal, intrinsicGas] = call({ ...executable, gasLimit: 0n });
      return refusal === INVALID_INTRINSIC_GAS
        ? { transaction, intrinsicGas }
        : `without gas: status 0x${refusal.toString(16)}`;
    } finally {
      run.free();
    }
  } finally {
    state.close();
  }
}
