/**
 * The errors that a provider request can throw. Hardhat does not export its own classes, so these
 * are made to be taken for them: same names, codes, enumerable properties and brand
 * (`_isProviderError`, which the JSON-RPC server looks for).
 *
 * Codes (EIP-1474, and what Hardhat's network uses beyond it): -32000 invalid input,
 * -32004 method not supported, -32602 invalid params, -32603 internal error, -1 unknown.
 */
const BRAND = "_isProviderError";

export const INVALID_INPUT = -32000;
export const METHOD_NOT_SUPPORTED = -32004;
export const INVALID_PARAMS = -32602;
export const INTERNAL_ERROR = -32603;

/** A failed request: `code` as above, `data` is what the network says beyond the message. */
export class ProviderError extends Error {
  public override name: string;
  public code: number;
  public data?: unknown;

  constructor(message: string, code: number, parent?: Error) {
    super(message, parent !== undefined ? { cause: parent } : undefined);
    this.name = new.target.name;
    this.code = code;
    this.data = undefined;
    Object.defineProperty(this, BRAND, { value: true });
    Error.captureStackTrace(this, new.target);
  }

  /** Whether `other` is a provider error: ours, Hardhat's, or one of another copy of either. */
  public static isProviderError(other: unknown): other is ProviderError {
    if (typeof other !== "object" || other === null) {
      return false;
    }
    return Object.getOwnPropertyDescriptor(other, BRAND)?.value === true;
  }
}

export class InvalidArgumentsError extends ProviderError {
  public static readonly CODE: number = INVALID_PARAMS;

  constructor(message = "Invalid params", parent?: Error) {
    super(message, InvalidArgumentsError.CODE, parent);
  }
}

export class UnknownError extends ProviderError {
  public static readonly CODE: number = -1;

  constructor(message = "Unknown error", parent?: Error) {
    super(message, UnknownError.CODE, parent);
  }
}

/**
 * `eth_estimateGas` in mode `noInternalOutOfGas`: an internal call runs out of gas however much is
 * given.
 */
export class InternalCallOutOfGasError extends ProviderError {
  public static readonly CODE: number = INVALID_INPUT;

  constructor(parent?: Error) {
    super(
      "Gas estimation failed: an internal call runs out of gas regardless of the transaction's gas limit, so no reliable estimate exists. Set an explicit gas limit for the transaction, or set the network's gasEstimationMode to 'topLevelSuccess' to only require the top-level call to succeed.",
      InternalCallOutOfGasError.CODE,
      parent,
    );
  }
}

/**
 * The error a JSON-RPC response with this code and message becomes.
 *
 * @param data goes into the error as it is; null for errors that have none.
 */
export function rpcError(
  code: number,
  message: string,
  data: unknown = null,
): ProviderError {
  const error =
    code === InvalidArgumentsError.CODE
      ? new InvalidArgumentsError(message)
      : new ProviderError(message, code);
  error.data = data;
  return error;
}

/** -32000: the request is well formed, but the network cannot do it. */
export function invalidInput(message: string): ProviderError {
  return rpcError(INVALID_INPUT, message);
}

/** -32602: an argument is well formed but means nothing here. */
export function invalidArgument(message: string): ProviderError {
  return rpcError(INVALID_PARAMS, message);
}
