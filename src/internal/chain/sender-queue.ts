/** The transactions of one sender that wait, and sums over those of all. */
import type { Address, Transaction } from "./types.js";

export interface PooledTransaction {
  readonly transaction: Transaction;
  readonly from: Address;
  readonly nonce: bigint;
  readonly gasLimit: bigint;
  /** gasPrice or maxFeePerGas. */
  readonly feeCap: bigint;
  /** maxPriorityFeePerGas, or gasPrice. */
  readonly priorityFee: bigint;
  /** What the sender must own: gas at the fee cap, value, blob gas. */
  readonly upfrontCost: bigint;
  /** Arrival. */
  readonly order: number;
}

export interface Queue {
  /** Of which `save` this queue may be changed in place. */
  generation: number;
  items: PooledTransaction[];
  /** Upfront cost of the first `costed` items. */
  cost: bigint;
  costed: number;
}

/** Sums over the pending transactions. */
export interface Totals {
  structure: number;
  additions: number;
  gasLimit: bigint;
  lowestFeeCap: bigint;
  /** No authorizations, which move the nonces of others. */
  isPlain: boolean;
}
export type Queues = Map<Address, Queue>;

export function newQueue(
  generation: number,
  items: PooledTransaction[],
): Queue {
  return { generation, items, cost: 0n, costed: 0 };
}

/** What the sender must own for all of them. */
export function totalCost(queue: Queue): bigint {
  for (; queue.costed < queue.items.length; queue.costed++) {
    queue.cost += queue.items[queue.costed].upfrontCost;
  }
  return queue.cost;
}

/** Far above any fee. */
const NO_FEE_CAP = 2n ** 256n;

export function emptyTotals(structure: number): Totals {
  return {
    structure,
    additions: 0,
    gasLimit: 0n,
    lowestFeeCap: NO_FEE_CAP,
    isPlain: true,
  };
}

export function addToTotals(totals: Totals, item: PooledTransaction): void {
  totals.gasLimit += item.gasLimit;
  if (item.feeCap < totals.lowestFeeCap) {
    totals.lowestFeeCap = item.feeCap;
  }
  totals.isPlain &&= item.transaction.type !== 4;
}
