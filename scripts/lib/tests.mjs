// The parts of `npm test`.
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { runNpm } from "./node.mjs";
import { inRoot } from "./paths.mjs";
import { CommandError, runNode } from "./processes.mjs";

const PRETTIER = inRoot("node_modules/prettier/bin/prettier.cjs");
const ESLINT = inRoot("node_modules/eslint/bin/eslint.js");
const HARDHAT = inRoot("node_modules/hardhat/dist/src/cli.js");

const ALL_TESTS = "test/**/*.ts";

/** Sums of what the test runners counted in this process. */
export const counts = { passed: 0, failed: 0 };

export async function lint({ fix = false } = {}) {
  await runNode([ESLINT, ".", "--max-warnings=0", ...(fix ? ["--fix"] : [])]);
  await format({ write: fix });
}

export function format({ write = true } = {}) {
  return runNode([
    PRETTIER,
    write ? "--write" : "--check",
    "--log-level=warn",
    ".",
  ]);
}

export async function typecheck() {
  for (const project of [".", ...listFixtureProjects()]) {
    await runNode([
      inRoot("node_modules/typescript/bin/tsc"),
      "-p",
      inRoot(project, "tsconfig.json"),
    ]);
  }
}

/** All unit tests, or the files that `args` name; flags are mocha's. */
export function unitTests(args = []) {
  const all = args.some((arg) => !arg.startsWith("-")) ? [] : [ALL_TESTS];
  return countTests(
    runNode([inRoot("node_modules/mocha/bin/mocha.js"), ...all, ...args], {
      output: "tee",
    }),
    MOCHA,
  );
}

/** The fixture projects, as a user would see them: folders with a Hardhat config. */
export function listFixtureProjects() {
  const home = inRoot("test-fixture-projects");
  return readdirSync(home)
    .filter((name) => existsSync(join(home, name, "hardhat.config.ts")))
    .map((name) => join("test-fixture-projects", name));
}

export function hardhat(project, args, options) {
  return runNode([HARDHAT, ...args], { cwd: inRoot(project), ...options });
}

export function fixtureTests(project) {
  return countTests(
    hardhat(project, ["test"], { output: "tee" }),
    HARDHAT_TEST,
  );
}

/** Packs, looks at the tarball as a user's Node and TypeScript would, then installs and uses it elsewhere. */
export async function packageTests() {
  const folder = mkdtempSync(join(tmpdir(), "hardhat-parallel-package-"));
  try {
    const [{ filename }] = JSON.parse(
      await runNpm([
        "pack",
        "--json",
        "--ignore-scripts",
        `--pack-destination=${folder}`,
      ]),
    );
    const tarball = join(folder, filename);
    await runNode([
      inRoot("node_modules/publint/src/cli.js"),
      "run",
      tarball,
      "--strict",
    ]);
    await runNode([
      inRoot("node_modules/@arethetypeswrong/cli/dist/index.js"),
      tarball,
      // ESM only, as Hardhat 3 itself.
      "--profile=esm-only",
    ]);
    await useElsewhere(tarball, join(folder, "project"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function useElsewhere(tarball, project) {
  cpSync(inRoot("scripts/package-project"), project, { recursive: true });
  const { devDependencies } = JSON.parse(
    readFileSync(inRoot("package.json"), "utf8"),
  );
  const withVersion = (name) => `${name}@${devDependencies[name]}`;
  await runNpm(
    [
      "install",
      // What `npm ci` has fetched is in npm's cache.
      "--prefer-offline",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
      tarball,
      ...["hardhat", "typescript", "@types/node"].map(withVersion),
    ],
    { cwd: project },
  );
  await runNode(["node_modules/typescript/bin/tsc"], { cwd: project });
  await runNode(
    [
      "node_modules/hardhat/dist/src/cli.js",
      "parallel-report",
      // There are no contracts.
      "--no-compile",
      "--script",
      "scripts/use.ts",
      "--json",
      "report.json",
    ],
    { cwd: project },
  );
  const { blocks } = JSON.parse(
    readFileSync(join(project, "report.json"), "utf8"),
  );
  if (!blocks.some(({ execution }) => execution?.mode === "parallel")) {
    throw new CommandError(
      "expected a block that the installed package executed in parallel, got none:",
      1,
      JSON.stringify(blocks.map(({ execution }) => execution)),
    );
  }
}

/** Who counts. Mocha indents its line; the sum that Hardhat prints below, of all runners, is not indented. */
const MOCHA = /^ +(\d+) (passing|failing)\b/gm;
const HARDHAT_TEST = /^(\d+) (passing|failing)\b/gm;

async function countTests(running, line) {
  try {
    count(await running, line);
  } catch (error) {
    count(error.stdout ?? "", line);
    throw error;
  }
}

function count(output, line) {
  // eslint-disable-next-line no-control-regex -- colours are control sequences
  const text = output.replace(/\x1b\[[0-9;]*m/g, "");
  for (const [, number, word] of text.matchAll(line)) {
    counts[word === "passing" ? "passed" : "failed"] += Number(number);
  }
}
