/** The engine of this process: the core's instance on the main thread, and the chains on it. */
import type { Hash } from "../chain/types.js";
import type {
  BlockRoots,
  BlockRootsInput,
  ChainState,
  Engine,
} from "./types.js";

import { makeBlockRoots } from "./block-roots.js";
import { ChainStateImplementation } from "./state.js";
import { CoreInstance, coreModule, createMemory, outOfMemory } from "./wasm.js";

// Offsets in the scratch: a result of 32 bytes, and arguments of any size.
const RESULT = 0;
const ARGUMENTS = 64;

class EngineImplementation implements Engine {
  public readonly core: CoreInstance;
  /** Gives back the regions of chains that were dropped without `close()`. */
  readonly #dropped: FinalizationRegistry<number>;

  constructor() {
    this.core = new CoreInstance(coreModule(), createMemory(), 0);
    this.#dropped = new FinalizationRegistry((chain) =>
      this.core.exports.chainDestroy(chain),
    );
  }

  public orderedTrieRoot(items: readonly Uint8Array[]): Hash {
    return this.#rootOf(items, items.length, this.core.exports.orderedTrieRoot);
  }

  public blockRoots(input: BlockRootsInput): BlockRoots {
    return makeBlockRoots(this.core, input);
  }

  public trieRoot(
    entries: Iterable<readonly [key: Uint8Array, value: Uint8Array]>,
  ): Hash {
    const sorted = [...entries].sort(([a], [b]) => Buffer.compare(a, b));
    return this.#rootOf(
      sorted.flat(),
      sorted.length,
      this.core.exports.trieRoot,
    );
  }

  /** Calls `root` with the parts packed as u32 length, bytes. */
  #rootOf(
    parts: readonly Uint8Array[],
    count: number,
    root: (items: number, count: number, out: number) => number,
  ): Hash {
    const { view, scratch } = this.core;
    const size = parts.reduce((sum, part) => sum + 4 + part.length, 0);
    this.core.withRoom(ARGUMENTS, size, (start) => {
      let at = start;
      for (const part of parts) {
        view.setU32(at, part.length);
        view.setBytes(at + 4, part);
        at += 4 + part.length;
      }
      if (root(start, count, scratch + RESULT) !== 0) throw outOfMemory();
    });
    return view.hex(scratch + RESULT, 32);
  }

  public createState(): ChainState {
    const chain = this.core.exports.chainCreate() >>> 0;
    if (chain === 0) throw outOfMemory();
    const state = new ChainStateImplementation(this.core, chain, (closed) =>
      this.#dropped.unregister(closed),
    );
    this.#dropped.register(state, chain, state);
    return state;
  }

  public memoryInUse(): number {
    return this.core.exports.memoryInUse();
  }
}

/** An engine of its own beside the process's, with another memory: for tools. */
export function createEngine(): Engine & { readonly core: CoreInstance } {
  return new EngineImplementation();
}

let engine: EngineImplementation | undefined;

/** The engine of this process, made at first use. */
export function getEngine(): Engine & { readonly core: CoreInstance } {
  engine ??= new EngineImplementation();
  return engine;
}
