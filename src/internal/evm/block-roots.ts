/** The tries of a block's receipts and transactions, made in the core from the results as they are stored. */
import type { ResultStore } from "./result-store.js";
import type { BlockRoots, BlockRootsInput, RunResult } from "./types.js";
import type { CoreInstance } from "./wasm.js";

import { RunResultImplementation } from "./run-result.js";
import { shareJob } from "./shared-work.js";
import { outOfMemory } from "./wasm.js";

// What listJobFinish writes.
const RECEIPTS_ROOT = 0;
const BLOOM = 32;
const BLOOM_SIZE = 256;
const TRANSACTIONS_ROOT = BLOOM + BLOOM_SIZE;

const FLAG_TYPED = 1;

/** Transactions that are worth another thread: hashing half of them takes twice as long as waking one. */
const LEAST_TRANSACTIONS = 64;

/** How long another thread may take for what it has begun with, some 20 us of work: then this one does it, too. */
const UNIT_MS = 20;

/** At least one transaction. */
export function makeBlockRoots(
  core: CoreInstance,
  { results, transactions, isTyped, threads }: BlockRootsInput,
): BlockRoots {
  const { exports, view, scratch } = core;
  const stretches = stretchesOf(results);
  let recordsSize = 0;
  for (const { from, to } of stretches) recordsSize += to - from;
  let size = recordsSize;
  for (const encoded of transactions) size += 4 + encoded.length;
  const records = exports.bufferAlloc(size) >>> 0;
  if (records === 0) throw outOfMemory();
  let at = records;
  for (const { store, from, to } of stretches) {
    view.setBytes(at, store.raw.subarray(from, to));
    at += to - from;
  }
  for (const encoded of transactions) {
    view.setU32(at, encoded.length);
    view.setBytes(at + 4, encoded);
    at += 4 + encoded.length;
  }
  const job =
    exports.listJobCreate(
      records,
      records + recordsSize,
      transactions.length,
      isTyped ? FLAG_TYPED : 0,
    ) >>> 0;
  if (job === 0) {
    exports.bufferFree(records);
    throw outOfMemory();
  }
  const free = (): void => {
    exports.jobFree(job);
    exports.bufferFree(records);
  };
  return shareJob(
    core,
    {
      job,
      threads: transactions.length < LEAST_TRANSACTIONS ? 1 : threads,
      milliseconds: UNIT_MS,
      free,
    },
    () => {
      if (exports.listJobFinish(job, scratch) !== 0) throw outOfMemory();
      return {
        receiptsRoot: view.hex(scratch + RECEIPTS_ROOT, 32),
        bloom: view.bytes(scratch + BLOOM, BLOOM_SIZE),
        transactionsRoot: view.hex(scratch + TRANSACTIONS_ROOT, 32),
      };
    },
  );
}

/** Results that lie one after the other in their store. */
interface Stretch {
  readonly store: ResultStore;
  readonly from: number;
  to: number;
}

/** Usually one: a block's results have a store of their own. */
function stretchesOf(results: readonly RunResult[]): Stretch[] {
  const stretches: Stretch[] = [];
  let last: Stretch | undefined;
  for (const result of results) {
    if (!(result instanceof RunResultImplementation)) {
      throw new Error("expected results of the core");
    }
    const { store, at } = result;
    const end = at + store.sizeOf(at);
    if (last?.store === store && last.to === at) {
      last.to = end;
    } else {
      last = { store, from: at, to: end };
      stretches.push(last);
    }
  }
  return stretches;
}
