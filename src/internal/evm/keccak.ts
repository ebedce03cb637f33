import type { Hash } from "../chain/types.js";

import { getEngine } from "./engine.js";

/** The core's keccak256: its hash of 32 bytes. */
export function keccak256(data: Uint8Array): Uint8Array {
  return getEngine().core.keccak256(data);
}

/** The same as hex, without bytes in between. */
export function keccakHash(data: Uint8Array): Hash {
  return getEngine().core.keccakHash(data);
}

/** keccak256 of the 32 bytes of a hash. */
export function keccakOfHash(hash: Hash): Hash {
  return getEngine().core.keccakOfHash(hash);
}
