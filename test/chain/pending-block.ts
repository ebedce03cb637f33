import type { Chain } from "../../src/internal/chain/chain-interface.js";
import type { Address, Hash } from "../../src/internal/chain/types.js";

import { expect } from "chai";
import fc from "fast-check";

import { fromHex, toHash } from "../../src/internal/chain/hex.js";
import { assemble, initcodeFor } from "../helpers/assembler.js";
import {
  addressOf,
  ALICE,
  BOB,
  CAROL,
  DAVE,
  ETHER,
  request,
  START,
  testChain,
} from "./helpers/chain.js";

const GWEI = 10n ** 9n;
const SENDERS = [ALICE, BOB, CAROL, DAVE];

/** Counts its calls in slot 0 and remembers the last value sent in slot 1. */
const COUNTER = initcodeFor(
  assemble([0, "SLOAD", 1, "ADD", 0, "SSTORE", "CALLVALUE", 1, "SSTORE"]),
);

describe("Pending block", function () {
  let chain: Chain;
  let counter: Address;

  function setUp(): void {
    chain = testChain();
    const { own } = chain.sendTransaction(
      request({ from: ALICE, data: fromHex(COUNTER) }),
    );
    counter = own?.result.createdAddress ?? addressOf(0);
    chain.automine = false;
  }

  beforeEach(setUp);

  function send(from: Address, tip = 1n, value = 0n): Hash {
    return chain.sendTransaction(
      request({
        from,
        to: counter,
        value,
        gas: 100_000n,
        maxFeePerGas: 100n * GWEI,
        maxPriorityFeePerGas: tip,
      }),
    ).hash;
  }

  const count = (): bigint =>
    BigInt(chain.slot(counter, toHash(0n), "pending"));

  it("is what is then mined in the same second", function () {
    send(ALICE, 3n, 5n);
    send(BOB, 7n, 6n);
    const pending = chain.pendingBlock();
    const { hash, size, header } = pending;
    expect(pending.isPending).to.equal(true);
    expect(chain.latestNumber).to.equal(1n);
    const { block } = chain.mine();
    expect(block.header).to.deep.equal(header);
    expect(block.hash).to.equal(hash);
    expect(block.size).to.equal(size);
  });

  it("shows balances, nonces, code and storage as they will be", function () {
    const before = chain.balance(counter, "pending");
    send(BOB, 1n, ETHER);
    expect(chain.balance(counter, "pending")).to.equal(before + ETHER);
    expect(chain.balance(counter)).to.equal(before);
    expect(chain.nonce(BOB, "pending")).to.equal(1n);
    expect(chain.nonce(BOB)).to.equal(0n);
    expect(chain.slot(counter, toHash(1n), "pending")).to.equal(toHash(ETHER));
    const { own, transaction } = chain.sendTransaction(
      request({ from: BOB, data: fromHex(COUNTER), gas: 200_000n }),
    );
    expect(own).to.equal(undefined);
    expect(transaction.nonce).to.equal(1n);
    expect(chain.code(counter, "pending")).to.deep.equal(chain.code(counter));
  });

  it("proves its state without leaving a trace", function () {
    send(BOB, 1n, ETHER);
    const root = chain.latest.header.stateRoot;
    const proof = chain.proof(counter, [toHash(1n)], "pending");
    expect(proof.balance).to.equal(ETHER);
    expect(proof.storageProof[0].value).to.equal(toHash(ETHER));
    expect(chain.balance(counter)).to.equal(0n);
    const { block } = chain.mine();
    expect(block.header.stateRoot).not.to.equal(root);
    expect(
      chain.proof(counter, [toHash(1n)], "latest").storageProof,
    ).to.deep.equal(proof.storageProof);
  });

  it("keeps up when transactions are queued, replaced, dropped, or sort first", function () {
    send(ALICE, 5n);
    expect(count()).to.equal(1n);
    const last = send(BOB, 4n);
    expect(count()).to.equal(2n);
    send(CAROL, 9n, 33n);
    expect(count()).to.equal(3n);
    // Bob's is still the last one.
    expect(chain.slot(counter, toHash(1n), "pending")).to.equal(toHash(0n));
    chain.dropTransaction(last);
    expect(count()).to.equal(2n);
    send(DAVE, 1n, 44n);
    expect(count()).to.equal(3n);
    expect(chain.slot(counter, toHash(1n), "pending")).to.equal(toHash(44n));
    expect(
      chain.pendingBlock().transactions.map(({ from }) => from),
    ).to.deep.equal([CAROL, ALICE, DAVE]);
  });

  it("sees setters, time and mined blocks", function () {
    send(ALICE);
    expect(count()).to.equal(1n);
    chain.setStorageAt(counter, toHash(0n), toHash(100n));
    expect(count()).to.equal(101n);
    chain.increaseTime(50n);
    expect(chain.pendingBlock().timestamp).to.equal(START + 51n);
    chain.mine();
    expect(count()).to.equal(101n);
    expect(chain.pendingBlock().transactions).to.deep.equal([]);
  });

  it("leaves out what does not fit, with all that follows it from the sender", function () {
    chain.setBlockGasLimit(130_000n);
    send(ALICE, 9n);
    send(BOB, 8n);
    send(BOB, 7n);
    expect(count()).to.equal(1n);
    // What was used of the limit counts, not what was allowed: Bob's 100,000 do not fit after Alice's use.
    expect(chain.nonce(BOB, "pending")).to.equal(0n);
    expect(chain.nonce(ALICE, "pending")).to.equal(2n);
  });

  it("knows nonces without executing anything, when nothing can be left out", function () {
    for (let i = 0n; i < 20n; i++) {
      send(ALICE);
      expect(chain.nonce(ALICE, "pending")).to.equal(i + 2n);
      expect(chain.nonce(BOB, "pending")).to.equal(0n);
    }
  });

  it("is the same whether kept up or made at once", function () {
    const step = fc.record({
      sender: fc.nat(SENDERS.length - 1),
      tip: fc.bigInt(1n, 5n),
      value: fc.bigInt(0n, 9n),
      look: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        setUp();
        for (const { sender, tip, value, look } of steps) {
          send(SENDERS[sender], tip, value);
          if (look) {
            count();
          }
        }
        const kept = chain.pendingBlock();
        const keptHash = kept.hash;
        // A new second and back: the block is made anew.
        chain.increaseTime(1n);
        chain.pendingBlock();
        chain.increaseTime(-1n);
        expect(chain.pendingBlock()).not.to.equal(kept);
        expect(chain.pendingBlock().hash).to.equal(keptHash);
        expect(chain.mine().block.hash).to.equal(keptHash);
        chain.close();
      }),
      { numRuns: 30 },
    );
  });
});
