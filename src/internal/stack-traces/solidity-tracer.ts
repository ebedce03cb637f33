import type { StackTraceEntry } from "../provider/stack-trace.js";
import type { LastMessage } from "./error-inference.js";
import type { Instruction } from "./model/bytecode.js";
import type { ExecutionTrace, KnownTrace, MessageTrace } from "./trace.js";

import { StackTraceEntryType as Type } from "../provider/stack-trace.js";
import { callstackEntry } from "./entries.js";
import { checkCall, checkCreation } from "./entry-checks.js";
import { inferError } from "./error-inference.js";
import { explainInlinedRoutines } from "./inlined-routines.js";
import { JUMPDEST } from "./opcodes.js";
import { withoutRedundantEntries } from "./redundant-entries.js";
import { isCodeTooLarge, isFailure, isInvalidOpcode } from "./status.js";
import { isKnown, StackTraceError } from "./trace.js";
import { instructionAt, instructionOfStep } from "./trace-queries.js";

/**
 * The Solidity stack trace of a failed execution, outermost entry first. The last entry says what
 * went wrong.
 *
 * @returns no entries when the execution did not fail.
 * @throws StackTraceError when the trace does not fit the compiled contracts.
 */
export function stackTraceOf(trace: MessageTrace): StackTraceEntry[] {
  if (!isFailure(trace.status)) {
    return [];
  }
  if (trace.kind === "precompile") {
    return [{ type: Type.PRECOMPILE_ERROR, precompile: trace.precompile }];
  }
  return isKnown(trace) ? stackTraceOfKnown(trace) : stackTraceOfUnknown(trace);
}

function stackTraceOfKnown(trace: KnownTrace): StackTraceEntry[] {
  const atEntry =
    trace.kind === "call" ? checkCall(trace) : checkCreation(trace);
  return atEntry === undefined
    ? explainInlinedRoutines(withoutRedundantEntries(follow(trace)), trace)
    : [atEntry];
}

/** Follows the jumps into and out of functions, and infers the error at the end. */
function follow(trace: KnownTrace): StackTraceEntry[] {
  const { bytecode, steps } = trace;
  const entries: StackTraceEntry[] = [];
  const jumpdests: Instruction[] = [];
  let enteredFunction = false;
  let lastMessage: LastMessage | undefined;
  let messages = 0;

  for (const [index, step] of steps.entries()) {
    if (typeof step !== "number") {
      messages++;
      // A message that another follows did not end the execution.
      if (messages === trace.messageCount) {
        lastMessage = { trace: step, entries: stackTraceOf(step), index };
      }
      continue;
    }
    const instruction = instructionAt(trace, step);
    if (instruction.jump === "into" && index + 1 < steps.length) {
      const target = instructionOfStep(trace, index + 1);
      if (target === undefined) {
        throw new StackTraceError("expected an instruction after the jump");
      }
      if (target.opcode === JUMPDEST) {
        entries.push(callstackEntry(bytecode, instruction));
        enteredFunction ||= target.location !== undefined;
        jumpdests.push(target);
      }
    } else if (instruction.jump === "out") {
      entries.pop();
      jumpdests.pop();
    }
  }
  return inferError(trace, {
    entries,
    jumpdests,
    enteredFunction,
    lastMessage,
  });
}

function stackTraceOfUnknown(trace: ExecutionTrace): StackTraceEntry[] {
  const last = trace.messageCount === 0 ? undefined : lastMessageOf(trace);
  // Most contracts are Solidity's, and revert when a call fails, with the same data.
  if (
    last !== undefined &&
    isFailure(last.status) &&
    Buffer.compare(last.output, trace.output) === 0
  ) {
    return [
      trace.kind === "call"
        ? {
            type: Type.UNRECOGNIZED_CONTRACT_CALLSTACK_ENTRY,
            address: trace.codeAddress,
          }
        : { type: Type.UNRECOGNIZED_CREATE_CALLSTACK_ENTRY },
      ...stackTraceOf(last),
    ];
  }
  if (isCodeTooLarge(trace.status)) {
    return [{ type: Type.CONTRACT_TOO_LARGE_ERROR }];
  }
  const error = {
    returnData: trace.output,
    isInvalidOpcodeError: isInvalidOpcode(trace.status),
  };
  return [
    trace.kind === "call"
      ? {
          type: Type.UNRECOGNIZED_CONTRACT_ERROR,
          address: trace.codeAddress,
          ...error,
        }
      : { type: Type.UNRECOGNIZED_CREATE_ERROR, ...error },
  ];
}

function lastMessageOf({ steps }: ExecutionTrace): MessageTrace | undefined {
  const last = steps.findLast((step) => typeof step !== "number");
  return typeof last === "number" ? undefined : last;
}
