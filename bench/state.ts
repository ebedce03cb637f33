import type { Address, Hash } from "../src/internal/chain/types.js";
import type { ChainState } from "../src/internal/evm/types.js";
import type { Row } from "./helpers/measure.js";
import type { Bench } from "./index.js";

import { getEngine } from "../src/internal/evm/engine.js";
import { measure } from "./helpers/measure.js";

const SIZES = [1_000, 100_000, 1_000_000];
const CHANGES = [1, 100, 10_000];
const OPERATIONS = 2_000;
/** Owner of the slots. */
const OWNER: Address = `0x${"5107".padStart(40, "0")}`;

/** The state alone, as TypeScript drives it: reads, writes, snapshots and roots by size of the state. */
export const stateBench: Bench = async (options, [limit = ""]) => {
  const rows: Row[] = [];
  const add = async (name: string, unit: string, sample: () => number) => {
    const sides = [
      {
        side: "ours-sequential" as const,
        sample: () => Promise.resolve(sample()),
      },
    ];
    rows.push(...(await measure({ name, unit, sides }, options)));
  };
  for (const size of SIZES.filter((n) => limit === "" || n <= Number(limit))) {
    const state = getEngine().createState();
    for (let i = 0; i < size; i++) {
      state.setBalance(address(i), BigInt(i + 1));
      state.setSlot(OWNER, key(i), word(i + 1));
    }
    state.nextEpoch();
    state.root();
    const random = generator(size);
    const some = <T>(make: (index: number) => T): T[] =>
      Array.from({ length: OPERATIONS }, () => make(random()));
    const of = `${size.toLocaleString("en")} accounts and slots`;
    await add(`read a balance, ${of}`, "ns", () => {
      const addresses = some(address);
      return perOperation((i) => state.balance(addresses[i]));
    });
    await add(`read a slot, ${of}`, "ns", () => {
      const keys = some(key);
      return perOperation((i) => state.slot(OWNER, keys[i]));
    });
    await add(`write a slot, ${of}`, "ns", () => {
      const keys = some(key);
      const value = perOperation((i) => state.setSlot(OWNER, keys[i], keys[0]));
      state.nextEpoch();
      return value;
    });
    await add(`snapshot, 10 writes, revert, ${of}`, "ns", () => {
      const keys = some(key);
      return perOperation((i) => snapshot(state, keys, i * 10), 200);
    });
    let writes = 0;
    for (const count of CHANGES.filter((n) => n <= size)) {
      await add(`root after ${count} slots, ${of}`, "us", () => {
        state.root();
        for (let i = 0; i < count; i++) {
          state.setSlot(OWNER, key(random()), word(++writes + 2 ** 32));
        }
        const start = performance.now();
        state.root();
        const value = (performance.now() - start) * 1e3;
        state.nextEpoch();
        return value;
      });
    }
    state.close();
  }
  return { bench: "state", rows, ratios: [] };
};

function snapshot(state: ChainState, keys: readonly Hash[], at: number): void {
  const epoch = state.epoch;
  state.nextEpoch();
  for (let i = 0; i < 10; i++) state.setSlot(OWNER, keys[at + i], keys[i]);
  state.revert(epoch);
}

/** Nanoseconds that one call takes. */
function perOperation(
  operation: (i: number) => unknown,
  count: number = OPERATIONS,
): number {
  const start = performance.now();
  for (let i = 0; i < count; i++) operation(i);
  return ((performance.now() - start) * 1e6) / count;
}

/** Numbers below `limit`, in an order that does not repeat soon. */
function generator(limit: number): () => number {
  let last = 1;
  return () => {
    last = (last * 48_271) % 2_147_483_647;
    return last % limit;
  };
}

function address(index: number): Address {
  return `0x${scatter(index).padEnd(40, "7")}`;
}

function key(index: number): Hash {
  return `0x${scatter(index).padEnd(64, "3")}`;
}

function word(value: number): Hash {
  return `0x${value.toString(16).padStart(64, "0")}`;
}

/** A number that is spread like a hash, and its own. */
function scatter(index: number): string {
  const spread = Math.imul(index + 1, 0x9e37_79b1) + 0x8000_0000;
  return `${spread.toString(16).padStart(10, "0")}${index.toString(16)}`;
}
