/** The sequential executor against @ethereumjs/vm: random transactions of every type, one after the other. */
import type { Hex } from "../../src/internal/chain/types.js";

import { Hardfork } from "@ethereumjs/common";
import { expect } from "chai";

import { getEngine } from "../../src/internal/evm/engine.js";
import { FIRST_INVALID } from "../../src/internal/evm/run-result.js";
import { Fork, hex, makeEnvironment } from "../helpers/blocks.js";
import {
  Oracle,
  prepareForOracle,
  RandomTransactions,
} from "../helpers/ethereumjs-oracle.js";
import { Random } from "../helpers/random.js";

const HARDFORKS: Readonly<Record<string, { fork: number; name: Hardfork }>> = {
  istanbul: { fork: Fork.istanbul, name: Hardfork.Istanbul },
  berlin: { fork: Fork.berlin, name: Hardfork.Berlin },
  london: { fork: Fork.london, name: Hardfork.London },
  shanghai: { fork: Fork.shanghai, name: Hardfork.Shanghai },
  cancun: { fork: Fork.cancun, name: Hardfork.Cancun },
  prague: { fork: Fork.prague, name: Hardfork.Prague },
  osaka: { fork: Fork.osaka, name: Hardfork.Osaka },
};

const SEEDS = Number(process.env.ORACLE_SEEDS ?? 4);
const TRANSACTIONS = 40;

describe("sequential execution against @ethereumjs/vm", function () {
  this.timeout(120_000);

  for (const [name, { fork, name: hardfork }] of Object.entries(HARDFORKS)) {
    it(`agrees on random transactions: ${name}`, async () => {
      for (let seed = 0; seed < SEEDS; seed++) {
        const random = new Random(`${name} ${seed}`);
        const environment = makeEnvironment({ fork, chainId: 1n });
        const state = getEngine().createState();
        prepareForOracle(state);
        const oracle = await Oracle.create(hardfork);
        state.nextEpoch();
        const run = state.createRun(environment, { mode: "direct" });
        const generator = new RandomTransactions(random, fork, (of) =>
          state.nonce(of as Hex),
        );
        for (let i = 0; i < TRANSACTIONS; i++) {
          const transaction = generator.next();
          const where = `seed ${seed}, transaction ${i}`;
          const result = run.execute(transaction);
          if (result.status >= FIRST_INVALID) {
            let refused = false;
            await oracle.run(transaction, environment).catch(() => {
              refused = true;
            });
            expect(refused, `${where} is invalid`).to.equal(true);
            continue;
          }
          const expected = await oracle.run(transaction, environment);
          expect(
            {
              gasUsed: result.gasUsed,
              failed: result.status >= 0x10,
              output: result.status >= 0x20 ? "0x" : hex(result.output),
              logs: result.logs.map(({ address: at, topics, data }) => ({
                at,
                topics,
                data,
              })),
            },
            where,
          ).to.deep.equal({
            gasUsed: expected.totalGasSpent,
            failed: expected.execResult.exceptionError !== undefined,
            output:
              result.status >= 0x20
                ? "0x"
                : hex(expected.execResult.returnValue),
            logs: (expected.execResult.logs ?? []).map(
              ([at, topics, data]) => ({
                at: hex(at),
                topics: topics.map(hex),
                data: hex(data),
              }),
            ),
          });
          state.nextEpoch();
        }
        run.free();
        expect(state.root(), `state root of seed ${seed}`).to.equal(
          await oracle.root(),
        );
        state.close();
      }
    });
  }
});
