import Table from "cli-table3";

/** `ours-parallel`: as users have it, several threads where the policy says so. `ours-sequential`: one thread. */
export type SideName =
  "ours-sequential" | "ours-parallel" | "edr" | "anvil" | "ethereumjs";

/** One thing that is measured, on several sides. */
export interface Work {
  readonly name: string;
  readonly unit: string;
  readonly sides: readonly WorkSide[];
}

export interface WorkSide {
  readonly side: SideName;
  /** Does the work once (or a batch of it) and returns the value in the work's unit. */
  sample(): Promise<number>;
}

export interface Row {
  readonly work: string;
  readonly side: SideName;
  /** Median of the samples. */
  readonly value: number;
  readonly unit: string;
  readonly low: number;
  readonly high: number;
}

export interface Ratio {
  readonly work: string;
  readonly of: SideName;
  readonly to: SideName;
  readonly value: number;
}

/** More than values by side. */
export interface BenchTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface BenchResult {
  readonly bench: string;
  readonly rows: readonly Row[];
  readonly ratios: readonly Ratio[];
  readonly tables?: readonly BenchTable[];
  /** Printed below the tables. */
  readonly notes?: readonly string[];
}

export interface MeasureOptions {
  readonly runs: number;
  readonly warmUps: number;
  /** Only these sides. */
  readonly sides: readonly SideName[] | undefined;
}

/** Milliseconds that a side may take for the samples of one work, beyond its first. */
const PATIENCE = 15_000;

/**
 * Sides take turns within each run, and every second run goes the other way round: drift of the
 * machine and the heat of the other side's caches meet all of them alike. A side that is much slower than
 * the others gives fewer samples.
 */
export async function measure(
  work: Work,
  options: MeasureOptions,
): Promise<Row[]> {
  const sides = work.sides.filter(
    ({ side }) => options.sides?.includes(side) ?? true,
  );
  const samples = new Map<SideName, number[]>(
    sides.map(({ side }) => [side, []]),
  );
  const spent = new Map<SideName, number>();
  for (let run = -options.warmUps; run < options.runs; run++) {
    for (const { side, sample } of run % 2 === 0
      ? sides
      : [...sides].reverse()) {
      const before = spent.get(side) ?? 0;
      const taken = samples.get(side) ?? [];
      if (before > PATIENCE && (taken.length > 0 || run < 0)) continue;
      const start = performance.now();
      const value = await sample();
      spent.set(side, before + performance.now() - start);
      if (run >= 0) taken.push(value);
    }
  }
  return sides.map(({ side }) => {
    const sorted = (samples.get(side) ?? []).sort((a, b) => a - b);
    return {
      work: work.name,
      side,
      value: median(sorted),
      unit: work.unit,
      low: sorted[0],
      high: sorted[sorted.length - 1],
    };
  });
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Ratios of every `of` side to the others that measured the same work. */
export function ratiosOf(
  rows: readonly Row[],
  pairs: readonly (readonly [SideName, SideName])[],
): Ratio[] {
  const ratios: Ratio[] = [];
  for (const work of new Set(rows.map((row) => row.work))) {
    const value = (side: SideName): number | undefined =>
      rows.find((row) => row.work === work && row.side === side)?.value;
    for (const [of, to] of pairs) {
      const a = value(of);
      const b = value(to);
      if (a !== undefined && b !== undefined) {
        ratios.push({ work, of, to, value: a / b });
      }
    }
  }
  return ratios;
}

export function printResult({
  rows,
  ratios,
  tables = [],
  notes = [],
}: BenchResult): void {
  const sides = [...new Set(rows.map(({ side }) => side))];
  const pairs = [...new Set(ratios.map(({ of, to }) => `${of} / ${to}`))];
  const table = new Table({
    head: ["work", "unit", ...sides, ...pairs],
    colAligns: [
      "left",
      "left",
      ...sides.map(() => "right" as const),
      ...pairs.map(() => "right" as const),
    ],
    style: { head: [], border: [] },
  });
  for (const work of new Set(rows.map((row) => row.work))) {
    const ofWork = rows.filter((row) => row.work === work);
    table.push([
      work,
      ofWork[0].unit,
      ...sides.map((side) => {
        const row = ofWork.find((candidate) => candidate.side === side);
        return row === undefined
          ? ""
          : `${figure(row.value)}\n${figure(row.low)}-${figure(row.high)}`;
      }),
      ...pairs.map((pair) => {
        const ratio = ratios.find(
          (r) => r.work === work && `${r.of} / ${r.to}` === pair,
        );
        return ratio === undefined ? "" : ratio.value.toFixed(3);
      }),
    ]);
  }
  console.log(table.toString());
  console.log("Medians, with lowest-highest below.");
  for (const { title, head, rows: lines } of tables) {
    const more = new Table({
      head: [...head],
      colAligns: head.map((_, i) => (i === 0 ? "left" : "right")),
      style: { head: [], border: [] },
    });
    more.push(...lines.map((line) => [...line]));
    console.log(`\n${title}`);
    console.log(more.toString());
  }
  for (const note of notes) console.log(note);
}

function figure(value: number): string {
  return value >= 100
    ? value.toFixed(0)
    : value >= 10
      ? value.toFixed(1)
      : value.toFixed(2);
}

export function jsonLine({
  bench,
  rows,
  ratios,
  tables,
  notes,
}: BenchResult): string {
  const round = (value: number): number => Number(value.toPrecision(6));
  return JSON.stringify({
    bench,
    rows: rows.map(({ work, side, value, unit, low, high }) => ({
      work,
      side,
      value: round(value),
      unit,
      low: round(low),
      high: round(high),
    })),
    ratios: ratios.map(({ work, of, to, value }) => ({
      work,
      of,
      to,
      value: round(value),
    })),
    ...(tables === undefined ? {} : { tables }),
    ...(notes === undefined ? {} : { notes }),
  });
}

/** Milliseconds that `action` takes. */
export async function timed(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}
