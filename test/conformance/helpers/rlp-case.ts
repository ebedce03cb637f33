import type { CasesOf, ConformanceCase } from "./cases.js";

import { toHex } from "../../../src/internal/chain/hex.js";
import { RlpReader } from "../../../src/internal/chain/rlp-reader.js";
import { RlpWriter } from "../../../src/internal/chain/rlp-writer.js";

/** Text stands for its bytes, `#` and digits for an integer, an array for a list. */
type Item = string | number | readonly Item[];
type Decoded = Uint8Array | Decoded[];

const writer = new RlpWriter();

/** RLPTests: `in` to `out`, and back; `VALID` and `INVALID` are decoded alone. */
export const rlpCases: CasesOf = (name, fixture) => [rlpCase(name, fixture)];

function rlpCase(
  name: string,
  fixture: Readonly<Record<string, unknown>>,
): ConformanceCase {
  const encoded = Buffer.from(String(fixture.out).replace(/^0x/, ""), "hex");
  const item = fixture.in as Item;
  return {
    title: name,
    fork: undefined,
    isExecuted: false,
    run() {
      let decoded: Decoded;
      try {
        const reader = new RlpReader(encoded);
        decoded = readItem(reader);
        reader.finish();
      } catch (error) {
        return item === "INVALID" ? undefined : `refused: ${String(error)}`;
      }
      if (item === "INVALID") {
        return "accepted, expected a refusal";
      }
      const wanted = toHex(encoded);
      const again = encode(() => writeDecoded(decoded));
      if (again !== wanted) {
        return `decoded and encoded: ${again} for ${wanted}`;
      }
      if (item === "VALID") {
        return undefined;
      }
      const got = encode(() => writeItem(item));
      return got === wanted ? undefined : `encoded: ${got} for ${wanted}`;
    },
  };
}

function readItem(reader: RlpReader): Decoded {
  return reader.nextIsList() ? reader.many(readItem) : reader.bytes();
}

function encode(write: () => void): string {
  writer.reset();
  write();
  return toHex(writer.finish());
}

function writeDecoded(item: Decoded): void {
  if (item instanceof Uint8Array) {
    writer.bytes(item);
    return;
  }
  const end = writer.mark();
  item.toReversed().forEach(writeDecoded);
  writer.list(end);
}

function writeItem(item: Item): void {
  if (typeof item === "number") {
    writer.uint(item);
  } else if (typeof item === "string") {
    if (item.startsWith("#")) writer.uint(BigInt(item.slice(1)));
    else writer.bytes(Buffer.from(item, "utf8"));
  } else {
    const end = writer.mark();
    item.toReversed().forEach(writeItem);
    writer.list(end);
  }
}
