/** Writes what a basic block does. */
import type { Block, Step } from "./blocks.js";
import type { RegionContext } from "./region-context.js";
import type { Limb, Word } from "./words.js";

import { writeMemoryOperation } from "./block-memory.js";
import { writeWordOperation } from "./block-words.js";
import { pushedWord } from "./blocks.js";
import { Op } from "./encoder.js";
import { FRAME } from "./region-context.js";
import {
  DUP1,
  DUP16,
  JUMP,
  JUMPDEST,
  kindOf,
  MLOAD,
  MSTORE8,
  POP,
  PUSH0,
  PUSH32,
  SWAP1,
  SWAP16,
} from "./source.js";
import { Stack } from "./stack.js";
import { constantWord } from "./words.js";

/** Runs of opcodes whose gas is paid at once: what takes gas of its own ends one. */
function segmentCosts(block: Block): number[] {
  const steps = [...block.steps, ...(block.jump ? [block.jump] : [])];
  const costs = steps.map(() => 0);
  let first = 0;
  steps.forEach(({ gas, opcode }, index) => {
    costs[first] += gas;
    if (kindOf(opcode) === "step") first = index + 1;
  });
  return costs;
}

export class BlockWriter {
  public readonly context: RegionContext;
  public readonly stack: Stack;
  readonly #block: Block;
  /** What was paid for and has not run. */
  #unused = 0;
  /** Bytes of memory that are known to be active. */
  public active = 0;

  constructor(context: RegionContext, block: Block) {
    this.context = context;
    this.#block = block;
    this.stack = new Stack(
      context.slots,
      block.height,
      block.known,
      context.region.changed.get(block) ?? [],
    );
  }

  /** Returns the stack at the end, and what decides which way it goes where there are two. */
  public write(): { readonly stack: Stack; readonly condition?: Limb } {
    const { steps, jump, edges } = this.#block;
    const { stack, context } = this;
    const costs = segmentCosts(this.#block);
    steps.forEach((step, index) => {
      this.#pay(costs[index], step.pc);
      this.#write(step);
      this.#unused -= step.gas;
    });
    let condition: Limb | undefined;
    if (jump !== undefined) {
      this.#pay(costs[steps.length], jump.pc);
      stack.pop();
      if (jump.opcode !== JUMP) condition = this.#condition(stack.pop());
    }
    const next = edges.find(({ to }) => to !== undefined)?.to;
    if (next !== undefined) stack.settle(context.limbs, next.known);
    return { stack, condition };
  }

  /** Whether the word is other than 0: a constant, or a bit that lasts while variables change places. */
  #condition(word: Word): Limb {
    const { limbs } = this.context;
    const any = limbs.anyOf(word);
    if (typeof any === "bigint") return any;
    limbs.pushTruth(any);
    return limbs.bit();
  }

  /** Leaves the region before `step`, if it is found at run time that it must: what was opened before that is left open. */
  public exitBefore(step: Step): void {
    this.context.exit(this.stack, step.pc, this.#unused);
  }

  #pay(cost: number, pc: number): void {
    if (cost === 0) return;
    const { code, spare } = this.context;
    code.get(spare);
    code.i64(BigInt(cost));
    code.op(Op.i64LtU);
    code.if();
    this.context.exit(this.stack, pc, 0);
    code.end();
    code.get(spare);
    code.i64(BigInt(cost));
    code.op(Op.i64Sub);
    code.set(spare);
    this.#unused = cost;
  }

  #write(step: Step): void {
    const { opcode } = step;
    const { stack } = this;
    if (opcode >= PUSH0 && opcode <= PUSH32) {
      stack.push(constantWord(pushedWord(this.context.source, step)));
    } else if (opcode >= DUP1 && opcode <= DUP16) {
      stack.push(stack.get(stack.height - 1 - (opcode - DUP1)));
    } else if (opcode >= SWAP1 && opcode <= SWAP16) {
      const top = stack.height - 1;
      const other = top - (opcode - SWAP1 + 1);
      const word = stack.get(top);
      stack.set(top, stack.get(other));
      stack.set(other, word);
    } else if (opcode === POP) {
      stack.pop();
    } else if (opcode >= MLOAD && opcode <= MSTORE8) {
      writeMemoryOperation(this, step);
    } else if (kindOf(opcode) === "step") {
      this.#interpret(step);
    } else if (opcode !== JUMPDEST) {
      writeWordOperation(this, step);
    }
  }

  /** Writes the operands to where the interpreter's functions expect them. */
  public storeOperands({ needs }: Step): void {
    const { stack, context } = this;
    for (let i = 1; i <= needs; i++) {
      const position = stack.height - i;
      context.store(position, stack.get(position));
    }
  }

  /** Lets the core do what cannot fail; the result is where the last operand was. */
  public callWord(step: Step): Word {
    const { stack, context } = this;
    this.storeOperands(step);
    context.code.get(FRAME);
    context.code.i32(step.opcode);
    context.pushAddress(stack.height - 1);
    context.code.call(context.callees.word);
    return context.load(stack.height - step.needs);
  }

  /** Lets the core do what may take gas or fail. All gas that was paid is used up by then. */
  #interpret(step: Step): void {
    const { stack, context } = this;
    const { code, spare, rest } = context;
    this.storeOperands(step);
    code.get(FRAME);
    code.i32(step.opcode);
    context.pushAddress(stack.height - 1);
    code.get(spare);
    code.get(rest);
    code.op(Op.i64Add);
    code.call(context.callees.step);
    code.tee(spare);
    code.i64(-1n);
    code.op(Op.i64Eq);
    code.if();
    code.get(spare);
    code.op(Op.return);
    code.end();
    context.takeGas();
    context.loadMemory();
    const result =
      step.leaves === 0 ? undefined : context.load(stack.height - step.needs);
    stack.height -= step.needs;
    if (result !== undefined) stack.push(result);
  }
}
