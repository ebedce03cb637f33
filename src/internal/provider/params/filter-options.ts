/** Arguments of the filter, subscription and mining methods. */
import type { Address, BlockReference, Hash } from "../../chain/types.js";

import { blockSpec } from "./block-spec.js";
import { JsonMismatch } from "./json-reader.js";
import {
  explainStruct,
  INVALID_PARAM,
  optional,
  type ParamType,
} from "./param-type.js";
import { address, hash } from "./primitives.js";

/** Criteria of logs as they came. */
export interface LogFilterParam {
  readonly fromBlock: BlockReference | undefined;
  readonly toBlock: BlockReference | undefined;
  readonly blockHash: Hash | undefined;
  /** Any of these; undefined = any address. */
  readonly addresses: readonly Address[] | undefined;
  /** By position: any of these; undefined = any topic. */
  readonly topics: ReadonlyArray<readonly Hash[] | undefined> | undefined;
}

/** One `T` or an array of them. */
function oneOrMore<T>(type: ParamType<T>): ParamType<T[]> {
  return {
    parse: (value) => {
      if (Array.isArray(value)) {
        return value.map((item) => type.parse(item));
      }
      return [type.parse(value)];
    },
    explain: (reader) => {
      const value = reader.any();
      const items = value.kind === "sequence" ? value.items : [value];
      const isValid = items.every((item) => {
        try {
          type.parse(item.kind === "string" ? item.value : undefined);
          return true;
        } catch {
          return false;
        }
      });
      if (!isValid) {
        throw new JsonMismatch(
          "data did not match any variant of untagged enum OneOrMore",
        );
      }
    },
  };
}

const addresses = oneOrMore(address);
const topic = optional(oneOrMore(hash));
const topics: ParamType<ReadonlyArray<readonly Hash[] | undefined>> = {
  parse: (value) => {
    if (!Array.isArray(value)) {
      throw INVALID_PARAM;
    }
    return value.map((item) => topic.parse(item));
  },
  explain: (reader) => {
    if (!reader.isSequence()) {
      throw reader.invalidType("a sequence");
    }
    reader.sequence(() => topic.explain(reader));
  },
};

const FIELDS = new Map<string, ParamType<unknown>>([
  ["fromBlock", optional(blockSpec)],
  ["toBlock", optional(blockSpec)],
  ["blockHash", optional(hash)],
  ["address", optional(addresses)],
  ["topics", optional(topics)],
]);

export const logFilter: ParamType<LogFilterParam> = {
  parse: (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw INVALID_PARAM;
    }
    const fields = value as Record<string, unknown>;
    return {
      fromBlock: optional(blockSpec).parse(fields.fromBlock),
      toBlock: optional(blockSpec).parse(fields.toBlock),
      blockHash: optional(hash).parse(fields.blockHash),
      addresses: optional(addresses).parse(fields.address),
      topics: optional(topics).parse(fields.topics),
    };
  },
  explain: (reader) => {
    explainStruct(reader, "LogFilterOptions", FIELDS, {
      elements: FIELDS.size,
    });
  },
};

export type SubscriptionType = "logs" | "newHeads" | "newPendingTransactions";

function isSubscriptionType(value: unknown): value is SubscriptionType {
  return (
    value === "logs" ||
    value === "newHeads" ||
    value === "newPendingTransactions"
  );
}

export const subscriptionType: ParamType<SubscriptionType> = {
  parse: (value) => {
    if (!isSubscriptionType(value)) {
      throw INVALID_PARAM;
    }
    return value;
  },
  explain: (reader) => {
    if (!reader.isString()) {
      throw reader.invalidType("a string");
    }
    if (!isSubscriptionType(reader.string())) {
      throw reader.mismatch("Invalid subscription type");
    }
  },
};

/** Milliseconds between blocks: fixed (0 = off) or a range. */
export type IntervalParam = number | readonly [number, number];

function isMilliseconds(value: unknown): value is number {
  return (
    typeof value === "number" &&
    Number.isInteger(value) &&
    value >= 0 &&
    value < 2 ** 64
  );
}

export const interval: ParamType<IntervalParam> = {
  parse: (value) => {
    if (isMilliseconds(value)) {
      return value;
    }
    if (
      Array.isArray(value) &&
      value.length === 2 &&
      isMilliseconds(value[0]) &&
      isMilliseconds(value[1])
    ) {
      return [value[0], value[1]];
    }
    throw INVALID_PARAM;
  },
  explain: (reader) => {
    const value = reader.any();
    const isNumber = (item: typeof value): boolean =>
      item.kind === "integer" && !item.text.startsWith("-");
    const isValid =
      isNumber(value) ||
      (value.kind === "sequence" &&
        value.items.length === 2 &&
        value.items.every(isNumber));
    if (!isValid) {
      throw new JsonMismatch(
        "data did not match any variant of untagged enum IntervalConfig",
      );
    }
  },
};
