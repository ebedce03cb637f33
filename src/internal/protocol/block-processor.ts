/** Executes a block by the protocol's rules and checks everything that its header commits to. */
import type { Hash, Hex, Log } from "../chain/types.js";
import type {
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
  RunResult,
} from "../evm/types.js";
import type { ProtocolBlock, Withdrawal } from "./block-codec.js";
import type { ProtocolRules } from "./rules.js";

import { toExecutable } from "../chain/environment.js";
import { blobFee, GAS_PER_BLOB } from "../chain/fees.js";
import {
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
import { getBlockExecutor } from "../executor/executor.js";
import { encodeWithdrawal } from "./block-codec.js";
import { refundDao } from "./dao.js";
import { expectEqual, InvalidBlockError } from "./errors.js";
import { blockRewards } from "./ommers.js";
import { collectRequests, hashRequests } from "./requests.js";
import { callBeforeTransactions } from "./system-calls.js";
import { transactionFault } from "./transaction-rules.js";

/** How a block's transactions are executed. */
export interface TransactionsOutcome {
  /** Of all of them, in order, unless one is invalid. */
  readonly results: readonly RunResult[];
  /** The first invalid one; `status` is a code of the core. */
  readonly invalid:
    { readonly index: number; readonly status: number } | undefined;
}
export type ExecuteTransactions = (
  state: ChainState,
  environment: BlockEnvironment,
  transactions: readonly ExecutableTransaction[],
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
  validateBody(block, context);
  const environment = environmentOf(block, context);
  if (rules.daoBlock === header.number) {
    refundDao(state);
  }
  callBeforeTransactions(state, environment, header);
  const transactions = block.transactions.map(toExecutable);
  const stateRoots =
    rules.fork < BYZANTIUM
      ? rootsAfterEach(state, environment, transactions)
      : undefined;
  const { execute = executeAsPolicySays } = context;
  const { results, invalid } = execute(state, environment, transactions);
  if (invalid !== undefined) {
    throw new InvalidBlockError(
      `transaction ${invalid.index}: refused with status 0x${invalid.status.toString(16)}`,
    );
  }
  const logs = results.flatMap((result) => result.logs);
  credit(state, environment, block);
  validateReceipts(block, results, rules.fork, stateRoots);
  expectEqual("logs bloom", bloomOf(logs), header.logsBloom);
  if (rules.fork >= PRAGUE) {
    const requests = collectRequests(state, environment, logs);
    expectEqual("requests hash", hashRequests(requests), header.requestsHash);
  }
  expectEqual("state root", state.root(), header.stateRoot);
}

/** What can be said of the block without executing it, beside its header's own fields. */
function validateBody(
  block: ProtocolBlock,
  { rules, chainId }: BlockContext,
): void {
  const { header, transactions, withdrawals } = block;
  expectEqual("ommers' hash", block.ommersHash, header.sha3Uncles);
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
  if (rules.fork >= OSAKA && block.size > MAXIMUM_BLOCK_SIZE) {
    throw new InvalidBlockError(
      `size: expected at most ${MAXIMUM_BLOCK_SIZE} bytes, got ${block.size}`,
    );
  }
  let blobs = 0;
  for (const [index, transaction] of transactions.entries()) {
    const fault = transactionFault(transaction, rules, chainId);
    if (fault !== undefined) {
      throw new InvalidBlockError(`transaction ${index}: ${fault}`);
    }
    blobs += transaction.blobVersionedHashes?.length ?? 0;
  }
  if (rules.blobs !== undefined) {
    const used = BigInt(blobs) * GAS_PER_BLOB;
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
    slotNumber: 0n,
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
): TransactionsOutcome {
  const { results, stoppedAt } = getBlockExecutor().executeBlock(
    state,
    environment,
    transactions,
    { onInvalid: "stop", target: "direct" },
  );
  return {
    results,
    invalid:
      stoppedAt?.result === undefined
        ? undefined
        : { index: stoppedAt.index, status: stoppedAt.result.status },
  };
}

/** Withdrawals (EIP-4895) and, before the merge, rewards. */
function credit(
  state: ChainState,
  environment: BlockEnvironment,
  { header, ommers, withdrawals }: ProtocolBlock,
): void {
  const run = state.createRun(environment, { mode: "direct" });
  try {
    for (const { address, amount } of withdrawals ?? ([] as Withdrawal[])) {
      run.credit(address, amount * GWEI);
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
  let gasUsed = 0n;
  const receipts = results.map((result, index) => {
    gasUsed += result.gasUsed;
    return encodeReceipt(
      new ReceiptImplementation(result, gasUsed),
      transactions[index],
      fork,
      stateRoots?.[index],
    );
  });
  expectEqual("gas used", gasUsed, header.gasUsed);
  expectEqual("receipts root", rootOf(receipts), header.receiptsRoot);
}

function bloomOf(logs: readonly Log[]): Hex {
  const bloom = new Uint8Array(BLOOM_SIZE);
  addLogs(bloom, logs);
  return toHex(bloom);
}

function rootOf(items: readonly Uint8Array[]): Hash {
  return items.length === 0 ? EMPTY_ROOT : getEngine().orderedTrieRoot(items);
}
