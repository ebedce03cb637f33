/**
 * Failures that show in how a contract was called, before one looks at what it executed: a missing
 * function, value for a function that takes none, wrong arguments of a constructor.
 */
import type {
  SourceReference,
  StackTraceEntry,
} from "../provider/stack-trace.js";
import type { Bytecode } from "./model/bytecode.js";
import type { CallTrace, CreateTrace } from "./trace.js";

import { StackTraceEntryType as Type } from "../provider/stack-trace.js";
import {
  constructorStart,
  contractStart,
  fallbackStart,
  functionStart,
} from "./entries.js";
import { CODESIZE, REVERT } from "./opcodes.js";
import { instructionOfStep, lastInstruction } from "./trace-queries.js";
import { isAtLeast } from "./versions.js";

type Known<TraceT> = TraceT & { readonly bytecode: Bytecode };

const FIRST_VERSION_CHECKING_CONSTRUCTOR_ARGUMENTS = "0.5.9";
const FIRST_VERSION_WITH_RECEIVE = "0.6.0";

/** @returns the only entry of the stack trace, or undefined when the call itself was fine. */
export function checkCall(
  trace: Known<CallTrace>,
): StackTraceEntry | undefined {
  const { bytecode, calldata, value } = trace;
  const { contract } = bytecode;
  const called = contract.functionFor(calldata);

  if (trace.depth === 0 && contract.isLibrary) {
    return {
      type: Type.DIRECT_LIBRARY_CALL_ERROR,
      sourceReference:
        called === undefined
          ? contractStart(bytecode)
          : functionStart(bytecode, called),
    };
  }
  // None of these returns data.
  if (trace.output.length > 0) {
    return undefined;
  }

  if (called !== undefined) {
    return value > 0n && !contract.isLibrary && !called.isPayable
      ? {
          type: Type.FUNCTION_NOT_PAYABLE_ERROR,
          sourceReference: functionStart(bytecode, called),
          value,
        }
      : undefined;
  }

  const hasNoReceive =
    calldata.length === 0 &&
    contract.receive === undefined &&
    isAtLeast(bytecode.compilerVersion, FIRST_VERSION_WITH_RECEIVE);
  const { fallback } = contract;
  if (fallback === undefined) {
    return calldata.length === 0 && contract.receive !== undefined
      ? undefined
      : {
          type: hasNoReceive
            ? Type.MISSING_FALLBACK_OR_RECEIVE_ERROR
            : Type.UNRECOGNIZED_FUNCTION_WITHOUT_FALLBACK_ERROR,
          sourceReference: contractStart(bytecode),
        };
  }
  return value > 0n && !fallback.isPayable
    ? {
        type: hasNoReceive
          ? Type.FALLBACK_NOT_PAYABLE_AND_NO_RECEIVE_ERROR
          : Type.FALLBACK_NOT_PAYABLE_ERROR,
        sourceReference: fallbackStart(bytecode),
        value,
      }
    : undefined;
}

/** The same for a creation. */
export function checkCreation(
  trace: Known<CreateTrace>,
): StackTraceEntry | undefined {
  const { bytecode, value } = trace;
  const { declaredConstructor } = bytecode.contract;
  // Contracts without a constructor take no arguments, and their creation code is never to blame.
  if (trace.output.length > 0 || declaredConstructor === undefined) {
    return undefined;
  }
  const sourceReference: SourceReference = constructorStart(bytecode);
  if (value > 0n && !declaredConstructor.isPayable) {
    return { type: Type.FUNCTION_NOT_PAYABLE_ERROR, sourceReference, value };
  }
  return hasWrongArguments(trace)
    ? { type: Type.INVALID_PARAMS_ERROR, sourceReference }
    : undefined;
}

/**
 * A constructor finds out how long its arguments are by CODESIZE, and reverts, at no place in the
 * source, before it does anything of its own.
 */
function hasWrongArguments(trace: Known<CreateTrace>): boolean {
  const { bytecode, steps } = trace;
  const { location, declaredConstructor } = bytecode.contract;
  if (
    !isAtLeast(
      bytecode.compilerVersion,
      FIRST_VERSION_CHECKING_CONSTRUCTOR_ARGUMENTS,
    )
  ) {
    return false;
  }
  const last = lastInstruction(trace);
  if (last?.opcode !== REVERT || last.location !== undefined) {
    return false;
  }
  let readsCodeSize = false;
  for (let index = 0; index < steps.length; index++) {
    const instruction = instructionOfStep(trace, index);
    if (instruction === undefined) {
      return false;
    }
    const at = instruction.location;
    if (
      at !== undefined &&
      !at.equals(location) &&
      declaredConstructor?.location.equals(at) !== true
    ) {
      return false;
    }
    readsCodeSize ||= instruction.opcode === CODESIZE;
  }
  return readsCodeSize;
}
