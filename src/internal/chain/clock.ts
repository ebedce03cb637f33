import { ChainError } from "./errors.js";

export interface ClockState {
  readonly offset: bigint;
  readonly nextTimestamp: bigint | undefined;
}

/**
 * Time of the next block: an explicit timestamp, else one set in advance, else the system clock
 * plus an offset. All in seconds.
 */
export class Clock {
  readonly #now: () => bigint;
  readonly #allowSameTimestamp: boolean;
  #offset: bigint;
  #nextTimestamp: bigint | undefined = undefined;

  /** The first block's time is `start`, which is what the clock shows now. */
  constructor(
    now: () => bigint,
    start: bigint | undefined,
    allowSameTimestamp: boolean,
  ) {
    this.#now = now;
    this.#offset = start === undefined ? 0n : start - now();
    this.#allowSameTimestamp = allowSameTimestamp;
  }

  public get current(): bigint {
    return this.#now() + this.#offset;
  }

  /** Returns the total offset. */
  public increase(seconds: bigint): bigint {
    this.#offset += seconds;
    return this.#offset;
  }

  /** @throws ChainError when the parent is later, or as late without `allowBlocksWithSameTimestamp`. */
  public setNext(timestamp: bigint, parent: bigint): void {
    if (timestamp < parent) {
      throw timestampTooLow(timestamp, parent);
    }
    if (timestamp === parent && !this.#allowSameTimestamp) {
      throw new ChainError(
        `Timestamp ${timestamp} is equal to the previous block's timestamp. Enable the 'allowBlocksWithSameTimestamp' option to allow this`,
      );
    }
    this.#nextTimestamp = timestamp;
  }

  /** Timestamp of a block mined now, and what the offset becomes when it is mined. */
  public next(
    parent: bigint,
    explicit?: bigint,
  ): { readonly timestamp: bigint; readonly offset: bigint } {
    if (explicit !== undefined && explicit < parent) {
      throw timestampTooLow(explicit, parent);
    }
    const given = explicit ?? this.#nextTimestamp;
    const now = this.#now();
    let timestamp = given ?? now + this.#offset;
    let offset = given === undefined ? this.#offset : given - now;
    if (given === undefined && timestamp < parent) {
      // The system clock was set back.
      offset += parent - timestamp;
      timestamp = parent;
    }
    if (timestamp === parent && !this.#allowSameTimestamp) {
      timestamp++;
      if (given === undefined) {
        offset++;
      }
    }
    return { timestamp, offset };
  }

  /** A block was mined with what `next` said. */
  public commit(offset: bigint): void {
    this.#offset = offset;
    this.#nextTimestamp = undefined;
  }

  public save(): ClockState & { readonly time: bigint } {
    return {
      offset: this.#offset,
      nextTimestamp: this.#nextTimestamp,
      time: this.#now(),
    };
  }

  /** The clock goes back to where it stood when saved, however long ago that was. */
  public restore(saved: ClockState & { readonly time: bigint }): void {
    this.#offset = saved.offset - (this.#now() - saved.time);
    this.#nextTimestamp = saved.nextTimestamp;
  }
}

function timestampTooLow(timestamp: bigint, parent: bigint): ChainError {
  return new ChainError(
    `Timestamp ${timestamp} is lower than the previous block's timestamp ${parent}`,
  );
}
