import type { AssemblyItem } from "../helpers/assembler.js";

import { expect } from "chai";

import { executeOnCore } from "../evm/helpers/core-engine.js";
import { assemble } from "../helpers/assembler.js";
import {
  callWorld,
  compiling,
  firstDifference,
  loopsIn,
} from "./helpers/compiled.js";

const CLOSE = [1, "SWAP1", "SUB", "DUP1", { ref: "loop" }, "JUMPI"];

/** A loop with memory that grows, storage, hashing, a branch and an internal function. */
const BUSY = assemble([
  ...[5, { label: "loop" }],
  ...[{ ref: "back" }, "DUP2", { ref: "double" }, "JUMP", { label: "back" }],
  ...["DUP1", "DUP3", 5, "SHL", "MSTORE", "POP"],
  ...["DUP1", "SLOAD", 1, "ADD", "DUP2", "SSTORE"],
  ...["DUP1", 3, "AND", { ref: "skip" }, "JUMPI"],
  ...[64, 0, "KECCAK256", 0, "MSTORE", { label: "skip" }],
  ...["DUP1", 10, "EXP", 300, "MSTORE8", "MSIZE", 3, "SSTORE"],
  ...CLOSE,
  ...[512, 0, "RETURN"],
  ...[{ label: "double" }, "DUP1", "ADD", "SWAP1", "JUMP"],
]);

describe("the limits of compiled loops", function () {
  this.timeout(120_000);

  it("are the interpreter's, wherever the gas runs out", () => {
    const world = callWorld(BUSY);
    expect(loopsIn(world)).to.be.greaterThan(0);
    const { gasUsed } = compiling("off", () => executeOnCore(world));
    const dense = Array.from({ length: 2000 }, (_, i) => 21_000n + BigInt(i));
    const wide = Array.from(
      { length: 2500 },
      (_, i) => 23_000n + (BigInt(i) * (gasUsed - 22_900n)) / 2500n,
    );
    expect(firstDifference(world, [...dense, ...wide])).to.equal(undefined);
  });

  for (const [what, body] of [
    ["grows", ["DUP1", "DUP1", "DUP1", "POP", "POP", "POP"]],
    ["is dug into", ["DUP9", "POP"]],
    ["is exchanged deep down", ["SWAP9", "SWAP9"]],
  ] as const satisfies readonly (readonly [
    string,
    readonly AssemblyItem[],
  ])[]) {
    it(`are the interpreter's, where the stack ${what}`, () => {
      for (const below of [
        0, 3, 7, 8, 9, 500, 1018, 1019, 1020, 1021, 1022, 1023,
      ]) {
        const items = [
          ...Array.from({ length: below }, () => "CALLDATASIZE"),
          ...[4, { label: "loop" }, ...body, ...CLOSE, "STOP"],
        ];
        const world = callWorld(assemble(items));
        expect(firstDifference(world, [3_000_000n])).to.equal(undefined);
      }
    });
  }

  it("are the interpreter's, where memory ends", () => {
    for (const offset of [
      0n,
      2n ** 32n - 32n,
      2n ** 32n,
      2n ** 64n - 32n,
      2n ** 64n,
      2n ** 255n,
    ]) {
      for (const access of [
        ["MLOAD", "POP"],
        ["DUP2", "SWAP1", "MSTORE"],
        ["DUP2", "SWAP1", "MSTORE8"],
      ]) {
        // The second round goes there, the first to the beginning.
        const at = [2, "DUP2", "EQ", "ISZERO", offset, "MUL"];
        const items = [
          2,
          { label: "loop" },
          ...at,
          ...access,
          ...CLOSE,
          "STOP",
        ];
        const world = callWorld(assemble(items));
        expect(firstDifference(world, [3_000_000n])).to.equal(undefined);
      }
    }
  });
});
