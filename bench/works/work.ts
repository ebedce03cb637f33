import type { Call, Machine } from "../helpers/machines.js";
import type { SideName } from "../helpers/measure.js";

import { assemble } from "../../test/helpers/assembler.js";

/** Something whose execution is timed. */
export interface CoreWork {
  readonly name: string;
  readonly unit: "us" | "ns/opcode";
  /** How many of what the name says (or of opcodes) one call does. */
  readonly count: number;
  /** How often it is called in one sample. */
  readonly repeat: number;
  /** Sides that cannot do it. */
  readonly without?: readonly SideName[];
  /** Puts what is needed on the machine; the result makes the call of sample `i`, the same on every machine. */
  prepare(machine: Machine): Promise<(sample: number) => Call>;
}

let lastAddress = 0xc0de_0000;

/** A work that needs nothing but code at an address. */
export function plainWork(
  work: Omit<CoreWork, "prepare"> & {
    readonly code: string;
    readonly data: string;
  },
): CoreWork {
  const { name, unit, count, repeat, code, data } = work;
  const to = freeAddress();
  return {
    name,
    unit,
    count,
    repeat,
    prepare: async (machine) => {
      await machine.setCode(to, code);
      return () => ({ to, data });
    },
  };
}

export function freeAddress(): string {
  return `0x${(++lastAddress).toString(16).padStart(40, "0")}`;
}

/** `value` as 32 bytes, hex without 0x. */
export function word(value: number | bigint | string): string {
  return BigInt(value).toString(16).padStart(64, "0");
}

const FAIL = [{ label: "fail" }, 0, 0, "REVERT"];
const RETURN_LAST = [
  "RETURNDATASIZE",
  0,
  0,
  "RETURNDATACOPY",
  "RETURNDATASIZE",
  0,
  "RETURN",
];

/** Calls (word 0 of its calldata) so many times (word 1) with what follows; returns the last output. */
export const REPEATER = assemble([
  64,
  "CALLDATASIZE",
  "SUB",
  64,
  0,
  "CALLDATACOPY",
  32,
  "CALLDATALOAD",
  { label: "loop" },
  ...[0, 0, 64, "CALLDATASIZE", "SUB", 0, 0, 0, "CALLDATALOAD", "GAS", "CALL"],
  "ISZERO",
  { ref: "fail" },
  "JUMPI",
  ...[1, "SWAP1", "SUB", "DUP1", { ref: "loop" }, "JUMPI"],
  ...RETURN_LAST,
  ...FAIL,
]);

export function repeated(to: string, times: number, data: string): string {
  return `0x${word(to)}${word(times)}${data.replace(/^0x/, "")}`;
}

/**
 * Static calls of (word 0 of its calldata) with each of the inputs that follow (length in word 1), all of them
 * so often (word 2). Returns the last output.
 */
export const INPUT_REPEATER = assemble([
  ...[96, "CALLDATASIZE", "SUB", 96, 0, "CALLDATACOPY"],
  64,
  "CALLDATALOAD",
  { label: "round" },
  // Where the input lies.
  0,
  { label: "input" },
  ...[0, 0, 32, "CALLDATALOAD", "DUP4", 0, "CALLDATALOAD", "GAS", "STATICCALL"],
  "ISZERO",
  { ref: "fail" },
  "JUMPI",
  ...[32, "CALLDATALOAD", "ADD"],
  ...[96, "CALLDATASIZE", "SUB", "DUP2", "LT", { ref: "input" }, "JUMPI"],
  "POP",
  ...[1, "SWAP1", "SUB", "DUP1", { ref: "round" }, "JUMPI"],
  ...RETURN_LAST,
  ...FAIL,
]);

export function withInputs(
  id: number,
  rounds: number,
  inputs: readonly Uint8Array[],
): string {
  const { length } = inputs[0];
  const data = Buffer.concat(inputs).toString("hex");
  return `0x${word(id)}${word(length)}${word(rounds)}${data}`;
}
