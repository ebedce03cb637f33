import type { ParamType } from "ethers";
import type { AbiParameter } from "../../src/internal/abi/abi-types.js";

import { expect } from "chai";
import { AbiCoder, getAddress, Interface } from "ethers";
import fc from "fast-check";

import {
  AbiDecodingError,
  decodeAbi,
} from "../../src/internal/abi/abi-decoder.js";
import { formatAbiValue } from "../../src/internal/abi/abi-format.js";
import {
  canonicalType,
  parseAbiType,
} from "../../src/internal/abi/abi-types.js";
import { toChecksumAddress } from "../../src/internal/abi/checksum-address.js";
import { selectorOf } from "../../src/internal/abi/selector.js";

const coder = AbiCoder.defaultAbiCoder();

function decode(types: readonly AbiParameter[], hex: string): string {
  return decodeAbi(types.map(parseAbiType), Buffer.from(hex.slice(2), "hex"))
    .map(formatAbiValue)
    .join(", ");
}

const point: AbiParameter = {
  type: "tuple",
  components: [{ type: "int256" }, { type: "string" }],
};

describe("ABI decoder", () => {
  const cases: Array<[AbiParameter, unknown, string]> = [
    [{ type: "uint256" }, 2n ** 256n - 1n, String(2n ** 256n - 1n)],
    [{ type: "uint8" }, 255, "255"],
    [{ type: "uint" }, 3, "3"],
    [{ type: "int8" }, -5, "-5"],
    [{ type: "int256" }, -(2n ** 255n), String(-(2n ** 255n))],
    [{ type: "bool" }, true, "true"],
    [{ type: "bool" }, false, "false"],
    [
      { type: "address" },
      "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
      '"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"',
    ],
    [{ type: "bytes4" }, "0x12345678", '"0x12345678"'],
    [{ type: "bytes" }, "0x", '"0x"'],
    [{ type: "bytes" }, `0x${"ab".repeat(33)}`, `"0x${"ab".repeat(33)}"`],
    [{ type: "string" }, 'größer "x"', '"größer "x""'],
    [{ type: "uint256[]" }, [], "[]"],
    [{ type: "uint8[2]" }, [1, 2], "[1, 2]"],
    [{ type: "string[]" }, ["a", "b"], '["a", "b"]'],
    [{ type: "uint256[][2]" }, [[1], [2, 3]], "[[1], [2, 3]]"],
    [point, [-1, "p"], '[-1, "p"]'],
    [
      { ...point, type: "tuple[2][]" },
      [
        [
          [1, "a"],
          [2, "b"],
        ],
      ],
      '[[[1, "a"], [2, "b"]]]',
    ],
  ];
  for (const [parameter, value, text] of cases) {
    it(`decodes ${canonicalType(parameter)} ${text}`, () => {
      const data = coder.encode([canonicalType(parameter)], [value]);
      expect(decode([parameter], data)).to.equal(text);
    });
  }

  it("agrees with ethers on random values", () => {
    const leaf = fc.constantFrom(
      "uint256",
      "int16",
      "address",
      "bytes",
      "bytes3",
      "string",
      "bool",
    );
    const suffix = fc.constantFrom("", "[]", "[2]", "[][1]");
    const types = fc.array(
      fc.tuple(leaf, suffix).map((parts) => parts.join("")),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(types, fc.infiniteStream(fc.nat(255)), (names, numbers) => {
        const next = (): number => {
          const { value } = numbers.next();
          return typeof value === "number" ? value : 0;
        };
        const values = names.map((name) => valueFor(name, next));
        const data = coder.encode(names, values);
        const expected = names.map((name, index) =>
          format(name, values[index]),
        );
        expect(
          decode(
            names.map((type) => ({ type })),
            data,
          ),
        ).to.equal(expected.join(", "));
      }),
      { numRuns: 100 },
    );
  });

  it("refuses data that is too short, and offsets and lengths that lead out of it", () => {
    const word = (value: string): string => value.padStart(64, "0");
    for (const [type, data] of [
      ["uint256", "0x"],
      ["uint256", `0x${"00".repeat(31)}`],
      ["string", `0x${word("20")}`],
      ["string", `0x${word("20")}${word("5")}`],
      ["string", `0x${"ff".repeat(32)}`],
      ["bytes", `0x${word("1000")}`],
      ["uint256[]", `0x${word("20")}${"ff".repeat(32)}`],
      ["uint256[]", `0x${word("20")}${word("2")}${word("1")}`],
      ["uint256[0][]", `0x${word("20")}${word("ffffff")}`],
    ] as const) {
      expect(() => decode([{ type }], data), `${type} ${data}`).to.throw(
        AbiDecodingError,
      );
    }
  });

  it("takes dirty padding and trailing data as Hardhat does", () => {
    const dirty = `0x${"ff".repeat(32)}`;
    expect(decode([{ type: "uint8" }], dirty)).to.equal("255");
    expect(decode([{ type: "bool" }], dirty)).to.equal("true");
    expect(decode([{ type: "address" }], `${dirty}00`)).to.equal(
      `"${getAddress(`0x${"ff".repeat(20)}`)}"`,
    );
  });

  it("refuses types that the ABI does not know", () => {
    expect(() => parseAbiType({ type: "uint256]" })).to.throw(
      RangeError,
      'expected an ABI type, got "uint256]"',
    );
  });
});

describe("selectors", () => {
  it("are those of ethers, with structs in their place", () => {
    const abi = new Interface([
      "function transfer(address,uint256)",
      "function f((int256 x,string y)[2] points, bytes4)",
    ]);
    abi.forEachFunction((fragment) => {
      const parameters = fragment.inputs.map(toParameter);
      expect(selectorOf(fragment.name, parameters)).to.equal(
        fragment.selector.slice(2),
      );
    });
  });
});

describe("checksum addresses", () => {
  it("are those of ethers", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
        expect(toChecksumAddress(bytes)).to.equal(
          getAddress(`0x${Buffer.from(bytes).toString("hex")}`),
        );
      }),
    );
  });
});

function toParameter(type: ParamType): AbiParameter {
  const json: unknown = JSON.parse(type.format("json"));
  return json as AbiParameter;
}

function valueFor(name: string, next: () => number): unknown {
  const array = /^(.*)\[(\d*)\]$/.exec(name);
  if (array !== null) {
    const length = array[2] === "" ? next() % 3 : Number(array[2]);
    return Array.from({ length }, () => valueFor(array[1] ?? "", next));
  }
  const bytes = (length: number): string => {
    const values = Array.from({ length }, next);
    return `0x${Buffer.from(values).toString("hex")}`;
  };
  switch (name) {
    case "uint256":
      return BigInt(bytes(32));
    case "int16":
      return next() * 256 + next() - 32768;
    case "address":
      return getAddress(bytes(20));
    case "bytes":
      return bytes(next() % 70);
    case "bytes3":
      return bytes(3);
    case "string":
      return "ä".repeat(next() % 40);
    default:
      return next() % 2 === 1;
  }
}

function format(name: string, value: unknown): string {
  if (Array.isArray(value)) {
    const of = name.slice(0, name.lastIndexOf("["));
    return `[${value.map((item) => format(of, item)).join(", ")}]`;
  }
  return typeof value === "string" ? `"${value}"` : String(value);
}
