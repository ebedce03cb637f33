/** Executes under the tracer that was asked for. */
import type { ExecutionTracer } from "../../evm/tracing.js";
import type {
  BlockEnvironment,
  ExecutableTransaction,
  ExecuteOptions,
  Run,
  RunResult,
} from "../../evm/types.js";
import type { TracedPlace } from "./call-tracer.js";
import type { CallNode } from "./call-tree.js";
import type { TraceOptions } from "./options.js";

import { precompileNumber } from "../call-describer.js";
import { returnedData } from "../failure.js";
import { toHex } from "../format/quantity.js";
import { invalidArgument } from "../rpc-errors.js";
import { callTrace, flatCallTrace, fourByteTrace } from "./call-tracer.js";
import { CallTreeTracer } from "./call-tree.js";
import { prestateTrace } from "./prestate-tracer.js";
import { StructLogTracer } from "./struct-logs.js";
import { findTouched } from "./touched.js";
import { readFlags } from "./tracer-config.js";

// Codes of assembly/status.ts.
const REVERT = 0x10;
const INVALID = 0x80;

export interface TracedExecution {
  readonly run: Run;
  readonly transaction: ExecutableTransaction;
  readonly environment: BlockEnvironment;
  readonly options: ExecuteOptions;
  /** undefined: a call. */
  readonly place: TracedPlace | undefined;
}

/** The transaction is invalid: there is nothing to trace. */
export class InvalidExecution extends Error {}

/** `isNested`: for the muxTracer, which shows the gas of calls differently. */
type Tracer = (
  execution: TracedExecution,
  config: unknown,
  isNested: boolean,
) => unknown;

const TRACERS: Readonly<Record<string, Tracer>> = {
  callTracer: traceCalls,
  flatCallTracer: traceFlatCalls,
  "4byteTracer": (execution) => fourByteTrace(traceTree(execution).root),
  noopTracer: (execution) => {
    execute(execution, { enter: ignore, step: ignore, exit: ignore });
    return {};
  },
  prestateTracer: (execution, config) => {
    const flags = readFlags(config, [
      "diffMode",
      "disableCode",
      "disableStorage",
    ]);
    return prestateTrace(findTouched(execution, checkValid), flags);
  },
  muxTracer: traceMany,
};

function ignore(): void {
  // Nothing is shown.
}

/**
 * @throws ProviderError -32602 for a tracer that there is none of.
 * @throws InvalidExecution when the transaction is not valid.
 */
export function trace(
  execution: TracedExecution,
  options: TraceOptions,
): unknown {
  const { tracer, tracerConfig } = options;
  if (tracer === undefined) {
    return traceSteps(execution, options);
  }
  if (!Object.hasOwn(TRACERS, tracer)) {
    // What is not built in would be a program in JavaScript.
    throw invalidArgument("JS Tracer is not enabled");
  }
  return TRACERS[tracer](execution, tracerConfig, false);
}

function checkValid(result: RunResult): void {
  if (result.status >= INVALID) {
    throw new InvalidExecution();
  }
}

function execute(
  { run, transaction, options }: TracedExecution,
  tracer: ExecutionTracer,
): RunResult {
  const result = run.trace(transaction, tracer, options);
  checkValid(result);
  return result;
}

function traceSteps(
  execution: TracedExecution,
  options: TraceOptions,
): unknown {
  const tracer = new StructLogTracer({
    stack: !options.disableStack,
    storage: !options.disableStorage,
    memory: options.enableMemory,
    returnData: options.enableReturnData,
  });
  const result = execute(execution, tracer);
  const failed = result.status >= REVERT;
  return {
    failed,
    gas: Number(result.gasUsed),
    returnValue: toHex(failed ? returnedData(result) : result.output),
    structLogs: tracer.logs(),
  };
}

function traceTree(execution: TracedExecution): {
  readonly root: CallNode;
  readonly result: RunResult;
} {
  const { run, environment } = execution;
  const tracer = new CallTreeTracer({
    balanceOf: (address) => run.account(address).balance,
    fork: environment.fork,
  });
  const result = execute(execution, tracer);
  const { root } = tracer;
  if (root === undefined) {
    throw new Error("expected an execution to begin with a message, got none");
  }
  return { root, result };
}

function traceCalls(
  execution: TracedExecution,
  config: unknown,
  isNested: boolean,
): unknown {
  const flags = readFlags(config, ["onlyTopCall", "withLog"]);
  const { root, result } = traceTree(execution);
  const gas = isNested ? root.gas : execution.transaction.gasLimit;
  return callTrace(root, flags, { gas, gasUsed: result.gasUsed });
}

function traceFlatCalls(execution: TracedExecution, config: unknown): unknown {
  readFlags(config, ["convertParityErrors", "includePrecompiles"]);
  const { environment, place, transaction } = execution;
  return flatCallTrace(
    traceTree(execution).root,
    environment.number,
    place,
    transaction.gasLimit,
    (address) => precompileNumber(address, environment.fork) !== undefined,
  );
}

/** Several tracers, each with its own configuration. */
function traceMany(execution: TracedExecution, config: unknown): unknown {
  const tracers = Object.entries((config ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    tracers.map(([name, tracerConfig]) => {
      if (!Object.hasOwn(TRACERS, name)) {
        throw invalidArgument(
          `unsupported tracer type: 'JsTracer(${JSON.stringify(name)})'`,
        );
      }
      return [name, TRACERS[name](execution, tracerConfig, true)];
    }),
  );
}
