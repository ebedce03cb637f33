/** Writes opcodes that compute words: as they are where that is short, else as calls of the core's functions. */
import type { BlockWriter } from "./block-writer.js";
import type { Step } from "./blocks.js";
import type { LimbWriter, Word } from "./words.js";

import * as arithmetic from "./arithmetic.js";
import { I64, Op } from "./encoder.js";
import { multiply } from "./multiply.js";
import { FRAME } from "./region-context.js";
import * as op from "./source.js";
import { bitWord, constantOf, constantWord } from "./words.js";

type Binary = (to: LimbWriter, a: Word, b: Word) => Word;

const BINARY = new Map<number, Binary>([
  [op.ADD, arithmetic.add],
  [op.SUB, arithmetic.sub],
  [op.LT, arithmetic.less],
  [op.GT, (to, a, b) => arithmetic.less(to, b, a)],
  [op.SLT, arithmetic.signedLess],
  [op.SGT, (to, a, b) => arithmetic.signedLess(to, b, a)],
  [op.EQ, arithmetic.equal],
  [op.AND, arithmetic.and],
  [op.OR, arithmetic.or],
  [op.XOR, arithmetic.xor],
]);

type ByConstant = (to: LimbWriter, word: Word, n: number) => Word;

/** Opcodes that are short when their first operand is a constant below the bound. */
const BY_CONSTANT = new Map<number, readonly [bound: bigint, ByConstant]>([
  [op.SHL, [256n, arithmetic.shiftLeft]],
  [op.SHR, [256n, arithmetic.shiftRight]],
  [op.SAR, [256n, arithmetic.shiftRightSigned]],
  [op.SIGNEXTEND, [31n, arithmetic.signExtend]],
  [op.BYTE, [32n, arithmetic.byteAt]],
]);

export function writeWordOperation(block: BlockWriter, step: Step): void {
  const { stack } = block;
  const result = resultOf(block, step);
  stack.height -= step.needs;
  stack.push(result);
}

function resultOf(block: BlockWriter, step: Step): Word {
  const { stack, context } = block;
  const { limbs, code } = context;
  const { opcode } = step;
  const a = (): Word => stack.get(stack.height - 1);
  const b = (): Word => stack.get(stack.height - 2);
  const binary = BINARY.get(opcode);
  if (binary !== undefined) return binary(limbs, a(), b());
  const byConstant = BY_CONSTANT.get(opcode);
  if (byConstant !== undefined) {
    const n = constantOf(a());
    const [bound, write] = byConstant;
    if (n !== undefined && n < bound) return write(limbs, b(), Number(n));
  }
  switch (opcode) {
    case op.ISZERO:
      return arithmetic.isZero(limbs, a());
    case op.NOT:
      return arithmetic.not(limbs, a());
    case op.MUL:
      return multiply(limbs, a(), b(), context.callees.product);
    case op.DIV:
      return divide(block, step, Op.i64DivU);
    case op.MOD:
      return divide(block, step, Op.i64RemU);
    case op.PC:
      return constantWord(BigInt(step.pc));
    case op.CODESIZE:
      return constantWord(BigInt(context.source.length));
    case op.MSIZE:
      code.get(FRAME);
      code.load32(context.layout.memorySize);
      code.op(Op.i64ExtendI32U);
      return bitWord(limbs.limb());
    default:
      return block.callWord(step);
  }
}

/** Words of one limb are divided by the machine. */
function divide(block: BlockWriter, step: Step, opcode: number): Word {
  const { stack, context } = block;
  const { limbs, code } = context;
  const a = stack.get(stack.height - 1);
  const b = stack.get(stack.height - 2);
  const divisor = constantOf(b);
  if (divisor === 0n) return constantWord(0n);
  if (divisor !== undefined) {
    if ((divisor & (divisor - 1n)) === 0n) {
      if (opcode === Op.i64RemU) {
        return arithmetic.and(limbs, a, constantWord(divisor - 1n));
      }
      return arithmetic.shiftRight(limbs, a, divisor.toString(2).length - 1);
    }
    if (divisor >> 64n !== 0n) return block.callWord(step);
  }
  const out = [0, 0, 0, 0].map(() => limbs.variable(I64));
  const isLong = limbs.or(limbs.anyOf(a, 1), limbs.anyOf(b, 1));
  limbs.push(isLong);
  code.op(Op.i64Eqz);
  if (divisor === undefined) {
    limbs.push(b[0]);
    code.i64(0n);
    code.op(Op.i64Ne, Op.i32And);
  }
  code.if();
  limbs.push(a[0]);
  limbs.push(b[0]);
  code.op(opcode);
  code.set(out[0]);
  for (const local of out.slice(1)) {
    code.i64(0n);
    code.set(local);
  }
  code.else();
  block.callWord(step).forEach((limb, i) => {
    limbs.push(limb);
    code.set(out[i]);
  });
  code.end();
  return out.map((local) => ({ local, isBit: false })) as unknown as Word;
}
