import type { Family, Generator } from "../generator.js";

/** Requests that are refused: an earlier step with something broken about it, and unknown methods. */
export const MALFORMED: Family = [
  [3, mutate],
  [
    0.5,
    (g) =>
      void g.step(
        g.random.pick([
          "eth_foo",
          "eth_createAccessList",
          "hardhat_reset",
          "anvil_mine",
          "eth_getBlockReceipts",
          "debug_traceBlock",
          "txpool_content",
          "evm_foo",
        ]),
        1,
        "0x2",
      ),
  ],
  [0.3, (g) => void g.stepWith("eth_getBalance", { address: g.account() })],
  [
    0.3,
    (g) =>
      void g.stepWith(
        g.random.pick([
          "eth_chainId",
          "evm_snapshot",
          "eth_getBalance",
          "eth_call",
          "eth_sendTransaction",
        ]),
        undefined,
      ),
  ],
];

/** Requests that EDR survives any damage to. `hardhat_setCode` with a malformed delegation aborts the process. */
const UNTOUCHED: readonly string[] = [
  "hardhat_setCode",
  "evm_setIntervalMining",
  "hardhat_mine",
  "evm_setAutomine",
  "hardhat_setLoggingEnabled",
];

/** With a pool, a fee or base fee out of bounds leaves a transaction there on which EDR's automine never ends. */
const UNTOUCHED_WITH_POOL: readonly string[] = [
  "eth_sendTransaction",
  "hardhat_setNextBlockBaseFeePerGas",
  "hardhat_setBalance",
];

function mutate(g: Generator): void {
  const untouched =
    g.plan.mining === "automine"
      ? UNTOUCHED
      : [...UNTOUCHED, ...UNTOUCHED_WITH_POOL];
  const candidates = g.steps.filter(
    ({ method, params }) =>
      Array.isArray(params) && params.length > 0 && !untouched.includes(method),
  );
  if (candidates.length === 0) {
    return;
  }
  const { method, params } = g.random.pick(candidates);
  const broken = structuredClone(params) as unknown[];
  g.random.weighted<() => void>([
    [1, () => void broken.pop()],
    [1, () => void broken.push(junk(g))],
    [4, () => void (broken[g.random.below(broken.length)] = junk(g))],
    [4, () => damageField(g, broken)],
  ])();
  g.stepWith(method, broken);
}

function damageField(g: Generator, params: unknown[]): void {
  const objects = params.filter(
    (p): p is Record<string, unknown> =>
      typeof p === "object" && p !== null && !("$" in p) && !Array.isArray(p),
  );
  const object = objects[0];
  const keys = Object.keys(object ?? {});
  if (object === undefined || keys.length === 0) {
    params[0] = junk(g);
    return;
  }
  if (g.random.chance(0.2)) {
    object.unknownField = junk(g);
  } else {
    object[g.random.pick(keys)] = junk(g);
  }
}

function junk(g: Generator): unknown {
  const { random } = g;
  return random.pick<unknown>([
    null,
    true,
    0,
    1,
    -1,
    1.5,
    "",
    "0x",
    "0x0",
    "0x00",
    "0xg",
    "abc",
    "1",
    "latest",
    "foo",
    "0x123",
    "-0x1",
    "0X1",
    "0x01",
    "0x10000000000000000",
    `0x${"f".repeat(64)}`,
    `0x1${"0".repeat(64)}`,
    `0x${"0".repeat(39)}`,
    `0x${"0".repeat(41)}`,
    [],
    [1],
    {},
    { blockNumber: "0x0", blockHash: "0x0" },
    { blockHash: "0x12" },
    "0xF39FD6E51AAD88F6F4CE6AB8827279CFFFB92266",
  ]);
}
