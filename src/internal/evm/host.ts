/** What the core asks of its thread's host: precompiles, and block hashes it was not given. */
import type { CoreImports } from "./abi.js";
import type { MemoryView } from "./memory-view.js";

import { runPrecompile } from "./precompiles.js";

export interface HostOptions {
  /** The core's keccak256. */
  readonly keccak256: (data: Uint8Array) => Uint8Array;
  /** Writes the hash of a block (32 bytes); returns 0 where only another thread knows it. */
  readonly blockHash: (number: bigint, out: number) => number;
  /** `CoreImports.compileRegion`; without it nothing is compiled. */
  readonly compileRegion?: CoreImports["compileRegion"];
}

/** There is nothing to compile. */
const NOWHERE = 0xffff_ffff;

const INVALID = -1;

export function createImports(
  view: MemoryView,
  options: HostOptions,
): CoreImports {
  return {
    precompile: (id, input, length, out, capacity) => {
      const output = runPrecompile(
        id,
        view.bytes(input >>> 0, length >>> 0),
        options.keccak256,
      );
      if (output === undefined) return INVALID;
      if (output.length > capacity >>> 0) {
        throw new Error(
          `precompile ${id}: expected an output of at most ${capacity} bytes, got ${output.length}`,
        );
      }
      view.setBytes(out >>> 0, output);
      return output.length;
    },
    blockHash: (number, out) => options.blockHash(number, out >>> 0),
    compileRegion: options.compileRegion ?? (() => NOWHERE),
    abort: (_message, _file, line, column) => {
      throw new Error(`the EVM core stopped at ${line}:${column}`);
    },
  };
}
