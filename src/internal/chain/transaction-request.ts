/** eth_sendTransaction requests, completed and checked as Hardhat does. */
import type { TransactionRequest } from "./chain-interface.js";
import type { UnsignedTransaction } from "./transaction-codec.js";

import { ChainError, INVALID_PARAMS } from "./errors.js";
import { LONDON } from "./hardforks.js";
import {
  REQUEST_FEES_UNSUPPORTED,
  validateFields,
  validateInitcodeSize,
} from "./request-validation.js";

export interface RequestRules {
  readonly chainId: bigint;
  readonly fork: number;
  readonly hardfork: string;
  readonly defaultGas: bigint;
  readonly allowUnlimitedContractSize: boolean;
  readonly nextNonce: (request: TransactionRequest) => bigint;
  /** Only asked for from London on. */
  readonly nextBaseFee: () => bigint;
  readonly gasPrice: () => bigint;
}

const DEFAULT_PRIORITY_FEE = 1_000_000_000n;

/** @throws ChainError, before anything has an effect. */
export function resolveTransaction(
  request: TransactionRequest,
  rules: RequestRules,
): UnsignedTransaction {
  validate(request, rules);
  const { gasPrice, accessList, authorizationList } = request;
  const hasDynamicFees =
    authorizationList !== undefined ||
    (rules.fork >= LONDON && gasPrice === undefined);
  const fees = hasDynamicFees ? dynamicFees(request, rules) : undefined;
  // One literal with every field: spreads would cost more than all the checks.
  return {
    type: typeOf(request, hasDynamicFees),
    chainId: request.chainId ?? rules.chainId,
    nonce: request.nonce ?? rules.nextNonce(request),
    gasLimit: request.gas ?? rules.defaultGas,
    to: request.to,
    value: request.value ?? 0n,
    data: request.data ?? new Uint8Array(0),
    gasPrice: hasDynamicFees ? undefined : (gasPrice ?? rules.gasPrice()),
    maxFeePerGas: fees?.maxFeePerGas,
    maxPriorityFeePerGas: fees?.maxPriorityFeePerGas,
    maxFeePerBlobGas: undefined,
    blobVersionedHashes: undefined,
    accessList: accessList ?? (hasDynamicFees ? [] : undefined),
    authorizationList,
  };
}

function typeOf(
  { accessList, authorizationList }: TransactionRequest,
  hasDynamicFees: boolean,
): 0 | 1 | 2 | 4 {
  if (hasDynamicFees) {
    return authorizationList === undefined ? 2 : 4;
  }
  return accessList === undefined ? 0 : 1;
}

function validate(request: TransactionRequest, rules: RequestRules): void {
  if (request.chainId !== undefined && request.chainId !== rules.chainId) {
    throw new ChainError(
      `Invalid chainId ${request.chainId} provided, expected ${rules.chainId} instead.`,
      INVALID_PARAMS,
    );
  }
  if (request.data !== undefined) {
    validateInitcodeSize(
      request.to,
      request.data,
      rules.fork,
      rules.allowUnlimitedContractSize,
    );
  }
  if (request.hasBlobs === true || request.type === 3n) {
    throw new ChainError(
      "An EIP-4844 (shard blob) transaction was received, but Hardhat only supports them via `eth_sendRawTransaction`. See https://github.com/NomicFoundation/hardhat/issues/5023",
    );
  }
  validateFields(request, rules.fork, rules.hardfork, REQUEST_FEES_UNSUPPORTED);
}

function dynamicFees(
  request: TransactionRequest,
  rules: RequestRules,
): { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint } {
  const { maxFeePerGas } = request;
  let maxPriorityFeePerGas = request.maxPriorityFeePerGas;
  if (maxPriorityFeePerGas === undefined) {
    maxPriorityFeePerGas =
      maxFeePerGas !== undefined && maxFeePerGas < DEFAULT_PRIORITY_FEE
        ? maxFeePerGas
        : DEFAULT_PRIORITY_FEE;
  }
  return {
    maxFeePerGas:
      maxFeePerGas ?? 2n * rules.nextBaseFee() + maxPriorityFeePerGas,
    maxPriorityFeePerGas,
  };
}
