/** What a captured block's fork says, by the fork's name in `block.json`. */
import { blobFee, GAS_PER_BLOB } from "../../../src/internal/chain/fees.js";
import {
  FORK_NAMES,
  rulesByName,
} from "../../../src/internal/protocol/rules.js";

export const FORK_NUMBERS: Readonly<Record<string, number>> =
  Object.fromEntries(FORK_NAMES.map((name) => [name, rulesByName(name).fork]));

export function maxBlobGas(fork: string): bigint {
  return (rulesByName(fork).blobs?.max ?? 0n) * GAS_PER_BLOB;
}

/** Blob base fee of a block with this excess. */
export function blobBaseFee(fork: string, excessBlobGas: bigint): bigint {
  const { blobs } = rulesByName(fork);
  return blobs === undefined ? 0n : blobFee(excessBlobGas, blobs);
}

export function transactionGasCap(fork: string): bigint | undefined {
  return rulesByName(fork).transactionGasCap;
}
