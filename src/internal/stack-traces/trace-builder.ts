import type { Hash } from "../chain/types.js";
import type { Bytecode } from "./model/bytecode.js";
import type {
  CallTrace,
  CreateTrace,
  ExecutionTrace,
  TraceStep,
} from "./trace.js";

import { isFailure, isRevertOrNotMade } from "./status.js";
import { StackTraceError } from "./trace.js";

// Kinds of messages, as the tracing build of the core numbers them: from here on, creations.
const KIND_CREATE = 4;

// Opcodes from CREATE on, without RETURN, send messages.
const CREATE = 0xf0;
const RETURN = 0xf3;
const CREATE2 = 0xf5;
const STATICCALL = 0xfa;

/** How a message began, as the tracing build of the core tells it. */
export interface MessageStart {
  readonly kind: number;
  readonly codeAddress: Uint8Array;
  readonly value: bigint;
  /** Calldata, or the init code. */
  readonly input: Uint8Array;
  readonly isPrecompile: boolean;
}

/** The code of an account. */
export interface AccountCode {
  readonly code: Uint8Array;
  readonly codeHash: Hash;
}

/** Knows the contracts that codes belong to. */
export interface ContractSource {
  /** @param codeHash of deployed code; undefined: `code` is init code. */
  identify(code: Uint8Array, codeHash: Hash | undefined): Bytecode | undefined;
}

/** Finds something out about a code; `codeHash` as for {@link ContractSource}. */
export type CodeIdentifier<ResultT> = (
  code: Uint8Array,
  codeHash: Hash | undefined,
) => ResultT;

/** A message under construction. */
interface Frame {
  readonly start: MessageStart;
  readonly pcs: number[];
  /** Indexes, in `pcs`, of the instructions that send messages. */
  readonly senders: number[];
  readonly messages: Frame[];
  status: number;
  output: Uint8Array;
  /** What runs; known when the execution has ended. */
  code: AccountCode | undefined;
}

const EMPTY = new Uint8Array();

/** Collects the events of a traced execution. */
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
      code: undefined,
    };
    this.#root ??= frame;
    const parent = this.#open.at(-1);
    // Precompiled contracts leave no trace of their own, unless they are called directly or with ether.
    if (parent !== undefined && (!start.isPrecompile || start.value > 0n)) {
      parent.messages.push(frame);
    }
    this.#open.push(frame);
  }

  public step(pc: number, opcode: number): void {
    const frame = this.#open[this.#open.length - 1];
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
   * The execution, once it has ended.
   *
   * @param codeAt The code of an account, from before the execution.
   */
  public finish(codeAt: (address: Uint8Array) => AccountCode): TracedExecution {
    if (this.#root === undefined) {
      throw new StackTraceError("expected an execution");
    }
    resolveCodes(this.#root, codeAt);
    return new TracedExecution(this.#root);
  }
}

function sendsMessage(opcode: number): boolean {
  return (opcode <= CREATE2 && opcode !== RETURN) || opcode === STATICCALL;
}

function isCreation({ start }: Frame): boolean {
  return start.kind >= KIND_CREATE;
}

/** Contracts that the execution created are called with the code they were given. */
function resolveCodes(
  root: Frame,
  codeAt: (address: Uint8Array) => AccountCode,
): void {
  const codes = new Map<string, AccountCode | undefined>();
  const created = new Map<string, Uint8Array>();
  const visit = (frame: Frame): void => {
    const address = Buffer.from(frame.start.codeAddress).toString("hex");
    if (isCreation(frame)) {
      created.set(address, frame.output);
    }
    frame.messages.forEach(visit);
  };
  const resolve = (frame: Frame): void => {
    if (!isCreation(frame)) {
      const address = Buffer.from(frame.start.codeAddress).toString("hex");
      let code = codes.get(address);
      if (code === undefined) {
        const deployed = created.get(address);
        code =
          deployed === undefined
            ? codeAt(frame.start.codeAddress)
            : {
                code: deployed,
                codeHash: `0x${Buffer.from(deployed).toString("hex")}`,
              };
        codes.set(address, code);
      }
      frame.code = code;
    }
    frame.messages.forEach(resolve);
  };
  visit(root);
  resolve(root);
}

/** A message as it was executed, without its steps. */
export interface TracedMessage {
  /** TRACE_KIND_* of evm/abi.ts. */
  readonly kind: number;
  readonly input: Uint8Array;
  readonly output: Uint8Array;
  /** Empty for creations. */
  readonly code: Uint8Array;
  readonly messages: readonly TracedMessage[];
}

/** An execution, independent of the state it ran on. */
export class TracedExecution {
  readonly #root: Frame;

  constructor(root: Frame) {
    this.#root = root;
  }

  /** The transaction's own message. */
  public get message(): TracedMessage {
    return toMessage(this.#root);
  }

  /** Of the transaction's own message; undefined: a contract was created. */
  public get calledCode(): Uint8Array | undefined {
    return this.#root.code?.code;
  }

  /** Identifies the code whose revert the execution ended with: callers that pass data on are passed over. */
  public originOfRevert<ResultT>(identify: CodeIdentifier<ResultT>): ResultT {
    let frame = this.#root;
    for (;;) {
      const last = frame.messages.at(-1);
      if (
        last === undefined ||
        !isListed(last) ||
        !isFailure(last.status) ||
        Buffer.compare(last.output, frame.output) !== 0
      ) {
        return identifyCode(frame, identify);
      }
      frame = last;
    }
  }

  /** The execution with the contracts that are known. */
  public toTrace(contracts: ContractSource): ExecutionTrace {
    return toTrace(this.#root, 0, contracts);
  }
}

function toMessage({ start, output, code, messages }: Frame): TracedMessage {
  return {
    kind: start.kind,
    input: start.input,
    output,
    code: code?.code ?? EMPTY,
    messages: messages.map(toMessage),
  };
}

function identifyCode<ResultT>(
  { start, code }: Frame,
  identify: CodeIdentifier<ResultT>,
): ResultT {
  return code === undefined
    ? identify(start.input, undefined)
    : identify(code.code, code.codeHash);
}

function toTrace(
  frame: Frame,
  depth: number,
  contracts: ContractSource,
): ExecutionTrace {
  const { start, messages, status, output } = frame;
  const common = {
    depth,
    value: start.value,
    output,
    status,
    messageCount: messages.length,
    steps: mergeSteps(frame, depth, contracts),
    bytecode: identifyCode(frame, (code, codeHash) =>
      contracts.identify(code, codeHash),
    ),
  };
  if (frame.code === undefined) {
    const creation: CreateTrace = { ...common, kind: "create" };
    return creation;
  }
  const call: CallTrace = {
    ...common,
    kind: "call",
    codeAddress: start.codeAddress,
    calldata: start.input,
  };
  return call;
}

/**
 * Puts the messages among the steps. They go to the sending instructions in order, although a call
 * of a precompiled contract has none: so the message after it stands one call too early, as in
 * Hardhat's own traces.
 */
function mergeSteps(
  frame: Frame,
  depth: number,
  contracts: ContractSource,
): readonly TraceStep[] {
  const { pcs, senders, messages } = frame;
  if (messages.length === 0) {
    return pcs;
  }
  const steps: TraceStep[] = [];
  let next = 0;
  for (const [index, message] of messages.entries()) {
    const sender = senders[index];
    for (; next <= sender; next++) {
      steps.push(pcs[next]);
    }
    if (isListed(message)) {
      steps.push(toTrace(message, depth + 1, contracts));
    }
  }
  // Traces are too long for a spread.
  for (; next < pcs.length; next++) {
    steps.push(pcs[next]);
  }
  return steps;
}

/** Messages that could not be sent, or reverted before they ran a step, only count. */
function isListed(message: Frame): boolean {
  return message.pcs.length > 0 || !isRevertOrNotMade(message.status);
}
