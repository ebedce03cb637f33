/** Run functions of the ABI. */
import { codeInit, codeSize } from "../code/store";
import { FORK_COUNT } from "../forks";
import { ENV_BLOCK_HASHES, ENV_BLOCK_HASH_COUNT, ENV_FORK, RUN_DIRECT, RUN_OVERLAY, TX_FLAG_RECORD } from "../layout";
import { MAX_CODE_LENGTH, inMemory, isRecordInMemory } from "../memory/bounds";
import { thread } from "../memory/thread";
import {
  commitOverlay, creditOverlay, currentValue, keepInOverlay, locationToSet, setValue, setWord, truncateOverlay,
} from "../parallel/overlay";
import { lastReset, resolveAccount, resolveSlot } from "../parallel/resolve";
import { Location, findAccountLocation, findSlotLocation, orderOf, versionAlloc } from "../parallel/versions";
import { recordAccess } from "../state/access-set";
import { accountValueAt, baseAccount, baseSlot, copyAccountValue, slotValueAt, zeroValue } from "../state/base";
import { Chain } from "../state/chain";
import { AccountValue, VALUE_EXISTS } from "../state/entries";
import { putAccount } from "../state/put-account";
import { readBase, readRun } from "../state/tx-below";
import { ENGINE_BAD_ARGUMENT, ENGINE_OUT_OF_MEMORY, NEEDS_BLOCK_HASH, OK_STOP } from "../status";
import { creditBase, writeDirect } from "../transaction/direct";
import { beginTransaction, executeTransaction } from "../transaction/execute";
import { result, resultBlockGas, resultStateGas } from "../transaction/result";
import { Run, freeRun, newRun, runFork } from "../transaction/run";
import { BLOB_GAS, checkBlobGas, checkBlockGas } from "../transaction/validity";
import { work } from "../transaction/work";
import { addressFromBytes, wordFromBytes, wordToBytes } from "../u256/word";

// Offsets in the thread's work area (abi/state.ts uses the same ones).
const ADDRESS: usize = 2048;
const KEY: usize = 2080;
const VALUE: usize = 2112;
const ACCOUNT: usize = 2144;

export function runCreate(chain: usize, epoch: u32, environment: usize, mode: u32): usize {
  const hashes = load<u32>(environment, ENV_BLOCK_HASH_COUNT) as u64;
  if (mode > RUN_OVERLAY || load<u32>(environment, ENV_FORK) >= FORK_COUNT) return 0;
  if (!inMemory(load<u32>(environment, ENV_BLOCK_HASHES), hashes << 5)) return 0;
  return newRun(chain, epoch, environment, mode);
}

export function runFree(run: usize): void {
  freeRun(run);
}

export function runResult(): usize {
  return result;
}

/** A direct run goes on reading what it writes, even when the epoch that it began in was sealed. */
function readEpoch(run: Run): u32 {
  return run.mode == RUN_DIRECT ? changetype<Chain>(run.chain).epoch : run.epoch;
}

/** Lets the thread read what the run's next transaction sees. */
function readNext(run: Run): void {
  if (run.mode == RUN_DIRECT) readBase(run.chain, readEpoch(run));
  else readRun(run, orderOf(run.count), false);
}

function executeNext(run: Run, transaction: usize, flags: u32): u32 {
  beginTransaction(run, transaction, flags);
  readNext(run);
  let status = checkBlockGas(run, work.gasLimit, work.flags, run.gasUsed);
  if (status == OK_STOP) status = checkBlobGas(run, work.blobCount, run.blobGasUsed);
  if (status == OK_STOP) status = executeTransaction(run, false);
  else store<u32>(result, status);
  if (status < NEEDS_BLOCK_HASH && work.flags & TX_FLAG_RECORD) recordAccess(false);
  return status;
}

export function runTransaction(at: usize, transaction: usize, flags: u32): u32 {
  if (!isRecordInMemory(transaction)) return ENGINE_BAD_ARGUMENT;
  const run = changetype<Run>(at);
  const status = executeNext(run, transaction, flags);
  if (status >= NEEDS_BLOCK_HASH) return status;
  const blobGas = (work.blobCount as u64) * BLOB_GAS;
  const kept = run.mode == RUN_DIRECT ? writeDirect() : keepInOverlay(run, resultBlockGas(), blobGas);
  if (kept != OK_STOP) {
    store<u32>(result, kept);
    return kept;
  }
  if (run.mode == RUN_DIRECT) {
    run.count++;
    run.gasUsed += resultBlockGas();
    run.stateGasUsed += resultStateGas();
    run.blobGasUsed += blobGas;
  }
  return status;
}

export function runCall(run: usize, transaction: usize, flags: u32): u32 {
  if (!isRecordInMemory(transaction)) return ENGINE_BAD_ARGUMENT;
  return executeNext(changetype<Run>(run), transaction, flags);
}

/** Some transactions of the block were executed elsewhere, and used this much of it. */
export function runFollow(at: usize, gasUsed: u64, stateGasUsed: u64, blobGasUsed: u64): void {
  const run = changetype<Run>(at);
  run.gasUsed = gasUsed;
  run.stateGasUsed = stateGasUsed;
  run.blobGasUsed = blobGasUsed;
}

export function runCredit(at: usize, address: usize, value: usize): u32 {
  const run = changetype<Run>(at);
  const area = thread.work as usize;
  addressFromBytes(area + ADDRESS, address);
  wordFromBytes(area + VALUE, value);
  if (run.mode != RUN_DIRECT) return creditOverlay(run, area + ADDRESS, area + VALUE);
  return creditBase(run.chain, area + ADDRESS, area + VALUE, runFork(at)) ? OK_STOP : ENGINE_OUT_OF_MEMORY;
}

export function runAccount(at: usize, address: usize, out: usize): u32 {
  const run = changetype<Run>(at);
  const core = (thread.work as usize) + ADDRESS;
  addressFromBytes(core, address);
  let value: usize;
  const location = overlayAccount(run, core);
  if (changetype<usize>(location) != 0) value = resolveAccount(location, orderOf(run.count));
  else {
    const entry = baseAccount(run.chain, core);
    value = entry == 0 ? zeroValue() : accountValueAt(entry, readEpoch(run));
  }
  putAccount(out, value);
  return changetype<AccountValue>(value).flags & VALUE_EXISTS;
}

export function runSlot(at: usize, address: usize, key: usize, out: usize): void {
  const run = changetype<Run>(at);
  const core = (thread.work as usize) + ADDRESS;
  const word = (thread.work as usize) + KEY;
  addressFromBytes(core, address);
  wordFromBytes(word, key);
  wordToBytes(out, slotWord(run, core, word));
}

function slotWord(run: Run, address: usize, key: usize): usize {
  const owner = overlayAccount(run, address);
  if (changetype<usize>(owner) != 0) {
    const location = findSlotLocation(run, owner, key);
    if (changetype<usize>(location) != 0) return resolveSlot(location, orderOf(run.count));
    if (lastReset(owner, orderOf(run.count)) != 0) return zeroValue();
  }
  const entry = baseAccount(run.chain, address);
  const slot = entry == 0 ? (0 as usize) : baseSlot(run.chain, entry, key);
  return slot == 0 ? zeroValue() : slotValueAt(slot, readEpoch(run));
}

function overlayAccount(run: Run, address: usize): Location {
  return run.buckets == 0 ? changetype<Location>(0) : findAccountLocation(run, address);
}

/** The location of an account that is to be set, and (at ACCOUNT) its value, which exists. */
function accountToSet(run: Run, address: usize): Location {
  const area = thread.work as usize;
  addressFromBytes(area + ADDRESS, address);
  const location = locationToSet(run, area + ADDRESS);
  if (changetype<usize>(location) == 0) return location;
  copyAccountValue(area + ACCOUNT, changetype<usize>(currentValue(run, location)));
  changetype<AccountValue>(area + ACCOUNT).flags |= VALUE_EXISTS;
  return location;
}

function putSet(run: Run, location: Location): u32 {
  return setValue(run, location, (thread.work as usize) + ACCOUNT, false);
}

export function runSetBalance(run: usize, address: usize, value: usize): u32 {
  const location = accountToSet(changetype<Run>(run), address);
  if (changetype<usize>(location) == 0) return ENGINE_OUT_OF_MEMORY;
  wordFromBytes((thread.work as usize) + ACCOUNT + offsetof<AccountValue>("balance"), value);
  return putSet(changetype<Run>(run), location);
}

export function runSetNonce(run: usize, address: usize, nonce: u64): u32 {
  const location = accountToSet(changetype<Run>(run), address);
  if (changetype<usize>(location) == 0) return ENGINE_OUT_OF_MEMORY;
  changetype<AccountValue>((thread.work as usize) + ACCOUNT).nonce = nonce;
  return putSet(changetype<Run>(run), location);
}

export function runSetCode(run: usize, address: usize, code: usize, length: u32): u32 {
  if (!inMemory(code, length)) return ENGINE_BAD_ARGUMENT;
  if (length > MAX_CODE_LENGTH) return ENGINE_OUT_OF_MEMORY;
  const location = accountToSet(changetype<Run>(run), address);
  if (changetype<usize>(location) == 0) return ENGINE_OUT_OF_MEMORY;
  let made: usize = 0;
  if (length != 0) {
    made = versionAlloc(codeSize(length));
    if (made == 0) return ENGINE_OUT_OF_MEMORY;
    codeInit(made, code, length, 0);
  }
  changetype<AccountValue>((thread.work as usize) + ACCOUNT).code = made as u32;
  return putSet(changetype<Run>(run), location);
}

export function runSetSlot(at: usize, address: usize, key: usize, value: usize): u32 {
  const run = changetype<Run>(at);
  const area = thread.work as usize;
  const owner = accountToSet(run, address);
  if (changetype<usize>(owner) == 0) return ENGINE_OUT_OF_MEMORY;
  const status = putSet(run, owner);
  if (status != OK_STOP) return status;
  wordFromBytes(area + KEY, key);
  wordFromBytes(area + VALUE, value);
  return setWord(run, owner, area + KEY, area + VALUE);
}

export function runClearStorage(run: usize, address: usize): u32 {
  const location = accountToSet(changetype<Run>(run), address);
  if (changetype<usize>(location) == 0) return ENGINE_OUT_OF_MEMORY;
  return setValue(changetype<Run>(run), location, (thread.work as usize) + ACCOUNT, true);
}

export function runTruncate(run: usize, index: u32): void {
  truncateOverlay(changetype<Run>(run), index);
}

export function runCommit(run: usize): u32 {
  return commitOverlay(changetype<Run>(run));
}
