/**
 * Automining puts every transaction into a block of its own. A parallel chain would see them
 * together, so consecutive ones are read as one virtual block. A snapshot being taken or reverted
 * ends a virtual block: what follows belongs to another test.
 */
import type { RecordedBlock, RecordedTransaction } from "./types.js";

/** What the recorder saw, in order. */
export type RecordedEvent =
  | { readonly kind: "block"; readonly block: RecordedBlock }
  | { readonly kind: "boundary" };

/** Blocks of two or more transactions as mined, single ones grouped up to `size` transactions. */
export function groupVirtualBlocks(
  events: readonly RecordedEvent[],
  size: number,
): RecordedBlock[] {
  const blocks: RecordedBlock[] = [];
  let first: RecordedBlock | undefined;
  let pending: RecordedTransaction[] = [];
  const flush = (): void => {
    if (first !== undefined) {
      blocks.push({
        kind: "virtual",
        number: first.number,
        transactions: pending,
        execution: undefined,
        codes: first.codes,
      });
      first = undefined;
      pending = [];
    }
  };
  for (const event of events) {
    if (event.kind === "boundary") {
      flush();
    } else if (event.block.transactions.length > 1) {
      flush();
      blocks.push(event.block);
    } else if (event.block.transactions.length === 1) {
      first ??= event.block;
      pending.push(event.block.transactions[0]);
      if (pending.length >= size) {
        flush();
      }
    }
  }
  flush();
  return blocks;
}
