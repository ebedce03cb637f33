/** Executions without effect: eth_call and eth_estimateGas. */
import type {
  Address,
  BlockReference,
  CallRequest,
  StateOverride,
} from "../../chain/types.js";

import { failureError, isSuccess, type ProviderContext } from "../context.js";
import { isRevert } from "../failure.js";
import { toHex, toQuantity } from "../format/quantity.js";
import { method, type MethodTable } from "../method.js";
import { blockSpec } from "../params/block-spec.js";
import { type CallParam, callParam } from "../params/call-request.js";
import { optional } from "../params/param-type.js";
import { tuple } from "../params/params.js";
import { stateOverrides } from "../params/state-overrides.js";
import { InternalCallOutOfGasError } from "../rpc-errors.js";

const ZERO_ADDRESS: Address = "0x0000000000000000000000000000000000000000";
const NO_DATA = new Uint8Array();

/** The sender defaults to the first account. */
export function callRequest(
  { chain }: ProviderContext,
  call: CallParam,
): CallRequest {
  return {
    from: call.from ?? chain.accounts[0] ?? ZERO_ADDRESS,
    to: call.to,
    gas: call.gas,
    gasPrice: call.gasPrice,
    maxFeePerGas: call.maxFeePerGas,
    maxPriorityFeePerGas: call.maxPriorityFeePerGas,
    value: call.value ?? 0n,
    data: call.data ?? NO_DATA,
    accessList: call.accessList,
    authorizationList: call.authorizationList,
    hasBlobs: call.blobs !== undefined || call.blobHashes !== undefined,
  };
}

function runCall(
  context: ProviderContext,
  call: CallParam,
  reference: BlockReference = "latest",
  overrides?: ReadonlyMap<Address, StateOverride>,
): string {
  const request = callRequest(context, call);
  const { result, rerun } = context.chain.call(request, reference, overrides);
  context.onCall?.(request, result, rerun);
  context.logger.call(request, result, reference);
  if (isSuccess(result)) {
    return toHex(result.output);
  }
  if (context.throwOnCallFailures) {
    throw failureError(context, result, request.to, rerun, undefined);
  }
  return isRevert(result) ? toHex(result.output) : "0x";
}

function estimateGas(
  context: ProviderContext,
  call: CallParam,
  reference: BlockReference = "pending",
): string {
  const request = callRequest(context, call);
  const estimate = context.chain.estimateGas(request, reference);
  if (estimate.kind === "gas") {
    return toQuantity(estimate.gas);
  }
  const { result, rerun } = estimate.outcome;
  const isInternal = estimate.kind === "internal-out-of-gas";
  context.logger.estimateFailure(request, result, reference, isInternal);
  if (!isInternal) {
    throw failureError(context, result, request.to, rerun, undefined);
  }
  const error = new InternalCallOutOfGasError();
  error.data = {
    reason: "InternalCallOutOfGas",
    data: "0x",
    transactionHash: null,
  };
  context.logger.markReported(error);
  throw error;
}

export const callMethods: MethodTable = {
  eth_call: method(
    tuple<
      [
        CallParam,
        BlockReference | undefined,
        Map<Address, StateOverride> | undefined,
      ]
    >("Call", [callParam, optional(blockSpec), optional(stateOverrides)], 1),
    runCall,
  ),
  eth_estimateGas: method(
    tuple<[CallParam, BlockReference | undefined]>(
      "EstimateGas",
      [callParam, optional(blockSpec)],
      1,
    ),
    estimateGas,
  ),
};
