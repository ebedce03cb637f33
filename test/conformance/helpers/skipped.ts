import type { StateCase } from "./state-fixtures.js";

export interface SkippedCases {
  readonly reason: string;
  matches(stateCase: StateCase): boolean;
}

/** Cases that are not run, each with its reason. Nothing that a user of Hardhat could meet. */
export const SKIPPED: readonly SkippedCases[] = [];
