/** Sending and finding transactions. */
import type { SendOutcome } from "../../chain/chain-interface.js";
import type { BlockTag, Hash } from "../../chain/types.js";
import type { Block } from "../../chain/types.js";

import { failureError, isSuccess, type ProviderContext } from "../context.js";
import { formatReceipt } from "../format/receipt.js";
import {
  formatBlockTransaction,
  formatPendingTransaction,
} from "../format/transaction.js";
import { method, type MethodTable } from "../method.js";
import { preEip1898BlockSpec } from "../params/block-spec.js";
import {
  type TransactionParam,
  transactionParam,
} from "../params/call-request.js";
import { none, single, tuple } from "../params/params.js";
import { data, hash, U256 } from "../params/primitives.js";
import { invalidArgument } from "../rpc-errors.js";
import { findBlock } from "./blocks.js";

/** What EDR can index with. */
const MAX_INDEX = 2n ** 64n;

function afterSend(context: ProviderContext, outcome: SendOutcome): Hash {
  context.logger.send(outcome);
  const { own, transaction } = outcome;
  if (
    own !== undefined &&
    !isSuccess(own.result) &&
    context.throwOnTransactionFailures
  ) {
    const rerun = { kind: "transaction", hash: outcome.hash } as const;
    throw failureError(
      context,
      own.result,
      transaction.to,
      rerun,
      outcome.hash,
    );
  }
  return outcome.hash;
}

function send(context: ProviderContext, request: TransactionParam): Hash {
  const outcome = context.chain.sendTransaction({
    ...request,
    hasBlobs: request.blobs !== undefined || request.blobHashes !== undefined,
  });
  return afterSend(context, outcome);
}

function blockTransaction(
  context: ProviderContext,
  block: Block | undefined,
  index: bigint,
): unknown {
  return block === undefined || index >= BigInt(block.transactions.length)
    ? null
    : formatBlockTransaction(block, Number(index), context.showsType);
}

function checkIndex(index: bigint): void {
  if (index >= MAX_INDEX) {
    throw invalidArgument(`Transaction index '${index}' is too large`);
  }
}

export const transactionMethods: MethodTable = {
  eth_sendTransaction: method(single(transactionParam), send),
  eth_sendRawTransaction: method(single(data), (context, raw) =>
    afterSend(context, context.chain.sendRawTransaction(raw)),
  ),
  eth_getTransactionByHash: method(
    single(hash),
    ({ chain, showsType }, value) => {
      const known = chain.transaction(value);
      if (known === undefined) {
        return null;
      }
      const { location, transaction } = known;
      return location === undefined
        ? formatPendingTransaction(transaction, showsType)
        : formatBlockTransaction(location.block, location.index, showsType);
    },
  ),
  eth_getTransactionByBlockHashAndIndex: method(
    tuple<[Hash, bigint]>("GetTransactionByBlockHashAndIndex", [hash, U256]),
    (context, blockHash, index) => {
      checkIndex(index);
      const block = context.chain.block({ hash: blockHash });
      return blockTransaction(context, block, index);
    },
  ),
  eth_getTransactionByBlockNumberAndIndex: method(
    tuple<[BlockTag | bigint, bigint]>("GetTransactionByBlockNumberAndIndex", [
      preEip1898BlockSpec,
      U256,
    ]),
    (context, reference, index) => {
      checkIndex(index);
      return blockTransaction(context, findBlock(context, reference), index);
    },
  ),
  eth_getTransactionReceipt: method(
    single(hash),
    ({ chain, showsType, showsPrice }, value) => {
      const found = chain.receipt(value);
      return found === undefined
        ? null
        : formatReceipt(found.receipt, found.location, showsType, showsPrice);
    },
  ),
  eth_pendingTransactions: method(none, ({ chain, showsType }) =>
    chain
      .pendingTransactions()
      .map((transaction) => formatPendingTransaction(transaction, showsType)),
  ),
};
