/**
 * solc 0.6.3 to 0.6.x leaves reverts without a place in the source
 * (https://github.com/ethereum/solidity/issues/9006). The instructions around say where it may be.
 */
import type {
  SourceReference,
  StackTraceEntry,
} from "../provider/stack-trace.js";
import type { ContractFunction } from "./model/contract.js";
import type { KnownTrace } from "./trace.js";

import {
  FALLBACK_FUNCTION_NAME,
  RECEIVE_FUNCTION_NAME,
  StackTraceEntryType as Type,
} from "../provider/stack-trace.js";
import { constructorStart, placeOf, referenceTo } from "./entries.js";
import { REVERT } from "./opcodes.js";
import { StackTraceError } from "./trace.js";
import {
  instructionOfStep,
  lastInstruction,
  lastLocatedStep,
} from "./trace-queries.js";
import { isAtLeast } from "./versions.js";

interface UnmappedRevert {
  readonly type: typeof Type.UNMAPPED_SOLC_0_6_3_REVERT_ERROR;
  readonly sourceReference: SourceReference | undefined;
}

export function mayBeUnmappedRevert(trace: KnownTrace): boolean {
  const { compilerVersion } = trace.bytecode;
  return (
    lastInstruction(trace)?.opcode === REVERT &&
    isAtLeast(compilerVersion, "0.6.3") &&
    !isAtLeast(compilerVersion, "0.7.0")
  );
}

/** For a revert before a function was entered: it may be in the fallback or receive function. */
export function unmappedRevertBeforeFunction(
  trace: KnownTrace,
): StackTraceEntry | undefined {
  const entry = unmappedRevert(trace);
  if (entry?.sourceReference !== undefined) {
    return entry;
  }
  const { fallback, receive } = trace.bytecode.contract;
  const hasCalldata = trace.kind === "call" && trace.calldata.length > 0;
  if (receive !== undefined && !hasCalldata) {
    return at(startOf(trace, receive, RECEIVE_FUNCTION_NAME));
  }
  return fallback === undefined
    ? undefined
    : at(startOf(trace, fallback, FALLBACK_FUNCTION_NAME));
}

function startOf(
  trace: KnownTrace,
  { location }: ContractFunction,
  name: string,
): SourceReference {
  return {
    ...placeOf(location),
    contract: trace.bytecode.contract.name,
    function: name,
  };
}

/** For a revert inside a function. */
export function unmappedRevert(trace: KnownTrace): UnmappedRevert | undefined {
  const { bytecode, steps } = trace;
  const last = lastInstruction(trace);
  if (last === undefined) {
    throw new StackTraceError("expected an instruction at the end");
  }
  const located = lastLocatedStep(trace);
  const before =
    located === undefined
      ? undefined
      : instructionOfStep(trace, located)?.location;
  const lastPc = steps[steps.length - 1];
  const next =
    typeof lastPc === "number" ? bytecode.instruction(lastPc + 1) : undefined;

  if (next !== undefined) {
    const after = next.location;
    // Probably a `require`: the line is exact.
    if (
      before?.function !== undefined &&
      after !== undefined &&
      before.equals(after)
    ) {
      return at(referenceTo(bytecode, after), false);
    }
    const inside = before?.function === undefined ? after : before;
    return at(referenceTo(bytecode, inside));
  }
  if (before === undefined) {
    return undefined;
  }
  const reference = referenceTo(bytecode, before);
  return at(
    reference ??
      (trace.kind === "create" ? constructorStart(bytecode) : undefined),
    reference !== undefined,
  );
}

function at(
  sourceReference: SourceReference | undefined,
  correctsLine = true,
): UnmappedRevert {
  return {
    type: Type.UNMAPPED_SOLC_0_6_3_REVERT_ERROR,
    sourceReference:
      sourceReference !== undefined && correctsLine
        ? withCorrectedLine(sourceReference)
        : sourceReference,
  };
}

/** The revert is often on the line after the one that is known. */
function withCorrectedLine(reference: SourceReference): SourceReference {
  const lines = reference.sourceContent.split("\n");
  if (mayRevert(lines[reference.line - 1])) {
    return reference;
  }
  const rest = lines.slice(reference.line);
  const offset = rest.findIndex((line) => line.trim() !== "");
  return mayRevert(rest[offset])
    ? { ...reference, line: reference.line + 1 + offset }
    : reference;
}

function mayRevert(line: string | undefined): boolean {
  return (
    line !== undefined && (line.includes("require") || line.includes("revert"))
  );
}
