/** The stack in compiled code: words by position, of which those that last beyond a block have variables. */
import type { Known } from "./blocks.js";
import type { FunctionWriter } from "./encoder.js";
import type { LimbWriter, Word } from "./words.js";

import { I64 } from "./encoder.js";
import { constantOf, constantWord, sameLimb } from "./words.js";

/** Four variables per position. */
export class SlotVariables {
  readonly #code: FunctionWriter;
  readonly #byPosition = new Map<number, readonly number[]>();

  constructor(code: FunctionWriter) {
    this.#code = code;
  }

  public of(position: number): readonly number[] {
    const known = this.#byPosition.get(position);
    if (known !== undefined) return known;
    const made = [0, 1, 2, 3].map(() => this.#code.local(I64));
    this.#byPosition.set(position, made);
    return made;
  }

  public word(position: number): Word {
    return this.of(position).map((local) => ({
      local,
      isBit: false,
    })) as unknown as Word;
  }
}

export class Stack {
  public height: number;
  readonly #slots: SlotVariables;
  readonly #words = new Map<number, Word>();
  /** Positions where the interpreter's stack may have something else. */
  readonly #changed: Set<number>;

  constructor(
    slots: SlotVariables,
    height: number,
    known: Known,
    changed: Iterable<number>,
  ) {
    this.#slots = slots;
    this.height = height;
    this.#changed = new Set(changed);
    for (const [position, value] of known) {
      this.#words.set(position, constantWord(BigInt(value)));
    }
  }

  public get(position: number): Word {
    return this.#words.get(position) ?? this.#slots.word(position);
  }

  public set(position: number, word: Word): void {
    this.#words.set(position, word);
    this.#changed.add(position);
  }

  public push(word: Word): void {
    this.set(this.height++, word);
  }

  public pop(): Word {
    return this.get(--this.height);
  }

  /** What must be written for the interpreter to go on. */
  public changed(): (readonly [position: number, word: Word])[] {
    return [...this.#changed]
      .filter((position) => position < this.height)
      .map((position) => [position, this.get(position)]);
  }

  /** Brings the words into the variables of their positions, but for those that are `known` there. */
  public settle(limbs: LimbWriter, known: Known): void {
    const moves: (readonly [from: Word, to: readonly number[]])[] = [];
    for (const [position, word] of this.#words) {
      if (position >= this.height || known.has(position)) continue;
      const slot = this.#slots.of(position);
      if (isSlot(word, slot)) continue;
      moves.push([word, slot]);
      if (constantOf(word) === undefined) this.#words.delete(position);
    }
    // All are read before any is written: they may go round in a circle.
    for (const [from] of moves) for (const limb of from) limbs.push(limb);
    for (const [, to] of moves.reverse()) {
      for (const local of [...to].reverse()) limbs.to.set(local);
    }
  }
}

function isSlot(word: Word, slot: readonly number[]): boolean {
  return word.every((limb, i) =>
    sameLimb(limb, { local: slot[i], isBit: false }),
  );
}
