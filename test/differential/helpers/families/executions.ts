import type { Family, Generator } from "../generator.js";

/** Executions that leave nothing behind: calls, estimates, traces. */
export const EXECUTIONS: Family = [
  [
    14,
    (g) =>
      void g.step(
        "eth_call",
        callObject(g),
        ...(g.random.chance(0.8) ? [g.blockSpec()] : []),
      ),
  ],
  [
    3,
    (g) => void g.step("eth_call", callObject(g), g.blockSpec(), overrides(g)),
  ],
  [
    2,
    (g) =>
      void g.step(
        "eth_call",
        { from: g.account(), data: g.initcode().data },
        "latest",
      ),
  ],
  [
    8,
    (g) =>
      void g.step(
        "eth_estimateGas",
        callObject(g),
        ...(g.random.chance(0.3) ? [g.blockSpec()] : []),
      ),
  ],
  [
    2,
    (g) =>
      void g.step("eth_estimateGas", {
        from: g.account(),
        data: g.initcode().data,
      }),
  ],
  [
    1,
    (g) =>
      void g.step("eth_estimateGas", {
        from: g.account(),
        to: g.account(),
        value: g.value(),
      }),
  ],
  [
    1,
    (g) =>
      void g.step(
        "debug_traceTransaction",
        g.transaction(),
        ...traceOptions(g),
      ),
  ],
  [
    0.7,
    (g) =>
      void g.step(
        "debug_traceCall",
        callObject(g),
        "latest",
        ...traceOptions(g),
      ),
  ],
];

function callObject(g: Generator): Record<string, unknown> {
  const { random } = g;
  const { to, data } = g.message();
  return {
    ...(random.chance(0.8)
      ? { from: random.chance(0.8) ? g.account() : g.anyAddress() }
      : {}),
    to,
    [random.chance(0.8) ? "data" : "input"]: data,
    ...(random.chance(0.15) ? { value: g.value() } : {}),
    ...(random.chance(0.2)
      ? {
          gas: g.quantity(
            random.pick([
              30_000,
              100_000,
              1_000_000,
              16_777_216,
              16_777_217,
              20_000,
              // What is above the cap pays for new state.
              ...(g.since("amsterdam") ? [17_000_000, 18_000_000] : []),
            ]),
          ),
        }
      : {}),
    ...(random.chance(0.1)
      ? { gasPrice: { $: "fee", percent: random.pick([50, 100, 200]) } }
      : {}),
    ...(random.chance(0.05)
      ? {
          maxFeePerGas: { $: "fee", percent: 200 },
          maxPriorityFeePerGas: "0x1",
        }
      : {}),
    ...(random.chance(0.05) && g.since("berlin")
      ? {
          accessList: [
            { address: g.anyAddress(), storageKeys: [{ $: "word", value: 1 }] },
          ],
        }
      : {}),
  };
}

function overrides(g: Generator): unknown {
  const { random } = g;
  const entries = Array.from({ length: random.between(1, 2) }, () => ({
    key: random.chance(0.7) ? g.contract() : g.anyAddress(),
    value: {
      ...(random.chance(0.3) ? { balance: g.value() } : {}),
      ...(random.chance(0.2) ? { nonce: g.quantity(random.below(10)) } : {}),
      ...(random.chance(0.3)
        ? {
            code: {
              $: "code",
              program: g.program(1),
            },
          }
        : {}),
      ...(random.chance(0.5)
        ? {
            [random.chance(0.5) ? "state" : "stateDiff"]: {
              [`0x${random.below(4).toString(16).padStart(64, "0")}`]: {
                $: "word",
                value: random.word(),
              },
            },
          }
        : {}),
    },
  }));
  return { $: "entries", entries };
}

function traceOptions(g: Generator): unknown[] {
  return g.random.weighted<unknown[]>([
    [3, []],
    [
      2,
      [
        {
          disableStorage: g.random.chance(0.5),
          disableStack: g.random.chance(0.5),
          enableMemory: g.random.chance(0.5),
          enableReturnData: g.random.chance(0.5),
        },
      ],
    ],
    [1, [{ tracer: "callTracer" }]],
    [1, [{ tracer: "callTracer", tracerConfig: { withLog: true } }]],
    [0.5, [{ tracer: "callTracer", tracerConfig: { onlyTopCall: true } }]],
    [1, [{ tracer: "prestateTracer" }]],
    [0.5, [{ tracer: "prestateTracer", tracerConfig: { diffMode: true } }]],
    [0.5, [{ tracer: "flatCallTracer" }]],
    [0.5, [{ tracer: "4byteTracer" }]],
    [0.2, [{ tracer: "noopTracer" }]],
  ]);
}
