import type { Address, Hash } from "../../../src/internal/chain/types.js";
import type {
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
} from "../../../src/internal/evm/types.js";
import type { FixtureAccount, StateCase } from "./state-fixtures.js";

import { encodeRlp, getBytes, keccak256, toBeHex } from "ethers";

import { getEngine } from "../../../src/internal/evm/engine.js";
import {
  blobBaseFee,
  FORK_NUMBERS,
  maxBlobGas,
  transactionGasCap,
} from "./forks.js";
import { SKIPPED } from "./skipped.js";

/** What came of one case; `what` says what differed. */
export type CaseOutcome =
  | { readonly kind: "passed" }
  | { readonly kind: "skipped"; readonly reason: string }
  | { readonly kind: "failed"; readonly what: string };

/** Executes one transaction on a state; how is the caller's choice (sequential, parallel). */
export type ExecuteOne = (
  state: ChainState,
  environment: BlockEnvironment,
  transaction: ExecutableTransaction,
) => {
  readonly status: number;
  readonly logs: readonly {
    readonly address: string;
    readonly topics: readonly string[];
    readonly data: string;
  }[];
};

/** Statuses from here on say that the transaction is invalid (assembly/status.ts). */
const FIRST_INVALID = 0x80;

export function runStateCase(
  stateCase: StateCase,
  execute: ExecuteOne,
): CaseOutcome {
  const skipped = SKIPPED.find(({ matches }) => matches(stateCase));
  if (skipped !== undefined) {
    return { kind: "skipped", reason: skipped.reason };
  }
  if (FORK_NUMBERS[stateCase.fork] === undefined) {
    return { kind: "failed", what: `unknown fork ${stateCase.fork}` };
  }
  const { post } = stateCase;
  const expectsException = post.expectException !== undefined;
  const state = getEngine().createState();
  try {
    writePreState(state, stateCase.fixture.pre);
    const transaction = transactionOf(stateCase);
    if (transaction === undefined) {
      return expectsException
        ? { kind: "passed" }
        : { kind: "failed", what: "the transaction cannot be encoded" };
    }
    const { status, logs } = execute(
      state,
      environmentOf(stateCase),
      transaction,
    );
    const isInvalid = status >= FIRST_INVALID;
    if (isInvalid !== expectsException) {
      return {
        kind: "failed",
        what: isInvalid
          ? `refused with status 0x${status.toString(16)}`
          : `accepted, expected ${post.expectException}`,
      };
    }
    const logsHash = keccak256(
      encodeRlp(
        logs.map(({ address, topics, data }) => [address, [...topics], data]),
      ),
    );
    if (logsHash !== post.logs) {
      return { kind: "failed", what: `logs ${logsHash} for ${post.logs}` };
    }
    const root = state.root();
    if (root !== post.hash) {
      return {
        kind: "failed",
        what: `state root ${root} for ${post.hash} (status 0x${status.toString(16)})`,
      };
    }
    return { kind: "passed" };
  } finally {
    state.close();
  }
}

export function writePreState(
  state: ChainState,
  accounts: Readonly<Record<string, FixtureAccount>>,
): void {
  for (const [address, account] of Object.entries(accounts)) {
    const at = address.toLowerCase() as Address;
    state.setBalance(at, BigInt(account.balance));
    state.setNonce(at, BigInt(account.nonce));
    if (account.code !== "0x") {
      state.setCode(at, getBytes(account.code));
    }
    for (const [key, value] of Object.entries(account.storage)) {
      state.setSlot(at, word(key), word(value));
    }
  }
  state.nextEpoch();
}

/** undefined when a field has no room in a transaction. */
export function transactionOf({
  fixture: { transaction },
  post,
}: StateCase): ExecutableTransaction | undefined {
  const { data, gas, value } = post.indexes;
  const amount = transaction.value[value];
  const gasLimit = BigInt(transaction.gasLimit[gas]);
  const nonce = BigInt(transaction.nonce);
  if (
    gasLimit >= 1n << 64n ||
    nonce >= 1n << 64n ||
    !/^0x[0-9a-f]{0,64}$/.test(amount)
  ) {
    return undefined;
  }
  const accessList = transaction.accessLists?.[data] ?? [];
  const feeCap = BigInt(transaction.maxFeePerGas ?? transaction.gasPrice ?? 0);
  return {
    type: typeOf(transaction),
    from: transaction.sender.toLowerCase() as Address,
    to:
      transaction.to === ""
        ? undefined
        : (transaction.to.toLowerCase() as Address),
    nonce,
    gasLimit,
    value: BigInt(amount),
    data: getBytes(transaction.data[data]),
    feeCap,
    priorityFee: BigInt(transaction.maxPriorityFeePerGas ?? feeCap),
    maxFeePerBlobGas: BigInt(transaction.maxFeePerBlobGas ?? 0),
    blobVersionedHashes: (transaction.blobVersionedHashes ?? []) as Hash[],
    accessList: accessList.map(({ address, storageKeys }) => ({
      address: address.toLowerCase() as Address,
      storageKeys: storageKeys.map(word),
    })),
    authorizationList: (transaction.authorizationList ?? []).map((entry) => ({
      chainId: BigInt(entry.chainId),
      address: entry.address.toLowerCase() as Address,
      nonce: BigInt(entry.nonce),
      yParity: Number(entry.v),
      r: 0n,
      s: 0n,
      authority: entry.signer?.toLowerCase() as Address | undefined,
    })),
  };
}

function typeOf(
  transaction: StateCase["fixture"]["transaction"],
): ExecutableTransaction["type"] {
  if (transaction.authorizationList !== undefined) {
    return 4;
  }
  if (transaction.maxFeePerBlobGas !== undefined) {
    return 3;
  }
  if (transaction.maxFeePerGas !== undefined) {
    return 2;
  }
  return transaction.accessLists !== undefined ? 1 : 0;
}

function environmentOf({
  fork,
  fixture: { env },
}: StateCase): BlockEnvironment {
  const number = BigInt(env.currentNumber);
  return {
    number,
    timestamp: BigInt(env.currentTimestamp),
    gasLimit: BigInt(env.currentGasLimit),
    chainId: 1n,
    baseFee: BigInt(env.currentBaseFee ?? 0),
    prevRandao: word(
      FORK_NUMBERS[fork] >= FORK_NUMBERS.Paris
        ? (env.currentRandom ?? "0x00")
        : env.currentDifficulty,
    ),
    blobBaseFee: blobBaseFee(fork, BigInt(env.currentExcessBlobGas ?? 0)),
    coinbase: env.currentCoinbase.toLowerCase() as Address,
    fork: FORK_NUMBERS[fork],
    unlimitedCodeSize: false,
    transactionGasCap: transactionGasCap(fork),
    enforceBlockGasLimit: true,
    maxBlobGas: maxBlobGas(fork),
    slotNumber: 0n,
    // The fixtures' convention: the hash of the number in decimal.
    blockHash: (of) =>
      of < number && of + 256n >= number && of >= 0n
        ? (keccak256(new TextEncoder().encode(String(of))) as Hash)
        : undefined,
  };
}

function word(value: string): Hash {
  return toBeHex(BigInt(value), 32) as Hash;
}
