import type { StackTraceEntry } from "../provider/stack-trace.js";

import {
  CONSTRUCTOR_FUNCTION_NAME,
  StackTraceEntryType as Type,
} from "../provider/stack-trace.js";

/**
 * Drops entries that only repeat the next one: an outer expression around the inner one, both in
 * one execution. Recursion and constructors calling functions are no repetitions.
 */
export function withoutRedundantEntries(
  entries: readonly StackTraceEntry[],
): StackTraceEntry[] {
  return entries.filter((entry, index) => {
    const next = entries[index + 1];
    const here = entry.sourceReference;
    const there = next?.sourceReference;
    if (next === undefined || here === undefined || there === undefined) {
      return true;
    }

    // Seen with solc 0.8.5: the call is there twice before the error that its answer caused.
    const afterNext = entries[index + 2];
    if (
      entry.type === Type.CALLSTACK_ENTRY &&
      afterNext?.type === Type.RETURNDATA_SIZE_ERROR &&
      hasSameRange(here, afterNext.sourceReference) &&
      here.line === afterNext.sourceReference.line
    ) {
      return false;
    }

    if (
      here.function === CONSTRUCTOR_FUNCTION_NAME &&
      there.function !== CONSTRUCTOR_FUNCTION_NAME
    ) {
      return true;
    }
    if (
      index > 0 &&
      entry.type === next.type &&
      hasSameRange(here, there) &&
      here.line === there.line
    ) {
      return true;
    }
    return !(start(here) <= start(there) && end(here) >= end(there));
  });
}

interface Ranged {
  readonly range: readonly number[];
}

function start({ range }: Ranged): number {
  return range[0] ?? 0;
}

function end({ range }: Ranged): number {
  return range[1] ?? 0;
}

function hasSameRange(one: Ranged, other: Ranged): boolean {
  return start(one) === start(other) && end(one) === end(other);
}
