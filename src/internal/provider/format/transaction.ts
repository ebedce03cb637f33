/** Transactions as the JSON-RPC methods show them. */
import type {
  Address,
  Block,
  Hash,
  Hex,
  Transaction,
} from "../../chain/types.js";

import { toHex, toQuantity } from "./quantity.js";

export interface RpcTransaction {
  hash: Hash;
  nonce: Hex;
  /** null: not mined, or in the pending block; number and index too. */
  blockHash: Hash | null;
  blockNumber: Hex | null;
  transactionIndex: Hex | null;
  from: Address;
  to: Address | null;
  value: Hex;
  /** What is paid per gas when in a block, else the most that would be. */
  gasPrice: Hex;
  gas: Hex;
  input: Hex;
  chainId?: Hex;
  type?: Hex;
  accessList?: Array<{ address: Address; storageKeys: Hash[] }>;
  maxFeePerGas?: Hex;
  maxPriorityFeePerGas?: Hex;
  maxFeePerBlobGas?: Hex;
  blobVersionedHashes?: Hash[];
  authorizationList?: RpcAuthorization[];
  v: Hex;
  r: Hex;
  s: Hex;
}

export interface RpcAuthorization {
  chainId: Hex;
  address: Address;
  nonce: Hex;
  yParity: Hex;
  r: Hex;
  s: Hex;
}

/** The price a transaction pays in a block of this base fee. */
export function effectiveGasPrice(
  transaction: Transaction,
  baseFeePerGas: bigint | undefined,
): bigint {
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas } = transaction;
  if (gasPrice !== undefined) {
    return gasPrice;
  }
  const maxFee = maxFeePerGas ?? 0n;
  if (baseFeePerGas === undefined) {
    return maxFee;
  }
  const price = baseFeePerGas + (maxPriorityFeePerGas ?? 0n);
  return price < maxFee ? price : maxFee;
}

/** A transaction of a block. */
export function formatBlockTransaction(
  block: Block,
  index: number,
  showsType: boolean,
): RpcTransaction {
  const transaction = block.transactions[index];
  const gasPrice = effectiveGasPrice(transaction, block.baseFeePerGas);
  return block.isPending
    ? format(transaction, gasPrice, null, null, null, showsType)
    : format(
        transaction,
        gasPrice,
        block.hash,
        toQuantity(block.number),
        toQuantity(index),
        showsType,
      );
}

/** A transaction that waits in the pool. */
export function formatPendingTransaction(
  transaction: Transaction,
  showsType: boolean,
): RpcTransaction {
  const gasPrice = transaction.gasPrice ?? transaction.maxFeePerGas ?? 0n;
  return format(transaction, gasPrice, null, null, null, showsType);
}

function format(
  transaction: Transaction,
  gasPrice: bigint,
  blockHash: Hash | null,
  blockNumber: Hex | null,
  transactionIndex: Hex | null,
  showsType: boolean,
): RpcTransaction {
  const isTyped = transaction.type !== 0;
  const result: Partial<RpcTransaction> = {
    hash: transaction.hash,
    nonce: toQuantity(transaction.nonce),
    blockHash,
    blockNumber,
    transactionIndex,
    from: transaction.from,
    to: transaction.to ?? null,
    value: toQuantity(transaction.value),
    gasPrice: toQuantity(gasPrice),
    gas: toQuantity(transaction.gasLimit),
    input: toHex(transaction.data),
  };
  if (isTyped && transaction.chainId !== undefined) {
    result.chainId = toQuantity(transaction.chainId);
  }
  if (showsType) {
    result.type = toQuantity(transaction.type);
  }
  if (isTyped) {
    addTypedFields(result, transaction);
  }
  result.v = toQuantity(transaction.v);
  result.r = toQuantity(transaction.r);
  result.s = toQuantity(transaction.s);
  return result as RpcTransaction;
}

function addTypedFields(
  result: Partial<RpcTransaction>,
  transaction: Transaction,
): void {
  result.accessList = (transaction.accessList ?? []).map((entry) => ({
    address: entry.address,
    storageKeys: [...entry.storageKeys],
  }));
  if (transaction.maxFeePerGas !== undefined) {
    result.maxFeePerGas = toQuantity(transaction.maxFeePerGas);
  }
  if (transaction.maxPriorityFeePerGas !== undefined) {
    result.maxPriorityFeePerGas = toQuantity(transaction.maxPriorityFeePerGas);
  }
  if (transaction.maxFeePerBlobGas !== undefined) {
    result.maxFeePerBlobGas = toQuantity(transaction.maxFeePerBlobGas);
  }
  if (transaction.blobVersionedHashes !== undefined) {
    result.blobVersionedHashes = [...transaction.blobVersionedHashes];
  }
  if (transaction.authorizationList !== undefined) {
    result.authorizationList = transaction.authorizationList.map((entry) => ({
      chainId: toQuantity(entry.chainId),
      address: entry.address,
      nonce: toQuantity(entry.nonce),
      yParity: toQuantity(entry.yParity),
      r: toQuantity(entry.r),
      s: toQuantity(entry.s),
    }));
  }
}
