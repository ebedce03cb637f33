/** Quantities, byte strings, addresses, hashes and flags. */
import type { Address, Hash } from "../../chain/types.js";

import {
  type AnyJson,
  describe,
  JsonMismatch,
  type JsonReader,
  quote,
} from "./json-reader.js";
import { INVALID_PARAM, type ParamType } from "./param-type.js";

const HEX_QUANTITY = /^0x[0-9a-fA-F]+$/;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const HASH = /^0x[0-9a-fA-F]{64}$/;
const LOWERCASE_ADDRESS = /^0x[0-9a-f]{40}$/;
const LOWERCASE_HASH = /^0x[0-9a-f]{64}$/;

function fits(value: bigint, bits: number): boolean {
  return BigInt.asUintN(bits, value) === value;
}

/** `0x` hex, or decimal, as EDR's integers read it; undefined when it is neither or too big. */
export function parseUint(text: string, bits: number): bigint | undefined {
  let value: bigint;
  if (HEX_QUANTITY.test(text)) {
    value = BigInt(text);
  } else {
    // The empty string, "0x", and digits grouped by underscores are numbers as well.
    const match = /^(0[xX]|0[oO]|0[bB])?(.*)$/s.exec(text);
    const digits = (match?.[2] ?? "").replaceAll("_", "");
    const prefix = (match?.[1] ?? "").toLowerCase();
    const alphabet =
      prefix === "0x"
        ? /^[0-9a-fA-F]*$/
        : prefix === "0o"
          ? /^[0-7]*$/
          : prefix === "0b"
            ? /^[01]*$/
            : /^\d*$/;
    if (!alphabet.test(digits)) {
      return undefined;
    }
    value = digits === "" ? 0n : BigInt(prefix + digits);
  }
  return fits(value, bits) ? value : undefined;
}

function uintFromJson(value: AnyJson, bits: number): bigint | undefined {
  if (value.kind === "string") {
    return parseUint(value.value, bits);
  }
  if (value.kind === "integer" && !value.text.startsWith("-")) {
    const number = BigInt(value.text);
    return fits(number, bits) ? number : undefined;
  }
  return undefined;
}

/** An unsigned integer of `bits` bits: a string (hex or decimal) or a JSON number. */
export function uint(bits: number): ParamType<bigint> {
  const expected = `a ${bits / 8} byte hex string`;
  return {
    parse: (value) => {
      if (typeof value === "string") {
        const parsed = parseUint(value, bits);
        if (parsed !== undefined) {
          return parsed;
        }
      } else if (
        typeof value === "number" &&
        Number.isInteger(value) &&
        value >= 0 &&
        value < 2 ** 64
      ) {
        const parsed = BigInt(value);
        if (fits(parsed, bits)) {
          return parsed;
        }
      }
      throw INVALID_PARAM;
    },
    explain: (reader) => {
      if (reader.isString() || reader.isNumber()) {
        const value = reader.any();
        if (value.kind === "integer" && value.text.startsWith("-")) {
          throw reader.mismatch(
            `invalid type: ${describe(value)}, expected ${expected}`,
          );
        }
        if (value.kind === "number") {
          throw reader.mismatch(`invalid type: map, expected ${expected}`);
        }
        if (uintFromJson(value, bits) === undefined) {
          throw reader.mismatch(
            `invalid value: ${describe(value)}, expected ${expected}`,
          );
        }
        return;
      }
      throw reader.invalidAny(expected);
    },
  };
}

export const U8: ParamType<bigint> = uint(8);
export const U64: ParamType<bigint> = uint(64);
export const U128: ParamType<bigint> = uint(128);
export const U256: ParamType<bigint> = uint(256);

export const boolean: ParamType<boolean> = {
  parse: (value) => {
    if (typeof value !== "boolean") {
      throw INVALID_PARAM;
    }
    return value;
  },
  explain: (reader) => {
    if (!reader.isBoolean()) {
      throw reader.invalidType("a boolean");
    }
    reader.any();
  },
};

export function withoutPrefix(hex: string): string {
  return hex.startsWith("0x") || hex.startsWith("0X") ? hex.slice(2) : hex;
}

/** Why `text` is not `length` bytes in hex; undefined when it is. */
function hexProblem(text: string, length: number): string | undefined {
  const digits = Buffer.from(withoutPrefix(text), "utf8");
  if (digits.length % 2 !== 0) {
    return "odd number of digits";
  }
  if (digits.length !== 2 * length) {
    return "invalid string length";
  }
  for (let i = 0; i < digits.length; i++) {
    const character = String.fromCharCode(digits[i]);
    if (!/^[0-9a-fA-F]$/.test(character)) {
      return `invalid character ${rustChar(digits[i])} at position ${i}`;
    }
  }
  return undefined;
}

function rustChar(byte: number): string {
  const character = String.fromCharCode(byte);
  return character === "'"
    ? "'\\''"
    : character === '"'
      ? `'"'`
      : `'${quote(character).slice(1, -1)}'`;
}

function byteArray(value: unknown, length: number | undefined): Uint8Array {
  if (
    Array.isArray(value) &&
    (length === undefined || value.length === length) &&
    value.every(
      (item) =>
        typeof item === "number" &&
        Number.isInteger(item) &&
        item >= 0 &&
        item < 256,
    )
  ) {
    return Uint8Array.from(value);
  }
  throw INVALID_PARAM;
}

function explainByteArray(
  reader: JsonReader,
  length: number | undefined,
): void {
  const element = (): void => {
    if (!reader.isNumber()) {
      throw reader.invalidType("u8");
    }
    const value = reader.any();
    if (uintFromJson(value, 8) === undefined) {
      const problem = value.kind === "integer" ? "value" : "type";
      throw reader.mismatch(
        `invalid ${problem}: ${describe(value)}, expected u8`,
      );
    }
  };
  if (length === undefined) {
    reader.sequence(element);
    return;
  }
  const elements = Array.from({ length }, () => element);
  reader.tuple(elements, (index) => {
    throw new JsonMismatch(
      `invalid length ${index}, expected exactly ${length} bytes`,
    );
  });
}

/** Exactly `length` bytes as hex; the `0x` may be missing. Gives lowercase `0x` hex. */
function fixedBytes(
  length: number,
  pattern: RegExp,
  lowercase: RegExp,
): ParamType<Hash> {
  const expected = `${length} bytes, represented as a hex string of length ${2 * length}, an array of u8, or raw bytes`;
  return {
    parse: (value) => {
      if (typeof value === "string") {
        if (lowercase.test(value)) {
          return value as Hash;
        }
        if (pattern.test(value)) {
          return value.toLowerCase() as Hash;
        }
        const digits = withoutPrefix(value);
        if (pattern.test(`0x${digits}`)) {
          return `0x${digits.toLowerCase()}`;
        }
        throw INVALID_PARAM;
      }
      return `0x${Buffer.from(byteArray(value, length)).toString("hex")}`;
    },
    explain: (reader) => {
      if (reader.isString()) {
        const problem = hexProblem(reader.string(), length);
        if (problem !== undefined) {
          throw reader.mismatch(problem);
        }
      } else if (reader.isSequence()) {
        explainByteArray(reader, length);
      } else {
        throw reader.invalidAny(expected);
      }
    },
  };
}

/** An address inside an object: the `0x` may be missing. */
export const address: ParamType<Address> = fixedBytes(
  20,
  ADDRESS,
  LOWERCASE_ADDRESS,
);
/** A hash, storage key, topic. */
export const hash: ParamType<Hash> = fixedBytes(32, HASH, LOWERCASE_HASH);

/** Bytes from hex; undefined when the text is not hex. The `0x` may be missing. */
export function parseHex(text: string): Uint8Array | undefined {
  const digits = withoutPrefix(text);
  if (digits.length % 2 !== 0) {
    return undefined;
  }
  const bytes = Buffer.from(digits, "hex");
  return bytes.length === digits.length / 2 ? bytes : undefined;
}

const ANY_BYTES =
  "a variable number of bytes represented as a hex string, an array of u8, or raw bytes";

/** Bytes of any length. */
export const data: ParamType<Uint8Array> = {
  parse: (value) => {
    if (typeof value === "string") {
      const bytes = parseHex(value);
      if (bytes !== undefined) {
        return bytes;
      }
      throw INVALID_PARAM;
    }
    return byteArray(value, undefined);
  },
  explain: (reader) => {
    if (reader.isString()) {
      const text = reader.string();
      if (parseHex(text) === undefined) {
        throw reader.mismatch(
          `invalid value: string ${quote(text)}, expected a valid hex string`,
        );
      }
    } else if (reader.isSequence()) {
      explainByteArray(reader, undefined);
    } else {
      throw reader.invalidAny(ANY_BYTES);
    }
  },
};

export const float: ParamType<number> = {
  parse: (value) => {
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw INVALID_PARAM;
    }
    return value;
  },
  explain: (reader) => {
    if (!reader.isNumber()) {
      throw reader.invalidType("f64");
    }
    reader.any();
  },
};
