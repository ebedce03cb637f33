import type { Chain } from "../chain/chain-interface.js";
import type { CallNamer } from "../provider/call-describer.js";
import type {
  ExecutionFailure,
  FailureExplainer,
} from "../provider/failure.js";
import type { StackTrace } from "../provider/stack-trace.js";
import type { ProjectContracts } from "./project-contracts.js";
import type { TracedExecution } from "./trace-builder.js";

import { AbiDecodingError } from "../abi/abi-decoder.js";
import {
  isOutOfGas,
  isRevert,
  outOfGasError,
  returnedData,
  unrecognizedStackTrace,
} from "../provider/failure.js";
import { failureMessage, failureReason } from "../provider/failure-text.js";
import { toHex } from "../provider/format/quantity.js";
import { INVALID_INPUT, rpcError } from "../provider/rpc-errors.js";
import {
  createLazySolidityError,
  createSolidityError,
  messageOf,
} from "../provider/solidity-error.js";
import {
  StackTraceEntryType,
  UNRECOGNIZED_FUNCTION_NAME,
} from "../provider/stack-trace.js";
import { describeCustomError, isErrorData, panicCode } from "./return-data.js";
import { stackTraceOf } from "./solidity-tracer.js";
import { StackTraceError } from "./trace.js";
import { traceRerun } from "./trace-rerun.js";

const PUSH20 = 0x73;
const VM_EXCEPTION = "VM Exception while processing transaction: ";

export interface ExplainerOptions {
  /**
   * Every revert is found in the source before anything is said about it. Needed with viaIR, whose
   * source maps lose reverts; without, returned data says what the message is.
   */
  readonly distrustsData: boolean;
}

/** Explains failures, and names calls, with the contracts that the project has compiled. */
export class SolidityExplainer implements FailureExplainer, CallNamer {
  readonly #contracts: ProjectContracts;
  readonly #options: ExplainerOptions;

  constructor(contracts: ProjectContracts, options: ExplainerOptions) {
    this.#contracts = contracts;
    this.#options = options;
  }

  public explain(failure: ExecutionFailure, chain: Chain): Error {
    const { result, transactionHash = null } = failure;
    if (isOutOfGas(result)) {
      return outOfGasError(failure);
    }
    // What happened is traced at once, because the state may be gone later. What it means in
    // Solidity can wait.
    const execution = traceRerun(failure.rerun, chain);
    const data = toHex(returnedData(result));
    const message = this.#messageFromData(failure, execution);
    if (message !== undefined) {
      return createLazySolidityError(
        message,
        () => this.#stackTrace(execution) ?? unrecognizedStackTrace(failure),
        data,
        transactionHash,
      );
    }
    const stackTrace = this.#stackTrace(execution);
    return stackTrace === undefined
      ? rpcError(INVALID_INPUT, failureMessage(result), {
          reason: failureReason(result),
          data,
          transactionHash,
        })
      : createSolidityError(
          failureMessage(result),
          stackTrace,
          data,
          transactionHash,
        );
  }

  public nameCall(
    code: Uint8Array,
    calldata: Uint8Array,
    isCreate: boolean,
  ): ReturnType<CallNamer["nameCall"]> {
    const bytecode = this.#contracts.identifyCode(code, isCreate);
    if (bytecode === undefined) {
      return undefined;
    }
    const { contract } = bytecode;
    const called = contract.functionFor(calldata);
    return {
      contract: contract.name,
      function: isCreate
        ? undefined
        : (called?.name ?? UNRECOGNIZED_FUNCTION_NAME),
    };
  }

  /** The message, where returned data decides it; undefined where it does not. */
  #messageFromData(
    { result }: ExecutionFailure,
    execution: TracedExecution,
  ): string | undefined {
    const data = result.output;
    if (
      this.#options.distrustsData ||
      !isRevert(result) ||
      data.length === 0 ||
      // A library that was called directly, which is an error of its own.
      execution.calledCode?.[0] === PUSH20
    ) {
      return undefined;
    }
    try {
      if (!isErrorData(data) && panicCode(data) === undefined) {
        const errors = execution.originOfRevert((code, codeHash) =>
          this.#contracts.errorsOf(code, codeHash),
        );
        if (errors !== undefined) {
          return VM_EXCEPTION + describeCustomError(errors, data);
        }
      }
    } catch (error) {
      if (error instanceof AbiDecodingError) {
        return undefined;
      }
      throw error;
    }
    return messageOf({
      type: StackTraceEntryType.UNRECOGNIZED_CREATE_ERROR,
      returnData: data,
      isInvalidOpcodeError: false,
    });
  }

  /** undefined when the trace makes no sense. */
  #stackTrace(execution: TracedExecution): StackTrace | undefined {
    try {
      const entries = stackTraceOf(execution.toTrace(this.#contracts));
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
