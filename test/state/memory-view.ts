import { expect } from "chai";
import fc from "fast-check";

import { getEngine } from "../../src/internal/evm/engine.js";
import { MemoryView } from "../../src/internal/evm/memory-view.js";
import { createMemory } from "../../src/internal/evm/wasm.js";

describe("memory view", () => {
  const { view, scratch } = getEngine().core;

  it("writes and reads hex of any length and either case", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 3000 }),
        fc.boolean(),
        fc.nat(15),
        (bytes, isUpper, offset) => {
          const digits = Buffer.from(bytes).toString("hex");
          const at = scratch + offset;
          view.setU8(at + bytes.length, 0xaa);
          const written = view.setHex(
            at,
            `0x${isUpper ? digits.toUpperCase() : digits}`,
          );
          expect(written).to.equal(bytes.length);
          expect(view.bytes(at, bytes.length)).to.deep.equal(bytes);
          expect(view.hex(at, bytes.length)).to.equal(`0x${digits}`);
          expect(view.u8(at + bytes.length)).to.equal(0xaa);
        },
      ),
    );
  });

  it("writes words as big-endian bytes", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 256n - 1n), (value) => {
        view.setWord(scratch, value);
        expect(view.word(scratch)).to.equal(value);
        expect(BigInt(view.hex(scratch, 32))).to.equal(value);
      }),
    );
  });

  it("writes integers as little-endian bytes", () => {
    view.setU32(scratch, 0x8000_0001);
    expect(view.u32(scratch)).to.equal(0x8000_0001);
    expect(view.hex(scratch, 4)).to.equal("0x01000080");
    view.setU64(scratch, 2n ** 63n + 5n);
    expect(view.u64(scratch)).to.equal(2n ** 63n + 5n);
    expect(view.hex(scratch, 8)).to.equal("0x0500000000000080");
  });

  it("reaches what the memory grew by", () => {
    const memory = createMemory();
    const grown = new MemoryView(memory);
    const end = memory.buffer.byteLength;
    memory.grow(1);
    grown.setU32(end, 7);
    expect(grown.u32(end)).to.equal(7);
    expect(grown.bytes(end + 65_532, 4)).to.deep.equal(new Uint8Array(4));
    expect(() => grown.u32(end + 65_536)).to.throw(RangeError);
  });
});
