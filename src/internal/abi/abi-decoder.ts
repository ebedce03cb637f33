import type { AbiType } from "./abi-types.js";

import { headSize, isDynamic } from "./abi-types.js";

/** Decoded: numbers as bigint, bytes and addresses as bytes, arrays and tuples as arrays. */
export type AbiValue =
  | { readonly kind: "number"; readonly value: bigint }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "string"; readonly value: string }
  | {
      readonly kind: "address" | "bytes" | "function";
      readonly value: Uint8Array;
    }
  | { readonly kind: "list"; readonly value: readonly AbiValue[] };

/** The data is not what the types say: too short, or an offset or a length leads out of it. */
export class AbiDecodingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "AbiDecodingError";
  }
}

const WORD = 32;
const MAX_LENGTH = 0x7fffffffn;
const utf8 = new TextDecoder("utf-8");

/**
 * Decodes the arguments of a call, an error or an event.
 *
 * Like Hardhat's decoder it takes dirty padding as it comes and ignores what follows the last
 * argument.
 *
 * @throws AbiDecodingError
 */
export function decodeAbi(
  types: readonly AbiType[],
  data: Uint8Array,
): AbiValue[] {
  return decodeSequence(types, data, 0);
}

/** `base` is where the sequence starts: offsets in it count from there. */
function decodeSequence(
  types: readonly AbiType[],
  data: Uint8Array,
  base: number,
): AbiValue[] {
  let position = base;
  return types.map((type) => {
    const value = isDynamic(type)
      ? decodeTail(type, data, base + readLength(data, position))
      : decodeHead(type, data, position);
    position += headSize(type);
    return value;
  });
}

function decodeHead(
  type: AbiType,
  data: Uint8Array,
  position: number,
): AbiValue {
  if (type.kind === "array" || type.kind === "tuple") {
    const types =
      type.kind === "tuple" ? type.fields : repeat(type.of, type.length ?? 0);
    return { kind: "list", value: decodeSequence(types, data, position) };
  }
  if (type.kind === "bytes" || type.kind === "string") {
    return decodeTail(type, data, position);
  }
  const word = slice(data, position, WORD);
  switch (type.kind) {
    case "uint":
      return {
        kind: "number",
        value: BigInt.asUintN(type.bits, toBigInt(word)),
      };
    case "int":
      return {
        kind: "number",
        value: BigInt.asIntN(type.bits, toBigInt(word)),
      };
    case "bool":
      return { kind: "bool", value: word.some((byte) => byte !== 0) };
    case "address":
      return { kind: "address", value: word.subarray(12) };
    case "fixed-bytes":
      return { kind: "bytes", value: word.subarray(0, type.length) };
    case "function":
      return { kind: "function", value: word.subarray(0, 24) };
  }
}

/** A value that an offset led to. */
function decodeTail(
  type: AbiType,
  data: Uint8Array,
  position: number,
): AbiValue {
  if (type.kind === "bytes" || type.kind === "string") {
    const length = readLength(data, position);
    const value = slice(data, position + WORD, length);
    return type.kind === "bytes"
      ? { kind: "bytes", value }
      : { kind: "string", value: utf8.decode(value) };
  }
  if (type.kind === "array" && type.length === undefined) {
    const length = readLength(data, position);
    // A length that no data can hold must not make us allocate.
    if (length * Math.max(headSize(type.of), 1) > data.length) {
      throw new AbiDecodingError(
        `expected an array that fits into ${data.length} bytes, got ${length} elements`,
      );
    }
    return {
      kind: "list",
      value: decodeSequence(repeat(type.of, length), data, position + WORD),
    };
  }
  return decodeHead(type, data, position);
}

function repeat(type: AbiType, count: number): AbiType[] {
  return new Array<AbiType>(count).fill(type);
}

function slice(data: Uint8Array, position: number, length: number): Uint8Array {
  if (position + length > data.length) {
    throw new AbiDecodingError(
      `expected ${length} bytes at ${position}, got ${data.length} in all`,
    );
  }
  return data.subarray(position, position + length);
}

function readLength(data: Uint8Array, position: number): number {
  const value = toBigInt(slice(data, position, WORD));
  if (value > MAX_LENGTH) {
    throw new AbiDecodingError(`expected an offset or a length, got ${value}`);
  }
  return Number(value);
}

function toBigInt(bytes: Uint8Array): bigint {
  const hex = Buffer.from(bytes).toString("hex");
  return hex === "" ? 0n : BigInt(`0x${hex}`);
}
