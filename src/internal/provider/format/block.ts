/** Blocks as the JSON-RPC methods show them. */
import type { Block, Hash, Hex } from "../../chain/types.js";

import { toQuantity } from "./quantity.js";
import { formatBlockTransaction, type RpcTransaction } from "./transaction.js";

export interface RpcBlock {
  hash: Hash;
  parentHash: Hash;
  sha3Uncles: Hash;
  stateRoot: Hash;
  transactionsRoot: Hash;
  receiptsRoot: Hash;
  /** null: the block is pending; `mixHash` and `nonce` too. */
  number: Hex | null;
  gasUsed: Hex;
  gasLimit: Hex;
  extraData: Hex;
  logsBloom: Hex;
  timestamp: Hex;
  difficulty: Hex;
  totalDifficulty: Hex;
  uncles: Hash[];
  transactions: Hash[] | RpcTransaction[];
  size: Hex;
  mixHash: Hash | null;
  nonce: Hex | null;
  baseFeePerGas?: Hex;
  miner: Hex;
  withdrawals?: never[];
  withdrawalsRoot?: Hash;
  blobGasUsed?: Hex;
  excessBlobGas?: Hex;
  parentBeaconBlockRoot?: Hash;
  requestsHash?: Hash;
  blockAccessListHash?: Hash;
  slotNumber?: Hex;
}

/**
 * @param full transactions as objects instead of hashes.
 * @param showsType whether transactions have a `type` (Berlin and later).
 */
export function formatBlock(
  block: Block,
  full: boolean,
  showsType: boolean,
): RpcBlock {
  const { header } = block;
  const isPending = block.isPending;
  const result: RpcBlock = {
    hash: block.hash,
    parentHash: header.parentHash,
    sha3Uncles: header.sha3Uncles,
    stateRoot: header.stateRoot,
    transactionsRoot: header.transactionsRoot,
    receiptsRoot: header.receiptsRoot,
    number: isPending ? null : toQuantity(header.number),
    gasUsed: toQuantity(header.gasUsed),
    gasLimit: toQuantity(header.gasLimit),
    extraData: header.extraData,
    logsBloom: header.logsBloom,
    timestamp: toQuantity(header.timestamp),
    difficulty: toQuantity(header.difficulty),
    totalDifficulty: toQuantity(block.totalDifficulty),
    uncles: [],
    transactions: full
      ? block.transactions.map((_, index) =>
          formatBlockTransaction(block, index, showsType),
        )
      : block.transactions.map((transaction) => transaction.hash),
    size: toQuantity(block.size),
    mixHash: isPending ? null : header.mixHash,
    nonce: isPending ? null : header.nonce,
    ...(header.baseFeePerGas === undefined
      ? {}
      : { baseFeePerGas: toQuantity(header.baseFeePerGas) }),
    miner: header.miner,
  };
  if (header.withdrawalsRoot !== undefined) {
    result.withdrawals = [];
    result.withdrawalsRoot = header.withdrawalsRoot;
  }
  if (header.blobGasUsed !== undefined) {
    result.blobGasUsed = toQuantity(header.blobGasUsed);
  }
  if (header.excessBlobGas !== undefined) {
    result.excessBlobGas = toQuantity(header.excessBlobGas);
  }
  if (header.parentBeaconBlockRoot !== undefined) {
    result.parentBeaconBlockRoot = header.parentBeaconBlockRoot;
  }
  if (header.requestsHash !== undefined) {
    result.requestsHash = header.requestsHash;
  }
  if (header.blockAccessListHash !== undefined) {
    result.blockAccessListHash = header.blockAccessListHash;
  }
  if (header.slotNumber !== undefined) {
    result.slotNumber = toQuantity(header.slotNumber);
  }
  return result;
}
