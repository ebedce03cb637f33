/**
 * npm run fuzz -- [--seed S] [--runs N] [--minutes M] [--subject ours|edr] [--fork F] [--coverage] [--keep-going]
 *   [--no-shrink] [--without REGEXP]
 * Random request sequences on EDR and on our network, compared answer by answer. Seed `S` runs
 * sequences S:0, S:1, …; a single one is `--only S:17`.
 */
import type { Fork } from "./configs.js";

import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { Coverage } from "./coverage.js";
import { generateSequence } from "./generator.js";
import { type Pair, runSequence } from "./runner.js";
import { failureText, reproductionScript } from "./script.js";
import { shrink } from "./shrink.js";
import { edrSides, pluginSides } from "./sides.js";
import { buildProject } from "./solidity-project.js";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    runs: { type: "string" },
    minutes: { type: "string" },
    only: { type: "string" },
    subject: { type: "string", default: "ours" },
    fork: { type: "string", multiple: true },
    without: { type: "string" },
    coverage: { type: "boolean", default: false },
    "keep-going": { type: "boolean", default: false },
    "no-shrink": { type: "boolean", default: false },
  },
});

const count = (name: "runs" | "minutes"): number | undefined => {
  const text = values[name];
  const number = Number(text);
  if (text !== undefined && !(number > 0)) {
    throw new Error(`--${name}: expected a positive number, got "${text}"`);
  }
  return text === undefined ? undefined : number;
};
const without =
  values.without === undefined ? undefined : new RegExp(values.without);
const minutes = count("minutes");
const runs = count("runs") ?? (minutes === undefined ? 100 : Infinity);
const deadline =
  minutes === undefined ? Infinity : performance.now() + minutes * 60_000;

const pair: Pair = {
  reference: edrSides(),
  subject:
    values.subject === "edr"
      ? { ...edrSides(), name: "edr again" }
      : pluginSides(),
};
await buildProject();
const coverage = new Coverage();
const seeds = function* (): Generator<string> {
  if (values.only !== undefined) {
    yield values.only;
    return;
  }
  for (let i = 0; i < runs && performance.now() < deadline; i++) {
    yield `${values.seed}:${i}`;
  }
};

let done = 0;
let failures = 0;
let skipped = 0;
const kinds = new Map<string, string[]>();
const started = performance.now();
for (const seed of seeds()) {
  const whole = generateSequence(seed, {
    forks: values.fork as Fork[] | undefined,
  });
  const sequence = {
    ...whole,
    steps: whole.steps.filter(
      ({ method }) => without === undefined || !without.test(method),
    ),
  };
  const report = await runSequence(pair, sequence);
  done++;
  if (report === undefined) {
    skipped++;
    continue;
  }
  coverage.add(report);
  if (report.failure !== undefined) {
    failures++;
    const { check, difference } = report.failure;
    const kind = `${check.replace(/\(.*\)/, "")} at ${difference.path.replace(/\.\d+/g, ".#")}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), seed]);
    if (!values["no-shrink"]) {
      console.log(`\nseed ${seed} fails (${kind}); shrinking`);
      const shrunk = await shrink(pair, sequence, report.failure);
      console.log(failureText(shrunk));
      const file = join(
        tmpdir(),
        `differential-${seed.replace(/\W/g, "-")}.mjs`,
      );
      writeFileSync(file, reproductionScript(shrunk));
      console.log(`reproduction: ${file}`);
    }
    if (!values["keep-going"]) {
      break;
    }
  }
  if (process.stdout.isTTY || done % 50 === 0) {
    const rate = done / ((performance.now() - started) / 1000);
    const line = `${done} sequences, ${coverage.requests} requests, ${failures} failing, ${rate.toFixed(1)}/s`;
    process.stdout.write(process.stdout.isTTY ? `\r${line} ` : `${line}\n`);
  }
}
console.log(
  `\n${done} sequences, ${coverage.requests} requests, ${failures} failing, ${skipped} too slow (seed ${values.only ?? values.seed})`,
);
for (const [kind, failed] of [...kinds].sort(
  (a, b) => b[1].length - a[1].length,
)) {
  console.log(
    `  ${String(failed.length).padStart(5)}  ${kind}   e.g. ${failed.slice(0, 3).join(" ")}`,
  );
}
if (values.coverage) {
  console.log(coverage.lines().join("\n"));
}
process.exit(failures === 0 ? 0 : 1);
