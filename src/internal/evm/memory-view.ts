/**
 * Reads and writes the shared memory in the notations of JavaScript: hex strings, bigints, byte
 * arrays. Everything in the memory is as the ABI says: big-endian words, little-endian integers.
 */
import type { Hex } from "../chain/types.js";

/** Decodes hex digits inside the memory; `room` bytes at `text` are for the digits. */
export interface HexDecoder {
  readonly text: number;
  readonly room: number;
  readonly decode: (from: number, to: number, length: number) => void;
}

const SHIFT_64 = 64n;
const SHIFT_128 = 128n;
const SHIFT_192 = 192n;
const MASK_64 = 0xffff_ffff_ffff_ffffn;

export class MemoryView {
  readonly #memory: WebAssembly.Memory;
  #bytes: Uint8Array;
  /** The same memory, for native conversions to and from hex. */
  #buffer: Buffer;
  #data: DataView;
  #decoder: HexDecoder | undefined;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#buffer = Buffer.from(memory.buffer);
    this.#data = new DataView(memory.buffer);
  }

  /** A view of `length` bytes at `at`: alive, so copy what must last. */
  public view(at: number, length: number): Uint8Array {
    return this.#reach(at, length).subarray(at, at + length);
  }

  /** A copy in private memory. */
  public bytes(at: number, length: number): Uint8Array {
    return this.#reach(at, length).slice(at, at + length);
  }

  /** Copies `length` bytes at `at` to `target`, from `start` on. */
  public copyTo(
    target: Buffer,
    start: number,
    at: number,
    length: number,
  ): void {
    this.#reach(at, length);
    this.#buffer.copy(target, start, at, at + length);
  }

  public setBytes(at: number, bytes: Uint8Array): void {
    this.#reach(at, bytes.length).set(bytes, at);
  }

  public fill(at: number, length: number): void {
    this.#reach(at, length).fill(0, at, at + length);
  }

  /** 0x-prefixed lowercase hex. */
  public hex(at: number, length: number): Hex {
    this.#reach(at, length);
    return `0x${this.#buffer.toString("hex", at, at + length)}`;
  }

  /** Lets the core decode short strings, which is three times as fast. */
  public useDecoder(decoder: HexDecoder): void {
    this.#decoder = decoder;
  }

  /** Writes the bytes of a 0x-prefixed hex string of any even length. Returns how many. */
  public setHex(at: number, hex: string): number {
    const length = (hex.length - 2) >> 1;
    this.#reach(at, length);
    const decoder = this.#decoder;
    if (decoder === undefined || hex.length + 16 > decoder.room) {
      return this.#buffer.write(hex.slice(2), at, "hex");
    }
    this.#buffer.write(hex, decoder.text, "latin1");
    decoder.decode(decoder.text + 2, at, length);
    return length;
  }

  public u8(at: number): number {
    return this.#reach(at, 1)[at];
  }

  public setU8(at: number, value: number): void {
    this.#reach(at, 1)[at] = value;
  }

  public u32(at: number): number {
    this.#reach(at, 4);
    return this.#data.getUint32(at, true);
  }

  public setU32(at: number, value: number): void {
    this.#reach(at, 4);
    this.#data.setUint32(at, value, true);
  }

  public u64(at: number): bigint {
    this.#reach(at, 8);
    return this.#data.getBigUint64(at, true);
  }

  public setU64(at: number, value: bigint): void {
    this.#reach(at, 8);
    this.#data.setBigUint64(at, value, true);
  }

  /** A word: 32 big-endian bytes. */
  public word(at: number): bigint {
    this.#reach(at, 32);
    const data = this.#data;
    let value = data.getBigUint64(at + 24);
    const second = data.getBigUint64(at + 16);
    if (second !== 0n) value |= second << SHIFT_64;
    const high = data.getBigUint64(at + 8);
    if (high !== 0n) value |= high << SHIFT_128;
    const highest = data.getBigUint64(at);
    if (highest !== 0n) value |= highest << SHIFT_192;
    return value;
  }

  /** `value` must be in [0, 2^256). */
  public setWord(at: number, value: bigint): void {
    this.#reach(at, 32);
    const data = this.#data;
    data.setBigUint64(at + 24, value);
    if (value <= MASK_64) {
      data.setBigUint64(at + 16, 0n);
      data.setBigUint64(at + 8, 0n);
      data.setBigUint64(at, 0n);
      return;
    }
    data.setBigUint64(at + 16, value >> SHIFT_64);
    data.setBigUint64(at + 8, value >> SHIFT_128);
    data.setBigUint64(at, value >> SHIFT_192);
  }

  /** The memory grows under the views: they are made anew when something lies beyond them. */
  #reach(at: number, length: number): Uint8Array {
    if (at + length > this.#bytes.length) {
      const buffer = this.#memory.buffer;
      this.#bytes = new Uint8Array(buffer);
      this.#buffer = Buffer.from(buffer);
      this.#data = new DataView(buffer);
    }
    return this.#bytes;
  }
}
