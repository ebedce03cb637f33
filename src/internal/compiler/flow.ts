/** The order of a region's blocks, and which of them dominate which. */
import type { Block } from "./blocks.js";

export interface Order {
  /** In reverse postorder. */
  readonly blocks: readonly Block[];
  /** By block: the one that dominates it immediately; the entry has itself. */
  readonly dominators: ReadonlyMap<Block, Block>;
}

/** Blocks that the block leads to inside of its region. */
export function successorsOf(block: Block): Block[] {
  const all = block.edges.flatMap(({ to }) => (to === undefined ? [] : [to]));
  return [...new Set(all)];
}

/** Undefined when there is a loop with two entries (WebAssembly has none of that kind). */
export function orderBlocks(entry: Block): Order | undefined {
  const blocks = reversePostorder(entry);
  const number = new Map(blocks.map((block, index) => [block, index]));
  const dominators = dominatorsOf(blocks);
  const isReducible = blocks.every((block, index) =>
    successorsOf(block).every(
      (to) => (number.get(to) ?? 0) > index || dominates(dominators, to, block),
    ),
  );
  return isReducible ? { blocks, dominators } : undefined;
}

/** Whether every way from the entry to `block` leads through `by`. */
function dominates(
  dominators: ReadonlyMap<Block, Block>,
  by: Block,
  block: Block,
): boolean {
  let at = block;
  for (;;) {
    if (at === by) return true;
    const up = dominators.get(at);
    if (up === undefined || up === at) return false;
    at = up;
  }
}

function reversePostorder(entry: Block): Block[] {
  const seen = new Set<Block>([entry]);
  const order: Block[] = [];
  const open = [{ block: entry, next: successorsOf(entry) }];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const to = top.next.pop();
    if (to === undefined) {
      order.push(top.block);
      open.pop();
    } else if (!seen.has(to)) {
      seen.add(to);
      open.push({ block: to, next: successorsOf(to) });
    }
  }
  return order.reverse();
}

/** Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001). */
function dominatorsOf(blocks: readonly Block[]): Map<Block, Block> {
  const number = new Map(blocks.map((block, index) => [block, index]));
  const before: number[][] = blocks.map(() => []);
  blocks.forEach((block, index) => {
    for (const to of successorsOf(block)) {
      before[number.get(to) ?? 0].push(index);
    }
  });
  const up: number[] = blocks.map((_, index) => (index === 0 ? 0 : -1));
  const meet = (a: number, b: number): number => {
    while (a !== b) {
      if (a > b) a = up[a];
      else b = up[b];
    }
    return a;
  };
  for (let changed = true; changed;) {
    changed = false;
    for (let index = 1; index < blocks.length; index++) {
      const known = before[index].filter((from) => up[from] !== -1);
      const next = known.reduce(meet);
      if (next !== up[index]) {
        up[index] = next;
        changed = true;
      }
    }
  }
  return new Map(blocks.map((block, index) => [block, blocks[up[index]]]));
}
