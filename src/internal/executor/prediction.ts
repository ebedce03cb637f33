/**
 * Who is likely to depend on whom, learned from conflicts: by callee and selector, and by what two transactions
 * that conflicted had in common (the callee alone, the sender, an argument). Predictions only choose an order;
 * being wrong costs time, and no more than EXPLORE says.
 */
import type { ExecutableTransaction } from "../evm/types.js";

import { methodKey } from "./method-key.js";

/** Methods remembered; those that were added first are forgotten first. */
const MOST_METHODS = 256;

/** Arguments looked at. */
const ARGUMENTS = 3;
/** Places of a transaction that can have a word in common with another one: its sender, its arguments. */
const PLACES = 1 + ARGUMENTS;
/** Nothing but the callee in common. */
const CALLEE = PLACES;

/** Conflicts in a block that are taken for a rule and not for an accident: so many, and this share of a method's calls.
 *  Fewer cost less than waiting does: 12 of 1,000 in a mixed block, 0.63 of the time without predictions and 0.70 with. */
const LEAST_CONFLICTS = 3;
const LEAST_SHARE = 0.05;

/** A word that is the same from one call to the next, this often, says nothing of who depends on whom. */
const CONSTANT = 0.9;

/** When one chain is longer than this share of the block, nobody waits: what is in its turn is executed without notes of
 *  what it read, and a chain that runs ahead is not (lending: 1.04 of one thread without predictions, 1.19 with). */
const LONGEST_CHAIN = 0.5;

/** From here on a score predicts. */
const ACTIVE = 0.5;

/** One in so many blocks of a method goes without predictions, to see whether the conflicts are still there. */
const EXPLORE = 16;

/** A method has to be called this often in a block for the lack of conflicts to say something. */
const LEAST_CALLS = 8;

interface MethodConflicts {
  /** By place, and CALLEE: how likely those that have it in common depend on each other. */
  readonly scores: Float64Array;
  /** Blocks with predictions since it was last looked without. */
  hinted: number;
}

export class Prediction {
  readonly #methods = new Map<string, MethodConflicts>();
  /** Methods that the last block had no predictions for. */
  #unhinted = new Set<MethodConflicts>();

  public get size(): number {
    return this.#methods.size;
  }

  /** By candidate, the one before that it is likely to depend on (index + 1), or 0. Undefined: nobody depends on anybody. */
  public dependencies(
    candidates: readonly ExecutableTransaction[],
  ): Uint32Array | undefined {
    this.#unhinted = new Set();
    const hinted = this.#hinted(candidates);
    if (hinted.size === 0) return undefined;
    const last = new Map<string, number>();
    const dependencies = new Uint32Array(candidates.length);
    const depths = new Uint32Array(candidates.length);
    let deepest = 0;
    candidates.forEach((candidate, index) => {
      const method = this.#find(candidate);
      if (method === undefined || !hinted.has(method)) return;
      // The same word may stand in several places: nobody depends on itself.
      const keys: string[] = [];
      for (let place = 0; place <= CALLEE; place++) {
        if (method.scores[place] < ACTIVE) continue;
        const word = place === CALLEE ? "" : wordAt(candidate, place);
        if (word !== undefined) keys.push(`${candidate.to}${word}`);
      }
      const after = Math.max(0, ...keys.map((key) => last.get(key) ?? 0));
      for (const key of keys) last.set(key, index + 1);
      dependencies[index] = after;
      if (after !== 0) depths[index] = depths[after - 1] + 1;
      deepest = Math.max(deepest, depths[index]);
    });
    const isChain = deepest > candidates.length * LONGEST_CHAIN;
    return deepest === 0 || isChain ? undefined : dependencies;
  }

  /** @param conflictOf the transaction that one came too early for, as the scheduler saw it; undefined: there were no such. */
  public learn(
    candidates: readonly ExecutableTransaction[],
    conflictOf: ((index: number) => number | undefined) | undefined,
  ): void {
    const found = new Map<MethodConflicts, Float64Array>();
    if (conflictOf !== undefined) {
      this.#credit(candidates, conflictOf, found);
    }
    const calls = this.#count(found.size === 0 ? [] : candidates);
    for (const [method, conflicts] of found) {
      const least = Math.max(
        LEAST_CONFLICTS,
        (calls.get(method) ?? 0) * LEAST_SHARE,
      );
      conflicts.forEach((count, place) => {
        if (count < least) return;
        method.scores[place] += (1 - method.scores[place]) / 2;
      });
    }
    for (const method of this.#unhinted) {
      const conflicts = found.get(method);
      for (let place = 0; place <= CALLEE; place++) {
        if ((conflicts?.[place] ?? 0) === 0) method.scores[place] /= 2;
      }
    }
  }

  #credit(
    candidates: readonly ExecutableTransaction[],
    conflictOf: (index: number) => number | undefined,
    found: Map<MethodConflicts, Float64Array>,
  ): void {
    let constants: ReadonlyMap<string, ReadonlySet<number>> | undefined;
    candidates.forEach((candidate, index) => {
      const writer = conflictOf(index);
      if (writer === undefined) return;
      const other = candidates[writer];
      if (candidate.to === undefined || candidate.to !== other.to) return;
      const [ours, theirs] = [this.#make(candidate), this.#make(other)];
      constants ??= constantPlaces(candidates);
      const constant = constants.get(methodKey(candidate));
      let any = false;
      for (let place = 0; place < PLACES; place++) {
        const word = wordAt(candidate, place);
        if (word === undefined || constant?.has(place) === true) continue;
        for (let at = 0; at < PLACES; at++) {
          if (wordAt(other, at) !== word) continue;
          any = true;
          credit(found, ours, place);
          credit(found, theirs, at);
        }
      }
      if (any) return;
      credit(found, ours, CALLEE);
      credit(found, theirs, CALLEE);
    });
  }

  /** The block's methods that something is to be predicted of. */
  #hinted(
    candidates: readonly ExecutableTransaction[],
  ): ReadonlySet<MethodConflicts> {
    if (this.#methods.size === 0) return new Set();
    const calls = this.#count(candidates);
    const hinted = new Set<MethodConflicts>();
    for (const [method, count] of calls) {
      if (!method.scores.some((score) => score >= ACTIVE)) continue;
      if (count >= LEAST_CALLS && ++method.hinted >= EXPLORE) {
        method.hinted = 0;
        this.#unhinted.add(method);
      } else hinted.add(method);
    }
    return hinted;
  }

  /** Calls of the methods that something is known of. */
  #count(
    candidates: readonly ExecutableTransaction[],
  ): Map<MethodConflicts, number> {
    const calls = new Map<MethodConflicts, number>();
    for (const candidate of candidates) {
      const method = this.#find(candidate);
      if (method !== undefined) calls.set(method, (calls.get(method) ?? 0) + 1);
    }
    return calls;
  }

  #find(candidate: ExecutableTransaction): MethodConflicts | undefined {
    return this.#methods.get(methodKey(candidate));
  }

  #make(candidate: ExecutableTransaction): MethodConflicts {
    const key = methodKey(candidate);
    let method = this.#methods.get(key);
    if (method === undefined) {
      method = { scores: new Float64Array(CALLEE + 1), hinted: 0 };
      if (this.#methods.size >= MOST_METHODS) this.#forget();
      this.#methods.set(key, method);
    }
    return method;
  }

  #forget(): void {
    for (const key of this.#methods.keys()) {
      this.#methods.delete(key);
      return;
    }
  }
}

function credit(
  found: Map<MethodConflicts, Float64Array>,
  method: MethodConflicts,
  place: number,
): void {
  let conflicts = found.get(method);
  if (conflicts === undefined) {
    conflicts = new Float64Array(CALLEE + 1);
    found.set(method, conflicts);
  }
  conflicts[place]++;
}

/** By method, the places whose word is nearly always the one of the call before. */
function constantPlaces(
  candidates: readonly ExecutableTransaction[],
): Map<string, Set<number>> {
  const last = new Map<string, (string | undefined)[]>();
  const repeated = new Map<string, Float64Array>();
  for (const candidate of candidates) {
    const key = methodKey(candidate);
    const words = Array.from({ length: PLACES }, (_, place) =>
      wordAt(candidate, place),
    );
    const before = last.get(key);
    last.set(key, words);
    const counts = repeated.get(key) ?? new Float64Array(PLACES + 1);
    repeated.set(key, counts);
    if (before === undefined) continue;
    counts[PLACES]++;
    words.forEach((word, place) => {
      if (word === before[place]) counts[place]++;
    });
  }
  return new Map(
    [...repeated].map(([key, counts]) => [
      key,
      new Set(
        Array.from({ length: PLACES }, (_, place) => place).filter(
          (place) => counts[place] > counts[PLACES] * CONSTANT,
        ),
      ),
    ]),
  );
}

/** The sender, or an argument; addresses are alike in both. Undefined: there is none. */
function wordAt(
  { from, data }: ExecutableTransaction,
  place: number,
): string | undefined {
  if (place === 0) return from.slice(2);
  const at = 4 + (place - 1) * 32;
  if (data.length < at + 32) return undefined;
  const word = Buffer.from(data.buffer, data.byteOffset + at, 32);
  const isAddress =
    word.readBigUInt64BE(0) === 0n && word.readUInt32BE(8) === 0;
  return word.toString("hex", isAddress ? 12 : 0);
}
