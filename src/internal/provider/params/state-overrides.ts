/** Accounts to change for the time of a call. */
import type { Address, Hash, StateOverride } from "../../chain/types.js";

import { JsonMismatch } from "./json-reader.js";
import {
  explainStruct,
  INVALID_PARAM,
  optional,
  type ParamType,
} from "./param-type.js";
import { address, data, hash, U64, U256, withoutPrefix } from "./primitives.js";

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const storageOverride: ParamType<Map<Hash, Hash>> = {
  parse: (value) => {
    if (!isRecord(value)) {
      throw INVALID_PARAM;
    }
    return new Map(
      Object.entries(value).map(([key, word]) => [
        hash.parse(key),
        `0x${U256.parse(word).toString(16).padStart(64, "0")}`,
      ]),
    );
  },
  explain: (reader) => {
    if (!reader.isMap()) {
      throw reader.invalidType("a map");
    }
    reader.map(
      () => U256.explain(reader),
      (key) => explainKey(hash, key),
    );
  },
};

/** A key of an object that is an address or a hash: read like a value, located by its object. */
function explainKey(type: ParamType<unknown>, key: string): void {
  try {
    type.parse(key);
  } catch {
    const length = type === hash ? 64 : 40;
    const digits = withoutPrefix(key);
    const bad = [...digits].findIndex((digit) => !/[0-9a-fA-F]/.test(digit));
    throw new JsonMismatch(
      digits.length % 2 !== 0
        ? "odd number of digits"
        : digits.length !== length
          ? "invalid string length"
          : `invalid character '${digits[bad]}' at position ${bad}`,
    );
  }
}

const OVERRIDE_FIELDS = new Map<string, ParamType<unknown>>([
  ["balance", optional(U256)],
  ["nonce", optional(U64)],
  ["code", optional(data)],
  ["state", optional(storageOverride)],
  ["stateDiff", optional(storageOverride)],
]);

const accountOverride: ParamType<StateOverride> = {
  parse: (value) => {
    if (!isRecord(value)) {
      throw INVALID_PARAM;
    }
    return {
      balance: optional(U256).parse(value.balance),
      nonce: optional(U64).parse(value.nonce),
      code: optional(data).parse(value.code),
      state: optional(storageOverride).parse(value.state),
      stateDiff: optional(storageOverride).parse(value.stateDiff),
    };
  },
  explain: (reader) => {
    explainStruct(reader, "AccountOverrideOptions", OVERRIDE_FIELDS, {
      elements: OVERRIDE_FIELDS.size,
    });
  },
};

export const stateOverrides: ParamType<Map<Address, StateOverride>> = {
  parse: (value) => {
    if (!isRecord(value)) {
      throw INVALID_PARAM;
    }
    return new Map(
      Object.entries(value).map(([key, override]) => [
        address.parse(key),
        accountOverride.parse(override),
      ]),
    );
  },
  explain: (reader) => {
    if (!reader.isMap()) {
      throw reader.invalidType("a map");
    }
    reader.map(
      () => accountOverride.explain(reader),
      (key) => explainKey(address, key),
    );
  },
};
