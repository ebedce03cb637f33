import type { Chain } from "../../src/internal/chain/chain-interface.js";
import type { ExecutionResult } from "../../src/internal/chain/types.js";
import type { ExecutionFailure } from "../../src/internal/provider/failure.js";

import { readFileSync } from "node:fs";
import { inspect } from "node:util";

import { expect } from "chai";
import { AbiCoder } from "ethers";

import { genericExplainer } from "../../src/internal/provider/failure.js";
import { ProviderError } from "../../src/internal/provider/rpc-errors.js";
import { SolidityError } from "../../src/internal/provider/solidity-error.js";

const TO = "0x00000000000000000000000000000000000c0de0";
const HASH = `0x${"12".repeat(32)}` as const;
const source = readFileSync(
  new URL("../../assembly/status.ts", import.meta.url),
  "utf8",
);

/** The core's code of a status. */
function status(name: string): number {
  const match = new RegExp(`const ${name}: u32 = (0x[0-9a-f]+);`).exec(source);
  expect(match, name).to.not.equal(null);
  return Number(match?.[1]);
}

function failure(
  name: string,
  output = "0x",
  rest: Partial<ExecutionFailure> = {},
): ExecutionFailure {
  const result: Partial<ExecutionResult> = {
    status: status(name),
    output: Buffer.from(output.slice(2), "hex"),
  };
  return {
    result: result as ExecutionResult,
    rerun: { kind: "transaction", hash: HASH },
    to: TO,
    transactionHash: undefined,
    ...rest,
  };
}

function explain(of: ExecutionFailure): Error & Record<string, unknown> {
  const chain: unknown = undefined;
  return genericExplainer.explain(of, chain as Chain) as Error &
    Record<string, unknown>;
}

const coder = AbiCoder.defaultAbiCoder();
const error = (reason: string): string =>
  `0x08c379a0${coder.encode(["string"], [reason]).slice(2)}`;
const panic = (code: bigint): string =>
  `0x4e487b71${coder.encode(["uint256"], [code]).slice(2)}`;
const VM = "VM Exception while processing transaction: ";

describe("failures of unknown contracts", () => {
  const reverts: ReadonlyArray<readonly [string, string]> = [
    [error("because"), `${VM}reverted with reason string 'because'`],
    [error(""), `${VM}reverted with reason string ''`],
    [
      panic(0x11n),
      `${VM}reverted with panic code 0x11 (Arithmetic operation overflowed outside of an unchecked block)`,
    ],
    [panic(0x99n), `${VM}reverted with unknown panic code 0x99`],
    [
      "0x12345678",
      `${VM}reverted with an unrecognized custom error (return data: 0x12345678)`,
    ],
    [
      "0x08c379a0",
      `${VM}reverted with an unrecognized custom error (return data: 0x08c379a0)`,
    ],
    ["0x", "Transaction reverted without a reason string"],
  ];
  for (const [data, message] of reverts) {
    it(`revert with ${data.slice(0, 20)}…: ${message}`, () => {
      const thrown = explain(failure("REVERT", data));
      expect(thrown).to.be.instanceOf(SolidityError);
      expect(thrown).to.include({
        name: "SolidityError",
        code: 3,
        message,
        data,
        transactionHash: null,
      });
    });
  }

  const halts: ReadonlyArray<readonly [string, string]> = [
    ["HALT_OPCODE_NOT_FOUND", `${VM}invalid opcode`],
    ["HALT_INVALID_OPCODE", `${VM}invalid opcode`],
    ["HALT_INVALID_IMMEDIATE", `${VM}invalid opcode`],
    ["HALT_STACK_UNDERFLOW", "Transaction reverted without a reason string"],
    ["HALT_INVALID_JUMP", "Transaction reverted without a reason string"],
    [
      "HALT_CODE_SIZE_LIMIT",
      "Transaction reverted: trying to deploy a contract whose code is too large",
    ],
    [
      "HALT_CODE_STARTS_WITH_EF",
      `${VM}reverted with an unrecognized custom error (return data: 0xef)`,
    ],
  ];
  for (const [name, message] of halts) {
    it(`${name}: ${message}`, () => {
      const thrown = explain(failure(name, "0x1234"));
      expect(thrown.message).to.equal(message);
      expect(thrown.data).to.equal("0x");
    });
  }

  const gas: ReadonlyArray<readonly [string, string]> = [
    ["HALT_OUT_OF_GAS", "Basic"],
    ["HALT_MEMORY_OUT_OF_GAS", "Memory"],
    ["HALT_INVALID_OPERAND_OUT_OF_GAS", "InvalidOperand"],
    ["HALT_REENTRANCY_SENTRY", "ReentrancySentry"],
    ["HALT_PRECOMPILE_OUT_OF_GAS", "Precompile"],
    ["HALT_MEMORY_LIMIT", "MemoryLimit"],
    ["HALT_CODE_DEPOSIT_OUT_OF_GAS", "Basic"],
  ];
  for (const [name, kind] of gas) {
    it(`${name}: a provider error, out of gas (${kind})`, () => {
      const thrown = explain(failure(name, "0x", { transactionHash: HASH }));
      expect(ProviderError.isProviderError(thrown)).to.equal(true);
      expect(thrown).to.include({
        name: "ProviderError",
        code: -32000,
        message: "Transaction ran out of gas",
      });
      expect(thrown.data).to.deep.equal({
        reason: { OutOfGas: kind },
        data: "0x",
        transactionHash: HASH,
      });
    });
  }

  it("carries the transaction's hash and where it happened", () => {
    const thrown = explain(failure("REVERT", "0x", { transactionHash: HASH }));
    expect(thrown.transactionHash).to.equal(HASH);
    expect(thrown.solidityStack).to.equal(
      `<UnrecognizedContract>.<unknown> (${TO})`,
    );
    expect(thrown.stack?.split("\n").slice(0, 2)).to.deep.equal([
      "SolidityError: Transaction reverted without a reason string",
      `    at <UnrecognizedContract>.<unknown> (${TO})`,
    ]);
    expect(inspect(thrown)).to.equal(thrown.stack);
  });

  it("names the constructor when a contract was to be created", () => {
    const thrown = explain(failure("REVERT", "0x", { to: undefined }));
    expect(thrown.solidityStack).to.equal(
      "<UnrecognizedContract>.constructor (unknown)",
    );
  });

  it("has the properties of Hardhat's error, in its order", () => {
    const thrown = explain(failure("REVERT"));
    expect(Object.keys(thrown)).to.deep.equal([
      "stackTrace",
      "data",
      "transactionHash",
      "code",
      "solidityStack",
      "name",
    ]);
  });

  it("lets the stack be replaced", () => {
    const thrown = explain(failure("REVERT"));
    thrown.stack = "mine";
    expect(thrown.stack).to.equal("mine");
  });
});
