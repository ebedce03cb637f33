/** Turns the calldata of console.log calls (hardhat/console.sol) into the lines to print. */
import { format } from "node:util";

import { toHex } from "../format/quantity.js";
import { CONSOLE_SIGNATURES } from "./signatures.js";

const WORD = 32;

let signatures: ReadonlyMap<string, string> | undefined;

/** Argument types by selector, parsed at the first console.log. */
function argumentTypes(selector: string): string | undefined {
  signatures ??= new Map(
    CONSOLE_SIGNATURES.trim()
      .split(/\s+/)
      .map((entry): [string, string] => [entry.slice(0, 8), entry.slice(9)]),
  );
  return signatures.get(selector);
}

/** The lines; calls of no known signature are left out. */
export function decodeConsoleLogs(calls: readonly Uint8Array[]): string[] {
  const lines: string[] = [];
  for (const call of calls) {
    const bytes = Buffer.from(call);
    const types = argumentTypes(bytes.toString("hex", 0, 4));
    if (types !== undefined) {
      lines.push(formatArguments(decodeArguments(bytes.subarray(4), types)));
    }
  }
  return lines;
}

/**
 * Like console.log: the first argument may be a format. Numbers are strings by now (they may not
 * fit a double), so %d and %i that are not escaped by another % become %s.
 */
function formatArguments(args: readonly string[]): string {
  if (args.length === 0) {
    return format();
  }
  const [first, ...rest] = args;
  return format(first.replace(/(?<!%)((?:%%)*)%[di]/g, "$1%s"), ...rest);
}

function decodeArguments(data: Buffer, types: string): string[] {
  return (types.match(/[a-z]|\d+/g) ?? []).map((type, index) =>
    decodeArgument(data, type, index * WORD),
  );
}

function decodeArgument(data: Buffer, type: string, position: number): string {
  const word = data.subarray(position, position + WORD);
  switch (type) {
    case "u":
      return toBigInt(word).toString();
    case "i":
      return BigInt.asIntN(256, toBigInt(word)).toString();
    case "b":
      return data[position + WORD - 1] !== 0 ? "true" : "false";
    case "a":
      return toHex(data.subarray(position + 12, position + WORD));
    case "s":
      return dynamic(data, word).toString();
    case "y":
      return toHex(dynamic(data, word));
    default:
      return toHex(data.subarray(position, position + Number(type)));
  }
}

/** The bytes whose offset is `word`. */
function dynamic(data: Buffer, word: Buffer): Buffer {
  const start = Number(toBigInt(word));
  const length = Number(toBigInt(data.subarray(start, start + WORD)));
  return data.subarray(start + WORD, start + WORD + length);
}

function toBigInt(bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : BigInt(toHex(bytes));
}
