/**
 * Filters (polled) and subscriptions (pushed). They share one counter of ids. A filter that nobody
 * polls for five minutes is dropped, at the next block.
 */
import type { Chain, LogQuery } from "../chain/chain-interface.js";
import type { Block, Hash } from "../chain/types.js";
import type { RpcBlock } from "./format/block.js";
import type { SubscriptionType } from "./params/filter-options.js";

import { formatLog, type RpcLog } from "./format/receipt.js";

const EXPIRY_MS = 5 * 60 * 1000;

/** Criteria of logs; `toBlock` undefined: whatever comes. */
export interface LogCriteria extends Omit<LogQuery, "toBlock"> {
  readonly toBlock: bigint | undefined;
}

interface Filter {
  readonly type: SubscriptionType;
  readonly isSubscription: boolean;
  /** Of a filter on logs. */
  readonly criteria: LogCriteria | undefined;
  items: Array<Hash | RpcLog>;
  /** Milliseconds since 1970. */
  deadline: number;
}

/** What a subscription is told: a hash, a block, or logs. */
export type SubscriptionItem = Hash | RpcBlock | RpcLog;
export type Notify = (id: bigint, item: SubscriptionItem) => void;

export class FilterRegistry {
  readonly #chain: Chain;
  readonly #notify: Notify;
  readonly #formatHead: (block: Block) => RpcBlock;
  readonly #now: () => number;
  readonly #filters = new Map<bigint, Filter>();
  #lastId = 0n;

  /** @param now milliseconds since 1970; for tests. */
  constructor(
    chain: Chain,
    notify: Notify,
    formatHead: (block: Block) => RpcBlock,
    now: () => number = Date.now,
  ) {
    this.#chain = chain;
    this.#notify = notify;
    this.#formatHead = formatHead;
    this.#now = now;
  }

  /** Adds a filter on logs; it starts with the logs that match already. */
  public addLogs(criteria: LogCriteria, isSubscription: boolean): bigint {
    const toBlock = criteria.toBlock ?? this.#chain.latestNumber;
    const logs = this.#chain.logs({ ...criteria, toBlock }).map(formatLog);
    return this.#add("logs", isSubscription, criteria, logs);
  }

  /** Adds a filter on blocks; it starts with the latest. */
  public addBlocks(isSubscription: boolean): bigint {
    return this.#add("newHeads", isSubscription, undefined, [
      this.#chain.latest.hash,
    ]);
  }

  public addPendingTransactions(isSubscription: boolean): bigint {
    return this.#add("newPendingTransactions", isSubscription, undefined, []);
  }

  /** Removes a filter; subscriptions are not filters. */
  public uninstall(id: bigint): boolean {
    return this.#remove(id, false);
  }

  public unsubscribe(id: bigint): boolean {
    return this.#remove(id, true);
  }

  /** Takes what has come since the last call; undefined: no such filter. */
  public changes(id: bigint): Array<Hash | RpcLog> | undefined {
    const filter = this.#filters.get(id);
    return filter === undefined ? undefined : this.#take(filter);
  }

  public typeOf(id: bigint): SubscriptionType | undefined {
    return this.#filters.get(id)?.type;
  }

  public onPendingTransaction(hash: Hash): void {
    for (const [id, filter] of this.#filters) {
      if (filter.type !== "newPendingTransactions") {
        continue;
      }
      if (filter.isSubscription) {
        this.#notify(id, hash);
      } else {
        filter.items.push(hash);
      }
    }
  }

  public onBlock(block: Block): void {
    if (this.#filters.size === 0) {
      return;
    }
    const now = this.#now();
    for (const [id, filter] of this.#filters) {
      if (filter.type === "newHeads") {
        if (filter.isSubscription) {
          this.#notify(id, this.#formatHead(block));
        } else {
          filter.items.push(block.hash);
        }
      } else if (filter.criteria !== undefined) {
        this.#addLogsOfBlock(id, filter, filter.criteria, block);
      }
      if (!filter.isSubscription && now > filter.deadline) {
        this.#filters.delete(id);
      }
    }
  }

  public clear(): void {
    this.#filters.clear();
  }

  #addLogsOfBlock(
    id: bigint,
    filter: Filter,
    criteria: LogCriteria,
    block: Block,
  ): void {
    if (
      block.number < criteria.fromBlock ||
      (criteria.toBlock !== undefined && block.number > criteria.toBlock)
    ) {
      return;
    }
    const logs = this.#chain.logsOfBlock(block, criteria).map(formatLog);
    if (!filter.isSubscription) {
      filter.items.push(...logs);
      return;
    }
    for (const log of logs) {
      this.#notify(id, log);
    }
  }

  #add(
    type: SubscriptionType,
    isSubscription: boolean,
    criteria: LogCriteria | undefined,
    items: Array<Hash | RpcLog>,
  ): bigint {
    this.#lastId++;
    this.#filters.set(this.#lastId, {
      type,
      isSubscription,
      criteria,
      items,
      deadline: this.#now() + EXPIRY_MS,
    });
    return this.#lastId;
  }

  #remove(id: bigint, isSubscription: boolean): boolean {
    return this.#filters.get(id)?.isSubscription === isSubscription
      ? this.#filters.delete(id)
      : false;
  }

  #take(filter: Filter): Array<Hash | RpcLog> {
    const { items } = filter;
    filter.items = [];
    filter.deadline = this.#now() + EXPIRY_MS;
    return items;
  }
}
