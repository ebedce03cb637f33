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

/** What the transactions of a block paid on top of its base fee, ascending. */
interface Tips {
  readonly tips: readonly bigint[];
  /** Gas used by the transactions up to each. */
  readonly gas: readonly number[];
}

/** Wallets ask for the latest block's with every transaction: sorting a large one again and again is felt. */
const tipsOfBlocks = new WeakMap<Block, Tips>();
const FEWEST_REMEMBERED = 16;

function tipsOf(block: Block): Tips {
  let tips = tipsOfBlocks.get(block);
  if (tips === undefined) {
    tips = sortTips(block);
    if (tips.tips.length >= FEWEST_REMEMBERED) tipsOfBlocks.set(block, tips);
  }
  return tips;
}

function sortTips(block: Block): Tips {
  const baseFee = block.baseFeePerGas ?? 0n;
  const paid = block.transactions.map((tx, index) => {
    const feeCap = tx.maxFeePerGas ?? tx.gasPrice ?? 0n;
    const most = feeCap - baseFee;
    const priority = tx.maxPriorityFeePerGas ?? most;
    return {
      tip: priority < most ? priority : most,
      gasUsed: block.receipts[index].gasUsed,
    };
  });
  paid.sort((a, b) => (a.tip < b.tip ? -1 : a.tip > b.tip ? 1 : 0));
  let gas = 0;
  return {
    tips: paid.map(({ tip }) => tip),
    gas: paid.map(({ gasUsed }) => (gas += Number(gasUsed))),
  };
}

/** Tip at each percentile; Hardhat's threshold is a share of the block's gas limit, not of the gas used. */
function blockRewards(block: Block, percentiles: readonly number[]): bigint[] {
  if (block.transactions.length === 0 || percentiles.length === 0) {
    return percentiles.map(() => 0n);
  }
  const { tips, gas } = tipsOf(block);
  const gasLimit = Number(block.gasLimit);
  return percentiles.map((percentile) => {
    const threshold = Math.trunc((percentile / 100) * gasLimit);
    return tips[Math.min(firstAtLeast(gas, threshold), tips.length - 1)];
  });
}

/** Index of the first of the ascending values that is at least `bound`; their number when none is. */
function firstAtLeast(values: readonly number[], bound: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] >= bound) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}
