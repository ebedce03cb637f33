/** Results of executions that never were, as the core leaves them. */
import type { Hex, Log } from "../../../src/internal/chain/types.js";
import type { RunResult } from "../../../src/internal/evm/types.js";

import {
  RESULT_SIZE,
  ResultStore,
} from "../../../src/internal/evm/result-store.js";
import { RunResultImplementation } from "../../../src/internal/evm/run-result.js";

// RESULT_* of assembly/layout.ts.
const STATUS = 0;
const GAS_USED = 8;
const OUTPUT_LENGTH = 36;
const LOGS_LENGTH = 44;
const LOG_COUNT = 48;

const SUCCESS = 0;
const REVERT = 0x10;

export type MadeLog = Omit<Log, "logIndex">;

export interface MadeReceipt {
  readonly type: 0 | 1 | 2 | 3 | 4;
  readonly isOk: boolean;
  readonly gasUsed: bigint;
  /** Bytes of return data: the core must find the logs behind them. */
  readonly output: number;
  readonly logs: readonly MadeLog[];
}

function bytesOf(hex: Hex): Buffer {
  return Buffer.from(hex.slice(2), "hex");
}

function packLog({ address, topics, data }: MadeLog): Buffer {
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32LE(topics.length, 0);
  lengths.writeUInt32LE((data.length - 2) / 2, 4);
  return Buffer.concat([
    bytesOf(address),
    lengths,
    ...topics.map(bytesOf),
    bytesOf(data),
  ]);
}

function packResult({ isOk, gasUsed, output, logs }: MadeReceipt): Buffer {
  const packed = Buffer.concat(logs.map(packLog));
  const record = Buffer.alloc(RESULT_SIZE);
  record.writeUInt32LE(isOk ? SUCCESS : REVERT, STATUS);
  record.writeBigUInt64LE(gasUsed, GAS_USED);
  record.writeUInt32LE(output, OUTPUT_LENGTH);
  record.writeUInt32LE(packed.length, LOGS_LENGTH);
  record.writeUInt32LE(logs.length, LOG_COUNT);
  return Buffer.concat([record, Buffer.alloc(output, 0xee), packed]);
}

/** @param perStore how many results share a store. */
export function makeResults(
  receipts: readonly MadeReceipt[],
  perStore: number,
): RunResult[] {
  const results: RunResult[] = [];
  for (let first = 0; first < receipts.length; first += perStore) {
    const packed = receipts.slice(first, first + perStore).map(packResult);
    const store = new ResultStore(Buffer.concat(packed));
    let at = 0;
    for (const each of packed) {
      results.push(new RunResultImplementation(store, at, 0));
      at += each.length;
    }
  }
  return results;
}
