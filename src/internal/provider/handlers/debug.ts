/** debug_traceTransaction and debug_traceCall. */
import type { BlockReference, Hash } from "../../chain/types.js";
import type { ProviderContext } from "../context.js";
import type { CallParam } from "../params/call-request.js";

import {
  DEFAULT_TRACE_OPTIONS,
  type TraceOptions,
  traceOptions,
} from "../debug/options.js";
import { InvalidExecution, trace } from "../debug/trace.js";
import { method, type MethodTable } from "../method.js";
import { blockSpec } from "../params/block-spec.js";
import { callParam } from "../params/call-request.js";
import { optional } from "../params/param-type.js";
import { tuple } from "../params/params.js";
import { hash } from "../params/primitives.js";
import { invalidInput } from "../rpc-errors.js";
import { callRequest } from "./calls.js";

function traceTransaction(
  { chain }: ProviderContext,
  transactionHash: Hash,
  options: TraceOptions = DEFAULT_TRACE_OPTIONS,
): unknown {
  const location = chain.transaction(transactionHash)?.location;
  if (location === undefined) {
    throw invalidInput(
      `Unable to find a block containing transaction ${transactionHash}`,
    );
  }
  const place = {
    blockHash: location.block.hash,
    transactionHash,
    transactionIndex: location.index,
  };
  return chain.withTransactionRun(
    transactionHash,
    (run, transaction, environment) =>
      trace({ run, transaction, environment, options: {}, place }, options),
  );
}

function traceCall(
  context: ProviderContext,
  call: CallParam,
  reference: BlockReference = "latest",
  options: TraceOptions = DEFAULT_TRACE_OPTIONS,
): unknown {
  const request = callRequest(context, call);
  try {
    return context.chain.withCallRun(
      request,
      reference,
      undefined,
      (run, transaction, environment) =>
        trace(
          {
            run,
            transaction,
            environment,
            options: { asCall: true },
            place: undefined,
          },
          options,
        ),
    );
  } catch (error) {
    if (error instanceof InvalidExecution) {
      // Calling it says what is wrong with it.
      context.chain.call(request, reference);
    }
    throw error;
  }
}

export const debugMethods: MethodTable = {
  debug_traceTransaction: method(
    tuple<[Hash, TraceOptions | undefined]>(
      "DebugTraceTransaction",
      [hash, optional(traceOptions)],
      1,
    ),
    traceTransaction,
  ),
  debug_traceCall: method(
    tuple<[CallParam, BlockReference | undefined, TraceOptions | undefined]>(
      "DebugTraceCall",
      [callParam, optional(blockSpec), optional(traceOptions)],
      1,
    ),
    traceCall,
  ),
};
