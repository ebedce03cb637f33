/** From JSON values to what EIP-712 hashes, with the liberties that Hardhat's network takes. */
import type { ResolvedType } from "./types.js";

import { keccak256 } from "../../evm/keccak.js";
import { quote } from "../params/json-reader.js";
import { parseHex, parseUint } from "../params/primitives.js";
import { invalidInput, type ProviderError } from "../rpc-errors.js";

function mismatch(type: ResolvedType, value: unknown): ProviderError {
  const text = JSON.stringify(value ?? null);
  return invalidInput(
    `type mismatch: expected type "${type.name}", got value with type ${quote(text)}`,
  );
}

/**
 * A struct's values by field name, an array's elements, or the 32 bytes of anything else.
 *
 * @throws ProviderError -32000 when the value is not of the type.
 */
export function coerce(
  type: ResolvedType,
  value: unknown,
): Record<string, unknown> | readonly unknown[] | Uint8Array {
  switch (type.kind) {
    case "struct": {
      if (
        typeof value !== "object" ||
        value === null ||
        Array.isArray(value) ||
        type.fields.some((field) => !Object.hasOwn(value, field.name))
      ) {
        throw mismatch(type, value);
      }
      return value as Record<string, unknown>;
    }
    case "array":
      if (
        !Array.isArray(value) ||
        (type.length !== undefined && value.length !== type.length)
      ) {
        throw mismatch(type, value);
      }
      return value;
    case "atom": {
      const word = atomWord(type.name, value);
      if (word === undefined) {
        throw mismatch(type, value);
      }
      return word;
    }
  }
}

function atomWord(name: string, value: unknown): Uint8Array | undefined {
  switch (name) {
    case "string":
      return typeof value === "string"
        ? keccak256(Buffer.from(value, "utf8"))
        : undefined;
    case "bytes": {
      const bytes = toBytes(value);
      return bytes === undefined ? undefined : keccak256(bytes);
    }
    case "bool":
      return boolWord(value);
    case "address":
      return leftPadded(fixedBytes(value, 20));
    case "function":
      return rightPadded(fixedBytes(value, 24));
  }
  const size = Number(/\d+$/.exec(name)?.[0]);
  return name.startsWith("bytes")
    ? rightPadded(fixedBytes(value, size))
    : integerWord(value, size, name.startsWith("int"));
}

function boolWord(value: unknown): Uint8Array | undefined {
  if (value === true || value === "true") {
    return toWord(1n);
  }
  return value === false || value === "false" ? toWord(0n) : undefined;
}

function integerWord(
  value: unknown,
  bits: number,
  signed: boolean,
): Uint8Array | undefined {
  const integer = toInteger(value);
  if (integer === undefined) {
    return undefined;
  }
  const wrapped = signed
    ? BigInt.asIntN(bits, integer)
    : BigInt.asUintN(bits, integer);
  return wrapped === integer ? toWord(BigInt.asUintN(256, integer)) : undefined;
}

function toInteger(value: unknown): bigint | undefined {
  if (typeof value === "number") {
    // JSON numbers beyond 64 bits are not integers to Hardhat's network.
    return Number.isInteger(value) && value < 2 ** 64 && value >= -(2 ** 63)
      ? BigInt(value)
      : undefined;
  }
  if (typeof value !== "string") {
    return undefined;
  }
  const match = /^([+-]?)(.*)$/s.exec(value);
  const magnitude = parseUint(match?.[2] ?? "", 256);
  if (magnitude === undefined) {
    return undefined;
  }
  return match?.[1] === "-" ? -magnitude : magnitude;
}

function toBytes(value: unknown): Uint8Array | undefined {
  if (typeof value === "string") {
    return parseHex(value);
  }
  const isBytes =
    Array.isArray(value) &&
    value.every(
      (item) => Number.isInteger(item) && Number(item) >= 0 && item < 256,
    );
  return isBytes ? Uint8Array.from(value as number[]) : undefined;
}

function fixedBytes(value: unknown, length: number): Uint8Array | undefined {
  // Arrays stand for bytes of any length only.
  const bytes = typeof value === "string" ? parseHex(value) : undefined;
  return bytes?.length === length ? bytes : undefined;
}

function leftPadded(bytes: Uint8Array | undefined): Uint8Array | undefined {
  if (bytes === undefined) {
    return undefined;
  }
  const word = new Uint8Array(32);
  word.set(bytes, 32 - bytes.length);
  return word;
}

function rightPadded(bytes: Uint8Array | undefined): Uint8Array | undefined {
  if (bytes === undefined) {
    return undefined;
  }
  const word = new Uint8Array(32);
  word.set(bytes);
  return word;
}

function toWord(value: bigint): Uint8Array {
  return Buffer.from(value.toString(16).padStart(64, "0"), "hex");
}
