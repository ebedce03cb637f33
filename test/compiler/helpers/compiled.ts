/** Executes a world with and without compiled code, and names what differs. */
import type { Compilation } from "../../../src/internal/compiler/compilation.js";
import type { ChainState, RunResult } from "../../../src/internal/evm/types.js";
import type { World } from "../../evm/helpers/world.js";

import { getEngine } from "../../../src/internal/evm/engine.js";
import { executeOnCore } from "../../evm/helpers/core-engine.js";
import { plainWorld } from "../../evm/helpers/world.js";

export const OSAKA = 17;

/** Lets code be compiled on this thread as `when` says while `use` runs. */
export function compiling<T>(when: Compilation, use: () => T): T {
  const { core } = getEngine();
  core.compilation = when;
  try {
    return use();
  } finally {
    core.compilation = "hot";
  }
}

/** A world whose contract is called with calldata. */
export function callWorld(
  code: string,
  data: Uint8Array = new Uint8Array(0),
  fork = OSAKA,
): World {
  const world = plainWorld(fork, code);
  const gasLimit = 3_000_000n;
  return { ...world, transaction: { ...world.transaction, data, gasLimit } };
}

/** What can be seen of an execution. */
export function execute(
  world: World,
  gasLimit?: bigint,
  state?: ChainState,
): string {
  const { result, ...outcome } = executeOnCore(world, gasLimit, state);
  return JSON.stringify(
    { ...outcome, ...seenOf(result) },
    (_, value: unknown) => (typeof value === "bigint" ? String(value) : value),
  );
}

function seenOf(result: RunResult) {
  const { status, gasUsed, gasRefunded, gasNeeded } = result;
  return { status, gasUsed, gasRefunded, gasNeeded };
}

/** The first gas limit with which compiled code differs from the interpreter, and how. */
export function firstDifference(
  world: World,
  gasLimits: readonly bigint[],
): string | undefined {
  const expected = compiling("off", () =>
    gasLimits.map((gas) => execute(world, gas)),
  );
  const got = compiling("eager", () =>
    gasLimits.map((gas) => execute(world, gas)),
  );
  const at = expected.findIndex((outcome, i) => outcome !== got[i]);
  if (at === -1) return undefined;
  return [
    `fork ${world.fork}, gas ${gasLimits[at]}, code ${world.accounts[0].code}`,
    `  interpreted: ${expected[at]}`,
    `  compiled:    ${got[at]}`,
  ].join("\n");
}

/** How many loops are compiled for the world, met eagerly. */
export function loopsIn(world: World): number {
  return compiling("eager", () => {
    execute(world);
    return getEngine().core.compiledLoops;
  });
}
