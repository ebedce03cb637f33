/** Questions about the steps of an execution that several heuristics ask. */
import type { SourceReference } from "../provider/stack-trace.js";
import type { Instruction } from "./model/bytecode.js";
import type { SourceLocation } from "./model/source.js";
import type { KnownTrace, MessageTrace } from "./trace.js";

import { referenceTo } from "./entries.js";
import { REVERT } from "./opcodes.js";
import { StackTraceError } from "./trace.js";

export function instructionAt(trace: KnownTrace, pc: number): Instruction {
  const instruction = trace.bytecode.instruction(pc);
  if (instruction === undefined) {
    throw new StackTraceError(`no instruction is known at ${pc}`);
  }
  return instruction;
}

/** The instruction of a step; undefined when there is no such step or it is a message. */
export function instructionOfStep(
  trace: KnownTrace,
  index: number,
): Instruction | undefined {
  const step = trace.steps[index];
  return typeof step === "number" ? instructionAt(trace, step) : undefined;
}

/** The instruction that sent the message at this step. */
export function senderOf(trace: KnownTrace, messageIndex: number): Instruction {
  const instruction = instructionOfStep(trace, messageIndex - 1);
  if (instruction === undefined) {
    throw new StackTraceError("expected an instruction before the message");
  }
  return instruction;
}

export function messageAt(trace: KnownTrace, index: number): MessageTrace {
  const step = trace.steps[index];
  if (step === undefined || typeof step === "number") {
    throw new StackTraceError("expected a message");
  }
  return step;
}

/** The last instruction; undefined when execution ended with a message or did nothing. */
export function lastInstruction(trace: KnownTrace): Instruction | undefined {
  return instructionOfStep(trace, trace.steps.length - 1);
}

/** The last place in a function that the execution went through. */
export function lastReference(trace: KnownTrace): SourceReference | undefined {
  for (let index = trace.steps.length - 1; index >= 0; index--) {
    const reference = referenceTo(
      trace.bytecode,
      instructionOfStep(trace, index)?.location,
    );
    if (reference !== undefined) {
      return reference;
    }
  }
  return undefined;
}

/** Index of the last step that has a location; undefined when a message comes before one is found. */
export function lastLocatedStep(trace: KnownTrace): number | undefined {
  for (let index = trace.steps.length - 1; index >= 0; index--) {
    const instruction = instructionOfStep(trace, index);
    if (instruction === undefined) {
      return undefined;
    }
    if (instruction.location !== undefined) {
      return index;
    }
  }
  return undefined;
}

/** Whether execution stayed at `location` from a step on, instructions without a place left out. */
export function staysAt(
  trace: KnownTrace,
  fromStep: number,
  location: SourceLocation,
): boolean {
  for (let index = fromStep; index < trace.steps.length; index++) {
    const instruction = instructionOfStep(trace, index);
    if (
      instruction === undefined ||
      (instruction.location !== undefined &&
        !instruction.location.equals(location))
    ) {
      return false;
    }
  }
  return true;
}

/** Whether the execution reverted at the very place that had sent the message. */
export function revertsRightAfter(
  trace: KnownTrace,
  messageIndex: number,
): boolean {
  if (lastInstruction(trace)?.opcode !== REVERT) {
    return false;
  }
  const { location } = senderOf(trace, messageIndex);
  if (location === undefined) {
    throw new StackTraceError("expected a location of the call");
  }
  return staysAt(trace, messageIndex + 1, location);
}
