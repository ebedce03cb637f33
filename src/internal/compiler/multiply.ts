/** Products of words: WebAssembly multiplies 64 bits by 64 bits and keeps the lower half. */
import type { Limb, LimbWriter, Word } from "./words.js";

import { shiftLeft } from "./arithmetic.js";
import { FunctionWriter, I64, Op } from "./encoder.js";
import {
  constantOf,
  constantWord,
  lengthOf,
  LimbWriter as Writer,
  MASK,
} from "./words.js";

const LOW = 0xffff_ffffn;

/** The product; `full` is the index of the function that multiplies words of any size (`writeProduct`). */
export function multiply(to: LimbWriter, a: Word, b: Word, full: number): Word {
  const x = constantOf(a);
  const y = constantOf(b);
  if (x !== undefined && y !== undefined) {
    return constantWord(BigInt.asUintN(256, x * y));
  }
  if (x !== undefined) return byConstant(to, b, a, x, full);
  if (y !== undefined) return byConstant(to, a, b, y, full);
  return anyProduct(to, a, b, full);
}

function byConstant(
  to: LimbWriter,
  a: Word,
  b: Word,
  value: bigint,
  full: number,
): Word {
  if (value === 0n) return constantWord(0n);
  if ((value & (value - 1n)) === 0n) {
    return shiftLeft(to, a, value.toString(2).length - 1);
  }
  return value <= LOW ? bySmall(to, a, value) : anyProduct(to, a, b, full);
}

/** By a constant below 2^32. */
function bySmall(to: LimbWriter, a: Word, value: bigint): Word {
  const length = lengthOf(a);
  const out: Limb[] = [];
  let carry: Limb = 0n;
  for (let i = 0; i < 4; i++) {
    const low = product(to, a[i], value);
    const sum = to.add(low, carry);
    if (i < 3) {
      const over: Limb = carry === 0n ? 0n : to.less(sum, carry);
      carry = i < length ? to.add(smallHigh(to, a[i], value), over) : over;
    }
    out.push(sum);
  }
  return out as unknown as Word;
}

/** The upper half of a limb times a constant below 2^32. */
function smallHigh(to: LimbWriter, a: Limb, value: bigint): Limb {
  const low = product(to, to.and(a, LOW), value);
  const high = product(to, to.shr(a, 32n), value);
  return to.shr(to.add(high, to.shr(low, 32n)), 32n);
}

/** The lower half of a product of limbs. */
function product(to: LimbWriter, a: Limb, b: Limb): Limb {
  if (typeof a === "bigint" && typeof b === "bigint") return (a * b) & MASK;
  if (a === 0n || b === 0n) return 0n;
  return to.binary(Op.i64Mul, a, b);
}

/** Most factors are below 2^32. */
function anyProduct(to: LimbWriter, a: Word, b: Word, full: number): Word {
  const code = to.to;
  const out = [0, 0, 0, 0].map(() => to.variable(I64));
  to.push(to.shr(to.or(a[0], b[0]), 32n));
  to.push(to.or(to.anyOf(a, 1), to.anyOf(b, 1)));
  code.op(Op.i64Or, Op.i64Eqz);
  code.if();
  to.push(a[0]);
  to.push(b[0]);
  code.op(Op.i64Mul);
  code.set(out[0]);
  for (const local of out.slice(1)) {
    code.i64(0n);
    code.set(local);
  }
  code.else();
  for (const limb of [...a, ...b]) to.push(limb);
  code.call(full);
  for (const local of [...out].reverse()) code.set(local);
  code.end();
  return out.map((local) => ({ local, isBit: false })) as unknown as Word;
}

/** The upper half of a product of limbs. */
function productHigh(to: LimbWriter, a: Limb, b: Limb): Limb {
  const a0 = to.and(a, LOW);
  const a1 = to.shr(a, 32n);
  const b0 = to.and(b, LOW);
  const b1 = to.shr(b, 32n);
  const low = product(to, a0, b0);
  const middle = to.add(product(to, a1, b0), to.shr(low, 32n));
  const other = to.add(product(to, a0, b1), to.and(middle, LOW));
  const high = to.add(product(to, a1, b1), to.shr(middle, 32n));
  return to.add(high, to.shr(other, 32n));
}

/** The function that multiplies words: eight limbs in, four out. */
export function writeProduct(): FunctionWriter {
  const code = new FunctionWriter(8);
  const to = new Writer(code);
  const parameter = (local: number): Limb => ({ local, isBit: false });
  const a = [0, 1, 2, 3].map(parameter) as unknown as Word;
  const b = [4, 5, 6, 7].map(parameter) as unknown as Word;
  to.push(to.or(to.anyOf(a, 2), to.anyOf(b, 2)));
  code.op(Op.i64Eqz);
  code.if();
  // Of factors below 2^128, what is above that is one product.
  const small = column(to, a, b, 2);
  for (const limb of small) to.push(limb);
  code.op(Op.return);
  code.end();
  for (const limb of column(to, a, b, 4)) to.push(limb);
  return code;
}

/** The product modulo 2^256 of the lowest `count` limbs. */
function column(to: LimbWriter, a: Word, b: Word, count: number): Limb[] {
  const out: Limb[] = [0n, 0n, 0n, 0n];
  for (let i = 0; i < count; i++) {
    let carry: Limb = 0n;
    for (let j = 0; j < count && i + j < 4; j++) {
      const at = i + j;
      const low = product(to, a[i], b[j]);
      const sum = to.add(out[at], low);
      const total = to.add(sum, carry);
      if (at < 3) {
        const first: Limb = out[at] === 0n ? 0n : to.less(sum, low);
        const second: Limb = carry === 0n ? 0n : to.less(total, carry);
        // x y + z + c < 2^128: the upper half takes both.
        const over = to.add(first, second);
        carry = to.add(productHigh(to, a[i], b[j]), over);
      }
      out[at] = total;
    }
    if (i + count < 4) out[i + count] = carry;
  }
  return out;
}
