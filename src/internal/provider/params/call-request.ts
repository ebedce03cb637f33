/** The objects that describe calls and transactions. */
import type { AccessListEntry, Address, Hash } from "../../chain/types.js";

import { JsonMismatch, JsonReader } from "./json-reader.js";
import {
  explainStruct,
  INVALID_PARAM,
  list,
  optional,
  type ParamType,
} from "./param-type.js";
import {
  address,
  data,
  hash,
  parseHex,
  U8,
  U64,
  U128,
  U256,
} from "./primitives.js";

/** An authorization as it came: not yet checked, its signer not yet recovered. */
export interface AuthorizationParam {
  readonly chainId: bigint;
  readonly address: Address;
  readonly nonce: bigint;
  readonly yParity: number;
  readonly r: bigint;
  readonly s: bigint;
}

export interface CallParam {
  readonly from: Address | undefined;
  readonly to: Address | undefined;
  readonly gas: bigint | undefined;
  readonly gasPrice: bigint | undefined;
  readonly maxFeePerGas: bigint | undefined;
  readonly maxPriorityFeePerGas: bigint | undefined;
  readonly value: bigint | undefined;
  readonly data: Uint8Array | undefined;
  readonly accessList: readonly AccessListEntry[] | undefined;
  readonly type: bigint | undefined;
  readonly blobs: readonly Uint8Array[] | undefined;
  readonly blobHashes: readonly Hash[] | undefined;
  readonly authorizationList: readonly AuthorizationParam[] | undefined;
}

export interface TransactionParam extends CallParam {
  readonly from: Address;
  readonly nonce: bigint | undefined;
  readonly chainId: bigint | undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const storageKeys = list(hash);

const accessListEntry: ParamType<AccessListEntry> = {
  parse: (value) => {
    if (Array.isArray(value) && value.length === 2) {
      return {
        address: address.parse(value[0]),
        storageKeys: storageKeys.parse(value[1]),
      };
    }
    if (!isRecord(value)) {
      throw INVALID_PARAM;
    }
    return {
      address: address.parse(value.address),
      storageKeys: storageKeys.parse(value.storageKeys),
    };
  },
  explain: (reader) => {
    explainStruct(
      reader,
      "AccessListItem",
      new Map<string, ParamType<unknown>>([
        ["address", address],
        ["storageKeys", storageKeys],
      ]),
      { required: ["address", "storageKeys"], elements: 2 },
    );
  },
};

/** Fields that are read where they stand. */
const SIGNATURE_FIELDS = new Map<string, ParamType<unknown>>([
  ["yParity", optional(U8)],
  ["v", optional(U8)],
  ["r", U256],
  ["s", U256],
]);
/** Fields that are put aside, and read when the object has ended. */
const AUTHORIZATION_FIELDS = new Map<string, ParamType<unknown>>([
  ["chainId", U256],
  ["address", address],
  ["nonce", U64],
]);

const authorization: ParamType<AuthorizationParam> = {
  parse: (value) => {
    if (!isRecord(value)) {
      throw INVALID_PARAM;
    }
    const yParity = quantity(U8, value.yParity);
    const v = quantity(U8, value.v);
    return {
      chainId: U256.parse(value.chainId),
      address: address.parse(value.address),
      nonce: U64.parse(value.nonce),
      yParity: Number(parityOf(yParity, v)),
      r: U256.parse(value.r),
      s: U256.parse(value.s),
    };
  },
  explain: explainAuthorization,
};

/** `v` counts from 27 where yParity counts from 0. */
function parityOf(yParity: bigint | undefined, v: bigint | undefined): bigint {
  if (yParity !== undefined) {
    return yParity;
  }
  if (v === undefined) {
    throw INVALID_PARAM;
  }
  return v;
}

function explainAuthorization(reader: JsonReader): void {
  const aside = new Map<string, string>();
  const seen = new Set<string>();
  reader.map(
    (key) => {
      const type = SIGNATURE_FIELDS.get(key);
      if (type !== undefined) {
        seen.add(key);
        type.explain(reader);
      } else {
        aside.set(key, reader.rawAny());
      }
    },
    undefined,
    () => {
      require(seen, "r");
      require(seen, "s");
      for (const [key, text] of aside) {
        withoutColumn(() =>
          AUTHORIZATION_FIELDS.get(key)?.explain(new JsonReader(text)),
        );
      }
      for (const key of AUTHORIZATION_FIELDS.keys()) {
        require(aside, key);
      }
    },
  );
  if (!seen.has("yParity") && !seen.has("v")) {
    throw new JsonMismatch("missing `yParity` or `v`");
  }
}

function require(seen: { has(key: string): boolean }, key: string): void {
  if (!seen.has(key)) {
    throw new JsonMismatch(`missing field \`${key}\``);
  }
}

/** A mismatch in something put aside is reported where the object ends. */
function withoutColumn(explain: () => void): void {
  try {
    explain();
  } catch (error) {
    if (error instanceof JsonMismatch) {
      throw new JsonMismatch(error.message);
    }
    throw error;
  }
}

const accessList = list(accessListEntry);
const authorizationList = list(authorization);
const hashes = list(hash);
const BLOB_SIZE = 131_072;

const blob: ParamType<Uint8Array> = {
  parse: (value) => {
    const bytes = typeof value === "string" ? parseHex(value) : undefined;
    if (bytes?.length !== BLOB_SIZE) {
      throw INVALID_PARAM;
    }
    return bytes;
  },
  explain: (reader) => {
    if (!reader.isString()) {
      throw reader.invalidType("a string");
    }
    const bytes = parseHex(reader.string());
    if (bytes === undefined) {
      throw new JsonMismatch("Invalid hex string");
    }
    if (bytes.length !== BLOB_SIZE) {
      throw new JsonMismatch(
        `Invalid byte length. Expected ${BLOB_SIZE} got ${bytes.length}`,
      );
    }
  },
};
const blobs = list(blob);

const CALL_FIELDS = new Map<string, ParamType<unknown>>([
  ["from", optional(address)],
  ["to", optional(address)],
  ["gas", optional(U64)],
  ["gasPrice", optional(U128)],
  ["maxFeePerGas", optional(U128)],
  ["maxPriorityFeePerGas", optional(U128)],
  ["value", optional(U256)],
  ["data", optional(data)],
  ["accessList", optional(accessList)],
  ["type", optional(U8)],
  ["blobs", optional(blobs)],
  ["blobHashes", optional(hashes)],
  ["authorizationList", optional(authorizationList)],
]);

const TRANSACTION_FIELDS = new Map<string, ParamType<unknown>>([
  ...CALL_FIELDS,
  ["from", address],
  ["nonce", optional(U64)],
  ["chainId", optional(U64)],
]);

const ALIASES = new Map([["input", "data"]]);

function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

function quantity(type: ParamType<bigint>, value: unknown): bigint | undefined {
  return isAbsent(value) ? undefined : type.parse(value);
}

function dataOf(value: Record<string, unknown>): Uint8Array | undefined {
  if (value.input === undefined) {
    return isAbsent(value.data) ? undefined : data.parse(value.data);
  }
  if (value.data !== undefined) {
    throw INVALID_PARAM;
  }
  return value.input === null ? undefined : data.parse(value.input);
}

function parseCall(value: Record<string, unknown>): CallParam {
  return {
    from: isAbsent(value.from) ? undefined : address.parse(value.from),
    to: isAbsent(value.to) ? undefined : address.parse(value.to),
    gas: quantity(U64, value.gas),
    gasPrice: quantity(U128, value.gasPrice),
    maxFeePerGas: quantity(U128, value.maxFeePerGas),
    maxPriorityFeePerGas: quantity(U128, value.maxPriorityFeePerGas),
    value: quantity(U256, value.value),
    data: dataOf(value),
    accessList: isAbsent(value.accessList)
      ? undefined
      : accessList.parse(value.accessList),
    type: quantity(U8, value.type),
    blobs: isAbsent(value.blobs) ? undefined : blobs.parse(value.blobs),
    blobHashes: isAbsent(value.blobHashes)
      ? undefined
      : hashes.parse(value.blobHashes),
    authorizationList: isAbsent(value.authorizationList)
      ? undefined
      : authorizationList.parse(value.authorizationList),
  };
}

/** What eth_call, eth_estimateGas and debug_traceCall execute. */
export const callParam: ParamType<CallParam> = {
  parse: (value) => {
    if (!isRecord(value)) {
      throw INVALID_PARAM;
    }
    return parseCall(value);
  },
  explain: (reader) => {
    explainStruct(reader, "L1CallRequest", CALL_FIELDS, {
      aliases: ALIASES,
      elements: CALL_FIELDS.size,
    });
  },
};

/** What eth_sendTransaction signs and sends. */
export const transactionParam: ParamType<TransactionParam> = {
  parse: (value) => {
    if (!isRecord(value)) {
      throw INVALID_PARAM;
    }
    return {
      ...parseCall(value),
      from: address.parse(value.from),
      nonce: quantity(U64, value.nonce),
      chainId: quantity(U64, value.chainId),
    };
  },
  explain: (reader) => {
    explainStruct(reader, "L1RpcTransactionRequest", TRANSACTION_FIELDS, {
      aliases: ALIASES,
      required: ["from"],
      elements: TRANSACTION_FIELDS.size,
    });
  },
};
