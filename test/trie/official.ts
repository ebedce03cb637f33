import { readdirSync, readFileSync } from "node:fs";

import { keccak_256 } from "@noble/hashes/sha3.js";
import { expect } from "chai";

import { getEngine } from "../../src/internal/evm/engine.js";

interface TrieTest {
  readonly in: [string, string | null][] | Record<string, string | null>;
  readonly root: string;
}

const FOLDER = new URL("../fixtures/trie-tests/", import.meta.url);

const toBytes = (text: string): Uint8Array =>
  text.startsWith("0x")
    ? Buffer.from(text.slice(2), "hex")
    : Buffer.from(text, "utf8");

describe("official trie tests", () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
  for (const file of files) {
    const tests = JSON.parse(
      readFileSync(new URL(file, FOLDER), "utf8"),
    ) as Record<string, TrieTest>;
    const isSecure = /secure/i.test(file);
    for (const [name, test] of Object.entries(tests)) {
      it(`${file}: ${name}`, () => {
        const steps = Array.isArray(test.in)
          ? test.in
          : Object.entries(test.in);
        const final = new Map<string, Uint8Array>();
        for (const [key, value] of steps) {
          if (value === null) final.delete(key);
          else final.set(key, toBytes(value));
        }
        const root = getEngine().trieRoot(
          [...final].map(([key, value]) => [
            isSecure ? keccak_256(toBytes(key)) : toBytes(key),
            value,
          ]),
        );
        expect(root).to.equal(test.root);
      });
    }
  }
});
