/** The report for people. */
import type {
  BlockReport,
  ExecutionReport,
  LocationReport,
  ParallelReport,
} from "./types.js";

import Table from "cli-table3";

export interface FormatOptions {
  /** Rows of the table of blocks, at most; the least interesting are left out. */
  readonly blocks: number;
  /** Rows of the table of locations, at most. */
  readonly locations: number;
}

export function formatReport(
  report: ParallelReport,
  options: FormatOptions,
): string {
  const { summary } = report;
  if (summary.transactions === 0) {
    return "No transaction was executed on our network: nothing to report.\n";
  }
  return `${[
    `${count(summary.transactions, "transaction")} in ${count(summary.minedBlocks, "mined block")} ` +
      `and ${count(summary.virtualBlocks, "virtual block")} (automined transactions seen together)`,
    blocksTable(report.blocks, options.blocks),
    locationsTable(report, options.locations),
    closing(report),
  ].join("\n\n")}\n`;
}

function blocksTable(all: readonly BlockReport[], limit: number): string {
  // Blocks of one transaction say nothing about parallelism.
  const telling = all.filter(({ transactions }) => transactions > 1);
  const chosen = new Set(
    [...telling].sort((a, b) => b.gas - a.gas).slice(0, limit),
  );
  const table = new Table({
    head: [
      "block",
      "txs",
      "gas",
      "conflicts",
      "critical path",
      "bound",
      "own senders",
      "8 workers",
      "measured",
      "executed",
    ],
    colAligns: ["left", ...new Array<"right">(8).fill("right"), "left"],
    style: { head: [], border: [], compact: true },
  });
  // In the order of execution.
  for (const block of telling.filter((candidate) => chosen.has(candidate))) {
    table.push([
      `${block.connection}:${block.number}${block.kind === "virtual" ? " virtual" : ""}`,
      block.transactions,
      thousands(block.gas),
      block.conflicts,
      thousands(block.criticalPath.gas),
      times(block.speedupBound),
      times(block.speedupBoundWithoutSenders),
      times(block.speedupSimulated[8]),
      measured(block.execution),
      executed(block.execution),
    ]);
  }
  const left = telling.length - chosen.size;
  const more =
    left > 0 ? `\n(the ${chosen.size} largest; ${left} more in --json)` : "";
  return (
    "Blocks (connection:number). bound: gas / critical path. own senders: the bound if every\n" +
    "transaction had a sender of its own. 8 workers: simulated, gas for time.\n" +
    `${table.toString()}${more}`
  );
}

/**
 * Where several locations hold the same two transactions together, removing one alone saves
 * nothing: so what is worth less than this share of the critical paths is ranked by conflicts.
 */
const TELLING_SHARE = 0.01;

/** What a contract's author can change, the hottest first: money sent to a sender is the test's own doing. */
function hottest({ blocks, locations }: ParallelReport): LocationReport[] {
  const path = blocks.reduce((sum, block) => sum + block.criticalPath.gas, 0);
  const share = (location: LocationReport): number =>
    Math.trunc(location.pathGasSaved / (path * TELLING_SHARE));
  return locations
    .filter(({ causes }) => causes.some((cause) => cause !== "funding"))
    .sort((a, b) =>
      share(a) === share(b) ? b.conflicts - a.conflicts : share(b) - share(a),
    );
}

function locationsTable(report: ParallelReport, limit: number): string {
  if (report.locations.length === 0) {
    return "No transaction had to wait for another one's writes.";
  }
  const locations = hottest(report);
  const table = new Table({
    head: [
      "location",
      "cause",
      "conflicts",
      "readers",
      "writers",
      "path gas saved",
    ],
    colAligns: ["left", "left", "right", "right", "right", "right"],
    style: { head: [], border: [], compact: true },
  });
  const shown = locations.slice(0, limit);
  for (const location of shown) {
    table.push([
      location.name,
      location.causes.join(", "),
      location.conflicts,
      location.readers,
      location.writers,
      thousands(location.pathGasSaved),
    ]);
  }
  const left = report.locations.length - shown.length;
  const more = left > 0 ? `\n(${left} more in --json)` : "";
  const unnamed = shown.some(({ name }) => UNNAMED_SLOT.test(name))
    ? "\nSlots stay numbers where the project compiles no contract with the code of that address."
    : "";
  return (
    "Hottest locations. path gas saved: by how much the critical paths would be shorter without it,\n" +
    "every transaction having a sender of its own.\n" +
    `${table.toString()}${more}${unnamed}`
  );
}

/** `0x5fd2…e035.slot 0x8` */
const UNNAMED_SLOT = /^0x[0-9a-f]{4}…[0-9a-f]{4}\.slot /;

function closing({ summary }: ParallelReport): string {
  const lines = [
    `Speedup bound (gas / critical paths): ${times(summary.speedupBound)}`,
  ];
  if (summary.speedupBoundWithoutSenders > summary.speedupBound * 1.05) {
    lines.push(
      `With a sender of its own for every transaction: ${times(summary.speedupBoundWithoutSenders)} ` +
        "(test wallets that sign many transactions chain them)",
    );
  }
  lines.push(
    summary.speedupMeasured === null
      ? "Measured: no block was executed in parallel"
      : `Measured on this machine, blocks executed in parallel: ${times(summary.speedupMeasured)}`,
  );
  return lines.join("\n");
}

function measured(execution: ExecutionReport | null): string {
  const speedup = execution?.speedupMeasured ?? null;
  return speedup === null ? "-" : times(speedup);
}

function executed(execution: ExecutionReport | null): string {
  if (execution === null) {
    return "one by one";
  }
  const { mode, reason, workers, aborts } = execution;
  return mode === "sequential"
    ? `sequential${reason === null ? "" : ` (${reason})`}`
    : `${mode}, ${count(workers, "worker")}, ${count(aborts, "abort")}`;
}

function times(factor: number | undefined): string {
  return factor === undefined ? "-" : `${factor.toFixed(2)}x`;
}

function thousands(value: number): string {
  return value.toLocaleString("en-US");
}

function count(value: number, noun: string): string {
  return `${thousands(value)} ${noun}${value === 1 ? "" : "s"}`;
}
