/**
 * What the process has learned of transactions, by what they call: how long one takes on one thread, and how
 * much of that several threads cannot share. A bounded memory, and a sample of big blocks: deciding how to
 * execute a block must cost nothing next to executing it.
 */
import type { ExecutableTransaction } from "../evm/types.js";

import { methodKey } from "./method-key.js";

/** What is known of a callee's function. */
export interface Method {
  /** Microseconds on one thread. */
  costUs: number;
  /** Part of the time that parallel execution did not save: 0 as well as could be, 1 nothing. */
  serialShare: number;
  /** How often its cost was measured. */
  measured: number;
}

/** Methods remembered; those that were not seen for longest are forgotten first. */
const MOST_METHODS = 512;

/** Transactions of a block that are looked at: 6 microseconds' worth. */
const SAMPLE = 64;

/** Cost of a method that nobody has measured: a small contract call in a process that is not warm yet. */
const FIRST_COST_US = 8;

/** How far a measurement moves what was known: the first ones further, since code is still getting warm. */
const RATES = [1, 0.6, 0.6];
const RATE = 0.25;

/** The same for the share that was not saved: two blocks without any gain are enough to do without threads. */
const SHARE_RATE = 0.6;

/** A pause of the process (garbage collection, another process) is not the transactions' cost. */
const LARGEST_CHANGE = 8;

/** A block, as far as the history is concerned. */
export class BlockSample {
  readonly #methods: readonly Method[];
  readonly #scale: number;

  constructor(methods: readonly Method[], transactions: number) {
    this.#methods = methods;
    this.#scale = methods.length === 0 ? 0 : transactions / methods.length;
  }

  /** Expected time of the block on one thread, in microseconds. */
  public get costUs(): number {
    let sum = 0;
    for (const { costUs } of this.#methods) sum += costUs;
    return sum * this.#scale;
  }

  /** Whether most of it was measured before, so that `costUs` is more than a guess. */
  public get isKnown(): boolean {
    const known = this.#methods.filter(({ measured }) => measured > 0);
    return known.length * 2 >= this.#methods.length;
  }

  /** The part of it that is not expected to be shared by several threads. */
  public get serialUs(): number {
    let sum = 0;
    for (const { costUs, serialShare } of this.#methods) {
      sum += costUs * serialShare;
    }
    return sum * this.#scale;
  }

  /** The block took so long on one thread. */
  public learnCost(microseconds: number): void {
    const factor = Math.min(
      Math.max(microseconds / this.costUs, 1 / LARGEST_CHANGE),
      LARGEST_CHANGE,
    );
    for (const method of new Set(this.#methods)) {
      const rate = RATES[method.measured] ?? RATE;
      method.costUs *= 1 + (factor - 1) * rate;
      method.measured++;
    }
  }

  /** So much of the block's time was not shared. */
  public learnShare(share: number): void {
    for (const method of new Set(this.#methods)) {
      method.serialShare += (share - method.serialShare) * SHARE_RATE;
    }
  }
}

export class MethodHistory {
  /** By callee and selector; the oldest first. */
  readonly #methods = new Map<string, Method>();

  public get size(): number {
    return this.#methods.size;
  }

  public sample(candidates: readonly ExecutableTransaction[]): BlockSample {
    const { length } = candidates;
    const methods: Method[] = [];
    if (length <= SAMPLE) {
      for (const candidate of candidates) methods.push(this.#of(candidate));
    } else {
      const stride = length / SAMPLE;
      for (let i = 0; i < SAMPLE; i++) {
        // Not evenly: a block may repeat itself.
        const index = Math.floor((i + (i % 3) / 3) * stride);
        methods.push(this.#of(candidates[Math.min(index, length - 1)]));
      }
    }
    return new BlockSample(methods, length);
  }

  #of(transaction: ExecutableTransaction): Method {
    const key = keyOf(transaction);
    let method = this.#methods.get(key);
    if (method === undefined) {
      method = { costUs: FIRST_COST_US, serialShare: 0, measured: 0 };
      if (this.#methods.size >= MOST_METHODS) this.#forget();
      this.#methods.set(key, method);
    }
    return method;
  }

  /** Makes room: an eighth at once, so that it is rare. */
  #forget(): void {
    let rest = MOST_METHODS / 8;
    for (const key of this.#methods.keys()) {
      if (rest-- === 0) return;
      this.#methods.delete(key);
    }
  }
}

/** Plain transfers are alike, whoever gets them. */
function keyOf(transaction: ExecutableTransaction): string {
  return transaction.to !== undefined && transaction.data.length === 0
    ? "transfer"
    : methodKey(transaction);
}
