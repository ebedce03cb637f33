import type { Chain } from "../chain/chain-interface.js";
import type { CallNamer } from "../provider/call-describer.js";
import type {
  ExecutionFailure,
  FailureExplainer,
} from "../provider/failure.js";
import type { StackTraceEntry } from "../provider/stack-trace.js";
import type { ProjectContracts } from "./project-contracts.js";

import { AbiDecodingError } from "../abi/abi-decoder.js";
import {
  isOutOfGas,
  outOfGasError,
  returnedData,
} from "../provider/failure.js";
import { failureMessage, failureReason } from "../provider/failure-text.js";
import { toHex } from "../provider/format/quantity.js";
import { INVALID_INPUT, rpcError } from "../provider/rpc-errors.js";
import { createSolidityError } from "../provider/solidity-error.js";
import { UNRECOGNIZED_FUNCTION_NAME } from "../provider/stack-trace.js";
import { stackTraceOf } from "./solidity-tracer.js";
import { StackTraceError } from "./trace.js";
import { traceFailure } from "./trace-failure.js";

/** Explains failures, and names calls, with the contracts that the project has compiled. */
export class SolidityExplainer implements FailureExplainer, CallNamer {
  readonly #contracts: ProjectContracts;

  constructor(contracts: ProjectContracts) {
    this.#contracts = contracts;
  }

  public explain(failure: ExecutionFailure, chain: Chain): Error {
    if (isOutOfGas(failure.result)) {
      return outOfGasError(failure);
    }
    const { result, transactionHash } = failure;
    const entries = this.#stackTrace(failure, chain);
    if (entries === undefined) {
      return rpcError(INVALID_INPUT, failureMessage(result), {
        reason: failureReason(result),
        data: toHex(returnedData(result)),
        transactionHash: transactionHash ?? null,
      });
    }
    return createSolidityError(
      failureMessage(result),
      entries,
      toHex(returnedData(result)),
      transactionHash ?? null,
    );
  }

  public nameCall(
    code: Uint8Array,
    calldata: Uint8Array,
    isCreate: boolean,
  ): ReturnType<CallNamer["nameCall"]> {
    const contract = this.#contracts.identify(code, isCreate)?.contract;
    if (contract === undefined) {
      return undefined;
    }
    const called = contract.functionFor(calldata);
    return {
      contract: contract.name,
      function: isCreate
        ? undefined
        : called === undefined
          ? UNRECOGNIZED_FUNCTION_NAME
          : called.name,
    };
  }

  /** undefined when the trace makes no sense. */
  #stackTrace(
    failure: ExecutionFailure,
    chain: Chain,
  ): StackTraceEntry[] | undefined {
    try {
      const trace = traceFailure(failure, chain, this.#contracts);
      const entries = stackTraceOf(trace);
      return entries.length === 0 ? undefined : entries;
    } catch (error) {
      if (
        error instanceof StackTraceError ||
        error instanceof AbiDecodingError
      ) {
        return undefined;
      }
      throw error;
    }
  }
}
