/** The report as text for `--json`: keys sorted, so that two reports can be compared line by line. */
import type { ParallelReport } from "./types.js";

export function reportToJson(report: ParallelReport): string {
  return `${JSON.stringify(sorted(report), undefined, 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
