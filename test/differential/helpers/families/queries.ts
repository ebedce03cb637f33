import type { Family, Generator } from "../generator.js";

/** Reads of state, blocks, transactions, logs, filters and fees. */
export const QUERIES: Family = [
  [5, (g) => void g.step("eth_getBalance", g.anyAddress(), ...spec(g))],
  [
    3,
    (g) => void g.step("eth_getTransactionCount", g.anyAddress(), ...spec(g)),
  ],
  [3, (g) => void g.step("eth_getCode", g.anyAddress(), ...spec(g))],
  [
    5,
    (g) => void g.step("eth_getStorageAt", g.contract(), slot(g), ...spec(g)),
  ],
  [
    2,
    (g) => void g.step("eth_getProof", g.anyAddress(), keys(g), g.blockSpec()),
  ],
  [
    4,
    (g) => void g.step("eth_getBlockByNumber", number(g), g.random.chance(0.6)),
  ],
  [
    2,
    (g) =>
      void g.step(
        "eth_getBlockByHash",
        { $: "blockHash", back: g.random.below(5) },
        g.random.chance(0.5),
      ),
  ],
  [1, (g) => void g.step("eth_getBlockTransactionCountByNumber", number(g))],
  [
    1,
    (g) =>
      void g.step("eth_getBlockTransactionCountByHash", {
        $: "blockHash",
        back: g.random.below(5),
      }),
  ],
  [3, (g) => void g.step("eth_getTransactionByHash", g.transaction())],
  [3, (g) => void g.step("eth_getTransactionReceipt", g.transaction())],
  [
    1,
    (g) =>
      void g.step(
        "eth_getTransactionByBlockNumberAndIndex",
        number(g),
        g.quantity(g.random.below(3)),
      ),
  ],
  [
    1,
    (g) =>
      void g.step(
        "eth_getTransactionByBlockHashAndIndex",
        { $: "blockHash", back: g.random.below(5) },
        g.quantity(g.random.below(3)),
      ),
  ],
  [2, (g) => void g.step("eth_pendingTransactions")],
  [5, (g) => void g.step("eth_getLogs", logFilter(g))],
  [1.5, (g) => void g.filters.push(g.step("eth_newFilter", logFilter(g)))],
  [1, (g) => void g.filters.push(g.step("eth_newBlockFilter"))],
  [1, (g) => void g.filters.push(g.step("eth_newPendingTransactionFilter"))],
  [4, (g) => void g.step("eth_getFilterChanges", filter(g))],
  [1, (g) => void g.step("eth_getFilterLogs", filter(g))],
  [0.5, (g) => void g.step("eth_uninstallFilter", filter(g))],
  [1, subscribe],
  [0.4, (g) => void g.step("eth_unsubscribe", filter(g))],
  [3, feeHistory],
  [
    1.5,
    (g) =>
      void g.step(
        g.random.pick([
          "eth_gasPrice",
          "eth_maxPriorityFeePerGas",
          "eth_blobBaseFee",
          "eth_blockNumber",
          "eth_chainId",
          "eth_coinbase",
          "net_version",
          "eth_syncing",
          "eth_accounts",
          "hardhat_getAutomine",
          "web3_clientVersion",
          "net_listening",
          "eth_mining",
        ]),
      ),
  ],
  [0.5, (g) => void g.step("web3_sha3", g.random.hex(g.random.below(100)))],
  [
    0.5,
    (g) =>
      void g.step(
        "eth_sign",
        g.random.chance(0.8) ? g.account() : g.anyAddress(),
        g.random.hex(g.random.below(50)),
      ),
  ],
  [
    0.3,
    (g) =>
      void g.step(
        "personal_sign",
        g.random.hex(g.random.below(50)),
        g.account(),
      ),
  ],
  [0.3, typedData],
];

function spec(g: Generator): unknown[] {
  return g.random.chance(0.85) ? [g.blockSpec()] : [];
}

function number(g: Generator): unknown {
  return g.random.weighted<unknown>([
    [4, "latest"],
    [2, "pending"],
    [1, "earliest"],
    [1, "safe"],
    [6, { $: "blockNumber", back: g.random.below(6) }],
    [1, { $: "blockNumber", back: -2 }],
  ]);
}

function slot(g: Generator): unknown {
  return g.random.weighted<unknown>([
    [8, g.quantity(g.random.below(8))],
    [1, { $: "word", value: g.random.below(4) }],
    [1, g.random.hex(32)],
    [0.5, "3"],
  ]);
}

function keys(g: Generator): unknown[] {
  return Array.from({ length: g.random.below(4) }, () => ({
    $: "word",
    value: g.random.below(6),
  }));
}

function logFilter(g: Generator): Record<string, unknown> {
  const { random } = g;
  const topic = (): unknown =>
    random.weighted<unknown>([
      [3, null],
      [3, { $: "word", value: random.below(3) }],
      [
        1,
        [
          { $: "word", value: 0 },
          { $: "word", value: random.word() },
        ],
      ],
      [0.5, []],
    ]);
  const range = random.weighted<() => Record<string, unknown>>([
    [3, () => ({})],
    [
      5,
      () => ({
        fromBlock: random.chance(0.5) ? "earliest" : "0x0",
        ...(random.chance(0.5) ? { toBlock: "latest" } : {}),
      }),
    ],
    [3, () => ({ fromBlock: number(g), toBlock: number(g) })],
    [1, () => ({ blockHash: { $: "blockHash", back: random.below(4) } })],
    [0.3, () => ({ blockHash: { $: "blockHash", back: 0 }, fromBlock: "0x0" })],
    [0.3, () => ({ blockHash: random.hex(32) })],
  ])();
  return {
    ...range,
    ...(random.chance(0.3)
      ? {
          address: random.chance(0.7)
            ? g.contract()
            : [g.contract(), g.contract()],
        }
      : {}),
    ...(random.chance(0.3)
      ? { topics: Array.from({ length: random.below(4) }, topic) }
      : {}),
  };
}

function filter(g: Generator): unknown {
  return g.filters.length > 0 && g.random.chance(0.95)
    ? { $: "result", step: g.random.pick(g.filters) }
    : g.quantity(g.random.below(40));
}

function subscribe(g: Generator): void {
  const kind = g.random.pick(["newHeads", "newPendingTransactions", "logs"]);
  g.filters.push(
    kind === "logs"
      ? g.step("eth_subscribe", kind, logFilter(g))
      : g.step("eth_subscribe", kind),
  );
}

function feeHistory(g: Generator): void {
  const percentiles = g.random.weighted<unknown>([
    [3, []],
    [4, [g.random.below(100)]],
    [2, [0, 25, 50, 99.9]],
    [0.3, [50, 20]],
    [0.3, [101]],
  ]);
  const count = g.random.weighted([
    [8, g.random.between(1, 8)],
    [0.5, 0],
    [0.5, 1025],
    [0.5, 1024],
  ]);
  g.step(
    "eth_feeHistory",
    g.quantity(count),
    g.random.chance(0.5) ? "latest" : g.blockSpec(),
    percentiles,
  );
}

function typedData(g: Generator): void {
  g.step("eth_signTypedData_v4", g.account(), {
    types: {
      EIP712Domain: [
        { name: "name", type: "string" },
        { name: "chainId", type: "uint256" },
      ],
      Mail: [
        { name: "to", type: "address" },
        { name: "contents", type: "string" },
        { name: "n", type: "uint256[]" },
      ],
    },
    primaryType: "Mail",
    domain: { name: "Test", chainId: g.plan.chainId },
    message: {
      to: g.account(),
      contents: "hello",
      n: [1, "2", g.random.word()],
    },
  });
}
