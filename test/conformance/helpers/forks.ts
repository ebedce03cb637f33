/** Names of forks in the fixtures, by number of assembly/forks.ts. */
export const FORK_NUMBERS: Readonly<Record<string, number>> = {
  Frontier: 0,
  Homestead: 1,
  EIP150: 2,
  EIP158: 3,
  Byzantium: 4,
  Constantinople: 5,
  ConstantinopleFix: 6,
  Petersburg: 6,
  Istanbul: 7,
  MuirGlacier: 8,
  Berlin: 9,
  London: 10,
  ArrowGlacier: 11,
  GrayGlacier: 12,
  Paris: 13,
  Merge: 13,
  Shanghai: 14,
  Cancun: 15,
  Prague: 16,
  Osaka: 17,
  BPO1: 17,
  BPO2: 17,
};

const GAS_PER_BLOB = 131_072n;

interface BlobSchedule {
  /** Most blobs in a block. */
  readonly max: bigint;
  readonly updateFraction: bigint;
}

/** EIP-4844, 7691 and 7892. */
const BLOB_SCHEDULES: Readonly<Record<string, BlobSchedule>> = {
  Cancun: { max: 6n, updateFraction: 3_338_477n },
  Prague: { max: 9n, updateFraction: 5_007_716n },
  Osaka: { max: 9n, updateFraction: 5_007_716n },
  BPO1: { max: 15n, updateFraction: 8_346_193n },
  BPO2: { max: 21n, updateFraction: 11_684_671n },
};

export function maxBlobGas(fork: string): bigint {
  return (BLOB_SCHEDULES[fork]?.max ?? 0n) * GAS_PER_BLOB;
}

/** Blob base fee of a block with this excess (EIP-4844's fake exponential). */
export function blobBaseFee(fork: string, excessBlobGas: bigint): bigint {
  const schedule = BLOB_SCHEDULES[fork];
  if (schedule === undefined) {
    return 0n;
  }
  let sum = 0n;
  let term = schedule.updateFraction;
  for (let i = 1n; term > 0n; i++) {
    sum += term;
    term = (term * excessBlobGas) / (schedule.updateFraction * i);
  }
  return sum / schedule.updateFraction;
}

/** EIP-7825, from Osaka on. */
export function transactionGasCap(fork: string): bigint | undefined {
  return FORK_NUMBERS[fork] >= FORK_NUMBERS.Osaka ? 16_777_216n : undefined;
}
