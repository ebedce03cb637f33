import { createRequire } from "node:module";

import { expect } from "chai";

import { createSolidityError } from "../../src/internal/provider/solidity-error.js";
import {
  ContractFunctionType,
  StackTraceEntryType,
} from "../../src/internal/provider/stack-trace.js";

interface EdrNames {
  readonly StackTraceEntryType: Record<string, number>;
  readonly ContractFunctionType: Record<string, number>;
}

const source = {
  sourceName: "project/contracts/A.sol",
  sourceContent: "",
  contract: "A",
  line: 7,
  range: [0, 1],
};

describe("Solidity stack traces", () => {
  it("have the numbers of EDR", () => {
    const fromHardhat = createRequire(import.meta.resolve("hardhat/config"));
    const edr = fromHardhat("@nomicfoundation/edr") as EdrNames;
    for (const [name, value] of Object.entries(StackTraceEntryType)) {
      expect(edr.StackTraceEntryType[name], name).to.equal(value);
    }
    for (const [name, value] of Object.entries(ContractFunctionType)) {
      expect(edr.ContractFunctionType[name], name).to.equal(value);
    }
  });

  it("stand on top of the JavaScript stack, innermost first", () => {
    const error = createSolidityError(
      "unused",
      [
        {
          type: StackTraceEntryType.CALLSTACK_ENTRY,
          functionType: ContractFunctionType.FUNCTION,
          sourceReference: { ...source, function: "outer" },
        },
        {
          type: StackTraceEntryType.FUNCTION_NOT_PAYABLE_ERROR,
          value: 5n,
          sourceReference: { ...source, function: "inner", line: 9 },
        },
      ],
      "0x",
    );
    const lines = error.stack?.split("\n") ?? [];
    expect(lines.slice(0, 3)).to.deep.equal([
      "SolidityError: Transaction reverted: non-payable function was called with value 5",
      "    at A.inner (contracts/A.sol:9)",
      "    at A.outer (contracts/A.sol:7)",
    ]);
    expect(lines[3]).to.include("test/provider/stack-trace.ts");
    expect(error.solidityStack).to.equal(
      "A.inner (contracts/A.sol:9)\nA.outer (contracts/A.sol:7)",
    );
  });

  it("give way to the network's message when the last entry says nothing", () => {
    const error = createSolidityError(
      "the network's words",
      [
        {
          type: StackTraceEntryType.INTERNAL_FUNCTION_CALLSTACK_ENTRY,
          pc: 12,
          sourceReference: source,
        },
      ],
      "0x",
    );
    expect(error.message).to.equal("the network's words");
    expect(error.solidityStack).to.equal("A.internal@12 (contracts/A.sol)");
  });

  it("name functions that have no name", () => {
    const error = createSolidityError(
      "",
      [
        {
          type: StackTraceEntryType.UNRECOGNIZED_FUNCTION_WITHOUT_FALLBACK_ERROR,
          sourceReference: source,
        },
      ],
      "0x",
    );
    expect(error.solidityStack).to.equal(
      "A.<unrecognized-selector> (contracts/A.sol:7)",
    );
  });
});
