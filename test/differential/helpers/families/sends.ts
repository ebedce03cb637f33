import type { Family, Generator } from "../generator.js";
import type { Reference } from "../types.js";

import { ACCOUNTS, STRANGERS } from "../accounts.js";

/** Everything that ends in a transaction. */
export const SENDS: Family = [
  [12, deploy],
  [
    26,
    (g) =>
      sent(g, {
        from: g.account(),
        ...g.message(),
        ...gas(g),
        ...fees(g),
        ...value(g, 0.15),
      }),
  ],
  [
    10,
    (g) =>
      sent(g, {
        from: g.account(),
        to: g.anyAddress(),
        value: g.value(),
        ...gas(g),
        ...fees(g),
      }),
  ],
  [
    4,
    (g) =>
      sent(g, {
        from: g.account(),
        ...g.message(),
        ...gas(g),
        ...accessList(g),
        ...fees(g),
      }),
  ],
  [5, setCode],
  [9, raw],
  [2, impersonate],
  [2, oddNonce],
  [1, oddFees],
  [
    2,
    (g) =>
      sent(g, {
        from: g.account(),
        data: g.code(40),
        ...gas(g),
      }),
  ],
  [1, outOfGas],
  [1, bigInitcode],
  [1, (g) => sent(g, { to: g.account(), value: "0x1" })],
  [1, replacement],
];

function sent(g: Generator, transaction: Record<string, unknown>): number {
  const step = g.step("eth_sendTransaction", transaction);
  g.transactions.push(step);
  return step;
}

function deploy(g: Generator): void {
  const { data, solidity } = g.initcode();
  const step = g.random.chance(0.15)
    ? rawTransaction(g, {
        type: 0,
        to: null,
        data,
        value: 0,
        gasLimit: 6_000_000,
      })
    : sent(g, {
        from: g.account(),
        data,
        ...gas(g, 6_000_000),
        ...fees(g),
        ...value(g, 0.2),
      });
  g.deployments.push({ step, solidity });
}

function gas(g: Generator, usual = 500_000): Record<string, unknown> {
  const enough = g.since("amsterdam") ? Math.min(3 * usual, 7_000_000) : usual;
  return g.random.weighted<() => Record<string, unknown>>([
    [5, () => ({})],
    [7, () => ({ gas: g.quantity(enough + g.random.below(enough)) })],
    [1, () => ({ gas: g.quantity(21_000 + g.random.below(80_000)) })],
    [0.3, () => ({ gas: g.quantity(g.random.below(25_000)) })],
    [0.3, () => ({ gas: g.quantity(16_777_216 + g.random.below(2)) })],
    [0.2, () => ({ gas: "0x5000000" })],
  ])();
}

function value(g: Generator, probability: number): Record<string, unknown> {
  return g.random.chance(probability) ? { value: g.value() } : {};
}

function fees(g: Generator): Record<string, unknown> {
  const { random } = g;
  const fee = (percent: number, plus = 0): unknown => ({
    $: "fee",
    percent,
    plus,
  });
  return random.weighted<() => Record<string, unknown>>([
    [10, () => ({})],
    [3, () => ({ gasPrice: fee(random.between(200, 400), 2_000_000_000) })],
    [
      g.since("london") ? 4 : 0.2,
      () => ({
        maxFeePerGas: fee(random.between(200, 400), 2_000_000_000),
        maxPriorityFeePerGas: g.quantity(random.below(2_000_000_000)),
      }),
    ],
    [
      g.since("london") ? 1 : 0,
      () => ({ maxFeePerGas: fee(300, 2_000_000_000) }),
    ],
    [
      g.since("london") ? 1 : 0,
      () => ({ maxPriorityFeePerGas: g.quantity(random.below(3_000_000_000)) }),
    ],
    [0.5, () => ({ type: random.pick(["0x0", "0x1", "0x2"]) })],
  ])();
}

function accessList(g: Generator): Record<string, unknown> {
  return {
    accessList: Array.from({ length: g.random.below(3) }, () => ({
      address: g.anyAddress(),
      storageKeys: Array.from({ length: g.random.below(3) }, () => ({
        $: "word",
        value: g.random.below(5),
      })),
    })),
  };
}

function setCode(g: Generator): void {
  const { random } = g;
  if (!g.since("prague") && random.chance(0.9)) {
    deploy(g);
    return;
  }
  sent(g, {
    from: g.account(),
    ...g.message(),
    gas: g.quantity(1_000_000),
    ...(random.chance(0.3) ? fees(g) : {}),
    authorizationList: Array.from(
      { length: random.between(random.chance(0.1) ? 0 : 1, 3) },
      () => authorizationOf(g),
    ),
  });
}

function authorizationOf(g: Generator): Reference {
  const { random } = g;
  const key = random.below(ACCOUNTS.length);
  return {
    $: "authorization",
    key,
    address: random.chance(0.15) ? `0x${"00".repeat(20)}` : g.anyAddress(),
    // When the sender authorises itself its nonce is one higher by then.
    nonce: {
      $: "nonce",
      address: ACCOUNTS[key].address,
      plus: random.weighted([
        [5, 0],
        [4, 1],
        [1, 2],
      ]),
    },
    chainId: random.weighted([
      [6, g.plan.chainId],
      [3, 0],
      [1, 5],
    ]),
    ...(random.chance(0.08) ? { spoil: true } : {}),
  };
}

function raw(g: Generator): void {
  const { random } = g;
  const type = random.weighted([
    [3, 0],
    [g.since("berlin") ? 2 : 0.1, 1],
    [g.since("london") ? 4 : 0.1, 2],
    [g.since("prague") ? 2 : 0.1, 4],
  ]);
  rawTransaction(g, {
    type,
    ...(random.chance(0.8) ? g.message() : { to: g.account(), data: "0x" }),
    value: random.chance(0.3) ? g.random.below(1000) : 0,
    gasLimit: random.pick([300_000, 390_000, 390_000, 21_000, 100_000]),
    ...(type === 1 || type === 2 || type === 4 ? accessList(g) : {}),
    ...(type === 4
      ? { authorizationList: [{ ...authorizationOf(g), form: "ethers" }] }
      : {}),
  });
}

function rawTransaction(g: Generator, fields: Record<string, unknown>): number {
  const { random } = g;
  const key = g.keyIndex();
  const price =
    (fields.type as number) >= 2
      ? {
          maxFeePerGas: { $: "fee", percent: 300, plus: 2_000_000_000 },
          maxPriorityFeePerGas: g.quantity(random.below(2_000_000_000)),
        }
      : { gasPrice: { $: "fee", percent: 250, plus: 1_000_000_000 } };
  const signed = {
    $: "signed",
    key,
    tx: {
      chainId: random.chance(0.95) ? g.plan.chainId : fields.type === 0 ? 0 : 5,
      nonce: {
        $: "nonce",
        address: ACCOUNTS[key].address,
        plus: random.weighted([
          [20, 0],
          [1, 1],
          [1, -1],
        ]),
      },
      ...price,
      ...fields,
    },
  };
  const step = g.step(
    "eth_sendRawTransaction",
    random.weighted<unknown>([
      [20, signed],
      [1, { $: "cut", hex: signed, share: random.below(100) / 100 }],
      [1, { $: "join", parts: [signed, "0x00"] }],
    ]),
  );
  g.transactions.push(step);
  return step;
}

function impersonate(g: Generator): void {
  const address = g.random.chance(0.5)
    ? g.contract()
    : g.random.pick(STRANGERS);
  g.step("hardhat_impersonateAccount", address);
  if (g.random.chance(0.8)) {
    g.step("hardhat_setBalance", address, "0xde0b6b3a7640000000");
  }
  const count = g.random.between(1, 3);
  for (let i = 0; i < count; i++) {
    sent(g, {
      from: address,
      ...g.message(),
      ...gas(g),
      ...fees(g),
    });
  }
  if (g.random.chance(0.5)) {
    g.step("hardhat_stopImpersonatingAccount", address);
    if (g.random.chance(0.3)) {
      sent(g, { from: address, to: g.account(), gas: "0x10000" });
    }
  }
}

function oddNonce(g: Generator): void {
  const from = g.account();
  const plus = g.random.pick([-1, 0, 1, 2, 5]);
  sent(g, {
    from,
    to: g.account(),
    gas: "0x5208",
    nonce: { $: "nonce", address: from, plus },
  });
}

/** Fees that are refused. With a pool they would sit there, and EDR's automine would never end. */
function oddFees(g: Generator): void {
  const base = { from: g.account(), to: g.account(), gas: "0x5208" };
  const refused: Record<string, unknown>[] = [
    { gasPrice: "0x1", maxFeePerGas: "0x2" },
    { maxFeePerGas: "0x1", maxPriorityFeePerGas: "0x2" },
    { gas: "0x5207" },
    { chainId: "0x1" },
  ];
  if (g.plan.mining === "automine") {
    refused.push(
      { gasPrice: "0x1" },
      { maxFeePerGas: "0x1", maxPriorityFeePerGas: "0x1" },
    );
    refused.push({ value: "0x21e19e0c9bab2400001", gas: "0x5208" });
  }
  sent(g, { ...base, ...g.random.pick(refused) });
}

function outOfGas(g: Generator): void {
  const endless = g.deployments.find(
    ({ solidity }) => solidity === "Scenarios" || solidity === "Callee",
  );
  if (endless?.solidity === undefined) {
    deploy(g);
    return;
  }
  sent(g, {
    from: g.account(),
    to: { $: "deployed", step: endless.step },
    data: {
      $: "abi",
      contract: endless.solidity,
      function: endless.solidity === "Callee" ? "burn()" : "infinite()",
      args: [],
    },
    gas: g.quantity(g.random.between(30_000, 300_000)),
  });
}

function bigInitcode(g: Generator): void {
  const size = g.random.pick([49_152, 49_153, 24_577, 60_000]);
  sent(g, {
    from: g.account(),
    data: `0x${"00".repeat(size)}`,
    gas: g.quantity(2_500_000),
  });
}

/** The same sender and nonce again, with other fees: only a pool takes it. */
function replacement(g: Generator): void {
  const from = g.account();
  const nonce = { $: "nonce", address: from };
  const first = { from, to: g.account(), gas: "0x5208", nonce };
  if (g.since("london")) {
    sent(g, {
      ...first,
      maxFeePerGas: g.quantity(20_000_000_000),
      maxPriorityFeePerGas: g.quantity(1_000_000_000),
    });
  } else {
    sent(g, { ...first, gasPrice: g.quantity(20_000_000_000) });
  }
  const again = {
    ...first,
    nonce: { $: "nonce", address: from, plus: g.automine ? 0 : -1 },
  };
  const percent = g.random.pick([100n, 109n, 110n, 150n]);
  sent(g, {
    ...again,
    gasPrice: g.quantity((20_000_000_000n * percent) / 100n),
  });
}
