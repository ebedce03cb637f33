/**
 * The error of a failed execution: its message comes from the last entry of the stack trace, its
 * `stack` begins with the Solidity frames. Made to be taken for Hardhat's own (which is not
 * exported): same name, code, properties and texts.
 */
import { SolidityCallSite } from "./call-site.js";
import { toHex } from "./format/quantity.js";
import { decodeRevert, panicMessage } from "./return-data.js";
import {
  CONSTRUCTOR_FUNCTION_NAME,
  PRECOMPILE_FUNCTION_NAME,
  type SourceReference,
  type StackTrace,
  type StackTraceEntry,
  StackTraceEntryType as Type,
  UNKNOWN_FUNCTION_NAME,
  UNRECOGNIZED_CONTRACT_NAME,
  UNRECOGNIZED_FUNCTION_NAME,
} from "./stack-trace.js";

/** Code of reverts, by the convention of geth. */
const REVERT_CODE = 3;
const VM_EXCEPTION = "VM Exception while processing transaction: ";

export class SolidityError extends Error {
  public readonly stackTrace!: StackTrace;
  /** What was returned, hex. */
  public readonly data: string;
  /** null: the execution was no transaction. */
  public readonly transactionHash?: string | null;
  public readonly code: number;
  /** The Solidity frames alone, innermost first. */
  public readonly solidityStack!: string;
  /** Holds the frames of JavaScript: V8 puts a captured stack into words when it is first read. */
  #captured: { stack?: unknown } = {};

  /**
   * Without frames of JavaScript: use `createSolidityError`.
   *
   * @param stackTrace called when the stack trace, or a stack with its frames, is first read.
   */
  constructor(
    message: string,
    stackTrace: () => StackTrace,
    data: string,
    transactionHash?: string | null,
  ) {
    super(message);
    let entries: StackTrace | undefined;
    const getEntries = (): StackTrace => (entries ??= stackTrace());
    defineLazily(this, "stackTrace", true, getEntries);
    this.data = data;
    this.transactionHash = transactionHash;
    this.code = REVERT_CODE;
    defineLazily(this, "solidityStack", true, () => {
      const frames = getEntries().map(callSite).reverse();
      return frames.length === 0
        ? "Internal error when encoding SolidityError"
        : frames.join("\n");
    });
    this.name = "SolidityError";
    Object.defineProperty(this, Symbol.for("nodejs.util.inspect.custom"), {
      value: () => this.stack ?? "Internal error when encoding SolidityError",
      configurable: true,
    });
    defineLazily(this, "stack", false, () =>
      withSolidityFrames(this, getEntries(), this.#captured),
    );
  }

  /** Leaves `called`, and what it called, out of the stack. It must be running. */
  public hideFrames(called: Callable): void {
    const captured = {};
    Error.captureStackTrace(captured, called);
    this.#captured = captured;
  }
}

type Callable = (...args: never[]) => unknown;

type PrepareStackTrace = (
  error: Error,
  frames: readonly NodeJS.CallSite[],
) => unknown;

/**
 * Makes the error with the Solidity frames on top of its stack, whose last entry gives the message.
 *
 * @param fallbackMessage used when the last entry says nothing.
 */
export function createSolidityError(
  fallbackMessage: string,
  stackTrace: StackTrace,
  data: string,
  transactionHash: string | null = null,
): SolidityError {
  const last = stackTrace.at(-1);
  const message = last === undefined ? undefined : messageOf(last);
  return createError(
    message ?? fallbackMessage,
    () => stackTrace,
    data,
    transactionHash,
    createSolidityError,
  );
}

/**
 * The same where the message is known already: the stack trace is made when it is first read. Most
 * reverts are expected by a test, and nobody reads theirs.
 */
export function createLazySolidityError(
  message: string,
  stackTrace: () => StackTrace,
  data: string,
  transactionHash: string | null = null,
): SolidityError {
  return createError(
    message,
    stackTrace,
    data,
    transactionHash,
    createLazySolidityError,
  );
}

/** @param called the function whose caller is the first frame of JavaScript. */
function createError(
  message: string,
  stackTrace: () => StackTrace,
  data: string,
  transactionHash: string | null,
  called: Callable,
): SolidityError {
  const limit = Error.stackTraceLimit;
  // Capturing frames is what costs: once, and not by the constructor of Error.
  Error.stackTraceLimit = 0;
  const error = new SolidityError(message, stackTrace, data, transactionHash);
  Error.stackTraceLimit = limit;
  error.hideFrames(called);
  return error;
}

/** A property that is computed when it is first read, and is an ordinary one from then on. */
function defineLazily(
  object: object,
  key: string,
  enumerable: boolean,
  compute: () => unknown,
): void {
  const define = (value: unknown): void => {
    Object.defineProperty(object, key, {
      value,
      writable: true,
      configurable: true,
      enumerable,
    });
  };
  Object.defineProperty(object, key, {
    get: (): unknown => {
      const value = compute();
      define(value);
      return value;
    },
    set: define,
    configurable: true,
    enumerable,
  });
}

/** V8 formats a captured stack with the formatter of the moment it is first read. */
function withSolidityFrames(
  error: Error,
  stackTrace: StackTrace,
  captured: { stack?: unknown },
): unknown {
  const original = Error.prepareStackTrace as PrepareStackTrace | undefined;
  try {
    Error.prepareStackTrace = (_holder, frames): unknown => {
      const all = [...stackTrace.map(callSite).reverse(), ...frames];
      return original === undefined
        ? [
            String(error),
            ...all.map((frame) => `    at ${String(frame)}`),
          ].join("\n")
        : original(error, all);
    };
    return captured.stack;
  } finally {
    Error.prepareStackTrace = original as typeof Error.prepareStackTrace;
  }
}

function inSource(source: SourceReference): SolidityCallSite {
  return new SolidityCallSite(
    source.sourceName,
    source.contract,
    source.function ?? UNKNOWN_FUNCTION_NAME,
    source.line,
  );
}

/** How an entry looks as a frame of a JavaScript stack. */
export function callSite(entry: StackTraceEntry): SolidityCallSite {
  switch (entry.type) {
    case Type.UNRECOGNIZED_FUNCTION_WITHOUT_FALLBACK_ERROR:
    case Type.MISSING_FALLBACK_OR_RECEIVE_ERROR:
      return inSource({
        ...entry.sourceReference,
        function: UNRECOGNIZED_FUNCTION_NAME,
      });
    case Type.UNRECOGNIZED_CREATE_CALLSTACK_ENTRY:
    case Type.UNRECOGNIZED_CREATE_ERROR:
      return new SolidityCallSite(
        undefined,
        UNRECOGNIZED_CONTRACT_NAME,
        CONSTRUCTOR_FUNCTION_NAME,
        undefined,
      );
    case Type.UNRECOGNIZED_CONTRACT_CALLSTACK_ENTRY:
    case Type.UNRECOGNIZED_CONTRACT_ERROR:
      return new SolidityCallSite(
        toHex(entry.address),
        UNRECOGNIZED_CONTRACT_NAME,
        UNKNOWN_FUNCTION_NAME,
        undefined,
      );
    case Type.PRECOMPILE_ERROR:
      return new SolidityCallSite(
        undefined,
        `<PrecompileContract ${entry.precompile}>`,
        PRECOMPILE_FUNCTION_NAME,
        undefined,
      );
    case Type.INTERNAL_FUNCTION_CALLSTACK_ENTRY:
      return new SolidityCallSite(
        entry.sourceReference.sourceName,
        entry.sourceReference.contract,
        `internal@${entry.pc}`,
        undefined,
      );
    default:
      return entry.sourceReference === undefined
        ? new SolidityCallSite(
            undefined,
            UNRECOGNIZED_CONTRACT_NAME,
            UNKNOWN_FUNCTION_NAME,
            undefined,
          )
        : inSource(entry.sourceReference);
  }
}

/** The message of an error whose innermost entry is this one; undefined for call stack entries. */
export function messageOf(entry: StackTraceEntry): string | undefined {
  switch (entry.type) {
    case Type.PRECOMPILE_ERROR:
      return `Transaction reverted: call to precompile ${entry.precompile} failed`;
    case Type.FUNCTION_NOT_PAYABLE_ERROR:
      return `Transaction reverted: non-payable function was called with value ${entry.value}`;
    case Type.INVALID_PARAMS_ERROR:
      return "Transaction reverted: function was called with incorrect parameters";
    case Type.FALLBACK_NOT_PAYABLE_ERROR:
      return `Transaction reverted: fallback function is not payable and was called with value ${entry.value}`;
    case Type.FALLBACK_NOT_PAYABLE_AND_NO_RECEIVE_ERROR:
      return `Transaction reverted: there's no receive function, fallback function is not payable and was called with value ${entry.value}`;
    case Type.UNRECOGNIZED_FUNCTION_WITHOUT_FALLBACK_ERROR:
      return "Transaction reverted: function selector was not recognized and there's no fallback function";
    case Type.MISSING_FALLBACK_OR_RECEIVE_ERROR:
      return "Transaction reverted: function selector was not recognized and there's no fallback nor receive function";
    case Type.RETURNDATA_SIZE_ERROR:
      return "Transaction reverted: function returned an unexpected amount of data";
    case Type.NONCONTRACT_ACCOUNT_CALLED_ERROR:
      return "Transaction reverted: function call to a non-contract account";
    case Type.CALL_FAILED_ERROR:
      return "Transaction reverted: function call failed to execute";
    case Type.DIRECT_LIBRARY_CALL_ERROR:
      return "Transaction reverted: library was called directly";
    case Type.UNRECOGNIZED_CREATE_ERROR:
    case Type.UNRECOGNIZED_CONTRACT_ERROR:
      return unrecognizedMessage(entry.returnData, entry.isInvalidOpcodeError);
    case Type.REVERT_ERROR: {
      const revert = decodeRevert(entry.returnData);
      return revert.kind === "error"
        ? `${VM_EXCEPTION}reverted with reason string '${revert.reason}'`
        : noReasonMessage(entry.isInvalidOpcodeError);
    }
    case Type.PANIC_ERROR:
      return VM_EXCEPTION + panicMessage(entry.errorCode);
    case Type.CUSTOM_ERROR:
      return VM_EXCEPTION + entry.message;
    case Type.OTHER_EXECUTION_ERROR:
      return "Transaction reverted and Hardhat couldn't infer the reason.";
    case Type.UNMAPPED_SOLC_0_6_3_REVERT_ERROR:
      return "Transaction reverted without a reason string and without a valid sourcemap provided by the compiler. Some line numbers may be off. We strongly recommend upgrading solc and always using revert reasons.";
    case Type.CONTRACT_TOO_LARGE_ERROR:
      return "Transaction reverted: trying to deploy a contract whose code is too large";
    case Type.CONTRACT_CALL_RUN_OUT_OF_GAS_ERROR:
      return "Transaction reverted: contract call run out of gas and made the transaction revert";
    case Type.CALLSTACK_ENTRY:
    case Type.UNRECOGNIZED_CREATE_CALLSTACK_ENTRY:
    case Type.UNRECOGNIZED_CONTRACT_CALLSTACK_ENTRY:
    case Type.INTERNAL_FUNCTION_CALLSTACK_ENTRY:
      return undefined;
  }
}

function unrecognizedMessage(
  returnData: Uint8Array,
  isInvalidOpcode: boolean,
): string {
  const revert = decodeRevert(returnData);
  switch (revert.kind) {
    case "error":
      return `${VM_EXCEPTION}reverted with reason string '${revert.reason}'`;
    case "panic":
      return VM_EXCEPTION + panicMessage(revert.code);
    case "other":
      return `${VM_EXCEPTION}reverted with an unrecognized custom error (return data: ${toHex(returnData)})`;
    case "empty":
      return noReasonMessage(isInvalidOpcode);
  }
}

function noReasonMessage(isInvalidOpcode: boolean): string {
  return isInvalidOpcode
    ? `${VM_EXCEPTION}invalid opcode`
    : "Transaction reverted without a reason string";
}
