import type { Hex } from "./types.js";

/** `0x` and the bytes in lowercase hex. */
export function toHex(bytes: Uint8Array): Hex {
  const buffer =
    bytes instanceof Buffer
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return `0x${buffer.toString("hex")}`;
}

/** Bytes of a `0x` hex string of even length. */
export function fromHex(hex: string): Uint8Array {
  const buffer = Buffer.from(hex.slice(2), "hex");
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** A number as a 32-byte hash-like hex string. */
export function toHash(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, "0")}`;
}

/** EIP-55 mixed-case form of an address. */
export function toChecksumAddress(
  address: Hex,
  keccak256: (data: Uint8Array) => Uint8Array,
): string {
  const digits = address.slice(2);
  const hash = toHex(keccak256(Buffer.from(digits, "latin1"))).slice(2);
  let result = "0x";
  for (let i = 0; i < 40; i++) {
    const digit = digits[i];
    result += parseInt(hash[i], 16) >= 8 ? digit.toUpperCase() : digit;
  }
  return result;
}

export const ZERO_ADDRESS: Hex = "0x0000000000000000000000000000000000000000";
export const ZERO_HASH: Hex = `0x${"00".repeat(32)}`;
