/**
 * What the process has learned of transactions, by what they call: how long one takes on one thread, and how
 * much of that several threads cannot share. A bounded memory, and a sample of big blocks: deciding how to
 * execute a block must cost nothing next to executing it.
 */
import type { ExecutableTransaction } from "../evm/types.js";

import { methodKey } from "./method-key.js";

/** Methods remembered; those that were not seen for longest are forgotten first. */
const MOST_METHODS = 512;

/** Transactions of a block that are looked at: 6 microseconds' worth. */
const SAMPLE = 64;

/** What a transaction costs that calls what nobody has measured, before anything was: transfers (a limit of 21,000 gas) take
 *  1.5 to 3 us, ERC-20 transfers 4 to 7 and swaps 17 (300,000). */
const FIRST_COST_US = 2;
const FIRST_COST_US_PER_GAS = 2e-5;
/** Limits beyond this say that nobody has thought about the limit. */
const LARGEST_LIMIT = 1_000_000;

/**
 * How far a measurement moves what was known. Pauses (garbage collection, another process, code that is not compiled yet)
 * only make blocks take longer, so a cost falls at once and rises slowly.
 */
const FALL_RATE = 0.6;
const RISE_RATE = 0.2;

/** No measurement says that a cost was this many times too low or too high. */
const LARGEST_CHANGE = 8;

/** Shares remembered. The second best of them counts (of fewer the best): what makes a block take longer than it has to is
 *  the machine, for seconds at a time, and only what is measured again and again is the block itself. */
const MOST_SHARES = 5;

/** From this part of a block's time on, what is not known yet is what the block is about. */
const MAJORITY = 0.5;

/** How often blocks like this one are executed the other way, to see whether that is better by now (policy.ts). */
export interface Rhythm {
  /** Blocks until one is tried in parallel, and how many it will be the next time. */
  rest: number;
  nextRest: number;
  /** Parallel blocks in a row, and after how many of them one is measured on one thread. */
  streak: number;
  longestStreak: number;
  /** Whether one was tried in parallel once its cost was known. */
  isTried: boolean;
}

const FIRST_RHYTHM: Readonly<Rhythm> = {
  rest: 0,
  nextRest: 1,
  streak: 0,
  longestStreak: 2,
  isTried: false,
};

/** What is known of a callee's function; or of all that were never seen before. */
class Method {
  /** Microseconds on one thread; of what was never seen before, by how much it is more than FIRST_COST_US says. */
  public costUs: number;
  /** How often its cost was measured. */
  public measured = 0;
  public readonly rhythm: Rhythm = { ...FIRST_RHYTHM };
  readonly #shares: number[] = [];

  constructor(costUs: number) {
    this.costUs = costUs;
  }

  /** Part of the time that parallel execution did not save: 0 as well as could be, 1 nothing. */
  public get serialShare(): number {
    const sorted = this.#shares.toSorted((a, b) => a - b);
    return sorted[sorted.length === MOST_SHARES ? 1 : 0] ?? 0;
  }

  public learnCost(factor: number): void {
    if (this.measured === 0) {
      this.costUs *= factor;
    } else {
      const change = Math.min(
        Math.max(factor, 1 / LARGEST_CHANGE),
        LARGEST_CHANGE,
      );
      this.costUs *= 1 + (change - 1) * (change < 1 ? FALL_RATE : RISE_RATE);
    }
    this.measured++;
  }

  public learnShare(share: number): void {
    this.#shares.push(share);
    if (this.#shares.length > MOST_SHARES) this.#shares.shift();
  }
}

/** A transaction of the sample: what is known of what it calls, and how much time that makes. */
interface Sampled {
  readonly key: string;
  readonly method: Method;
  readonly costUs: number;
}

/** A block, as far as the history is concerned. */
export class BlockSample {
  readonly #history: MethodHistory;
  readonly #sampled: readonly Sampled[];
  readonly #scale: number;
  /** Expected time of the block on one thread, in microseconds. */
  public readonly costUs: number;
  /** The part of it that is not expected to be shared by several threads. */
  public readonly serialUs: number;

  constructor(
    history: MethodHistory,
    sampled: readonly Sampled[],
    transactions: number,
  ) {
    this.#history = history;
    this.#sampled = sampled;
    this.#scale = sampled.length === 0 ? 0 : transactions / sampled.length;
    this.costUs = this.#sum(() => 1);
    this.serialUs = this.#sum(({ serialShare }) => serialShare);
  }

  /** Whether most of it was measured before, so that `costUs` is more than a guess. */
  public get isMeasured(): boolean {
    const known = this.#sum(({ measured }) => (measured > 0 ? 1 : 0));
    return known >= this.costUs * MAJORITY;
  }

  /** That of what takes most of its time. */
  public get rhythm(): Rhythm {
    const times = new Map<Method, number>();
    for (const { method, costUs } of this.#sampled) {
      times.set(method, (times.get(method) ?? 0) + costUs);
    }
    let leader = this.#history.unseen;
    let most = -1;
    for (const [method, time] of times) {
      if (time > most) [leader, most] = [method, time];
    }
    return leader.rhythm;
  }

  /** The block took so long on one thread. */
  public learnCost(microseconds: number): void {
    if (this.costUs === 0) return;
    const factor = microseconds / this.costUs;
    const { unseen } = this.#history;
    for (const method of this.#methods()) {
      if (method !== unseen || this.#isNew) method.learnCost(factor);
    }
    for (const { key, method, costUs } of this.#sampled) {
      if (method === unseen) this.#history.remember(key, costUs * factor);
    }
  }

  /** A guess for what nobody has measured. */
  public guessCost(microseconds: number): void {
    if (this.costUs !== 0 && this.#isNew) {
      this.#history.unseen.costUs *= microseconds / this.costUs;
    }
  }

  /** So much of the block's time was not shared. */
  public learnShare(share: number): void {
    const { unseen } = this.#history;
    for (const method of this.#methods()) {
      if (method !== unseen || this.#isNew) method.learnShare(share);
    }
  }

  /** Whether it calls above all what was never seen before. */
  get #isNew(): boolean {
    const { unseen } = this.#history;
    const time = this.#sum((method) => (method === unseen ? 1 : 0));
    return time >= this.costUs * MAJORITY;
  }

  #methods(): Set<Method> {
    return new Set(this.#sampled.map(({ method }) => method));
  }

  /** Microseconds of the whole block, each transaction's weighed by what is known of its method. */
  #sum(weigh: (method: Method) => number): number {
    let sum = 0;
    for (const { method, costUs } of this.#sampled)
      sum += costUs * weigh(method);
    return sum * this.#scale;
  }
}

export class MethodHistory {
  /** By callee and selector; the oldest first. */
  readonly #methods = new Map<string, Method>();
  /** Everything that was never seen before, taken together. */
  public readonly unseen = new Method(1);

  public get size(): number {
    return this.#methods.size;
  }

  public sample(candidates: readonly ExecutableTransaction[]): BlockSample {
    const { length } = candidates;
    const count = Math.min(length, SAMPLE);
    const stride = length / count;
    const sampled: Sampled[] = [];
    for (let i = 0; i < count; i++) {
      // Not evenly: a block may repeat itself.
      const index = Math.floor(
        length <= SAMPLE ? i : (i + (i % 3) / 3) * stride,
      );
      sampled.push(this.#of(candidates[Math.min(index, length - 1)]));
    }
    return new BlockSample(this, sampled, length);
  }

  public remember(key: string, costUs: number): void {
    if (this.#methods.has(key)) return;
    const method = new Method(costUs);
    method.measured = 1;
    if (this.#methods.size >= MOST_METHODS) this.#forget();
    this.#methods.set(key, method);
  }

  #of(transaction: ExecutableTransaction): Sampled {
    const key = keyOf(transaction);
    const method = this.#methods.get(key);
    if (method !== undefined) return { key, method, costUs: method.costUs };
    const limit = Math.min(Number(transaction.gasLimit), LARGEST_LIMIT);
    const first = FIRST_COST_US + limit * FIRST_COST_US_PER_GAS;
    return { key, method: this.unseen, costUs: first * this.unseen.costUs };
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
