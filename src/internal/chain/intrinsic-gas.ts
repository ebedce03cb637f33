/** Gas that a transaction costs before its first instruction, and the floor of its calldata (EIP-7623). */
import type { AccessListEntry } from "./types.js";

import { AMSTERDAM, BERLIN, ISTANBUL, PRAGUE, SHANGHAI } from "./hardforks.js";

interface PricedTransaction {
  readonly to: unknown;
  readonly data: Uint8Array;
  readonly accessList: readonly AccessListEntry[] | undefined;
  readonly authorizationList: { readonly length: number } | undefined;
}

const TRANSACTION_GAS = 21_000n;
const CREATE_GAS = 32_000n;
const INITCODE_WORD_GAS = 2n;
const ADDRESS_GAS = 2_400n;
const STORAGE_KEY_GAS = 1_900n;
const AUTHORIZATION_GAS = 25_000n;

// From Amsterdam on, state that a transaction makes for certain is paid for beforehand (EIP-8037).
const STATE_BYTE_GAS = 1_530n;
const ACCOUNT_STATE_GAS = 120n * STATE_BYTE_GAS;
const DELEGATION_STATE_GAS = 23n * STATE_BYTE_GAS;
const CREATE_GAS_AMSTERDAM = 9_000n;
const AUTHORIZATION_GAS_AMSTERDAM = 7_500n;
/** A byte of calldata (EIP-7976) or of the access list (EIP-7981). */
const FLOOR_BYTE_GAS = 64n;

function countZeros(data: Uint8Array): number {
  let zeros = 0;
  // An index, not an iterator: ten times faster on the code of contracts.
  for (let index = 0; index < data.length; index++) {
    if (data[index] === 0) {
      zeros++;
    }
  }
  return zeros;
}

export function intrinsicGas(tx: PricedTransaction, fork: number): bigint {
  const zeros = countZeros(tx.data);
  const nonZeros = tx.data.length - zeros;
  let gas =
    TRANSACTION_GAS +
    BigInt(zeros * 4 + nonZeros * (fork >= ISTANBUL ? 16 : 68));
  if (tx.to === undefined) {
    gas += fork >= AMSTERDAM ? CREATE_GAS_AMSTERDAM : CREATE_GAS;
    if (fork >= SHANGHAI) {
      gas += INITCODE_WORD_GAS * BigInt(Math.ceil(tx.data.length / 32));
    }
  }
  if (fork >= BERLIN && tx.accessList !== undefined) {
    for (const { storageKeys } of tx.accessList) {
      gas += ADDRESS_GAS + STORAGE_KEY_GAS * BigInt(storageKeys.length);
    }
    if (fork >= AMSTERDAM) {
      gas += FLOOR_BYTE_GAS * BigInt(accessListBytes(tx.accessList));
    }
  }
  if (fork >= PRAGUE && tx.authorizationList !== undefined) {
    gas +=
      (fork >= AMSTERDAM ? AUTHORIZATION_GAS_AMSTERDAM : AUTHORIZATION_GAS) *
      BigInt(tx.authorizationList.length);
  }
  return gas + intrinsicStateGas(tx, fork);
}

/** What of it new state costs. */
export function intrinsicStateGas(tx: PricedTransaction, fork: number): bigint {
  if (fork < AMSTERDAM) {
    return 0n;
  }
  const authorizations = BigInt(tx.authorizationList?.length ?? 0);
  return (
    (tx.to === undefined ? ACCOUNT_STATE_GAS : 0n) +
    authorizations * (ACCOUNT_STATE_GAS + DELEGATION_STATE_GAS)
  );
}

function accessListBytes(entries: readonly AccessListEntry[]): number {
  return entries.reduce(
    (bytes, { storageKeys }) => bytes + 20 + 32 * storageKeys.length,
    0,
  );
}

/** 0 before Prague. */
export function floorGas(tx: PricedTransaction, fork: number): bigint {
  if (fork < PRAGUE) {
    return 0n;
  }
  if (fork >= AMSTERDAM) {
    const bytes = tx.data.length + accessListBytes(tx.accessList ?? []);
    return TRANSACTION_GAS + FLOOR_BYTE_GAS * BigInt(bytes);
  }
  const zeros = countZeros(tx.data);
  const tokens = zeros + (tx.data.length - zeros) * 4;
  return TRANSACTION_GAS + 10n * BigInt(tokens);
}
