import type { AbiValue } from "./abi-decoder.js";

import { toChecksumAddress } from "./checksum-address.js";

/** A value as Hardhat writes it in the message of a custom error. */
export function formatAbiValue(value: AbiValue): string {
  switch (value.kind) {
    case "number":
    case "bool":
      return String(value.value);
    case "string":
      return `"${value.value}"`;
    case "address":
      return `"${toChecksumAddress(value.value)}"`;
    case "bytes":
      return `"0x${Buffer.from(value.value).toString("hex")}"`;
    case "function":
      return "<function>";
    case "list":
      return `[${value.value.map(formatAbiValue).join(", ")}]`;
  }
}
