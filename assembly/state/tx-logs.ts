/** Logs and console output of the executing transaction, packed as the result hands them out
 *  (layout.ts, RESULT_LOGS and RESULT_CONSOLE). */
import { addressToBytes, wordToBytes } from "../u256/word";
import { GrowBuffer, bufferInit, bufferReserve, bufferReset } from "./tx-memory";
import { journalLog } from "./tx-journal";

const KEPT: u32 = 1 << 18;

let logs: GrowBuffer = changetype<GrowBuffer>(0);
let consoleCalls: GrowBuffer = changetype<GrowBuffer>(0);
let count: u32 = 0;

export function logsInit(): bool {
  logs = bufferInit(1 << 13);
  consoleCalls = bufferInit(1 << 11);
  return changetype<usize>(logs) != 0 && changetype<usize>(consoleCalls) != 0;
}

export function logsReset(): void {
  bufferReset(logs, KEPT);
  bufferReset(consoleCalls, KEPT);
  count = 0;
}

export function logsPointer(): usize {
  return logs.at;
}

/** Bytes of packed logs. */
export function logLength(): u32 {
  return logs.length;
}

export function logCount(): u32 {
  return count;
}

export function truncateLogs(length: u32, remaining: u32): void {
  logs.length = length;
  count = remaining;
}

export function consolePointer(): usize {
  return consoleCalls.at;
}

export function consoleLength(): u32 {
  return consoleCalls.length;
}

/** Appends a log; `topics`: pointer to `topicCount` words (core order) laid out one after the other. */
export function addLog(address: usize, topics: usize, topicCount: u32, data: usize, length: u32): void {
  journalLog();
  const head: u32 = 28 + topicCount * 32;
  if (length > 0x7fff0000) return;
  const at = bufferReserve(logs, head + length);
  if (at == 0) return;
  logs.length += head + length;
  count++;
  addressToBytes(at, address);
  store<u32>(at, topicCount, 20);
  store<u32>(at, length, 24);
  for (let i: u32 = 0; i < topicCount; i++) wordToBytes(at + 28 + i * 32, topics + i * 32);
  memory.copy(at + head, data, length);
}

/** Appends the calldata of a call to the console address; survives reverts. */
export function addConsole(data: usize, length: u32): void {
  if (length > 0x7fff0000) return;
  const at = bufferReserve(consoleCalls, 4 + length);
  if (at == 0) return;
  consoleCalls.length += 4 + length;
  store<u32>(at, length);
  memory.copy(at + 4, data, length);
}
