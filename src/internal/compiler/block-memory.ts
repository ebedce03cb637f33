/** Writes MLOAD, MSTORE and MSTORE8: in active memory they are loads and stores, elsewhere the core makes it active. */
import type { BlockWriter } from "./block-writer.js";
import type { Step } from "./blocks.js";
import type { Limb, Word } from "./words.js";

import { I32, I64, Op } from "./encoder.js";
import { FRAME } from "./region-context.js";
import { MLOAD, MSTORE8 } from "./source.js";
import { constantOf } from "./words.js";

const WORD_SIZE = 32;
/** Offsets that are added by the load or store itself. */
const MOST_OFFSET = 0x1000_0000n;

export function writeMemoryOperation(block: BlockWriter, step: Step): void {
  const { stack, context } = block;
  const { code, limbs } = context;
  const offset = stack.get(stack.height - 1);
  const isByte = step.opcode === MSTORE8;
  makeActive(block, step, offset, isByte ? 1 : WORD_SIZE);
  const place = addressOf(block, offset);
  if (step.opcode === MLOAD) {
    stack.pop();
    stack.push(loadWord(block, place));
    return;
  }
  const value = stack.get(stack.height - 2);
  stack.height -= 2;
  if (isByte) {
    code.get(place.local);
    limbs.push(value[0]);
    code.store8(place.offset);
    return;
  }
  storeHalf(block, place, WORD_SIZE / 2, value[0], value[1]);
  storeHalf(block, place, 0, value[2], value[3]);
}

/** Sees to it that `length` bytes at the offset are active; what is not possible the interpreter finds out. */
function makeActive(
  block: BlockWriter,
  step: Step,
  offset: Word,
  length: number,
): void {
  const { context } = block;
  const { code, limbs, callees, spare, offsets } = context;
  const constant = constantOf(offset);
  const end = constant === undefined ? undefined : constant + BigInt(length);
  if (end !== undefined && end <= BigInt(block.active)) return;
  const high = limbs.anyOf(offset, 1);
  const left = limbs.variable(I64);
  limbs.push(offset[0]);
  code.get(offsets);
  code.op(Op.i64GeU);
  if (high !== 0n) {
    limbs.push(high);
    code.i64(0n);
    code.op(Op.i64Ne, Op.i32Or);
  }
  code.if();
  code.get(FRAME);
  limbs.push(offset[0]);
  limbs.push(high);
  code.i32(length);
  code.get(spare);
  code.call(callees.touch);
  code.tee(left);
  code.i64(-1n);
  code.op(Op.i64Eq);
  code.if();
  block.exitBefore(step);
  code.end();
  code.get(left);
  code.set(spare);
  context.loadMemory();
  code.end();
  if (end !== undefined && end < MOST_OFFSET) block.active = Number(end);
}

interface Place {
  /** A variable with an address. */
  readonly local: number;
  readonly offset: number;
}

function addressOf(block: BlockWriter, offset: Word): Place {
  const { code, limbs, memory } = block.context;
  const constant = constantOf(offset);
  if (constant !== undefined && constant < MOST_OFFSET) {
    return { local: memory, offset: Number(constant) };
  }
  const local = limbs.variable(I32);
  limbs.push(offset[0]);
  code.op(Op.i32WrapI64);
  code.get(memory);
  code.op(Op.i32Add);
  code.set(local);
  return { local, offset: 0 };
}

function loadWord(block: BlockWriter, { local, offset }: Place): Word {
  const { code, limbs } = block.context;
  const { vector } = limbs;
  return [WORD_SIZE / 2, 0].flatMap((half) => {
    code.get(local);
    code.loadVector(offset + half);
    code.reverseVector(vector);
    code.set(vector);
    return [0, 1].map((index) => {
      code.get(vector);
      code.lane(index);
      return limbs.limb();
    });
  }) as unknown as Word;
}

function storeHalf(
  block: BlockWriter,
  { local, offset }: Place,
  half: number,
  low: Limb,
  high: Limb,
): void {
  const { code, limbs } = block.context;
  code.get(local);
  limbs.push(low);
  code.splat();
  limbs.push(high);
  code.setLane(1);
  code.reverseVector(limbs.vector);
  code.storeVector(offset + half);
}
