import type { PooledTransaction } from "./sender-queue.js";

import { ChainError } from "./errors.js";

/** @throws ChainError unless both fees are at least a tenth higher. */
export function validateReplacement(
  old: PooledTransaction,
  replacement: PooledTransaction,
): void {
  const minimumFee = bumped(old.feeCap);
  if (replacement.feeCap < minimumFee) {
    throw underpriced("gasPrice/maxFeePerGas", minimumFee, old.nonce);
  }
  const minimumPriority = bumped(old.priorityFee);
  if (replacement.priorityFee < minimumPriority) {
    throw underpriced(
      "gasPrice/maxPriorityFeePerGas",
      minimumPriority,
      old.nonce,
    );
  }
}

/** A replacement pays at least 10 % more. */
function bumped(fee: bigint): bigint {
  return (fee * 110n + 99n) / 100n;
}

function underpriced(
  field: string,
  minimum: bigint,
  nonce: bigint,
): ChainError {
  return new ChainError(
    `Replacement transaction underpriced. A ${field} of at least ${minimum} is necessary to replace the existing transaction with nonce ${nonce}.`,
  );
}
