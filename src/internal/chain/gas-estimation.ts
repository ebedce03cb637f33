/**
 * eth_estimateGas with Hardhat's answers: the gas used if that is enough, else the result of its
 * binary search, whose steps are visible in the answer and therefore repeated exactly.
 *
 * When nothing in the first run hung on how much gas it had, how a run with less gas ends follows
 * from it, without running it: it goes the same way when it has the gas that the first one needed,
 * else some frame in it runs out of gas.
 */
import type { ExecutableTransaction, RunResult } from "../evm/types.js";
import type { GasEstimationMode } from "./chain-interface.js";

import { isInvalid, isSuccess } from "./execution-status.js";

export type RunWithGas = (gasLimit: bigint) => RunResult;

export type GasEstimate =
  | { readonly kind: "gas"; readonly gas: bigint }
  | { readonly kind: "failed"; readonly result: RunResult }
  | { readonly kind: "internal-out-of-gas"; readonly result: RunResult };

const MAX_STEPS = 20;

/** `minimum`: the transaction's intrinsic gas. */
export function estimateGas(
  run: RunWithGas,
  transaction: ExecutableTransaction,
  minimum: bigint,
  mode: GasEstimationMode,
): GasEstimate {
  const first = run(transaction.gasLimit);
  if (!isSuccess(first.status)) {
    return { kind: "failed", result: first };
  }
  if (mode === "noInternalOutOfGas" && first.internalOutOfGas) {
    return { kind: "internal-out-of-gas", result: first };
  }
  // Where a call inside may run out of gas, what its caller does about it is known by running only.
  const isKnown =
    mode === "noInternalOutOfGas" ? !first.gasOpaque : !first.gasObserved;
  const accepts = (gasLimit: bigint): boolean => {
    if (isKnown) {
      return gasLimit >= first.gasNeeded;
    }
    const result = run(gasLimit);
    return (
      !isInvalid(result.status) &&
      isSuccess(result.status) &&
      (mode === "topLevelSuccess" || !result.internalOutOfGas)
    );
  };
  const lowest = first.gasUsed > minimum + 1n ? first.gasUsed : minimum + 1n;
  if (accepts(lowest)) {
    return { kind: "gas", gas: lowest };
  }
  return { kind: "gas", gas: search(lowest, transaction.gasLimit, accepts) };
}

/** `upper` is accepted. */
function search(
  from: bigint,
  to: bigint,
  accepts: (gasLimit: bigint) => boolean,
): bigint {
  let lower = from;
  let upper = to;
  for (let step = 0; step < MAX_STEPS; step++) {
    if (upper - lower <= tolerance(lower)) {
      break;
    }
    let middle = lower + (upper - lower) / 2n;
    // The first guess is close to the gas used.
    if (step === 0 && middle > 3n * lower) {
      middle = 3n * lower;
    }
    if (accepts(middle)) {
      upper = middle;
    } else {
      lower = middle + 1n;
    }
  }
  return upper;
}

function tolerance(lower: bigint): bigint {
  if (lower >= 4_000_000n) {
    return 50_000n;
  }
  if (lower >= 1_000_000n) {
    return 10_000n;
  }
  if (lower >= 100_000n) {
    return 1_000n;
  }
  if (lower >= 50_000n) {
    return 500n;
  }
  return lower >= 30_000n ? 300n : 200n;
}
