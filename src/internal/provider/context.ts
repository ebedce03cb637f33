/** What the handlers of one provider share. */
import type { Chain } from "../chain/chain-interface.js";
import type {
  Address,
  CallRequest,
  ExecutionResult,
  Hash,
  Rerun,
} from "../chain/types.js";
import type { FilterRegistry } from "./filters.js";
import type { MethodLogger } from "./logger.js";

import {
  type FailureExplainer,
  genericExplainer,
  isSuccess,
} from "./failure.js";

/** Sees every eth_call that was executed. */
export type CallObserver = (
  request: CallRequest,
  result: ExecutionResult,
  rerun: Rerun,
) => void;

export interface ProviderContext {
  readonly chain: Chain;
  readonly filters: FilterRegistry;
  readonly logger: MethodLogger;
  readonly explainer: FailureExplainer;
  readonly onCall: CallObserver | undefined;
  readonly throwOnCallFailures: boolean;
  readonly throwOnTransactionFailures: boolean;
  /** Berlin and later: transactions and receipts have a `type`. */
  readonly showsType: boolean;
  /** London and later: receipts have an `effectiveGasPrice`. */
  readonly showsPrice: boolean;
  /** As EDR says it; the provider rewrites it for web3_clientVersion. */
  readonly clientVersion: string;
}

/** The error for a failed execution; the logger knows it as one. */
export function failureError(
  context: ProviderContext,
  result: ExecutionResult,
  to: Address | undefined,
  rerun: Rerun,
  transactionHash: Hash | undefined,
): Error {
  const failure = { result, rerun, to, transactionHash };
  let error: Error;
  try {
    error = context.explainer.explain(failure, context.chain);
  } catch {
    // A stack trace that cannot be made must not hide the failure itself.
    error = genericExplainer.explain(failure, context.chain);
  }
  context.logger.markReported(error);
  return error;
}

export { isSuccess };
