/**
 * What the code of a region works with: variables, the frame, and how it begins and ends. The function takes
 * (frame, address of the stack's top item, gas) and returns the gas left. Gas is counted in `spare`, of
 * which a run gets a portion (`rest` is what it does not), so that running out of it also ends a long run:
 * the engine replaces slow code by fast code between runs.
 *
 * Nothing fails in compiled code: what might is left to the interpreter, which goes on before the opcode in
 * question with the stack, the gas and the place written back to the frame.
 */
import type { FrameLayout } from "./compiler.js";
import type { Region } from "./region.js";
import type { Stack } from "./stack.js";
import type { Word } from "./words.js";

import { FunctionWriter, I32, I64, Op } from "./encoder.js";
import { SlotVariables } from "./stack.js";
import { LimbWriter } from "./words.js";

/** Indexes of functions that compiled code calls. */
export interface Callees {
  /** (frame, opcode, sp): does what an opcode does that cannot fail. */
  readonly word: number;
  /** (frame, opcode, sp, gas): does what any opcode does; the gas left, all ones when the frame has failed. */
  readonly step: number;
  /** (frame, offset, its upper limbs, length, gas): makes memory active; all ones when it cannot, and nothing has happened. */
  readonly touch: number;
  /** The product of words. */
  readonly product: number;
}

/** Parameters of the function. */
export const FRAME = 0;
const TOP = 1;
const GAS = 2;

const WORD_SIZE = 32;
const MAX_STACK = 1024;

/** Gas of one run: some tenths of a millisecond. */
const PORTION = 300_000n;

export class RegionContext {
  public readonly region: Region;
  public readonly layout: FrameLayout;
  public readonly callees: Callees;
  /** What is compiled. */
  public readonly source: Uint8Array;
  public readonly code = new FunctionWriter(3);
  public readonly limbs = new LimbWriter(this.code);
  public readonly slots = new SlotVariables(this.code);
  public readonly spare = this.code.local(I64);
  public readonly rest = this.code.local(I64);
  /** Address of the frame's memory. */
  public readonly memory = this.code.local(I32);
  /** Offsets below this are those of words in active memory. */
  public readonly offsets = this.code.local(I64);
  /** Address of the lowest position that the region uses. */
  readonly #low = this.code.local(I32);
  readonly #exitPc = this.code.local(I32);
  readonly #exitTop = this.code.local(I32);
  #exit = 0;

  constructor(
    region: Region,
    layout: FrameLayout,
    callees: Callees,
    source: Uint8Array,
  ) {
    this.region = region;
    this.layout = layout;
    this.callees = callees;
    this.source = source;
  }

  /** Writes the function, whose blocks `writeBlocks` writes. */
  public write(writeBlocks: () => void): FunctionWriter {
    const { code, layout } = this;
    this.#exit = code.depth;
    code.block();
    this.#begin();
    writeBlocks();
    code.op(Op.unreachable);
    code.end();
    code.get(FRAME);
    code.get(FRAME);
    code.load32(layout.text);
    code.get(this.#exitPc);
    code.op(Op.i32Add);
    code.store32(layout.pc);
    code.get(FRAME);
    code.get(this.#exitTop);
    code.store32(layout.sp);
    code.get(this.rest);
    code.get(this.spare);
    code.op(Op.i64Add);
    return code;
  }

  /** Looks whether the stack suffices, and loads what the region uses of it. */
  #begin(): void {
    const { code, region, layout } = this;
    code.get(GAS);
    code.set(this.spare);
    code.get(TOP);
    code.i32((region.bottom + 1) * WORD_SIZE);
    code.op(Op.i32Add);
    code.tee(this.#low);
    code.get(FRAME);
    code.load32(layout.stack);
    code.op(Op.i32LtU);
    code.get(TOP);
    code.i32((region.top + 1) * WORD_SIZE);
    code.op(Op.i32Add);
    code.get(FRAME);
    code.load32(layout.stack);
    code.i32(MAX_STACK * WORD_SIZE);
    code.op(Op.i32Add, Op.i32GtU, Op.i32Or);
    code.if();
    this.leave(region.entry.pc, 0, 0);
    code.end();
    this.takeGas();
    this.loadMemory();
    for (const position of region.used) {
      if (position >= 0) continue;
      const slot = this.slots.of(position);
      slot.forEach((local, i) => {
        code.get(this.#low);
        code.load64(this.#offsetOf(position) + i * 8);
        code.set(local);
      });
    }
  }

  /** Divides the gas in `spare` into what this run may use and the rest. */
  public takeGas(): void {
    const { code, rest, spare } = this;
    code.i64(0n);
    code.set(rest);
    code.get(spare);
    code.i64(PORTION);
    code.op(Op.i64GtU);
    code.if();
    code.get(spare);
    code.i64(PORTION);
    code.op(Op.i64Sub);
    code.set(rest);
    code.i64(PORTION);
    code.set(spare);
    code.end();
  }

  /** The frame's memory may have been moved or have grown. */
  public loadMemory(): void {
    const { code, layout } = this;
    code.get(FRAME);
    code.load32(layout.memory);
    code.set(this.memory);
    // Its size is a multiple of 32.
    code.get(FRAME);
    code.load32(layout.memorySize);
    code.i32(WORD_SIZE - 1);
    code.op(Op.i32Sub);
    code.i32(0);
    code.get(FRAME);
    code.load32(layout.memorySize);
    code.op(Op.select, Op.i64ExtendI32U);
    code.set(this.offsets);
  }

  /** Pushes the address of a position on the stack in memory. */
  public pushAddress(position: number): void {
    this.code.get(this.#low);
    this.code.i32(this.#offsetOf(position));
    this.code.op(Op.i32Add);
  }

  #offsetOf(position: number): number {
    return (position - this.region.bottom) * WORD_SIZE;
  }

  /** Writes a word of the stack to where the interpreter has it. */
  public store(position: number, word: Word): void {
    word.forEach((limb, i) => {
      this.code.get(this.#low);
      this.limbs.push(limb);
      this.code.store64(this.#offsetOf(position) + i * 8);
    });
  }

  /** Reads what the interpreter's functions have written there. */
  public load(position: number): Word {
    return [0, 1, 2, 3].map((i) => {
      this.code.get(this.#low);
      this.code.load64(this.#offsetOf(position) + i * 8);
      return this.limbs.limb();
    }) as unknown as Word;
  }

  /** Lets the interpreter go on at `pc`; `gas` was paid for what has not run. */
  public exit(stack: Stack, pc: number, gas: number): void {
    for (const [position, word] of stack.changed()) this.store(position, word);
    this.leave(pc, stack.height, gas);
  }

  public leave(pc: number, height: number, gas: number): void {
    const { code } = this;
    code.i32(pc);
    code.set(this.#exitPc);
    code.get(TOP);
    code.i32(height * WORD_SIZE);
    code.op(Op.i32Add);
    code.set(this.#exitTop);
    if (gas !== 0) {
      code.get(this.spare);
      code.i64(BigInt(gas));
      code.op(Op.i64Add);
      code.set(this.spare);
    }
    code.br(this.#exit);
  }
}
