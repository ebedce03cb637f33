/** Why a transaction is none that a block may contain: by its bytes, its signature, or the core's word. */
import type { Transaction } from "../chain/types.js";
import type { TransactionFault, TransactionRefusal } from "./errors.js";
import type { ProtocolRules } from "./rules.js";

import {
  INVALID_AUTHORIZATION_CREATE,
  INVALID_AUTHORIZATION_LIST_EMPTY,
  INVALID_BLOB_COUNT,
  INVALID_BLOB_CREATE,
  INVALID_BLOB_FEE,
  INVALID_BLOB_VERSION,
  INVALID_FEE_BELOW_BASE_FEE,
  INVALID_FLOOR_GAS,
  INVALID_GAS_LIMIT_EXCEEDS_BLOCK,
  INVALID_GAS_LIMIT_EXCEEDS_CAP,
  INVALID_INITCODE_SIZE,
  INVALID_INSUFFICIENT_FUNDS,
  INVALID_INTRINSIC_GAS,
  INVALID_NONCE_OVERFLOW,
  INVALID_NONCE_TOO_HIGH,
  INVALID_NONCE_TOO_LOW,
  INVALID_PRIORITY_ABOVE_FEE,
  INVALID_SENDER_NOT_EOA,
  INVALID_TYPE_NOT_SUPPORTED,
  INVALID_ZERO_BLOBS,
} from "../chain/execution-status.js";
import { HOMESTEAD, SPURIOUS_DRAGON } from "../chain/hardforks.js";
import { RlpError } from "../chain/rlp-reader.js";
import { HALF_ORDER } from "../chain/signatures.js";
import {
  decodeBlockTransaction,
  InvalidSignatureError,
  UnknownTypeError,
} from "../chain/transaction-decoder.js";

export function isRefusal(outcome: object): outcome is TransactionRefusal {
  return "fault" in outcome;
}

/** The transaction of a block, or what is wrong with its bytes. */
export function readTransaction(
  encoded: Uint8Array,
): Transaction | TransactionRefusal {
  try {
    return decodeBlockTransaction(encoded);
  } catch (error) {
    if (!(error instanceof RlpError)) throw error;
    const fault =
      error instanceof InvalidSignatureError
        ? "signature"
        : error instanceof UnknownTypeError
          ? "transaction type"
          : "transaction encoding";
    return { fault, detail: error.message };
  }
}

/** What the core does not look at: the signature, and the chain it was made for. */
export function signatureRefusal(
  { type, s, chainId }: Transaction,
  { fork, name }: ProtocolRules,
  expectedChainId: bigint,
): TransactionRefusal | undefined {
  // EIP-2
  if (fork >= HOMESTEAD && s > HALF_ORDER) {
    return {
      fault: "signature",
      detail: `s: expected at most half the curve's order, got ${s}`,
    };
  }
  if (chainId === undefined) {
    return undefined;
  }
  // EIP-155
  if (type === 0 && fork < SPURIOUS_DRAGON) {
    return {
      fault: "signature",
      detail: `v: expected 27 or 28 in ${name}, got one with a chain id`,
    };
  }
  return chainId === expectedChainId
    ? undefined
    : {
        fault: "chain id",
        detail: `expected ${expectedChainId}, got ${chainId}`,
      };
}

/** Of a transaction that the core says is invalid. */
export function coreRefusal({
  status,
  errorA,
  errorB,
}: {
  readonly status: number;
  readonly errorA: bigint;
  readonly errorB: bigint;
}): TransactionRefusal {
  const fault = FAULTS[status];
  if (fault === undefined) {
    throw new Error(
      `expected the status of an invalid transaction, got 0x${status.toString(16)}`,
    );
  }
  return { fault, detail: `operands ${errorA} and ${errorB}` };
}

const FAULTS: Readonly<Record<number, TransactionFault | undefined>> = {
  [INVALID_NONCE_TOO_LOW]: "nonce too low",
  [INVALID_NONCE_TOO_HIGH]: "nonce too high",
  [INVALID_NONCE_OVERFLOW]: "nonce overflow",
  [INVALID_INSUFFICIENT_FUNDS]: "funds",
  [INVALID_GAS_LIMIT_EXCEEDS_BLOCK]: "gas limit above the block's",
  [INVALID_GAS_LIMIT_EXCEEDS_CAP]: "gas limit above the cap",
  [INVALID_INTRINSIC_GAS]: "intrinsic gas",
  [INVALID_FLOOR_GAS]: "floor gas",
  [INVALID_FEE_BELOW_BASE_FEE]: "fee below the base fee",
  [INVALID_PRIORITY_ABOVE_FEE]: "priority fee above the fee",
  [INVALID_SENDER_NOT_EOA]: "sender has code",
  [INVALID_INITCODE_SIZE]: "initcode size",
  [INVALID_BLOB_COUNT]: "blob count",
  [INVALID_BLOB_VERSION]: "blob version",
  [INVALID_BLOB_FEE]: "blob fee",
  [INVALID_BLOB_CREATE]: "blob transaction creates",
  [INVALID_TYPE_NOT_SUPPORTED]: "transaction type",
  [INVALID_AUTHORIZATION_LIST_EMPTY]: "no authorizations",
  [INVALID_AUTHORIZATION_CREATE]: "authorization transaction creates",
  [INVALID_ZERO_BLOBS]: "no blobs",
};
