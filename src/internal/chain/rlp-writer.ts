/**
 * RLP, written from the end of a buffer towards its start: a list's length is known when its
 * header is written, so nothing is measured in advance and nothing is copied. Items of a list are
 * therefore written in reverse order:
 *
 *   const end = writer.mark();
 *   writer.bytes(second);
 *   writer.bytes(first);
 *   writer.list(end);
 */
export class RlpWriter {
  #buffer: Buffer;
  #position: number;

  constructor(capacity = 65_536) {
    this.#buffer = Buffer.allocUnsafeSlow(capacity);
    this.#position = capacity;
  }

  /** Forgets what was written. */
  public reset(): this {
    this.#position = this.#buffer.length;
    return this;
  }

  /** Distance of the current position from the end; stays valid when the buffer grows. */
  public mark(): number {
    return this.#buffer.length - this.#position;
  }

  /** Everything written since `reset`, copied. */
  public finish(): Uint8Array {
    return Uint8Array.prototype.slice.call(this.#buffer, this.#position);
  }

  /** The same without a copy: valid until the next write. */
  public view(): Uint8Array {
    return this.#buffer.subarray(this.#position);
  }

  /** A byte outside RLP: the type of an EIP-2718 envelope. */
  public rawByte(value: number): void {
    this.#reserve(1);
    this.#buffer[--this.#position] = value;
  }

  /** Bytes that are RLP already. */
  public raw(data: Uint8Array): void {
    this.#reserve(data.length);
    this.#position -= data.length;
    this.#buffer.set(data, this.#position);
  }

  public bytes(data: Uint8Array): void {
    const length = data.length;
    if (length === 1 && data[0] < 0x80) {
      this.rawByte(data[0]);
      return;
    }
    this.raw(data);
    this.#header(0x80, length);
  }

  /** Bytes given as `0x` hex of even length. */
  public hex(value: string): void {
    const length = (value.length - 2) / 2;
    if (length <= 1) {
      this.bytes(Buffer.from(value.slice(2), "hex"));
      return;
    }
    this.#reserve(length);
    this.#position -= length;
    this.#buffer.write(value.slice(2), this.#position, length, "hex");
    this.#header(0x80, length);
  }

  /** Minimal big-endian form of a non-negative integer; zero is the empty string. */
  public uint(value: bigint | number): void {
    if (value <= Number.MAX_SAFE_INTEGER) {
      this.#smallUint(Number(value));
      return;
    }
    const digits = value.toString(16);
    const even = digits.length % 2 === 0 ? digits : `0${digits}`;
    const length = even.length / 2;
    this.#reserve(length);
    this.#position -= length;
    this.#buffer.write(even, this.#position, length, "hex");
    this.#header(0x80, length);
  }

  /** Makes a list of what was written since `mark`. */
  public list(mark: number): void {
    this.#header(0xc0, this.mark() - mark);
  }

  #smallUint(value: number): void {
    if (value === 0) {
      this.rawByte(0x80);
    } else if (value < 0x80) {
      this.rawByte(value);
    } else {
      const end = this.mark();
      this.#bigEndian(value);
      this.#header(0x80, this.mark() - end);
    }
  }

  #bigEndian(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest > 0) {
      this.#buffer[--this.#position] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }

  #header(offset: number, length: number): void {
    if (length <= 55) {
      this.rawByte(offset + length);
      return;
    }
    const end = this.mark();
    this.#bigEndian(length);
    this.rawByte(offset + 55 + this.mark() - end);
  }

  #reserve(size: number): void {
    if (this.#position >= size) {
      return;
    }
    const used = this.mark();
    const capacity = Math.max(this.#buffer.length * 2, used + size);
    const grown = Buffer.allocUnsafeSlow(capacity);
    this.#buffer.copy(grown, capacity - used, this.#position);
    this.#buffer = grown;
    this.#position = capacity - used;
  }
}
