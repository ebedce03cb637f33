import type { BlockStore } from "./block-store.js";
import type { LocatedLog, LogQuery } from "./chain-interface.js";
import type { Block, Log } from "./types.js";

import { BlockImplementation } from "./block.js";
import { mayContain } from "./logs-bloom.js";

type Criteria = Pick<LogQuery, "addresses" | "topics">;

export function logsBetween(store: BlockStore, query: LogQuery): LocatedLog[] {
  const first = Number(query.fromBlock);
  const last = Math.min(Number(query.toBlock), store.latestNumber);
  const result: LocatedLog[] = [];
  if (first <= last) {
    for (const block of store.realBlocks(first, last)) {
      collect(block, query, result);
    }
  }
  return result;
}

export function logsOfBlock(block: Block, criteria: Criteria): LocatedLog[] {
  const result: LocatedLog[] = [];
  collect(block, criteria, result);
  return result;
}

function collect(block: Block, criteria: Criteria, result: LocatedLog[]): void {
  if (block.transactions.length === 0 || !mayMatch(block, criteria)) {
    return;
  }
  block.receipts.forEach((receipt, transactionIndex) => {
    for (const log of receipt.logs) {
      if (matches(log, criteria)) {
        const transactionHash = block.transactions[transactionIndex].hash;
        result.push({ log, block, transactionIndex, transactionHash });
      }
    }
  });
}

/** Small blocks are quicker to walk than to have a bloom made. */
const BLOOM_WORTHWHILE = 64;

function mayMatch(block: Block, { addresses }: Criteria): boolean {
  if (
    addresses.length === 0 ||
    block.transactions.length < BLOOM_WORTHWHILE ||
    !(block instanceof BlockImplementation)
  ) {
    return true;
  }
  const { bloom } = block;
  return addresses.some((address) => mayContain(bloom, address));
}

function matches(log: Log, { addresses, topics }: Criteria): boolean {
  if (addresses.length > 0 && !addresses.includes(log.address)) {
    return false;
  }
  if (topics.length > log.topics.length) {
    return false;
  }
  return topics.every(
    (options, index) =>
      options === undefined || options.includes(log.topics[index]),
  );
}
