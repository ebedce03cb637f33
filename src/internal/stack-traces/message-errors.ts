/** Failures that come from a message that a contract sent: its error, or its answer. */
import type { StackTraceEntry } from "../provider/stack-trace.js";
import type { Progress } from "./error-inference.js";
import type { KnownTrace } from "./trace.js";

import { StackTraceEntryType as Type } from "../provider/stack-trace.js";
import { callstackEntry } from "./entries.js";
import { DELEGATECALL, EXTCODESIZE, ISZERO, REVERT } from "./opcodes.js";
import { isFailure, isOutOfGas, isRevert } from "./status.js";
import { StackTraceError } from "./trace.js";
import {
  instructionOfStep,
  lastInstruction,
  lastLocatedStep,
  messageAt,
  revertsRightAfter,
  senderOf,
} from "./trace-queries.js";

type Finish = (
  trace: KnownTrace,
  entries: StackTraceEntry[],
) => StackTraceEntry[];

/** The last message failed and its error was passed on, or it answered with too little data. */
export function checkLastMessage(
  trace: KnownTrace,
  { entries, lastMessage }: Progress,
  finish: Finish,
): StackTraceEntry[] | undefined {
  if (lastMessage === undefined) {
    return undefined;
  }
  const { index } = lastMessage;
  const call = callstackEntry(trace.bytecode, senderOf(trace, index));
  if (!isFailure(lastMessage.trace.status)) {
    return revertsRightAfter(trace, index) && call.sourceReference !== undefined
      ? finish(trace, [
          ...entries,
          {
            type: Type.RETURNDATA_SIZE_ERROR,
            sourceReference: call.sourceReference,
          },
        ])
      : undefined;
  }
  if (!passesErrorOn(trace, index) && !isProxyPassingErrorOn(trace, index)) {
    return undefined;
  }
  const whole = [...entries, call, ...lastMessage.entries];
  if (ranOutOfGasInMessage(trace, index)) {
    const last = whole.pop();
    whole.push({
      type: Type.CONTRACT_CALL_RUN_OUT_OF_GAS_ERROR,
      sourceReference: last?.sourceReference,
    });
  }
  return finish(trace, whole);
}

/** Same data returned, or none and a revert at the very place of the call. */
function passesErrorOn(trace: KnownTrace, index: number): boolean {
  const message = messageAt(trace, index);
  if (!isSameData(trace.output, message.output)) {
    return false;
  }
  if (isOutOfGas(trace.status) && isOutOfGas(message.status)) {
    return true;
  }
  return trace.output.length > 0 || revertsRightAfter(trace, index);
}

/**
 * A proxy delegates everything, and returns what it is given, in inline assembly: from the call on
 * there is neither an instruction without a place nor a jump into or out of a function.
 */
function isProxyPassingErrorOn(trace: KnownTrace, index: number): boolean {
  if (
    trace.kind !== "call" ||
    instructionOfStep(trace, index - 1)?.opcode !== DELEGATECALL
  ) {
    return false;
  }
  const message = messageAt(trace, index);
  if (
    message.kind === "precompile" ||
    message.bytecode === undefined ||
    message.bytecode.contract.isLibrary ||
    !isSameData(trace.output, message.output)
  ) {
    return false;
  }
  for (let step = index + 1; step < trace.steps.length; step++) {
    const instruction = instructionOfStep(trace, step);
    if (
      instruction?.location === undefined ||
      instruction.jump === "into" ||
      instruction.jump === "out"
    ) {
      return false;
    }
  }
  const last = lastInstruction(trace);
  if (last === undefined) {
    throw new StackTraceError("expected an instruction at the end");
  }
  return last.opcode === REVERT;
}

function ranOutOfGasInMessage(trace: KnownTrace, index: number): boolean {
  return (
    trace.output.length === 0 &&
    isRevert(trace.status) &&
    isOutOfGas(messageAt(trace, index).status) &&
    revertsRightAfter(trace, index)
  );
}

/** Solidity looks whether there is code (EXTCODESIZE ISZERO) before it calls, and reverts if not. */
export function wasCallWithoutCode(trace: KnownTrace): boolean {
  const index = lastLocatedStep(trace);
  return (
    index !== undefined &&
    index > 0 &&
    instructionOfStep(trace, index)?.opcode === ISZERO &&
    instructionOfStep(trace, index - 1)?.opcode === EXTCODESIZE
  );
}

function isSameData(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
