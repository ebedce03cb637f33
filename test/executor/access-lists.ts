/** Block access lists (EIP-7928) against those of @ethereumjs/vm, on random transactions of every type. */
import type { Hex } from "../../src/internal/chain/types.js";
import type { AccessSet } from "../../src/internal/chain/types.js";

import { Hardfork } from "@ethereumjs/common";
import { RLP } from "@ethereumjs/rlp";
import { expect } from "chai";

import {
  buildBlockAccessList,
  encodeBlockAccessList,
} from "../../src/internal/chain/block-access-list.js";
import { getEngine } from "../../src/internal/evm/engine.js";
import { FIRST_INVALID } from "../../src/internal/evm/run-result.js";
import { Fork, hex, makeEnvironment } from "../helpers/blocks.js";
import {
  Oracle,
  prepareForOracle,
  RandomTransactions,
} from "../helpers/ethereumjs-oracle.js";
import { Random } from "../helpers/random.js";

const BLOCKS = Number(process.env.ORACLE_SEEDS ?? 10);
const TRANSACTIONS = 25;

/** With hex for bytes. */
function readable(rlp: Uint8Array): unknown {
  const show = (item: unknown): unknown =>
    Array.isArray(item) ? item.map(show) : hex(item as Uint8Array);
  return show(RLP.decode(rlp));
}

describe("block access lists against @ethereumjs/vm", function () {
  this.timeout(120_000);

  // Its Amsterdam is a later draft; access lists do not depend on what gas costs.
  it("agree", async () => {
    for (let seed = 0; seed < BLOCKS; seed++) {
      const environment = makeEnvironment({ fork: Fork.osaka, chainId: 1n });
      const state = getEngine().createState();
      prepareForOracle(state);
      const oracle = await Oracle.create(Hardfork.Osaka, [7928]);
      state.nextEpoch();
      const run = state.createRun(environment, { mode: "direct" });
      const generator = new RandomTransactions(
        new Random(`access lists ${seed}`),
        Fork.osaka,
        (of) => state.nonce(of as Hex),
      );
      const accessSets: AccessSet[] = [];
      while (accessSets.length < TRANSACTIONS) {
        const transaction = generator.next();
        const { status, accessSet } = run.execute(transaction, {
          record: true,
        });
        if (status >= FIRST_INVALID || accessSet === undefined) {
          continue;
        }
        accessSets.push(accessSet);
        oracle.beginAccessListIndex(accessSets.length);
        await oracle.run(transaction, environment);
        const list = encodeBlockAccessList(buildBlockAccessList(accessSets));
        expect(
          readable(list),
          `seed ${seed}, transaction ${accessSets.length}`,
        ).to.deep.equal(readable(oracle.accessList()));
      }
      run.free();
      state.close();
    }
  });
});
