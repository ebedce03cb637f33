/**
 * The types of Hardhat's own methods and of the main `eth_` arguments: strings only, `0x` required,
 * with messages of their own. A malformed one is reported by the enclosing array.
 */
import type { Address, Hash } from "../../chain/types.js";

import { JsonMismatch, type JsonReader } from "./json-reader.js";
import { INVALID_PARAM, type ParamType } from "./param-type.js";
import { parseHex, parseUint, U64 } from "./primitives.js";

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const LOWERCASE_ADDRESS = /^0x[0-9a-f]{40}$/;

/** Reads a string; anything else is reported as `kind` arguments are. */
function strictString(
  reader: JsonReader,
  kind: string,
  wrongType: (value: string) => string = (value) =>
    `This method only supports strings but input was: ${value}`,
): string {
  if (reader.isString()) {
    return reader.string();
  }
  const { message, column } = reader.invalidType("a string");
  const text = `${message} at line 1 column ${column}`;
  const start = text.indexOf("`");
  const end = text.lastIndexOf("`");
  throw new JsonMismatch(
    start < end
      ? wrongType(text.slice(start + 1, end))
      : `Failed to deserialize ${kind} argument into string with error: '${text}'`,
  );
}

function strict<T>(
  kind: string,
  name: string,
  parse: (text: string) => T | undefined,
  problem: (text: string) => string | undefined = () => undefined,
): ParamType<T> {
  return {
    parse: (value) => {
      if (typeof value === "string" && value.startsWith("0x")) {
        const parsed = problem(value) === undefined ? parse(value) : undefined;
        if (parsed !== undefined) {
          return parsed;
        }
      }
      throw INVALID_PARAM;
    },
    explain: (reader) => {
      const text = strictString(reader, kind);
      const invalid = `invalid value "${text}" supplied to : ${name}`;
      if (!text.startsWith("0x")) {
        throw new JsonMismatch(invalid);
      }
      const found = problem(text);
      if (found !== undefined) {
        throw new JsonMismatch(found);
      }
      if (parse(text) === undefined) {
        throw new JsonMismatch(invalid);
      }
    },
  };
}

export const rpcAddress: ParamType<Address> = {
  ...strict<Address>("address", "ADDRESS", (text) =>
    ADDRESS.test(text) ? (text.toLowerCase() as Address) : undefined,
  ),
  parse: (value) => {
    if (typeof value === "string") {
      if (LOWERCASE_ADDRESS.test(value)) {
        return value as Address;
      }
      if (ADDRESS.test(value)) {
        return value.toLowerCase() as Address;
      }
    }
    throw INVALID_PARAM;
  },
};

export const rpcData: ParamType<Uint8Array> = strict("data", "DATA", parseHex);

export const rpcQuantity: ParamType<bigint> = strict(
  "quantity",
  "QUANTITY",
  (text) => parseUint(text, 256),
);

export const rpcNonce: ParamType<bigint> = strict(
  "quantity",
  "QUANTITY",
  (text) => parseUint(text, 64),
  (text) =>
    Buffer.byteLength(text) > 18
      ? `Nonce must not be greater than or equal to 2^64. Received ${text}`
      : undefined,
);

export const STORAGE_KEY_TOO_LARGE =
  "Storage key must not be greater than or equal to 2^256.";
export const STORAGE_VALUE_LENGTH =
  "Storage value must be exactly 32 bytes long.";

function word(text: string): Hash | undefined {
  const value = parseUint(text, 256);
  return value === undefined
    ? undefined
    : `0x${value.toString(16).padStart(64, "0")}`;
}

/** `hardhat_setStorageAt`'s key: a quantity. */
export const rpcStorageKey: ParamType<Hash> = strict(
  "quantity",
  "QUANTITY",
  word,
  (text) =>
    Buffer.byteLength(text) > 66
      ? `${STORAGE_KEY_TOO_LARGE} Received ${text}.`
      : undefined,
);

/** `hardhat_setStorageAt`'s value: exactly 32 bytes. */
export const rpcStorageValue: ParamType<Hash> = strict(
  "quantity",
  "DATA",
  word,
  (text) => {
    const length = Math.floor((Buffer.byteLength(text) - 2) / 2);
    return length === 32
      ? undefined
      : `${STORAGE_VALUE_LENGTH} Received ${text}, which is ${length} bytes long.`;
  },
);

function slotProblem(text: string): string | undefined {
  if (text === "") {
    return "Storage slot argument cannot be an empty string";
  }
  const prefixed = text.startsWith("0x");
  const limit = prefixed ? 66 : 64;
  const length = Buffer.byteLength(text);
  if (length > limit) {
    const explanation = prefixed ? '("0x" + 32 bytes)' : "(32 bytes)";
    return `Storage slot argument must have a length of at most ${limit} ${explanation}, but '${text}' has a length of ${length}'`;
  }
  return slot(text) === undefined
    ? `Storage slot argument must be a valid hexadecimal, got '${text}'`
    : undefined;
}

function slot(text: string): Hash | undefined {
  return word(text.startsWith("0x") ? text : `0x${text}`);
}

/** `eth_getStorageAt`'s slot: hex of at most 32 bytes, with or without `0x`. */
export const storageSlot: ParamType<Hash> = {
  parse: (value) => {
    if (typeof value === "string" && slotProblem(value) === undefined) {
      return slot(value) as Hash;
    }
    throw INVALID_PARAM;
  },
  explain: (reader) => {
    const text = strictString(
      reader,
      "storage slot",
      (value) => `Storage slot argument must be a string, got '${value}'`,
    );
    const problem = slotProblem(text);
    if (problem !== undefined) {
      throw new JsonMismatch(problem);
    }
  },
};

/** Seconds since 1970: a number, or a string in decimal or hex. */
export const timestamp: ParamType<bigint> = {
  parse: (value) => U64.parse(value),
  explain: (reader) => {
    try {
      U64.explain(reader);
    } catch (error) {
      if (error instanceof JsonMismatch) {
        throw new JsonMismatch(
          "Timestamp must be a non-negative number not exceeding 2^64 - 1",
        );
      }
      throw error;
    }
  },
};
