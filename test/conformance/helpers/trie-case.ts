import type { CasesOf } from "./cases.js";

import { getEngine } from "../../../src/internal/evm/engine.js";
import { keccak256 } from "../../../src/internal/evm/keccak.js";

type Step = readonly [key: string, value: string | null];

/** TrieTests: the root after inserting and deleting. In those named "secure", keys are hashed. */
export const trieCases: CasesOf = (name, fixture, file) => {
  const steps = (
    Array.isArray(fixture.in)
      ? fixture.in
      : Object.entries(fixture.in as Record<string, string | null>)
  ) as readonly Step[];
  const toKey = (key: string): Uint8Array =>
    /secure/i.test(`${file} ${name}`) ? keccak256(toBytes(key)) : toBytes(key);
  return [
    {
      title: name,
      fork: undefined,
      isExecuted: false,
      run() {
        const entries = new Map<string, Uint8Array>();
        for (const [key, value] of steps) {
          if (value === null) entries.delete(key);
          else entries.set(key, toBytes(value));
        }
        const root = getEngine().trieRoot(
          [...entries].map(([key, value]) => [toKey(key), value]),
        );
        return root === fixture.root
          ? undefined
          : `root ${root} for ${String(fixture.root)}`;
      },
    },
  ];
};

function toBytes(text: string): Uint8Array {
  return text.startsWith("0x")
    ? Buffer.from(text.slice(2), "hex")
    : Buffer.from(text, "utf8");
}
