/**
 * Result codes, in ranges, so that a class test is a comparison:
 * 0x00.. ok, 0x10.. revert, 0x20.. halt (all gas is consumed), 0x40.. needs data (nothing happened yet),
 * 0x80.. the transaction is invalid (no effect on the state), 0xf0.. the engine itself failed.
 * `src/internal/evm/abi.ts` mirrors the numbers; `test/evm/abi.ts` pins them.
 */
export const OK_STOP: u32 = 0x00;
export const OK_RETURN: u32 = 0x01;
export const OK_SELFDESTRUCT: u32 = 0x02;

export const REVERT: u32 = 0x10;
/** Call depth limit reached; only seen by the calling frame. */
export const REVERT_CALL_TOO_DEEP: u32 = 0x11;
/** Not enough balance for the value of a call or create; only seen by the calling frame. */
export const REVERT_OUT_OF_FUNDS: u32 = 0x12;
/** Nonce of a creator is 2^64-1 (EIP-2681). */
export const REVERT_NONCE_OVERFLOW: u32 = 0x13;

export const HALT_OUT_OF_GAS: u32 = 0x20;
/** Out of gas while expanding memory. */
export const HALT_MEMORY_OUT_OF_GAS: u32 = 0x21;
/** An offset or length that no gas could pay for. */
export const HALT_INVALID_OPERAND_OUT_OF_GAS: u32 = 0x22;
/** SSTORE with no more than the call stipend left (EIP-2200). */
export const HALT_REENTRANCY_SENTRY: u32 = 0x23;
/** A precompile was given too little gas. */
export const HALT_PRECOMPILE_OUT_OF_GAS: u32 = 0x24;
/** The memory limit of the engine; memory as asked for could not be had. */
export const HALT_MEMORY_LIMIT: u32 = 0x25;
export const HALT_OPCODE_NOT_FOUND: u32 = 0x28;
/** The designated INVALID opcode, 0xfe. */
export const HALT_INVALID_OPCODE: u32 = 0x29;
export const HALT_INVALID_JUMP: u32 = 0x2a;
export const HALT_STACK_UNDERFLOW: u32 = 0x2b;
export const HALT_STACK_OVERFLOW: u32 = 0x2c;
export const HALT_STATIC_VIOLATION: u32 = 0x2d;
export const HALT_RETURN_DATA_OUT_OF_BOUNDS: u32 = 0x2e;
export const HALT_CREATE_COLLISION: u32 = 0x2f;
export const HALT_CODE_SIZE_LIMIT: u32 = 0x30;
/** Deployed code starts with 0xef (EIP-3541). */
export const HALT_CODE_STARTS_WITH_EF: u32 = 0x31;
export const HALT_INITCODE_SIZE_LIMIT: u32 = 0x32;
export const HALT_PRECOMPILE_ERROR: u32 = 0x33;
/** DUPN, SWAPN or EXCHANGE with a byte that says nothing (EIP-8024). */
export const HALT_INVALID_IMMEDIATE: u32 = 0x34;
/** Not enough gas left to pay for the deployed code (EIP-2). */
export const HALT_CODE_DEPOSIT_OUT_OF_GAS: u32 = 0x26;

/** The execution needs something that only the main thread can give (a block hash, a fork's account). */
export const NEEDS_BLOCK_HASH: u32 = 0x40;
/** Speculation met an estimate: the transaction must be executed again. */
export const NEEDS_DEPENDENCY: u32 = 0x41;

// Names follow the exceptions of the execution specs. RESULT_ERROR_A and _B hold the operands.
export const INVALID_NONCE_TOO_LOW: u32 = 0x80; // A: tx nonce, B: state nonce
export const INVALID_NONCE_TOO_HIGH: u32 = 0x81; // A: tx nonce, B: state nonce
export const INVALID_NONCE_OVERFLOW: u32 = 0x82;
export const INVALID_INSUFFICIENT_FUNDS: u32 = 0x83; // A: upfront cost, B: balance
export const INVALID_GAS_LIMIT_EXCEEDS_BLOCK: u32 = 0x84; // A: gas limit, B: gas left
export const INVALID_GAS_LIMIT_EXCEEDS_CAP: u32 = 0x85; // A: gas limit, B: cap
export const INVALID_INTRINSIC_GAS: u32 = 0x86; // A: needed, B: gas limit
export const INVALID_FLOOR_GAS: u32 = 0x87; // A: needed, B: gas limit
export const INVALID_FEE_BELOW_BASE_FEE: u32 = 0x88; // A: fee cap, B: base fee
export const INVALID_PRIORITY_ABOVE_FEE: u32 = 0x89; // A: priority fee, B: fee cap
export const INVALID_SENDER_NOT_EOA: u32 = 0x8a; // EIP-3607
export const INVALID_INITCODE_SIZE: u32 = 0x8b; // A: size, B: limit
export const INVALID_BLOB_COUNT: u32 = 0x8c;
export const INVALID_BLOB_VERSION: u32 = 0x8d;
export const INVALID_BLOB_FEE: u32 = 0x8e; // A: fee cap, B: blob base fee
export const INVALID_BLOB_CREATE: u32 = 0x8f;
export const INVALID_TYPE_NOT_SUPPORTED: u32 = 0x90;
export const INVALID_AUTHORIZATION_LIST_EMPTY: u32 = 0x91;
export const INVALID_AUTHORIZATION_CREATE: u32 = 0x92;
export const INVALID_ZERO_BLOBS: u32 = 0x93;

/** The shared memory is full (4 GiB), or the heap could not grow. */
export const ENGINE_OUT_OF_MEMORY: u32 = 0xf0;
/** What an argument points at, or a count of it, lies outside the memory. */
export const ENGINE_BAD_ARGUMENT: u32 = 0xf1;

// @ts-ignore: decorator
@inline
export function isOk(status: u32): bool {
  return status < REVERT;
}

// @ts-ignore: decorator
@inline
export function isRevert(status: u32): bool {
  return status >= REVERT && status < HALT_OUT_OF_GAS;
}

// @ts-ignore: decorator
@inline
export function isHalt(status: u32): bool {
  return status >= HALT_OUT_OF_GAS && status < NEEDS_BLOCK_HASH;
}

/** Halts that Hardhat calls "out of gas": the frame asked for more gas than it had. */
// @ts-ignore: decorator
@inline
export function isOutOfGas(status: u32): bool {
  return status >= HALT_OUT_OF_GAS && status < HALT_OPCODE_NOT_FOUND;
}
