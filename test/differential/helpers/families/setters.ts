import type { Family, Generator } from "../generator.js";

/** hardhat_set* and their like. */
export const SETTERS: Family = [
  [3, setBalance],
  [
    1.5,
    (g) =>
      void g.step(
        "hardhat_setNonce",
        g.anyAddress(),
        g.quantity(g.random.pick([1, 5, 100, 1_000_000])),
      ),
  ],
  [3, setCode],
  [
    4,
    (g) =>
      void g.step(
        "hardhat_setStorageAt",
        g.contract(),
        g.quantity(g.random.below(6)),
        { $: "word", value: g.random.word() },
      ),
  ],
  [1, (g) => void g.step("hardhat_setCoinbase", g.anyAddress())],
  [1, (g) => void g.step("hardhat_setPrevRandao", g.random.hex(32))],
  [
    1.5,
    (g) =>
      void g.step(
        "hardhat_setNextBlockBaseFeePerGas",
        g.quantity(
          g.random.pick([0, 7, 1_000_000_000, 3_000_000_000, 50_000_000_000]),
        ),
      ),
  ],
  [0.3, (g) => void g.step("hardhat_setLoggingEnabled", false)],
];

function setBalance(g: Generator): void {
  const { random } = g;
  // A poor sender with pooled transactions keeps EDR from mining at all.
  const safe = g.plan.mining === "automine" ? g.anyAddress() : g.contract();
  g.step(
    "hardhat_setBalance",
    safe,
    random.pick([
      "0x0",
      "0x1",
      "0xde0b6b3a7640000",
      "0x21e19e0c9bab2400000",
      "0xffffffffffffffffffffffffffffffff",
    ]),
  );
}

function setCode(g: Generator): void {
  const { random } = g;
  const code = random.weighted<() => unknown>([
    [
      6,
      () => ({
        $: "code",
        program: g.program(1),
      }),
    ],
    [1, () => "0x"],
    [1, () => g.code(40)],
    [
      g.since("prague") ? 1 : 0,
      () => ({ $: "join", parts: ["0xef0100", g.contract()] }),
    ],
  ])();
  g.step(
    "hardhat_setCode",
    random.chance(0.6) ? g.contract() : g.anyAddress(),
    code,
  );
}
