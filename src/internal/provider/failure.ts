/**
 * From a failed execution to the error a caller sees. The provider asks a `FailureExplainer`; the
 * one here knows no contracts, so it explains everything as an unrecognised contract's doing. One
 * that knows them stands in front of it.
 */
import type { Chain } from "../chain/chain-interface.js";
import type { Address, ExecutionResult, Hash, Rerun } from "../chain/types.js";

import { toHex } from "./format/quantity.js";
import { INVALID_INPUT, rpcError } from "./rpc-errors.js";
import { createSolidityError } from "./solidity-error.js";
import {
  type StackTrace,
  type StackTraceEntry,
  StackTraceEntryType,
} from "./stack-trace.js";

/** An execution that reverted or halted. */
export interface ExecutionFailure {
  readonly result: ExecutionResult;
  /** How to execute it again under a tracer. */
  readonly rerun: Rerun;
  /** The account that was called; undefined: a contract was to be created. */
  readonly to: Address | undefined;
  /** The transaction, when it was mined; undefined: a call or an estimate. */
  readonly transactionHash: Hash | undefined;
}

export interface FailureExplainer {
  /** The error to throw: a SolidityError, or a ProviderError where no stack trace can be had. */
  explain(failure: ExecutionFailure, chain: Chain): Error;
}

// Codes of assembly/status.ts; test/provider/failure.ts pins them.
const REVERT = 0x10;
const HALT = 0x20;
const MEMORY_OUT_OF_GAS = 0x21;
const INVALID_OPERAND = 0x22;
const REENTRANCY_SENTRY = 0x23;
const PRECOMPILE_OUT_OF_GAS = 0x24;
const MEMORY_LIMIT = 0x25;
const OPCODE_NOT_FOUND = 0x28;
const INVALID_OPCODE = 0x29;
const INVALID_IMMEDIATE = 0x34;
const CODE_SIZE_LIMIT = 0x30;
const CODE_STARTS_WITH_EF = 0x31;

export function isSuccess(result: ExecutionResult): boolean {
  return result.status < REVERT;
}

export function isRevert(result: ExecutionResult): boolean {
  return result.status >= REVERT && result.status < HALT;
}

/** A halt because the outermost frame wanted more gas than it had. */
export function isOutOfGas(result: ExecutionResult): boolean {
  return result.status >= HALT && result.status < OPCODE_NOT_FOUND;
}

export function isInvalidOpcode(result: ExecutionResult): boolean {
  const { status } = result;
  return (
    status === OPCODE_NOT_FOUND ||
    status === INVALID_OPCODE ||
    status === INVALID_IMMEDIATE
  );
}

/** Which gas ran out, in EDR's words. */
function outOfGasKind(status: number): string {
  switch (status) {
    case MEMORY_OUT_OF_GAS:
      return "Memory";
    case INVALID_OPERAND:
      return "InvalidOperand";
    case REENTRANCY_SENTRY:
      return "ReentrancySentry";
    case PRECOMPILE_OUT_OF_GAS:
      return "Precompile";
    case MEMORY_LIMIT:
      return "MemoryLimit";
    default:
      return "Basic";
  }
}

/** What an execution returned as error data: nothing, unless it reverted. */
export function returnedData(result: ExecutionResult): Uint8Array {
  return isRevert(result) ? result.output : new Uint8Array();
}

/** The error for running out of gas: it has no stack trace. */
export function outOfGasError(failure: ExecutionFailure): Error {
  return rpcError(INVALID_INPUT, "Transaction ran out of gas", {
    reason: { OutOfGas: outOfGasKind(failure.result.status) },
    data: "0x",
    transactionHash: failure.transactionHash ?? null,
  });
}

/** The stack trace of an execution in contracts nobody knows. */
export function unrecognizedStackTrace(failure: ExecutionFailure): StackTrace {
  const { result, to } = failure;
  const returnData =
    result.status === CODE_STARTS_WITH_EF
      ? Uint8Array.of(0xef)
      : returnedData(result);
  const isInvalidOpcodeError = isInvalidOpcode(result);
  let entry: StackTraceEntry;
  if (result.status === CODE_SIZE_LIMIT) {
    entry = { type: StackTraceEntryType.CONTRACT_TOO_LARGE_ERROR };
  } else if (to === undefined) {
    entry = {
      type: StackTraceEntryType.UNRECOGNIZED_CREATE_ERROR,
      returnData,
      isInvalidOpcodeError,
    };
  } else {
    entry = {
      type: StackTraceEntryType.UNRECOGNIZED_CONTRACT_ERROR,
      address: Uint8Array.from(Buffer.from(to.slice(2), "hex")),
      returnData,
      isInvalidOpcodeError,
    };
  }
  return [entry];
}

export const genericExplainer: FailureExplainer = {
  explain: (failure) =>
    isOutOfGas(failure.result)
      ? outOfGasError(failure)
      : createSolidityError(
          "Transaction reverted without a reason string",
          unrecognizedStackTrace(failure),
          toHex(returnedData(failure.result)),
          failure.transactionHash ?? null,
        ),
};
