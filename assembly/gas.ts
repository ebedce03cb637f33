/** Gas of what the trait table (traits.ts) cannot say with one number per opcode and fork. */
import { AMSTERDAM, BERLIN, ISTANBUL, LONDON, SPURIOUS_DRAGON } from "./forks";

export const GAS_KECCAK_WORD: u64 = 6;
export const GAS_COPY_WORD: u64 = 3;
export const GAS_MEMORY_WORD: u64 = 3;
export const GAS_LOG_TOPIC: u64 = 375;
export const GAS_LOG_BYTE: u64 = 8;
export const GAS_CREATE: u64 = 32000;
export const GAS_CREATE_AMSTERDAM: u64 = 9000;
/** EIP-3860 */
export const GAS_INITCODE_WORD: u64 = 2;
export const GAS_CODE_BYTE: u64 = 200;
export const GAS_CALL_VALUE: u64 = 9000;
export const GAS_CALL_STIPEND: u64 = 2300;
export const GAS_NEW_ACCOUNT: u64 = 25000;
/** EIP-2929: what a cold access costs beyond the warm price in the trait table. */
export const GAS_COLD_ACCOUNT_EXTRA: u64 = 2500;
export const GAS_COLD_SLOT_EXTRA: u64 = 2000;
export const GAS_COLD_SLOT: u64 = 2100;
/** EIP-2929: SELFDESTRUCT pays the whole cold price. */
export const GAS_COLD_ACCOUNT: u64 = 2600;
export const GAS_WARM_ACCESS: u64 = 100;
export const GAS_SSTORE_SET: u64 = 20000;
export const GAS_SSTORE_SET_AMSTERDAM: u64 = 2900;
export const GAS_SSTORE_RESET: u64 = 5000;
export const REFUND_SELFDESTRUCT: i64 = 24000;

// @ts-ignore: decorator
@inline
export function words(length: u64): u64 {
  return (length + 31) >> 5;
}

/** Price of a memory of `count` words; `count` below 2^32. */
// @ts-ignore: decorator
@inline
export function memoryGas(count: u64): u64 {
  return GAS_MEMORY_WORD * count + ((count * count) >> 9);
}

/** EIP-160 */
// @ts-ignore: decorator
@inline
export function expByteGas(fork: u32): u64 {
  return fork >= SPURIOUS_DRAGON ? 50 : 10;
}

/** What reading a slot costs inside SSTORE: nothing before EIP-2200 made it net. */
// @ts-ignore: decorator
@inline
export function sstoreRead(fork: u32): u64 {
  return fork >= BERLIN ? GAS_WARM_ACCESS : 800;
}

/** Changing a slot that was not zero (EIP-2929 takes the cold read out of it). */
// @ts-ignore: decorator
@inline
export function sstoreReset(fork: u32): u64 {
  return fork >= BERLIN ? GAS_SSTORE_RESET - GAS_COLD_SLOT : GAS_SSTORE_RESET;
}

/** Refund for clearing a slot: EIP-3529 lowered it. */
// @ts-ignore: decorator
@inline
export function sstoreClearRefund(fork: u32): i64 {
  return fork >= LONDON ? 4800 : 15000;
}

/** What filling an empty slot costs beside its state gas: EIP-8037 moved most of it there. */
// @ts-ignore: decorator
@inline
export function sstoreSet(fork: u32): u64 {
  return fork >= AMSTERDAM ? GAS_SSTORE_SET_AMSTERDAM : GAS_SSTORE_SET;
}

/** EIP-8037: a create's gas beside its state gas. */
// @ts-ignore: decorator
@inline
export function createGas(fork: u32): u64 {
  return fork >= AMSTERDAM ? GAS_CREATE_AMSTERDAM : GAS_CREATE;
}

/** EIP-2200 and later (and EIP-1283): SSTORE is metered by net change. */
// @ts-ignore: decorator
@inline
export function isNetMetered(fork: u32): bool {
  return fork >= ISTANBUL;
}
