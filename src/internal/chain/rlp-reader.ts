import type { Hex } from "./types.js";

import { toHex } from "./hex.js";

/** Malformed RLP; the messages are those that Hardhat's network answers with. */
export class RlpError extends Error {}

interface Header {
  readonly isList: boolean;
  readonly start: number;
  readonly end: number;
}

/** Reads the items of one RLP list, strictly (canonical lengths, no leading zeros). */
export class RlpReader {
  readonly #data: Uint8Array;
  readonly #end: number;
  #position: number;

  /** Over the items between `start` and `end`; see `RlpReader.ofList`. */
  constructor(data: Uint8Array, start: number = 0, end: number = data.length) {
    this.#data = data;
    this.#position = start;
    this.#end = end;
  }

  /** Reader over the items of the list that begins at `start`; bytes after it are ignored. */
  public static ofList(data: Uint8Array, start = 0): RlpReader {
    return new RlpReader(data, start).list();
  }

  /** True when all items are read. */
  public get done(): boolean {
    return this.#position >= this.#end;
  }

  /** @throws RlpError when items are left. */
  public finish(): void {
    if (!this.done) {
      throw new RlpError("unexpected length");
    }
  }

  public nextIsList(): boolean {
    return this.#position < this.#end && this.#data[this.#position] >= 0xc0;
  }

  public list(): RlpReader {
    const header = this.#header();
    if (!header.isList) {
      throw new RlpError("unexpected string");
    }
    return new RlpReader(this.#data, header.start, header.end);
  }

  public bytes(): Uint8Array {
    const header = this.#header();
    if (header.isList) {
      throw new RlpError("unexpected list");
    }
    return this.#data.subarray(header.start, header.end);
  }

  /** The whole encoding of the next item. */
  public encoded(): Uint8Array {
    const start = this.#position;
    this.#header();
    return this.#data.subarray(start, this.#position);
  }

  /** A string of exactly `size` bytes. */
  public fixed(size: number): Uint8Array {
    const bytes = this.bytes();
    if (bytes.length !== size) {
      throw new RlpError("unexpected length");
    }
    return bytes;
  }

  public fixedHex(size: number): Hex {
    return toHex(this.fixed(size));
  }

  /** An address, or undefined for the empty string. */
  public optionalAddress(): Hex | undefined {
    const bytes = this.bytes();
    if (bytes.length === 0) {
      return undefined;
    }
    if (bytes.length !== 20) {
      throw new RlpError("unexpected length");
    }
    return toHex(bytes);
  }

  /** An integer of at most `size` bytes. */
  public uint(size: number): bigint {
    const bytes = this.bytes();
    if (bytes.length > size) {
      throw new RlpError("overflow");
    }
    if (bytes.length === 0) {
      return 0n;
    }
    if (bytes[0] === 0) {
      throw new RlpError("leading zero");
    }
    return BigInt(toHex(bytes));
  }

  /** Items of a list, each read by `read`. */
  public many<T>(read: (reader: RlpReader) => T): T[] {
    const reader = this.list();
    const items: T[] = [];
    while (!reader.done) {
      items.push(read(reader));
    }
    return items;
  }

  #header(): Header {
    if (this.#position >= this.#end) {
      throw new RlpError("input too short");
    }
    const first = this.#data[this.#position];
    if (first < 0x80) {
      const start = this.#position;
      this.#position = start + 1;
      return { isList: false, start, end: start + 1 };
    }
    const isList = first >= 0xc0;
    const short = first - (isList ? 0xc0 : 0x80);
    let start = this.#position + 1;
    let length = short;
    if (short > 55) {
      const size = short - 55;
      length = this.#length(start, size);
      start += size;
    }
    const end = start + length;
    if (end > this.#end) {
      throw new RlpError("input too short");
    }
    if (!isList && length === 1 && short === 1 && this.#data[start] < 0x80) {
      throw new RlpError("non-canonical single byte");
    }
    this.#position = end;
    return { isList, start, end };
  }

  #length(start: number, size: number): number {
    if (start + size > this.#end) {
      throw new RlpError("input too short");
    }
    if (this.#data[start] === 0) {
      throw new RlpError("leading zero");
    }
    let length = 0;
    for (let i = 0; i < size; i++) {
      length = length * 256 + this.#data[start + i];
    }
    if (length <= 55) {
      throw new RlpError("non-canonical size");
    }
    return length;
  }
}
