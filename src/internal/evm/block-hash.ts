/**
 * Hashes of former blocks, for the core's BLOCKHASH: whoever executes on the main thread says
 * whose blocks they are. Workers do not know them; their transactions come back to the main thread.
 */
import type { BlockEnvironment } from "./types.js";
import type { MemoryView } from "./memory-view.js";

let environment: BlockEnvironment | undefined;

/** Until the next call BLOCKHASH is answered out of `current`. */
export function useBlockHashesOf(current: BlockEnvironment): void {
  environment = current;
}

/** The core's import: writes the hash to `out`. Returns 1; 0 when nothing is executing here. */
export function writeBlockHash(
  view: MemoryView,
  number: bigint,
  out: number,
): number {
  if (environment === undefined) return 0;
  const hash = environment.blockHash(BigInt.asUintN(64, number));
  if (hash === undefined) view.fill(out, 32);
  else view.setHex(out, hash);
  return 1;
}
