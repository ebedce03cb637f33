/** Reads the fields of a block given by hand or as JSON; mistakes are named with their path. */
import type { Address, Hash } from "../chain/types.js";

import { fromHex, toHash } from "../chain/hex.js";
import { describeValue } from "../errors.js";

/** A block, transaction, option or bundle that cannot be executed as it is. */
export class InvalidInputError extends Error {
  public override readonly name = "InvalidInputError";
  /** Where: `transactions[3].gasLimit`. */
  public readonly path: string;

  constructor(path: string, expected: string, value: unknown) {
    super(`${path}: expected ${expected}, got ${describeValue(value)}`);
    this.path = path;
  }
}

export type Fields = Readonly<Record<string, unknown>>;

/** An object; with `known`, one without any other fields. */
export function object(
  value: unknown,
  path: string,
  known?: readonly string[],
): Fields {
  if (
    typeof value !== "object" ||
    value === null ||
    Array.isArray(value) ||
    value instanceof Uint8Array
  ) {
    throw new InvalidInputError(path, "an object", value);
  }
  for (const name of known === undefined ? [] : Object.keys(value)) {
    if (known?.includes(name) === false) {
      throw new InvalidInputError(
        path,
        `only the fields ${known.join(", ")}`,
        name,
      );
    }
  }
  return value as Fields;
}

export function list(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new InvalidInputError(path, "a list", value);
  return value as readonly unknown[];
}

export function boolean(
  value: unknown,
  path: string,
  fallback: boolean,
): boolean {
  if (value === undefined) return fallback;
  if (typeof value !== "boolean") {
    throw new InvalidInputError(path, "true or false", value);
  }
  return value;
}

export function oneOf<T extends string>(
  value: unknown,
  path: string,
  known: readonly T[],
  fallback: T,
): T {
  if (value === undefined) return fallback;
  const found = known.find((name) => name === value);
  if (found === undefined) {
    throw new InvalidInputError(path, `one of ${known.join(", ")}`, value);
  }
  return found;
}

/** An integer from `least` to `most`. */
export function integer(
  value: unknown,
  path: string,
  least: number,
  most: number,
): number {
  if (
    typeof value !== "number" ||
    !Number.isInteger(value) ||
    value < least ||
    value > most
  ) {
    throw new InvalidInputError(
      path,
      `an integer from ${least} to ${most}`,
      value,
    );
  }
  return value;
}

/** A quantity of at most `bits` bits; without a fallback it must be there. */
export function quantity(
  value: unknown,
  path: string,
  bits: number,
  fallback?: bigint,
): bigint {
  if (value === undefined && fallback !== undefined) return fallback;
  const parsed = parseQuantity(value);
  if (parsed === undefined || parsed < 0n || parsed >= 2n ** BigInt(bits)) {
    throw new InvalidInputError(
      path,
      `a quantity of at most ${bits} bits (a bigint, a safe integer, or text as "0x10" or "16")`,
      value,
    );
  }
  return parsed;
}

function parseQuantity(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number" && Number.isSafeInteger(value)) {
    return BigInt(value);
  }
  return typeof value === "string" && /^(0x[0-9a-f]+|[0-9]+)$/i.test(value)
    ? BigInt(value)
    : undefined;
}

export function address(value: unknown, path: string): Address {
  if (typeof value !== "string" || !/^0x[0-9a-f]{40}$/i.test(value)) {
    throw new InvalidInputError(
      path,
      "an address (0x and 40 hex digits)",
      value,
    );
  }
  return value.toLowerCase() as Address;
}

/** A word: 32 bytes, or a quantity. */
export function word(value: unknown, path: string, fallback?: bigint): Hash {
  return toHash(quantity(value, path, 256, fallback));
}

export function bytes(value: unknown, path: string): Uint8Array {
  if (value === undefined || value === null) return new Uint8Array(0);
  if (value instanceof Uint8Array) return value;
  if (typeof value !== "string" || !/^0x([0-9a-f]{2})*$/i.test(value)) {
    throw new InvalidInputError(
      path,
      "bytes (0x and an even number of hex digits, or a Uint8Array)",
      value,
    );
  }
  return fromHex(value);
}
