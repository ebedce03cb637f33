/** A core of its own, in a small memory, and arguments for it that no caller of ours would make. */
import type { Random } from "../../helpers/random.js";

import {
  ENV_SIZE,
  TX_SIZE,
  writeEnvironment,
} from "../../../src/internal/evm/encoding.js";
import { CoreInstance, coreModule } from "../../../src/internal/evm/wasm.js";
import { makeEnvironment } from "../../helpers/blocks.js";

/** 20 MiB: running out of it is cheap. */
export const MAXIMUM_PAGES = 320;

export function smallCore(): CoreInstance {
  const memory = new WebAssembly.Memory({
    initial: 256,
    maximum: MAXIMUM_PAGES,
    shared: true,
  });
  const core = new CoreInstance(coreModule(), memory, 0);
  core.blockHash = () => new Uint8Array(32).fill(7);
  return core;
}

/** Numbers at which counts, sizes and addresses go wrong. */
export function hostileU32(random: Random): number {
  const edges = [
    0, 1, 2, 31, 255, 0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_0000,
    0xffff_fff0, 0xffff_ffff,
  ];
  return random.chance(0.5) ? random.pick(edges) : random.uint32();
}

export function hostileU64(random: Random): bigint {
  const edges = [0n, 1n, 21_000n, 2n ** 32n, 2n ** 63n, 2n ** 64n - 1n];
  return random.chance(0.5)
    ? random.pick(edges)
    : (BigInt(random.uint32()) << 32n) | BigInt(random.uint32());
}

export function randomBytes(random: Random, length: number): Uint8Array {
  const kind = random.below(4);
  return Uint8Array.from({ length }, () =>
    kind === 0 ? 0 : kind === 1 ? 0xff : random.below(256),
  );
}

/** Runs `use` with the addresses of random bytes: one for each of `lengths`. */
export function withBytes<T>(
  core: CoreInstance,
  random: Random,
  lengths: readonly number[],
  use: (...at: number[]) => T,
): T {
  const at = lengths.map((length) => {
    const room = core.exports.bufferAlloc(length) >>> 0;
    core.view.setBytes(room, randomBytes(random, length));
    return room;
  });
  try {
    return use(...at);
  } finally {
    for (const room of at) core.exports.bufferFree(room);
  }
}

/** An environment: sensible but for some of its bytes. Returns its address, to be freed. */
export function hostileEnvironment(core: CoreInstance, random: Random): number {
  const at = core.exports.bufferAlloc(ENV_SIZE) >>> 0;
  writeEnvironment(
    core.view,
    at,
    makeEnvironment({ fork: random.below(19), gasLimit: 2n ** 64n - 1n }),
  );
  const changes = random.pick([0, 0, 1, 4, 64]);
  for (let i = 0; i < changes; i++) {
    core.view.setU8(at + random.below(ENV_SIZE), random.below(256));
  }
  return at;
}

// TX_* of assembly/layout.ts.
const TYPE = 0;
const FLAGS = 4;
const GAS_LIMIT = 8;
const LISTS = [192, 200, 208, 216];
const LIST_ITEM_SIZES = [1, 24, 32, 112];
const NO_BALANCE_CHECK = 2;

/**
 * A record of a transaction: random bytes, with gas that ends. Its lists are right (access lists of
 * addresses without keys), or, if `badLists`, any pointers and counts.
 */
export function hostileTransaction(
  core: CoreInstance,
  random: Random,
  badLists: boolean,
): number {
  const { view } = core;
  const at = core.exports.bufferAlloc(TX_SIZE + 4096) >>> 0;
  view.setBytes(at, randomBytes(random, TX_SIZE));
  view.fill(at + TX_SIZE, 4096);
  if (random.chance(0.8)) view.setU8(at + TYPE, random.below(6));
  // Half of them can be paid for.
  const flags = random.uint32();
  view.setU32(at + FLAGS, random.chance(0.5) ? flags : NO_BALANCE_CHECK | 0x7e);
  view.setU64(at + GAS_LIMIT, BigInt(random.below(300_000)));
  LISTS.forEach((list, index) => {
    const count = random.below(16);
    const items = at + TX_SIZE + index * 1024;
    view.setBytes(
      items,
      index === 1
        ? new Uint8Array(count * LIST_ITEM_SIZES[index])
        : randomBytes(random, Math.min(count * LIST_ITEM_SIZES[index], 1024)),
    );
    const room = Math.floor(1024 / LIST_ITEM_SIZES[index]);
    view.setU32(at + list, badLists ? hostileU32(random) : items);
    view.setU32(
      at + list + 4,
      badLists ? hostileU32(random) : Math.min(count, room),
    );
  });
  return at;
}
