/**
 * What went wrong, from the steps of an execution that failed: heuristics that read the source map
 * the way Solidity generates code. They are tried in order; the first that applies says it.
 */
import type { StackTraceEntry } from "../provider/stack-trace.js";
import type { Bytecode, Instruction } from "./model/bytecode.js";
import type { ContractFunction } from "./model/contract.js";
import type { CallTrace, KnownTrace, MessageTrace } from "./trace.js";

import { AbiDecodingError, decodeAbi } from "../abi/abi-decoder.js";
import { parseAbiType } from "../abi/abi-types.js";
import {
  ContractFunctionType,
  StackTraceEntryType as Type,
} from "../provider/stack-trace.js";
import {
  callstackEntry,
  constructorEntry,
  constructorStart,
  contractStart,
  fallbackStart,
  functionStart,
  referenceTo,
} from "./entries.js";
import { checkLastMessage, wasCallWithoutCode } from "./message-errors.js";
import { CALL, CREATE, INVALID, REVERT, STATICCALL } from "./opcodes.js";
import { describeCustomError, isErrorData, panicCode } from "./return-data.js";
import { isCodeTooLarge } from "./status.js";
import { StackTraceError } from "./trace.js";
import {
  instructionOfStep,
  lastInstruction,
  lastReference,
  staysAt,
} from "./trace-queries.js";
import {
  mayBeUnmappedRevert,
  unmappedRevert,
  unmappedRevertBeforeFunction,
} from "./unmapped-reverts.js";

/** Calling an uninitialised internal function. */
const PANIC_ZERO_FUNCTION = 0x51n;

/** What is known after the steps of an execution were followed. */
export interface Progress {
  /** Functions entered and not left, by where they were entered from. */
  readonly entries: readonly StackTraceEntry[];
  /** The JUMPDESTs of those functions. */
  readonly jumpdests: readonly Instruction[];
  /** The source map told of a jump into a function that has a place in the source. */
  readonly enteredFunction: boolean;
  readonly lastMessage: LastMessage | undefined;
}

/** The last message that was sent, when no other followed. */
export interface LastMessage {
  readonly trace: MessageTrace;
  readonly entries: readonly StackTraceEntry[];
  /** Its index among the steps. */
  readonly index: number;
}

export function inferError(
  trace: KnownTrace,
  progress: Progress,
): StackTraceEntry[] {
  const { entries } = progress;
  return (
    checkLastMessage(trace, progress, withEntryFunction) ??
    checkFailedCall(trace, entries) ??
    checkLastInstruction(trace, progress) ??
    checkCallWithoutCode(trace, entries) ??
    checkUnmappedRevert(trace, entries) ??
    checkCodeTooLarge(trace) ?? [
      ...entries,
      {
        type: Type.OTHER_EXECUTION_ERROR,
        sourceReference: lastReference(trace),
      },
    ]
  );
}

/** Execution never left the place of a call: the call could not be made. */
function checkFailedCall(
  trace: KnownTrace,
  entries: readonly StackTraceEntry[],
): StackTraceEntry[] | undefined {
  const { bytecode, steps } = trace;
  for (let index = steps.length - 2; index >= 0; index--) {
    const instruction = instructionOfStep(trace, index);
    if (instruction === undefined) {
      return undefined;
    }
    const { opcode, location } = instruction;
    const isCall =
      opcode === CALL || opcode === STATICCALL || opcode === CREATE;
    if (!isCall || typeof steps[index + 1] !== "number") {
      continue;
    }
    if (location === undefined) {
      throw new StackTraceError("expected a location of the call");
    }
    if (staysAt(trace, index, location)) {
      const sourceReference = referenceTo(bytecode, location);
      if (sourceReference === undefined) {
        throw new StackTraceError("expected the call to be in a function");
      }
      return withEntryFunction(trace, [
        ...entries,
        { type: Type.CALL_FAILED_ERROR, sourceReference },
      ]);
    }
  }
  return undefined;
}

function checkLastInstruction(
  trace: KnownTrace,
  progress: Progress,
): StackTraceEntry[] | undefined {
  if (trace.steps.length === 0) {
    return undefined;
  }
  const last = lastInstruction(trace);
  if (last === undefined) {
    throw new StackTraceError("expected an instruction at the end");
  }
  const { entries, isDone } = checkRevert(trace, progress, last);
  if (isDone) {
    return entries;
  }
  return trace.kind === "create" || progress.enteredFunction
    ? undefined
    : [explainBeforeFunction(trace, last)];
}

/** A revert of a call that has not entered a function, as far as the source map tells. */
function explainBeforeFunction(
  trace: CallTrace & { readonly bytecode: Bytecode },
  last: Instruction,
): StackTraceEntry {
  const { bytecode, calldata, output } = trace;
  const { contract } = bytecode;
  const { location, opcode } = last;
  const inSpecialFunction = [contract.fallback, contract.receive].some(
    (special) =>
      special !== undefined &&
      location !== undefined &&
      opcode === REVERT &&
      special.location.contains(location),
  );
  const failing = location?.function;
  const place = inSpecialFunction
    ? revertReference(bytecode, last)
    : failing === undefined
      ? undefined
      : functionStart(bytecode, failing);
  if (place !== undefined) {
    return {
      type: Type.REVERT_ERROR,
      sourceReference: place,
      returnData: output,
      isInvalidOpcodeError: opcode === INVALID,
    };
  }

  const called = contract.functionFor(calldata);
  if (called !== undefined && !canDecodeArguments(called, calldata)) {
    return {
      type: Type.INVALID_PARAMS_ERROR,
      sourceReference: functionStart(bytecode, called),
    };
  }
  const unmapped = mayBeUnmappedRevert(trace)
    ? unmappedRevertBeforeFunction(trace)
    : undefined;
  return (
    unmapped ?? {
      type: Type.OTHER_EXECUTION_ERROR,
      sourceReference: contractStart(bytecode),
    }
  );
}

function canDecodeArguments(
  called: ContractFunction,
  calldata: Uint8Array,
): boolean {
  const parameters = called.parameters();
  if (parameters === undefined) {
    return true;
  }
  try {
    decodeAbi(parameters.map(parseAbiType), calldata.subarray(4));
    return true;
  } catch (error) {
    if (error instanceof AbiDecodingError || error instanceof RangeError) {
      return false;
    }
    throw error;
  }
}

/** `entries`: the stack trace when it is done, else what later heuristics go on from. */
interface RevertCheck {
  readonly entries: StackTraceEntry[];
  readonly isDone: boolean;
}

function checkRevert(
  trace: KnownTrace,
  progress: Progress,
  last: Instruction,
): RevertCheck {
  const unchanged = { entries: [...progress.entries], isDone: false };
  if (last.opcode !== REVERT && last.opcode !== INVALID) {
    return unchanged;
  }
  const done = (entries: StackTraceEntry[]): RevertCheck => ({
    entries: withEntryFunction(trace, entries),
    isDone: true,
  });

  const { bytecode, output } = trace;
  const { location } = last;
  const isInFunction = progress.enteredFunction || trace.kind === "create";
  const entries = [...progress.entries];
  if (isInFunction && location?.function?.type === "modifier") {
    entries.push(entryBeforeModifier(trace, progress.jumpdests));
  }

  const code = panicCode(output);
  if (code !== undefined) {
    return done(withPanic(trace, entries, last, code));
  }
  if (output.length > 0 && !isErrorData(output)) {
    const reference = referenceTo(bytecode, location) ?? lastReference(trace);
    if (reference === undefined) {
      throw new StackTraceError("expected a place of the custom error");
    }
    entries.push({
      type: Type.CUSTOM_ERROR,
      message: describeCustomError(bytecode.contract, output),
      sourceReference: reference,
    });
    return done(entries);
  }

  const revert = {
    type: Type.REVERT_ERROR,
    returnData: output,
    isInvalidOpcodeError: last.opcode === INVALID,
  } as const;
  if (isInFunction && location !== undefined) {
    if (location.function !== undefined) {
      const sourceReference = revertReference(bytecode, last);
      return done([...entries, { ...revert, sourceReference }]);
    }
    // Optimised code can lose the place: the function that was called is the best one left.
    if (trace.kind === "create") {
      const sourceReference = constructorStart(bytecode);
      return done([...entries, { ...revert, sourceReference }]);
    }
    const called = bytecode.contract.functionFor(trace.calldata);
    if (called === undefined) {
      return { entries, isDone: false };
    }
    const sourceReference = functionStart(bytecode, called);
    return done([...entries, { ...revert, sourceReference }]);
  }
  if (location === undefined && output.length > 0) {
    const sourceReference = contractStart(bytecode);
    return done([...entries, { ...revert, sourceReference }]);
  }
  return unchanged;
}

function withPanic(
  trace: KnownTrace,
  entries: StackTraceEntry[],
  last: Instruction,
  errorCode: bigint,
): StackTraceEntry[] {
  // Panics are made in a routine of the compiler, which is no part of the story.
  if (entries.at(-1)?.type === Type.INTERNAL_FUNCTION_CALLSTACK_ENTRY) {
    entries.pop();
  }
  // The call of the uninitialised function is where the panic will point.
  if (errorCode === PANIC_ZERO_FUNCTION) {
    entries.pop();
  }
  const sourceReference =
    referenceTo(trace.bytecode, last.location) ?? lastReference(trace);
  return [...entries, { type: Type.PANIC_ERROR, sourceReference, errorCode }];
}

function revertReference(
  bytecode: Bytecode,
  { location }: Instruction,
): NonNullable<ReturnType<typeof referenceTo>> {
  const reference = referenceTo(bytecode, location);
  if (reference === undefined) {
    throw new StackTraceError("expected the revert to be in a function");
  }
  return reference;
}

function checkCallWithoutCode(
  trace: KnownTrace,
  entries: readonly StackTraceEntry[],
): StackTraceEntry[] | undefined {
  if (!wasCallWithoutCode(trace)) {
    return undefined;
  }
  const sourceReference = lastReference(trace);
  if (sourceReference === undefined) {
    throw new StackTraceError("expected a place of the call");
  }
  return [
    ...entries,
    { type: Type.NONCONTRACT_ACCOUNT_CALLED_ERROR, sourceReference },
  ];
}

function checkUnmappedRevert(
  trace: KnownTrace,
  entries: readonly StackTraceEntry[],
): StackTraceEntry[] | undefined {
  if (!mayBeUnmappedRevert(trace)) {
    return undefined;
  }
  const entry = unmappedRevert(trace);
  return entry === undefined ? [...entries] : [...entries, entry];
}

function checkCodeTooLarge(trace: KnownTrace): StackTraceEntry[] | undefined {
  return trace.kind === "create" && isCodeTooLarge(trace.status)
    ? [
        {
          type: Type.CONTRACT_TOO_LARGE_ERROR,
          sourceReference: constructorStart(trace.bytecode),
        },
      ]
    : undefined;
}

/** The function whose modifier failed. */
function entryBeforeModifier(
  trace: KnownTrace,
  jumpdests: readonly Instruction[],
): StackTraceEntry {
  const last = jumpdests.at(-1);
  if (last !== undefined) {
    return callstackEntry(trace.bytecode, last);
  }
  if (trace.kind === "call") {
    throw new StackTraceError("expected a jump into the function");
  }
  return constructorEntry(trace.bytecode);
}

/** A stack trace that starts in a modifier gets the function it belongs to in front. */
export function withEntryFunction(
  trace: KnownTrace,
  entries: StackTraceEntry[],
): StackTraceEntry[] {
  const [first] = entries;
  if (
    first?.type !== Type.CALLSTACK_ENTRY ||
    first.functionType !== ContractFunctionType.MODIFIER
  ) {
    return entries;
  }
  return [entryFunction(trace), ...entries];
}

function entryFunction(trace: KnownTrace): StackTraceEntry {
  const { bytecode } = trace;
  if (trace.kind === "create") {
    return constructorEntry(bytecode);
  }
  const { contract } = bytecode;
  const called =
    trace.calldata.length === 0
      ? contract.receive
      : contract.functionFor(trace.calldata);
  return {
    type: Type.CALLSTACK_ENTRY,
    sourceReference:
      called === undefined
        ? fallbackStart(bytecode)
        : functionStart(bytecode, called),
    functionType:
      called === undefined
        ? ContractFunctionType.FALLBACK
        : ContractFunctionType.FUNCTION,
  };
}
