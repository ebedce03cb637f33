/** JSON-RPC quantities: `0x` hex without leading zeros. */
import type { Hex } from "../../chain/types.js";

export function toQuantity(value: bigint | number): Hex {
  return `0x${value.toString(16)}`;
}

export { toHex } from "../../chain/hex.js";
