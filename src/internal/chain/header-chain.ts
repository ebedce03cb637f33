/** Hashes of long runs of empty blocks that differ in number, time and parent alone. */
import type { BlockHeader } from "./types.js";

import { keccak256 } from "../evm/keccak.js";
import { encodeHeader } from "./header.js";
import { fromHex } from "./hex.js";

/** Offset of the parent's hash in a header of 256 to 65,535 bytes: after the list's and its own prefix. */
const PARENT_HASH = 4;

/**
 * Hashes one header after the other by writing over the encoding of the first: valid as long as
 * number and timestamp take as many bytes.
 */
export class HeaderChain {
  readonly #encoded: Uint8Array;
  readonly #number: Field;
  readonly #timestamp: Field;

  constructor(first: BlockHeader) {
    this.#encoded = Uint8Array.from(encodeHeader(first));
    const timestamp = { ...first, timestamp: differentFrom(first.timestamp) };
    const number = { ...first, number: differentFrom(first.number) };
    this.#number = fieldAt(this.#encoded, encodeHeader(number), first.number);
    this.#timestamp = fieldAt(
      this.#encoded,
      encodeHeader(timestamp),
      first.timestamp,
    );
  }

  /** Whether this number and time have the length of the first header's. */
  public fits(number: bigint, timestamp: bigint): boolean {
    return (
      formOf(number) === this.#number.form &&
      formOf(timestamp) === this.#timestamp.form
    );
  }

  public hash(
    parentHash: Uint8Array,
    number: bigint,
    timestamp: bigint,
  ): Uint8Array {
    this.#encoded.set(parentHash, PARENT_HASH);
    write(this.#encoded, this.#number, number);
    write(this.#encoded, this.#timestamp, timestamp);
    return keccak256(this.#encoded);
  }
}

/** Where an integer ends, and what it looks like. */
interface Field {
  readonly end: number;
  readonly form: number;
}

/** Of the same form, with another last byte. */
function differentFrom(value: bigint): bigint {
  return value % 2n === 0n ? value + 1n : value - 1n;
}

function fieldAt(a: Uint8Array, b: Uint8Array, value: bigint): Field {
  return {
    end: a.findIndex((byte, index) => byte !== b[index]) + 1,
    form: formOf(value),
  };
}

/** Number of bytes in its RLP; what has the same number can be written in its place. */
function formOf(value: bigint): number {
  if (value < 128n) {
    // Zero looks different from all others.
    return value === 0n ? -1 : 1;
  }
  return 1 + Math.ceil(value.toString(16).length / 2);
}

function write(bytes: Uint8Array, { end, form }: Field, value: bigint): void {
  const size = form === 1 ? 1 : form - 1;
  const hex = value.toString(16).padStart(2 * size, "0");
  bytes.set(fromHex(`0x${hex}`), end - size);
}
