import type { Answer, Pair } from "./helpers/pair.js";

import { expect } from "chai";
import { TypedDataEncoder } from "ethers";

import { typedData } from "../../src/internal/provider/typed-data/param.js";
import { typedDataHash } from "../../src/internal/provider/typed-data/typed-data.js";
import { ask, openPair } from "./helpers/pair.js";

const ADDRESS = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

const mail = {
  types: {
    EIP712Domain: [
      { name: "name", type: "string" },
      { name: "version", type: "string" },
      { name: "chainId", type: "uint256" },
      { name: "verifyingContract", type: "address" },
      { name: "salt", type: "bytes32" },
    ],
    Person: [
      { name: "name", type: "string" },
      { name: "wallets", type: "address[]" },
    ],
    Mail: [
      { name: "from", type: "Person" },
      { name: "to", type: "Person[2]" },
      { name: "contents", type: "string" },
      { name: "attachment", type: "bytes" },
      { name: "tag", type: "bytes4" },
      { name: "stamp", type: "int64" },
      { name: "price", type: "uint256" },
      { name: "isUrgent", type: "bool" },
      { name: "matrix", type: "uint8[2][]" },
    ],
  },
  primaryType: "Mail",
  domain: {
    name: "Ether Mail",
    version: "1",
    chainId: 31337,
    verifyingContract: "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC",
    salt: `0x${"12".repeat(32)}`,
  },
  message: {
    from: { name: "Cow", wallets: [ADDRESS] },
    to: [
      { name: "Bob", wallets: [] },
      { name: "Böb", wallets: [ADDRESS, ADDRESS] },
    ],
    contents: "Hello, Bob!",
    attachment: "0x1234",
    tag: "0xdeadbeef",
    stamp: -5,
    price: "1000000000000000000",
    isUrgent: true,
    matrix: [
      [1, 2],
      [3, 4],
    ],
  },
};

type Person = Record<string, unknown>;

/** A message with one field of a type. */
function withField(type: string, value: unknown): Person {
  return {
    types: { T: [{ name: "x", type }] },
    primaryType: "T",
    domain: {},
    message: { x: value },
  };
}

function changed(change: (data: Record<string, Person>) => void): unknown {
  const copy = structuredClone(mail) as unknown as Record<string, Person>;
  change(copy);
  return copy;
}

describe("typed data", () => {
  it("hash to what ethers computes", () => {
    const { EIP712Domain: _, ...types } = mail.types;
    const expected = TypedDataEncoder.hash(mail.domain, types, mail.message);
    const hash = typedDataHash(typedData.parse(mail));
    expect(`0x${Buffer.from(hash).toString("hex")}`).to.equal(expected);
  });

  describe("are signed, or refused, as by EDR", () => {
    let pair: Pair;

    before(async () => {
      pair = await openPair();
    });

    after(async () => {
      await pair.close();
    });

    const cases: Record<string, unknown> = {
      "the whole message": mail,
      "its JSON": JSON.stringify(mail),
      "no domain type": changed((data) => delete data.types.EIP712Domain),
      "no domain": changed((data) => Object.assign(data, { domain: null })),
      "an empty domain": changed((data) => Object.assign(data, { domain: {} })),
      "an unknown domain field": changed((data) => (data.domain.foo = 1)),
      "a chain id in hex": changed((data) => (data.domain.chainId = "0x1")),
      "a bad chain id": changed((data) => (data.domain.chainId = "zz")),
      "a short salt": changed((data) => (data.domain.salt = "0x11")),
      "no types": changed((data) => Object.assign(data, { types: undefined })),
      "no primary type": changed((data) =>
        Object.assign(data, { primaryType: undefined }),
      ),
      "an unknown primary type": changed((data) =>
        Object.assign(data, { primaryType: "Foo" }),
      ),
      "the domain as primary type": changed((data) =>
        Object.assign(data, { primaryType: "EIP712Domain" }),
      ),
      "no message": changed((data) =>
        Object.assign(data, { message: undefined }),
      ),
      "a missing field": changed((data) => delete data.message.contents),
      "an extra field": changed((data) => (data.message.foo = 1)),
      "a field that is null": changed((data) => (data.message.from = null)),
      "an array of the wrong length": changed((data) => (data.message.to = [])),
      "an unknown field type": withField("foo", 1),
      "a type that is no type": withField("address payable", ADDRESS),
      "a type of impossible size": withField("uint7", 1),
      "a type that contains itself": withField("T", {}),
      "a type whose array it contains": withField("T[]", []),
      garbage: "garbage",
    };
    const fields: Record<string, unknown[]> = {
      uint8: [255, 256, "255", "0xff", "300", -1, "", "1e3", true, null],
      uint256: [1.5, 1e20, 1e21, "0x", "1_000", `0x${"f".repeat(64)}`, "zz"],
      uint: [7],
      int8: [127, 128, -128, -129, "-5", "-0x5", "+5", "5 ", "zz"],
      int256: ["0x8000", -5, "-5", ""],
      bool: [true, false, "true", "false", 1, "yes"],
      string: ["", "hällo", 5, null],
      bytes: ["0x", "0x1234", "1234", "0x1", "hello", [1, 2], [256]],
      bytes4: ["0x12345678", "0x1234", "0x1234567890", [1, 2, 3, 4]],
      bytes32: [`0x${"12".repeat(32)}`, "0x12"],
      address: [ADDRESS, ADDRESS.toUpperCase(), ADDRESS.slice(2), "0x12", 1],
      function: [`0x${"11".repeat(24)}`, "0x11"],
      "uint8[]": [[], [1, "2"], [256], 1],
      "uint8[2]": [[1, 2], [1]],
      "string[][]": [[["a"], []], ["a"]],
    };
    for (const [type, values] of Object.entries(fields)) {
      for (const value of values) {
        cases[`${JSON.stringify(value)} as ${type}`] = withField(type, value);
      }
    }

    for (const [name, data] of Object.entries(cases)) {
      it(name, async () => {
        const answers: Answer[] = [];
        for (const provider of [pair.edr, pair.ours]) {
          answers.push(
            await ask(provider, "eth_signTypedData_v4", [ADDRESS, data]),
          );
        }
        // Requests count from one on either side, but not in step.
        const [edr, ours] = answers.map((answer) =>
          JSON.parse(JSON.stringify(answer).replaceAll(/"id":\d+/g, '"id":0')),
        ) as Answer[];
        const withoutColumn = (answer: Answer): unknown =>
          JSON.parse(JSON.stringify(answer).replace(/ column \d+/, ""));
        expect(withoutColumn(ours)).to.deep.equal(withoutColumn(edr));
      });
    }
  });
});
