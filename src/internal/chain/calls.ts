import type {
  BlockEnvironment,
  ExecutableTransaction,
  Run,
  RunResult,
} from "../evm/types.js";
import type { BlockImplementation } from "./block.js";
import type { ChainCore } from "./chain-core.js";
import type {
  CallOutcome,
  EstimateOutcome,
  HistoricalFunction,
} from "./chain-interface.js";
import type {
  Address,
  BlockReference,
  CallRequest,
  Hash,
  Rerun,
  StateOverride,
} from "./types.js";

import {
  type CallFees,
  type CallRules,
  FREE_CALL,
  resolveCall,
  validateCall,
} from "./call-request.js";
import { toExecutable } from "./environment.js";
import { ChainError } from "./errors.js";
import { applyOverrides, validateOverrides } from "./execution-context.js";
import { invalidTransactionError, isInvalid } from "./execution-status.js";
import { estimateGas } from "./gas-estimation.js";
import { intrinsicGas } from "./intrinsic-gas.js";

type Overrides = ReadonlyMap<Address, StateOverride>;

const DEFAULT_PRIORITY_FEE = 1_000_000_000n;

/** Executions that leave nothing behind: calls, estimates, reruns. */
export class Calls {
  readonly #core: ChainCore;
  readonly #rules: CallRules;
  readonly #gasPrice: () => bigint;

  constructor(core: ChainCore, gasPrice: () => bigint) {
    this.#core = core;
    this.#gasPrice = gasPrice;
    this.#rules = {
      fork: core.fork,
      hardfork: core.options.hardfork,
      defaultGas: core.defaultGas,
      transactionGasCap: core.transactionGasCap,
    };
  }

  public call(
    request: CallRequest,
    reference: BlockReference,
    overrides?: Overrides,
  ): CallOutcome {
    const rerun: Rerun = { kind: "call", request, block: reference, overrides };
    return this.withCallRun(request, reference, overrides, (run, transaction) =>
      toOutcome(execute(run, transaction), transaction, rerun),
    );
  }

  public estimateGas(
    request: CallRequest,
    reference: BlockReference,
  ): EstimateOutcome {
    const core = this.#core;
    return this.#withRun(
      request,
      reference,
      undefined,
      this.#estimateFees(reference),
      (run, transaction): EstimateOutcome => {
        const estimate = estimateGas(
          (gasLimit) => execute(run, { ...transaction, gasLimit }),
          transaction,
          intrinsicGas(transaction, core.fork),
          core.options.gasEstimationMode,
        );
        if (estimate.kind === "gas") {
          return estimate;
        }
        const rerun: Rerun = {
          kind: "call",
          request,
          block: reference,
          overrides: undefined,
        };
        return {
          kind: estimate.kind,
          outcome: toOutcome(estimate.result, transaction, rerun),
        };
      },
    );
  }

  public withCallRun<T>(
    request: CallRequest,
    reference: BlockReference,
    overrides: Overrides | undefined,
    use: HistoricalFunction<T>,
  ): T {
    return this.#withRun(request, reference, overrides, FREE_CALL, use);
  }

  public withTransactionRun<T>(hash: Hash, use: HistoricalFunction<T>): T {
    const core = this.#core;
    const location = core.store.transaction(hash);
    if (location === undefined) {
      throw new ChainError(
        `Unable to find a block containing transaction ${hash}`,
      );
    }
    const block = location.block as BlockImplementation;
    const parent = core.store.byNumber(Number(block.number) - 1);
    if (parent === undefined) {
      throw new Error(`Block ${block.number - 1n} is missing`);
    }
    const environment = core.environmentOf(block.contents.template);
    return core.callRuns.withFreshRun(parent, environment, ({ run }) => {
      for (let i = 0; i < location.index; i++) {
        run.execute(toExecutable(block.transactions[i]));
      }
      return use(
        run,
        toExecutable(block.transactions[location.index]),
        environment,
      );
    });
  }

  #withRun<T>(
    request: CallRequest,
    reference: BlockReference,
    overrides: Overrides | undefined,
    fees: CallFees,
    use: HistoricalFunction<T>,
  ): T {
    const core = this.#core;
    core.validateTag(reference);
    validateCall(request, this.#rules);
    const useRun = (run: Run, environment: BlockEnvironment): T => {
      if (overrides !== undefined) {
        applyOverrides(run, overrides);
      }
      const { nonce } = run.account(request.from);
      const transaction = resolveCall(request, nonce, this.#rules, fees);
      return use(run, transaction, environment);
    };
    if (overrides !== undefined) {
      validateOverrides(overrides);
    }
    const block = core.minedBlock(reference);
    if (block === undefined) {
      return this.#withPendingRun(overrides !== undefined, useRun);
    }
    const environment = (): BlockEnvironment =>
      core.environmentOf(block.contents.template);
    return overrides === undefined
      ? core.callRuns.withRun(
          block,
          block === core.latest,
          environment,
          (context) => useRun(context.run, context.environment),
        )
      : core.callRuns.withFreshRun(block, environment(), (context) =>
          useRun(context.run, context.environment),
        );
  }

  #withPendingRun<T>(
    isChanged: boolean,
    use: (run: Run, environment: BlockEnvironment) => T,
  ): T {
    const { pending } = this.#core;
    const inputs = this.#core.pendingInputs();
    try {
      return use(pending.run(inputs), inputs.environment);
    } finally {
      if (isChanged) {
        pending.discard();
      }
    }
  }

  /** Estimates assume the fees that Hardhat would put into the transaction. */
  #estimateFees(reference: BlockReference): CallFees {
    const core = this.#core;
    return {
      gasPrice: this.#gasPrice,
      fees: (maxFee, priority) => {
        const priorityFee =
          priority ??
          (maxFee !== undefined && maxFee < DEFAULT_PRIORITY_FEE
            ? maxFee
            : DEFAULT_PRIORITY_FEE);
        const block = core.minedBlock(reference);
        const feeCap =
          maxFee ??
          (block === undefined
            ? 2n * (core.nextBaseFee() ?? 0n) + priorityFee
            : (block.baseFeePerGas ?? 0n) + priorityFee);
        return { feeCap, priorityFee };
      },
    };
  }
}

/** @throws ChainError when the call cannot even begin. */
function execute(run: Run, transaction: ExecutableTransaction): RunResult {
  return run.call(transaction, { asCall: true });
}

function toOutcome(
  result: RunResult,
  transaction: ExecutableTransaction,
  rerun: Rerun,
): CallOutcome {
  if (isInvalid(result.status)) {
    throw invalidTransactionError(result);
  }
  return { result, gasLimit: transaction.gasLimit, rerun };
}
