/**
 * Who is likely to depend on whom, learned from conflicts: by callee and selector, and by what two transactions
 * that conflicted had in common (the callee alone, the sender, an argument). Predictions only choose an order;
 * being wrong costs time, and no more than EXPLORE says.
 */
import type { ExecutableTransaction } from "../evm/types.js";

/** Methods remembered; those that were added first are forgotten first. */
const MOST_METHODS = 256;

/** Arguments looked at. */
const ARGUMENTS = 3;
/** Places of a transaction that can have a word in common with another one: its sender, its arguments. */
const PLACES = 1 + ARGUMENTS;
/** Nothing but the callee in common. */
const CALLEE = PLACES;

/** Conflicts in a block that are taken for a rule and not for an accident. */
const LEAST_CONFLICTS = 3;

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
    candidates.forEach((candidate, index) => {
      const method = this.#find(candidate);
      if (method === undefined || !hinted.has(method)) return;
      let after = 0;
      for (let place = 0; place <= CALLEE; place++) {
        if (method.scores[place] < ACTIVE) continue;
        const word = place === CALLEE ? "" : wordAt(candidate, place);
        if (word === undefined) continue;
        const key = `${candidate.to}${word}`;
        after = Math.max(after, last.get(key) ?? 0);
        last.set(key, index + 1);
      }
      dependencies[index] = after;
    });
    return dependencies;
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
    for (const [method, conflicts] of found) {
      conflicts.forEach((count, place) => {
        if (count < LEAST_CONFLICTS) return;
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
    candidates.forEach((candidate, index) => {
      const writer = conflictOf(index);
      if (writer === undefined) return;
      const other = candidates[writer];
      if (candidate.to === undefined || candidate.to !== other.to) return;
      const [ours, theirs] = [this.#make(candidate), this.#make(other)];
      let any = false;
      for (let place = 0; place < PLACES; place++) {
        const word = wordAt(candidate, place);
        if (word === undefined) continue;
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
    const calls = new Map<MethodConflicts, number>();
    if (this.#methods.size === 0) return new Set();
    for (const candidate of candidates) {
      const method = this.#find(candidate);
      if (method !== undefined) calls.set(method, (calls.get(method) ?? 0) + 1);
    }
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

function methodKey({ to, data }: ExecutableTransaction): string {
  if (to === undefined) return "create";
  if (data.length === 0) return to;
  return `${to}${data[0]},${data[1]},${data[2]},${data[3]}`;
}

/** The sender, or an argument that names something: an address alike in both. Undefined: there is none. */
function wordAt(
  { from, data }: ExecutableTransaction,
  place: number,
): string | undefined {
  if (place === 0) return from.slice(2);
  const at = 4 + (place - 1) * 32;
  if (data.length < at + 32) return undefined;
  const word = Buffer.from(data.buffer, data.byteOffset + at, 32);
  // Amounts and flags are alike by accident.
  if (word.readBigUInt64BE(8) === 0n && word.readBigUInt64BE(16) === 0n) {
    return undefined;
  }
  const isAddress =
    word.readBigUInt64BE(0) === 0n && word.readUInt32BE(8) === 0;
  return word.toString("hex", isAddress ? 12 : 0);
}
