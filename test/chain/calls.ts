import type { Chain } from "../../src/internal/chain/chain-interface.js";
import type {
  Address,
  CallRequest,
  Hex,
  StateOverride,
} from "../../src/internal/chain/types.js";

import { expect } from "chai";

import { ChainError } from "../../src/internal/chain/errors.js";
import { fromHex, toHash, toHex } from "../../src/internal/chain/hex.js";
import { assemble, initcodeFor } from "../helpers/assembler.js";
import {
  addressOf,
  ALICE,
  BOB,
  ETHER,
  request,
  testChain,
} from "./helpers/chain.js";

function callRequest(fields: Partial<CallRequest> = {}): CallRequest {
  return {
    from: ALICE,
    to: undefined,
    gas: undefined,
    gasPrice: undefined,
    maxFeePerGas: undefined,
    maxPriorityFeePerGas: undefined,
    value: 0n,
    data: new Uint8Array(0),
    accessList: undefined,
    authorizationList: undefined,
    ...fields,
  };
}

/** Returns what the given opcodes push, one word each. */
function returning(...opcodes: string[]): Hex {
  return assemble([
    ...opcodes.flatMap((name, i) => [name, i * 32, "MSTORE"]),
    opcodes.length * 32,
    0,
    "RETURN",
  ]) as Hex;
}

function words(output: Uint8Array): bigint[] {
  return Array.from({ length: output.length / 32 }, (_, i) =>
    BigInt(toHex(output.subarray(32 * i, 32 * i + 32))),
  );
}

describe("Calls", function () {
  const target = addressOf(1_000);
  let chain: Chain;

  beforeEach(function () {
    chain = testChain();
  });

  const run = (
    fields: Partial<CallRequest> = {},
    reference: Parameters<Chain["call"]>[1] = "latest",
  ): bigint[] =>
    words(
      chain.call(callRequest({ to: target, ...fields }), reference).result
        .output,
    );

  it("see the block they are made at", function () {
    chain.setCode(
      target,
      fromHex(
        returning(
          "NUMBER",
          "TIMESTAMP",
          "COINBASE",
          "PREVRANDAO",
          "GASLIMIT",
          "CHAINID",
          "BASEFEE",
          "BLOBBASEFEE",
        ),
      ),
    );
    chain.mineMany(3n, 5n);
    // The code belongs to block 0, where it was set, and so to all later ones.
    for (const reference of [0n, 1n, 3n, "latest", "pending"] as const) {
      const block = chain.requireBlock(reference);
      expect(run({}, reference)).to.deep.equal([
        block.number,
        block.timestamp,
        BigInt(block.miner),
        BigInt(block.header.mixHash),
        60_000_000n,
        31_337n,
        0n,
        1n,
      ]);
    }
  });

  it("see the hashes of the 256 blocks before", function () {
    const code = assemble([
      0,
      "CALLDATALOAD",
      "BLOCKHASH",
      0,
      "MSTORE",
      32,
      0,
      "RETURN",
    ]);
    chain.setCode(target, fromHex(code));
    chain.mineMany(300n, 1n);
    const hashOf = (number: bigint): bigint =>
      run({ data: fromHex(toHash(number)) })[0];
    for (const number of [44n, 45n, 150n, 299n]) {
      expect(hashOf(number)).to.equal(BigInt(chain.requireBlock(number).hash));
    }
    for (const number of [43n, 0n, 300n, 301n, 2n ** 255n]) {
      expect(hashOf(number)).to.equal(0n);
    }
  });

  it("cost nothing unless they say so, and are never short of money", function () {
    chain.setCode(
      target,
      fromHex(returning("GASPRICE", "CALLVALUE", "ORIGIN")),
    );
    expect(run()).to.deep.equal([0n, 0n, BigInt(ALICE)]);
    expect(run({ gasPrice: 5n })[0]).to.equal(5n);
    expect(run({ maxFeePerGas: 9n })[0]).to.equal(0n);
    expect(run({ maxFeePerGas: 9n, maxPriorityFeePerGas: 4n })[0]).to.equal(4n);
    const poor = addressOf(3);
    expect(
      run({ from: poor, value: ETHER, gasPrice: 10n ** 18n }),
    ).to.deep.equal([10n ** 18n, ETHER, BigInt(poor)]);
    expect(chain.balance(poor)).to.equal(0n);
  });

  it("return the code that a creation would deploy", function () {
    const runtime = returning("CALLER");
    const { result } = chain.call(
      callRequest({ data: fromHex(initcodeFor(runtime)) }),
    );
    expect(toHex(result.output)).to.equal(runtime);
  });

  it("have the default gas limit, and no more than the cap", function () {
    chain.setCode(target, fromHex(returning("GAS")));
    expect(run()[0]).to.equal(16_777_216n - 21_000n - 2n);
    expect(run({ gas: 100_000n })[0]).to.equal(100_000n - 21_002n);
    expect(() => run({ gas: 16_777_217n })).to.throw(
      ChainError,
      "transaction gas limit (16777217) is greater than the cap (16777216)",
    );
    expect(() => run({ gas: 20_000n })).to.throw(
      ChainError,
      "Transaction requires at least 21000 gas but got 20000",
    );
    expect(() => chain.call(callRequest())).to.throw(
      ChainError,
      "Contract creation without any data provided",
    );
  });

  it("leave nothing behind", function () {
    chain.setCode(target, fromHex(assemble([7, 0, "SSTORE"])));
    const { hash } = chain.latest;
    chain.call(callRequest({ to: target, value: 5n }));
    chain.call(callRequest({ to: target }), "pending");
    expect(chain.slot(target, toHash(0n))).to.equal(toHash(0n));
    expect(chain.balance(target)).to.equal(0n);
    expect(chain.latest.hash).to.equal(hash);
  });

  describe("with overrides", function () {
    const overrides = (
      override: StateOverride,
    ): ReadonlyMap<Address, StateOverride> => new Map([[target, override]]);

    beforeEach(function () {
      chain.setCode(
        target,
        fromHex(
          assemble([
            ...[0, 1].flatMap((i) => [i, "SLOAD", i * 32, "MSTORE"]),
            "SELFBALANCE",
            64,
            "MSTORE",
            96,
            0,
            "RETURN",
          ]),
        ),
      );
      chain.setStorageAt(target, toHash(0n), toHash(10n));
      chain.setStorageAt(target, toHash(1n), toHash(11n));
    });

    const runWith = (
      override: StateOverride,
      reference: "latest" | "pending" = "latest",
    ): bigint[] =>
      words(
        chain.call(callRequest({ to: target }), reference, overrides(override))
          .result.output,
      );

    for (const reference of ["latest", "pending"] as const) {
      it(`replace or patch storage, balance and code at ${reference}`, function () {
        const slots = new Map([[toHash(0n), toHash(99n)]]);
        expect(runWith({ stateDiff: slots }, reference)).to.deep.equal([
          99n,
          11n,
          0n,
        ]);
        expect(runWith({ state: slots }, reference)).to.deep.equal([
          99n,
          0n,
          0n,
        ]);
        expect(runWith({ balance: 5n }, reference)).to.deep.equal([
          10n,
          11n,
          5n,
        ]);
        const code = fromHex(returning("ADDRESS"));
        expect(runWith({ code }, reference)).to.deep.equal([BigInt(target)]);
        // The next call does not see them.
        expect(run({}, reference)).to.deep.equal([10n, 11n, 0n]);
      });
    }

    it("refuse both ways of changing storage at once", function () {
      expect(() =>
        runWith({ state: new Map(), stateDiff: new Map() }),
      ).to.throw(
        ChainError,
        "The properties 'state' and 'stateDiff' cannot be used simultaneously",
      );
    });

    it("give created contracts the address of the overridden nonce", function () {
      const nonce = new Map([[ALICE, { nonce: 7n }]]);
      const request = callRequest({
        data: fromHex(assemble(["ADDRESS", 0, "MSTORE", 32, 0, "RETURN"])),
      });
      const at = (map?: ReadonlyMap<Address, StateOverride>): string =>
        toHex(chain.call(request, "latest", map).result.output);
      expect(at(nonce)).not.to.equal(at());
      chain.setNonce(ALICE, 7n);
      expect(at(nonce)).to.equal(at());
    });
  });
});

describe("Reruns", function () {
  it("stand right before the transaction, whatever came since", function () {
    const chain = testChain();
    const counter = chain.sendTransaction(
      request({
        from: ALICE,
        data: fromHex(
          initcodeFor(
            assemble([
              0,
              "SLOAD",
              "DUP1",
              1,
              "ADD",
              0,
              "SSTORE",
              0,
              "MSTORE",
              32,
              0,
              "RETURN",
            ]),
          ),
        ),
      }),
    ).own?.result.createdAddress;
    chain.automine = false;
    const hashes = [ALICE, BOB, ALICE].map(
      (from) =>
        chain.sendTransaction(
          request({ from, to: counter, gas: 100_000n, gasPrice: 10n ** 10n }),
        ).hash,
    );
    chain.setStorageAt(counter ?? ALICE, toHash(0n), toHash(100n));
    const { executed } = chain.mine();
    chain.setStorageAt(counter ?? ALICE, toHash(0n), toHash(5_000n));
    chain.mine();
    expect(chain.slot(counter ?? ALICE, toHash(0n))).to.equal(toHash(5_000n));
    const seen = hashes.map((hash) =>
      chain.withTransactionRun(hash, (run, transaction, environment) => {
        expect(environment.number).to.equal(2n);
        return BigInt(toHex(run.execute(transaction).output));
      }),
    );
    expect([...seen].sort()).to.deep.equal([100n, 101n, 102n]);
    for (const { transaction, result } of executed) {
      expect(BigInt(toHex(result.output))).to.equal(
        seen[hashes.indexOf(transaction.hash)],
      );
    }
    expect(() => chain.withTransactionRun(toHash(1n), () => 0)).to.throw(
      ChainError,
      "Unable to find a block containing transaction",
    );
  });

  it("repeat calls, at the block they were made at", function () {
    const chain = testChain();
    const target = addressOf(1_000);
    chain.setCode(
      target,
      fromHex(assemble(["NUMBER", 0, "MSTORE", 32, 0, "REVERT"])),
    );
    for (const reference of ["latest", "pending"] as const) {
      const { rerun, result } = chain.call(
        callRequest({ to: target }),
        reference,
      );
      const again = chain.withRerun(rerun, (run, transaction) =>
        run.call(transaction, { asCall: true }),
      );
      expect(again.output).to.deep.equal(result.output);
      expect(again.status).to.equal(result.status);
    }
  });
});
