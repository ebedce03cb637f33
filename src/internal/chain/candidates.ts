/** The order in which a block takes transactions from the pool. */
import type { MempoolOrder } from "./chain-interface.js";
import type { Mempool } from "./mempool.js";
import type { PooledTransaction } from "./sender-queue.js";

export interface CandidateRules {
  readonly order: MempoolOrder;
  readonly baseFee: bigint | undefined;
  readonly minGasPrice: bigint;
}

/** Whether the block may take it at all; if not, its sender waits for another block. */
function isPayable(item: PooledTransaction, rules: CandidateRules): boolean {
  return (
    item.feeCap >= rules.minGasPrice &&
    (rules.baseFee === undefined || item.feeCap >= rules.baseFee)
  );
}

/** Per gas, what the miner gets. */
function minerFee(
  item: PooledTransaction,
  baseFee: bigint | undefined,
): bigint {
  if (baseFee === undefined) {
    return item.feeCap;
  }
  const most = item.feeCap - baseFee;
  return item.priorityFee < most ? item.priorityFee : most;
}

/** Negative: `a` goes first. */
function compare(
  a: PooledTransaction,
  b: PooledTransaction,
  { order, baseFee }: CandidateRules,
): number {
  if (order === "priority") {
    const difference = minerFee(b, baseFee) - minerFee(a, baseFee);
    if (difference !== 0n) {
      return difference > 0n ? 1 : -1;
    }
  }
  return a.order - b.order;
}

/**
 * All pending transactions in mining order: at each step the best of the senders' next ones.
 * A sender's transactions end before the first that the block may not take.
 */
export function orderCandidates(
  pool: Mempool,
  rules: CandidateRules,
): PooledTransaction[] {
  const heads: Head[] = [];
  for (const items of pool.pendingQueues()) {
    if (isPayable(items[0], rules)) {
      heads.push({ items, index: 0, fee: rank(items[0], rules) });
    }
  }
  for (let i = Math.floor(heads.length / 2) - 1; i >= 0; i--) {
    siftDown(heads, i);
  }
  const result: PooledTransaction[] = [];
  while (heads.length > 0) {
    const head = heads[0];
    result.push(head.items[head.index]);
    head.index++;
    if (
      head.index < head.items.length &&
      isPayable(head.items[head.index], rules)
    ) {
      head.fee = rank(head.items[head.index], rules);
    } else {
      const last = heads.pop();
      if (heads.length === 0 || last === undefined) {
        break;
      }
      heads[0] = last;
    }
    siftDown(heads, 0);
  }
  return result;
}

/** A sender's next transaction. */
interface Head {
  readonly items: readonly PooledTransaction[];
  index: number;
  /** Of that one: see `rank`. */
  fee: number | bigint;
}

/** What `compare` puts first, by far cheaper to compare than bigints when it is small. */
function rank(
  item: PooledTransaction,
  { order, baseFee }: CandidateRules,
): number | bigint {
  if (order !== "priority") return 0;
  const fee = minerFee(item, baseFee);
  return fee <= Number.MAX_SAFE_INTEGER ? Number(fee) : fee;
}

function precedes(a: Head, b: Head): boolean {
  return a.fee === b.fee
    ? a.items[a.index].order < b.items[b.index].order
    : a.fee > b.fee;
}

function siftDown(heap: Head[], start: number): void {
  let parent = start;
  for (;;) {
    let best = parent;
    const left = 2 * parent + 1;
    const right = left + 1;
    if (left < heap.length && precedes(heap[left], heap[best])) best = left;
    if (right < heap.length && precedes(heap[right], heap[best])) best = right;
    if (best === parent) {
      return;
    }
    const moved = heap[parent];
    heap[parent] = heap[best];
    heap[best] = moved;
    parent = best;
  }
}

/** Candidates in order, kept in order while transactions are added at the ends of senders' queues. */
export class CandidateList {
  readonly #rules: CandidateRules;
  readonly #items: PooledTransaction[];
  readonly #included: Set<PooledTransaction>;
  /** The one that everything else precedes: most additions come after it, without a search. */
  #worst: PooledTransaction | undefined;

  constructor(pool: Mempool, rules: CandidateRules) {
    this.#rules = rules;
    this.#items = orderCandidates(pool, rules);
    this.#included = new Set(this.#items);
    for (const item of this.#items) {
      this.#noteWorst(item);
    }
  }

  public get items(): readonly PooledTransaction[] {
    return this.#items;
  }

  /**
   * Adds a transaction that was put at the end of its sender's queue. Returns where; undefined when
   * the block may not take it (or one before it). The order of the others does not change.
   */
  public add(
    added: PooledTransaction,
    predecessor: PooledTransaction | undefined,
  ): number | undefined {
    if (
      !isPayable(added, this.#rules) ||
      (predecessor !== undefined && !this.#included.has(predecessor))
    ) {
      return undefined;
    }
    const index = this.#indexFor(added, predecessor);
    this.#items.splice(index, 0, added);
    this.#included.add(added);
    this.#noteWorst(added);
    return index;
  }

  #indexFor(
    added: PooledTransaction,
    predecessor: PooledTransaction | undefined,
  ): number {
    const end = this.#items.length;
    if (
      this.#worst === undefined ||
      compare(added, this.#worst, this.#rules) > 0
    ) {
      return end;
    }
    const start =
      predecessor === undefined ? 0 : this.#items.lastIndexOf(predecessor) + 1;
    for (let i = start; i < end; i++) {
      if (compare(added, this.#items[i], this.#rules) < 0) {
        return i;
      }
    }
    return end;
  }

  #noteWorst(item: PooledTransaction): void {
    if (
      this.#worst === undefined ||
      compare(item, this.#worst, this.#rules) > 0
    ) {
      this.#worst = item;
    }
  }
}
