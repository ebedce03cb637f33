import type { Hash } from "./types.js";

import { keccak256 } from "../evm/keccak.js";
import { toHex } from "./hex.js";

export { keccak256 };

export function keccakHash(data: Uint8Array): Hash {
  return toHex(keccak256(data));
}
