/** The result of this thread's last execution (layout.ts, RESULT_*). */
import {
  RESULT_BLOCK_GAS, RESULT_ERROR_A, RESULT_ERROR_B, RESULT_LOGS, RESULT_LOG_COUNT, RESULT_OUTPUT, RESULT_SIZE, RESULT_STATE_GAS,
  RESULT_STATUS, RESULT_CONSOLE,
} from "../layout";
import { bufferTake } from "../memory/thread";
import { consoleLength, consolePointer, logCount, logLength, logsPointer } from "../state/tx-logs";
import { wordToBytes } from "../u256/word";

export let result: usize = 0;

/** Once per thread. */
export function resultInit(): bool {
  result = bufferTake(RESULT_SIZE as u32);
  return result != 0;
}

export function clearResult(): void {
  memory.fill(result, 0, RESULT_SIZE);
}

/** An invalid transaction, with the words at `a` and `b` as operands. */
export function invalid(status: u32, a: usize, b: usize): u32 {
  wordToBytes(result + RESULT_ERROR_A, a);
  wordToBytes(result + RESULT_ERROR_B, b);
  return status;
}

/** The same with numbers as operands. */
export function invalid64(status: u32, a: u64, b: u64): u32 {
  memory.fill(result + RESULT_ERROR_A, 0, 64);
  store<u64>(result + RESULT_ERROR_A, bswap<u64>(a), 24);
  store<u64>(result + RESULT_ERROR_B, bswap<u64>(b), 24);
  return status;
}

/** Points the result at the logs, the console output and the output of the transaction just executed. */
export function setOutputs(status: u32, output: usize, outputLength: u32): void {
  store<u32>(result, status, RESULT_STATUS);
  store<u32>(result, output as u32, RESULT_OUTPUT);
  store<u32>(result, outputLength, RESULT_OUTPUT + 4);
  store<u32>(result, logsPointer() as u32, RESULT_LOGS);
  store<u32>(result, logLength(), RESULT_LOGS + 4);
  store<u32>(result, logCount(), RESULT_LOG_COUNT);
  store<u32>(result, consolePointer() as u32, RESULT_CONSOLE);
  store<u32>(result, consoleLength(), RESULT_CONSOLE + 4);
}

/** What the transaction takes of the block. */
export function resultBlockGas(): u64 {
  return load<u64>(result, RESULT_BLOCK_GAS);
}

export function resultStateGas(): u64 {
  return load<u64>(result, RESULT_STATE_GAS);
}
