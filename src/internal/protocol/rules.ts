/**
 * Which rules hold for a block: Ethereum's forks as the execution specs and their test suites name
 * them, and chains that go from one to the next.
 */
import type { BlobParameters } from "../chain/fees.js";

import {
  AMSTERDAM,
  ARROW_GLACIER,
  BERLIN,
  BYZANTIUM,
  CANCUN,
  CONSTANTINOPLE,
  FRONTIER,
  GRAY_GLACIER,
  HOMESTEAD,
  ISTANBUL,
  LONDON,
  MUIR_GLACIER,
  OSAKA,
  PARIS,
  PETERSBURG,
  PRAGUE,
  SHANGHAI,
  SPURIOUS_DRAGON,
  TANGERINE_WHISTLE,
  transactionGasCapOf,
} from "../chain/hardforks.js";

export interface ProtocolRules {
  /** Name of the fork. */
  readonly name: string;
  /** Number of assembly/forks.ts. */
  readonly fork: number;
  /** Blocks by which the difficulty bomb is late; means nothing after the merge. */
  readonly bombDelay: bigint;
  /** From Cancun on. */
  readonly blobs: BlobParameters | undefined;
  readonly maxBlobsPerTransaction: number | undefined;
  readonly transactionGasCap: bigint | undefined;
  /** The block at which the DAO's balances are moved (EIP-779), on chains that have one. */
  readonly daoBlock?: bigint;
}

/** What of a block decides which rules it is under. */
export interface BlockPosition {
  readonly number: bigint;
  readonly timestamp: bigint;
  /** Sum of the difficulties up to the parent. */
  readonly parentTotalDifficulty: bigint;
}

export interface ProtocolSchedule {
  readonly chainId: bigint;
  rulesAt(position: BlockPosition): ProtocolRules;
}

/** Blob parameters by name of the fork that brings them; what is missing is mainnet's. */
export type BlobSchedule = ReadonlyMap<
  string,
  Pick<BlobParameters, "target" | "max" | "updateFraction">
>;

export interface ScheduleOptions {
  readonly chainId?: bigint;
  readonly blobSchedule?: BlobSchedule;
}

const MILLION = 1_000_000n;

interface NamedFork {
  readonly fork: number;
  readonly bombDelay?: bigint;
}

const FORKS: Readonly<Record<string, NamedFork>> = {
  Frontier: { fork: FRONTIER },
  Homestead: { fork: HOMESTEAD },
  Dao: { fork: HOMESTEAD },
  EIP150: { fork: TANGERINE_WHISTLE },
  EIP158: { fork: SPURIOUS_DRAGON },
  Byzantium: { fork: BYZANTIUM, bombDelay: 3n * MILLION },
  Constantinople: { fork: CONSTANTINOPLE, bombDelay: 5n * MILLION },
  ConstantinopleFix: { fork: PETERSBURG, bombDelay: 5n * MILLION },
  Petersburg: { fork: PETERSBURG, bombDelay: 5n * MILLION },
  Istanbul: { fork: ISTANBUL, bombDelay: 5n * MILLION },
  MuirGlacier: { fork: MUIR_GLACIER, bombDelay: 9n * MILLION },
  Berlin: { fork: BERLIN, bombDelay: 9n * MILLION },
  London: { fork: LONDON, bombDelay: 9_700_000n },
  ArrowGlacier: { fork: ARROW_GLACIER, bombDelay: 10_700_000n },
  GrayGlacier: { fork: GRAY_GLACIER, bombDelay: 11_400_000n },
  Paris: { fork: PARIS },
  Merge: { fork: PARIS },
  Shanghai: { fork: SHANGHAI },
  Cancun: { fork: CANCUN },
  Prague: { fork: PRAGUE },
  Osaka: { fork: OSAKA },
  BPO1: { fork: OSAKA },
  BPO2: { fork: OSAKA },
  BPO3: { fork: OSAKA },
  BPO4: { fork: OSAKA },
  BPO5: { fork: OSAKA },
  Amsterdam: { fork: AMSTERDAM },
};

/** EIPs 4844, 7691 and 7892; BPO3 and later are those of the test suites. */
const BLOBS: BlobSchedule = new Map([
  ["Cancun", blobs(3n, 6n, 3_338_477n)],
  ["Prague", blobs(6n, 9n, 5_007_716n)],
  ["Osaka", blobs(6n, 9n, 5_007_716n)],
  ["BPO1", blobs(10n, 15n, 8_346_193n)],
  ["BPO2", blobs(14n, 21n, 11_684_671n)],
  ["BPO3", blobs(21n, 32n, 20_609_697n)],
  ["BPO4", blobs(14n, 21n, 13_739_630n)],
  ["BPO5", blobs(14n, 21n, 11_684_671n)],
  ["Amsterdam", blobs(14n, 21n, 11_684_671n)],
]);

function blobs(
  target: bigint,
  max: bigint,
  updateFraction: bigint,
): Pick<BlobParameters, "target" | "max" | "updateFraction"> {
  return { target, max, updateFraction };
}

/** EIP-7918 */
const BLOB_BASE_COST = 8_192n;
/** EIP-7594 */
const BLOBS_PER_TRANSACTION = 6;

export const FORK_NAMES: readonly string[] = Object.keys(FORKS);

export function isFork(name: string): boolean {
  return Object.hasOwn(FORKS, name);
}

/** @throws Error for a name that is none. */
export function rulesByName(
  name: string,
  blobSchedule?: BlobSchedule,
): ProtocolRules {
  if (!isFork(name)) {
    throw new Error(
      `unknown fork: expected one of ${FORK_NAMES.join(", ")}, got ${JSON.stringify(name)}`,
    );
  }
  const { fork, bombDelay = 0n } = FORKS[name];
  const parameters = blobSchedule?.get(name) ?? BLOBS.get(name);
  return {
    name,
    fork,
    bombDelay,
    blobs:
      parameters === undefined
        ? undefined
        : { ...parameters, baseCost: fork >= OSAKA ? BLOB_BASE_COST : 0n },
    maxBlobsPerTransaction: fork >= OSAKA ? BLOBS_PER_TRANSACTION : undefined,
    transactionGasCap: transactionGasCapOf(fork),
  };
}

/** `AToBAt5`: from block 5 on; `AToBAtTime15k`; `AToBAtDiffC0000`: once the total difficulty is reached. */
const TRANSITION = /^(\w+?)To([A-Z]\w*?)At(Time|Diff)?([0-9A-Fa-f]+)(k?)$/;

/**
 * The schedule of a chain that is under one fork all the time, or goes from one to the next
 * (`CancunToPragueAtTime15k`).
 * @throws Error for a name that is none.
 */
export function scheduleByName(
  name: string,
  { chainId = 1n, blobSchedule }: ScheduleOptions = {},
): ProtocolSchedule {
  const transition = TRANSITION.exec(name);
  if (isFork(name) || transition === null) {
    const rules = rulesByName(name, blobSchedule);
    return { chainId, rulesAt: () => rules };
  }
  const [, from, to, unit, digits, thousands] = transition;
  const before = rulesByName(from, blobSchedule);
  const after = rulesByName(to, blobSchedule);
  const at =
    unit === "Diff"
      ? BigInt(`0x${digits}`)
      : BigInt(digits) * (thousands === "k" ? 1000n : 1n);
  const since = (position: BlockPosition): bigint =>
    unit === "Time"
      ? position.timestamp
      : unit === "Diff"
        ? position.parentTotalDifficulty
        : position.number;
  const later = to === "Dao" ? { ...after, daoBlock: at } : after;
  return {
    chainId,
    rulesAt: (position) => (since(position) < at ? before : later),
  };
}
