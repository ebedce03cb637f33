import type { AssemblyItem } from "../assembler.js";

import { assemble } from "../assembler.js";

/** A loop whose body is `pattern`, again and again. */
export interface OpcodeFamily {
  readonly name: string;
  readonly runtime: string;
  /** Opcodes that one call executes. */
  readonly opcodes: number;
}

interface FamilyDefinition {
  readonly name: string;
  /** Leaves the stack as it found it; two words are there to work on. */
  readonly pattern: readonly AssemblyItem[];
  readonly rounds?: number;
}

const WORD = (1n << 255n) + 12_345_678_901_234_567_890n;

const DEFINITIONS: readonly FamilyDefinition[] = [
  {
    name: "stack (PUSH, DUP, SWAP, POP)",
    pattern: [7, "DUP2", "SWAP1", "POP", "POP"],
  },
  { name: "ADD, SUB, small", pattern: [3, "ADD", 2, "SWAP1", "SUB"] },
  {
    name: "ADD, SUB, 256 bits",
    pattern: ["DUP2", "ADD", "DUP2", "SWAP1", "SUB"],
  },
  { name: "MUL, 256 bits", pattern: ["DUP2", "MUL", "DUP1", "MUL"] },
  {
    name: "DIV, MOD, small",
    pattern: [
      "DUP1",
      1000,
      "SWAP1",
      "DIV",
      "POP",
      "DUP1",
      7,
      "SWAP1",
      "MOD",
      "POP",
    ],
  },
  {
    name: "DIV, MOD, 256 bits",
    pattern: [
      "DUP2",
      "DUP2",
      "DIV",
      "POP",
      "DUP2",
      "DUP2",
      "NOT",
      "MOD",
      "POP",
    ],
  },
  {
    name: "ADDMOD, MULMOD",
    pattern: [
      "DUP2",
      "DUP2",
      "DUP2",
      "MULMOD",
      "POP",
      "DUP2",
      "DUP2",
      "DUP2",
      "ADDMOD",
      "POP",
    ],
  },
  { name: "EXP", pattern: [65537, 3, "EXP", "POP"] },
  {
    name: "comparison",
    pattern: [
      "DUP2",
      "DUP2",
      "LT",
      "POP",
      "DUP2",
      "DUP2",
      "EQ",
      "ISZERO",
      "POP",
      "DUP2",
      "DUP2",
      "SGT",
      "POP",
    ],
  },
  {
    name: "bitwise",
    pattern: ["DUP2", "AND", "DUP2", "OR", "DUP2", "XOR", "NOT"],
  },
  {
    name: "shift",
    pattern: [
      "DUP1",
      7,
      "SHR",
      "POP",
      "DUP1",
      9,
      "SHL",
      "POP",
      "DUP1",
      65,
      "SAR",
      "POP",
    ],
  },
  {
    name: "memory (MLOAD, MSTORE)",
    pattern: ["DUP1", 64, "MSTORE", 64, "MLOAD", "POP", "DUP1", 131, "MSTORE"],
  },
  { name: "MCOPY 256 bytes", pattern: [256, 0, 512, "MCOPY"] },
  { name: "CALLDATALOAD", pattern: [4, "CALLDATALOAD", "POP"] },
  {
    name: "environment (ADDRESS, CALLER, NUMBER)",
    pattern: ["ADDRESS", "POP", "CALLER", "POP", "NUMBER", "POP"],
  },
  {
    name: "JUMPDEST, PC, GAS",
    pattern: [{ raw: "0x5b" }, "PC", "POP", "GAS", "POP"],
  },
  {
    name: "KECCAK256 of 64 bytes",
    pattern: [64, 0, "KECCAK256", "POP"],
    rounds: 1000,
  },
  { name: "SLOAD, warm", pattern: [1, "SLOAD", "POP"], rounds: 100 },
  {
    name: "SSTORE, warm",
    pattern: ["DUP1", 2, "SSTORE", 3, 2, "SSTORE"],
    rounds: 200,
  },
  {
    name: "TLOAD, TSTORE",
    pattern: ["DUP1", 2, "TSTORE", 2, "TLOAD", "POP"],
    rounds: 200,
  },
  {
    name: "BALANCE, EXTCODESIZE, warm",
    pattern: ["ADDRESS", "BALANCE", "POP", "ADDRESS", "EXTCODESIZE", "POP"],
    rounds: 500,
  },
  {
    name: "STATICCALL of an empty account",
    pattern: [0, 0, 0, 0, 0xabcdef, 5000, "STATICCALL", "POP"],
    rounds: 200,
  },
  { name: "LOG1 of 32 bytes", pattern: [7, 32, 0, "LOG1"], rounds: 10 },
];

const UNROLLED = 20;

export function opcodeFamilies(): OpcodeFamily[] {
  return DEFINITIONS.map(({ name, pattern, rounds = 2500 }) => {
    const body = Array.from({ length: UNROLLED }, () => pattern).flat();
    const runtime = assemble([
      rounds,
      { label: "loop" },
      WORD,
      3n ** 160n,
      ...body,
      "POP",
      "POP",
      1,
      "SWAP1",
      "SUB",
      "DUP1",
      { ref: "loop" },
      "JUMPI",
    ]);
    return { name, runtime, opcodes: rounds * (body.length + 10) };
  });
}
