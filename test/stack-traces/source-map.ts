import { expect } from "chai";

import { readSourceMap } from "../../src/internal/stack-traces/model/bytecode.js";
import {
  SourceFile,
  SourceLocation,
} from "../../src/internal/stack-traces/model/source.js";
import { isAtLeast } from "../../src/internal/stack-traces/versions.js";

function read(compressed: string): string[] {
  return [...readSourceMap(compressed)].map(
    ({ offset, length, file, jump }) => `${offset}:${length}:${file}:${jump}`,
  );
}

describe("source maps", () => {
  it("repeat what is left out", () => {
    expect(read("1:2:1:-:0;:9;2:1:2;;3::-1:i;:::o")).to.deep.equal([
      "1:2:1:none",
      "1:9:1:none",
      "2:1:2:none",
      "2:1:2:none",
      "3:1:-1:into",
      "3:1:-1:out",
    ]);
  });

  it("have no place for an incomplete first entry", () => {
    expect(read("5:1;:2")).to.deep.equal(["0:0:-1:none", "0:2:-1:none"]);
  });
});

describe("source locations", () => {
  const file = new SourceFile("a.sol", "one\ntwo\n\nfour");

  it("know their line", () => {
    const lines = [0, 3, 4, 7, 8, 9, 12].map((offset) => file.lineAt(offset));
    expect(lines).to.deep.equal([1, 1, 2, 2, 3, 4, 4]);
  });

  it("count offsets in characters, as Hardhat's network does", () => {
    expect(new SourceFile("b.sol", "äöü\nx").lineAt(4)).to.equal(2);
    expect(new SourceFile("c.sol", "😀\nx").lineAt(2)).to.equal(2);
  });

  it("contain and equal each other within one file only", () => {
    const outer = new SourceLocation(file, 0, 8);
    const inner = new SourceLocation(file, 4, 3);
    const elsewhere = new SourceLocation(new SourceFile("d.sol", ""), 4, 3);
    expect(outer.contains(inner)).to.equal(true);
    expect(outer.contains(outer)).to.equal(true);
    expect(inner.contains(outer)).to.equal(false);
    expect(outer.contains(elsewhere)).to.equal(false);
    expect(inner.equals(new SourceLocation(file, 4, 3))).to.equal(true);
    expect(inner.equals(elsewhere)).to.equal(false);
  });
});

describe("compiler versions", () => {
  it("are compared by number", () => {
    expect(isAtLeast("0.8.28", "0.8.9")).to.equal(true);
    expect(isAtLeast("0.6.9", "0.6.9")).to.equal(true);
    expect(isAtLeast("0.6.8", "0.6.9")).to.equal(false);
    expect(isAtLeast("1.0.0", "0.9.9")).to.equal(true);
    expect(isAtLeast("0.8.30-nightly.2", "0.8.30")).to.equal(true);
  });
});
