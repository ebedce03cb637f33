import type { Family, Generator } from "../generator.js";

/** Blocks, time, snapshots, the pool. */
export const MINING: Family = [
  [6, (g) => void g.step("evm_mine")],
  [1, crowd],
  [
    1,
    (g) =>
      void g.step("evm_mine", {
        $: "timestamp",
        // Not 0: the block after would be earlier than its parent on EDR.
        plus: g.random.chance(0.2) ? -1 : g.random.between(1, 100),
        decimal: g.random.chance(0.5),
      }),
  ],
  [4, (g) => void g.step("hardhat_mine", ...mineArguments(g))],
  [
    3,
    (g) =>
      void g.step(
        "evm_increaseTime",
        g.random.pick<unknown>([
          0,
          1,
          10,
          3600,
          "0x64",
          "100",
          g.random.below(1_000_000),
        ]),
      ),
  ],
  [
    3,
    (g) =>
      void g.step("evm_setNextBlockTimestamp", {
        $: "timestamp",
        plus: g.random.between(-1, 50),
        decimal: g.random.chance(0.7),
      }),
  ],
  [5, (g) => void g.snapshots.push(g.step("evm_snapshot"))],
  [4, revert],
  [2, toggleAutomine],
  [1.5, (g) => void g.step("hardhat_dropTransaction", g.transaction())],
  [1, setBlockGasLimit],
  [
    0.5,
    (g) =>
      void g.step(
        "evm_setIntervalMining",
        g.random.pick<unknown>([
          0,
          1_000_000_000,
          [2_000_000_000, 3_000_000_000],
          [5, 3],
        ]),
      ),
  ],
];

function mineArguments(g: Generator): unknown[] {
  return g.random.weighted<unknown[]>([
    [2, []],
    [4, [g.quantity(g.random.below(5))]],
    [
      3,
      [
        g.quantity(g.random.between(1, 5)),
        // Not 0, for the same reason.
        g.quantity(g.random.between(1, 100)),
      ],
    ],
    [0.5, [3, 12]],
  ]);
}

/** Many transactions in one block: enough that they are executed in parallel. */
function crowd(g: Generator): void {
  const { random } = g;
  if (g.plan.mining === "automine" || g.deployments.length === 0) {
    g.step("evm_mine");
    return;
  }
  const wasAutomining = g.automine;
  if (wasAutomining) {
    g.step("evm_setAutomine", false);
  }
  g.step("evm_mine");
  const count = random.between(40, 120);
  const sent = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    const target = random.chance(0.85)
      ? g.message()
      : { to: g.anyAddress(), data: "0x" };
    const from = g.account();
    const before = sent.get(from) ?? 0;
    sent.set(from, before + 1);
    g.transactions.push(
      g.step("eth_sendTransaction", {
        from,
        // Given, and not asked of the pending block: EDR would execute all of it for each of them.
        nonce: { $: "nonce", address: from, plus: before, block: "latest" },
        ...target,
        gas: g.quantity(random.pick([120_000, 300_000])),
        ...(random.chance(0.2) ? { value: g.value() } : {}),
        maxFeePerGas: { $: "fee", percent: 400, plus: 3_000_000_000 },
        maxPriorityFeePerGas: g.quantity(random.below(2_000_000_000)),
      }),
    );
  }
  g.step("evm_mine");
  g.extraLength += count;
  if (wasAutomining) {
    g.step("evm_mine");
    g.step("evm_setAutomine", true);
  }
}

function revert(g: Generator): void {
  if (g.snapshots.length === 0 || g.random.chance(0.05)) {
    g.step("evm_revert", g.quantity(g.random.below(20)));
    return;
  }
  const at = g.random.chance(0.7)
    ? g.snapshots.length - 1
    : g.random.below(g.snapshots.length);
  g.step("evm_revert", { $: "result", step: g.snapshots[at] });
  g.snapshots = g.snapshots.slice(0, at + (g.random.chance(0.1) ? 1 : 0));
}

function toggleAutomine(g: Generator): void {
  if (g.plan.mining === "mixed") {
    g.automine = !g.automine;
    g.step("evm_setAutomine", g.automine);
  } else if (g.plan.mining === "automine") {
    g.step("evm_setAutomine", true);
  }
}

function setBlockGasLimit(g: Generator): void {
  g.step(
    "evm_setBlockGasLimit",
    g.quantity(
      g.random.pick([60_000_000, 30_000_000, 2_000_000, 20_000_000, 0]),
    ),
  );
}
