/** `npm run fuzz:evm -- --seed S --runs N [--loops]`: the comparison of test/evm/fuzz.ts, or of test/compiler/random-loops.ts,
 *  for as long as one likes. */
import { parseArgs } from "node:util";

import { compareLoops } from "../../compiler/helpers/compare-loops.js";
import { compareSeed } from "./compare.js";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Date.now()) },
    runs: { type: "string", default: "1000" },
    loops: { type: "boolean", default: false },
  },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) {
  throw new Error(`--runs: expected a positive integer, got ${values.runs}`);
}
let failures = 0;
for (let i = 0; i < runs; i++) {
  const seed = `${values.seed}-${i}`;
  const report = await (values.loops
    ? compareLoops(seed, i % 10 === 0)
    : compareSeed(seed));
  if (report !== undefined) {
    failures++;
    process.stdout.write(`${report}\n`);
  }
}
process.stdout.write(`seed ${values.seed}: ${runs} runs, ${failures} differ\n`);
process.exitCode = failures === 0 ? 0 : 1;
