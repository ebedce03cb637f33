import type { ProjectContracts } from "./project-contracts.js";
import type {
  CallTrace,
  CreateTrace,
  ExecutionTrace,
  TraceStep,
} from "./trace.js";

import { isRevertOrNotMade } from "./status.js";
import { StackTraceError } from "./trace.js";

// Kinds of messages, as the tracing build of the core numbers them.
const KIND_CREATE = 4;

// Opcodes from CREATE on, without RETURN, send messages.
const CREATE = 0xf0;
const RETURN = 0xf3;
const STATICCALL = 0xfa;
const CREATE2 = 0xf5;

/** How a message began, as the tracing build of the core tells it. */
export interface MessageStart {
  readonly kind: number;
  readonly codeAddress: Uint8Array;
  readonly value: bigint;
  /** Calldata, or the init code. */
  readonly input: Uint8Array;
  readonly isPrecompile: boolean;
}

/** A message under construction. */
interface Frame {
  readonly start: MessageStart;
  readonly pcs: number[];
  /** Indexes, in `pcs`, of the instructions that send messages. */
  readonly senders: number[];
  readonly messages: Frame[];
  status: number;
  output: Uint8Array;
}

const EMPTY = new Uint8Array();

/** Builds the tree of messages from the events of a traced execution. */
export class TraceBuilder {
  readonly #open: Frame[] = [];
  #root: Frame | undefined;

  public enter(start: MessageStart): void {
    const frame: Frame = {
      start,
      pcs: [],
      senders: [],
      messages: [],
      status: 0,
      output: EMPTY,
    };
    this.#root ??= frame;
    const parent = this.#open.at(-1);
    // Precompiled contracts leave no trace of their own, unless they are called directly.
    if (parent !== undefined && !start.isPrecompile) {
      parent.messages.push(frame);
    }
    this.#open.push(frame);
  }

  public step(pc: number, opcode: number): void {
    const frame = this.#open[this.#open.length - 1];
    if (frame === undefined) {
      return;
    }
    if (opcode >= CREATE && sendsMessage(opcode)) {
      frame.senders.push(frame.pcs.length);
    }
    frame.pcs.push(pc);
  }

  public exit(status: number, output: Uint8Array): void {
    const frame = this.#open.pop();
    if (frame !== undefined) {
      frame.status = status;
      frame.output = output;
    }
  }

  /**
   * The trace, once the execution has ended.
   *
   * @param codeAt The code of an account, from before the execution.
   */
  public build(
    contracts: ProjectContracts,
    codeAt: (address: Uint8Array) => Uint8Array,
  ): ExecutionTrace {
    if (this.#root === undefined) {
      throw new StackTraceError("expected an execution");
    }
    const created = new Map<string, Uint8Array>();
    collectCreated(this.#root, created);
    const codeOf = (address: Uint8Array): Uint8Array =>
      created.get(Buffer.from(address).toString("hex")) ?? codeAt(address);
    return finish(this.#root, 0, contracts, codeOf);
  }
}

function sendsMessage(opcode: number): boolean {
  return opcode <= STATICCALL
    ? opcode !== RETURN && (opcode <= CREATE2 || opcode === STATICCALL)
    : false;
}

function isCreation(frame: Frame): boolean {
  return frame.start.kind >= KIND_CREATE;
}

function collectCreated(frame: Frame, created: Map<string, Uint8Array>): void {
  if (isCreation(frame)) {
    const address = Buffer.from(frame.start.codeAddress).toString("hex");
    created.set(address, frame.output);
  }
  for (const message of frame.messages) {
    collectCreated(message, created);
  }
}

function finish(
  frame: Frame,
  depth: number,
  contracts: ProjectContracts,
  codeOf: (address: Uint8Array) => Uint8Array,
): ExecutionTrace {
  const { start, messages, status, output } = frame;
  const common = {
    depth,
    value: start.value,
    output,
    status,
    messageCount: messages.length,
    steps: mergeSteps(frame, depth, contracts, codeOf),
  };
  if (isCreation(frame)) {
    const creation: CreateTrace = {
      ...common,
      kind: "create",
      code: start.input,
      bytecode: contracts.identify(start.input, true),
    };
    return creation;
  }
  const code = codeOf(start.codeAddress);
  const call: CallTrace = {
    ...common,
    kind: "call",
    code,
    codeAddress: start.codeAddress,
    calldata: start.input,
    bytecode: contracts.identify(code, false),
  };
  return call;
}

/**
 * Puts the messages among the steps. They go to the sending instructions in order, although a call
 * of a precompiled contract has none: so the message after it stands one call too early, as in
 * Hardhat's own traces. Messages that could not be sent, or reverted before they ran a step, only
 * count.
 */
function mergeSteps(
  frame: Frame,
  depth: number,
  contracts: ProjectContracts,
  codeOf: (address: Uint8Array) => Uint8Array,
): readonly TraceStep[] {
  const { pcs, senders, messages } = frame;
  if (messages.length === 0) {
    return pcs;
  }
  const steps: TraceStep[] = [];
  let next = 0;
  for (const [index, message] of messages.entries()) {
    const sender = senders[index];
    if (sender === undefined) {
      break;
    }
    for (; next <= sender; next++) {
      steps.push(pcs[next]);
    }
    if (message.pcs.length > 0 || !isRevertOrNotMade(message.status)) {
      steps.push(finish(message, depth + 1, contracts, codeOf));
    }
  }
  // Traces are too long for a spread.
  for (; next < pcs.length; next++) {
    steps.push(pcs[next]);
  }
  return steps;
}
