import { keccak_256 } from "@noble/hashes/sha3.js";
import { expect } from "chai";

import { getEngine } from "../../src/internal/evm/engine.js";
import { keccak256 } from "../../src/internal/evm/keccak.js";

function sample(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 167 + length * 31) % 256);
}

describe("keccak256", () => {
  it("equals an independent implementation for every length up to 300", () => {
    for (let length = 0; length <= 300; length++) {
      expect(keccak256(sample(length))).to.deep.equal(
        keccak_256(sample(length)),
        `length ${length}`,
      );
    }
  });

  it("hashes more than fits into the scratch", () => {
    for (const length of [0xffbf, 0xffc0, 0xffc1, 1_000_003]) {
      expect(keccak256(sample(length))).to.deep.equal(
        keccak_256(sample(length)),
      );
    }
  });

  it("may overwrite its input", () => {
    const { exports, view, scratch } = getEngine().core;
    for (const length of [31, 32, 64, 100, 136, 500]) {
      view.setBytes(scratch, sample(length));
      exports.keccak256(scratch, length, scratch);
      expect(view.bytes(scratch, 32)).to.deep.equal(keccak_256(sample(length)));
    }
  });
});
