/** The messages of an execution as a tree: what the call tracers are made of. */
import type { Address, Hash, Hex } from "../../chain/types.js";
import type {
  ExecutionTracer,
  TracedMessage,
  TracedStep,
} from "../../evm/tracing.js";

import { CANCUN } from "../../chain/hardforks.js";
import { TRACE_KIND_CREATE, TRACE_KIND_DELEGATECALL } from "../../evm/abi.js";
import { toHex } from "../format/quantity.js";
import { tracedStatus } from "./names.js";

// Codes of assembly/status.ts.
const ENDED_BY_SELFDESTRUCT = 0x02;
const FAILED = 0x10;
const LOG0 = 0xa0;
const LOG4 = 0xa4;
const SELFDESTRUCT = 0xff;
/** Has what is burnt. */
const NOBODY = "0x";
/** No gas pays for longer data. */
const MAX_LOG_DATA = 2 ** 24;

export interface CallLog {
  readonly address: Address;
  readonly topics: readonly Hash[];
  readonly data: Hex;
  /** How many calls the frame had made before. */
  readonly position: number;
  /** Counts all logs of the transaction, those undone later too. */
  readonly index: number;
}

export interface CallNode {
  /** TRACE_KIND_*, or `SELFDESTRUCT_KIND`. */
  readonly kind: number;
  readonly from: Address;
  /** Account called; of a creation, the new account. */
  readonly to: Address;
  /** Account whose state the code changes. */
  readonly context: Address;
  readonly value: bigint;
  readonly input: Uint8Array;
  readonly gas: bigint;
  gasUsed: bigint;
  status: number;
  output: Uint8Array;
  readonly calls: CallNode[];
  logs: CallLog[];
}

/** Kind of the nodes that stand for a SELFDESTRUCT. */
export const SELFDESTRUCT_KIND = -1;

export function isCreation(node: { readonly kind: number }): boolean {
  return node.kind >= TRACE_KIND_CREATE;
}

export function hasFailed(node: CallNode): boolean {
  return node.status >= FAILED;
}

function addressOf(word: bigint): Address {
  return `0x${BigInt.asUintN(160, word).toString(16).padStart(40, "0")}`;
}

function toHash(word: bigint): Hash {
  return `0x${word.toString(16).padStart(64, "0")}`;
}

export interface CallTreeOptions {
  /** Balance of an account before the execution. */
  readonly balanceOf: (address: Address) => bigint;
  /** Number of assembly/forks.ts. */
  readonly fork: number;
}

/** Builds the tree. */
export class CallTreeTracer implements ExecutionTracer {
  public root: CallNode | undefined;
  readonly #stack: CallNode[] = [];
  readonly #options: CallTreeOptions;
  readonly #created = new Set<Address>();
  /** Heir of the SELFDESTRUCT that the running frame has come to. */
  #heir: Address | undefined;
  /** The last one that any frame has come to. */
  #opcode = 0;
  /** What calls moved so far, by account; one map per running frame. */
  readonly #moved: Array<Map<Address, bigint>> = [new Map()];
  #logCount = 0;

  constructor(options: CallTreeOptions) {
    this.#options = options;
  }

  public enter(message: TracedMessage): void {
    const caller = this.#stack.at(-1);
    const context = toHex(message.address);
    const isDelegate = message.kind === TRACE_KIND_DELEGATECALL;
    // Code that is borrowed has its borrower's caller; the call is the borrower's.
    const from =
      isDelegate && caller !== undefined
        ? caller.context
        : toHex(message.caller);
    const node: CallNode = {
      kind: message.kind,
      from,
      to: isCreation(message) ? context : toHex(message.codeAddress),
      context,
      value: message.value,
      input: message.input,
      gas: message.gas,
      gasUsed: 0n,
      status: 0,
      output: new Uint8Array(),
      calls: [],
      logs: [],
    };
    if (isCreation(message)) {
      this.#created.add(context);
    }
    caller?.calls.push(node);
    this.root ??= node;
    this.#stack.push(node);
    this.#moved.push(new Map());
    if (!isDelegate) {
      this.#move(from, context, node.value);
    }
  }

  public step(_pc: number, opcode: number, step: TracedStep): void {
    this.#opcode = opcode;
    if (opcode >= LOG0 && opcode <= LOG4) {
      this.#log(opcode - LOG0, step);
    } else if (opcode === SELFDESTRUCT && step.stackSize > 0) {
      this.#heir = addressOf(step.stackWord(0));
    }
  }

  public exit(status: number, output: Uint8Array, gasLeft: bigint): void {
    if (status === ENDED_BY_SELFDESTRUCT && this.#heir !== undefined) {
      this.#selfDestruct(this.#heir);
    }
    const node = this.#stack.pop();
    const moved = this.#moved.pop();
    if (node === undefined || moved === undefined) {
      return;
    }
    node.status = tracedStatus(status, this.#opcode);
    node.output = output;
    node.gasUsed = node.gas - gasLeft;
    if (hasFailed(node)) {
      // As EDR has it, the outermost frame keeps its own.
      (node === this.root ? node.calls : [node]).forEach(forgetLogs);
      return;
    }
    const outer = this.#moved[this.#moved.length - 1];
    for (const [address, amount] of moved) {
      outer.set(address, (outer.get(address) ?? 0n) + amount);
    }
  }

  #log(topicCount: number, step: TracedStep): void {
    const frame = this.#stack.at(-1);
    if (frame === undefined || step.stackSize < topicCount + 2) {
      return;
    }
    const offset = Number(step.stackWord(0));
    const length = Number(step.stackWord(1));
    const data = new Uint8Array(length <= MAX_LOG_DATA ? length : 0);
    data.set(step.memory().subarray(offset, offset + length));
    frame.logs.push({
      address: frame.context,
      topics: Array.from({ length: topicCount }, (_, index) =>
        toHash(step.stackWord(2 + index)),
      ),
      data: toHex(data),
      position: frame.calls.length,
      index: this.#logCount++,
    });
  }

  #selfDestruct(to: Address): void {
    const frame = this.#stack.at(-1);
    if (frame === undefined) {
      return;
    }
    const value = this.#balance(frame.context);
    frame.calls.push({
      kind: SELFDESTRUCT_KIND,
      from: frame.context,
      to,
      context: to,
      value,
      input: new Uint8Array(),
      gas: 0n,
      gasUsed: 0n,
      status: 0,
      output: new Uint8Array(),
      calls: [],
      logs: [],
    });
    // EIP-6780: since Cancun, only what this transaction created goes away. What goes burns what it leaves to itself.
    const goes =
      this.#options.fork < CANCUN || this.#created.has(frame.context);
    const burns = goes && to === frame.context;
    this.#move(frame.context, burns ? NOBODY : to, value);
  }

  #balance(address: Address): bigint {
    return this.#moved.reduce(
      (balance, moved) => balance + (moved.get(address) ?? 0n),
      this.#options.balanceOf(address),
    );
  }

  #move(from: Address, to: Address, amount: bigint): void {
    const moved = this.#moved[this.#moved.length - 1];
    moved.set(from, (moved.get(from) ?? 0n) - amount);
    moved.set(to, (moved.get(to) ?? 0n) + amount);
  }
}

/** Logs of a frame that failed, and of all below it, did not happen. */
function forgetLogs(node: CallNode): void {
  node.logs = [];
  for (const call of node.calls) {
    forgetLogs(call);
  }
}
