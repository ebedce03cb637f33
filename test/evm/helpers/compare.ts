/** Executes the world of a seed on the core and on the oracle, and names what differs. */
import type { Outcome, World } from "./world.js";

import { executeOnCore } from "./core-engine.js";
import { executeOnEthereumjs } from "./ethereumjs.js";
import { randomWorld } from "./random-world.js";

const FIELDS = [
  "invalid",
  "success",
  "gasUsed",
  "output",
  "logs",
  "created",
  "root",
] as const satisfies readonly (keyof Outcome)[];

/** Differences, one line each; empty when the engines agree. */
export async function differences(world: World): Promise<string[]> {
  const ours = executeOnCore(world);
  const theirs = await executeOnEthereumjs(world);
  return FIELDS.filter(
    (field) => show(ours[field]) !== show(theirs[field]),
  ).map(
    (field) =>
      `${field}: expected ${show(theirs[field])}, got ${show(ours[field])}`,
  );
}

function show(value: Outcome[keyof Outcome]): string {
  return Array.isArray(value) ? value.join("; ") : String(value);
}

/** The report of a failing seed, undefined when the engines agree. */
export async function compareSeed(seed: string): Promise<string | undefined> {
  const world = randomWorld(seed);
  const found = await differences(world);
  if (found.length === 0) return undefined;
  const codes = world.accounts
    .filter(({ code }) => code !== "0x")
    .map(({ address, code }) => `  ${address}: ${code}`);
  return [
    `seed ${seed}, fork ${world.fork}`,
    ...found.map((line) => `  ${line}`),
    `  to ${world.transaction.to ?? "create"}, gas ${world.transaction.gasLimit}`,
    ...codes,
  ].join("\n");
}
