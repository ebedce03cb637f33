/** The `parallel` section of a Hardhat config. Every field has a default that needs no thought. */
export interface ParallelUserConfig {
  /**
   * false: every network stays on Hardhat's own engine (EDR), as if the plugin were absent.
   * Default: true.
   */
  enabled?: boolean;
  /**
   * Threads that execute a block, the main thread among them: 1 never runs in parallel.
   * Default: "auto", the number of cores Node.js may use.
   */
  workers?: number | "auto";
  /**
   * true: every block that was executed in parallel is executed sequentially too, and a difference
   * is an error. For tests of this plugin and for bug reports. Default: false.
   */
  verify?: boolean;
  /**
   * Ask solc for storage layouts, so that the report can name variables. Default: true.
   */
  storageLayout?: boolean;
}

/** The resolved `parallel` section. */
export interface ParallelConfig {
  readonly enabled: boolean;
  readonly workers: number | "auto";
  readonly verify: boolean;
  readonly storageLayout: boolean;
}

/** What `parallel-report --json` writes. */
export type {
  BlockLocationReport,
  BlockReport,
  ExecutionReport,
  LocationReport,
  ParallelReport,
  PathStep,
  ReportSummary,
} from "./internal/report/types.js";
