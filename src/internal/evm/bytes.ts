/** Numbers in byte strings, as precompiles take and give them: big-endian. */

export const WORD = 32;

/** The number in `length` bytes from `start` on; bytes past the end are zero. */
export function numberAt(
  bytes: Uint8Array,
  start: number,
  length: number,
): bigint {
  if (length === 0 || start >= bytes.length) return 0n;
  const end = Math.min(start + length, bytes.length);
  const hex = Buffer.from(
    bytes.buffer,
    bytes.byteOffset + start,
    end - start,
  ).toString("hex");
  const value = BigInt(`0x${hex}`);
  return value << BigInt((start + length - end) * 8);
}

/** `value` < 256^length in `length` bytes. */
export function bytesOf(value: bigint, length: number): Uint8Array {
  return Buffer.from(value.toString(16).padStart(length * 2, "0"), "hex");
}

/** The bytes, with zeros after them, or without what is too much, to make `length`. */
export function resized(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length >= length) return bytes.subarray(0, length);
  const padded = new Uint8Array(length);
  padded.set(bytes);
  return padded;
}
