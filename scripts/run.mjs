// Every command of package.json starts here: `node scripts/run.mjs <command> [arguments]`.
// Runs on Node 18 and later, with nothing installed.
import { isNodeNewEnough, provideNode, withNodeFirst } from "./lib/node.mjs";
import { inRoot } from "./lib/paths.mjs";
import { CommandError, Interrupted, run, runNode } from "./lib/processes.mjs";
import { formatSeconds, step } from "./lib/progress.mjs";
import { setup } from "./lib/setup.mjs";
import * as tests from "./lib/tests.mjs";

const commands = {
  setup: () => {},
  build: () => {},
  lint: () => step("Lint", () => tests.lint()),
  "lint:fix": () => step("Lint", () => tests.lint({ fix: true })),
  format: () => step("Format", () => tests.format()),
  typecheck: () => step("Type check", () => tests.typecheck()),
  test: (args) => (args.length > 0 ? tests.unitTests(args) : testAll()),
  "test:unit": (args) => tests.unitTests(args),
  "test:fixtures": testFixtures,
  "test:package": () => step("Package", () => tests.packageTests()),
  demo,
  bench: (args) => runTypeScript("bench/index.ts", args),
  conformance: (args) =>
    runTypeScript("test/conformance/helpers/main.ts", args),
  replay: (args) => runTypeScript("test/conformance/helpers/replay.ts", args),
  soak: (args) => runTypeScript("test/soak/helpers/main.ts", args),
  fuzz: (args) => runTypeScript("test/differential/helpers/fuzz.ts", args),
  "fuzz:evm": (args) => runTypeScript("test/evm/helpers/fuzz-main.ts", args),
};

function runTypeScript(path, args) {
  return runNode(["--import", "tsx", inRoot(path), ...args], {
    output: "inherit",
  });
}

/** Goes on after a failure, so that one run shows all of them. */
async function testAll() {
  const start = Date.now();
  const failed = [];
  const attempt = async (label, action, options) => {
    try {
      await step(label, action, options);
    } catch (error) {
      if (!(error instanceof CommandError)) {
        throw error;
      }
      failed.push(label);
      console.error(error.message);
    }
  };
  await attempt("Lint", () => tests.lint());
  await attempt("Type check", () => tests.typecheck());
  await attempt("Unit tests", () => tests.unitTests(), { shown: false });
  for (const project of tests.listFixtureProjects()) {
    await attempt(`Suite of ${project}`, () => tests.fixtureTests(project), {
      shown: false,
    });
  }
  await attempt("Package", () => tests.packageTests());

  const { counts } = tests;
  console.log(`\nTook ${formatSeconds(Date.now() - start)}`);
  if (failed.length > 0) {
    console.error(`Failed: ${failed.join(", ")}`);
    process.exitCode = 1;
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
}

async function testFixtures(names) {
  for (const project of tests.listFixtureProjects()) {
    if (names.length === 0 || names.some((name) => project.endsWith(name))) {
      await tests.fixtureTests(project);
    }
  }
}

async function demo() {
  const project = "test-fixture-projects/dex";
  await step(`Compiling the contracts of ${project}`, () =>
    tests.hardhat(project, ["build"]),
  );
  await tests.hardhat(project, ["parallel-report"], { output: "inherit" });
}

async function main() {
  const [name = "", ...args] = process.argv.slice(2);
  if (!Object.prototype.hasOwnProperty.call(commands, name)) {
    throw new Error(
      `expected a command (${Object.keys(commands).join(", ")}), got "${name}"`,
    );
  }
  if (!isNodeNewEnough()) {
    const node = await provideNode();
    await run(node, process.argv.slice(1), {
      cwd: process.cwd(),
      env: withNodeFirst(node),
      output: "inherit",
      // It has cleaning up to do.
      grace: Infinity,
    });
    return;
  }
  await setup();
  await commands[name](args);
}

main().catch((error) => {
  if (error instanceof Interrupted) {
    process.exitCode = 130;
    return;
  }
  process.exitCode = 1;
  // A child whose output was shown has said what is wrong.
  if (!(error instanceof CommandError && !error.message.includes("\n"))) {
    console.error(error.message);
  }
});
