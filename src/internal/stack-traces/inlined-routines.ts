/**
 * From 0.6.9 on, solc maps the routines it inlines (argument checks, the check that a callee has
 * code) to the source that made it inline them, so they look like a plain revert there. The opcodes
 * before the revert tell them apart.
 */
import type { StackTraceEntry } from "../provider/stack-trace.js";
import type { KnownTrace } from "./trace.js";

import { StackTraceEntryType as Type } from "../provider/stack-trace.js";
import {
  CALLDATASIZE,
  CODECOPY,
  CODESIZE,
  DUP1,
  EXTCODESIZE,
  ISZERO,
  LT,
} from "./opcodes.js";
import { instructionOfStep } from "./trace-queries.js";
import { isAtLeast } from "./versions.js";

const FIRST_VERSION_WITH_MAPPED_ROUTINES = "0.6.9";

/** Opcodes from a step on, counted from the end. */
type Pattern = readonly (readonly [fromEnd: number, ...opcodes: number[]])[];

const CALLEE_HAS_NO_CODE: Pattern = [[9, EXTCODESIZE, ISZERO, DUP1, ISZERO]];
const CONSTRUCTOR_ARGUMENTS_TOO_SHORT: Pattern = [
  [20, CODESIZE],
  [15, CODECOPY],
  [7, LT, ISZERO],
];
const CALLDATA_TOO_SHORT: Pattern = [
  [11, CALLDATASIZE],
  [7, LT, ISZERO],
];

/** Replaces a last entry that is a revert without data by what really happened. */
export function explainInlinedRoutines(
  entries: StackTraceEntry[],
  trace: KnownTrace,
): StackTraceEntry[] {
  const last = entries.at(-1);
  if (
    last?.type !== Type.REVERT_ERROR ||
    last.isInvalidOpcodeError ||
    last.returnData.length > 0 ||
    !isAtLeast(
      trace.bytecode.compilerVersion,
      FIRST_VERSION_WITH_MAPPED_ROUTINES,
    )
  ) {
    return entries;
  }
  const { sourceReference } = last;
  const others = entries.slice(0, -1);
  if (endsWith(trace, CALLEE_HAS_NO_CODE)) {
    return [
      ...others,
      { type: Type.NONCONTRACT_ACCOUNT_CALLED_ERROR, sourceReference },
    ];
  }
  if (
    endsWith(trace, CONSTRUCTOR_ARGUMENTS_TOO_SHORT) ||
    endsWith(trace, CALLDATA_TOO_SHORT)
  ) {
    return [...others, { type: Type.INVALID_PARAMS_ERROR, sourceReference }];
  }
  return entries;
}

function endsWith(trace: KnownTrace, pattern: Pattern): boolean {
  const { length } = trace.steps;
  return pattern.every(
    ([fromEnd, ...opcodes]) =>
      fromEnd < length &&
      opcodes.every(
        (opcode, offset) =>
          instructionOfStep(trace, length - fromEnd + offset)?.opcode ===
          opcode,
      ),
  );
}
