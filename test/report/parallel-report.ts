// The task as a user runs it, on a fixture project.
import type { ParallelReport } from "../../src/types.js";

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CLI = join(ROOT, "node_modules/hardhat/dist/src/cli.js");

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function hardhat(project: string, ...args: string[]): Promise<Ended> {
  return await new Promise((resolve) => {
    execFile(
      process.execPath,
      [CLI, ...args],
      { cwd: join(ROOT, "test-fixture-projects", project) },
      (error, stdout, stderr) => {
        const code = typeof error?.code === "number" ? error.code : 0;
        resolve({ code, stdout, stderr });
      },
    );
  });
}

describe("parallel-report", function () {
  // Compiling is part of it.
  this.timeout(180_000);

  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "parallel-report-"));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  describe("of a script", () => {
    let ended: Ended;
    let report: ParallelReport;

    before(async () => {
      const json = join(folder, "report.json");
      ended = await hardhat(
        "dex",
        "parallel-report",
        "--script",
        "scripts/two-routers.ts",
        "--json",
        json,
      );
      expect(ended.code, ended.stderr).to.equal(0);
      report = JSON.parse(readFileSync(json, "utf8")) as ParallelReport;
    });

    it("sees that trades on distinct pairs are independent", () => {
      const trades = blockOf(report, "PairRouter.swapExactInput");
      expect(trades.transactions).to.equal(32);
      // Four traders on each of eight pairs.
      expect(trades.conflicts).to.equal(8 * 3);
      expect(trades.criticalPath.transactions).to.have.lengthOf(4);
      expect(trades.speedupBound).to.be.within(7, 8);
    });

    it("names the variable that makes all trades wait for each other", () => {
      const trades = blockOf(report, "MeteredRouter.swapExactInput");
      expect(trades.transactions).to.equal(32);
      expect(trades.criticalPath.transactions).to.have.lengthOf(32);
      expect(trades.speedupBound).to.equal(1);
      const names = trades.locations.map(({ name }) => name);
      expect(names[0]).to.equal("MeteredRouter.tradeCount");
      // Counted by the pair's slots too, which the counter's chain covers.
      expect(names).to.include(
        "UniswapV2Pair.reserve0+reserve1+blockTimestampLast",
      );
    });

    it("names keys of mappings", () => {
      const trades = blockOf(report, "PairRouter.swapExactInput");
      expect(
        trades.locations.some(({ name }) =>
          /^TestToken\._balances\[0x[0-9a-f]{4}….{4}\]$/.test(name),
        ),
      ).to.equal(true);
    });

    it("prints the tables", () => {
      expect(ended.stdout).to.include("MeteredRouter.tradeCount");
      expect(ended.stdout).to.match(/speedup/i);
    });

    it("groups what automine mined one by one", () => {
      expect(report.summary.virtualBlocks).to.be.greaterThan(0);
      expect(report.summary.minedBlocks).to.equal(
        report.blocks.filter(({ kind }) => kind === "mined").length,
      );
    });
  });

  describe("of tests", () => {
    it("runs the files that are named", async () => {
      const json = join(folder, "tests.json");
      const good = await hardhat(
        "token",
        "parallel-report",
        "--json",
        json,
        "--grep",
        "twenty people",
        "test/coin.ts",
      );
      expect(good.code, good.stderr).to.equal(0);
      const { blocks } = JSON.parse(
        readFileSync(json, "utf8"),
      ) as ParallelReport;
      expect(blocks.map(({ transactions }) => transactions)).to.include(20);
    });

    it("reports on tests that fail, and fails too", async () => {
      // Hardhat asks each runner whether a file is its own: mocha's lie in test/.
      const file = join(
        ROOT,
        "test-fixture-projects/token/test",
        `failing-${process.pid}.ts`,
      );
      writeFileSync(
        file,
        `import { network } from "hardhat";
         it("fails", async () => {
           const { ethers } = await network.create();
           await ethers.deployContract("Safe");
           throw new Error("on purpose");
         });`,
      );
      try {
        const { code, stdout } = await hardhat(
          "token",
          "parallel-report",
          file,
        );
        expect(stdout).to.include("1 failing");
        expect(stdout).to.include("1 transaction in 0 mined blocks");
        expect(code).to.equal(1);
      } finally {
        rmSync(file);
      }
    });
  });

  describe("refuses, before anything runs,", () => {
    const refusals: Array<[what: string, args: string[], message: RegExp]> = [
      [
        "a script that is not there",
        ["--script", "nowhere.ts"],
        /--script: expected a file, got "nowhere.ts"/,
      ],
      [
        "a JSON file in a folder that is not there",
        ["--json", "nowhere/report.json"],
        /--json: expected a file in an existing folder, got "nowhere\/report.json"/,
      ],
      [
        "a script together with tests",
        ["--script", "hardhat.config.ts", "test/coin.ts"],
        /expected test files or --script, got both/,
      ],
      [
        "virtual blocks of no transaction",
        ["--virtual-block-size", "0"],
        /--virtual-block-size: expected 1 or more, got 0/,
      ],
      [
        "the other engine",
        ["--network-engine", "edr"],
        /--network-engine: expected parallel, got edr/,
      ],
    ];
    for (const [what, args, message] of refusals) {
      it(what, async () => {
        const { code, stdout, stderr } = await hardhat(
          "token",
          "parallel-report",
          ...args,
        );
        expect(code).to.equal(1);
        expect(stderr).to.match(message);
        expect(stdout).to.equal("");
      });
    }
  });
});

function blockOf(
  report: ParallelReport,
  call: string,
): ParallelReport["blocks"][number] {
  const found = report.blocks.find(
    ({ kind, criticalPath }) =>
      kind === "mined" && criticalPath.transactions.at(-1)?.call === call,
  );
  if (found === undefined) {
    throw new Error(`expected a mined block of ${call}, got none`);
  }
  return found;
}
