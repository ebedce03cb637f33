/** Hard forks of Hardhat's configuration and what each changes for blocks. */
import { difficultyAfter, type DifficultyParent } from "./difficulty.js";
import { ChainError } from "./errors.js";

// Numbers of assembly/forks.ts.
export const FRONTIER = 0;
export const HOMESTEAD = 1;
export const TANGERINE_WHISTLE = 2;
export const SPURIOUS_DRAGON = 3;
export const BYZANTIUM = 4;
export const CONSTANTINOPLE = 5;
export const PETERSBURG = 6;
export const ISTANBUL = 7;
export const MUIR_GLACIER = 8;
export const BERLIN = 9;
export const LONDON = 10;
export const ARROW_GLACIER = 11;
export const GRAY_GLACIER = 12;
export const PARIS = 13;
export const SHANGHAI = 14;
export const CANCUN = 15;
export const PRAGUE = 16;
export const OSAKA = 17;
export const AMSTERDAM = 18;

interface Hardfork {
  readonly number: number;
  /** As error messages show it (EDR's name of the fork, or of its rules for the EVM). */
  readonly title: string;
  readonly rulesTitle: string;
  /** Difficulty bomb delay in blocks (EIPs 649, 1234, 2384, 4345, 5133); undefined after the merge. */
  readonly bombDelay: bigint | undefined;
}

const HARDFORKS: Readonly<Record<string, Hardfork>> = {
  byzantium: fork(4, "Byzantium", "BYZANTIUM", 3_000_000n),
  // Without EIP-1283, which Petersburg took back.
  constantinople: fork(6, "Constantinople", "PETERSBURG", 5_000_000n),
  petersburg: fork(6, "Petersburg", "PETERSBURG", 5_000_000n),
  istanbul: fork(7, "Istanbul", "ISTANBUL", 5_000_000n),
  muirGlacier: fork(8, "MuirGlacier", "ISTANBUL", 9_000_000n),
  berlin: fork(9, "Berlin", "BERLIN", 9_000_000n),
  london: fork(10, "London", "LONDON", 9_000_000n),
  arrowGlacier: fork(11, "ArrowGlacier", "LONDON", 10_700_000n),
  grayGlacier: fork(12, "GrayGlacier", "LONDON", 11_400_000n),
  merge: fork(13, "Merge", "MERGE", undefined),
  shanghai: fork(14, "Shanghai", "SHANGHAI", undefined),
  cancun: fork(15, "Cancun", "CANCUN", undefined),
  prague: fork(16, "Prague", "PRAGUE", undefined),
  osaka: fork(17, "Osaka", "OSAKA", undefined),
  amsterdam: fork(18, "Amsterdam", "AMSTERDAM", undefined),
};

function fork(
  number: number,
  title: string,
  rulesTitle: string,
  bombDelay: bigint | undefined,
): Hardfork {
  return { number, title, rulesTitle, bombDelay };
}

/** @throws ChainError for a name that Hardhat does not know. */
export function hardforkByName(name: string): Hardfork {
  const hardfork = HARDFORKS[name];
  if (hardfork === undefined) {
    throw new ChainError(
      `hardfork: expected one of ${Object.keys(HARDFORKS).join(", ")}, got ${name}`,
    );
  }
  return hardfork;
}

/** EIP-7825: cap on a transaction's gas limit; undefined before Osaka. */
export function transactionGasCapOf(forkNumber: number): bigint | undefined {
  return forkNumber >= OSAKA ? 16_777_216n : undefined;
}

/** Static block reward in wei; 0 after the merge. */
export function minerReward(forkNumber: number): bigint {
  if (forkNumber >= PARIS) {
    return 0n;
  }
  const ether =
    forkNumber >= CONSTANTINOPLE ? 2n : forkNumber >= BYZANTIUM ? 3n : 5n;
  return ether * 10n ** 18n;
}

/** Difficulty of a block whose parent has no uncles, by Hardhat's name of the fork. */
export function ethashDifficulty(
  name: string,
  parent: DifficultyParent,
  number: bigint,
  timestamp: bigint,
): bigint {
  const { number: fork, bombDelay } = hardforkByName(name);
  return bombDelay === undefined
    ? 0n
    : difficultyAfter({ fork, bombDelay }, parent, number, timestamp);
}
