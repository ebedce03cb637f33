import type { HookManager } from "hardhat/types/hooks";
import type { GasMeasurement } from "./gas-meter.js";

/** Hands measurements to the `onGasMeasurement` hooks, one after the other. */
export class GasReport {
  readonly #hooks: HookManager;
  #last: Promise<unknown> = Promise.resolve();

  constructor(hooks: HookManager) {
    this.#hooks = hooks;
  }

  public add(measurement: GasMeasurement): void {
    this.#last = this.#last.then(
      async () =>
        await this.#hooks.runParallelHandlers("network", "onGasMeasurement", [
          measurement,
        ]),
    );
    // Whoever settles next is told; a block of the interval miner has nobody.
    this.#last.catch(() => {});
  }

  /** Waits for the hooks, and throws what they threw. */
  public async settled(): Promise<void> {
    const last = this.#last;
    this.#last = Promise.resolve();
    await last;
  }
}
