/** Receipts' and transactions' tries from the core: by the encoding in TypeScript, and by @ethereumjs. */
import type { Hash, Hex } from "../../src/internal/chain/types.js";
import type { BlockRoots, RunResult } from "../../src/internal/evm/types.js";

import { createMPT } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { bytesToHex } from "@ethereumjs/util";
import { Bloom } from "@ethereumjs/vm";
import { expect } from "chai";
import fc from "fast-check";

import { addLogs, BLOOM_SIZE } from "../../src/internal/chain/logs-bloom.js";
import {
  encodeReceipt,
  ReceiptImplementation,
} from "../../src/internal/chain/receipts.js";
import { getEngine } from "../../src/internal/evm/engine.js";
import { SequentialExecutor } from "../../src/internal/executor/sequential.js";
import { Fork, hex } from "../helpers/blocks.js";
import { NAMED_WORKLOADS } from "../helpers/workloads/named.js";
import {
  losingHelpers,
  realHelpers,
  THREADS,
  withHelpers,
} from "./helpers/helping.js";
import {
  type MadeLog,
  type MadeReceipt,
  makeResults,
} from "./helpers/made-results.js";

const hexOf = (bytes: Uint8Array): Hex => hex(bytes);

const someBytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });

/** Some repeat, as they do in blocks. */
const address = fc.oneof(
  fc.constant<Hex>(`0x${"a1".repeat(20)}`),
  someBytes(20).map(hexOf),
);
const topic = fc.oneof(
  fc.constant<Hex>(`0x${"a1".repeat(20)}${"00".repeat(12)}`),
  someBytes(32).map(hexOf),
);

const log: fc.Arbitrary<MadeLog> = fc.record({
  address,
  topics: fc.array(topic, { maxLength: 4 }),
  data: fc
    .oneof(
      fc.uint8Array({ maxLength: 2 }),
      fc.uint8Array({ minLength: 50, maxLength: 60 }),
      fc.integer({ min: 250, max: 2_000 }).map((n) => new Uint8Array(n)),
    )
    .map(hexOf),
});

const receipt: fc.Arbitrary<MadeReceipt> = fc.record({
  type: fc.constantFrom(0, 1, 2, 3, 4),
  isOk: fc.boolean(),
  gasUsed: fc.oneof(
    fc.bigInt({ min: 0n, max: 300n }),
    fc.bigInt({ min: 21_000n, max: 2n ** 40n }),
  ),
  output: fc.integer({ min: 0, max: 70 }),
  logs: fc.array(log, { maxLength: 4 }),
});

/** An EIP-2718 envelope. */
function typed(type: number, body: Uint8Array): Uint8Array {
  return Uint8Array.from([type, ...body]);
}

/** What stands in for the transactions: their first byte tells the type. */
function envelopeOf({ type, output }: MadeReceipt): Uint8Array {
  const body = RLP.encode([new Uint8Array(output + 60), "0x01"]);
  return type === 0 ? body : typed(type, body);
}

function inTypeScript(
  receipts: readonly Pick<MadeReceipt, "type">[],
  envelopes: readonly Uint8Array[],
  results: readonly RunResult[],
  fork: number,
): BlockRoots {
  const engine = getEngine();
  const bloom = new Uint8Array(BLOOM_SIZE);
  let gas = 0n;
  const encoded = results.map((result, index) => {
    gas += result.gasUsed;
    addLogs(bloom, result.logs);
    const made = new ReceiptImplementation(result, gas);
    return encodeReceipt(made, receipts[index], fork);
  });
  return {
    receiptsRoot: engine.orderedTrieRoot(encoded),
    bloom,
    transactionsRoot: engine.orderedTrieRoot(envelopes),
  };
}

async function listRoot(items: readonly Uint8Array[]): Promise<Hash> {
  const trie = await createMPT();
  for (const [index, item] of items.entries()) {
    await trie.put(RLP.encode(index), item);
  }
  return bytesToHex(trie.root());
}

/** Independent of all that is ours. */
async function byEthereumjs(
  receipts: readonly MadeReceipt[],
  isTyped: boolean,
): Promise<BlockRoots> {
  const whole = new Bloom();
  let gas = 0n;
  const encoded = receipts.map(({ type, isOk, gasUsed, logs }) => {
    gas += gasUsed;
    const bloom = new Bloom();
    for (const { address: emitter, topics } of logs) {
      for (const item of [emitter, ...topics]) {
        bloom.add(Buffer.from(item.slice(2), "hex"));
      }
    }
    whole.or(bloom);
    const body = RLP.encode([
      isOk ? 1 : 0,
      gas,
      bloom.bitvector,
      logs.map((each) => [each.address, [...each.topics], each.data]),
    ]);
    return isTyped && type > 0 ? typed(type, body) : body;
  });
  return {
    receiptsRoot: await listRoot(encoded),
    bloom: Uint8Array.from(whole.bitvector),
    transactionsRoot: await listRoot(receipts.map(envelopeOf)),
  };
}

function rootsOf(
  receipts: readonly MadeReceipt[],
  { threads = 1, perStore = receipts.length, isTyped = true } = {},
): BlockRoots {
  return getEngine().blockRoots({
    results: makeResults(receipts, perStore),
    transactions: receipts.map(envelopeOf),
    isTyped,
    threads,
  });
}

function manyReceipts(count: number): MadeReceipt[] {
  const some = fc.sample(receipt, { numRuns: Math.min(count, 300), seed: 1 });
  return Array.from({ length: count }, (_, i) => some[(i * 7) % some.length]);
}

describe("roots of a block's lists", function () {
  this.timeout(120_000);

  it("are those of @ethereumjs, whatever the receipts, before and since Berlin", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(receipt, { minLength: 1, maxLength: 40 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 50 }),
        async (receipts, isTyped, perStore) => {
          expect(rootsOf(receipts, { isTyped, perStore })).to.deep.equal(
            await byEthereumjs(receipts, isTyped),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it("are those of the encoding in TypeScript for every count up to 300, and at the lengths of keys", () => {
    const some = manyReceipts(300);
    const all = Array.from({ length: 66_000 }, (_, i) => ({
      ...some[i % 300],
      logs: some[i % 300].logs.filter(({ data }) => data.length < 200),
    }));
    const counts = [...Array.from({ length: 300 }, (_, i) => i + 1), 66_000];
    for (const count of counts) {
      const receipts = all.slice(0, count);
      const results = makeResults(receipts, count);
      expect(rootsOf(receipts), `${count} receipts`).to.deep.equal(
        inTypeScript(receipts, receipts.map(envelopeOf), results, Fork.osaka),
      );
    }
  });

  for (const threads of THREADS) {
    it(`are the same by ${threads} threads`, async () => {
      const helpers = await realHelpers();
      for (const count of [1, 63, 64, 129, 1_000, 5_000]) {
        const receipts = manyReceipts(count);
        const expected = withHelpers(undefined, () => rootsOf(receipts));
        withHelpers(helpers, () => {
          for (let i = 0; i < 5; i++) {
            expect(rootsOf(receipts, { threads })).to.deep.equal(expected);
          }
        });
      }
      expect(helpers.jobs).to.equal(threads > 1 ? 20 : 0);
    });
  }

  for (const isLeft of [true, false]) {
    it(`do without threads that ${isLeft ? "died" : "do not come back"}`, () => {
      for (const share of [0.01, 0.4, 0.9, 1]) {
        const receipts = manyReceipts(700);
        const helpers = losingHelpers(share, isLeft);
        withHelpers(helpers, () => {
          expect(rootsOf(receipts, { threads: 2 })).to.deep.equal(
            rootsOf(receipts),
          );
        });
        expect(helpers.lost).to.be.greaterThan(0);
        helpers.release();
      }
    });
  }

  for (const { name, make } of NAMED_WORKLOADS) {
    it(`are those of what was executed: ${name}`, () => {
      const { prepare, environment, transactions, onInvalid } = make(150);
      const state = getEngine().createState();
      prepare(state);
      const { results, included } = new SequentialExecutor().executeBlock(
        state,
        environment,
        transactions,
        { onInvalid: onInvalid ?? "skip-sender", target: "direct" },
      );
      state.close();
      const types = included.map((index) => transactions[index]);
      const envelopes = types.map(({ type, data }) =>
        type === 0 ? RLP.encode([data]) : typed(type, data),
      );
      expect(
        getEngine().blockRoots({
          results,
          transactions: envelopes,
          isTyped: true,
          threads: 1,
        }),
      ).to.deep.equal(inTypeScript(types, envelopes, results, Fork.osaka));
    });
  }
});
