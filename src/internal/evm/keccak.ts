import { getEngine } from "./engine.js";

/** The core's keccak256: its hash of 32 bytes. */
export function keccak256(data: Uint8Array): Uint8Array {
  return getEngine().keccak256(data);
}
