/** Rules for transaction and call requests, in Hardhat's order and words. */
import type { AccessListEntry, Address } from "./types.js";

import { ChainError, INVALID_PARAMS } from "./errors.js";
import {
  AMSTERDAM,
  BERLIN,
  CANCUN,
  hardforkByName,
  LONDON,
  PRAGUE,
  SHANGHAI,
} from "./hardforks.js";
import { floorGas, intrinsicGas, intrinsicStateGas } from "./intrinsic-gas.js";

/** Fields that the fork may not know, or that exclude one another. */
export interface FeeFields {
  readonly to: Address | undefined;
  readonly gasPrice: bigint | undefined;
  readonly maxFeePerGas: bigint | undefined;
  readonly maxPriorityFeePerGas: bigint | undefined;
  readonly accessList: readonly AccessListEntry[] | undefined;
  readonly authorizationList: { readonly length: number } | undefined;
  readonly blobVersionedHashes?: readonly unknown[] | undefined;
}

/** `feesUnsupported`: the message for EIP-1559 fees before London. */
export function validateFields(
  fields: FeeFields,
  fork: number,
  hardfork: string,
  feesUnsupported: string,
): void {
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas } = fields;
  const { rulesTitle } = hardforkByName(hardfork);
  if (fork < BERLIN && fields.accessList !== undefined) {
    throw new ChainError(
      `Access list received but is not supported by the current hardfork. \n\nYou can use them by running Hardhat Network with 'hardfork' BERLIN or later.\n        `,
      INVALID_PARAMS,
    );
  }
  if (
    fork < LONDON &&
    (maxFeePerGas !== undefined || maxPriorityFeePerGas !== undefined)
  ) {
    throw new ChainError(feesUnsupported, INVALID_PARAMS);
  }
  if (fork < CANCUN && fields.blobVersionedHashes !== undefined) {
    throw new ChainError(
      `The transaction contains EIP-4844 parameters, but they are not supported by the current hardfork: ${rulesTitle}`,
      INVALID_PARAMS,
    );
  }
  if (fork < PRAGUE && fields.authorizationList !== undefined) {
    throw new ChainError(
      `The transaction contains EIP-7702 parameters, but they are not supported by the current hardfork: ${rulesTitle}. Use the Prague hardfork (or later).`,
      INVALID_PARAMS,
    );
  }
  if (gasPrice !== undefined) {
    validateGasPriceAlone(fields);
  }
  if (
    maxFeePerGas !== undefined &&
    maxPriorityFeePerGas !== undefined &&
    maxPriorityFeePerGas > maxFeePerGas
  ) {
    throw new ChainError(
      `maxPriorityFeePerGas (${maxPriorityFeePerGas}) is bigger than maxFeePerGas (${maxFeePerGas})`,
    );
  }
  if (fields.blobVersionedHashes !== undefined && fields.to === undefined) {
    throw new ChainError(
      "An EIP-4844 (shard blob) transaction is missing the to (receiver) parameter.",
    );
  }
  if (fields.authorizationList !== undefined) {
    if (fields.to === undefined) {
      throw new ChainError(
        "Invalid EIP-7702 transaction: to (receiver) parameter is missing.",
      );
    }
    if (fields.authorizationList.length === 0) {
      throw new ChainError(
        "Invalid EIP-7702 transaction: authorization list is empty.",
      );
    }
  }
}

function validateGasPriceAlone(fields: FeeFields): void {
  if (fields.maxFeePerGas !== undefined) {
    throw new ChainError("Cannot send both gasPrice and maxFeePerGas params");
  }
  if (fields.maxPriorityFeePerGas !== undefined) {
    throw new ChainError("Cannot send both gasPrice and maxPriorityFeePerGas");
  }
  if (fields.blobVersionedHashes !== undefined) {
    throw new ChainError("Cannot send both gasPrice and blobHashes");
  }
  if (fields.authorizationList !== undefined) {
    throw new ChainError("Cannot send both gasPrice and authorizationList");
  }
}

export const REQUEST_FEES_UNSUPPORTED =
  "EIP-1559 style fee params (maxFeePerGas or maxPriorityFeePerGas) received but they are not supported by the current hardfork.\n\nYou can use them by running Hardhat Network with 'hardfork' BERLIN or later.\n        ";

export const RAW_FEES_UNSUPPORTED =
  "Trying to send an EIP-1559 transaction but they are not supported by the current hard fork.You can use them by running Hardhat Network with 'hardfork' BERLIN or later.";

const MAX_INITCODE_SIZE = 49_152;

/** EIP-3860, before the transaction is made. */
export function validateInitcodeSize(
  to: Address | undefined,
  data: Uint8Array,
  fork: number,
  isUnlimited: boolean,
): void {
  if (
    fork < SHANGHAI ||
    to !== undefined ||
    isUnlimited ||
    data.length <= MAX_INITCODE_SIZE
  ) {
    return;
  }
  throw new ChainError(
    `\nTrying to send a deployment transaction whose init code length is ${data.length}. The max length allowed by EIP-3860 is ${MAX_INITCODE_SIZE}.\n\nEnable the 'allowUnlimitedContractSize' option to allow init codes of any length.`,
    INVALID_PARAMS,
  );
}

/** What every transaction and call must satisfy once its defaults are filled in. */
export function validateGas(
  tx: {
    readonly to: Address | undefined;
    readonly data: Uint8Array;
    readonly gasLimit: bigint;
    readonly accessList: readonly AccessListEntry[] | undefined;
    readonly authorizationList: { readonly length: number } | undefined;
  },
  fork: number,
  transactionGasCap: bigint | undefined,
): void {
  if (tx.to === undefined && tx.data.length === 0) {
    throw new ChainError("Contract creation without any data provided");
  }
  const needed = intrinsicGas(tx, fork);
  if (needed > tx.gasLimit) {
    throw new ChainError(
      `Transaction requires at least ${needed} gas but got ${tx.gasLimit}`,
    );
  }
  const floor = floorGas(tx, fork);
  if (floor > tx.gasLimit) {
    throw new ChainError(
      `Transaction requires gas floor of ${floor} but got limit of ${tx.gasLimit}`,
    );
  }
  if (
    fork < AMSTERDAM ||
    transactionGasCap === undefined ||
    tx.gasLimit <= transactionGasCap
  ) {
    return;
  }
  // What is above the cap pays for new state alone (EIP-8037).
  const regular = needed - intrinsicStateGas(tx, fork);
  const least = regular > floor ? regular : floor;
  if (least > transactionGasCap) {
    throw new ChainError(
      `Transaction requires gas floor of ${least} but got limit of ${transactionGasCap}`,
    );
  }
}
