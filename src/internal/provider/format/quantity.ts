/** JSON-RPC quantities: `0x` hex without leading zeros. */
import type { Hex } from "../../chain/types.js";

export function toQuantity(value: bigint | number): Hex {
  return `0x${value.toString(16)}`;
}

export function toHex(bytes: Uint8Array): Hex {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return `0x${buffer.toString("hex")}`;
}
