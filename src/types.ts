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
   * true: every block is executed sequentially, in parallel and, where its package is installed, on EDR. A
   * difference is said on stderr, the sequential result is kept, and a file with everything needed to
   * execute the block again goes into Hardhat's cache folder. For bug reports. Default: false.
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
