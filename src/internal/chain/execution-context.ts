/** Runs on which calls are executed: at a mined block, or after the pending one. */
import type { BlockEnvironment, Run } from "../evm/types.js";
import type { BlockImplementation } from "./block.js";
import type { StateTimeline } from "./state-timeline.js";
import type { Address, StateOverride } from "./types.js";

import { ChainError } from "./errors.js";

export interface CallContext {
  readonly run: Run;
  readonly environment: BlockEnvironment;
}

/** Keeps the run for calls at the latest block, which most calls want, until something changes. */
export class CallRuns {
  readonly #timeline: StateTimeline;
  #latest: (CallContext & { readonly block: BlockImplementation }) | undefined;
  #version = -1;

  constructor(timeline: StateTimeline) {
    this.#timeline = timeline;
  }

  /** A run over the state after `block`; only calls are made on it. */
  public withRun<T>(
    block: BlockImplementation,
    isLatest: boolean,
    environment: () => BlockEnvironment,
    use: (context: CallContext) => T,
  ): T {
    if (!isLatest) {
      return this.withFreshRun(block, environment(), use);
    }
    if (
      this.#version !== this.#timeline.version ||
      this.#latest?.block !== block
    ) {
      this.discard();
      const made = environment();
      this.#latest = {
        run: this.#create(block, made),
        environment: made,
        block,
      };
      this.#version = this.#timeline.version;
    }
    const context = this.#latest;
    if (context === undefined) {
      throw new Error("No run for the latest block");
    }
    return use(context);
  }

  /** A run of its own, which may also be written to. */
  public withFreshRun<T>(
    block: BlockImplementation,
    environment: BlockEnvironment,
    use: (context: CallContext) => T,
  ): T {
    const run = this.#create(block, environment);
    try {
      return use({ run, environment });
    } finally {
      run.free();
    }
  }

  public discard(): void {
    this.#latest?.run.free();
    this.#latest = undefined;
  }

  #create(block: BlockImplementation, environment: BlockEnvironment): Run {
    return this.#timeline.state.createRun(environment, {
      mode: "overlay",
      epoch: this.#timeline.epochOf(block),
    });
  }
}

/** @throws ChainError when an account has both `state` and `stateDiff`. */
export function validateOverrides(
  overrides: ReadonlyMap<Address, StateOverride>,
): void {
  for (const { state, stateDiff } of overrides.values()) {
    if (state !== undefined && stateDiff !== undefined) {
      throw new ChainError(
        "The properties 'state' and 'stateDiff' cannot be used simultaneously when configuring the state override set passed to the eth_call method.",
      );
    }
  }
}

export function applyOverrides(
  run: Run,
  overrides: ReadonlyMap<Address, StateOverride>,
): void {
  for (const [address, override] of overrides) {
    if (override.balance !== undefined) {
      run.setBalance(address, override.balance);
    }
    if (override.nonce !== undefined) {
      run.setNonce(address, override.nonce);
    }
    if (override.code !== undefined) {
      run.setCode(address, override.code);
    }
    if (override.state !== undefined) {
      run.clearStorage(address);
    }
    for (const [key, value] of override.state ?? override.stateDiff ?? []) {
      run.setSlot(address, key, value);
    }
  }
}
