import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { BuildInfo } from "../../src/internal/stack-traces/build-info.js";

const compiled = (object: string, error: string) => ({
  abi: [{ type: "error", name: error, inputs: [] }],
  evm: { bytecode: { object }, deployedBytecode: { object } },
});

describe("codes of a build info", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "build-info-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** The codes in the files, as hex. */
  const codesOf = (
    output: object | string,
    info: object = { solcVersion: "0.8.28", input: { sources: {} } },
  ): string[] => {
    const paths = [join(folder, "a.json"), join(folder, "a.output.json")];
    writeFileSync(paths[0], JSON.stringify(info));
    writeFileSync(
      paths[1],
      typeof output === "string" ? output : JSON.stringify({ output }),
    );
    return new BuildInfo(paths[0], paths[1])
      .readCodes()
      .map(({ code }) => Buffer.from(code).toString("hex"));
  };
  const contracts = { "a.sol": { A: compiled("6001", "One") } };

  it("are read without the syntax trees, which need not even be whole", () => {
    expect(
      codesOf(
        `{"output":{"contracts":${JSON.stringify(contracts)},"sources":{"a.sol":{"ast":`,
      ),
    ).to.deep.equal(["6001", "6001"]);
  });

  it("are found when the compiler's output is laid out otherwise", () => {
    const sources = { "a.sol": { id: 0 } };
    expect(codesOf({ sources, contracts })).to.deep.equal(["6001", "6001"]);
    expect(codesOf({ contracts })).to.deep.equal(["6001", "6001"]);
  });

  it("are found when a contract is called as the trees are", () => {
    expect(
      codesOf({
        contracts: {
          "a.sol": {
            A: compiled("6001", "One"),
            sources: compiled("6002", "Two"),
          },
        },
        sources: {},
      }),
    ).to.deep.equal(["6001", "6001", "6002", "6002"]);
  });

  it("are none of compilers whose maps cannot be trusted, and of other languages", () => {
    const input = { sources: {} };
    for (const info of [
      { solcVersion: "0.4.26", input },
      { solcVersion: "0.4.1", compilerType: "vyper", input },
    ]) {
      expect(codesOf({ contracts }, info)).to.deep.equal([]);
    }
  });

  it("leave out what has no code", () => {
    const abstract = { "a.sol": { A: compiled("", "One") } };
    expect(codesOf({ contracts: abstract })).to.deep.equal([]);
  });
});
