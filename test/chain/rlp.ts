import { RLP } from "@ethereumjs/rlp";
import { expect } from "chai";
import fc from "fast-check";

import { toHex } from "../../src/internal/chain/hex.js";
import { RlpError, RlpReader } from "../../src/internal/chain/rlp-reader.js";
import { RlpWriter } from "../../src/internal/chain/rlp-writer.js";

type Item = Uint8Array | Item[];

const { item } = fc.letrec<{ item: Item }>((tie) => ({
  item: fc.oneof(
    { maxDepth: 4 },
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie("item"), { maxLength: 8 }),
  ),
}));

function write(writer: RlpWriter, value: Item): void {
  if (value instanceof Uint8Array) {
    writer.bytes(value);
    return;
  }
  const end = writer.mark();
  for (let i = value.length - 1; i >= 0; i--) {
    write(writer, value[i]);
  }
  writer.list(end);
}

function read(reader: RlpReader): Item {
  return reader.nextIsList() ? reader.many(read) : reader.bytes().slice();
}

describe("RLP", function () {
  it("writes and reads what an independent implementation writes", function () {
    // A small buffer, so that it has to grow.
    const writer = new RlpWriter(16);
    fc.assert(
      fc.property(item, (value) => {
        write(writer.reset(), value);
        const encoded = writer.finish();
        expect(toHex(encoded)).to.equal(toHex(RLP.encode(value)));
        expect(read(new RlpReader(encoded))).to.deep.equal(value);
      }),
    );
  });

  it("writes integers in minimal form", function () {
    const writer = new RlpWriter();
    const value = fc.oneof(
      fc.bigInt({ min: 0n, max: 300n }),
      fc.bigInt({ min: 0n, max: 2n ** 64n }),
      fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
    );
    fc.assert(
      fc.property(value, (number) => {
        writer.reset().uint(number);
        const encoded = writer.finish();
        expect(toHex(encoded)).to.equal(toHex(RLP.encode(number)));
        expect(new RlpReader(encoded).uint(32)).to.equal(number);
      }),
    );
  });

  const malformed: [string, string, (reader: RlpReader) => unknown][] = [
    ["", "input too short", (r) => r.bytes()],
    ["0x83aabb", "input too short", (r) => r.bytes()],
    ["0xc3aabb", "input too short", (r) => r.list()],
    ["0xb9ff", "input too short", (r) => r.bytes()],
    ["0xc0", "unexpected list", (r) => r.bytes()],
    ["0x80", "unexpected string", (r) => r.list()],
    ["0x8100", "non-canonical single byte", (r) => r.bytes()],
    ["0xb801aa", "non-canonical size", (r) => r.bytes()],
    ["0xb90001aa", "leading zero", (r) => r.bytes()],
    ["0x8200ff", "leading zero", (r) => r.uint(8)],
    ["0x89010000000000000000", "overflow", (r) => r.uint(8)],
    ["0x820102", "unexpected length", (r) => r.fixed(20)],
  ];
  for (const [hex, message, use] of malformed) {
    it(`refuses ${hex === "" ? "nothing" : hex}: ${message}`, function () {
      const bytes = Buffer.from(hex.slice(2), "hex");
      expect(() => use(new RlpReader(bytes))).to.throw(RlpError, message);
    });
  }
});
