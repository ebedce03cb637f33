/** Codes of assembly/status.ts that the chain looks at, and Hardhat's words for invalid transactions. */
import type { RunResult } from "../evm/types.js";

import { ChainError } from "./errors.js";

export const REVERT = 0x10;
export const HALT = 0x20;
export const HALT_END = 0x40;
export const INVALID = 0x80;
export const INVALID_NONCE_TOO_LOW = 0x80;
export const INVALID_NONCE_TOO_HIGH = 0x81;
export const INVALID_NONCE_OVERFLOW = 0x82;
export const INVALID_INSUFFICIENT_FUNDS = 0x83;
export const INVALID_GAS_LIMIT_EXCEEDS_BLOCK = 0x84;
export const INVALID_GAS_LIMIT_EXCEEDS_CAP = 0x85;
export const INVALID_INTRINSIC_GAS = 0x86;
export const INVALID_FLOOR_GAS = 0x87;
export const INVALID_FEE_BELOW_BASE_FEE = 0x88;
export const INVALID_PRIORITY_ABOVE_FEE = 0x89;
export const INVALID_SENDER_NOT_EOA = 0x8a;
export const INVALID_INITCODE_SIZE = 0x8b;
export const INVALID_BLOB_COUNT = 0x8c;
export const INVALID_BLOB_VERSION = 0x8d;
export const INVALID_BLOB_FEE = 0x8e;
export const INVALID_BLOB_CREATE = 0x8f;
export const INVALID_TYPE_NOT_SUPPORTED = 0x90;
export const INVALID_AUTHORIZATION_LIST_EMPTY = 0x91;
export const INVALID_AUTHORIZATION_CREATE = 0x92;
export const INVALID_ZERO_BLOBS = 0x93;

export function isInvalid(status: number): boolean {
  return status >= INVALID;
}

export function isSuccess(status: number): boolean {
  return status < REVERT;
}

/** Error for a transaction that could not even begin. */
export function invalidTransactionError(
  result: RunResult | undefined,
): ChainError {
  return new ChainError(
    result === undefined
      ? "The transaction could not be executed"
      : describe(result),
  );
}

function describe({ status, errorA: a, errorB: b }: RunResult): string {
  switch (status) {
    case INVALID_NONCE_TOO_LOW:
      return `nonce ${a} too low, expected ${b}`;
    case INVALID_NONCE_TOO_HIGH:
      return `nonce ${a} too high, expected ${b}`;
    case INVALID_NONCE_OVERFLOW:
      return "nonce overflow in transaction";
    case INVALID_INSUFFICIENT_FUNDS:
      return `Sender doesn't have enough funds to send tx. The max upfront cost is: ${a} and the sender's balance is: ${b}.`;
    case INVALID_GAS_LIMIT_EXCEEDS_BLOCK:
      return "Transaction has a higher gas limit than the remaining gas in the block";
    case INVALID_GAS_LIMIT_EXCEEDS_CAP:
      return `transaction gas limit (${a}) is greater than the cap (${b})`;
    case INVALID_INTRINSIC_GAS:
      return `Transaction requires at least ${a} gas but got ${b}`;
    case INVALID_FLOOR_GAS:
      return `Transaction requires gas floor of ${a} but got limit of ${b}`;
    case INVALID_FEE_BELOW_BASE_FEE:
      return "gas price is less than basefee";
    case INVALID_PRIORITY_ABOVE_FEE:
      return "priority fee is greater than max fee";
    case INVALID_SENDER_NOT_EOA:
      return "reject transactions from senders with deployed code";
    case INVALID_INITCODE_SIZE:
      return "create initcode size limit";
    case INVALID_BLOB_COUNT:
      return "Transaction has higher blob gas usage than is remaining in block";
    case INVALID_BLOB_VERSION:
      return "blob version not supported";
    case INVALID_BLOB_FEE:
      return `blob gas price (${b}) is greater than max fee per blob gas (${a})`;
    case INVALID_BLOB_CREATE:
      return "blob create transaction";
    case INVALID_TYPE_NOT_SUPPORTED:
      return "transaction type is not supported";
    case INVALID_AUTHORIZATION_LIST_EMPTY:
      return "empty authorization list";
    case INVALID_AUTHORIZATION_CREATE:
      return "Invalid EIP-7702 transaction: to (receiver) parameter is missing.";
    case INVALID_ZERO_BLOBS:
      return "empty blobs";
    default:
      return `The transaction could not be executed (engine status 0x${status.toString(16)})`;
  }
}
