import type { FeeHistory } from "./chain-interface.js";
import type { Block } from "./types.js";

import { ChainError } from "./errors.js";

const MAX_BLOCKS = 1024n;

/** @throws ChainError with Hardhat's words for a count or percentiles out of range. */
export function validateFeeHistory(
  count: bigint,
  percentiles: readonly number[],
): void {
  if (count === 0n) {
    throw new ChainError("blockCount should be at least 1");
  }
  if (count > MAX_BLOCKS) {
    throw new ChainError("blockCount should be at most 1024");
  }
  percentiles.forEach((percentile, index) => {
    if (!(percentile >= 0 && percentile <= 100)) {
      throw new ChainError(
        `The reward percentile number ${index + 1} is invalid. It must be a float between 0 and 100, but is ${percentile} instead.`,
      );
    }
    if (index > 0 && percentiles[index - 1] > percentile) {
      throw new ChainError(
        `The reward percentiles should be in non-decreasing order, but the percentile number ${index} is greater than the next one`,
      );
    }
  });
}

export interface FeeHistorySource {
  readonly latestNumber: bigint;
  block(number: bigint): Block;
  readonly pendingBaseFee: bigint;
  /** Only asked for when the range reaches it. */
  pendingBlock(): Block;
  baseFeeAfter(block: Block): bigint;
}

/** Blocks `oldest..newest`; `newest` may be the pending block's number. */
export function feeHistory(
  source: FeeHistorySource,
  count: bigint,
  newest: bigint,
  percentiles: readonly number[],
): FeeHistory {
  const oldestBlock = newest < count ? 0n : newest - count + 1n;
  const baseFeePerGas: bigint[] = [];
  const gasUsedRatio: number[] = [];
  const reward: bigint[][] = [];
  for (let number = oldestBlock; number <= newest; number++) {
    const isPending = number > source.latestNumber;
    const block = isPending ? source.pendingBlock() : source.block(number);
    baseFeePerGas.push(
      isPending ? source.pendingBaseFee : (block.baseFeePerGas ?? 0n),
    );
    gasUsedRatio.push(gasUsedRatioOf(block));
    // The pending block has no effective miner fee yet.
    reward.push(
      isPending ? percentiles.map(() => 0n) : blockRewards(block, percentiles),
    );
  }
  baseFeePerGas.push(
    newest > source.latestNumber
      ? source.baseFeeAfter(source.pendingBlock())
      : newest === source.latestNumber
        ? source.pendingBaseFee
        : (source.block(newest + 1n).baseFeePerGas ?? 0n),
  );
  return {
    oldestBlock,
    baseFeePerGas,
    gasUsedRatio,
    reward: percentiles.length === 0 ? undefined : reward,
  };
}

/** In the arithmetic that Hardhat uses: the last digits of the quotient depend on it. */
function gasUsedRatioOf({ gasUsed, gasLimit }: Block): number {
  return (Number(gasUsed) * 100_000) / Number(gasLimit) / 100_000;
}

/** Tip at each percentile; Hardhat's threshold is a share of the block's gas limit, not of the gas used. */
function blockRewards(block: Block, percentiles: readonly number[]): bigint[] {
  if (block.transactions.length === 0 || percentiles.length === 0) {
    return percentiles.map(() => 0n);
  }
  const baseFee = block.baseFeePerGas ?? 0n;
  const tips = block.transactions.map((tx, index) => {
    const feeCap = tx.maxFeePerGas ?? tx.gasPrice ?? 0n;
    const most = feeCap - baseFee;
    const priority = tx.maxPriorityFeePerGas ?? most;
    return {
      tip: priority < most ? priority : most,
      gasUsed: block.receipts[index].gasUsed,
    };
  });
  tips.sort((a, b) => (a.tip < b.tip ? -1 : a.tip > b.tip ? 1 : 0));
  const gasLimit = Number(block.gasLimit);
  return percentiles.map((percentile) => {
    const threshold = Math.trunc((percentile / 100) * gasLimit);
    let gas = 0;
    for (const { tip, gasUsed } of tips) {
      gas += Number(gasUsed);
      if (gas >= threshold) {
        return tip;
      }
    }
    return tips[tips.length - 1].tip;
  });
}
