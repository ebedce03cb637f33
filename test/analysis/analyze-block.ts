import type {
  Dependency,
  RecordedTransaction,
} from "../../src/internal/analysis/types.js";
import type {
  AccountAccess,
  Address,
  Hash,
  SlotAccess,
} from "../../src/internal/chain/types.js";

import { expect } from "chai";
import fc from "fast-check";

import { analyzeBlock } from "../../src/internal/analysis/analyze-block.js";
import { findDependencies } from "../../src/internal/analysis/dependencies.js";
import {
  criticalPath,
  listSchedule,
} from "../../src/internal/analysis/schedule.js";
import { groupVirtualBlocks } from "../../src/internal/analysis/virtual-blocks.js";

const address = (n: number): Address => `0x${n.toString(16).padStart(40, "0")}`;
const hash = (n: number): Hash => `0x${n.toString(16).padStart(64, "0")}`;
const POOL = address(0x900);

/** A slot read and, when `to` is given, changed from `from` to `to`. */
function slot(key: number, from = 0, to?: number): SlotAccess {
  return {
    address: POOL,
    key: hash(key),
    before: hash(from),
    after: hash(to ?? from),
    read: true,
    written: to !== undefined,
  };
}

function account(
  of: Address,
  changes: Partial<AccountAccess> = {},
): AccountAccess {
  return {
    address: of,
    readsBalance: false,
    readsNonce: false,
    readsCode: false,
    balance: undefined,
    nonce: undefined,
    codeChanged: false,
    code: undefined,
    destructed: false,
    lazilyCredited: false,
    ...changes,
  };
}

function transaction(
  sender: number,
  slots: readonly SlotAccess[],
  options: { gas?: bigint; accounts?: readonly AccountAccess[] } = {},
): RecordedTransaction {
  const from = address(sender);
  return {
    hash: hash(sender),
    from,
    to: POOL,
    selector: "0x",
    gasUsed: options.gas ?? 100n,
    status: 1,
    accessSet: {
      preimages: [],
      slots,
      accounts: [
        account(from, {
          readsBalance: true,
          readsNonce: true,
          nonce: { before: 0n, after: 1n },
          balance: { before: 10n, after: 9n },
        }),
        ...(options.accounts ?? []),
      ],
    },
  };
}

const analyze = (transactions: RecordedTransaction[]) =>
  analyzeBlock({
    kind: "mined",
    number: 1n,
    transactions,
    execution: undefined,
    codes: new Map(),
  });

describe("analysis of a block", () => {
  it("finds no conflict between transactions on distinct slots", () => {
    const analysis = analyze([
      transaction(1, [slot(1, 0, 1)]),
      transaction(2, [slot(2, 0, 1)]),
    ]);
    expect(analysis.dependencies).to.deep.equal([]);
    expect(analysis.speedupBound).to.equal(2);
    expect(analysis.independent).to.equal(2);
  });

  it("makes a reader wait for the last writer before it, and for no other", () => {
    const [dependency, ...rest] = findDependencies([
      transaction(1, [slot(7, 0, 1)]),
      transaction(2, [{ ...slot(7, 1, 2), read: false }]),
      transaction(3, [slot(7, 2)]),
    ]);
    expect(rest).to.deep.equal([]);
    expect([dependency.from, dependency.to]).to.deep.equal([1, 2]);
    expect(dependency.cause).to.equal("slot");
  });

  it("does not let a writer wait for a reader or for another writer", () => {
    const blind = { ...slot(7, 0, 1), read: false };
    expect(
      findDependencies([
        transaction(1, [slot(7)]),
        transaction(2, [blind]),
        transaction(3, [{ ...blind, before: hash(1), after: hash(2) }]),
      ]),
    ).to.deep.equal([]);
  });

  it("sees no write in a slot that ends as it began", () => {
    const guard = slot(0, 1, 1);
    expect(
      findDependencies([transaction(1, [guard]), transaction(2, [guard])]),
    ).to.deep.equal([]);
  });

  it("tells same-sender chains from the contract's own conflicts", () => {
    const analysis = analyze([transaction(1, []), transaction(1, [])]);
    expect(analysis.dependencies.map(({ cause }) => cause)).to.deep.equal([
      "sender",
      "sender",
    ]);
    expect(analysis.conflictingPairs).to.equal(0);
    expect(analysis.speedupBound).to.equal(1);
    expect(analysis.speedupBoundWithoutSenders).to.equal(2);
  });

  it("ignores the fee recipient unless somebody reads it", () => {
    const recipient = account(address(0xfee), {
      balance: { before: 0n, after: 5n },
      lazilyCredited: true,
    });
    const credited = { accounts: [recipient] };
    const reader = { accounts: [{ ...recipient, readsBalance: true }] };
    const first = transaction(1, [], credited);
    expect(
      findDependencies([first, transaction(2, [], credited)]),
    ).to.deep.equal([]);
    expect(
      findDependencies([
        transaction(3, [], reader),
        transaction(2, [], reader),
      ]).map(({ cause }) => cause),
    ).to.deep.equal(["balance"]);
  });

  it("calls money that an earlier transaction sent to the sender funding", () => {
    const credit = account(address(2), {
      balance: { before: 0n, after: 10n },
    });
    const [dependency] = findDependencies([
      transaction(1, [], { accounts: [credit] }),
      transaction(2, []),
    ]);
    expect(dependency.cause).to.equal("funding");
  });

  it("ranks locations by the gas their removal takes off the critical path", () => {
    const analysis = analyze([
      transaction(1, [slot(1, 0, 1), slot(2, 0, 1)], { gas: 10n }),
      transaction(2, [slot(1, 1, 2)], { gas: 1_000n }),
      transaction(3, [slot(2, 1, 2)], { gas: 20n }),
      transaction(4, [slot(2, 2, 3)], { gas: 20n }),
    ]);
    expect(analysis.criticalPath).to.deep.equal({
      gas: 1_010n,
      transactions: [0, 1],
    });
    expect(
      analysis.hot.map(({ location, pathGasSaved, conflicts }) => [
        location.kind === "slot" && BigInt(location.key),
        pathGasSaved,
        conflicts,
      ]),
    ).to.deep.equal([
      [1n, 10n, 1],
      [2n, 0n, 2],
    ]);
  });

  it("handles an empty block", () => {
    const analysis = analyze([]);
    expect(analysis.speedupBound).to.equal(1);
    expect(analysis.criticalPath.transactions).to.deep.equal([]);
  });
});

describe("schedule", () => {
  const blocks = fc
    .array(fc.bigInt({ min: 1n, max: 1_000n }), {
      minLength: 1,
      maxLength: 20,
    })
    .chain((gas) =>
      fc
        .array(fc.tuple(fc.nat(gas.length - 1), fc.nat(gas.length - 1)))
        .map((pairs) => ({
          gas,
          dependencies: pairs
            .filter(([a, b]) => a !== b)
            .map(([a, b]): Dependency => ({
              from: Math.min(a, b),
              to: Math.max(a, b),
              location: { kind: "balance", address: POOL },
              cause: "balance",
            })),
        })),
    );

  it("respects dependencies and workers, and lies between the known bounds", () => {
    fc.assert(
      fc.property(
        blocks,
        fc.integer({ min: 1, max: 8 }),
        ({ gas, dependencies }, k) => {
          const { makespan, transactions } = listSchedule(gas, dependencies, k);
          for (const { from, to } of dependencies) {
            expect(transactions[to].start >= transactions[from].end).to.equal(
              true,
            );
          }
          for (const [i, a] of transactions.entries()) {
            for (const b of transactions.slice(0, i)) {
              const apart = a.start >= b.end || b.start >= a.end;
              expect(apart || a.worker !== b.worker).to.equal(true);
            }
          }
          const total = gas.reduce((sum, used) => sum + used, 0n);
          const path = criticalPath(gas, dependencies).gas;
          expect(makespan >= path && makespan * BigInt(k) >= total).to.equal(
            true,
          );
          // Graham: total/k + (1 - 1/k) * path
          expect(makespan * BigInt(k) <= total + BigInt(k - 1) * path).to.equal(
            true,
          );
        },
      ),
    );
  });

  it("takes as long as the sum on one worker, and as the path on enough", () => {
    fc.assert(
      fc.property(blocks, ({ gas, dependencies }) => {
        const total = gas.reduce((sum, used) => sum + used, 0n);
        expect(listSchedule(gas, dependencies, 1).makespan).to.equal(total);
        expect(listSchedule(gas, dependencies, gas.length).makespan).to.equal(
          criticalPath(gas, dependencies).gas,
        );
      }),
    );
  });
});

describe("virtual blocks", () => {
  const single = (n: number) =>
    ({
      kind: "block",
      block: {
        kind: "mined",
        number: BigInt(n),
        transactions: [transaction(n, [])],
        execution: undefined,
        codes: new Map(),
      },
    }) as const;

  it("groups single transactions between boundaries, up to the size", () => {
    const pair = {
      kind: "block",
      block: {
        ...single(9).block,
        transactions: [transaction(8, []), transaction(9, [])],
      },
    } as const;
    const events = [
      single(1),
      single(2),
      { kind: "boundary" } as const,
      single(3),
      pair,
      ...[4, 5, 6].map(single),
    ];
    expect(
      groupVirtualBlocks(events, 2).map(({ kind, number, transactions }) => [
        kind,
        number,
        transactions.length,
      ]),
    ).to.deep.equal([
      ["virtual", 1n, 2],
      ["virtual", 3n, 1],
      ["mined", 9n, 2],
      ["virtual", 4n, 2],
      ["virtual", 6n, 1],
    ]);
  });
});
