/** Transactions and block environments as the core reads them (assembly/layout.ts, TX_* and ENV_*). */
import type { AccessListEntry, Authorization } from "../chain/types.js";
import type { MemoryView } from "./memory-view.js";
import type { BlockEnvironment, ExecutableTransaction } from "./types.js";

export const TX_SIZE = 256;
const TX_TYPE = 0;
const TX_FLAGS = 4;
const TX_GAS_LIMIT = 8;
const TX_NONCE = 16;
const TX_CALLER = 24;
const TX_TO = 44;
const TX_VALUE = 64;
const TX_GAS_PRICE = 96;
const TX_PRIORITY_FEE = 128;
const TX_BLOB_FEE = 160;
const TX_DATA = 192;
const TX_ACCESS_LIST = 200;
const TX_BLOB_HASHES = 208;
const TX_AUTHORIZATIONS = 216;

export const TX_FLAG_CREATE = 1;
export const TX_FLAG_NO_BALANCE_CHECK = 2;
export const TX_FLAG_NO_NONCE_CHECK = 4;
export const TX_FLAG_NO_BASE_FEE = 8;
export const TX_FLAG_NO_BLOCK_GAS_LIMIT = 16;
export const TX_FLAG_NO_EIP3607 = 32;
export const TX_FLAG_RECORD = 64;
export const TX_FLAG_SYSTEM = 128;

const AUTH_SIZE = 112;
const AUTH_FLAGS = 0;
const AUTH_AUTHORITY = 4;
const AUTH_ADDRESS = 24;
const AUTH_CHAIN_ID = 48;
const AUTH_NONCE = 80;

export const ENV_SIZE = 256;
const ENV_NUMBER = 0;
const ENV_TIMESTAMP = 8;
const ENV_GAS_LIMIT = 16;
const ENV_CHAIN_ID = 24;
const ENV_BASE_FEE = 32;
const ENV_PREVRANDAO = 64;
const ENV_BLOB_BASE_FEE = 96;
const ENV_COINBASE = 128;
const ENV_FORK = 148;
const ENV_FLAGS = 152;
const ENV_TX_GAS_CAP = 160;
const ENV_MAX_CODE_SIZE = 168;
const ENV_MAX_INITCODE_SIZE = 172;
const ENV_MAX_BLOB_GAS = 176;
const ENV_SLOT_NUMBER = 192;
const ENV_MAX_TX_BLOBS = 200;

const ENV_FLAG_NO_BLOCK_GAS_LIMIT = 1;
const ENV_FLAG_NO_EIP7610 = 2;
const ENV_FLAG_STATE_GAS_APART = 4;

/** EIP-170 and EIP-3860; EIP-7907 raises them in Amsterdam. */
const MAX_CODE_SIZE = 24576;
const MAX_CODE_SIZE_AMSTERDAM = 32768;
/** Numbers of assembly/forks.ts. */
const SPURIOUS_DRAGON = 3;
const AMSTERDAM = 18;
/** Sizes are compared as u32; no code can be this long. */
const NO_SIZE_LIMIT = 0xffff_ffff;

const MAX_U64 = 0xffff_ffff_ffff_ffffn;

/** Bytes of a transaction in the memory: its record and what the record points to. A multiple of 16. */
export function transactionSize(transaction: ExecutableTransaction): number {
  let size = TX_SIZE + transaction.data.length;
  for (const entry of transaction.accessList) {
    size += 24 + entry.storageKeys.length * 32;
  }
  size += transaction.blobVersionedHashes.length * 32;
  size += transaction.authorizationList.length * AUTH_SIZE;
  return (size + 15) & ~15;
}

/** Writes a transaction of `transactionSize` bytes to `at`. */
export function writeTransaction(
  view: MemoryView,
  at: number,
  transaction: ExecutableTransaction,
  flags: number,
): void {
  view.fill(at, TX_SIZE);
  view.setU8(at + TX_TYPE, transaction.type);
  view.setU64(at + TX_GAS_LIMIT, clampU64(transaction.gasLimit));
  view.setU64(at + TX_NONCE, clampU64(transaction.nonce));
  view.setHex(at + TX_CALLER, transaction.from);
  let allFlags = flags;
  if (transaction.to === undefined) allFlags |= TX_FLAG_CREATE;
  else view.setHex(at + TX_TO, transaction.to);
  view.setU32(at + TX_FLAGS, allFlags);
  view.setWord(at + TX_VALUE, transaction.value);
  view.setWord(at + TX_GAS_PRICE, transaction.feeCap);
  view.setWord(at + TX_PRIORITY_FEE, transaction.priorityFee);
  view.setWord(at + TX_BLOB_FEE, transaction.maxFeePerBlobGas);

  let next = at + TX_SIZE;
  const { data, accessList, blobVersionedHashes, authorizationList } =
    transaction;
  view.setBytes(next, data);
  setList(view, at + TX_DATA, next, data.length);
  next += data.length;
  if (accessList.length > 0) {
    setList(view, at + TX_ACCESS_LIST, next, accessList.length);
    next = writeAccessList(view, next, accessList);
  }
  if (blobVersionedHashes.length > 0) {
    setList(view, at + TX_BLOB_HASHES, next, blobVersionedHashes.length);
    for (const hash of blobVersionedHashes) {
      next += view.setHex(next, hash);
    }
  }
  if (authorizationList.length > 0) {
    setList(view, at + TX_AUTHORIZATIONS, next, authorizationList.length);
    for (const authorization of authorizationList) {
      writeAuthorization(view, next, authorization);
      next += AUTH_SIZE;
    }
  }
}

function setList(
  view: MemoryView,
  at: number,
  pointer: number,
  length: number,
): void {
  view.setU32(at, pointer);
  view.setU32(at + 4, length);
}

function writeAccessList(
  view: MemoryView,
  at: number,
  list: readonly AccessListEntry[],
): number {
  let next = at;
  for (const { address, storageKeys } of list) {
    view.setHex(next, address);
    view.setU32(next + 20, storageKeys.length);
    next += 24;
    for (const key of storageKeys) {
      view.setHex(next, key);
      next += 32;
    }
  }
  return next;
}

function writeAuthorization(
  view: MemoryView,
  at: number,
  authorization: Authorization,
): void {
  view.fill(at, AUTH_SIZE);
  const { authority } = authorization;
  if (authority !== undefined) {
    view.setU32(at + AUTH_FLAGS, 1);
    view.setHex(at + AUTH_AUTHORITY, authority);
  }
  view.setHex(at + AUTH_ADDRESS, authorization.address);
  view.setWord(at + AUTH_CHAIN_ID, authorization.chainId);
  view.setU64(at + AUTH_NONCE, clampU64(authorization.nonce));
}

/** Writes ENV_SIZE bytes to `at`. */
export function writeEnvironment(
  view: MemoryView,
  at: number,
  environment: BlockEnvironment,
): void {
  view.fill(at, ENV_SIZE);
  view.setU64(at + ENV_NUMBER, clampU64(environment.number));
  view.setU64(at + ENV_TIMESTAMP, clampU64(environment.timestamp));
  view.setU64(at + ENV_GAS_LIMIT, clampU64(environment.gasLimit));
  view.setU64(at + ENV_CHAIN_ID, clampU64(environment.chainId));
  view.setWord(at + ENV_BASE_FEE, environment.baseFee);
  view.setHex(at + ENV_PREVRANDAO, environment.prevRandao);
  view.setWord(at + ENV_BLOB_BASE_FEE, environment.blobBaseFee);
  view.setHex(at + ENV_COINBASE, environment.coinbase);
  view.setU32(at + ENV_FORK, environment.fork);
  view.setU32(
    at + ENV_FLAGS,
    (environment.enforceBlockGasLimit ? 0 : ENV_FLAG_NO_BLOCK_GAS_LIMIT) +
      (environment.allowCreationOverStorage === true
        ? ENV_FLAG_NO_EIP7610
        : 0) +
      (environment.stateGasApart === true ? ENV_FLAG_STATE_GAS_APART : 0),
  );
  view.setU64(at + ENV_TX_GAS_CAP, environment.transactionGasCap ?? 0n);
  view.setU32(at + ENV_MAX_CODE_SIZE, maxCodeSize(environment));
  view.setU32(
    at + ENV_MAX_INITCODE_SIZE,
    environment.unlimitedCodeSize
      ? NO_SIZE_LIMIT
      : maxCodeSize(environment) * 2,
  );
  view.setU64(at + ENV_MAX_BLOB_GAS, clampU64(environment.maxBlobGas));
  view.setU64(at + ENV_SLOT_NUMBER, clampU64(environment.slotNumber));
  view.setU32(at + ENV_MAX_TX_BLOBS, environment.maxBlobsPerTransaction ?? 0);
}

function maxCodeSize(environment: BlockEnvironment): number {
  if (environment.unlimitedCodeSize || environment.fork < SPURIOUS_DRAGON) {
    return NO_SIZE_LIMIT;
  }
  return environment.fork >= AMSTERDAM
    ? MAX_CODE_SIZE_AMSTERDAM
    : MAX_CODE_SIZE;
}

function clampU64(value: bigint): bigint {
  return value > MAX_U64 ? MAX_U64 : value;
}
