import { expect } from "chai";
import { AbiCoder, id } from "ethers";
import fc from "fast-check";

import { decodeConsoleLogs } from "../../src/internal/provider/console/decode.js";
import { CONSOLE_SIGNATURES } from "../../src/internal/provider/console/signatures.js";

interface HardhatDecoder {
  getDecodedLogs(calls: Buffer[]): string[];
}

/** Hardhat's own decoder, which it does not export. */
async function hardhatDecoder(): Promise<HardhatDecoder> {
  const url = new URL(
    "./internal/builtin-plugins/network-manager/edr/utils/console-logger.js",
    import.meta.resolve("hardhat/config"),
  );
  const module = (await import(url.href)) as { ConsoleLogger: HardhatDecoder };
  return module.ConsoleLogger;
}

function encode(types: readonly string[], values: readonly unknown[]): Buffer {
  const selector = id(`log(${types.join(",")})`).slice(0, 10);
  const data = AbiCoder.defaultAbiCoder().encode(types, values);
  return Buffer.from(selector.slice(2) + data.slice(2), "hex");
}

const integer = (min: bigint, max: bigint): fc.Arbitrary<unknown> =>
  fc.bigInt({ min, max });
const bytes = (length: number): fc.Arbitrary<unknown> =>
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((value) => `0x${Buffer.from(value).toString("hex")}`);

const VALUES: Record<string, fc.Arbitrary<unknown>> = {
  uint256: integer(0n, 2n ** 256n - 1n),
  string: fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc
      .array(fc.constantFrom("%d", "%i", "%s", "%%", "%", "%j", "%o", "x", " "))
      .map((parts) => parts.join("")),
  ),
  bool: fc.boolean(),
  address: bytes(20),
};

describe("console.log of contracts", () => {
  it("prints formats, numbers of any size and every type", () => {
    expect(
      decodeConsoleLogs([
        encode(["string", "uint256"], ["%d apples", 2n ** 255n]),
        encode(["string", "uint256"], ["%%d apples", 5]),
        encode(["int256"], [-1n]),
        encode(["bytes"], ["0x1234"]),
        encode(["bytes3"], ["0x123456"]),
        encode(["bool", "address"], [true, `0x${"ab".repeat(20)}`]),
        encode([], []),
      ]),
    ).to.deep.equal([
      `${2n ** 255n} apples`,
      "%d apples 5",
      "-1",
      "0x1234",
      "0x123456",
      `true 0x${"ab".repeat(20)}`,
      "",
    ]);
  });

  it("leaves out what is no call of console.sol", () => {
    const calls = ["", "12", "12345678", "12345678".repeat(20)];
    expect(
      decodeConsoleLogs(calls.map((call) => Buffer.from(call, "hex"))),
    ).to.deep.equal([]);
  });

  it("knows every signature that Hardhat knows", async () => {
    const url = new URL(
      "./internal/builtin-plugins/network-manager/edr/utils/console-log-signatures.js",
      import.meta.resolve("hardhat/config"),
    );
    const { CONSOLE_LOG_SIGNATURES } = (await import(url.href)) as {
      CONSOLE_LOG_SIGNATURES: Record<number, string[]>;
    };
    const ours = CONSOLE_SIGNATURES.trim()
      .split(/\s+/)
      .map((entry) => parseInt(entry.slice(0, 8), 16));
    const theirs = Object.keys(CONSOLE_LOG_SIGNATURES).map(Number);
    expect(new Set(ours)).to.deep.equal(new Set(theirs));
  });

  it("reads as Hardhat's decoder does", async () => {
    const decoder = await hardhatDecoder();
    const call = fc
      .array(fc.constantFrom(...Object.keys(VALUES)), { maxLength: 4 })
      .chain((types) =>
        fc
          .tuple(...types.map((type) => VALUES[type]))
          .map((values) => encode(types, values)),
      );
    fc.assert(
      fc.property(call, (calldata) => {
        expect(decodeConsoleLogs([calldata])).to.deep.equal(
          decoder.getDecodedLogs([calldata]),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("survives truncated and random calldata", () => {
    const selectors = CONSOLE_SIGNATURES.trim()
      .split(/\s+/)
      .map((entry) => entry.slice(0, 8));
    fc.assert(
      fc.property(
        fc.constantFrom(...selectors),
        fc.uint8Array({ maxLength: 200 }),
        (selector, data) => {
          const call = Buffer.concat([Buffer.from(selector, "hex"), data]);
          expect(decodeConsoleLogs([call])).to.have.lengthOf(1);
        },
      ),
    );
  });
});
