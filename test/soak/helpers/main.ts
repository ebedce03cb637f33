/** npm run soak -- --minutes N [--seed S]; ends with 1 when something differs or memory grows, with 130 on Ctrl-C. */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { soak } from "./soak.js";

const CACHE = fileURLToPath(new URL("../../../cache", import.meta.url));
const MOST_SEED = 2 ** 31 - 1;

class UsageError extends Error {}

function number(
  value: string,
  name: string,
  isFine: (value: number) => boolean,
  expected: string,
): number {
  const parsed = Number(value);
  if (value === "" || !isFine(parsed)) {
    throw new UsageError(`${name}: expected ${expected}, got "${value}"`);
  }
  return parsed;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "1" },
      seed: { type: "string" },
    },
  });
  const minutes = number(
    values.minutes,
    "--minutes",
    (value) => value > 0,
    "a number above 0",
  );
  const seed = number(
    values.seed ?? String(Math.floor(Math.random() * MOST_SEED)),
    "--seed",
    (value) => Number.isInteger(value) && value >= 0 && value <= MOST_SEED,
    `an integer from 0 to ${MOST_SEED}`,
  );
  let isStopped = false;
  process.once("SIGINT", () => {
    isStopped = true;
  });
  console.log(`soaking for ${minutes} minutes with --seed ${seed}`);
  const { failure } = await soak({
    milliseconds: minutes * 60_000,
    seed,
    cacheFolder: CACHE,
    print: (line) => console.log(line),
    isStopped: () => isStopped,
  });
  if (failure !== undefined) {
    console.error(`with --seed ${seed}: ${failure}`);
    return 1;
  }
  console.log(isStopped ? "stopped; no differences" : "no differences");
  return isStopped ? 130 : 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(
      error instanceof UsageError || error instanceof TypeError
        ? error.message
        : error,
    );
    process.exit(1);
  },
);
