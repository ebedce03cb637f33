/**
 * An execution as stack traces need it: a tree of messages, each with the program counters it went
 * through and, in their place among them, the messages it sent.
 */
import type { Bytecode } from "./model/bytecode.js";

/** A program counter, or the message that the instruction before it sent. */
export type TraceStep = number | MessageTrace;

interface MessageFields {
  /** 0 for the transaction's own message. */
  readonly depth: number;
  /** Wei. */
  readonly value: bigint;
  readonly output: Uint8Array;
  /** Status of the core (assembly/status.ts). */
  readonly status: number;
}

export interface PrecompileTrace extends MessageFields {
  readonly kind: "precompile";
  /** The precompile's address as a number. */
  readonly precompile: number;
}

interface ExecutionFields extends MessageFields {
  readonly steps: readonly TraceStep[];
  /** Messages sent, counting also those that failed before they ran a step, which are not in `steps`. */
  readonly messageCount: number;
  /** The compiled contract whose code runs, if it is known. */
  readonly bytecode: Bytecode | undefined;
}

export interface CallTrace extends ExecutionFields {
  readonly kind: "call";
  /** Of the code that runs: the implementation's for a delegate call. */
  readonly codeAddress: Uint8Array;
  readonly calldata: Uint8Array;
}

export interface CreateTrace extends ExecutionFields {
  readonly kind: "create";
}

export type ExecutionTrace = CallTrace | CreateTrace;
export type MessageTrace = ExecutionTrace | PrecompileTrace;

/** An execution of a contract that is known. */
export type KnownTrace = ExecutionTrace & { readonly bytecode: Bytecode };

export function isKnown(trace: ExecutionTrace): trace is KnownTrace {
  return trace.bytecode !== undefined;
}

/** The sequence of steps or of entries makes no sense: there is no stack trace to be had. */
export class StackTraceError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "StackTraceError";
  }
}
