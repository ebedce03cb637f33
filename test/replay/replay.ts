import type { BlockInput } from "../../src/executor.js";

import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect } from "chai";

import { createExecutor, type Executor } from "../../src/executor.js";
import { getEngine } from "../../src/internal/evm/engine.js";
import {
  type ScheduledExecutor,
  scheduledExecutor,
} from "../../src/internal/executor/scheduled.js";
import {
  type Bundle,
  readBundle,
  writeBundle,
} from "../../src/internal/replay/bundle.js";
import { Edr } from "../../src/internal/replay/edr.js";
import {
  replayBlock,
  type ReplayTools,
} from "../../src/internal/replay/replay.js";
import { Verifier } from "../../src/internal/replay/verifier.js";
import {
  ALICE,
  BOB,
  CAROL,
  request,
  testChain,
} from "../chain/helpers/chain.js";
import { lyingExecutor, withResult } from "../helpers/lying-executor.js";

const SCRIPT = fileURLToPath(
  new URL("../conformance/helpers/replay.ts", import.meta.url),
);

describe("replay", function () {
  this.timeout(60_000);
  let folder = "";
  let executor: Executor;

  before(() => {
    executor = createExecutor({ workers: 2 });
  });

  after(async () => {
    await executor.close();
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "hardhat-parallel-replay-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** The bundle of a block whose third transaction's gas real threads get wrong, and logical ones with seed 9. */
  async function makeBundle(): Promise<Bundle> {
    const lie = lyingExecutor((outcome) =>
      withResult(outcome, 2, { gasUsed: 1n }),
    );
    const honest = scheduledExecutor(getEngine().core);
    const scheduled: ScheduledExecutor = (
      state,
      environment,
      candidates,
      options,
    ) => {
      const outcome = honest(state, environment, candidates, options);
      return options.seed === 9
        ? withResult(outcome, 2, { gasUsed: 1n })
        : outcome;
    };
    const verifier = new Verifier(lie, {
      cacheFolder: folder,
      edr: undefined,
      scheduled,
      print: () => undefined,
    });
    const chain = testChain({ executor: verifier.executor });
    chain.automine = false;
    for (const from of [ALICE, BOB, CAROL, ALICE]) {
      chain.sendTransaction(request({ from, to: BOB, value: 7n }));
    }
    chain.mine();
    await verifier.settled();
    chain.close();
    const [name] = readdirSync(join(folder, "hardhat-parallel"));
    return readBundle(join(folder, "hardhat-parallel", name));
  }

  /** An executor that gets the same wrong as those of `makeBundle`. */
  function lyingTools(
    isWrong: (seed: number | undefined) => boolean,
  ): ReplayTools {
    return {
      edr: undefined,
      executor: {
        async execute(block, options) {
          const made = await executor.execute(block, options);
          if (options.mode !== "parallel" || !isWrong(options.seed)) {
            return made;
          }
          const receipts = [...made.receipts];
          receipts[2] = { ...receipts[2], gasUsed: 1n };
          return { ...made, receipts };
        },
      },
    };
  }

  it("shows the difference again, by threads and under the seed", async () => {
    const { block, schedule } = await makeBundle();
    expect(schedule.seed).to.equal(9);
    const differences = async (tools: ReplayTools): Promise<object> =>
      Object.fromEntries(
        (await replayBlock(tools, block, schedule)).map((way) => [
          way.name,
          way.differences.map(({ where, field }) => `${where}, ${field}`),
        ]),
      );
    const wrong = ["transaction 2, gasUsed"];
    expect(await differences(lyingTools(() => true))).to.deep.equal({
      sequential: [],
      parallel: wrong,
      seeded: wrong,
    });
    expect(await differences(lyingTools((seed) => seed === 9))).to.deep.equal({
      sequential: [],
      parallel: [],
      seeded: wrong,
    });
    expect(await differences({ executor, edr: new Edr() })).to.deep.equal({
      sequential: [],
      parallel: [],
      seeded: [],
      edr: [],
    });
  });

  it("says what differs in the state, and what EDR sees otherwise", async () => {
    const { block, schedule } = await makeBundle();
    const edr = new Edr();
    const replayed = await replayBlock(
      {
        executor: {
          async execute(input, options) {
            const made = await executor.execute(input, options);
            return options.mode === "parallel"
              ? {
                  ...made,
                  postState: {
                    ...made.postState,
                    [BOB]: { balance: 5n, nonce: 1n, code: "0x", storage: {} },
                  },
                }
              : made;
          },
        },
        edr: {
          async execute(question) {
            const made = await edr.execute(question);
            const [first, ...others] = made.receipts;
            return { ...made, receipts: [{ ...first, status: 0 }, ...others] };
          },
        },
      },
      block,
      schedule,
    );
    expect(replayed[1].differences).to.have.lengthOf(1);
    expect(replayed[1].differences[0]).to.include({
      where: `account ${BOB}`,
      field: "balance",
      actual: "5n",
    });
    expect(replayed[3].differences).to.deep.equal([
      { where: "transaction 0", field: "status", expected: "1", actual: "0" },
    ]);
  });

  it("says why EDR was not asked", async () => {
    const block: BlockInput = {
      environment: { hardfork: "london" },
      transactions: [],
    };
    const replayed = await replayBlock({ executor, edr: new Edr() }, block, {});
    expect(replayed[2].reason).to.equal(
      "before the merge, blocks have a difficulty that cannot be set",
    );
  });

  it("is a command that takes a bundle", async () => {
    const { stdout } = await run(writeBundle(folder, await makeBundle()));
    const lines = stdout.trim().split("\n");
    expect(lines[0]).to.equal(
      "when it was written: transaction 2, gasUsed: 21000n sequentially, 1n in parallel",
    );
    expect(lines[1]).to.match(
      /^sequential +4 transactions, 84000 gas, 0 failed/,
    );
    expect(lines[3]).to.match(/^seeded .*, seed 9$/);
    expect(lines[4]).to.equal("edr        compared");
    expect(lines[5]).to.equal("no differences");
  });

  it("refuses files that are no bundles", async () => {
    const path = join(folder, "other.json");
    writeFileSync(path, '{"format":"hardhat-parallel-block","version":2}');
    const { stderr } = await run(path);
    expect(stderr).to.equal(`${path}: version: expected 1, got 2\n`);
    expect((await run(folder)).stderr).to.equal(
      `expected a bundle, or a folder with block.json, txs.json and pre_state.json, got "${folder}"\n`,
    );
  });
});

async function run(
  path: string,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return await promisify(execFile)(process.execPath, [
    "--import",
    "tsx",
    SCRIPT,
    path,
  ]).catch((error: unknown) => error as { stdout: string; stderr: string });
}
