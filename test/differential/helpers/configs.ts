import type { Random } from "../../helpers/random.js";
import type { NetworkOptions } from "./types.js";

import { ACCOUNTS } from "./accounts.js";

const FORKS = [
  "byzantium",
  "constantinople",
  "petersburg",
  "istanbul",
  "muirGlacier",
  "berlin",
  "london",
  "arrowGlacier",
  "grayGlacier",
  "merge",
  "shanghai",
  "cancun",
  "prague",
  "osaka",
  "amsterdam",
] as const;

export type Fork = (typeof FORKS)[number];

export function isSince(fork: Fork, since: string): boolean {
  return FORKS.indexOf(fork) >= FORKS.indexOf(since as Fork);
}

/** How a sequence treats automine. EDR never ends when automine meets a pooled transaction that cannot be mined. */
export type MiningProfile = "automine" | "manual" | "mixed";

export interface SequencePlan {
  readonly config: NetworkOptions;
  readonly fork: Fork;
  readonly mining: MiningProfile;
  readonly chainId: number;
  readonly accounts: number;
}

export interface PlanLimits {
  /** Only these forks. */
  readonly forks?: readonly Fork[];
}

export function randomPlan(
  random: Random,
  limits: PlanLimits = {},
): SequencePlan {
  const weighted: (readonly [number, Fork])[] = FORKS.map((fork) => [
    fork === "osaka" ? 26 : fork === "prague" || fork === "amsterdam" ? 4 : 1,
    fork,
  ]);
  const fork = random.weighted(
    weighted.filter(([, name]) => limits.forks?.includes(name) ?? true),
  );
  const mining = random.weighted<MiningProfile>([
    [5, "automine"],
    [2, "manual"],
    [3, "mixed"],
  ]);
  const accounts = random.between(3, ACCOUNTS.length);
  const chainId = random.weighted([
    [8, 31337],
    [1, 1337],
    [1, 424242],
  ]);
  const chainType = random.weighted([
    [3, "generic"],
    [1, "l1"],
  ] as const);
  const config: Record<string, unknown> = {
    initialDate: random.pick([
      "2030-01-01T00:00:00Z",
      "2024-02-29T12:34:56Z",
      "2040-06-01T00:00:00Z",
    ]),
    chainType,
    hardfork: fork,
    chainId,
    accounts: ACCOUNTS.slice(0, accounts).map(({ privateKey }, i) => ({
      privateKey,
      balance: balanceOf(random, i, mining),
    })),
    mining: {
      auto: mining !== "manual",
      mempool: { order: random.chance(0.2) ? "fifo" : "priority" },
    },
  };
  const maybe = (
    probability: number,
    key: string,
    value: () => unknown,
  ): void => {
    if (random.chance(probability)) {
      config[key] = value();
    }
  };
  maybe(0.1, "allowUnlimitedContractSize", () => true);
  maybe(0.2, "blockGasLimit", () =>
    random.pick([30_000_000, 1_000_000, 400_000, 100_000_000, false]),
  );
  maybe(0.1, "throwOnTransactionFailures", () => false);
  maybe(0.1, "throwOnCallFailures", () => false);
  maybe(0.2, "allowBlocksWithSameTimestamp", () => true);
  maybe(0.1, "coinbase", () => random.hex(20));
  maybe(0.2, "gasEstimationMode", () => "topLevelSuccess");
  maybe(0.05, "networkId", () => 99);
  maybe(0.05, "gasMultiplier", () => 1.5);
  maybe(0.05, "gas", () => 3_000_000);
  maybe(0.05, "gasPrice", () => 5_000_000_000);
  maybe(0.1, "transactionGasCap", () => random.pick([false, 5_000_000]));
  if (fork === "amsterdam") {
    maybe(0.15, "transactionGasCap", () => random.pick([false, 400_000]));
  }
  if (isSince(fork, "london")) {
    maybe(0.15, "initialBaseFeePerGas", () =>
      random.pick([0, 7, 10_000_000_000]),
    );
  }
  if (
    mining === "automine" &&
    (chainType === "generic" || !isSince(fork, "london"))
  ) {
    maybe(0.05, "minGasPrice", () => 1_500_000_000);
  }
  return { config, fork, mining, chainId, accounts };
}

/** The first account is always rich; with a pool, all are: two transactions that are affordable only
 *  one at a time make EDR unable to mine at all. */
function balanceOf(
  random: Random,
  index: number,
  mining: MiningProfile,
): string {
  const rich = "10000000000000000000000";
  if (index === 0 || mining !== "automine") {
    return rich;
  }
  return random.weighted([
    [8, rich],
    [1, "1000000000000000"],
    [1, "0"],
  ]);
}
