import type { BlockExecutor } from "../../src/internal/executor/types.js";
import type { Edr } from "../../src/internal/replay/edr.js";

import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { fromHex } from "../../src/internal/chain/hex.js";
import { getBlockExecutor } from "../../src/internal/executor/executor.js";
import { readBundle } from "../../src/internal/replay/bundle.js";
import { Edr as RealEdr } from "../../src/internal/replay/edr.js";
import { Verifier } from "../../src/internal/replay/verifier.js";
import {
  addressOf,
  ALICE,
  BOB,
  CAROL,
  request,
  testChain,
} from "../chain/helpers/chain.js";
import { lyingExecutor, withResult } from "../helpers/lying-executor.js";
import { operationData, randomContract } from "../helpers/random-contract.js";

const BUNDLE_LINE =
  /^hardhat-parallel: block 2 differs (.+)\. The sequential result was kept\. Please report it with (\/.+\.json)$/;

describe("verifier", function () {
  this.timeout(60_000);
  let folder = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "hardhat-parallel-verifier-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Mines a transfer, then a block of three senders' calls of a contract and a transfer. Returns the lines printed. */
  async function mine(
    inner: BlockExecutor,
    edr: Pick<Edr, "execute"> | undefined,
  ): Promise<{ readonly lines: string[]; readonly gasUsed: bigint }> {
    const lines: string[] = [];
    const verifier = new Verifier(inner, {
      cacheFolder: folder,
      edr,
      print: (line) => void lines.push(line),
    });
    const chain = testChain({ executor: verifier.executor });
    const contract = addressOf(0xc0de);
    chain.setCode(contract, fromHex(randomContract()));
    chain.sendTransaction(request({ from: ALICE, to: BOB, value: 1n }));
    chain.automine = false;
    for (const from of [ALICE, BOB, CAROL]) {
      chain.sendTransaction(
        request({
          from,
          to: contract,
          gas: 500_000n,
          data: operationData([
            ["increment", 0, 1],
            ["log", 1, 2],
            ["coinbase", 0, 0],
          ]),
        }),
      );
    }
    chain.sendTransaction(request({ from: BOB, to: CAROL, value: 3n }));
    const { block } = chain.mine();
    expect(block.transactions).to.have.lengthOf(4);
    await verifier.settled();
    chain.close();
    return { lines, gasUsed: block.gasUsed };
  }

  it("is silent where all come to the same", async () => {
    const { lines } = await mine(getBlockExecutor(), new RealEdr());
    expect(lines).to.deep.equal([]);
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it("writes down a block that parallel execution gets wrong", async () => {
    const honest = await mine(getBlockExecutor(), undefined);
    const { lines, gasUsed } = await mine(
      lyingExecutor((outcome) =>
        outcome.results.length > 1
          ? withResult(outcome, 1, { gasUsed: 1n })
          : outcome,
      ),
      undefined,
    );
    expect(gasUsed).to.equal(honest.gasUsed);
    expect(lines).to.have.lengthOf(1);
    const [, what, path] = BUNDLE_LINE.exec(lines[0]) ?? [];
    expect(what).to.match(
      /^in parallel: transaction 1, gasUsed: \d+n sequentially, 1n in parallel$/,
    );
    const bundle = readBundle(path);
    expect(bundle.side).to.equal("parallel");
    expect(bundle.differences).to.have.lengthOf(1);
    expect(bundle.block.transactions).to.have.lengthOf(4);
    expect(bundle.block.preState).to.have.property(ALICE);
  });

  it("writes down a block that EDR sees otherwise", async () => {
    const edr = new RealEdr();
    const { lines } = await mine(getBlockExecutor(), {
      execute: async (question) => {
        const actual = await edr.execute(question);
        if (actual.receipts.length < 2) return actual;
        const [at] = Object.keys(actual.state);
        const account = actual.state[at as typeof ALICE];
        return {
          ...actual,
          state: { ...actual.state, [at]: { ...account, nonce: 77n } },
        };
      },
    });
    expect(lines).to.have.lengthOf(1);
    const [, what, path] = BUNDLE_LINE.exec(lines[0]) ?? [];
    expect(what).to.match(
      /^on EDR: account 0x[0-9a-f]{40}, nonce: \d+n sequentially, 77n on EDR$/,
    );
    expect(readBundle(path).side).to.equal("edr");
  });

  it("says when EDR breaks", async () => {
    const { lines } = await mine(getBlockExecutor(), {
      execute: () => Promise.reject(new Error("out of order")),
    });
    expect(lines).to.deep.equal([
      "hardhat-parallel: block 1 could not be compared with EDR: Error: out of order",
      "hardhat-parallel: block 2 could not be compared with EDR: Error: out of order",
    ]);
  });
});
