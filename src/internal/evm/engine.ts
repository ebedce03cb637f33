/** The engine of this process: the core's instance on the main thread, and the chains on it. */
import type { Hash } from "../chain/types.js";
import type { ChainState, Engine } from "./types.js";

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

  public keccak256(data: Uint8Array): Uint8Array {
    return this.core.keccak256(data);
  }

  public orderedTrieRoot(items: readonly Uint8Array[]): Hash {
    const { exports, view, scratch } = this.core;
    const size = items.reduce((sum, item) => sum + 4 + item.length, 0);
    this.core.withRoom(ARGUMENTS, size, (start) => {
      let at = start;
      for (const item of items) {
        view.setU32(at, item.length);
        view.setBytes(at + 4, item);
        at += 4 + item.length;
      }
      const status = exports.orderedTrieRoot(
        start,
        items.length,
        scratch + RESULT,
      );
      if (status !== 0) throw outOfMemory();
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

let engine: EngineImplementation | undefined;

/** The engine of this process, made at first use. */
export function getEngine(): Engine & { readonly core: CoreInstance } {
  engine ??= new EngineImplementation();
  return engine;
}
