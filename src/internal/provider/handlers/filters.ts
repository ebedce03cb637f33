/** Logs, filters and subscriptions. */
import type { BlockReference, Hash } from "../../chain/types.js";
import type { ProviderContext } from "../context.js";
import type { LogCriteria } from "../filters.js";

import { toQuantity } from "../format/quantity.js";
import { formatLog, type RpcLog } from "../format/receipt.js";
import { method, type MethodTable } from "../method.js";
import {
  logFilter,
  type LogFilterParam,
  type SubscriptionType,
  subscriptionType,
} from "../params/filter-options.js";
import { optional } from "../params/param-type.js";
import { none, single, tuple } from "../params/params.js";
import { U256 } from "../params/primitives.js";
import { invalidArgument } from "../rpc-errors.js";

const TYPE_NAMES: Readonly<Record<SubscriptionType, string>> = {
  logs: "Logs",
  newHeads: "NewHeads",
  newPendingTransactions: "NewPendingTransactions",
};

/** The number a filter's bound means; undefined: the latest block, whichever that will be. */
function boundOf(
  { chain }: ProviderContext,
  reference: BlockReference | undefined,
): bigint | undefined {
  if (reference === undefined || typeof reference === "bigint") {
    return reference;
  }
  if (typeof reference === "object") {
    return numberOf(chain.block(reference)?.number);
  }
  if (reference === "earliest") {
    return 0n;
  }
  if (reference !== "pending") {
    // Refuses "safe" and "finalized" before the merge.
    chain.requireBlock(reference);
  }
  return undefined;
}

function numberOf(number: bigint | undefined): bigint {
  if (number === undefined) {
    throw invalidArgument("blockHash cannot be found");
  }
  return number;
}

function criteriaOf(
  context: ProviderContext,
  filter: LogFilterParam,
): LogCriteria {
  const { chain } = context;
  let fromBlock: bigint;
  let toBlock: bigint | undefined;
  if (filter.blockHash !== undefined) {
    if (filter.fromBlock !== undefined || filter.toBlock !== undefined) {
      throw invalidArgument(
        "blockHash is mutually exclusive with fromBlock/toBlock",
      );
    }
    fromBlock = numberOf(chain.block({ hash: filter.blockHash })?.number);
    toBlock = fromBlock;
  } else {
    fromBlock = boundOf(context, filter.fromBlock) ?? chain.latestNumber;
    toBlock = boundOf(context, filter.toBlock);
  }
  return {
    fromBlock,
    toBlock,
    addresses: filter.addresses ?? [],
    topics: filter.topics ?? [],
  };
}

function getLogs(context: ProviderContext, filter: LogFilterParam): RpcLog[] {
  const { chain } = context;
  const criteria = criteriaOf(context, filter);
  const toBlock = criteria.toBlock ?? chain.latestNumber;
  return chain.logs({ ...criteria, toBlock }).map(formatLog);
}

function subscribe(
  context: ProviderContext,
  type: SubscriptionType,
  filter: LogFilterParam | undefined,
): string {
  const { filters } = context;
  switch (type) {
    case "newHeads":
      return toQuantity(filters.addBlocks(true));
    case "newPendingTransactions":
      return toQuantity(filters.addPendingTransactions(true));
    case "logs":
      if (filter === undefined) {
        throw invalidArgument("Missing params argument");
      }
      return toQuantity(filters.addLogs(criteriaOf(context, filter), true));
  }
}

function filterLogs(
  { filters }: ProviderContext,
  id: bigint,
): Array<Hash | RpcLog> | null {
  const type = filters.typeOf(id);
  if (type !== undefined && type !== "logs") {
    throw invalidArgument(
      `Subscription ${id} is not a Logs subscription, but a ${TYPE_NAMES[type]} subscription`,
    );
  }
  return filters.changes(id) ?? null;
}

export const filterMethods: MethodTable = {
  eth_getLogs: method(single(logFilter), getLogs),
  eth_newFilter: method(single(logFilter), (context, filter) =>
    toQuantity(context.filters.addLogs(criteriaOf(context, filter), false)),
  ),
  eth_newBlockFilter: method(none, ({ filters }) =>
    toQuantity(filters.addBlocks(false)),
  ),
  eth_newPendingTransactionFilter: method(none, ({ filters }) =>
    toQuantity(filters.addPendingTransactions(false)),
  ),
  eth_getFilterChanges: method(
    single(U256),
    ({ filters }, id) => filters.changes(id) ?? null,
  ),
  eth_getFilterLogs: method(single(U256), filterLogs),
  eth_uninstallFilter: method(single(U256), ({ filters }, id) =>
    filters.uninstall(id),
  ),
  eth_unsubscribe: method(single(U256), ({ filters }, id) =>
    filters.unsubscribe(id),
  ),
  eth_subscribe: method(
    tuple<[SubscriptionType, LogFilterParam | undefined]>(
      "Subscribe",
      [subscriptionType, optional(logFilter)],
      1,
    ),
    subscribe,
  ),
};
