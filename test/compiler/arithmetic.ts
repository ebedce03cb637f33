import type { AssemblyItem } from "../helpers/assembler.js";

import { expect } from "chai";

import { WORD_OPERATIONS } from "../evm/helpers/vocabulary.js";
import { assemble } from "../helpers/assembler.js";
import { opcode } from "../helpers/opcodes.js";
import { callWorld, firstDifference, loopsIn } from "./helpers/compiled.js";

const ALL = 2n ** 256n - 1n;
const WORDS: readonly bigint[] = [
  0n,
  1n,
  2n,
  7n,
  31n,
  64n,
  200n,
  255n,
  256n,
  2n ** 32n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
  2n ** 64n,
  2n ** 127n + 5n,
  2n ** 128n - 1n,
  2n ** 192n - 2n ** 64n,
  2n ** 255n,
  2n ** 255n - 1n,
  ALL,
  ALL - 6n,
  0x123456789abcdef0_fedcba9876543210_0f1e2d3c4b5a6978_8796a5b4c3d2e1f0n,
];
const GAS = [3_000_000n];

/** Three rounds of a loop that adds up (by exclusive or, and a rotation) what `step` leaves on the stack. */
function looped(step: readonly AssemblyItem[]): string {
  const sum = [0, "MLOAD", "DUP1", 1, "SHL", "SWAP1", 255, "SHR", "OR"];
  return assemble([
    ...[3, { label: "loop" }],
    ...[...step, ...sum, "XOR", 0, "MSTORE"],
    ...[1, "SWAP1", "SUB", "DUP1", { ref: "loop" }, "JUMPI"],
    ...[32, 0, "RETURN"],
  ]);
}

/** How the compiler gets to see an operand: as a constant, or not. */
function operand(
  value: bigint,
  offset: number,
  isConstant: boolean,
): AssemblyItem[] {
  return isConstant ? [value] : [offset, "CALLDATALOAD"];
}

function calldata(words: readonly bigint[]): Uint8Array {
  return Buffer.from(
    words.map((word) => word.toString(16).padStart(64, "0")).join(""),
    "hex",
  );
}

describe("words in compiled loops", function () {
  this.timeout(120_000);

  for (const name of WORD_OPERATIONS) {
    it(`${name} gives what the interpreter's gives, whichever operands are constant`, () => {
      const { inputs } = opcode(name);
      const others = inputs > 1 ? WORDS : [0n];
      for (const [i, a] of WORDS.entries()) {
        for (const [j, b] of others.entries()) {
          const c = WORDS[(i * 5 + j * 3) % WORDS.length];
          for (const constant of [0, 1, 2, 4, 6]) {
            const operands = [c, b, a].slice(3 - inputs);
            const step = operands.flatMap((value, at) =>
              operand(value, 32 * at, ((constant >> at) & 1) === 1),
            );
            const world = callWorld(
              looped([...step, name]),
              calldata(operands),
            );
            expect(firstDifference(world, GAS)).to.equal(undefined);
          }
        }
      }
    });
  }

  it("narrow words by masks, shifts and comparisons on the way", () => {
    const narrow: readonly (readonly AssemblyItem[])[] = [
      [0xff, "AND"],
      [2n ** 64n - 1n, "AND"],
      [2n ** 160n - 1n, "AND"],
      [200, "SHR"],
      ["ISZERO"],
      [255, "SAR"],
      [3, "SIGNEXTEND"],
    ];
    for (const first of narrow) {
      for (const second of narrow) {
        for (const name of ["ADD", "SUB", "MUL", "DIV", "LT", "SGT", "EQ"]) {
          for (const [a, b] of [
            [WORDS[20], ALL],
            [ALL, WORDS[12]],
            [2n ** 63n, 1n],
          ]) {
            const step = [0, "CALLDATALOAD", ...first, 32, "CALLDATALOAD"];
            const code = looped([...step, ...second, name]);
            const world = callWorld(code, calldata([a, b]));
            expect(firstDifference(world, GAS)).to.equal(undefined);
          }
        }
      }
    }
  });

  it("are compiled at all", () => {
    const step = [0, "CALLDATALOAD", 32, "CALLDATALOAD", "ADD"];
    expect(loopsIn(callWorld(looped(step)))).to.equal(1);
  });
});
