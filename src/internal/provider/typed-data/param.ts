/** The argument of eth_signTypedData_v4: an object, or its JSON. */
import type { TypedData, TypedDataField } from "./typed-data.js";

import { JsonMismatch } from "../params/json-reader.js";
import {
  INVALID_PARAM,
  optional,
  type ParamType,
} from "../params/param-type.js";
import { address, hash, U256 } from "../params/primitives.js";

/** An identifier, or a tuple, with any number of array suffixes. */
const TYPE = /^[a-zA-Z_$][\w$.]*(\[\d*\])*$/;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  if (typeof value !== "string") {
    throw INVALID_PARAM;
  }
  return value;
}

const optionalText: ParamType<string | undefined> = optional({
  parse: text,
  explain: () => undefined,
});

function parseFields(value: unknown): TypedDataField[] {
  if (!Array.isArray(value)) {
    throw INVALID_PARAM;
  }
  return value.map((field: unknown) => {
    if (!isRecord(field)) {
      throw INVALID_PARAM;
    }
    const type = text(field.type);
    if (!TYPE.test(type)) {
      throw INVALID_PARAM;
    }
    return { name: text(field.name), type };
  });
}

function parseDomain(value: unknown): TypedData["domain"] {
  if (value === undefined) {
    return {};
  }
  if (!isRecord(value)) {
    throw INVALID_PARAM;
  }
  return {
    name: optionalText.parse(value.name),
    version: optionalText.parse(value.version),
    chainId: optional(U256).parse(value.chainId),
    verifyingContract: optional(address).parse(value.verifyingContract),
    salt: optional(hash).parse(value.salt),
  };
}

function parseTypedData(value: unknown): TypedData {
  if (!isRecord(value) || !isRecord(value.types)) {
    throw INVALID_PARAM;
  }
  return {
    types: new Map(
      Object.entries(value.types).map(([name, fields]) => [
        name,
        parseFields(fields),
      ]),
    ),
    primaryType: text(value.primaryType),
    domain: parseDomain(value.domain),
    message: value.message ?? null,
  };
}

function fromJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw INVALID_PARAM;
  }
}

export const typedData: ParamType<TypedData> = {
  parse: (value) =>
    parseTypedData(
      typeof value === "string"
        ? fromJson(value)
        : // As it would arrive: without undefined, `toJSON` applied, no BigInt.
          fromJson(JSON.stringify(value) ?? "null"),
    ),
  explain: (reader) => {
    const json = reader.rawAny();
    try {
      const value: unknown = JSON.parse(json);
      parseTypedData(typeof value === "string" ? fromJson(value) : value);
    } catch (error) {
      if (error !== INVALID_PARAM) {
        throw error;
      }
      throw new JsonMismatch("The message parameter is an invalid JSON.");
    }
  },
};
