/** Arithmetic of words that is written out: sums, comparisons, bits, shifts by constants. */
import type { Limb, LimbWriter, Word } from "./words.js";

import { Op } from "./encoder.js";
import { bitWord, constantOf, constantWord } from "./words.js";

export function add(to: LimbWriter, a: Word, b: Word): Word {
  const out: Limb[] = [];
  let carry: Limb = 0n;
  for (let i = 0; i < 4; i++) {
    const sum = to.add(a[i], b[i]);
    const total = to.add(sum, carry);
    if (i < 3) {
      // From the operands, or from the carry that came in.
      const first = b[i] === 0n || a[i] === 0n ? 0n : to.less(sum, b[i]);
      const second: Limb = carry === 0n ? 0n : to.less(total, carry);
      carry = to.either(first, second);
    }
    out.push(total);
  }
  return out as unknown as Word;
}

export function sub(to: LimbWriter, a: Word, b: Word): Word {
  const out: Limb[] = [];
  let borrow: Limb = 0n;
  for (let i = 0; i < 4; i++) {
    const difference = to.sub(a[i], b[i]);
    const rest = to.sub(difference, borrow);
    if (i < 3) {
      const first = to.less(a[i], b[i]);
      const second: Limb = borrow === 0n ? 0n : to.less(difference, borrow);
      borrow = to.either(first, second);
    }
    out.push(rest);
  }
  return out as unknown as Word;
}

function map(a: Word, b: Word, use: (a: Limb, b: Limb) => Limb): Word {
  return a.map((limb, i) => use(limb, b[i])) as unknown as Word;
}

export function and(to: LimbWriter, a: Word, b: Word): Word {
  return map(a, b, (x, y) => to.and(x, y));
}

export function or(to: LimbWriter, a: Word, b: Word): Word {
  return map(a, b, (x, y) => to.or(x, y));
}

export function xor(to: LimbWriter, a: Word, b: Word): Word {
  return map(a, b, (x, y) => to.xor(x, y));
}

export function not(to: LimbWriter, a: Word): Word {
  return xor(to, a, constantWord((1n << 256n) - 1n));
}

/** 1 when a < b. */
export function less(to: LimbWriter, a: Word, b: Word): Word {
  return bitWord(lessUpTo(to, a, b, 4));
}

/** The comparison of the lowest `count` limbs. */
function lessUpTo(to: LimbWriter, a: Word, b: Word, count: number): Limb {
  let result: Limb = 0n;
  for (let i = 0; i < count; i++) {
    const below = result;
    const isLess = to.less(a[i], b[i]);
    result = to.either(
      isLess,
      below === 0n ? 0n : to.both(to.equal(a[i], b[i]), below),
    );
  }
  return result;
}

/** 1 when a < b in two's complement. */
export function signedLess(to: LimbWriter, a: Word, b: Word): Word {
  const x = constantOf(a);
  const y = constantOf(b);
  if (x !== undefined && y !== undefined) {
    const isLess = BigInt.asIntN(256, x) < BigInt.asIntN(256, y);
    return bitWord(isLess ? 1n : 0n);
  }
  const below = lessUpTo(to, a, b, 3);
  const isLess = to.compare(Op.i64LtS, a[3], b[3]);
  return bitWord(to.either(isLess, to.both(to.equal(a[3], b[3]), below)));
}

export function equal(to: LimbWriter, a: Word, b: Word): Word {
  return isZero(to, xor(to, a, b));
}

export function isZero(to: LimbWriter, a: Word): Word {
  return bitWord(to.isZero(to.anyOf(a)));
}

/** By a constant below 256. */
export function shiftLeft(to: LimbWriter, a: Word, by: number): Word {
  const limbs = by >> 6;
  const bits = BigInt(by & 63);
  return [0, 1, 2, 3].map((i) => {
    const high: Limb = a[i - limbs] ?? 0n;
    const low: Limb = bits === 0n ? 0n : (a[i - limbs - 1] ?? 0n);
    return to.or(
      to.shl(high, bits),
      bits === 0n ? 0n : to.shr(low, 64n - bits),
    );
  }) as unknown as Word;
}

/** By a constant below 256; `fill` is what comes in from above, 0 or all ones. */
export function shiftRight(
  to: LimbWriter,
  a: Word,
  by: number,
  fill: Limb = 0n,
): Word {
  const limbs = by >> 6;
  const bits = BigInt(by & 63);
  return [0, 1, 2, 3].map((i) => {
    const low: Limb = a[i + limbs] ?? fill;
    const high: Limb = bits === 0n ? 0n : (a[i + limbs + 1] ?? fill);
    return to.or(
      to.shr(low, bits),
      bits === 0n ? 0n : to.shl(high, 64n - bits),
    );
  }) as unknown as Word;
}

export function shiftRightSigned(to: LimbWriter, a: Word, by: number): Word {
  return shiftRight(to, a, by, to.sar(a[3], 63n));
}

/** SIGNEXTEND from the byte `index` < 31. */
export function signExtend(to: LimbWriter, a: Word, index: number): Word {
  const top = index >> 3;
  const bits = BigInt(56 - 8 * (index & 7));
  const extended = to.sar(to.shl(a[top], bits), bits);
  const fill = top < 3 ? to.sar(extended, 63n) : 0n;
  return [0, 1, 2, 3].map((i) =>
    i < top ? a[i] : i === top ? extended : fill,
  ) as unknown as Word;
}

/** BYTE `index` < 32, of which 0 is the most significant. */
export function byteAt(to: LimbWriter, a: Word, index: number): Word {
  const limb = a[3 - (index >> 3)];
  return bitWord(to.and(to.shr(limb, BigInt(56 - 8 * (index & 7))), 0xffn));
}
