/** Receipts and logs as the JSON-RPC methods show them. */
import type { LocatedLog } from "../../chain/chain-interface.js";
import type {
  Address,
  Hash,
  Hex,
  Receipt,
  TransactionLocation,
} from "../../chain/types.js";

import { toQuantity } from "./quantity.js";

export interface RpcLog {
  removed: boolean;
  logIndex: Hex;
  transactionIndex: Hex;
  transactionHash: Hash;
  blockHash: Hash;
  blockNumber: Hex;
  blockTimestamp: Hex;
  address: Address;
  data: Hex;
  topics: Hash[];
}

export interface RpcReceipt {
  blockHash: Hash;
  blockNumber: Hex;
  transactionHash: Hash;
  transactionIndex: Hex;
  /** Berlin and later. */
  type?: Hex;
  from: Address;
  to: Address | null;
  cumulativeGasUsed: Hex;
  gasUsed: Hex;
  contractAddress: Address | null;
  logs: RpcLog[];
  logsBloom: Hex;
  status: Hex;
  /** London and later. */
  effectiveGasPrice?: Hex;
}

/** A log as filters, subscriptions and eth_getLogs show it. */
export function formatLog(located: LocatedLog): RpcLog {
  const { log, block } = located;
  return {
    removed: false,
    logIndex: toQuantity(log.logIndex),
    transactionIndex: toQuantity(located.transactionIndex),
    transactionHash: located.transactionHash,
    blockHash: block.hash,
    blockNumber: toQuantity(block.number),
    blockTimestamp: toQuantity(block.timestamp),
    address: log.address,
    data: log.data,
    topics: [...log.topics],
  };
}

/**
 * @param showsType Berlin and later.
 * @param showsPrice London and later.
 */
export function formatReceipt(
  receipt: Receipt,
  location: TransactionLocation,
  showsType: boolean,
  showsPrice: boolean,
): RpcReceipt {
  const { block, index } = location;
  const transaction = block.transactions[index];
  const blockHash = block.hash;
  const blockNumber = toQuantity(block.number);
  const blockTimestamp = toQuantity(block.timestamp);
  const transactionIndex = toQuantity(index);
  return {
    blockHash,
    blockNumber,
    transactionHash: transaction.hash,
    transactionIndex,
    ...(showsType ? { type: toQuantity(transaction.type) } : {}),
    from: transaction.from,
    to: transaction.to ?? null,
    cumulativeGasUsed: toQuantity(receipt.cumulativeGasUsed),
    gasUsed: toQuantity(receipt.gasUsed),
    contractAddress: receipt.contractAddress ?? null,
    logs: receipt.logs.map((log) => ({
      address: log.address,
      topics: [...log.topics],
      data: log.data,
      transactionHash: transaction.hash,
      blockHash,
      blockNumber,
      blockTimestamp,
      logIndex: toQuantity(log.logIndex),
      transactionIndex,
      removed: false,
    })),
    logsBloom: receipt.logsBloom,
    status: toQuantity(receipt.status),
    ...(showsPrice
      ? { effectiveGasPrice: toQuantity(receipt.effectiveGasPrice) }
      : {}),
  };
}
