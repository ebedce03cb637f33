import type { MiningInterval } from "./chain-interface.js";

import { ChainError, INVALID_PARAMS } from "./errors.js";

/** Calls `mine` again and again; its timer keeps no process alive. */
export class IntervalMiner {
  readonly #mine: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(mine: () => void) {
    this.#mine = mine;
  }

  /** undefined or 0: stop. @throws ChainError when the minimum is above the maximum. */
  public set(interval: MiningInterval | undefined): void {
    if (
      Array.isArray(interval) &&
      (interval as readonly bigint[])[0] > (interval as readonly bigint[])[1]
    ) {
      throw new ChainError(
        "Minimum value in range is greater than maximum value",
        INVALID_PARAMS,
      );
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (interval !== undefined && interval !== 0n) {
      this.#schedule(interval);
    }
  }

  #schedule(interval: MiningInterval): void {
    this.#timer = setTimeout(() => {
      this.#schedule(interval);
      this.#mine();
    }, draw(interval));
    this.#timer.unref();
  }
}

const MAX_DELAY = 2 ** 31 - 1;

function draw(interval: MiningInterval): number {
  if (typeof interval === "bigint") {
    return Math.min(Number(interval), MAX_DELAY);
  }
  const [minimum, maximum] = interval.map(Number);
  return Math.min(
    minimum + Math.floor(Math.random() * (maximum - minimum + 1)),
    MAX_DELAY,
  );
}
