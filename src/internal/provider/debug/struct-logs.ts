/** The default tracer: every step, in geth's format. */
import type { Address, Hash, Hex } from "../../chain/types.js";
import type {
  ExecutionTracer,
  TracedMessage,
  TracedStep,
} from "../../evm/tracing.js";

import { TRACE_KIND_CREATE } from "../../evm/abi.js";
import { toHex, toQuantity } from "../format/quantity.js";
import { opcodeName, resultName, tracedStatus } from "./names.js";
import { staticGas } from "./static-gas.js";

/** Which parts of a step are shown. */
export interface StructLogOptions {
  readonly stack: boolean;
  readonly memory: boolean;
  readonly returnData: boolean;
  readonly storage: boolean;
}

export interface StructLog {
  readonly pc: number;
  readonly op: string;
  readonly gas: number;
  readonly gasCost: number;
  /** From 1. */
  readonly depth: number;
  readonly error?: string;
  readonly stack?: Hex[];
  readonly returnData?: Hex;
  /** Words. */
  readonly memory?: Hex[];
  /** Slots of the contract seen so far, at steps that read or write one. */
  readonly storage?: Record<Hash, Hash>;
  /** Of the frame. */
  readonly refund: number;
}

const SLOAD = 0x54;
const SSTORE = 0x55;
const RETURN = 0xf3;
const WORD_SIZE = 32;
// Codes of assembly/status.ts.
const REVERT = 0x10;
const HALT = 0x20;
const OUT_OF_GAS = 0x20;
const REENTRANCY_SENTRY = 0x23;
/** A creation failed for what its code returned: no step is to blame. */
const DEPOSIT_FAILURES: ReadonlySet<number> = new Set([0x26, 0x30, 0x31]);

/** A step in the making. */
interface Step {
  readonly pc: number;
  readonly opcode: number;
  readonly gas: bigint;
  /** undefined until the step has ended, or has called. */
  cost: bigint | undefined;
  readonly depth: number;
  error: string | undefined;
  readonly stack: Hex[] | undefined;
  readonly returnData: Hex | undefined;
  readonly memory: Hex[] | undefined;
  /** Of SLOAD and SSTORE. */
  readonly slot: Hash | undefined;
  /** Of SSTORE. */
  readonly value: Hash | undefined;
  storage: Record<Hash, Hash> | undefined;
  readonly refund: bigint;
}

interface Frame {
  readonly isCreation: boolean;
  readonly context: Address;
  /** The transaction's refund when the frame began. */
  refund: bigint | undefined;
  /** What the last call of the frame returned. */
  returnData: Hex;
  /** The step that is being executed. */
  step: Step | undefined;
}

export class StructLogTracer implements ExecutionTracer {
  readonly #options: StructLogOptions;
  readonly #steps: Step[] = [];
  readonly #frames: Frame[] = [];
  /** Slots seen so far, by account. */
  readonly #storage = new Map<Address, Map<Hash, Hash>>();

  constructor(options: StructLogOptions) {
    this.#options = options;
  }

  /** Accounts and their slots that were read or written. */
  public get touchedSlots(): ReadonlyMap<Address, ReadonlyMap<Hash, Hash>> {
    return this.#storage;
  }

  public logs(): StructLog[] {
    return this.#steps.map(toStructLog);
  }

  public enter(message: TracedMessage): void {
    const step = this.#frames.at(-1)?.step;
    if (step !== undefined) {
      // With the gas that goes to the callee.
      step.cost ??= step.gas - message.callerGas;
    }
    this.#frames.push({
      isCreation: message.kind >= TRACE_KIND_CREATE,
      context: toHex(message.address),
      refund: undefined,
      returnData: "0x",
      step: undefined,
    });
  }

  public step(pc: number, opcode: number, state: TracedStep): void {
    const frame = this.#frames[this.#frames.length - 1];
    this.#finish(frame, state);
    frame.refund ??= state.refund;
    const touchesStorage = opcode === SLOAD || opcode === SSTORE;
    const step: Step = {
      pc,
      opcode,
      gas: state.gas,
      // What a creation returns is paid for after the step.
      cost:
        opcode === RETURN && frame.isCreation
          ? expansionCost(state)
          : undefined,
      depth: this.#frames.length,
      error: undefined,
      stack: this.#options.stack ? stackOf(state) : undefined,
      returnData: this.#options.returnData ? frame.returnData : undefined,
      memory: this.#options.memory ? memoryOf(state) : undefined,
      slot:
        touchesStorage && state.stackSize > 0
          ? toHash(state.stackWord(0))
          : undefined,
      value:
        opcode === SSTORE && state.stackSize > 1
          ? toHash(state.stackWord(1))
          : undefined,
      storage: undefined,
      refund: state.refund - frame.refund,
    };
    frame.step = step;
    this.#steps.push(step);
  }

  public exit(status: number, output: Uint8Array, gasLeft: bigint): void {
    const frame = this.#frames.pop();
    const isCreated = frame?.isCreation === true && status < REVERT;
    const caller = this.#frames.at(-1);
    if (caller !== undefined) {
      caller.returnData = isCreated || status >= HALT ? "0x" : toHex(output);
    }
    const step = frame?.step;
    if (frame === undefined || step === undefined) {
      return;
    }
    if (status >= HALT && !DEPOSIT_FAILURES.has(status)) {
      this.#halt(frame, step, tracedStatus(status, step.opcode));
      return;
    }
    step.cost ??= step.gas - gasLeft;
  }

  /** The step before `next` has ended. */
  #finish(frame: Frame, next: TracedStep): void {
    const { step } = frame;
    if (step === undefined) {
      return;
    }
    step.cost ??= step.gas - next.gas;
    if (step.slot !== undefined) {
      const value = step.value ?? toHash(next.stackWord(0));
      this.#showStorage(frame, step, step.slot, value);
    }
  }

  #halt(frame: Frame, step: Step, status: number): void {
    step.error = `Some(${resultName(status)})`;
    if (status === REENTRANCY_SENTRY) {
      step.cost ??= 0n;
    } else {
      step.cost ??= status === OUT_OF_GAS ? step.gas : staticGas(step.opcode);
    }
    const { slot, value } = step;
    if (status === OUT_OF_GAS && slot !== undefined && value !== undefined) {
      // A store is made before its price is asked.
      this.#showStorage(frame, step, slot, value);
    } else if (this.#options.storage && isStorageStep(step)) {
      step.storage = {};
    }
  }

  #showStorage(frame: Frame, step: Step, slot: Hash, value: Hash): void {
    let slots = this.#storage.get(frame.context);
    if (slots === undefined) {
      slots = new Map();
      this.#storage.set(frame.context, slots);
    }
    slots.set(slot, value);
    if (this.#options.storage) {
      step.storage = Object.fromEntries(
        [...slots].sort(([a], [b]) => (a < b ? -1 : 1)),
      );
    }
  }
}

/** Gas of the memory that RETURN needs beyond what there is. */
function expansionCost(state: TracedStep): bigint | undefined {
  if (state.stackSize < 2) {
    return undefined;
  }
  const length = state.stackWord(1);
  if (length === 0n) {
    return 0n;
  }
  const words = (state.stackWord(0) + length + 31n) / 32n;
  const before = BigInt(state.memory().length / WORD_SIZE);
  return words <= before ? 0n : memoryGas(words) - memoryGas(before);
}

function memoryGas(words: bigint): bigint {
  return 3n * words + (words * words) / 512n;
}

function isStorageStep({ opcode }: Step): boolean {
  return opcode === SLOAD || opcode === SSTORE;
}

/** The parts in geth's order. */
function toStructLog(step: Step): StructLog {
  const { error, stack, returnData, memory, storage } = step;
  return {
    pc: step.pc,
    op: opcodeName(step.opcode),
    gas: Number(step.gas),
    gasCost: Number(step.cost ?? 0n),
    depth: step.depth,
    ...(error === undefined ? {} : { error }),
    ...(stack === undefined ? {} : { stack }),
    ...(returnData === undefined ? {} : { returnData }),
    ...(memory === undefined ? {} : { memory }),
    ...(storage === undefined ? {} : { storage }),
    refund: Number(step.refund),
  };
}

/** The topmost word last. */
function stackOf(state: TracedStep): Hex[] {
  const { stackSize } = state;
  return Array.from({ length: stackSize }, (_, index) =>
    toQuantity(state.stackWord(stackSize - 1 - index)),
  );
}

function memoryOf(state: TracedStep): Hex[] {
  const memory = state.memory();
  const words: Hex[] = [];
  for (let at = 0; at < memory.length; at += WORD_SIZE) {
    words.push(toHex(memory.subarray(at, at + WORD_SIZE)));
  }
  return words;
}

function toHash(word: bigint): Hash {
  return `0x${word.toString(16).padStart(64, "0")}`;
}
