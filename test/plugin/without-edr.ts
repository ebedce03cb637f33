import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect } from "chai";

const SCRIPT = fileURLToPath(
  new URL("helpers/without-edr.ts", import.meta.url),
);

interface Outcome {
  readonly engine: string;
  /** EDR libraries that are mapped. */
  readonly libraries: number;
  /** EDR objects that were made. */
  readonly created: readonly string[];
}

async function run(...args: string[]): Promise<Outcome> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--import",
    "tsx",
    SCRIPT,
    ...args,
  ]);
  const outcome: unknown = JSON.parse(stdout);
  return outcome as Outcome;
}

describe("EDR", function () {
  this.timeout(60_000);

  it("is not even loaded where nobody else uses it", async () => {
    expect(await run("alone")).to.deep.equal({
      engine: "ParallelProvider",
      libraries: 0,
      created: [],
    });
  });

  it("makes no context, decoder or provider where hardhat-ethers loads it", async () => {
    const { engine, libraries, created } = await run("ethers");
    expect(engine).to.equal("ParallelProvider");
    expect(libraries).to.equal(1);
    expect(created).to.deep.equal([]);
  });

  it("would be seen by this test", async () => {
    const alone = await run("alone", "stock");
    expect(alone).to.include({ engine: "EdrProvider", libraries: 1 });
    const { created } = await run("ethers", "stock");
    expect(created).to.include.members([
      "EdrContext",
      "ContractDecoder.withContracts",
    ]);
  });
});
