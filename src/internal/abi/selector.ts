import type { AbiParameter } from "./abi-types.js";

import { keccak256 } from "../evm/keccak.js";
import { canonicalType } from "./abi-types.js";

/** The selector of a function or an error: 8 hex digits. */
export function selectorOf(
  name: string,
  parameters: readonly AbiParameter[],
): string {
  return selectorOfSignature(
    `${name}(${parameters.map(canonicalType).join(",")})`,
  );
}

/** @param signature "transfer(address,uint256)" */
export function selectorOfSignature(signature: string): string {
  const hash = keccak256(Buffer.from(signature, "utf8"));
  return Buffer.from(hash.subarray(0, 4)).toString("hex");
}
