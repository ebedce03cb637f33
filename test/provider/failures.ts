import type { Pair } from "./helpers/pair.js";

import { AbiCoder } from "ethers";

import { assemble, initcodeFor } from "../helpers/assembler.js";
import { compare } from "./helpers/compare.js";
import { openPair } from "./helpers/pair.js";

const SENDER = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const CONTRACT = "0x00000000000000000000000000000000000c0de0";
const coder = AbiCoder.defaultAbiCoder();

/** Code that reverts with these bytes. */
function reverting(data: string): string {
  const digits = data.slice(2);
  const stores = [];
  for (let at = 0; at < digits.length; at += 64) {
    const word = `0x${digits.slice(at, at + 64).padEnd(64, "0")}`;
    stores.push(word, at / 2, "MSTORE");
  }
  return assemble([...stores, digits.length / 2, 0, "REVERT"]);
}

const error = (reason: string): string =>
  `0x08c379a0${coder.encode(["string"], [reason]).slice(2)}`;
const panic = (code: bigint): string =>
  `0x4e487b71${coder.encode(["uint256"], [code]).slice(2)}`;

const CODES: Record<string, string> = {
  "a revert without data": assemble([0, 0, "REVERT"]),
  "a reason": reverting(error("because")),
  "an empty reason": reverting(error("")),
  "a reason beyond ASCII": reverting(error("höher\nand 'quoted'")),
  "a panic": reverting(panic(0x11n)),
  "an assertion": reverting(panic(0x1n)),
  "an unknown panic": reverting(panic(0x99n)),
  "a custom error": reverting("0x12345678"),
  "raw bytes": reverting("0x01"),
  INVALID: assemble(["INVALID"]),
  "an undefined opcode": assemble([{ raw: "0x0c" }]),
  "stack underflow": assemble(["ADD"]),
  "a bad jump": assemble([0, "JUMP"]),
  "an endless loop": assemble([{ label: "a" }, { ref: "a" }, "JUMP"]),
  "return data out of bounds": assemble([1, 0, 0, "RETURNDATACOPY"]),
  "memory beyond all gas": assemble([0, 0xffffff00n, "MSTORE"]),
  "memory beyond 32 bits": assemble([0, 0x1ffffffffn, "MSTORE"]),
  "memory beyond 64 bits": assemble([0, 2n ** 70n, "MSTORE"]),
};

const INITCODES: Record<string, string> = {
  "a constructor that reverts": assemble([0, 0, "REVERT"]),
  "a constructor that gives a reason": reverting(error("no")),
  "a constructor that halts": assemble(["INVALID"]),
  "code that begins with 0xef": initcodeFor("0xef"),
  "code that is too large": assemble([0x6001, 0, "RETURN"]),
  "initcode that is too large": `0x${"5f".repeat(49153)}`,
  "no code": "0x",
};

const GAS = "0x30000";

describe("failed executions are told as by EDR", () => {
  let pair: Pair;

  async function attempt(request: Record<string, unknown>): Promise<void> {
    await compare(pair, ["eth_call", { ...request, gas: GAS }]);
    await compare(pair, ["eth_estimateGas", { ...request, gas: GAS }]);
    await compare(pair, ["eth_sendTransaction", { ...request, gas: GAS }]);
    await compare(pair, ["eth_blockNumber"]);
  }

  describe("by throwing", () => {
    before(async () => {
      pair = await openPair();
    });

    after(async () => {
      await pair.close();
    });

    for (const [name, code] of Object.entries(CODES)) {
      it(name, async () => {
        await compare(pair, ["hardhat_setCode", CONTRACT, code]);
        await attempt({ from: SENDER, to: CONTRACT });
      });
    }

    for (const [name, data] of Object.entries(INITCODES)) {
      it(name, async () => {
        await attempt({ from: SENDER, data });
      });
    }

    it("precompiles given nonsense", async () => {
      for (const [number, data] of [
        ["06", `0x${"01".repeat(64)}`],
        ["08", "0x01"],
        ["09", "0x"],
        ["0a", "0x00"],
        ["05", `0x${"ff".repeat(96)}`],
        ["01", "0x"],
        ["04", "0x1234"],
        ["0100", "0x"],
      ]) {
        await attempt({
          from: SENDER,
          to: `0x${number.padStart(40, "0")}`,
          data,
        });
      }
    });

    it("requests that cannot be executed", async () => {
      const call = { from: SENDER, to: CONTRACT };
      for (const extra of [
        { gas: "0x1" },
        { gas: "0x1000001" },
        { gas: "0xffffffffffffffff" },
        { gasPrice: "0x1", maxFeePerGas: "0x1" },
        { maxFeePerGas: "0x1", maxPriorityFeePerGas: "0x2" },
        { blobs: [] },
        { authorizationList: [] },
        { to: undefined },
      ]) {
        await compare(pair, ["eth_call", { ...call, ...extra }]);
        await compare(pair, ["eth_estimateGas", { ...call, ...extra }]);
        await compare(pair, ["eth_sendTransaction", { ...call, ...extra }]);
      }
      await compare(pair, ["eth_call", call, "0x99"]);
      const both = { state: {}, stateDiff: {} };
      await compare(pair, ["eth_call", call, "latest", { [CONTRACT]: both }]);
    });
  });

  describe("by returning, when calls and transactions must not throw", () => {
    before(async () => {
      pair = await openPair({
        throwOnCallFailures: false,
        throwOnTransactionFailures: false,
      });
    });

    after(async () => {
      await pair.close();
    });

    for (const [name, code] of Object.entries(CODES)) {
      it(name, async () => {
        await compare(pair, ["hardhat_setCode", CONTRACT, code]);
        await attempt({ from: SENDER, to: CONTRACT });
      });
    }
  });
});
