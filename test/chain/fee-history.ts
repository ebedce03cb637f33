import type { Block } from "../../src/internal/chain/types.js";

import { expect } from "chai";
import fc from "fast-check";

import { feeHistory } from "../../src/internal/chain/fee-history.js";

interface Paid {
  readonly feeCap: bigint;
  readonly priorityFee: bigint | undefined;
  readonly gasUsed: bigint;
}

const BASE_FEE = 10n;

/** A block as far as fee history reads it; `onRead` hears of every look at its receipts. */
function blockOf(
  paid: readonly Paid[],
  gasLimit: bigint,
  onRead: () => void = () => undefined,
): Block {
  const block = {
    baseFeePerGas: BASE_FEE,
    gasLimit,
    gasUsed: paid.reduce((sum, { gasUsed }) => sum + gasUsed, 0n),
    transactions: paid.map(({ feeCap, priorityFee }) => ({
      maxFeePerGas: feeCap,
      maxPriorityFeePerGas: priorityFee,
    })),
    get receipts() {
      onRead();
      return paid.map(({ gasUsed }) => ({ gasUsed }));
    },
  };
  return block as unknown as Block;
}

function rewards(
  block: Block,
  percentiles: readonly number[],
): readonly bigint[] | undefined {
  const history = feeHistory(
    {
      latestNumber: 1n,
      block: () => block,
      pendingBaseFee: BASE_FEE,
      pendingBlock: () => block,
      baseFeeAfter: () => BASE_FEE,
    },
    1n,
    1n,
    percentiles,
  );
  return history.reward?.[0];
}

describe("Fee history", () => {
  it("takes the tip at which the share of the gas limit is reached", () => {
    const fees = fc.record({
      feeCap: fc.bigInt({ min: BASE_FEE, max: 40n }),
      priorityFee: fc.option(fc.bigInt({ min: 0n, max: 10n }), {
        nil: undefined,
      }),
      gasUsed: fc.bigInt({ min: 1n, max: 50n }),
    });
    fc.assert(
      fc.property(
        fc.array(fees, { minLength: 1, maxLength: 60 }),
        fc.bigInt({ min: 1n, max: 3000n }),
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1 }),
        (paid, gasLimit, percentiles) => {
          const sorted = paid
            .map(({ feeCap, priorityFee, gasUsed }) => {
              const most = feeCap - BASE_FEE;
              const tip =
                priorityFee === undefined || priorityFee > most
                  ? most
                  : priorityFee;
              return { tip, gasUsed };
            })
            .sort((a, b) => Number(a.tip - b.tip));
          const expected = percentiles.map((percentile) => {
            const threshold = Math.trunc((percentile / 100) * Number(gasLimit));
            let gas = 0;
            const reached = sorted.find(
              ({ gasUsed }) => (gas += Number(gasUsed)) >= threshold,
            );
            return (reached ?? sorted[sorted.length - 1]).tip;
          });
          expect(rewards(blockOf(paid, gasLimit), percentiles)).to.deep.equal(
            expected,
          );
        },
      ),
    );
  });

  it("sorts a large block once, however often it is asked", () => {
    let reads = 0;
    const paid = Array.from({ length: 200 }, (_, i) => ({
      feeCap: 100n,
      priorityFee: BigInt(i % 7),
      gasUsed: 21_000n,
    }));
    const block = blockOf(paid, 60_000_000n, () => reads++);
    rewards(block, [50]);
    const once = reads;
    rewards(block, [10, 90]);
    rewards(block, [50]);
    expect(once).to.be.above(0);
    expect(reads).to.equal(once);
  });
});
