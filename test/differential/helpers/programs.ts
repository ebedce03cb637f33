import type {
  ContractProgram,
  Expression,
  Statement,
} from "../../helpers/program.js";
import type { Random } from "../../helpers/random.js";
import type { Reference } from "./types.js";

import { id } from "ethers";

import { ACCOUNTS, STRANGERS } from "./accounts.js";
import { consoleLog, deepStack, ending } from "./program-pieces.js";

/** Selectors that generated contracts answer to, and callers try. */
export const SELECTORS: readonly string[] = [
  "run()",
  "set(uint256,uint256)",
  "get(uint256)",
  "touch(address)",
  "spin()",
].map((signature) => id(signature).slice(0, 10));

export interface ProgramSurroundings {
  readonly random: Random;
  /** References to contracts deployed before. */
  readonly contracts: readonly Reference[];
  /** Opcodes that came with a fork are left out before it. */
  readonly since: (fork: string) => boolean;
}

/** A random contract: a few functions, each a handful of statements from the families below. */
export function randomProgram(
  around: ProgramSurroundings,
  depth = 0,
): ContractProgram {
  const { random } = around;
  const functions: Record<string, Statement[]> = {};
  for (const selector of random.subset(
    SELECTORS,
    random.between(1, SELECTORS.length),
  )) {
    functions[selector] = body(around, depth, random.between(1, 5));
  }
  return {
    functions,
    fallback: random.chance(0.5)
      ? body(around, depth, random.between(0, 2))
      : [],
    setup: random.chance(0.3) ? body(around, depth, random.between(1, 2)) : [],
  };
}

function body(
  around: ProgramSurroundings,
  depth: number,
  length: number,
): Statement[] {
  const statements: Statement[] = [];
  for (let i = 0; i < length; i++) {
    statements.push(...statement(around, depth));
  }
  if (around.random.chance(0.4)) {
    statements.push(...ending(around));
  }
  return statements;
}

function statement(around: ProgramSurroundings, depth: number): Statement[] {
  const { random, since } = around;
  const choices: (readonly [number, () => Statement[]])[] = [
    [12, () => [["SSTORE", slot(around), value(around)]]],
    [8, () => log(around)],
    [4, () => [["MSTORE", 32 * random.below(8), value(around)]]],
    [6, () => call(around)],
    [3, () => consoleLog(around)],
    [
      3,
      () => [["repeat", random.between(1, 30), statement(around, depth + 2)]],
    ],
    [4, () => [["if", value(around), statement(around, depth + 2)]]],
    [2, () => [["SSTORE", slot(around), ["GAS"]]]],
    [
      2,
      () => [["SSTORE", slot(around), ["KECCAK256", 0, 32 * random.below(20)]]],
    ],
    [2, () => [["CODECOPY", 0, random.below(40), random.below(100)]]],
    [
      2,
      () => [
        ["EXTCODECOPY", target(around), 0, random.below(40), random.below(100)],
      ],
    ],
    [2, () => [["CALLDATACOPY", 0, random.below(40), random.below(100)]]],
    [
      2,
      () => [
        [
          "RETURNDATACOPY",
          0,
          0,
          random.chance(0.8) ? ["RETURNDATASIZE"] : random.below(40),
        ],
      ],
    ],
    [1, () => [["if", ["ISZERO", ["SLOAD", 99]], ending(around)]]],
    [1, () => [["SELFDESTRUCT", target(around)]]],
    [1, () => [["MSTORE8", random.below(200), value(around)]]],
  ];
  if (since("cancun")) {
    choices.push([3, () => [["TSTORE", slot(around), value(around)]]]);
    choices.push([
      1,
      () => [["MCOPY", random.below(64), random.below(64), random.below(128)]],
    ]);
  }
  if (since("amsterdam")) {
    choices.push([1, () => deepStack(around)]);
  }
  if (depth === 0) {
    choices.push([3, () => create(around)]);
  }
  return random.weighted(choices)();
}

function slot({ random }: ProgramSurroundings): Expression {
  return random.weighted<Expression>([
    [8, random.below(4)],
    [1, ["CALLDATALOAD", 4]],
    [1, ["CALLER"]],
    [1, random.hex(32)],
  ]);
}

function value(around: ProgramSurroundings): Expression {
  const { random, since } = around;
  const v = (): Expression => value(around);
  const choices: (readonly [number, () => Expression])[] = [
    [10, () => random.below(3)],
    [4, () => random.word()],
    [6, () => ["CALLDATALOAD", 4 + 32 * random.below(2)]],
    [6, () => ["SLOAD", slot(around)]],
    [2, () => ["MLOAD", 32 * random.below(8)]],
    [
      4,
      () => [
        random.pick([
          "ADD",
          "MUL",
          "SUB",
          "DIV",
          "SDIV",
          "MOD",
          "SMOD",
          "AND",
          "OR",
          "XOR",
          "LT",
          "GT",
          "SLT",
          "SGT",
          "EQ",
          "BYTE",
          "SIGNEXTEND",
        ]),
        v(),
        v(),
      ],
    ],
    [1, () => ["EXP", v(), random.below(40)]],
    [1, () => [random.pick(["ADDMOD", "MULMOD"]), v(), v(), v()]],
    [1, () => [random.pick(["ISZERO", "NOT"]), v()]],
    [6, () => [random.pick(environment(since))]],
    [1, () => ["BALANCE", target(around)]],
    [1, () => ["EXTCODESIZE", target(around)]],
  ];
  if (!since("amsterdam")) {
    // Since then hashes of blocks differ, by decision (block-hashes.ts).
    choices.push([
      1,
      () => ["BLOCKHASH", ["SUB", ["NUMBER"], random.below(4)]],
    ]);
  }
  if (since("constantinople")) {
    choices.push([
      1,
      () => [random.pick(["SHL", "SHR", "SAR"]), random.below(300), v()],
    ]);
    choices.push([1, () => ["EXTCODEHASH", target(around)]]);
  }
  if (since("cancun")) {
    choices.push([2, () => ["TLOAD", slot(around)]]);
    choices.push([1, () => ["BLOBHASH", random.below(2)]]);
  }
  if (since("osaka")) {
    choices.push([1, () => ["CLZ", v()]]);
  }
  return random.weighted(choices)();
}

function environment(since: (fork: string) => boolean): string[] {
  return [
    "ADDRESS",
    "ORIGIN",
    "CALLER",
    "CALLVALUE",
    "CALLDATASIZE",
    "CODESIZE",
    "GASPRICE",
    "RETURNDATASIZE",
    "COINBASE",
    "TIMESTAMP",
    "NUMBER",
    "PREVRANDAO",
    "GASLIMIT",
    "PC",
    "MSIZE",
    "GAS",
    ...(since("istanbul") ? ["CHAINID", "SELFBALANCE"] : []),
    ...(since("london") ? ["BASEFEE"] : []),
    ...(since("shanghai") ? ["PUSH0"] : []),
    ...(since("cancun") ? ["BLOBBASEFEE"] : []),
    ...(since("amsterdam") ? ["SLOTNUM"] : []),
  ];
}

function target(around: ProgramSurroundings): Expression {
  const { random, contracts } = around;
  return random.weighted<() => unknown>([
    [contracts.length > 0 ? 10 : 0, () => random.pick(contracts)],
    [3, () => random.pick(ACCOUNTS).address],
    [2, () => random.pick(STRANGERS)],
    [2, () => ["ADDRESS"]],
    [1, () => ["CALLER"]],
    [1, () => ["COINBASE"]],
    [2, () => ["CALLDATALOAD", 4]],
    [2, () => random.between(1, 10)],
  ])() as Expression;
}

function log(around: ProgramSurroundings): Statement[] {
  const topics = around.random.below(5);
  return [
    [
      `LOG${topics}`,
      0,
      32 * around.random.below(4),
      ...Array.from({ length: topics }, () => value(around)),
    ],
  ];
}

/** A call with a selector and one argument; its success is stored or dropped. */
function call(around: ProgramSurroundings): Statement[] {
  const { random, since } = around;
  const kind = random.weighted([
    [8, "CALL"],
    [3, since("byzantium") ? "STATICCALL" : "CALL"],
    [3, "DELEGATECALL"],
    [1, "CALLCODE"],
  ] as const);
  const gas: Expression = random.weighted<Expression>([
    [8, ["GAS"]],
    [1, random.below(5000)],
    [1, 100_000],
  ]);
  const withValue = kind === "CALL" || kind === "CALLCODE";
  const size = random.pick([0, 4, 36, 36, 68, 128, 192]);
  const expression: Expression = [
    kind,
    gas,
    target(around),
    ...(withValue ? [random.chance(0.2) ? random.below(1000) : 0] : []),
    0,
    size,
    random.chance(0.7) ? 128 : 0,
    random.chance(0.7) ? 64 : 0,
  ];
  const head: Statement[] = [
    ["bytes", 0, random.pick(SELECTORS)],
    ["MSTORE", 4, value(around)],
  ];
  return [
    ...head,
    random.weighted<Statement>([
      [3, ["SSTORE", random.below(4), expression]],
      [2, ["POP", expression]],
      [
        1,
        [
          "if",
          ["ISZERO", expression],
          [
            ["RETURNDATACOPY", 0, 0, ["RETURNDATASIZE"]],
            ["REVERT", 0, ["RETURNDATASIZE"]],
          ],
        ],
      ],
    ]),
  ];
}

function create(around: ProgramSurroundings): Statement[] {
  const { random, since } = around;
  const child: Reference = { $: "initcode", program: randomProgram(around, 1) };
  const value = random.chance(0.2) ? random.below(10) : 0;
  // The code's length is not known before the references are resolved: 8 words are written after
  // it, and CREATE takes a fixed size that is at times too short.
  const size = random.pick([200, 600, 1500]);
  const expression: Expression =
    since("constantinople") && random.chance(0.5)
      ? ["CREATE2", value, 0, size, random.below(3)]
      : ["CREATE", value, 0, size];
  return [
    ["bytes", 0, child],
    ["SSTORE", random.between(4, 7), expression],
  ] as unknown as Statement[];
}
