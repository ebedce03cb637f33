import { expect } from "chai";

import {
  blobFee,
  blobParameters,
  GAS_PER_BLOB,
  nextBaseFee,
  nextExcessBlobGas,
} from "../../src/internal/chain/fees.js";
import {
  CANCUN,
  ethashDifficulty,
  minerReward,
  OSAKA,
  PRAGUE,
} from "../../src/internal/chain/hardforks.js";

const GWEI = 10n ** 9n;

describe("Base fee", function () {
  const parent = { baseFeePerGas: GWEI, gasLimit: 60_000_000n };

  it("stays at the target, rises and falls by up to an eighth", function () {
    expect(nextBaseFee({ ...parent, gasUsed: 30_000_000n })).to.equal(GWEI);
    expect(nextBaseFee({ ...parent, gasUsed: 60_000_000n })).to.equal(
      1_125_000_000n,
    );
    expect(nextBaseFee({ ...parent, gasUsed: 0n })).to.equal(875_000_000n);
    expect(nextBaseFee({ ...parent, gasUsed: 21_000n })).to.equal(875_087_500n);
  });

  it("rises by at least one wei, and does not fall below seven by itself", function () {
    const low = { ...parent, baseFeePerGas: 7n };
    expect(nextBaseFee({ ...low, gasUsed: 30_000_001n })).to.equal(8n);
    expect(nextBaseFee({ ...low, gasUsed: 0n })).to.equal(7n);
    expect(nextBaseFee({ ...low, baseFeePerGas: 8n, gasUsed: 0n })).to.equal(
      7n,
    );
  });
});

describe("Blob fee", function () {
  it("follows the table of EIP-4844", function () {
    const cancun = blobParameters(CANCUN, 31_337n, 0n);
    expect(blobFee(0n, cancun)).to.equal(1n);
    expect(blobFee(2_314_057n, cancun)).to.equal(1n);
    expect(blobFee(2_314_058n, cancun)).to.equal(2n);
    expect(blobFee(10n * 1024n * 1024n, cancun)).to.equal(23n);
  });

  it("lets excess gas grow above the target and shrink below it", function () {
    const prague = blobParameters(PRAGUE, 31_337n, 0n);
    const next = (excessBlobGas: bigint, blobs: bigint): bigint =>
      nextExcessBlobGas(
        { excessBlobGas, blobGasUsed: blobs * GAS_PER_BLOB, baseFeePerGas: 0n },
        prague,
      );
    expect(next(0n, 5n)).to.equal(0n);
    expect(next(0n, 9n)).to.equal(3n * GAS_PER_BLOB);
    expect(next(3n * GAS_PER_BLOB, 4n)).to.equal(GAS_PER_BLOB);
  });

  it("holds the fee up when execution gas is dearer (EIP-7918)", function () {
    const osaka = blobParameters(OSAKA, 31_337n, 0n);
    const parent = {
      excessBlobGas: GAS_PER_BLOB,
      blobGasUsed: 6n * GAS_PER_BLOB,
    };
    expect(
      nextExcessBlobGas({ ...parent, baseFeePerGas: 16n }, osaka),
    ).to.equal(GAS_PER_BLOB);
    expect(
      nextExcessBlobGas({ ...parent, baseFeePerGas: 17n }, osaka),
    ).to.equal(3n * GAS_PER_BLOB);
  });

  it("knows the blob-parameter-only forks of public chains", function () {
    expect(blobParameters(OSAKA, 1n, 1_765_290_070n).max).to.equal(9n);
    expect(blobParameters(OSAKA, 1n, 1_765_290_071n).max).to.equal(15n);
    expect(blobParameters(OSAKA, 1n, 1_767_747_671n).max).to.equal(21n);
    expect(blobParameters(OSAKA, 31_337n, 1_767_747_671n).max).to.equal(9n);
    expect(blobParameters(PRAGUE, 1n, 1_767_747_671n).max).to.equal(9n);
  });
});

describe("Proof of work", function () {
  it("pays three ether at first, then two, then nothing", function () {
    expect(
      [4, 5, 12, 13].map((fork) => minerReward(fork) / 10n ** 18n),
    ).to.deep.equal([3n, 2n, 2n, 0n]);
  });

  it("adjusts the difficulty to the time between blocks", function () {
    const parent = { difficulty: 2_048_000n, timestamp: 0n };
    const at = (seconds: bigint): bigint =>
      ethashDifficulty("berlin", parent, 1n, seconds);
    expect(at(1n)).to.equal(2_049_000n);
    expect(at(9n)).to.equal(2_048_000n);
    expect(at(18n)).to.equal(2_047_000n);
    // By at most 99 steps, and never below the minimum.
    expect(at(100_000n)).to.equal(1_949_000n);
    expect(
      ethashDifficulty("berlin", { difficulty: 1n, timestamp: 0n }, 1n, 1n),
    ).to.equal(131_072n);
  });

  it("adds the bomb after its delay", function () {
    const parent = { difficulty: 131_072n, timestamp: 0n };
    expect(
      ethashDifficulty("byzantium", parent, 3_200_000n, 9n) -
        ethashDifficulty("byzantium", parent, 3_199_999n, 9n),
    ).to.equal(1n);
    expect(ethashDifficulty("byzantium", parent, 4_000_000n, 9n)).to.equal(
      131_072n + 256n,
    );
  });
});
