import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";

import plugin from "../../src/index.js";
import { BlockExecutorImplementation } from "../../src/internal/executor/executor.js";
import { readBundle } from "../../src/internal/replay/bundle.js";
import { lyingExecutor, withResult } from "../helpers/lying-executor.js";
import { FIXED_DATE, request } from "./helpers/requests.js";

describe("verification of a project's blocks", function () {
  this.timeout(60_000);
  const honest = BlockExecutorImplementation.prototype.executeBlock;
  const write = process.stderr.write.bind(process.stderr);
  let folder = "";
  let lines: string[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "hardhat-parallel-verify-"));
    lines = [];
    process.stderr.write = (chunk: string | Uint8Array): boolean =>
      lines.push(String(chunk)) > 0;
  });

  afterEach(() => {
    process.stderr.write = write;
    BlockExecutorImplementation.prototype.executeBlock = honest;
    rmSync(folder, { recursive: true, force: true });
  });

  function lie(): void {
    const { executeBlock } = lyingExecutor((outcome) =>
      withResult(outcome, 2, { gasUsed: 20_999n }),
    );
    BlockExecutorImplementation.prototype.executeBlock = executeBlock;
  }

  async function createHre(
    verify: boolean,
    parallelVerify: boolean,
  ): Promise<HardhatRuntimeEnvironment> {
    return await createHardhatRuntimeEnvironment(
      {
        plugins: [plugin],
        parallel: { verify },
        paths: { cache: join(folder, "cache") },
        networks: { default: { type: "edr-simulated", ...FIXED_DATE } },
      },
      { parallelVerify },
    );
  }

  /** Mines four transfers in a block, and returns its gas. */
  async function mine(hre: HardhatRuntimeEnvironment): Promise<number> {
    const connection = await hre.network.create();
    const accounts = await request<string[]>(connection, "eth_accounts");
    await request(connection, "evm_setAutomine", false);
    for (const from of accounts.slice(0, 4)) {
      await request(connection, "eth_sendTransaction", {
        from,
        to: accounts[9],
        value: "0x1",
        gas: "0x5208",
      });
    }
    await request(connection, "evm_mine");
    const block = await request<{ gasUsed: string }>(
      connection,
      "eth_getBlockByNumber",
      "latest",
      false,
    );
    await connection.close();
    return Number(block.gasUsed);
  }

  for (const [name, verify, option] of [
    ["parallel.verify", true, false],
    ["--parallel-verify", false, true],
  ] as const) {
    it(`with ${name} writes a bundle when a block differs, and keeps what is right`, async () => {
      lie();
      expect(await mine(await createHre(verify, option))).to.equal(84_000);
      expect(lines).to.have.lengthOf(1);
      const [, path] = /report it with (.+)\n$/.exec(lines[0]) ?? [];
      expect(path).to.match(/cache\/hardhat-parallel\/block-1-parallel-/);
      expect(readBundle(path).differences[0]).to.include({
        where: "transaction 2",
        field: "gasUsed",
        actual: "20999n",
      });
    });
  }

  it("finds nothing where there is nothing to find", async () => {
    expect(await mine(await createHre(false, true))).to.equal(84_000);
    expect(lines).to.deep.equal([]);
  });

  it("does not happen unasked", async () => {
    lie();
    await mine(await createHre(false, false));
    expect(lines).to.deep.equal([]);
  });
});
