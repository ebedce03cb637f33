import { readFileSync } from "node:fs";

import { expect } from "chai";

import * as status from "../../src/internal/stack-traces/status.js";

/** The numbers, from where they are defined. */
function readStatuses(): Map<string, number> {
  const source = readFileSync(
    new URL("../../assembly/status.ts", import.meta.url),
    "utf8",
  );
  return new Map(
    [...source.matchAll(/export const (\w+): u32 = (0x\w+);/g)].map(
      ([, name = "", value]) => [name, Number(value)],
    ),
  );
}

describe("statuses as stack traces see them", () => {
  const statuses = readStatuses();
  const named = (question: (value: number) => boolean): string[] =>
    [...statuses]
      .filter(([name, value]) => question(value) && !name.startsWith("NEEDS"))
      .filter(([, value]) => value < 0x40)
      .map(([name]) => name);

  it("are those of the core", () => {
    expect(named(status.isRevert)).to.deep.equal(["REVERT"]);
    expect(named(status.isCodeTooLarge)).to.deep.equal([
      "HALT_CODE_SIZE_LIMIT",
    ]);
    expect(named(status.isInvalidOpcode)).to.deep.equal([
      "HALT_OPCODE_NOT_FOUND",
      "HALT_INVALID_OPCODE",
      "HALT_INVALID_IMMEDIATE",
    ]);
    expect(named(status.isRevertOrNotMade)).to.deep.equal([
      "REVERT",
      "REVERT_CALL_TOO_DEEP",
      "REVERT_OUT_OF_FUNDS",
    ]);
    expect(named(status.isOutOfGas)).to.have.members([
      "HALT_OUT_OF_GAS",
      "HALT_MEMORY_OUT_OF_GAS",
      "HALT_INVALID_OPERAND_OUT_OF_GAS",
      "HALT_REENTRANCY_SENTRY",
      "HALT_PRECOMPILE_OUT_OF_GAS",
      "HALT_MEMORY_LIMIT",
      "HALT_CODE_DEPOSIT_OUT_OF_GAS",
    ]);
    expect(named((value) => !status.isFailure(value))).to.deep.equal([
      "OK_STOP",
      "OK_RETURN",
      "OK_SELFDESTRUCT",
    ]);
  });
});
