/** The tries of a block's receipts and transactions. Both have the same keys, so the same shape. */
import { bufferGive, bufferTake, thread } from "../memory/thread";
import { ENGINE_BAD_ARGUMENT, ENGINE_OUT_OF_MEMORY, OK_STOP } from "../status";
import {
  TrieUnit, UNIT_DONE, buildUnit, closeBuilder, openBuilder, planUnits, rootOfUnits,
} from "../trie/build";
import { LIST_ENTRY, LIST_KEY, MOST_LIST_ITEMS, isPartInMemory, listItem, putListKeys } from "../trie/ordered";
import {
  BLOOM_SIZE, IS_RECEIPT, RECEIPT_SIZE, Receipt, addBloom, collectBloom, readReceipt, receiptRoom,
} from "../trie/receipt";
import { JOB_LISTS, Job, NO_UNIT, takeUnit } from "./job";

/** Lies at the start of its buffer, with its lists behind it; the units have a buffer of their own. */
@unmanaged
export class ListJob extends Job {
  /** How many receipts, and transactions. */
  length: u32;
  /** How many units each of the tries has: the receipts' come first. */
  planned: u32;
  /** TrieItems. */
  receipts: u32;
  transactions: u32;
  receiptUnits: u32;
  transactionUnits: u32;
  longestReceipt: u32;
  longestTransaction: u32;
}

const LIST_JOB_SIZE: u32 = offsetof<ListJob>() as u32;
const TRANSACTION_UNIT: u32 = offsetof<TrieUnit>() as u32;
/** A unit and its bloom. */
const RECEIPT_UNIT: u32 = TRANSACTION_UNIT + BLOOM_SIZE;

/** Receipts have EIP-2718 envelopes (Berlin). */
export const LISTS_TYPED: u32 = 1;

/** Why `newListJob` made none. */
export let listJobStatus: u32 = OK_STOP;

/**
 * The job of `count` (not 0) transactions. `records`: their RESULT_* records, each with its parts behind it; `envelopes`:
 * u32 length and bytes of each transaction, as they go into its trie. Both must last. 0: see `listJobStatus`.
 */
export function newListJob(records: usize, envelopes: usize, count: u32, flags: u32): usize {
  listJobStatus = ENGINE_OUT_OF_MEMORY;
  const size = (count as u64) * (2 * LIST_ENTRY + RECEIPT_SIZE) + LIST_JOB_SIZE;
  if (count > MOST_LIST_ITEMS || size > 0xf000_0000) return 0;
  const at = bufferTake(size as u32);
  if (at == 0) return 0;
  memory.fill(at, 0, LIST_JOB_SIZE);
  const job = changetype<ListJob>(at);
  job.kind = JOB_LISTS;
  job.length = count;
  job.receipts = (at as u32) + LIST_JOB_SIZE;
  job.transactions = job.receipts + count * LIST_ENTRY;
  putListKeys(job.receipts, count);
  putListKeys(job.transactions, count);
  if (!readItems(job, records, envelopes, flags)) {
    listJobStatus = ENGINE_BAD_ARGUMENT;
    bufferGive(at);
    return 0;
  }
  const planned = planUnits(job.receipts, 0, count, 0, 0, 0);
  const units = bufferTake(planned * (RECEIPT_UNIT + TRANSACTION_UNIT));
  if (units == 0) {
    bufferGive(at);
    return 0;
  }
  job.planned = planned;
  job.count = 2 * planned;
  job.receiptUnits = units as u32;
  job.transactionUnits = (units as u32) + planned * RECEIPT_UNIT;
  planUnits(job.receipts, 0, count, 0, units, RECEIPT_UNIT);
  planUnits(job.transactions, 0, count, 0, job.transactionUnits, TRANSACTION_UNIT);
  return at;
}

/** Gives the items their values. False: they do not lie in the memory as they say. */
function readItems(job: ListJob, records: usize, envelopes: usize, flags: u32): bool {
  const count = job.length;
  let receipt = (job.transactions as usize) + count * LIST_ENTRY;
  let gas: u64 = 0;
  for (let index: u32 = 0; index < count; index++) {
    if (!isPartInMemory(envelopes)) return false;
    const transaction = listItem(job.transactions, index, count);
    transaction.value = (envelopes as u32) + 4;
    transaction.valueLength = load<u32>(envelopes);
    if (transaction.valueLength == 0 || transaction.valueLength == IS_RECEIPT) return false;
    job.longestTransaction = max<u32>(job.longestTransaction, transaction.valueLength);
    envelopes += 4 + (transaction.valueLength as usize);

    const made = changetype<Receipt>(receipt);
    records = readReceipt(made, records, gas);
    if (records == 0) return false;
    gas = made.cumulativeGas;
    // A legacy transaction begins with the header of its list.
    const type = load<u8>(transaction.value);
    made.type = flags & LISTS_TYPED && type < 0xc0 ? type : 0;
    const item = listItem(job.receipts, index, count);
    item.value = receipt as u32;
    item.valueLength = IS_RECEIPT;
    job.longestReceipt = max<u32>(job.longestReceipt, receiptRoom(made));
    receipt += RECEIPT_SIZE;
  }
  return true;
}

/** Takes units until there are none left, or this thread has no memory to build them in. */
export function workOnLists(job: ListJob): void {
  const receipts = job.planned;
  let unit = takeUnit(job);
  if (unit < receipts) {
    if (!openReceipts(job)) return;
    for (; unit < receipts; unit = takeUnit(job)) buildReceipts(receiptUnit(job, unit));
    closeBuilder();
  }
  if (unit == NO_UNIT || !openTransactions(job)) return;
  for (; unit != NO_UNIT; unit = takeUnit(job)) buildTransactions(transactionUnit(job, unit - receipts));
  closeBuilder();
}

function openReceipts(job: ListJob): bool {
  return openBuilder(job.receipts, LIST_KEY, job.longestReceipt);
}

function openTransactions(job: ListJob): bool {
  return openBuilder(job.transactions, LIST_KEY, job.longestTransaction);
}

// @ts-ignore: decorator
@inline
function receiptUnit(job: ListJob, index: u32): usize {
  return job.receiptUnits + index * RECEIPT_UNIT;
}

// @ts-ignore: decorator
@inline
function transactionUnit(job: ListJob, index: u32): usize {
  return job.transactionUnits + index * TRANSACTION_UNIT;
}

// Who takes over from a thread that did not come back in time may meet it here: both write the same bytes, once.

function buildReceipts(at: usize): void {
  const bloom = (thread.work as usize) + BLOOM;
  memory.fill(bloom, 0, BLOOM_SIZE);
  collectBloom(bloom);
  buildUnit(changetype<TrieUnit>(at));
  memory.copy(at + TRANSACTION_UNIT, bloom, BLOOM_SIZE);
  setDone(at);
}

/** Offset in the thread's work area, clear of receipt.ts's. */
const BLOOM: usize = 512;

function buildTransactions(at: usize): void {
  buildUnit(changetype<TrieUnit>(at));
  setDone(at);
}

// @ts-ignore: decorator
@inline
function setDone(unit: usize): void {
  atomic.store<u32>(unit + offsetof<TrieUnit>("done"), UNIT_DONE);
}

/**
 * The receipts' root, the bloom of all logs and the transactions' root to `out` (32, 256 and 32 bytes). What other
 * threads have taken and not done is done here. Returns a status.
 */
export function finishLists(job: ListJob, out: usize): u32 {
  if (!openReceipts(job)) return ENGINE_OUT_OF_MEMORY;
  const bloom = out + 32;
  memory.fill(bloom, 0, BLOOM_SIZE);
  for (let i: u32 = 0; i < job.planned; i++) {
    const unit = receiptUnit(job, i);
    if (!isDone(unit)) buildReceipts(unit);
    addBloom(bloom, unit + TRANSACTION_UNIT);
  }
  collectBloom(bloom);
  rootOfUnits(job.length, job.receiptUnits, RECEIPT_UNIT, out);
  closeBuilder();
  if (!openTransactions(job)) return ENGINE_OUT_OF_MEMORY;
  for (let i: u32 = 0; i < job.planned; i++) {
    const unit = transactionUnit(job, i);
    if (!isDone(unit)) buildTransactions(unit);
  }
  rootOfUnits(job.length, job.transactionUnits, TRANSACTION_UNIT, bloom + BLOOM_SIZE);
  closeBuilder();
  return OK_STOP;
}

// @ts-ignore: decorator
@inline
function isDone(unit: usize): bool {
  return atomic.load<u32>(unit + offsetof<TrieUnit>("done")) == UNIT_DONE;
}

export function freeListJob(job: ListJob): void {
  bufferGive(job.receiptUnits);
  bufferGive(changetype<usize>(job));
}
