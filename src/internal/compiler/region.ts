/**
 * Regions: what is compiled at once. A region is entered at one jump destination, the entry, and
 * consists of the blocks from which control may come back to it; so it is a loop with all that is on
 * its way. What leads out of it goes on in the interpreter.
 */
import type { Block, Known } from "./blocks.js";
import type { Source } from "./source.js";

import { exploreBlocks } from "./blocks.js";
import { orderBlocks } from "./flow.js";
import { DUP1, DUP16, JUMPDEST, SWAP1, SWAP16 } from "./source.js";

export interface Region {
  readonly entry: Block;
  /** In reverse postorder: the entry first. */
  readonly blocks: readonly Block[];
  /** By block: the one that dominates it immediately; the entry has itself. */
  readonly dominators: ReadonlyMap<Block, Block>;
  /** Positions of the stack that it reads or writes. */
  readonly used: ReadonlySet<number>;
  /** By block: positions where the stack in memory may not be what it is when the block begins. */
  readonly changed: ReadonlyMap<Block, ReadonlySet<number>>;
  /** The lowest of them, and how high the stack gets. */
  readonly bottom: number;
  readonly top: number;
}

/** A loop of contracts has tens of blocks, with functions that it calls a hundred or two. */
const LIMITS = { blocks: 256, steps: 3000 };
/** The stack's items in one region. */
const MOST_ITEMS = 200;
/** Places where a loop is looked for that does not begin where it was met. */
const MOST_TRIES = 6;

/**
 * The region to compile for a jump that was taken to `pc` with these constants on the stack (positions below 0);
 * undefined when it is in no loop that can be compiled.
 */
export function findRegion(
  source: Source,
  pc: number,
  onStack: Known,
): Region | undefined {
  const here = regionAt(source, pc);
  if (here !== undefined) return here;
  // Perhaps it is in a function that a loop calls: where that returns to is on the stack.
  const blocks = loopOf(exploreBlocks(source, pc, onStack, LIMITS));
  const places = blocks
    .filter((block) => block.pc !== pc && source.code[block.pc] === JUMPDEST)
    .sort((a, b) => a.height - b.height || a.pc - b.pc)
    .map((block) => block.pc);
  for (const place of [...new Set(places)].slice(0, MOST_TRIES)) {
    const region = regionAt(source, place);
    if (region !== undefined) return region;
  }
  return undefined;
}

/** The region that is entered at `pc`, whatever is on the stack. */
export function regionAt(source: Source, pc: number): Region | undefined {
  const blocks = loopOf(exploreBlocks(source, pc, new Map(), LIMITS));
  if (blocks.length === 0) return undefined;
  const touches = new Map(blocks.map((block) => [block, touchesOf(block)]));
  const used = new Set<number>();
  for (const touched of touches.values()) {
    for (const position of touched.used) used.add(position);
  }
  const bottom = Math.min(0, ...used);
  const top = Math.max(...[...touches.values()].map((touched) => touched.top));
  if (top - bottom > MOST_ITEMS) return undefined;
  const ordered = orderBlocks(blocks[0]);
  if (ordered === undefined) return undefined;
  const changed = changesOf(ordered.blocks, touches);
  return { ...ordered, entry: blocks[0], used, changed, bottom, top };
}

/** The blocks on a way from the first back to it, which are made to lead to each other only. */
function loopOf(blocks: readonly Block[]): Block[] {
  const before = new Map<Block, Block[]>();
  for (const block of blocks) {
    for (const { to } of block.edges) {
      if (to === undefined) continue;
      const list = before.get(to);
      if (list === undefined) before.set(to, [block]);
      else list.push(block);
    }
  }
  const back = new Set<Block>(before.get(blocks[0]));
  for (const block of back) before.get(block)?.forEach((b) => back.add(b));
  const loop = blocks.filter((block) => back.has(block));
  for (const { edges } of loop) {
    for (const edge of edges) {
      if (edge.to !== undefined && !back.has(edge.to)) edge.to = undefined;
    }
  }
  return loop;
}

interface Touches {
  /** Positions that are read or written. */
  readonly used: ReadonlySet<number>;
  readonly written: ReadonlySet<number>;
  /** How high the stack gets. */
  readonly top: number;
}

/** What of the stack a block uses. */
function touchesOf(block: Block): Touches {
  const used = new Set<number>();
  const written = new Set<number>();
  let { height } = block;
  let top = height;
  for (const { opcode, needs, leaves } of block.steps) {
    if (opcode >= DUP1 && opcode <= DUP16) {
      used.add(height - needs);
      written.add(height);
    } else if (opcode >= SWAP1 && opcode <= SWAP16) {
      written.add(height - 1).add(height - needs);
    } else {
      for (let i = 1; i <= needs; i++) used.add(height - i);
      for (let i = 0; i < leaves; i++) written.add(height - needs + i);
    }
    height += leaves - needs;
    top = Math.max(top, height);
  }
  for (let i = 1; i <= (block.jump?.needs ?? 0); i++) used.add(height - i);
  for (const position of written) used.add(position);
  return { used, written, top };
}

function changesOf(
  blocks: readonly Block[],
  touches: ReadonlyMap<Block, Touches>,
): Map<Block, Set<number>> {
  const changes = new Map(blocks.map((block) => [block, new Set<number>()]));
  const open = new Set(blocks);
  for (const block of open) {
    open.delete(block);
    const written = touches.get(block)?.written ?? [];
    const after = [...(changes.get(block) ?? []), ...written];
    for (const { to } of block.edges) {
      const there = to === undefined ? undefined : changes.get(to);
      if (to === undefined || there === undefined) continue;
      const before = there.size;
      for (const position of after) {
        if (position < to.height) there.add(position);
      }
      if (there.size > before) open.add(to);
    }
  }
  return changes;
}
