/** Whether two executions of a block, as tools see them, came to the same. */
import type { ExecutedBlock } from "./types.js";

import {
  compareFields,
  type Difference,
  sortedAccess,
} from "../executor/compare-outcomes.js";

/** Everything that differs but schedule and timing; states only where both have them. */
export function compareExecuted(
  expected: ExecutedBlock,
  actual: ExecutedBlock,
): Difference[] {
  const differences: Difference[] = [];
  compareFields(
    "the block",
    summaryOf(expected),
    summaryOf(actual),
    differences,
  );
  const others = new Map(
    actual.receipts.map((receipt, position) => [receipt.index, position]),
  );
  expected.receipts.forEach((receipt, position) => {
    const other = others.get(receipt.index);
    // Otherwise the summary said so.
    if (other === undefined) return;
    compareFields(
      `transaction ${receipt.index}`,
      { ...receipt, ...accessOf(expected, position) },
      { ...actual.receipts[other], ...accessOf(actual, other) },
      differences,
    );
  });
  compareStates(expected.postState, actual.postState, differences);
  return differences;
}

function accessOf({ accessSets }: ExecutedBlock, position: number): object {
  return accessSets === undefined ? {} : sortedAccess(accessSets[position]);
}

function summaryOf(block: ExecutedBlock): object {
  return {
    included: block.receipts.map(({ index }) => index),
    skipped: block.skipped,
    stoppedAt: block.stoppedAt,
    gasUsed: block.gasUsed,
    stateRoot: block.stateRoot,
  };
}

function compareStates(
  expected: ExecutedBlock["postState"],
  actual: ExecutedBlock["postState"],
  differences: Difference[],
): void {
  if (expected === undefined || actual === undefined) return;
  const others = new Map(Object.entries(actual));
  for (const [address, account] of Object.entries(expected)) {
    const other = others.get(address);
    const where = `account ${address}`;
    others.delete(address);
    if (other === undefined) {
      compareFields(where, { exists: true }, { exists: false }, differences);
      continue;
    }
    const { storage, ...fields } = account;
    compareFields(where, fields, other, differences);
    const slots: Readonly<Record<string, string>> = other.storage;
    for (const key of new Set([
      ...Object.keys(storage),
      ...Object.keys(slots),
    ])) {
      compareFields(
        `slot ${key} of ${address}`,
        { value: (storage as typeof slots)[key] ?? "zero" },
        { value: slots[key] ?? "zero" },
        differences,
      );
    }
  }
  for (const address of others.keys()) {
    compareFields(
      `account ${address}`,
      { exists: false },
      { exists: true },
      differences,
    );
  }
}
