/**
 * A run executes transactions over a chain's epoch (layout.ts: RUN_DIRECT, RUN_OVERLAY). Its header
 * lies at the start of its first chunk; the address is the run's handle.
 */
import { Context, context } from "../interpreter/context";
import {
  ENV_BASE_FEE, ENV_BLOB_BASE_FEE, ENV_BLOCK_HASHES, ENV_BLOCK_HASH_COUNT, ENV_CHAIN_ID, ENV_COINBASE, ENV_FLAGS,
  ENV_FORK, ENV_GAS_LIMIT, ENV_MAX_BLOB_GAS, ENV_MAX_CODE_SIZE, ENV_MAX_INITCODE_SIZE, ENV_MAX_TX_BLOBS, ENV_NUMBER,
  ENV_PREVRANDAO, ENV_SLOT_NUMBER, ENV_TIMESTAMP, ENV_TX_GAS_CAP,
} from "../layout";
import { ARENA_CHUNK_HEADER, ARENA_SIZE, arenaAdopt, arenaDestroy, arenaInit } from "../memory/arena";
import { chunkAlloc } from "../memory/heap";
import { addressFromBytes, wordFromBytes } from "../u256/word";

@unmanaged
export class Run {
  /** RUN_MAGIC while the run lives. */
  magic: u32;
  chain: u32;
  epoch: u32;
  /** RUN_DIRECT or RUN_OVERLAY */
  mode: u32;
  /** ENV_FLAG_* */
  flags: u32;
  /** Transactions kept so far. */
  count: u32;
  txGasCap: u64;
  gasLimit: u64;
  maxBlobGas: u64;
  /** Gas that the kept transactions used. */
  gasUsed: u64;
  /** The same for new state, of runs with ENV_FLAG_STATE_GAS_APART (never overlays). */
  stateGasUsed: u64;
  blobGasUsed: u64;
  /** Multi-version memory (parallel/versions.ts): hash buckets, their number - 1, locations; 0 = nothing written yet. */
  buckets: u32;
  bucketMask: u32;
  locationCount: u32;
  /** Some version resets an account's storage; some version brings new code. */
  hasResets: u32;
  hasCodes: u32;
  // LocationLists of parallel/versions.ts, of a run on one thread.
  accounts: u32;
  slots: u32;
  writtenAccounts: u32;
  writtenSlots: u32;
  /** Per kept transaction, what truncation needs (parallel/overlay.ts). */
  history: u32;
  historyCapacity: u32;
  /** Scheduler of a parallel execution (parallel/scheduler.ts), or 0. */
  scheduler: u32;
  /** Most blobs of a transaction; 0: as many as the block may have. */
  maxTxBlobs: u32;
}

export const RUN_MAGIC: u32 = 0x5255_4e31;

/** The block's part of the context, ready to be copied. */
const RUN_CONTEXT: usize = (offsetof<Run>() + 15) & ~15;
const RUN_ARENA: usize = RUN_CONTEXT + ((offsetof<Context>() + 15) & ~15);
const RUN_HEADER: usize = RUN_ARENA + (ARENA_SIZE as usize);

// @ts-ignore: decorator
@inline
export function runArena(run: usize): usize {
  return run + RUN_ARENA;
}

/** A run over `chain` as of `epoch`; 0 when out of memory. `environment`: ENV_* block. */
export function newRun(chain: usize, epoch: u32, environment: usize, mode: u32): usize {
  const chunk = chunkAlloc(1);
  if (chunk == 0) return 0;
  const at = chunk + ARENA_CHUNK_HEADER;
  memory.fill(at, 0, RUN_HEADER);
  arenaInit(runArena(at));
  arenaAdopt(runArena(at), chunk, at + RUN_HEADER);
  const run = changetype<Run>(at);
  run.magic = RUN_MAGIC;
  run.chain = chain as u32;
  run.epoch = epoch;
  run.mode = mode;
  run.flags = load<u32>(environment, ENV_FLAGS);
  run.txGasCap = load<u64>(environment, ENV_TX_GAS_CAP);
  run.gasLimit = load<u64>(environment, ENV_GAS_LIMIT);
  run.maxBlobGas = load<u64>(environment, ENV_MAX_BLOB_GAS);
  run.maxTxBlobs = load<u32>(environment, ENV_MAX_TX_BLOBS);
  readEnvironment(at + RUN_CONTEXT, environment);
  return at;
}

export function freeRun(at: usize): void {
  changetype<Run>(at).magic = 0;
  arenaDestroy(runArena(at));
}

function readEnvironment(at: usize, environment: usize): void {
  const to = changetype<Context>(at);
  to.number = load<u64>(environment, ENV_NUMBER);
  to.timestamp = load<u64>(environment, ENV_TIMESTAMP);
  to.gasLimit = load<u64>(environment, ENV_GAS_LIMIT);
  to.chainId = load<u64>(environment, ENV_CHAIN_ID);
  wordFromBytes(at + offsetof<Context>("baseFee"), environment + ENV_BASE_FEE);
  wordFromBytes(at + offsetof<Context>("prevRandao"), environment + ENV_PREVRANDAO);
  wordFromBytes(at + offsetof<Context>("blobBaseFee"), environment + ENV_BLOB_BASE_FEE);
  addressFromBytes(at + offsetof<Context>("coinbaseLo"), environment + ENV_COINBASE);
  to.fork = load<u32>(environment, ENV_FORK);
  to.maxCodeSize = load<u32>(environment, ENV_MAX_CODE_SIZE);
  to.maxInitcodeSize = load<u32>(environment, ENV_MAX_INITCODE_SIZE);
  to.blockHashes = load<u32>(environment, ENV_BLOCK_HASHES);
  to.blockHashCount = load<u32>(environment, ENV_BLOCK_HASH_COUNT);
  to.slotNumber = load<u64>(environment, ENV_SLOT_NUMBER);
  to.environmentFlags = load<u32>(environment, ENV_FLAGS);
}

/** Puts the block's part of the context in place for a transaction of the run. */
export function enterRun(run: usize): void {
  memory.copy(changetype<usize>(context), run + RUN_CONTEXT, offsetof<Context>());
}

// @ts-ignore: decorator
@inline
export function runCoinbase(run: usize): usize {
  return run + RUN_CONTEXT + offsetof<Context>("coinbaseLo");
}

// @ts-ignore: decorator
@inline
export function runFork(run: usize): u32 {
  return changetype<Context>(run + RUN_CONTEXT).fork;
}
