/**
 * A contract that does what its calldata says: three bytes per operation (what, a, b), at most
 * OPERATIONS of them. It keeps a sum of all it saw, which it returns, so that a wrong read shows.
 */
import type { Expression, Statement } from "./program.js";

import { FIRST_ADDRESS } from "./blocks.js";
import { compileRuntime } from "./program.js";

export const OPERATIONS = 8;

// Memory: the sum, the operation's operands, the operation, the position.
const SUM = 0;
const A: Expression = ["MLOAD", 0x20];
const B: Expression = ["MLOAD", 0x40];
const OPERATION: Expression = ["MLOAD", 0x60];
const POSITION: Expression = ["MLOAD", 0x80];
const ROOM = 0xa0;

/** Slots that children's addresses are kept in, and the guard. */
const CHILDREN = 100;
const GUARD = 200;

/** Deploys code that destroys itself for its caller, and writes a slot meanwhile: see `child`. */
const CHILD_INITCODE = "0x6001600055" + "6133ff600052" + "6002601ef3";
const CHILD_LENGTH = (CHILD_INITCODE.length - 2) / 2;

const addressOf = (index: Expression): Expression => [
  "ADD",
  `0x${FIRST_ADDRESS.toString(16)}`,
  index,
];

const note = (value: Expression): Statement => [
  "MSTORE",
  SUM,
  ["ADD", ["MUL", ["MLOAD", SUM], 31], value],
];

const call = (target: Expression, value: Expression): Expression => [
  "CALL",
  ["GAS"],
  target,
  value,
  0,
  0,
  0,
  0,
];

/** Operations by name; the number in calldata is the place in this list, from 1 on. */
const BODIES: Readonly<Record<string, readonly Statement[]>> = {
  increment: [["SSTORE", A, ["ADD", ["SLOAD", A], ["ADD", B, 1]]]],
  copy: [["SSTORE", A, ["SLOAD", B]]],
  overwrite: [["SSTORE", A, B]],
  read: [note(["SLOAD", A])],
  log: [["LOG1", SUM, 32, A]],
  revertIfOdd: [["if", ["AND", ["SLOAD", A], 1], [["REVERT", SUM, 32]]]],
  pay: [note(call(addressOf(A), B))],
  balance: [note(["BALANCE", addressOf(A)])],
  codeHash: [note(["EXTCODESIZE", addressOf(A)])],
  coinbase: [note(["BALANCE", ["COINBASE"]])],
  create: [
    ["bytes", ROOM, CHILD_INITCODE],
    [
      "SSTORE",
      ["ADD", CHILDREN, A],
      ["CREATE", ["AND", B, 1], ROOM, CHILD_LENGTH],
    ],
  ],
  destroyChild: [note(call(["SLOAD", ["ADD", CHILDREN, A]], ["AND", B, 1]))],
  destroySelf: [["SELFDESTRUCT", addressOf(A)]],
  hash: [["repeat", 30, [["MSTORE", SUM, ["KECCAK256", SUM, 64]]]]],
  guard: [
    ["if", ["EQ", ["SLOAD", GUARD], 2], [["REVERT", 0, 0]]],
    ["SSTORE", GUARD, 2],
    ["SSTORE", GUARD, 1],
  ],
  // Calls another contract with one increment of its own.
  forward: [
    ["MSTORE8", ROOM, 1],
    ["MSTORE8", ROOM + 1, B],
    ["MSTORE8", ROOM + 2, 1],
    note(["CALL", ["GAS"], addressOf(A), 0, ROOM, 3, 0, 0]),
  ],
  delegate: [
    ["MSTORE8", ROOM, 3],
    ["MSTORE8", ROOM + 1, B],
    ["MSTORE8", ROOM + 2, 5],
    note(["DELEGATECALL", ["GAS"], addressOf(A), ROOM, 3, 0, 0]),
  ],
  invalid: [["raw", "0xfe"]],
  blockHash: [note(["BLOCKHASH", ["SUB", ["NUMBER"], 1]])],
  clear: [["SSTORE", A, 0]],
  gas: [note(["GAS"])],
};

const NEWER: Readonly<Record<string, readonly Statement[]>> = {
  selfBalance: [note(["SELFBALANCE"])],
  transient: [["TSTORE", A, ["ADD", ["TLOAD", A], 1]], note(["TLOAD", B])],
  create2: [
    ["bytes", ROOM, CHILD_INITCODE],
    [
      "SSTORE",
      ["ADD", CHILDREN, A],
      ["CREATE2", ["AND", B, 1], ROOM, CHILD_LENGTH, A],
    ],
  ],
  hashOfCode: [note(["EXTCODEHASH", addressOf(A)])],
};

export const OPERATION_NAMES: readonly string[] = [
  ...Object.keys(BODIES),
  ...Object.keys(NEWER),
];

/** Calldata for operations. */
export function operationData(
  operations: readonly (readonly [name: string, a: number, b: number])[],
): Uint8Array {
  return Uint8Array.from(
    operations.flatMap(([name, a, b]) => [
      OPERATION_NAMES.indexOf(name) + 1,
      a,
      b,
    ]),
  );
}

/** Runtime code, 0x hex. */
export function randomContract(): string {
  const operand = (index: number): Expression => [
    "BYTE",
    index,
    ["CALLDATALOAD", POSITION],
  ];
  const bodies = Object.values({ ...BODIES, ...NEWER });
  return compileRuntime({
    functions: {},
    setup: [],
    fallback: [
      [
        "repeat",
        OPERATIONS,
        [
          ["MSTORE", 0x60, operand(0)],
          ["MSTORE", 0x20, operand(1)],
          ["MSTORE", 0x40, operand(2)],
          ["MSTORE", 0x80, ["ADD", POSITION, 3]],
          ...bodies.map((body, i): Statement => [
            "if",
            ["EQ", OPERATION, i + 1],
            body,
          ]),
        ],
      ],
      ["RETURN", SUM, 32],
    ],
  });
}
