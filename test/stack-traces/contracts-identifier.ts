import type { CodeGap } from "../../src/internal/stack-traces/model/compiled-code.js";

import { expect } from "chai";

import { ContractsIdentifier } from "../../src/internal/stack-traces/contracts-identifier.js";
import { Bytecode } from "../../src/internal/stack-traces/model/bytecode.js";
import { AbiErrors } from "../../src/internal/stack-traces/model/compiled-code.js";
import { Contract } from "../../src/internal/stack-traces/model/contract.js";
import {
  SourceFile,
  SourceLocation,
} from "../../src/internal/stack-traces/model/source.js";

const file = new SourceFile("a.sol", "");

// PUSH1 1, PUSH1 2, REVERT, INVALID, then metadata
const BODY = "60016002fdfe";

function known(
  hex: string,
  options: { isDeployment?: boolean; gaps?: CodeGap[] } = {},
): Bytecode {
  return new Bytecode({
    contract: new Contract(
      "A",
      false,
      new SourceLocation(file, 0, 0),
      [],
      new AbiErrors([]),
    ),
    isDeployment: options.isDeployment ?? false,
    code: Buffer.from(hex, "hex"),
    gaps: options.gaps ?? [],
    compilerVersion: "0.8.28",
    sourceMap: "",
    files: new Map(),
  });
}

function identify(
  bytecodes: readonly Bytecode[],
  hex: string,
  isCreation = false,
): Bytecode | undefined {
  const identifier = new ContractsIdentifier<Bytecode>();
  for (const bytecode of bytecodes) {
    identifier.add(bytecode);
  }
  const code = Buffer.from(hex, "hex");
  const found = identifier.identify(code, isCreation);
  expect(identifier.identify(code, isCreation), "remembered").to.equal(found);
  return found;
}

describe("contracts identifier", () => {
  const a = known(`${BODY}aa01`);
  const b = known(`${BODY}bb02`);

  it("finds a code, and of two the same the later", () => {
    expect(identify([a, b], `${BODY}aa01`)).to.equal(a);
    const again = known(`${BODY}aa01`);
    expect(identify([a, again], `${BODY}aa01`)).to.equal(again);
  });

  it("knows nothing of other code, nor of none", () => {
    expect(identify([a, b], "6003")).to.equal(undefined);
    expect(identify([a, b], "60016002fd")).to.equal(undefined);
    expect(identify([a, b], "")).to.equal(undefined);
    expect(identify([], `${BODY}aa01`)).to.equal(undefined);
  });

  it("does not mind other metadata", () => {
    expect(identify([a], `${BODY}cc03`)).to.equal(a);
    expect(identify([a, b], `${BODY}cc03`)).to.equal(b);
    expect(identify([a, b], `${BODY}aa09`)).to.equal(a);
  });

  it("leaves out immutables and addresses of libraries", () => {
    const gaps = [{ start: 1, length: 1 }];
    const withGap = known("60006002fdfeaa", { gaps });
    expect(identify([withGap], "60996002fdfeaa")).to.equal(withGap);
    expect(identify([withGap], "60996003fdfeaa")).to.equal(undefined);
  });

  it("knows a library in spite of its own address", () => {
    const library = known(`73${"00".repeat(20)}3014${BODY}aa`);
    const deployed = `73${"ab".repeat(20)}3014${BODY}aa`;
    expect(identify([library], deployed)).to.equal(library);
  });

  it("finds creation code with arguments behind it", () => {
    const creation = known(`${BODY}aa01`, { isDeployment: true });
    const withArguments = `${BODY}aa01${"00".repeat(32)}`;
    expect(identify([creation], withArguments, true)).to.equal(creation);
    expect(identify([creation, b], withArguments, true)).to.equal(creation);
  });
});
