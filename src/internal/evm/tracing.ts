/**
 * Traced executions: a second instance of the core, built to call its host at every message and
 * step, on the memory of the first. Slow, so only for stack traces and debug_trace*.
 */
import type { MemoryView } from "./memory-view.js";

import { readFileSync } from "node:fs";

import { CoreInstance, findCore } from "./wasm.js";

/** Thread number of the tracing instance; worker threads have lower ones. */
const THREAD_INDEX = 1023;

/** A message that begins: a call, also one that fails at once, or a creation. */
export interface TracedMessage {
  /** TRACE_KIND_* of abi.ts. */
  readonly kind: number;
  readonly caller: Uint8Array;
  /** The account whose state is changed; of a creation, the new one. */
  readonly address: Uint8Array;
  /** The account whose code was called. */
  readonly codeAddress: Uint8Array;
  readonly value: bigint;
  /** Calldata, or init code. */
  readonly input: Uint8Array;
  readonly gas: bigint;
  readonly depth: number;
  /** What the caller has left, without `gas`. */
  readonly callerGas: bigint;
}

/** What a step finds before its opcode executes. Good during `step` only. */
export interface TracedStep {
  readonly gas: bigint;
  readonly depth: number;
  readonly refund: bigint;
  readonly stackSize: number;
  /** The topmost word has index 0. */
  stackWord(index: number): bigint;
  /** A copy. */
  memory(): Uint8Array;
}

export interface ExecutionTracer {
  enter(message: TracedMessage): void;
  step(pc: number, opcode: number, step: TracedStep): void;
  /** `output`: what was returned; of a creation, the code, even when it was refused. */
  exit(status: number, output: Uint8Array, gasLeft: bigint): void;
}

const WORD_SIZE = 32;
const ADDRESS_SIZE = 20;

/** The one step object: a step is too frequent for an object of its own. */
class StepState implements TracedStep {
  public gas = 0n;
  public depth = 0;
  public refund = 0n;
  public stackSize = 0;
  public top = 0;
  public memoryAt = 0;
  public memorySize = 0;
  readonly #view: MemoryView;

  constructor(view: MemoryView) {
    this.#view = view;
  }

  public stackWord(index: number): bigint {
    return wordAt(this.#view, this.top - index * WORD_SIZE);
  }

  public memory(): Uint8Array {
    return this.#view.bytes(this.memoryAt, this.memorySize);
  }
}

class TracingInstance {
  public readonly core: CoreInstance;
  #tracer: ExecutionTracer | undefined;

  constructor(main: CoreInstance) {
    const module = new WebAssembly.Module(readFileSync(findCore("core.trace")));
    this.core = new CoreInstance(module, main.memory, THREAD_INDEX, (view) =>
      this.#imports(view),
    );
  }

  /** Everything that `use` executes on this instance is told to `tracer`. */
  public with<T>(tracer: ExecutionTracer, use: (core: CoreInstance) => T): T {
    const outer = this.#tracer;
    this.#tracer = tracer;
    try {
      return use(this.core);
    } finally {
      this.#tracer = outer;
    }
  }

  #imports(view: MemoryView): WebAssembly.ModuleImports {
    const state = new StepState(view);
    return {
      traceStep: (
        pc: number,
        opcode: number,
        gas: bigint,
        top: number,
        stackSize: number,
        memory: number,
        memorySize: number,
        depth: number,
        refund: bigint,
      ) => {
        state.gas = BigInt.asUintN(64, gas);
        state.top = top >>> 0;
        state.stackSize = stackSize;
        state.memoryAt = memory >>> 0;
        state.memorySize = memorySize >>> 0;
        state.depth = depth;
        state.refund = refund;
        this.#tracer?.step(pc >>> 0, opcode, state);
      },
      traceEnter: (
        kind: number,
        caller: number,
        address: number,
        codeAddress: number,
        value: number,
        input: number,
        inputLength: number,
        gas: bigint,
        depth: number,
        callerGas: bigint,
      ) => {
        this.#tracer?.enter({
          kind,
          caller: addressAt(view, caller >>> 0),
          address: addressAt(view, address >>> 0),
          codeAddress: addressAt(view, codeAddress >>> 0),
          value: wordAt(view, value >>> 0),
          input: view.bytes(input >>> 0, inputLength >>> 0),
          gas: BigInt.asUintN(64, gas),
          depth,
          callerGas: BigInt.asUintN(64, callerGas),
        });
      },
      traceExit: (
        status: number,
        output: number,
        outputLength: number,
        gasLeft: bigint,
      ) => {
        this.#tracer?.exit(
          status >>> 0,
          view.bytes(output >>> 0, outputLength >>> 0),
          BigInt.asUintN(64, gasLeft),
        );
      },
    };
  }
}

// In the core's own order, least significant byte first.

function addressAt(view: MemoryView, at: number): Uint8Array {
  return view.bytes(at, ADDRESS_SIZE).reverse();
}

function wordAt(view: MemoryView, at: number): bigint {
  return (
    (view.u64(at + 24) << 192n) |
    (view.u64(at + 16) << 128n) |
    (view.u64(at + 8) << 64n) |
    view.u64(at)
  );
}

let instance: TracingInstance | undefined;

/**
 * Lets `use` execute on the tracing instance, whose events go to `tracer`.
 *
 * @param main The instance that owns the memory.
 */
export function withTracing<T>(
  main: CoreInstance,
  tracer: ExecutionTracer,
  use: (core: CoreInstance) => T,
): T {
  instance ??= new TracingInstance(main);
  return instance.with(tracer, use);
}
