import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect } from "chai";

const SCRIPT = fileURLToPath(new URL("helpers/amsterdam.ts", import.meta.url));

describe("a hard fork that is not final", function () {
  this.timeout(60_000);

  it("is warned of once, in Hardhat's words", async () => {
    const run = (
      ...args: string[]
    ): Promise<{ stdout: string; stderr: string }> =>
      promisify(execFile)(process.execPath, [
        "--import",
        "tsx",
        SCRIPT,
        ...args,
      ]);
    const ours = await run();
    const stock = await run("stock");
    expect(ours.stdout).to.equal("ParallelProvider\nParallelProvider\n");
    expect(stock.stdout).to.equal("EdrProvider\nEdrProvider\n");
    expect(ours.stderr).to.match(/Warning:.* "amsterdam" .* experimental/);
    expect(ours.stderr).to.equal(stock.stderr);
  });
});
