/** How entries of a stack trace point into the source. */
import type {
  SourceReference,
  StackTraceEntry,
} from "../provider/stack-trace.js";
import type { Bytecode, Instruction } from "./model/bytecode.js";
import type { ContractFunction, FunctionType } from "./model/contract.js";
import type { SourceLocation } from "./model/source.js";

import {
  CONSTRUCTOR_FUNCTION_NAME,
  ContractFunctionType,
  FALLBACK_FUNCTION_NAME,
  RECEIVE_FUNCTION_NAME,
  StackTraceEntryType,
} from "../provider/stack-trace.js";
import { StackTraceError } from "./trace.js";

const FUNCTION_TYPES: Readonly<Record<FunctionType, number>> = {
  constructor: ContractFunctionType.CONSTRUCTOR,
  function: ContractFunctionType.FUNCTION,
  fallback: ContractFunctionType.FALLBACK,
  receive: ContractFunctionType.RECEIVE,
  getter: ContractFunctionType.GETTER,
  modifier: ContractFunctionType.MODIFIER,
  "free-function": ContractFunctionType.FREE_FUNCTION,
};

/**
 * A place in the source, named after the function it lies in.
 *
 * @returns undefined when it lies in none.
 */
export function referenceTo(
  bytecode: Bytecode,
  location: SourceLocation | undefined,
): SourceReference | undefined {
  const inside = location?.function;
  if (location === undefined || inside === undefined) {
    return undefined;
  }
  return {
    ...placeOf(location),
    ...(inside.type === "free-function"
      ? {}
      : { contract: bytecode.contract.name }),
    function: displayName(inside),
  };
}

function displayName({ type, name }: ContractFunction): string {
  switch (type) {
    case "constructor":
      return CONSTRUCTOR_FUNCTION_NAME;
    case "fallback":
      return FALLBACK_FUNCTION_NAME;
    case "receive":
      return RECEIVE_FUNCTION_NAME;
    default:
      return name;
  }
}

/** The declaration of a function. Its name is as declared: empty for fallback and receive. */
export function functionStart(
  bytecode: Bytecode,
  declared: ContractFunction,
): SourceReference {
  return {
    ...placeOf(declared.location),
    contract: bytecode.contract.name,
    function: declared.name,
  };
}

export function fallbackStart(bytecode: Bytecode): SourceReference {
  const { fallback, name } = bytecode.contract;
  if (fallback === undefined) {
    throw new StackTraceError("expected a fallback function");
  }
  return {
    ...placeOf(fallback.location),
    contract: name,
    function: FALLBACK_FUNCTION_NAME,
  };
}

/** The contract's declaration. */
export function contractStart(bytecode: Bytecode): SourceReference {
  const { location, name } = bytecode.contract;
  return { ...placeOf(location), contract: name };
}

/** The constructor, or the contract when it declares none. */
export function constructorStart(bytecode: Bytecode): SourceReference {
  const { location, name, declaredConstructor } = bytecode.contract;
  return {
    ...placeOf(location),
    line: (declaredConstructor?.location ?? location).line,
    contract: name,
    function: CONSTRUCTOR_FUNCTION_NAME,
  };
}

export function placeOf(location: SourceLocation): SourceReference {
  return {
    sourceName: location.file.sourceName,
    sourceContent: location.file.content,
    line: location.line,
    range: location.range,
  };
}

/** The entry of a jump or a call: where execution went on from. */
export function callstackEntry(
  bytecode: Bytecode,
  { location, pc }: Instruction,
): StackTraceEntry {
  const { contract } = bytecode;
  // Jumps without a location are made by the compiler's own routines.
  if (location === undefined) {
    return {
      type: StackTraceEntryType.INTERNAL_FUNCTION_CALLSTACK_ENTRY,
      pc,
      sourceReference: contractStart(bytecode),
    };
  }
  const reference = referenceTo(bytecode, location);
  return {
    type: StackTraceEntryType.CALLSTACK_ENTRY,
    sourceReference: reference ?? {
      ...placeOf(location),
      contract: contract.name,
    },
    functionType: FUNCTION_TYPES[location.function?.type ?? "function"],
  };
}

export function constructorEntry(bytecode: Bytecode): StackTraceEntry {
  return {
    type: StackTraceEntryType.CALLSTACK_ENTRY,
    sourceReference: constructorStart(bytecode),
    functionType: ContractFunctionType.CONSTRUCTOR,
  };
}
