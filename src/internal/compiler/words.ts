/**
 * Words in compiled code: four limbs of 64 bits, the least significant first, each a constant or a local variable.
 * Folding constants is what makes most of the difference to the interpreter: high limbs are often known to be 0.
 */
import type { FunctionWriter } from "./encoder.js";

import { I32, I64, Op } from "./encoder.js";

export interface LocalLimb {
  readonly local: number;
  /** An i32 that is 0 or 1. */
  readonly isBit: boolean;
}

export type Limb = bigint | LocalLimb;

export type Word = readonly [Limb, Limb, Limb, Limb];

export const MASK = 0xffff_ffff_ffff_ffffn;

export function constantWord(value: bigint): Word {
  return [
    value & MASK,
    (value >> 64n) & MASK,
    (value >> 128n) & MASK,
    value >> 192n,
  ];
}

/** The word's value where it is constant. */
export function constantOf(word: Word): bigint | undefined {
  let value = 0n;
  for (let i = 3; i >= 0; i--) {
    const limb = word[i];
    if (typeof limb !== "bigint") return undefined;
    value = (value << 64n) | limb;
  }
  return value;
}

/** How many limbs may be other than 0: the others are above them. */
export function lengthOf(word: Word): number {
  let length = 4;
  while (length > 0 && word[length - 1] === 0n) length--;
  return length;
}

export function sameLimb(a: Limb, b: Limb): boolean {
  if (typeof a === "bigint" || typeof b === "bigint") return a === b;
  return a.local === b.local && a.isBit === b.isBit;
}

/** The word that is 0 or 1. */
export function bitWord(bit: Limb): Word {
  return [bit, 0n, 0n, 0n];
}

/** Writes what computes limbs; their variables are good until the block ends. */
export class LimbWriter {
  readonly #free: Record<number, { readonly locals: number[]; used: number }> =
    { [I32]: { locals: [], used: 0 }, [I64]: { locals: [], used: 0 } };
  /** For vectors on their way from or to memory. */
  public readonly vector: number;
  public readonly to: FunctionWriter;

  constructor(to: FunctionWriter) {
    this.to = to;
    this.vector = to.vector();
  }

  /** What was computed so far is not needed any more. */
  public reset(): void {
    this.#free[I32].used = 0;
    this.#free[I64].used = 0;
  }

  /** A variable of type I32 or I64. */
  public variable(type: number): number {
    const pool = this.#free[type];
    if (pool.used === pool.locals.length) {
      pool.locals.push(this.to.local(type));
    }
    return pool.locals[pool.used++];
  }

  /** Pushes the limb on the stack of WebAssembly. */
  public push(limb: Limb): void {
    if (typeof limb === "bigint") {
      this.to.i64(limb);
      return;
    }
    this.to.get(limb.local);
    if (limb.isBit) this.to.op(Op.i64ExtendI32U);
  }

  /** Takes an i64 off the stack of WebAssembly. */
  public limb(): LocalLimb {
    const local = this.variable(I64);
    this.to.set(local);
    return { local, isBit: false };
  }

  /** Takes an i32 that is 0 or 1. */
  public bit(): LocalLimb {
    const local = this.variable(I32);
    this.to.set(local);
    return { local, isBit: true };
  }

  /** Pushes whether the limb is other than 0, as an i32. */
  public pushTruth(limb: LocalLimb): void {
    this.to.get(limb.local);
    if (!limb.isBit) {
      this.to.i64(0n);
      this.to.op(Op.i64Ne);
    }
  }

  /** `a` opcode `b`, where at least one is no constant. */
  public binary(opcode: number, a: Limb, b: Limb): LocalLimb {
    this.push(a);
    this.push(b);
    this.to.op(opcode);
    return this.limb();
  }

  /** The same for an opcode that compares. */
  public compare(opcode: number, a: Limb, b: Limb): LocalLimb {
    this.push(a);
    this.push(b);
    this.to.op(opcode);
    return this.bit();
  }

  public add(a: Limb, b: Limb): Limb {
    if (typeof a === "bigint" && typeof b === "bigint") return (a + b) & MASK;
    if (a === 0n) return b;
    return b === 0n ? a : this.binary(Op.i64Add, a, b);
  }

  public sub(a: Limb, b: Limb): Limb {
    if (typeof a === "bigint" && typeof b === "bigint") return (a - b) & MASK;
    return b === 0n ? a : this.binary(Op.i64Sub, a, b);
  }

  public and(a: Limb, b: Limb): Limb {
    if (typeof a === "bigint" && typeof b === "bigint") return a & b;
    if (a === 0n || b === 0n) return 0n;
    if (a === MASK) return b;
    if (b === MASK || sameLimb(a, b)) return a;
    return this.binary(Op.i64And, a, b);
  }

  public or(a: Limb, b: Limb): Limb {
    if (typeof a === "bigint" && typeof b === "bigint") return a | b;
    if (a === MASK || b === MASK) return MASK;
    if (a === 0n) return b;
    if (b === 0n || sameLimb(a, b)) return a;
    return this.binary(Op.i64Or, a, b);
  }

  public xor(a: Limb, b: Limb): Limb {
    if (typeof a === "bigint" && typeof b === "bigint") return a ^ b;
    if (a === 0n) return b;
    if (b === 0n) return a;
    return sameLimb(a, b) ? 0n : this.binary(Op.i64Xor, a, b);
  }

  /** Shifted left by 0 to 63 bits. */
  public shl(a: Limb, bits: bigint): Limb {
    if (typeof a === "bigint") return (a << bits) & MASK;
    return bits === 0n ? a : this.binary(Op.i64Shl, a, bits);
  }

  public shr(a: Limb, bits: bigint): Limb {
    if (typeof a === "bigint") return a >> bits;
    return bits === 0n ? a : this.binary(Op.i64ShrU, a, bits);
  }

  /** With copies of the sign bit. */
  public sar(a: Limb, bits: bigint): Limb {
    if (typeof a === "bigint") return (BigInt.asIntN(64, a) >> bits) & MASK;
    return bits === 0n ? a : this.binary(Op.i64ShrS, a, bits);
  }

  /** Whether a < b. */
  public less(a: Limb, b: Limb): Limb {
    if (typeof a === "bigint" && typeof b === "bigint") return a < b ? 1n : 0n;
    if (b === 0n || sameLimb(a, b)) return 0n;
    return this.compare(Op.i64LtU, a, b);
  }

  /** Whether a = b. */
  public equal(a: Limb, b: Limb): Limb {
    if (typeof a === "bigint" && typeof b === "bigint") {
      return a === b ? 1n : 0n;
    }
    if (sameLimb(a, b)) return 1n;
    if (b === 0n) return this.isZero(a);
    return a === 0n ? this.isZero(b) : this.compare(Op.i64Eq, a, b);
  }

  public isZero(a: Limb): Limb {
    if (typeof a === "bigint") return a === 0n ? 1n : 0n;
    this.to.get(a.local);
    this.to.op(a.isBit ? Op.i32Eqz : Op.i64Eqz);
    return this.bit();
  }

  /** Of limbs that are 0 or 1. */
  public either(a: Limb, b: Limb): Limb {
    return this.#ofBits(a, b, Op.i32Or) ?? this.or(a, b);
  }

  public both(a: Limb, b: Limb): Limb {
    return this.#ofBits(a, b, Op.i32And) ?? this.and(a, b);
  }

  #ofBits(a: Limb, b: Limb, opcode: number): Limb | undefined {
    if (typeof a === "bigint" || typeof b === "bigint") return undefined;
    if (!a.isBit || !b.isBit) return undefined;
    this.to.get(a.local);
    this.to.get(b.local);
    this.to.op(opcode);
    return this.bit();
  }

  /** All limbs from `first` on, or-ed. */
  public anyOf(word: Word, first = 0): Limb {
    return word.slice(first).reduce((a, b) => this.or(a, b), 0n as Limb);
  }
}
