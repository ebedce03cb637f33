/**
 * The map of the linear memory and the layouts that cross the boundary.
 * `src/internal/evm/abi.ts` mirrors the offsets; `test/evm/abi.ts` pins them.
 *
 *   0x00000 .. 0x01000   never used: a null pointer that is followed traps nothing, but reads zeros
 *   0x01000 .. 0x20000   static data of the module (constant: every instance writes the same bytes)
 *   0x20000 .. 0x40000   engine area: locks, chunk bitmap, engine-wide counters (explicit memory)
 *   0x40000 ..           heap of 64 KiB chunks
 *
 * Mutable globals of the module are per instance, so per thread: they may hold this thread's own
 * pointers and never anything that another thread must see.
 */

export const ENGINE_AREA: usize = 0x20000;
export const HEAP_BASE: usize = 0x40000;
export const CHUNK_SIZE: usize = 0x10000;

/** Bytes of a thread's scratch area, through which small arguments and results cross the boundary. */
export const SCRATCH_SIZE: usize = 0x10000;

/** Runs: where the writes of an executed transaction go. */
export const RUN_DIRECT: u32 = 0;
export const RUN_OVERLAY: u32 = 1;

// Transaction record: written by the host, read by the core. Words and addresses are big-endian.
// size 256
export const TX_TYPE: usize = 0; // u8
export const TX_FLAGS: usize = 4; // u32, TX_FLAG_*
export const TX_GAS_LIMIT: usize = 8; // u64
export const TX_NONCE: usize = 16; // u64
export const TX_CALLER: usize = 24; // 20 bytes
export const TX_TO: usize = 44; // 20 bytes
export const TX_VALUE: usize = 64; // 32 bytes
export const TX_GAS_PRICE: usize = 96; // 32 bytes: gasPrice, or maxFeePerGas for types 2 and up
export const TX_PRIORITY_FEE: usize = 128; // 32 bytes: maxPriorityFeePerGas (= gasPrice for types 0, 1)
export const TX_BLOB_FEE: usize = 160; // 32 bytes: maxFeePerBlobGas
export const TX_DATA: usize = 192; // u32 pointer, u32 length
export const TX_ACCESS_LIST: usize = 200; // u32 pointer, u32 address count; packed address[20] u32 n, n * key[32]
export const TX_BLOB_HASHES: usize = 208; // u32 pointer, u32 count; 32 bytes each
export const TX_AUTHORIZATIONS: usize = 216; // u32 pointer, u32 count; AUTH_SIZE each
export const TX_SIZE: usize = 256;

/** The transaction creates a contract; TX_TO is ignored. */
export const TX_FLAG_CREATE: u32 = 1;
/** eth_call: the caller's balance is not checked (and not charged for gas). */
export const TX_FLAG_NO_BALANCE_CHECK: u32 = 2;
/** eth_call: the nonce is not checked. */
export const TX_FLAG_NO_NONCE_CHECK: u32 = 4;
/** eth_call: the fee cap may lie below the base fee, and BASEFEE reads zero. */
export const TX_FLAG_NO_BASE_FEE: u32 = 8;
/** The gas limit may exceed what is left in the block. */
export const TX_FLAG_NO_BLOCK_GAS_LIMIT: u32 = 16;
/** EIP-3607 is off: senders may have code (Hardhat's network always sets it). */
export const TX_FLAG_NO_EIP3607: u32 = 32;
/** Write the access set of the execution into the result. */
export const TX_FLAG_RECORD: u32 = 64;
/** System call: no gas is bought, no nonce is bumped, the fee recipient gets nothing. */
export const TX_FLAG_SYSTEM: u32 = 128;

// Authorization (EIP-7702), recovered by the host. size 112
export const AUTH_FLAGS: usize = 0; // u32: 1 = the signature is valid (authority recovered)
export const AUTH_AUTHORITY: usize = 4; // 20 bytes
export const AUTH_ADDRESS: usize = 24; // 20 bytes: the code to delegate to
export const AUTH_CHAIN_ID: usize = 48; // 32 bytes
export const AUTH_NONCE: usize = 80; // u64
export const AUTH_SIZE: usize = 112;

// Block environment: written by the host. size 256
export const ENV_NUMBER: usize = 0; // u64
export const ENV_TIMESTAMP: usize = 8; // u64
export const ENV_GAS_LIMIT: usize = 16; // u64, as the header says and GASLIMIT reads
export const ENV_CHAIN_ID: usize = 24; // u64
export const ENV_BASE_FEE: usize = 32; // 32 bytes
export const ENV_PREVRANDAO: usize = 64; // 32 bytes; the difficulty before the merge
export const ENV_BLOB_BASE_FEE: usize = 96; // 32 bytes
export const ENV_COINBASE: usize = 128; // 20 bytes
export const ENV_FORK: usize = 148; // u32, FORK_*
export const ENV_FLAGS: usize = 152; // u32, ENV_FLAG_*
export const ENV_TX_GAS_CAP: usize = 160; // u64, 0 = none (EIP-7825)
export const ENV_MAX_CODE_SIZE: usize = 168; // u32
export const ENV_MAX_INITCODE_SIZE: usize = 172; // u32
export const ENV_MAX_BLOB_GAS: usize = 176; // u64, blob gas of a block
export const ENV_BLOCK_HASHES: usize = 184; // u32 pointer to 256 hashes, newest (number-1) first, or 0: ask the host
export const ENV_BLOCK_HASH_COUNT: usize = 188; // u32: how many of the 256 are filled in
export const ENV_SLOT_NUMBER: usize = 192; // u64 (EIP-7843)
export const ENV_MAX_TX_BLOBS: usize = 200; // u32, 0 = none but the block's (EIP-7594)
export const ENV_SIZE: usize = 256;

/** The gas limit of the block is not enforced. */
export const ENV_FLAG_NO_BLOCK_GAS_LIMIT: u32 = 1;
/** A contract may be created where there is storage but no code and no nonce (EIP-7610 is off). */
export const ENV_FLAG_NO_EIP7610: u32 = 2;
/** EIP-8037: the block's gas limit holds for new state and for the rest apart. (Hardhat's network adds them up.) */
export const ENV_FLAG_STATE_GAS_APART: u32 = 4;

// Result of an execution: written by the core. size 216
export const RESULT_STATUS: usize = 0; // u32, status.ts
export const RESULT_FLAGS: usize = 4; // u32, RESULT_FLAG_*
export const RESULT_GAS_USED: usize = 8; // u64, after refunds and floor: what the receipt says
export const RESULT_GAS_REFUNDED: usize = 16; // u64
export const RESULT_GAS_SPENT: usize = 24; // u64, before refunds
export const RESULT_OUTPUT: usize = 32; // u32 pointer, u32 length: return or revert data
export const RESULT_LOGS: usize = 40; // u32 pointer, u32 bytes; packed address[20] u32 topics u32 dataLength topic[32]* data
export const RESULT_LOG_COUNT: usize = 48; // u32
export const RESULT_CREATED: usize = 52; // 20 bytes
export const RESULT_CONSOLE: usize = 72; // u32 pointer, u32 bytes; packed u32 length, calldata
export const RESULT_ACCESS: usize = 80; // u32 pointer, u32 bytes; format in state/access-set.ts
export const RESULT_PREIMAGES: usize = 88; // u32 pointer, u32 bytes; packed hash[32] u32 length, preimage (with TX_FLAG_RECORD)
export const RESULT_EFFECTIVE_GAS_PRICE: usize = 96; // 32 bytes
export const RESULT_ERROR_A: usize = 128; // 32 bytes: first operand of a validity error (e.g. the balance)
export const RESULT_ERROR_B: usize = 160; // 32 bytes: second operand (e.g. the upfront cost)
export const RESULT_GAS_NEEDED: usize = 192; // u64, see RESULT_FLAG_GAS_OPAQUE
export const RESULT_BLOCK_GAS: usize = 200; // u64, what the transaction takes of the block (EIP-7778: before refunds)
export const RESULT_STATE_GAS: usize = 208; // u64, what new state took (EIP-8037): in RESULT_BLOCK_GAS, unless ENV_FLAG_STATE_GAS_APART
export const RESULT_SIZE: usize = 216;

/** The run observed how much gas it had (GAS opcode, or gas handed to a call reached the 63/64 limit). */
export const RESULT_FLAG_GAS_OBSERVED: u32 = 1;
/** A call below the top level ended out of gas. */
export const RESULT_FLAG_INTERNAL_OUT_OF_GAS: u32 = 2;
/** RESULT_CREATED holds the address of a deployed contract. */
export const RESULT_FLAG_CREATED: u32 = 4;

/** Without this flag, RESULT_GAS_NEEDED is the least gas limit with which the run would have gone the
 *  same way (intrinsic gas included). It is set when the run looked at its gas for more than to pass it
 *  on (GAS before anything but a call), or when a call inside halted. */
export const RESULT_FLAG_GAS_OPAQUE: u32 = 8;

// What stateAccount and runAccount write. size 80
export const ACCOUNT_NONCE: usize = 0; // u64
export const ACCOUNT_BALANCE: usize = 8; // 32 bytes
export const ACCOUNT_CODE_HASH: usize = 40; // 32 bytes
export const ACCOUNT_CODE: usize = 72; // u32 pointer, u32 length
export const ACCOUNT_SIZE: usize = 80;
