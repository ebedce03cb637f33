import { keccak256 } from "../evm/keccak.js";

/** EIP-55: a letter is upper case where the hash of the address has a digit from 8 on. */
export function toChecksumAddress(address: Uint8Array): string {
  const hex = Buffer.from(address).toString("hex");
  const hash = keccak256(Buffer.from(hex, "ascii"));
  const digits = Buffer.from(hash).toString("hex");
  return `0x${hex.replace(/[a-f]/g, (letter, index: number) =>
    (digits[index] ?? "") >= "8" ? letter.toUpperCase() : letter,
  )}`;
}
