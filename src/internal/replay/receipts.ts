import type { BlockOutcome, SkippedTransaction } from "../executor/types.js";
import type { InvalidTransaction, TransactionReceipt } from "./types.js";

import {
  HALT,
  invalidTransactionError,
  isSuccess,
} from "../chain/execution-status.js";
import { toHex } from "../chain/hex.js";

/** Receipts of the transactions that are in the block, in order. */
export function receiptsOf({
  included,
  results,
}: Pick<BlockOutcome, "included" | "results">): TransactionReceipt[] {
  let cumulativeGasUsed = 0n;
  return results.map((result, position) => {
    cumulativeGasUsed += result.gasUsed;
    const success = isSuccess(result.status);
    return {
      index: included[position],
      status: success ? 1 : 0,
      outcome: outcomeOf(result.status),
      gasUsed: result.gasUsed,
      gasRefunded: result.gasRefunded,
      cumulativeGasUsed,
      effectiveGasPrice: result.effectiveGasPrice,
      contractAddress: success ? result.createdAddress : undefined,
      output: toHex(result.output),
      logs: result.logs,
    };
  });
}

function outcomeOf(status: number): string {
  if (isSuccess(status)) return "success";
  return status < HALT ? "revert" : `halt 0x${status.toString(16)}`;
}

export function invalidTransaction({
  index,
  result,
}: SkippedTransaction): InvalidTransaction {
  return {
    index,
    reason:
      result === undefined
        ? undefined
        : invalidTransactionError(result).message,
  };
}
