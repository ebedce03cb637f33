/** What executions see of the block they run in. */
import type { BlockEnvironment, ExecutableTransaction } from "../evm/types.js";
import type { BlockTemplate } from "./block.js";
import type { Hash, Transaction } from "./types.js";

import { blobFee, blobParameters, GAS_PER_BLOB } from "./fees.js";
import { CANCUN, PARIS } from "./hardforks.js";
import { toHash } from "./hex.js";

export interface EnvironmentRules {
  readonly chainId: bigint;
  readonly unlimitedCodeSize: boolean;
  readonly transactionGasCap: bigint | undefined;
  readonly enforceBlockGasLimit: boolean;
  readonly blockHash: (number: bigint) => Hash | undefined;
}

export function blockEnvironment(
  template: BlockTemplate,
  rules: EnvironmentRules,
): BlockEnvironment {
  const { fork, timestamp, excessBlobGas } = template;
  const blobs =
    fork >= CANCUN ? blobParameters(fork, rules.chainId, timestamp) : undefined;
  return {
    number: template.number,
    timestamp,
    gasLimit: template.gasLimit,
    chainId: rules.chainId,
    baseFee: template.baseFeePerGas ?? 0n,
    prevRandao: fork >= PARIS ? template.mixHash : toHash(template.difficulty),
    blobBaseFee: blobs === undefined ? 0n : blobFee(excessBlobGas ?? 0n, blobs),
    coinbase: template.miner,
    fork,
    unlimitedCodeSize: rules.unlimitedCodeSize,
    transactionGasCap: rules.transactionGasCap,
    enforceBlockGasLimit: rules.enforceBlockGasLimit,
    allowCreationOverStorage: true,
    maxBlobGas: blobs === undefined ? 0n : blobs.max * GAS_PER_BLOB,
    slotNumber: template.slotNumber ?? 0n,
    blockHash: rules.blockHash,
  };
}

/** The transaction as the core takes it. */
export function toExecutable(tx: Transaction): ExecutableTransaction {
  const feeCap = tx.maxFeePerGas ?? tx.gasPrice ?? 0n;
  return {
    type: tx.type,
    from: tx.from,
    to: tx.to,
    nonce: tx.nonce,
    gasLimit: tx.gasLimit,
    value: tx.value,
    data: tx.data,
    feeCap,
    priorityFee: tx.maxPriorityFeePerGas ?? feeCap,
    maxFeePerBlobGas: tx.maxFeePerBlobGas ?? 0n,
    blobVersionedHashes: tx.blobVersionedHashes ?? [],
    accessList: tx.accessList ?? [],
    authorizationList: tx.authorizationList ?? [],
  };
}
