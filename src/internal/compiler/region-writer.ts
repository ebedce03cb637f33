/** Writes the blocks of a region with the control flow that WebAssembly has. */
import type { Block, Edge } from "./blocks.js";
import type { RegionContext } from "./region-context.js";
import type { Stack } from "./stack.js";

import { BlockWriter } from "./block-writer.js";
import { Op } from "./encoder.js";

/**
 * Ramsey, "Beyond Relooper" (2022): what a block dominates is written inside of it, and what several lead to
 * after a WebAssembly block that they leave.
 */
export class RegionWriter {
  readonly #context: RegionContext;
  /** Blocks that more than one edge leads to, not counting those that lead back. */
  readonly #merges = new Set<Block>();
  /** Blocks that edges lead back to. */
  readonly #heads = new Set<Block>();
  readonly #number: ReadonlyMap<Block, number>;
  readonly #dominated = new Map<Block, Block[]>();
  /** What is open: the loop that begins with a block, or the WebAssembly block that it follows. */
  readonly #targets = new Map<Block, number>();

  constructor(context: RegionContext) {
    const { blocks, dominators } = context.region;
    this.#context = context;
    this.#number = new Map(blocks.map((block, index) => [block, index]));
    const reached = new Set<Block>();
    for (const block of blocks) {
      for (const { to } of block.edges) {
        if (to === undefined) continue;
        if (this.#leadsBack(block, to)) this.#heads.add(to);
        else if (reached.has(to)) this.#merges.add(to);
        else reached.add(to);
      }
      const by = dominators.get(block);
      if (by === undefined || by === block) continue;
      const list = this.#dominated.get(by);
      if (list === undefined) this.#dominated.set(by, [block]);
      else list.push(block);
    }
  }

  public write(): void {
    this.#writeTree(this.#context.region.entry);
  }

  #leadsBack(from: Block, to: Block): boolean {
    return (this.#number.get(to) ?? 0) <= (this.#number.get(from) ?? 0);
  }

  #writeTree(block: Block): void {
    const { code } = this.#context;
    const after = (this.#dominated.get(block) ?? []).filter((child) =>
      this.#merges.has(child),
    );
    const isHead = this.#heads.has(block);
    const before = this.#targets.get(block);
    if (isHead) {
      this.#targets.set(block, code.depth);
      code.loop();
    }
    this.#writeWithin(block, after.reverse());
    if (isHead) {
      code.end();
      code.op(Op.unreachable);
      if (before !== undefined) this.#targets.set(block, before);
    }
  }

  /** The block, inside of WebAssembly blocks that those of `after` follow; the last of those is outermost. */
  #writeWithin(block: Block, after: readonly Block[]): void {
    const { code } = this.#context;
    if (after.length === 0) {
      this.#writeBlock(block);
      return;
    }
    const [last, ...others] = after;
    this.#targets.set(last, code.depth);
    code.block();
    this.#writeWithin(block, others);
    code.end();
    this.#writeTree(last);
  }

  #writeBlock(block: Block): void {
    const { code, limbs } = this.#context;
    limbs.reset();
    const { stack, condition } = new BlockWriter(this.#context, block).write();
    const [first, second] = block.edges;
    if (condition === undefined) {
      this.#follow(block, first, stack);
    } else if (typeof condition === "bigint") {
      this.#follow(block, condition === 0n ? second : first, stack);
    } else {
      limbs.pushTruth(condition);
      code.if();
      this.#follow(block, first, stack);
      code.else();
      // What the first way has computed is not there on the second.
      this.#follow(block, second, stack);
      code.end();
      code.op(Op.unreachable);
    }
  }

  #follow(from: Block, edge: Edge, stack: Stack): void {
    const { to } = edge;
    if (to === undefined) {
      this.#context.exit(stack, edge.pc, 0);
    } else if (this.#leadsBack(from, to) || this.#merges.has(to)) {
      this.#context.code.br(this.#targets.get(to) ?? 0);
    } else {
      this.#writeTree(to);
    }
  }
}
