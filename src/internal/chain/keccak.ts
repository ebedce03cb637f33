import type { Hash } from "./types.js";

import { getEngine } from "../evm/engine.js";
import { toHex } from "./hex.js";

export function keccak256(data: Uint8Array): Uint8Array {
  return getEngine().keccak256(data);
}

export function keccakHash(data: Uint8Array): Hash {
  return toHex(keccak256(data));
}
