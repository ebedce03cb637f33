import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { readBundle } from "../../src/internal/replay/bundle.js";
import { lyingExecutor, withResult } from "../helpers/lying-executor.js";
import { soak, type SoakOptions } from "./helpers/soak.js";

const SCRIPT = fileURLToPath(new URL("helpers/main.ts", import.meta.url));

describe("soak", function () {
  this.timeout(60_000);
  let folder = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "hardhat-parallel-soak-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function options(overrides: Partial<SoakOptions> = {}): SoakOptions {
    return {
      milliseconds: 2_000,
      seed: 7,
      cacheFolder: folder,
      print: () => undefined,
      isStopped: () => false,
      ...overrides,
    };
  }

  it("finds nothing where there is nothing to find", async () => {
    const lines: string[] = [];
    const result = await soak(
      options({ print: (line) => void lines.push(line) }),
    );
    expect(result.failure).to.equal(undefined);
    expect(result.blocks).to.be.above(5);
    expect(result.incarnations).to.be.above(result.blocks);
    expect(lines.at(-1)).to.match(
      /^ +\d+ s, \d+ blocks, \d+ transactions, \d+ incarnations, \d+ aborts, memory [\d.]+ MB, core [\d.]+ MB$/,
    );
  });

  it("ends with a bundle where something differs", async () => {
    const { failure, blocks } = await soak(
      options({
        executor: lyingExecutor((outcome) =>
          outcome.results.length > 20
            ? withResult(outcome, 20, { gasUsed: 3n })
            : outcome,
        ),
      }),
    );
    expect(blocks).to.be.above(0);
    const [, path] =
      /gasUsed: .*npm run replay -- (.+)$/.exec(failure ?? "") ?? [];
    expect(existsSync(path)).to.equal(true);
    expect(readBundle(path).differences[0].actual).to.equal("3n");
  });

  for (const [name, rss, core] of [
    ["core's", 1, 60],
    ["process's", 900, 1],
  ] as const) {
    it(`tells when the ${name} memory grows`, async () => {
      let asked = 0;
      const { failure } = await soak(
        options({
          memory: () => {
            const step = asked++ === 0 ? 0 : 2 ** 20;
            return { rss: 2 ** 28 + rss * step, core: 2 ** 24 + core * step };
          },
        }),
      );
      expect(failure).to.match(
        new RegExp(`^expected the ${name} memory to stay flat, got .* MB$`),
      );
    });
  }

  it("is a command that stops on Ctrl-C", async () => {
    const child = spawn(process.execPath, [
      "--import",
      "tsx",
      SCRIPT,
      "--minutes",
      "5",
      "--seed",
      "11",
    ]);
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      // A second one would end it at once.
      if (!child.killed && output.includes("soaking")) child.kill("SIGINT");
    });
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect(output).to.match(/^soaking for 5 minutes with --seed 11\n/);
    expect(output).to.match(/stopped; no differences\n$/);
    expect(code).to.equal(130);
  });
});
