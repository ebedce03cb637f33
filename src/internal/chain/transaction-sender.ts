import type { ChainCore } from "./chain-core.js";
import type {
  ExecutedTransaction,
  MinedBlock,
  SendOutcome,
  TransactionRequest,
} from "./chain-interface.js";
import type { Transaction } from "./types.js";

import { ChainError, INVALID_PARAMS } from "./errors.js";
import { upfrontCostOf } from "./fees.js";
import { canProgress, type Miner } from "./miner.js";
import {
  RAW_FEES_UNSUPPORTED,
  validateFields,
  validateGas,
  validateInitcodeSize,
} from "./request-validation.js";
import { restoreSavepoint, type Snapshots } from "./savepoints.js";
import { decodeTransaction } from "./transaction-decoder.js";
import {
  type RequestRules,
  resolveTransaction,
} from "./transaction-request.js";

/** Takes transactions in: checks, signs, pools, and mines them when automine is on. */
export class TransactionSender {
  public automine: boolean;
  readonly #core: ChainCore;
  readonly #miner: Miner;
  readonly #snapshots: Snapshots;
  readonly #rules: RequestRules;

  constructor(
    core: ChainCore,
    miner: Miner,
    snapshots: Snapshots,
    gasPrice: () => bigint,
  ) {
    this.#core = core;
    this.#miner = miner;
    this.#snapshots = snapshots;
    this.#rules = {
      ...core.rules,
      defaultGas: core.defaultGas,
      allowUnlimitedContractSize: core.options.allowUnlimitedContractSize,
      nextNonce: ({ from }) => core.pool.nextNonce(from, core.readSender),
      nextBaseFee: () => core.nextBaseFee() ?? 0n,
      gasPrice,
    };
    this.automine = core.options.automine;
  }

  public sendRequest(request: TransactionRequest): SendOutcome {
    const { rules, accounts, transactionGasCap } = this.#core;
    const unsigned = resolveTransaction(request, this.#rules);
    const transaction = accounts.signTransaction(unsigned, request.from);
    validateGas(transaction, rules.fork, transactionGasCap);
    return this.#send(transaction);
  }

  public sendRaw(raw: Uint8Array): SendOutcome {
    const { rules, options, transactionGasCap } = this.#core;
    const transaction = decodeTransaction(raw);
    const { chainId, to, data } = transaction;
    if (chainId !== undefined && chainId !== rules.chainId) {
      throw new ChainError(
        transaction.type === 0
          ? "Trying to send an incompatible EIP-155 transaction, signed for another chain."
          : `Trying to send a raw transaction with an invalid chainId. The expected chainId is ${rules.chainId}`,
        INVALID_PARAMS,
      );
    }
    validateInitcodeSize(
      to,
      data,
      rules.fork,
      options.allowUnlimitedContractSize,
    );
    validateFields(
      transaction,
      rules.fork,
      rules.hardfork,
      RAW_FEES_UNSUPPORTED,
    );
    validateGas(transaction, rules.fork, transactionGasCap);
    return this.#send(transaction);
  }

  #send(transaction: Transaction): SendOutcome {
    if (transaction.type === 3) {
      return this.#sendBlobs(transaction);
    }
    if (!this.automine) {
      this.#pool(transaction);
      return outcome(transaction, []);
    }
    this.#validateAutomined(transaction);
    const savepoint = this.#snapshots.takeInternal();
    try {
      this.#pool(transaction);
      return outcome(transaction, this.#mineAll(transaction));
    } catch (error) {
      restoreSavepoint(this.#core, savepoint);
      throw error;
    }
  }

  #pool(transaction: Transaction): void {
    this.#core.pool.add(transaction, this.#core.readSender);
    this.#core.notifyPending(transaction.hash);
  }

  /**
   * Mines until the transaction is in, then until nothing is pending. Transactions that can never
   * pay the base fee stay in the pool: waiting for them would take forever.
   */
  #mineAll(transaction: Transaction): MinedBlock[] {
    const { pool, store } = this.#core;
    const mined: MinedBlock[] = [];
    const { hash } = transaction;
    let last: MinedBlock;
    do {
      last = this.#miner.mine();
      mined.push(last);
      if (
        store.transaction(hash) === undefined &&
        pool.get(hash) === undefined
      ) {
        throw this.#droppedError(transaction);
      }
    } while (pool.hasPending && canProgress(this.#core, last));
    return mined;
  }

  /** The block left it out, and it cannot be afforded any more. */
  #droppedError(transaction: Transaction): ChainError {
    const { balance } = this.#core.readSender(transaction.from);
    return new ChainError(
      `Sender doesn't have enough funds to send tx. The max upfront cost is: ${upfrontCostOf(transaction)} and the sender's balance is: ${balance}.`,
    );
  }

  /** Hardhat mines them at once or not at all. */
  #sendBlobs(transaction: Transaction): SendOutcome {
    if (!this.automine || !this.#core.pool.isEmpty) {
      throw new ChainError(
        "An EIP-4844 (shard blob) transaction was received while auto-mine was disabled or the mempool contained transactions, but Hardhat doesn't have support for them yet. See https://github.com/NomicFoundation/hardhat/issues/5024",
      );
    }
    this.#core.notifyPending(transaction.hash);
    this.#validateBlobs(transaction);
    return outcome(transaction, [this.#miner.mineSingle(transaction)]);
  }

  #validateBlobs(transaction: Transaction): void {
    const core = this.#core;
    validatePriorityFee(transaction, core.minGasPrice);
    if (core.nextBaseFeeOverride !== undefined) {
      validateFeeCap(transaction, core.nextBaseFeeOverride);
    }
    const blobFeeCap = transaction.maxFeePerBlobGas ?? 0n;
    const blobFee = core.blobBaseFee();
    if (blobFeeCap < blobFee) {
      throw new ChainError(
        `Transaction maxFeePerBlobGas (${blobFeeCap}) is too low for the next block, which has a baseFeePerBlobGas of ${blobFee}`,
      );
    }
    validateNonce(transaction, core.readSender(transaction.from).nonce);
  }

  #validateAutomined(transaction: Transaction): void {
    const { pool, readSender, minGasPrice } = this.#core;
    validateNonce(transaction, pool.nextNonce(transaction.from, readSender));
    validatePriorityFee(transaction, minGasPrice);
    const baseFee = this.#core.nextBaseFee();
    if (baseFee !== undefined) {
      validateFeeCap(transaction, baseFee);
    }
  }
}

function validateNonce({ nonce }: Transaction, expected: bigint): void {
  if (nonce !== expected) {
    throw new ChainError(
      `Nonce too ${nonce < expected ? "low" : "high"}. Expected nonce to be ${expected} but got ${nonce}. Note that transactions can't be queued when automining.`,
    );
  }
}

function validatePriorityFee(
  { maxPriorityFeePerGas, gasPrice }: Transaction,
  minimum: bigint,
): void {
  const priorityFee = maxPriorityFeePerGas ?? gasPrice ?? 0n;
  if (priorityFee < minimum) {
    throw new ChainError(
      `Transaction gas price is ${priorityFee}, which is below the minimum of ${minimum}`,
    );
  }
}

function validateFeeCap(
  { maxFeePerGas, gasPrice }: Transaction,
  baseFee: bigint,
): void {
  const [field, feeCap] =
    maxFeePerGas === undefined
      ? ["gasPrice", gasPrice ?? 0n]
      : ["maxFeePerGas", maxFeePerGas];
  if (feeCap < baseFee) {
    throw new ChainError(
      `Transaction ${field} (${feeCap}) is too low for the next block, which has a baseFeePerGas of ${baseFee}`,
    );
  }
}

function outcome(
  transaction: Transaction,
  mined: readonly MinedBlock[],
): SendOutcome {
  let own: ExecutedTransaction | undefined;
  for (const { executed } of mined) {
    own ??= executed.find((item) => item.transaction === transaction);
  }
  return { hash: transaction.hash, transaction, mined, own };
}
