/** eth_call and eth_estimateGas requests, completed and checked as Hardhat does. */
import type { ExecutableTransaction } from "../evm/types.js";
import type { CallRequest } from "./types.js";

import { ChainError } from "./errors.js";
import { LONDON } from "./hardforks.js";
import {
  REQUEST_FEES_UNSUPPORTED,
  validateFields,
  validateGas,
} from "./request-validation.js";
import { recoverAuthority } from "./transaction-codec.js";

export interface CallFees {
  /** gasPrice when none is given before London, or with an access list. */
  readonly gasPrice: () => bigint;
  /** Complete fees from those given. */
  readonly fees: (
    maxFee: bigint | undefined,
    priority: bigint | undefined,
  ) => { readonly feeCap: bigint; readonly priorityFee: bigint };
}

/** Calls are free unless they say otherwise. */
export const FREE_CALL: CallFees = {
  gasPrice: () => 0n,
  fees: (maxFee, priority) => ({
    feeCap: maxFee ?? priority ?? 0n,
    priorityFee: priority ?? 0n,
  }),
};

export interface CallRules {
  readonly fork: number;
  readonly hardfork: string;
  readonly defaultGas: bigint;
  readonly transactionGasCap: bigint | undefined;
}

/** @throws ChainError for fields that the fork does not know or that exclude one another. */
export function validateCall(request: CallRequest, rules: CallRules): void {
  if (request.hasBlobs === true) {
    throw new ChainError(
      "An EIP-4844 (shard blob) call request was received, but Hardhat only supports them via `eth_sendRawTransaction`. See https://github.com/NomicFoundation/hardhat/issues/5182",
    );
  }
  validateFields(request, rules.fork, rules.hardfork, REQUEST_FEES_UNSUPPORTED);
}

/** `nonce`: the sender's, at the block in question. */
export function resolveCall(
  request: CallRequest,
  nonce: bigint,
  rules: CallRules,
  defaults: CallFees,
): ExecutableTransaction {
  const { from, to, value, data, accessList, authorizationList } = request;
  const isLegacy = rules.fork < LONDON || request.gasPrice !== undefined;
  let feeCap: bigint;
  let priorityFee: bigint;
  if (isLegacy) {
    feeCap = request.gasPrice ?? defaults.gasPrice();
    priorityFee = feeCap;
  } else {
    ({ feeCap, priorityFee } = defaults.fees(
      request.maxFeePerGas,
      request.maxPriorityFeePerGas,
    ));
  }
  const type = isLegacy
    ? accessList === undefined
      ? 0
      : 1
    : authorizationList === undefined
      ? 2
      : 4;
  const transaction: ExecutableTransaction = {
    type,
    from,
    to,
    nonce,
    gasLimit: request.gas ?? rules.defaultGas,
    value,
    data,
    feeCap,
    priorityFee,
    maxFeePerBlobGas: 0n,
    blobVersionedHashes: [],
    accessList: accessList ?? [],
    authorizationList: authorizationList?.map(recoverAuthority) ?? [],
  };
  validateGas(transaction, rules.fork, rules.transactionGasCap);
  return transaction;
}
