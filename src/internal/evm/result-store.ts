/** Results of executions, copied out of the memory one after the other: a block's share a buffer. */
import type { MemoryView } from "./memory-view.js";

// RESULT_* of assembly/layout.ts.
const RESULT_OUTPUT = 32;
const RESULT_LOGS = 40;
const RESULT_CONSOLE = 72;
const RESULT_ACCESS = 80;
const RESULT_PREIMAGES = 88;
export const RESULT_SIZE = 216;

/** Fields that are a pointer and a length, in the order in which what they point to follows the record. */
export const RESULT_PARTS = [
  RESULT_OUTPUT,
  RESULT_LOGS,
  RESULT_CONSOLE,
  RESULT_ACCESS,
  RESULT_PREIMAGES,
] as const;

/** What a simple transaction's result takes. */
const USUAL_SIZE = 448;
/** Blocks begin with no more than this. */
const MOST_AT_FIRST = 1_048_576;

export class ResultStore {
  /** Records, each with its parts behind it. The pointers in them are stale. */
  public raw: Buffer;
  /** Bytes of it that are in use. */
  public size = 0;

  constructor(raw: Buffer) {
    this.raw = raw;
  }

  /** For the results of so many transactions. */
  public static forBlock(count: number): ResultStore {
    return new ResultStore(
      Buffer.allocUnsafeSlow(Math.min(count * USUAL_SIZE, MOST_AT_FIRST)),
    );
  }

  /** With the one at `at` alone. */
  public static of(view: MemoryView, at: number): ResultStore {
    const store = new ResultStore(Buffer.allocUnsafe(sizeAt(view, at)));
    store.add(view, at, false);
    return store;
  }

  /**
   * Copies a result. Returns where it is.
   * @param at address of a RESULT_* record.
   * @param packed whether what it points to follows it, part after part.
   */
  public add(view: MemoryView, at: number, packed: boolean): number {
    const size = sizeAt(view, at);
    const from = this.size;
    if (from + size > this.raw.length) this.#grow(from + size);
    const { raw } = this;
    view.copyTo(raw, from, at, packed ? size : RESULT_SIZE);
    if (size > RESULT_SIZE && !packed) {
      let to = from + RESULT_SIZE;
      for (const part of RESULT_PARTS) {
        const length = view.u32(at + part + 4);
        if (length > 0) view.copyTo(raw, to, view.u32(at + part), length);
        to += length;
      }
    }
    this.size = from + size;
    return from;
  }

  /** Bytes of the result that begins at `at`. */
  public sizeOf(at: number): number {
    let size = RESULT_SIZE;
    for (const part of RESULT_PARTS) {
      size += this.raw.readUInt32LE(at + part + 4);
    }
    return size;
  }

  /** Lets go of what is not in use, if that is much: nothing more comes. */
  public close(): void {
    if (this.size * 1.25 < this.raw.length) this.#move(this.size);
  }

  #grow(needed: number): void {
    this.#move(Math.max(needed, 2 * this.raw.length));
  }

  #move(capacity: number): void {
    const raw = Buffer.allocUnsafeSlow(capacity);
    this.raw.copy(raw, 0, 0, this.size);
    this.raw = raw;
  }
}

function sizeAt(view: MemoryView, at: number): number {
  let size = RESULT_SIZE;
  for (const part of RESULT_PARTS) size += view.u32(at + part + 4);
  return size;
}
