import type { EthereumProvider } from "hardhat/types/providers";
import type { Chain } from "../../src/internal/chain/chain-interface.js";
import type { Block, Hash } from "../../src/internal/chain/types.js";
import type { Step } from "./helpers/compare.js";
import type { Pair } from "./helpers/pair.js";

import { expect } from "chai";

import { FilterRegistry } from "../../src/internal/provider/filters.js";
import { assemble } from "../helpers/assembler.js";
import { compare, compareAll } from "./helpers/compare.js";
import { openPair } from "./helpers/pair.js";

const A = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const B = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const C = "0x00000000000000000000000000000000000c0de0";
const TOPIC = `0x${"bb".padStart(64, "0")}`;
const LOGGER = assemble([0xbb, 0, 0, "LOG1", 0xcc, 0, 0, "LOG1", "STOP"]);

const transfer = { from: A, to: B, gas: "0x10000" };
const emit = { from: A, to: C, gas: "0x10000" };

/** Everything a provider emits, as one list. */
function record(provider: EthereumProvider): unknown[] {
  const events: unknown[] = [];
  for (const name of ["notification", "message"]) {
    provider.on(name, (payload: unknown) => events.push([name, payload]));
  }
  return events;
}

/** EDR's events may arrive a little late. */
async function settled(events: unknown[], count: number): Promise<unknown[]> {
  const deadline = Date.now() + 500;
  while (events.length < count && Date.now() < deadline) {
    await new Promise((done) => setTimeout(done, 2));
  }
  return events.splice(0);
}

describe("filters and subscriptions", () => {
  let pair: Pair;

  const all = (steps: readonly Step[]): Promise<void> =>
    compareAll(pair, steps);

  beforeEach(async () => {
    pair = await openPair();
    await all([["hardhat_setCode", C, LOGGER]]);
  });

  afterEach(async () => {
    await pair.close();
  });

  it("tell what happened since they were asked last", async () => {
    await all([
      ["eth_newBlockFilter"],
      ["eth_newPendingTransactionFilter"],
      ["eth_newFilter", { topics: [TOPIC] }],
      ["eth_newFilter", { fromBlock: "0x2", toBlock: "0x3" }],
      ["eth_newFilter", { address: B }],
    ]);
    const poll: Step[] = [1, 2, 3, 4, 5, 6].map((id) => [
      "eth_getFilterChanges",
      id,
    ]);
    await all([
      ...poll,
      ["eth_sendTransaction", emit],
      ...poll,
      ["eth_sendTransaction", emit],
      ["eth_sendTransaction", transfer],
      ["evm_mine"],
      ["eth_sendTransaction", emit],
      ...poll,
      ...poll,
    ]);
  });

  it("on logs begin with what matches already", async () => {
    await all([
      ["eth_sendTransaction", emit],
      ["eth_newFilter", {}],
      ["eth_newFilter", { fromBlock: "0x0" }],
      ["eth_getFilterLogs", 1],
      ["eth_getFilterLogs", 1],
      ["eth_getFilterChanges", 2],
      ["eth_getFilterLogs", 2],
    ]);
  });

  it("are told apart by kind and id", async () => {
    await all([
      ["eth_newBlockFilter"],
      ["eth_newPendingTransactionFilter"],
      ["eth_subscribe", "newHeads"],
      ["eth_getFilterLogs", 1],
      ["eth_getFilterLogs", 2],
      ["eth_getFilterLogs", 3],
      ["eth_getFilterLogs", 99],
      ["eth_getFilterChanges", 3],
      ["eth_unsubscribe", 1],
      ["eth_uninstallFilter", 3],
      ["eth_uninstallFilter", 1],
      ["eth_uninstallFilter", 1],
      ["eth_unsubscribe", 3],
      ["eth_getFilterChanges", 1],
      ["eth_subscribe", "logs"],
      ["eth_subscribe", "nothing"],
      ["eth_newFilter", { blockHash: TOPIC }],
    ]);
  });

  it("keep hashes of blocks that were reverted", async () => {
    await all([
      ["eth_newBlockFilter"],
      ["evm_snapshot"],
      ["evm_mine"],
      ["evm_revert", 1],
      ["eth_getFilterChanges", 1],
    ]);
  });

  it("push to listeners before the request resolves", async () => {
    const edr = record(pair.edr);
    const ours = record(pair.ours);
    for (const subscription of [
      ["newHeads"],
      ["newPendingTransactions"],
      ["logs", { address: C }],
    ]) {
      for (const step of [
        ["eth_subscribe", ...subscription],
        ["eth_sendTransaction", emit],
        ["eth_sendTransaction", transfer],
        ["evm_setAutomine", false],
        ["eth_sendTransaction", transfer],
        ["evm_mine"],
        ["evm_setAutomine", true],
      ] as unknown as Step[]) {
        const id = await compare(pair, step);
        const count = ours.length;
        expect(ours.splice(0), JSON.stringify(step)).to.deep.equal(
          await settled(edr, count),
        );
        if (step[0] === "eth_subscribe") {
          expect(id).to.match(/^0x[1-3]$/);
        }
      }
      const last =
        subscription[0] === "newHeads" ? 1 : subscription[0] === "logs" ? 3 : 2;
      await all([["eth_unsubscribe", last]]);
    }
  });

  it("push nothing after close", async () => {
    const events = record(pair.ours);
    await pair.ours.request({ method: "eth_subscribe", params: ["newHeads"] });
    await pair.ours.request({ method: "evm_setIntervalMining", params: [20] });
    await pair.ours.close();
    events.length = 0;
    await new Promise((done) => setTimeout(done, 80));
    expect(events).to.deep.equal([]);
  });

  it("push blocks of the interval timer", async () => {
    const events = record(pair.ours);
    await pair.ours.request({ method: "eth_subscribe", params: ["newHeads"] });
    await pair.ours.request({ method: "evm_setIntervalMining", params: [20] });
    await settled(events, 4).then((seen) => {
      expect(seen).to.have.length.of.at.least(4);
    });
  });
});

describe("filters nobody polls", () => {
  it("are dropped after five minutes, subscriptions are not", () => {
    let now = 0;
    const block: Partial<Block> = { number: 1n, hash: TOPIC as Hash };
    const chain: Partial<Chain> = { latest: block as Block, latestNumber: 1n };
    const heads: bigint[] = [];
    const filters = new FilterRegistry(
      chain as Chain,
      (id) => heads.push(id),
      () => {
        const head: unknown = {};
        return head as never;
      },
      () => now,
    );
    const dropped = filters.addBlocks(false);
    const polled = filters.addBlocks(false);
    const subscription = filters.addBlocks(true);
    now = 4 * 60_000;
    expect(filters.changes(polled)).to.have.lengthOf(1);
    now = 5 * 60_000 + 1;
    filters.onBlock(block as Block);
    expect(filters.changes(dropped)).to.equal(undefined);
    expect(filters.changes(polled)).to.have.lengthOf(1);
    expect(filters.unsubscribe(subscription)).to.equal(true);
    expect(heads).to.deep.equal([subscription]);
  });
});
