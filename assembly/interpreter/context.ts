/** What a transaction and its block look like to the opcodes: one per thread, filled by the
 *  transaction rules before a message runs. Words and addresses are in core order. */
@unmanaged
export class Context {
  number: u64;
  timestamp: u64;
  gasLimit: u64;
  chainId: u64;
  baseFee: u64;
  baseFee1: u64;
  baseFee2: u64;
  baseFee3: u64;
  prevRandao: u64;
  prevRandao1: u64;
  prevRandao2: u64;
  prevRandao3: u64;
  blobBaseFee: u64;
  blobBaseFee1: u64;
  blobBaseFee2: u64;
  blobBaseFee3: u64;
  /** Effective gas price of the transaction. */
  gasPrice: u64;
  gasPrice1: u64;
  gasPrice2: u64;
  gasPrice3: u64;
  coinbaseLo: u64;
  coinbaseMid: u64;
  coinbaseHi: u32;
  fork: u32;
  originLo: u64;
  originMid: u64;
  originHi: u32;
  blobHashCount: u32;
  /** 32 big-endian bytes each. */
  blobHashes: u32;
  maxCodeSize: u32;
  maxInitcodeSize: u32;
  /** Hashes of the 256 blocks before, newest first (32 big-endian bytes each), or 0: ask the host. */
  blockHashes: u32;
  blockHashCount: u32;
  /** RESULT_FLAG_* collected while running. */
  resultFlags: u32;
  slotNumber: u64;
  /** Refund counter (EIP-2200, EIP-3529); a frame saves it and puts it back when it reverts. */
  refund: i64;
  /** ENV_FLAG_* of the block. */
  environmentFlags: u32;
  reserved: u32;
  /** EIP-8037: gas that only new state can be paid with, before a frame's own gas is. */
  reservoir: u64;
  /** EIP-8037: gas that went into new state, less what came back; a frame that fails takes its part back. */
  stateGas: i64;
}

/** This thread's context. */
export let context: Context = changetype<Context>(0);

export function setContext(at: usize): void {
  context = changetype<Context>(at);
}

// Where the context's words and addresses lie.

// @ts-ignore: decorator
@inline
export function originOf(): usize {
  return changetype<usize>(context) + offsetof<Context>("originLo");
}

// @ts-ignore: decorator
@inline
export function coinbaseOf(): usize {
  return changetype<usize>(context) + offsetof<Context>("coinbaseLo");
}

// @ts-ignore: decorator
@inline
export function gasPriceOf(): usize {
  return changetype<usize>(context) + offsetof<Context>("gasPrice");
}

// @ts-ignore: decorator
@inline
export function baseFeeOf(): usize {
  return changetype<usize>(context) + offsetof<Context>("baseFee");
}

// @ts-ignore: decorator
@inline
export function blobBaseFeeOf(): usize {
  return changetype<usize>(context) + offsetof<Context>("blobBaseFee");
}

// @ts-ignore: decorator
@inline
export function prevRandaoOf(): usize {
  return changetype<usize>(context) + offsetof<Context>("prevRandao");
}
