import { createMPT } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { bytesToHex } from "@ethereumjs/util";
import { expect } from "chai";
import fc from "fast-check";

import { getEngine } from "../../src/internal/evm/engine.js";

async function expected(items: readonly Uint8Array[]): Promise<string> {
  const trie = await createMPT();
  for (const [index, item] of items.entries()) {
    await trie.put(RLP.encode(index), item);
  }
  return bytesToHex(trie.root());
}

function item(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 7 + 1) % 256);
}

describe("ordered trie root", () => {
  it("equals an independent trie for every count up to 300", async () => {
    const trie = await createMPT();
    const items: Uint8Array[] = [];
    expect(getEngine().orderedTrieRoot(items)).to.equal(
      bytesToHex(trie.root()),
    );
    for (let count = 1; count <= 300; count++) {
      const next = item(1 + ((count * 53) % 200), count);
      await trie.put(RLP.encode(items.length), next);
      items.push(next);
      expect(getEngine().orderedTrieRoot(items)).to.equal(
        bytesToHex(trie.root()),
        `${count} items`,
      );
    }
  });

  it("equals it for items that are embedded in their parents, or large", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.uint8Array({ minLength: 1, maxLength: 3 }),
            fc.uint8Array({ minLength: 1, maxLength: 40 }),
          ),
          { minLength: 1, maxLength: 150 },
        ),
        async (items) => {
          expect(getEngine().orderedTrieRoot(items)).to.equal(
            await expected(items),
          );
        },
      ),
      { numRuns: 100 },
    );
    const large = [item(5, 1), item(200_000, 2), item(70_000, 3)];
    expect(getEngine().orderedTrieRoot(large)).to.equal(await expected(large));
  });

  it("equals it past the counts at which keys get longer", async () => {
    const items = Array.from({ length: 1000 }, (_, i) => item(3 + (i % 90), i));
    expect(getEngine().orderedTrieRoot(items)).to.equal(await expected(items));
  }).timeout(60_000);
});
