/** `parallel.verify` of one connection: every block three ways, and a bundle where they differ. */
import type { ScheduledExecutor } from "../executor/scheduled.js";
import type { BlockExecutor } from "../executor/types.js";
import type { VerifiedBlock } from "../executor/verifying.js";
import type { EdrCheck } from "./edr-check.js";

import { debuglog } from "node:util";

import { getEngine } from "../evm/engine.js";
import {
  describeDifference,
  type Difference,
} from "../executor/compare-outcomes.js";
import { scheduledExecutor } from "../executor/scheduled.js";
import { VerifyingExecutor } from "../executor/verifying.js";
import {
  blockToJson,
  partOfState,
  stateToJson,
  wholeState,
} from "./block-json.js";
import { writeBundle } from "./bundle.js";
import { Edr, NotComparableError } from "./edr.js";
import { compareWithEdr, prepareCheck } from "./edr-check.js";
import { receiptsOf } from "./receipts.js";

export interface VerifierOptions {
  /** Hardhat's cache folder: bundles go there. */
  readonly cacheFolder: string;
  /** What EDR is asked through; undefined: it is not installed. Default: EDR if it is installed. */
  readonly edr?: Pick<Edr, "execute"> | undefined;
  /** What executes by a seed; undefined: nobody does. Default: logical threads of the process's engine. */
  readonly scheduled?: ScheduledExecutor | undefined;
  /** Prints a line; default: on stderr. */
  readonly print?: (line: string) => void;
}

/** Shown with NODE_DEBUG=hardhat-parallel. */
const debug = debuglog("hardhat-parallel");

let sharedEdr: Edr | undefined;

function installedEdr(): Edr | undefined {
  if (sharedEdr === undefined && Edr.isInstalled()) sharedEdr = new Edr();
  return sharedEdr;
}

export class Verifier {
  /** What executes the blocks of the chain. */
  public readonly executor: BlockExecutor;
  readonly #cacheFolder: string;
  readonly #edr: Pick<Edr, "execute"> | undefined;
  readonly #print: (line: string) => void;
  /** Checks that are under way, one after the other. */
  #checks: Promise<void> = Promise.resolve();

  constructor(inner: BlockExecutor, options: VerifierOptions) {
    this.#cacheFolder = options.cacheFolder;
    this.#edr = "edr" in options ? options.edr : installedEdr();
    this.#print =
      options.print ?? ((line) => void process.stderr.write(`${line}\n`));
    this.executor = new VerifyingExecutor(
      inner,
      "scheduled" in options
        ? options.scheduled
        : scheduledExecutor(getEngine().core),
      (block) => this.#onVerified(block),
    );
  }

  /** When all blocks so far are compared with EDR. Never rejects. */
  public async settled(): Promise<void> {
    await this.#checks;
  }

  #onVerified(block: VerifiedBlock): void {
    const { environment, state, epochBefore, differences, sequential } = block;
    if (differences.length > 0) {
      this.#report("parallel", block, differences, () =>
        stateToJson(wholeState(state, epochBefore)),
      );
    }
    if (this.#edr === undefined || sequential.included.length === 0) return;
    const check = prepareCheck(
      {
        environment,
        blockHashes: block.blockHashes,
        transactions: block.candidates,
      },
      {
        receipts: receiptsOf(sequential),
        accessSets: sequential.execution.accessSets ?? [],
      },
      {
        before: (touched) => partOfState(state, touched, epochBefore),
        after: (touched) => partOfState(state, touched),
      },
    );
    const edr = this.#edr;
    this.#checks = this.#checks.then(() => this.#checkEdr(edr, block, check));
  }

  async #checkEdr(
    edr: Pick<Edr, "execute">,
    block: VerifiedBlock,
    check: EdrCheck,
  ): Promise<void> {
    let differences: Difference[];
    try {
      differences = await compareWithEdr(edr, check);
    } catch (error) {
      if (error instanceof NotComparableError) {
        debug(
          "block %d is not compared with EDR: %s",
          block.environment.number,
          error.message,
        );
      } else {
        this.#print(
          `hardhat-parallel: block ${block.environment.number} could not be compared with EDR: ${String(error)}`,
        );
      }
      return;
    }
    if (differences.length > 0) {
      this.#report("edr", block, differences, () =>
        stateToJson(check.question.preState),
      );
    }
  }

  #report(
    side: "parallel" | "edr",
    block: VerifiedBlock,
    differences: readonly Difference[],
    preState: () => ReturnType<typeof stateToJson>,
  ): void {
    const path = writeBundle(this.#cacheFolder, {
      side,
      block: blockToJson(
        {
          environment: block.environment,
          blockHashes: block.blockHashes,
          transactions: block.candidates,
          onInvalid: block.onInvalid,
        },
        preState(),
      ),
      schedule: { workers: block.workers, seed: block.seed },
      differences,
    });
    const [first, ...others] = differences;
    const name = side === "edr" ? "on EDR" : "in parallel";
    const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
    this.#print(
      `hardhat-parallel: block ${block.environment.number} differs ${name}: ${describeDifference(first, ["sequentially", name])}${more}. ` +
        `The sequential result was kept. Please report it with ${path}`,
    );
  }
}
