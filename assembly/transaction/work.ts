/** The transaction at hand, in core order: one per thread, filled from the host's record. */
import {
  TX_ACCESS_LIST, TX_AUTHORIZATIONS, TX_BLOB_FEE, TX_BLOB_HASHES, TX_CALLER, TX_DATA, TX_FLAGS, TX_GAS_LIMIT,
  TX_GAS_PRICE, TX_NONCE, TX_PRIORITY_FEE, TX_TO, TX_TYPE, TX_VALUE,
} from "../layout";
import { Context, setContext } from "../interpreter/context";
import { bufferTake } from "../memory/thread";
import { addressFromBytes, wordFromBytes } from "../u256/word";

@unmanaged
export class Work {
  callerLo: u64;
  callerMid: u64;
  callerHi: u32;
  flags: u32;
  toLo: u64;
  toMid: u64;
  toHi: u32;
  type: u32;
  gasLimit: u64;
  nonce: u64;
  value: u64;
  value1: u64;
  value2: u64;
  value3: u64;
  feeCap: u64;
  feeCap1: u64;
  feeCap2: u64;
  feeCap3: u64;
  priorityFee: u64;
  priorityFee1: u64;
  priorityFee2: u64;
  priorityFee3: u64;
  blobFee: u64;
  blobFee1: u64;
  blobFee2: u64;
  blobFee3: u64;
  data: u32;
  dataLength: u32;
  accessList: u32;
  accessListCount: u32;
  blobHashes: u32;
  blobCount: u32;
  authorizations: u32;
  authorizationCount: u32;
  /** Gas that the transaction costs before anything runs, and the least it costs (EIP-7623). */
  intrinsicGas: u64;
  floorGas: u64;
  /** What of `intrinsicGas` new state costs (EIP-8037), and how much of that is not used. */
  intrinsicStateGas: u64;
  returnedStateGas: u64;
  /** Gas given back for authorities that were there already (EIP-7702). */
  authorizationRefund: u64;
  // Words to compute with.
  a: u64;
  a1: u64;
  a2: u64;
  a3: u64;
  b: u64;
  b1: u64;
  b2: u64;
  b3: u64;
  c: u64;
  c1: u64;
  c2: u64;
  c3: u64;
  /** What the fee recipient gets when its account was not otherwise looked at; credited lazily. */
  fee: u64;
  fee1: u64;
  fee2: u64;
  fee3: u64;
  /** 1 = `fee` is owed (even if it is zero: the recipient is touched). */
  feeOwed: u32;
  reserved: u32;
}

/** This thread's. */
export let work: Work = changetype<Work>(0);

/** Once per thread: room for the transaction at hand, and for the context that opcodes see. */
export function workInit(): bool {
  const at = bufferTake(offsetof<Work>() as u32);
  work = changetype<Work>(at);
  const context = bufferTake(offsetof<Context>() as u32);
  setContext(context);
  return at != 0 && context != 0;
}

// @ts-ignore: decorator
@inline
export function workCaller(): usize {
  return changetype<usize>(work) + offsetof<Work>("callerLo");
}

// @ts-ignore: decorator
@inline
export function workTo(): usize {
  return changetype<usize>(work) + offsetof<Work>("toLo");
}

// @ts-ignore: decorator
@inline
export function workValue(): usize {
  return changetype<usize>(work) + offsetof<Work>("value");
}

// @ts-ignore: decorator
@inline
export function workFeeCap(): usize {
  return changetype<usize>(work) + offsetof<Work>("feeCap");
}

// @ts-ignore: decorator
@inline
export function workPriorityFee(): usize {
  return changetype<usize>(work) + offsetof<Work>("priorityFee");
}

// @ts-ignore: decorator
@inline
export function workBlobFee(): usize {
  return changetype<usize>(work) + offsetof<Work>("blobFee");
}

// @ts-ignore: decorator
@inline
export function workA(): usize {
  return changetype<usize>(work) + offsetof<Work>("a");
}

// @ts-ignore: decorator
@inline
export function workB(): usize {
  return changetype<usize>(work) + offsetof<Work>("b");
}

// @ts-ignore: decorator
@inline
export function workC(): usize {
  return changetype<usize>(work) + offsetof<Work>("c");
}

// @ts-ignore: decorator
@inline
export function workFee(): usize {
  return changetype<usize>(work) + offsetof<Work>("fee");
}

/** Reads a TX_* record. */
export function readTransaction(tx: usize, flags: u32): void {
  const self = work;
  self.type = load<u8>(tx, TX_TYPE);
  self.flags = load<u32>(tx, TX_FLAGS) | flags;
  self.gasLimit = load<u64>(tx, TX_GAS_LIMIT);
  self.nonce = load<u64>(tx, TX_NONCE);
  addressFromBytes(workCaller(), tx + TX_CALLER);
  addressFromBytes(workTo(), tx + TX_TO);
  wordFromBytes(workValue(), tx + TX_VALUE);
  wordFromBytes(workFeeCap(), tx + TX_GAS_PRICE);
  wordFromBytes(workPriorityFee(), tx + TX_PRIORITY_FEE);
  wordFromBytes(workBlobFee(), tx + TX_BLOB_FEE);
  self.data = load<u32>(tx, TX_DATA);
  self.dataLength = load<u32>(tx, TX_DATA + 4);
  self.accessList = load<u32>(tx, TX_ACCESS_LIST);
  self.accessListCount = load<u32>(tx, TX_ACCESS_LIST + 4);
  self.blobHashes = load<u32>(tx, TX_BLOB_HASHES);
  self.blobCount = load<u32>(tx, TX_BLOB_HASHES + 4);
  self.authorizations = load<u32>(tx, TX_AUTHORIZATIONS);
  self.authorizationCount = load<u32>(tx, TX_AUTHORIZATIONS + 4);
  self.authorizationRefund = 0;
  self.returnedStateGas = 0;
  self.feeOwed = 0;
}
