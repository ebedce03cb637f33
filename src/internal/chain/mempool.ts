/**
 * Transactions that wait: per sender a queue of consecutive nonces that can be mined ("pending")
 * and those behind a gap ("future"). Rules, messages and their order are Hardhat's.
 *
 * Saving is O(senders); queues are copied when they are next changed, so that snapshots cost what
 * changes after them.
 */
import type { Address, Hash, Transaction } from "./types.js";

import { ChainError } from "./errors.js";
import { upfrontCostOf } from "./fees.js";
import { validateReplacement } from "./mempool-replacement.js";
import {
  addToTotals,
  emptyTotals,
  newQueue,
  type PooledTransaction,
  type Queues,
  totalCost,
  type Totals,
} from "./sender-queue.js";

/** A sender as the state has it. */
export interface SenderState {
  readonly balance: bigint;
  readonly nonce: bigint;
}
export type SenderReader = (address: Address) => SenderState;

export interface MempoolSnapshot {
  readonly pending: Queues;
  readonly future: Queues;
  readonly blockGasLimit: bigint | undefined;
  readonly nextOrder: number;
}

export class Mempool {
  /** undefined: not enforced. */
  public blockGasLimit: bigint | undefined;
  readonly #transactionGasCap: bigint | undefined;
  #pending: Queues = new Map();
  #future: Queues = new Map();
  readonly #byHash = new Map<Hash, PooledTransaction>();
  #nextOrder = 0;
  #generation = 0;
  /** Changes whenever the pending queues change other than by additions at their ends. */
  #structure = 0;
  /** Additions to pending queues since `#structure` changed. */
  #additions: PooledTransaction[] = [];
  #totals: Totals = emptyTotals(0);

  constructor(
    blockGasLimit: bigint | undefined,
    transactionGasCap: bigint | undefined,
  ) {
    this.blockGasLimit = blockGasLimit;
    this.#transactionGasCap = transactionGasCap;
  }

  public get isEmpty(): boolean {
    return this.#byHash.size === 0;
  }

  public get hasPending(): boolean {
    return this.#pending.size > 0;
  }

  public get structure(): number {
    return this.#structure;
  }

  public get additions(): readonly PooledTransaction[] {
    return this.#additions;
  }

  public get(hash: Hash): PooledTransaction | undefined {
    return this.#byHash.get(hash);
  }

  /** Pending before future ones, by sender in order of arrival. */
  public transactions(): Transaction[] {
    const result: Transaction[] = [];
    for (const queues of [this.#pending, this.#future]) {
      for (const { items } of queues.values()) {
        for (const { transaction } of items) {
          result.push(transaction);
        }
      }
    }
    return result;
  }

  public pendingQueues(): Iterable<readonly PooledTransaction[]> {
    const queues: (readonly PooledTransaction[])[] = [];
    for (const { items } of this.#pending.values()) {
      queues.push(items);
    }
    return queues;
  }

  public pendingOf(sender: Address): readonly PooledTransaction[] {
    return this.#pending.get(sender)?.items ?? [];
  }

  /**
   * Whether all pending transactions are certain to be in the next block, each moving its sender's
   * nonce by one and nobody else's, as far as `sender` is concerned. false means "do not know".
   */
  public isCertain(
    sender: Address,
    balance: bigint,
    block: { readonly gasLimit: bigint; readonly lowestFee: bigint },
  ): boolean {
    const totals = this.#updateTotals();
    if (
      !totals.isPlain ||
      totals.gasLimit > block.gasLimit ||
      totals.lowestFeeCap < block.lowestFee
    ) {
      return false;
    }
    const queue = this.#pending.get(sender);
    return queue === undefined || totalCost(queue) <= balance;
  }

  /** Nonce of the sender's next transaction: after its pending ones, else as in the state. */
  public nextNonce(sender: Address, read: SenderReader): bigint {
    const last = this.#pending.get(sender)?.items.at(-1);
    return last === undefined ? read(sender).nonce : last.nonce + 1n;
  }

  /** @throws ChainError with Hardhat's message; the pool is then unchanged. */
  public add(transaction: Transaction, read: SenderReader): void {
    const pooled = this.#toPooled(transaction);
    const { from, gasLimit, nonce, upfrontCost } = pooled;
    const cap = this.#transactionGasCap;
    if (cap !== undefined && gasLimit > cap) {
      throw new ChainError(
        `Transaction gas limit is ${gasLimit} and exceeds transaction gas cap of ${cap}`,
      );
    }
    if (this.blockGasLimit !== undefined && gasLimit > this.blockGasLimit) {
      throw new ChainError(
        `Transaction gas limit is ${gasLimit} and exceeds block gas limit of ${this.blockGasLimit}`,
      );
    }
    if (this.#byHash.has(transaction.hash)) {
      throw new ChainError(`Known transaction: ${transaction.hash}`);
    }
    const sender = read(from);
    if (nonce < sender.nonce) {
      throw new ChainError(
        `Transaction nonce too low. Expected nonce to be at least ${sender.nonce} but got ${nonce}.`,
      );
    }
    if (upfrontCost > sender.balance) {
      throw new ChainError(
        `Sender doesn't have enough funds to send tx. The max upfront cost is: ${upfrontCost} and the sender's balance is: ${sender.balance}.`,
      );
    }
    const last = this.#pending.get(from)?.items.at(-1);
    if (nonce > (last === undefined ? sender.nonce : last.nonce + 1n)) {
      this.#addFuture(pooled);
    } else {
      this.#addPending(pooled);
    }
    this.#nextOrder++;
    this.#byHash.set(transaction.hash, pooled);
  }

  /** Drops one; the sender's later ones become future. */
  public remove(hash: Hash): boolean {
    const pooled = this.#byHash.get(hash);
    if (pooled === undefined) {
      return false;
    }
    this.#byHash.delete(hash);
    const pending = this.pendingOf(pooled.from);
    const index = pending.findIndex((item) => item === pooled);
    if (index >= 0) {
      this.#restructure();
      this.#moveToFuture(pooled.from, pending.slice(index + 1));
      this.#setQueue(this.#pending, pooled.from, pending.slice(0, index));
    } else {
      const future = this.#future.get(pooled.from)?.items ?? [];
      this.#setQueue(
        this.#future,
        pooled.from,
        future.filter((item) => item !== pooled),
      );
    }
    return true;
  }

  /** After the state changed: drops what is too big, unaffordable or stale. */
  public update(read: SenderReader): void {
    if (this.isEmpty) {
      return;
    }
    this.#restructure();
    const dropped: PooledTransaction[] = [];
    for (const [address, { items }] of [...this.#pending]) {
      const sender = read(address);
      // Their nonces follow each other: usually all of them were mined.
      if (items[items.length - 1].nonce < sender.nonce) {
        for (const item of items) dropped.push(item);
        this.#pending.delete(address);
        continue;
      }
      const kept = this.#keepValid(items, sender, dropped);
      const gap = kept.findIndex(
        (item, index) => item.nonce !== sender.nonce + BigInt(index),
      );
      if (gap >= 0) {
        this.#moveToFuture(address, kept.slice(gap));
        kept.length = gap;
      }
      this.#setQueue(this.#pending, address, kept);
    }
    for (const [address, { items }] of [...this.#future]) {
      const kept = this.#keepValid(items, read(address), dropped);
      this.#setQueue(this.#future, address, kept);
    }
    if (this.#pending.size + this.#future.size === 0) {
      this.#byHash.clear();
    } else {
      for (const { transaction } of dropped) {
        this.#byHash.delete(transaction.hash);
      }
    }
  }

  public save(): MempoolSnapshot {
    this.#generation++;
    return {
      pending: new Map(this.#pending),
      future: new Map(this.#future),
      blockGasLimit: this.blockGasLimit,
      nextOrder: this.#nextOrder,
    };
  }

  public restore(snapshot: MempoolSnapshot): void {
    if (this.isEmpty && snapshot.pending.size + snapshot.future.size === 0) {
      this.#nextOrder = snapshot.nextOrder;
      this.blockGasLimit = snapshot.blockGasLimit;
      return;
    }
    this.#generation++;
    this.#pending = new Map(snapshot.pending);
    this.#future = new Map(snapshot.future);
    this.blockGasLimit = snapshot.blockGasLimit;
    this.#nextOrder = snapshot.nextOrder;
    this.#byHash.clear();
    for (const queues of [this.#pending, this.#future]) {
      for (const { items } of queues.values()) {
        for (const item of items) {
          this.#byHash.set(item.transaction.hash, item);
        }
      }
    }
    this.#restructure();
  }

  #toPooled(transaction: Transaction): PooledTransaction {
    const feeCap = transaction.maxFeePerGas ?? transaction.gasPrice ?? 0n;
    return {
      transaction,
      from: transaction.from,
      nonce: transaction.nonce,
      gasLimit: transaction.gasLimit,
      feeCap,
      priorityFee: transaction.maxPriorityFeePerGas ?? feeCap,
      upfrontCost: upfrontCostOf(transaction),
      order: this.#nextOrder,
    };
  }

  #addPending(pooled: PooledTransaction): void {
    const items = this.#writable(this.#pending, pooled.from);
    const first = items[0] as PooledTransaction | undefined;
    const index = first === undefined ? -1 : Number(pooled.nonce - first.nonce);
    if (index >= 0 && index < items.length) {
      validateReplacement(items[index], pooled);
      this.#restructure();
      this.#byHash.delete(items[index].transaction.hash);
      const replaced = [...items];
      replaced[index] = pooled;
      this.#setQueue(this.#pending, pooled.from, replaced);
      return;
    }
    items.push(pooled);
    this.#additions.push(pooled);
    if (this.#future.has(pooled.from)) {
      this.#promote(pooled.from, items, pooled.nonce + 1n);
    }
  }

  #promote(sender: Address, items: PooledTransaction[], from: bigint): void {
    const future = [...(this.#future.get(sender)?.items ?? [])];
    for (let nonce = from; ; nonce++) {
      const index = future.findIndex((item) => item.nonce === nonce);
      if (index < 0) {
        break;
      }
      const [promoted] = future.splice(index, 1);
      items.push(promoted);
      this.#additions.push(promoted);
    }
    this.#setQueue(this.#future, sender, future);
  }

  #addFuture(pooled: PooledTransaction): void {
    const items = this.#writable(this.#future, pooled.from);
    const index = items.findIndex(({ nonce }) => nonce === pooled.nonce);
    if (index >= 0) {
      validateReplacement(items[index], pooled);
      this.#byHash.delete(items[index].transaction.hash);
      items[index] = pooled;
    } else {
      items.push(pooled);
    }
  }

  /** The valid ones; the others are added to `dropped`. */
  #keepValid(
    items: readonly PooledTransaction[],
    sender: SenderState,
    dropped: PooledTransaction[],
  ): PooledTransaction[] {
    const kept: PooledTransaction[] = [];
    for (const item of items) {
      const isValid =
        item.nonce >= sender.nonce &&
        item.upfrontCost <= sender.balance &&
        (this.blockGasLimit === undefined ||
          item.gasLimit <= this.blockGasLimit);
      (isValid ? kept : dropped).push(item);
    }
    return kept;
  }

  #moveToFuture(sender: Address, items: readonly PooledTransaction[]): void {
    if (items.length > 0) {
      this.#writable(this.#future, sender).push(...items);
    }
  }

  #setQueue(queues: Queues, sender: Address, items: PooledTransaction[]): void {
    if (items.length === 0) {
      queues.delete(sender);
    } else {
      queues.set(sender, newQueue(this.#generation, items));
    }
  }

  /** The sender's queue, made if need be, that no snapshot shares. */
  #writable(queues: Queues, sender: Address): PooledTransaction[] {
    const queue = queues.get(sender);
    if (queue?.generation === this.#generation) {
      return queue.items;
    }
    const items = [...(queue?.items ?? [])];
    queues.set(sender, newQueue(this.#generation, items));
    return items;
  }

  #updateTotals(): Totals {
    if (this.#totals.structure !== this.#structure) {
      this.#totals = emptyTotals(this.#structure);
      for (const { items } of this.#pending.values()) {
        items.forEach((item) => addToTotals(this.#totals, item));
      }
      this.#totals.additions = this.#additions.length;
    }
    const totals = this.#totals;
    for (; totals.additions < this.#additions.length; totals.additions++) {
      addToTotals(totals, this.#additions[totals.additions]);
    }
    return totals;
  }

  #restructure(): void {
    this.#structure++;
    this.#additions = [];
  }
}
