/** Prices that a block derives from its parent: base fee (EIP-1559) and blob fee (EIPs 4844, 7691, 7892, 7918). */
import type { Transaction } from "./types.js";

import { OSAKA, PRAGUE } from "./hardforks.js";

const ELASTICITY = 2n;
const BASE_FEE_CHANGE_DENOMINATOR = 8n;
export const INITIAL_BASE_FEE = 1_000_000_000n;

export function nextBaseFee(parent: {
  readonly baseFeePerGas: bigint | undefined;
  readonly gasLimit: bigint;
  readonly gasUsed: bigint;
}): bigint {
  const { baseFeePerGas = INITIAL_BASE_FEE, gasLimit, gasUsed } = parent;
  const target = gasLimit / ELASTICITY;
  if (gasUsed === target) {
    return baseFeePerGas;
  }
  if (gasUsed > target) {
    // A gas limit of 1 has a target of 0; the fee then rises by the minimum.
    const change =
      target === 0n
        ? 1n
        : (baseFeePerGas * (gasUsed - target)) /
          (target * BASE_FEE_CHANGE_DENOMINATOR);
    return baseFeePerGas + (change > 1n ? change : 1n);
  }
  const change =
    (baseFeePerGas * (target - gasUsed)) /
    (target * BASE_FEE_CHANGE_DENOMINATOR);
  return baseFeePerGas - change;
}

export const GAS_PER_BLOB = 131_072n;
/** EIP-7918: execution gas that a blob is worth at least. */
const BLOB_BASE_COST = 8_192n;

export interface BlobParameters {
  /** Blobs that a block has when the price is to stay, and at most. */
  readonly target: bigint;
  readonly max: bigint;
  readonly updateFraction: bigint;
  /** Execution gas that a blob is worth at least (EIP-7918); 0 before Osaka. */
  readonly baseCost: bigint;
}

const CANCUN_BLOBS = blobs(3n, 6n, 3_338_477n, 0n);
const PRAGUE_BLOBS = blobs(6n, 9n, 5_007_716n, 0n);
const OSAKA_BLOBS = blobs(6n, 9n, 5_007_716n, BLOB_BASE_COST);
const BPO1_BLOBS = blobs(10n, 15n, 8_346_193n, BLOB_BASE_COST);
const BPO2_BLOBS = blobs(14n, 21n, 11_684_671n, BLOB_BASE_COST);

/** By chain id: timestamps of the blob-parameter-only forks 1 and 2 (EIP-7892). */
const BPO_TIMESTAMPS: ReadonlyMap<bigint, readonly [bigint, bigint]> = new Map([
  [1n, [1_765_290_071n, 1_767_747_671n]],
  [17_000n, [1_759_800_000n, 1_760_389_824n]],
  [11_155_111n, [1_761_017_184n, 1_761_607_008n]],
  [560_048n, [1_762_365_720n, 1_762_955_544n]],
]);

function blobs(
  target: bigint,
  max: bigint,
  updateFraction: bigint,
  baseCost: bigint,
): BlobParameters {
  return { target, max, updateFraction, baseCost };
}

/** Blob parameters in force at `timestamp`; from Cancun on. */
export function blobParameters(
  fork: number,
  chainId: bigint,
  timestamp: bigint,
): BlobParameters {
  if (fork >= OSAKA) {
    const schedule = BPO_TIMESTAMPS.get(chainId);
    if (schedule !== undefined && timestamp >= schedule[1]) {
      return BPO2_BLOBS;
    }
    if (schedule !== undefined && timestamp >= schedule[0]) {
      return BPO1_BLOBS;
    }
    return OSAKA_BLOBS;
  }
  return fork >= PRAGUE ? PRAGUE_BLOBS : CANCUN_BLOBS;
}

/** e^(numerator/denominator) in integers, as EIP-4844 defines it (factor 1). */
export function blobFee(
  excessBlobGas: bigint,
  parameters: BlobParameters,
): bigint {
  const denominator = parameters.updateFraction;
  let i = 1n;
  let output = 0n;
  let term = denominator;
  while (term > 0n) {
    output += term;
    term = (term * excessBlobGas) / (denominator * i);
    i++;
  }
  return output / denominator;
}

export function nextExcessBlobGas(
  parent: {
    readonly excessBlobGas: bigint;
    readonly blobGasUsed: bigint;
    readonly baseFeePerGas: bigint;
  },
  parameters: BlobParameters,
): bigint {
  const { excessBlobGas, blobGasUsed, baseFeePerGas } = parent;
  const target = parameters.target * GAS_PER_BLOB;
  const total = excessBlobGas + blobGasUsed;
  if (total < target) {
    return 0n;
  }
  const reserveBinds =
    parameters.baseCost * baseFeePerGas >
    GAS_PER_BLOB * blobFee(excessBlobGas, parameters);
  return reserveBinds
    ? excessBlobGas +
        (blobGasUsed * (parameters.max - parameters.target)) / parameters.max
    : total - target;
}

const MAX_WORD = 2n ** 256n - 1n;

/** The most that a transaction can cost its sender, value included; no more than a word holds. */
export function upfrontCostOf(transaction: Transaction): bigint {
  const feeCap = transaction.maxFeePerGas ?? transaction.gasPrice ?? 0n;
  const blobs = BigInt(transaction.blobVersionedHashes?.length ?? 0);
  const cost =
    transaction.gasLimit * feeCap +
    transaction.value +
    blobs * GAS_PER_BLOB * (transaction.maxFeePerBlobGas ?? 0n);
  return cost < MAX_WORD ? cost : MAX_WORD;
}
