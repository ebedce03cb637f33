/** From what was recorded to the report: pure, so the same recording always gives the same report. */
import type { BlockAnalysis } from "../analysis/analyze-block.js";
import type { HotLocation } from "../analysis/hot-locations.js";
import type { Preimages } from "../analysis/slot-names.js";
import type { RecordedBlock } from "../analysis/types.js";
import type { ContractIndex } from "./contract-index.js";
import type { RecordedConnection } from "./recorder.js";
import type {
  BlockLocationReport,
  BlockReport,
  ExecutionReport,
  LocationReport,
  ParallelReport,
  ReportSummary,
} from "./types.js";

import { analyzeBlock } from "../analysis/analyze-block.js";
import { groupVirtualBlocks } from "../analysis/virtual-blocks.js";
import { Namer } from "./names.js";
import { REPORT_SCHEMA_VERSION } from "./types.js";

export interface AggregateOptions {
  /** Transactions of a virtual block, at most. */
  readonly virtualBlockSize: number;
  /** Called after each connection, with the share that is done (0 to 1). */
  readonly onProgress?: (done: number) => void;
}

export function aggregate(
  connections: readonly RecordedConnection[],
  preimages: Preimages,
  contracts: ContractIndex,
  { virtualBlockSize, onProgress }: AggregateOptions,
): ParallelReport {
  const blocks: BlockReport[] = [];
  const bounds = { path: 0n, pathWithoutSenders: 0 };
  connections.forEach(({ network, events }, index) => {
    const namers = new Map<RecordedBlock["codes"], Namer>();
    for (const block of groupVirtualBlocks(events, virtualBlockSize)) {
      const { codes } = block;
      const namer = namers.get(codes) ?? new Namer(contracts, preimages, codes);
      namers.set(codes, namer);
      const analysis = analyzeBlock(block);
      bounds.path += analysis.criticalPath.gas;
      bounds.pathWithoutSenders +=
        Number(analysis.gas) / analysis.speedupBoundWithoutSenders;
      blocks.push(blockReport(analysis, namer, index + 1, network));
    }
    onProgress?.((index + 1) / connections.length);
  });
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    summary: summarize(blocks, Number(bounds.path), bounds.pathWithoutSenders),
    blocks,
    locations: addUpLocations(blocks),
  };
}

function blockReport(
  analysis: BlockAnalysis,
  namer: Namer,
  connection: number,
  network: string,
): BlockReport {
  const { block, criticalPath } = analysis;
  return {
    connection,
    network,
    kind: block.kind,
    number: Number(block.number),
    transactions: block.transactions.length,
    gas: Number(analysis.gas),
    conflicts: analysis.conflictingPairs,
    independent: analysis.independent,
    criticalPath: {
      gas: Number(criticalPath.gas),
      transactions: criticalPath.transactions.map((index) => {
        const transaction = block.transactions[index];
        return {
          index,
          hash: transaction.hash,
          call: namer.call(transaction),
          gas: Number(transaction.gasUsed),
        };
      }),
    },
    speedupBound: analysis.speedupBound,
    speedupBoundWithoutSenders: analysis.speedupBoundWithoutSenders,
    speedupSimulated: Object.fromEntries(analysis.speedups),
    execution: executionReport(block),
    locations: analysis.hot.map((hot) => locationReport(hot, namer)),
  };
}

function executionReport({ execution }: RecordedBlock): ExecutionReport | null {
  if (execution === undefined) {
    return null;
  }
  const { milliseconds, sequentialMilliseconds } = execution;
  return {
    mode: execution.mode,
    reason: execution.reason ?? null,
    workers: execution.workers,
    incarnations: execution.incarnations,
    aborts: execution.aborts,
    milliseconds,
    sequentialMilliseconds: sequentialMilliseconds ?? null,
    speedupMeasured:
      execution.mode === "sequential" ||
      sequentialMilliseconds === undefined ||
      milliseconds === 0
        ? null
        : sequentialMilliseconds / milliseconds,
  };
}

function locationReport(hot: HotLocation, namer: Namer): BlockLocationReport {
  const { location } = hot;
  return {
    name: namer.location(location),
    kind: location.kind,
    address: location.address,
    slot: location.kind === "slot" ? location.key : null,
    causes: hot.causes,
    readers: hot.readers,
    writers: hot.writers,
    conflicts: hot.conflicts,
    pathGasSaved: Number(hot.pathGasSaved),
  };
}

/** The same variable at several addresses or in several blocks is one row. */
function addUpLocations(blocks: readonly BlockReport[]): LocationReport[] {
  const byName = new Map<string, LocationReport>();
  for (const block of blocks) {
    const seen = new Set<string>();
    for (const location of block.locations) {
      const { name, kind } = location;
      const before = byName.get(name);
      byName.set(name, {
        name,
        kind,
        causes: [
          ...new Set([...(before?.causes ?? []), ...location.causes]),
        ].sort(),
        blocks: (before?.blocks ?? 0) + (seen.has(name) ? 0 : 1),
        readers: (before?.readers ?? 0) + location.readers,
        writers: (before?.writers ?? 0) + location.writers,
        conflicts: (before?.conflicts ?? 0) + location.conflicts,
        pathGasSaved: (before?.pathGasSaved ?? 0) + location.pathGasSaved,
      });
      seen.add(name);
    }
  }
  return [...byName.values()].sort((a, b) => {
    if (a.pathGasSaved !== b.pathGasSaved) {
      return b.pathGasSaved - a.pathGasSaved;
    }
    if (a.conflicts !== b.conflicts) {
      return b.conflicts - a.conflicts;
    }
    return a.name < b.name ? -1 : 1;
  });
}

function summarize(
  blocks: readonly BlockReport[],
  path: number,
  pathWithoutSenders: number,
): ReportSummary {
  const sum = (value: (block: BlockReport) => number): number =>
    blocks.reduce((total, block) => total + value(block), 0);
  const gas = sum((block) => block.gas);
  const measured = blocks
    .map(({ execution }) => execution)
    .filter(
      (execution) => execution !== null && execution.speedupMeasured !== null,
    );
  const sequential = measured.reduce(
    (total, execution) => total + (execution?.sequentialMilliseconds ?? 0),
    0,
  );
  const parallel = measured.reduce(
    (total, execution) => total + (execution?.milliseconds ?? 0),
    0,
  );
  return {
    minedBlocks: blocks.filter(({ kind }) => kind === "mined").length,
    virtualBlocks: blocks.filter(({ kind }) => kind === "virtual").length,
    transactions: sum((block) => block.transactions),
    gas,
    conflicts: sum((block) => block.conflicts),
    speedupBound: path === 0 ? 1 : gas / path,
    speedupBoundWithoutSenders:
      pathWithoutSenders === 0 ? 1 : gas / pathWithoutSenders,
    speedupMeasured: parallel === 0 ? null : sequential / parallel,
  };
}
