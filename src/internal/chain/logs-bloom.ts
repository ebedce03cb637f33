import type { Hex, Log } from "./types.js";

import { keccak256 } from "../evm/keccak.js";
import { BoundedMap } from "./bounded-map.js";
import { fromHex, toHex } from "./hex.js";

export const BLOOM_SIZE = 256;
export const EMPTY_BLOOM: Hex = `0x${"00".repeat(BLOOM_SIZE)}`;

type BitNumbers = readonly [number, number, number];

/** The three bit numbers of an address or topic. Suites repeat the same few. */
const positions = new BoundedMap<Hex, BitNumbers>(4_096);

function bitsOf(item: Hex): BitNumbers {
  const known = positions.get(item);
  if (known !== undefined) {
    return known;
  }
  const hash = keccak256(fromHex(item));
  const bit = (at: number): number => ((hash[at] << 8) | hash[at + 1]) & 2047;
  const bits: BitNumbers = [bit(0), bit(2), bit(4)];
  positions.set(item, bits);
  return bits;
}

function addItem(bloom: Uint8Array, item: Hex): void {
  for (const bit of bitsOf(item)) {
    bloom[BLOOM_SIZE - 1 - (bit >> 3)] |= 1 << (bit & 7);
  }
}

export function addLogs(bloom: Uint8Array, logs: readonly Log[]): void {
  for (const log of logs) {
    addItem(bloom, log.address);
    for (const topic of log.topics) {
      addItem(bloom, topic);
    }
  }
}

export function logsBloom(logs: readonly Log[]): Hex {
  if (logs.length === 0) {
    return EMPTY_BLOOM;
  }
  const bloom = new Uint8Array(BLOOM_SIZE);
  addLogs(bloom, logs);
  return toHex(bloom);
}

/** False only when no log of the block can have the address or topic. */
export function mayContain(bloom: Uint8Array, item: Hex): boolean {
  return bitsOf(item).every(
    (bit) => (bloom[BLOOM_SIZE - 1 - (bit >> 3)] & (1 << (bit & 7))) !== 0,
  );
}
