/**
 * `hardhat-parallel/executor`: execute blocks without Hardhat around them. For tools that replay,
 * analyse or compare blocks.
 */
import {
  ToolExecutor,
  type ToolExecutorOptions,
} from "./internal/replay/tool-executor.js";

export type {
  AccessSet,
  AccountAccess,
  KeccakPreimage,
  Log,
  SlotAccess,
} from "./internal/chain/types.js";
export { InvalidInputError } from "./internal/replay/fields.js";
export type { ToolExecutorOptions as ExecutorOptions } from "./internal/replay/tool-executor.js";
export type {
  AccountInput,
  AuthorizationInput,
  BlockInput,
  BytesInput,
  EnvironmentInput,
  ExecutedAccount,
  ExecutedBlock,
  ExecutedSchedule,
  ExecuteOptions,
  InvalidTransaction,
  QuantityInput,
  ScheduledTransaction,
  StateInput,
  TransactionInput,
  TransactionReceipt,
} from "./internal/replay/types.js";

/** Executes blocks on an engine of its own; see `createExecutor`. */
export type Executor = Pick<
  ToolExecutor,
  "execute" | "memoryInUse" | "close" | typeof Symbol.asyncDispose
>;

/**
 * An executor with an engine, memory and threads of its own, until `close()` or `await using` ends it.
 *
 * ```ts
 * await using executor = createExecutor({ workers: 2 });
 * const { receipts, stateRoot, schedule } = await executor.execute({
 *   preState: { "0x…": { balance: 10n ** 18n } },
 *   environment: { hardfork: "osaka", baseFee: 7 },
 *   transactions: [{ from: "0x…", to: "0x…", value: 1, gasLimit: 21_000 }],
 * });
 * ```
 *
 * @throws InvalidInputError for options that cannot be.
 */
export function createExecutor(options: ToolExecutorOptions = {}): Executor {
  return new ToolExecutor(options);
}
