/** Executes a block by the protocol's rules and checks everything that its header commits to. */
import type { BlockHeader, Hash, Hex, Log } from "../chain/types.js";
import type {
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
  RunResult,
} from "../evm/types.js";
import type { ProtocolBlock, Withdrawal } from "./block-codec.js";
import type { ProtocolRules } from "./rules.js";

import {
  type BlockAccessList,
  encodeBlockAccessList,
} from "../chain/block-access-list.js";
import { toExecutable } from "../chain/environment.js";
import { blobFee, GAS_PER_BLOB } from "../chain/fees.js";
import {
  AMSTERDAM,
  BYZANTIUM,
  minerReward,
  OSAKA,
  PARIS,
  PRAGUE,
} from "../chain/hardforks.js";
import { EMPTY_ROOT } from "../chain/header.js";
import { toHash, toHex } from "../chain/hex.js";
import { addLogs, BLOOM_SIZE } from "../chain/logs-bloom.js";
import { encodeReceipt, ReceiptImplementation } from "../chain/receipts.js";
import { getEngine } from "../evm/engine.js";
import { keccakHash } from "../evm/keccak.js";
import { getBlockExecutor } from "../executor/executor.js";
import {
  AccessRecorder,
  countItems,
  creditOf,
  mostItems,
} from "./access-recorder.js";
import { encodeWithdrawal } from "./block-codec.js";
import { refundDao } from "./dao.js";
import { expectEqual, InvalidBlockError, refuse } from "./errors.js";
import { blockRewards } from "./ommers.js";
import { collectRequests, hashRequests } from "./requests.js";
import { callBeforeTransactions } from "./system-calls.js";
import { coreRefusal, signatureRefusal } from "./transaction-rules.js";

/** How a block's transactions are executed. */
export interface TransactionsOutcome {
  /** Of all of them, in order, unless one is invalid. */
  readonly results: readonly RunResult[];
  /** The first invalid one. */
  readonly invalid:
    { readonly index: number; readonly result: RunResult } | undefined;
}
export type ExecuteTransactions = (
  state: ChainState,
  environment: BlockEnvironment,
  transactions: readonly ExecutableTransaction[],
  /** Whether the results have to have access sets. */
  record: boolean,
) => TransactionsOutcome;

export interface BlockContext {
  readonly rules: ProtocolRules;
  readonly chainId: bigint;
  readonly blockHash: (number: bigint) => Hash | undefined;
  /** Default: as the block executor sees fit. */
  readonly execute?: ExecuteTransactions;
}

/** EIP-7934: RLP bytes of a block. */
const MAXIMUM_BLOCK_SIZE = 8_388_608;
const GWEI = 1_000_000_000n;

/**
 * Writes what the block does to the state's current epoch.
 * @throws InvalidBlockError: the caller takes the writes back.
 */
export function executeBlock(
  state: ChainState,
  block: ProtocolBlock,
  context: BlockContext,
): void {
  const { rules } = context;
  const { header } = block;
  validateBefore(block, context);
  const environment = environmentOf(block, context);
  if (rules.daoBlock === header.number) {
    refundDao(state);
  }
  const recorder = rules.fork >= AMSTERDAM ? new AccessRecorder() : undefined;
  callBeforeTransactions(state, environment, header, recorder);
  const transactions = block.transactions.map(toExecutable);
  const stateRoots =
    rules.fork < BYZANTIUM
      ? rootsAfterEach(state, environment, transactions)
      : undefined;
  const { execute = executeAsPolicySays } = context;
  const { results, invalid } = execute(
    state,
    environment,
    transactions,
    recorder !== undefined,
  );
  if (invalid !== undefined) {
    throw new InvalidBlockError(coreRefusal(invalid.result), invalid.index);
  }
  const logs = results.flatMap((result) => result.logs);
  recordTransactions(recorder, results);
  credit(state, environment, block, recorder);
  validateBody(block, rules);
  validateReceipts(block, results, rules.fork, stateRoots);
  expectEqual("logs bloom", bloomOf(logs), header.logsBloom);
  if (rules.fork >= PRAGUE) {
    const requests = collectRequests(state, environment, logs, recorder);
    expectEqual("requests hash", hashRequests(requests), header.requestsHash);
  }
  expectEqual("state root", state.root(), header.stateRoot);
  if (recorder !== undefined) {
    validateAccessList(header, recorder.build());
  }
}

function recordTransactions(
  recorder: AccessRecorder | undefined,
  results: readonly RunResult[],
): void {
  if (recorder === undefined) {
    return;
  }
  recorder.next();
  for (const { accessSet } of results) {
    if (accessSet === undefined) {
      throw new Error("expected the access set of a transaction, got none");
    }
    recorder.add(accessSet);
    recorder.next();
  }
}

function validateAccessList(header: BlockHeader, list: BlockAccessList): void {
  const items = countItems(list);
  const most = mostItems(header.gasLimit);
  if (items > most) {
    refuse(
      "access list's size",
      `expected at most ${most} addresses and slots, got ${items}`,
    );
  }
  const hash = keccakHash(encodeBlockAccessList(list));
  expectEqual("access list", hash, header.blockAccessListHash);
}

/** What has to be right before anything is executed. */
function validateBefore(
  block: ProtocolBlock,
  { rules, chainId }: BlockContext,
): void {
  const { header, transactions } = block;
  expectEqual("ommers' hash", block.ommersHash, header.sha3Uncles);
  if (rules.fork >= OSAKA && block.size > MAXIMUM_BLOCK_SIZE) {
    refuse(
      "size",
      `expected at most ${MAXIMUM_BLOCK_SIZE} bytes, got ${block.size}`,
    );
  }
  for (const [index, transaction] of transactions.entries()) {
    const refusal = signatureRefusal(transaction, rules, chainId);
    if (refusal !== undefined) {
      throw new InvalidBlockError(refusal, index);
    }
  }
}

/**
 * What the header says of the block's body. Like the execution specs, only after the execution: a
 * block with an invalid transaction is refused for that, whatever else its header has wrong.
 */
function validateBody(
  { header, transactions, withdrawals }: ProtocolBlock,
  { blobs }: ProtocolRules,
): void {
  expectEqual(
    "transactions root",
    rootOf(transactions.map(({ encoded }) => encoded)),
    header.transactionsRoot,
  );
  expectEqual(
    "withdrawals root",
    withdrawals === undefined
      ? undefined
      : rootOf(withdrawals.map(encodeWithdrawal)),
    header.withdrawalsRoot,
  );
  if (blobs !== undefined) {
    const count = transactions.reduce(
      (sum, { blobVersionedHashes }) =>
        sum + (blobVersionedHashes?.length ?? 0),
      0,
    );
    const used = BigInt(count) * GAS_PER_BLOB;
    expectEqual("blob gas used", used, header.blobGasUsed);
  }
}

export function environmentOf(
  { header }: ProtocolBlock,
  { rules, chainId, blockHash }: BlockContext,
): BlockEnvironment {
  const { fork, blobs } = rules;
  return {
    number: header.number,
    timestamp: header.timestamp,
    gasLimit: header.gasLimit,
    chainId,
    baseFee: header.baseFeePerGas ?? 0n,
    prevRandao: fork >= PARIS ? header.mixHash : toHash(header.difficulty),
    blobBaseFee:
      blobs === undefined ? 0n : blobFee(header.excessBlobGas ?? 0n, blobs),
    coinbase: header.miner,
    fork,
    unlimitedCodeSize: false,
    transactionGasCap: rules.transactionGasCap,
    enforceBlockGasLimit: true,
    maxBlobGas: blobs === undefined ? 0n : blobs.max * GAS_PER_BLOB,
    maxBlobsPerTransaction: rules.maxBlobsPerTransaction,
    refuseSendersWithCode: true,
    slotNumber: header.slotNumber ?? 0n,
    stateGasApart: true,
    blockHash,
  };
}

/** State roots after each transaction, for receipts before Byzantium; the state stays as it is. */
function rootsAfterEach(
  state: ChainState,
  environment: BlockEnvironment,
  transactions: readonly ExecutableTransaction[],
): Hash[] {
  const before = state.epoch;
  state.nextEpoch();
  const run = state.createRun(environment, { mode: "direct" });
  try {
    return transactions.map((transaction) => {
      run.execute(transaction);
      return state.root();
    });
  } finally {
    run.free();
    state.revert(before);
  }
}

function executeAsPolicySays(
  state: ChainState,
  environment: BlockEnvironment,
  transactions: readonly ExecutableTransaction[],
  record: boolean,
): TransactionsOutcome {
  const { results, stoppedAt } = getBlockExecutor().executeBlock(
    state,
    environment,
    transactions,
    { onInvalid: "stop", target: "direct", record: record && "results" },
  );
  return {
    results,
    invalid:
      stoppedAt?.result === undefined
        ? undefined
        : { index: stoppedAt.index, result: stoppedAt.result },
  };
}

/** Withdrawals (EIP-4895) and, before the merge, rewards. */
function credit(
  state: ChainState,
  environment: BlockEnvironment,
  { header, ommers, withdrawals }: ProtocolBlock,
  recorder: AccessRecorder | undefined,
): void {
  const run = state.createRun(environment, { mode: "direct" });
  try {
    for (const { address, amount } of withdrawals ?? ([] as Withdrawal[])) {
      const value = amount * GWEI;
      const before = state.balance(address);
      run.credit(address, value);
      recorder?.add(creditOf(address, before, before + value));
    }
    if (environment.fork < PARIS) {
      const reward = minerReward(environment.fork);
      for (const [address, value] of blockRewards(header, ommers, reward)) {
        run.credit(address, value);
      }
    }
  } finally {
    run.free();
  }
}

function validateReceipts(
  { header, transactions }: ProtocolBlock,
  results: readonly RunResult[],
  fork: number,
  stateRoots: readonly Hash[] | undefined,
): void {
  let cumulative = 0n;
  const receipts = results.map((result, index) => {
    cumulative += result.gasUsed;
    return encodeReceipt(
      new ReceiptImplementation(result, cumulative),
      transactions[index],
      fork,
      stateRoots?.[index],
    );
  });
  expectEqual("gas used", blockGasOf(results), header.gasUsed);
  expectEqual("receipts root", rootOf(receipts), header.receiptsRoot);
}

/** EIP-8037: new state and the rest have the same limit, each for itself. */
function blockGasOf(results: readonly RunResult[]): bigint {
  const sum = (gasOf: (result: RunResult) => bigint): bigint =>
    results.reduce((total, result) => total + gasOf(result), 0n);
  const regular = sum(({ blockGas }) => blockGas);
  const forState = sum(({ stateGas }) => stateGas);
  return regular > forState ? regular : forState;
}

function bloomOf(logs: readonly Log[]): Hex {
  const bloom = new Uint8Array(BLOOM_SIZE);
  addLogs(bloom, logs);
  return toHex(bloom);
}

function rootOf(items: readonly Uint8Array[]): Hash {
  return items.length === 0 ? EMPTY_ROOT : getEngine().orderedTrieRoot(items);
}
