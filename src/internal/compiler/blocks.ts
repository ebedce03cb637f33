/**
 * Finds what code can do from a jump destination on, as basic blocks. The stack is followed
 * symbolically, so that an internal function's jump back is resolved: a block is identified by where it begins,
 * by the height of the stack there, and by the jump destinations that lie on it. A function that is called
 * from two places is two sets of blocks.
 *
 * Positions on the stack count from the entry: 0 is the first item above what was there, -1 the item
 * that was on top.
 */
import type { Source, Traits } from "./source.js";

import {
  DUP1,
  DUP16,
  isDestination,
  JUMP,
  JUMPDEST,
  JUMPI,
  kindOf,
  PUSH0,
  PUSH32,
  SWAP1,
  SWAP16,
  traitsOf,
} from "./source.js";

/** Jump destinations on the stack, by position. */
export type Known = ReadonlyMap<number, number>;

export interface Step extends Traits {
  readonly pc: number;
  readonly opcode: number;
}

/** Where control goes: a block, or out of the region when it leads to none that is compiled. */
export interface Edge {
  readonly pc: number;
  to: Block | undefined;
}

export interface Block {
  readonly pc: number;
  readonly height: number;
  readonly known: Known;
  /** Without the opcode that ends the block, unless that is compiled like others. */
  readonly steps: Step[];
  /** JUMP or JUMPI that ends it; undefined: it runs into the next block. */
  jump: Step | undefined;
  /** One, or two: where JUMPI jumps to, and what follows it. None: it ends with what is not compiled. */
  edges: readonly Edge[];
}

/** How much code is looked at. */
export interface Limits {
  readonly blocks: number;
  readonly steps: number;
}

/** Explores the code from `pc` on. The first block is the entry. */
export function exploreBlocks(
  source: Source,
  pc: number,
  known: Known,
  limits: Limits,
): Block[] {
  const byKey = new Map<string, Block>();
  const blocks: Block[] = [];
  let steps = 0;
  const blockAt = (
    at: number,
    height: number,
    on: Known,
  ): Block | undefined => {
    const key = keyOf(at, height, on);
    const found = byKey.get(key);
    if (found !== undefined) return found;
    if (blocks.length >= limits.blocks || steps >= limits.steps) {
      return undefined;
    }
    const block = emptyBlock(at, height, on);
    byKey.set(key, block);
    blocks.push(block);
    return block;
  };
  blockAt(pc, 0, known);
  for (const block of blocks) {
    const stack = scanBlock(source, block);
    steps += block.steps.length;
    if (block.edges.length === 0) continue;
    const after = stack.known();
    for (const edge of block.edges) {
      edge.to = blockAt(edge.pc, stack.height, after);
    }
  }
  return blocks;
}

function emptyBlock(pc: number, height: number, known: Known): Block {
  return {
    pc,
    height,
    known,
    steps: [],
    jump: undefined,
    edges: [],
  };
}

function keyOf(pc: number, height: number, known: Known): string {
  const on = [...known].sort(([a], [b]) => a - b).join(";");
  return `${pc} ${height} ${on}`;
}

/** The stack as far as jump destinations lie on it. */
class SymbolicStack {
  public height: number;
  readonly #destinations: Map<number, number>;

  constructor(block: Block) {
    this.#destinations = new Map(block.known);
    this.height = block.height;
  }

  public push(value: number | undefined): void {
    this.#set(this.height++, value);
  }

  /** The item `n` below the top. */
  public at(n: number): number | undefined {
    return this.#destinations.get(this.height - 1 - n);
  }

  public swap(n: number): void {
    const top = this.height - 1;
    const value = this.at(0);
    this.#set(top, this.at(n));
    this.#set(top - n, value);
  }

  public known(): Known {
    for (const position of this.#destinations.keys()) {
      if (position >= this.height) this.#destinations.delete(position);
    }
    return this.#destinations;
  }

  #set(position: number, value: number | undefined): void {
    if (value === undefined) this.#destinations.delete(position);
    else this.#destinations.set(position, value);
  }
}

/** Fills in what the block does and where it leads. */
function scanBlock(source: Source, block: Block): SymbolicStack {
  const stack = new SymbolicStack(block);
  const { code } = source;
  let pc = block.pc;
  for (;;) {
    if (pc >= code.length) return stack;
    const opcode = code[pc];
    if (opcode === JUMPDEST && pc !== block.pc) {
      block.edges = [{ pc, to: undefined }];
      return stack;
    }
    const traits = traitsOf(source, opcode);
    if (traits === undefined || kindOf(opcode) === "none") return stack;
    const { gas, needs, leaves } = traits;
    const step: Step = { pc, opcode, gas, needs, leaves };
    if (opcode === JUMP || opcode === JUMPI) {
      endBlock(block, stack, step);
      return stack;
    }
    block.steps.push(step);
    apply(source, stack, step);
    pc += 1 + immediateLength(opcode);
  }
}

/** Bytes of a PUSH after the opcode. */
function immediateLength(opcode: number): number {
  return opcode >= PUSH0 && opcode <= PUSH32 ? opcode - PUSH0 : 0;
}

/** Where the jump goes must be known; otherwise it is the interpreter's. */
function endBlock(block: Block, stack: SymbolicStack, step: Step): void {
  const pc = stack.at(0);
  if (pc === undefined) return;
  block.jump = step;
  stack.height -= step.needs;
  const taken = { pc, to: undefined };
  const next = { pc: step.pc + 1, to: undefined };
  block.edges = step.opcode === JUMP ? [taken] : [taken, next];
}

function apply(source: Source, stack: SymbolicStack, step: Step): void {
  const { opcode, pc } = step;
  if (opcode >= PUSH0 && opcode <= PUSH32) {
    stack.push(pushedDestination(source, pc, opcode - PUSH0));
  } else if (opcode >= DUP1 && opcode <= DUP16) {
    stack.push(stack.at(opcode - DUP1));
  } else if (opcode >= SWAP1 && opcode <= SWAP16) {
    stack.swap(opcode - SWAP1 + 1);
  } else {
    stack.height -= step.needs;
    for (let i = 0; i < step.leaves; i++) stack.push(undefined);
  }
}

/** What the PUSH at `pc` pushes, if jumps may go there. */
function pushedDestination(
  source: Source,
  pc: number,
  length: number,
): number | undefined {
  // Compilers use the shortest PUSH, or one of two or three bytes.
  if (length > 3) return undefined;
  let value = 0;
  for (let i = 1; i <= length; i++) {
    value = value * 256 + (source.code[pc + i] ?? 0);
  }
  return isDestination(source, value) ? value : undefined;
}

/** The word that the PUSH at `pc` pushes. Beyond the end of the code there are zeros. */
export function pushedWord(code: Uint8Array, { pc, opcode }: Step): bigint {
  const length = immediateLength(opcode);
  if (length === 0) return 0n;
  const bytes = Buffer.alloc(length);
  bytes.set(code.subarray(pc + 1, pc + 1 + length));
  return BigInt(`0x${bytes.toString("hex")}`);
}
