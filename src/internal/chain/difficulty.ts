/** Difficulty of proof-of-work blocks (yellow paper; EIPs 2, 100, 649 and those that delayed the bomb further). */

const MINIMUM_DIFFICULTY = 131_072n;
const BOMB_PERIOD = 100_000n;
// Numbers of assembly/forks.ts.
const HOMESTEAD = 1;
const BYZANTIUM = 4;

export interface DifficultyRules {
  readonly fork: number;
  /** Blocks by which the difficulty bomb is late. */
  readonly bombDelay: bigint;
}

export interface DifficultyParent {
  readonly difficulty: bigint;
  readonly timestamp: bigint;
  readonly hasOmmers?: boolean;
}

export function difficultyAfter(
  { fork, bombDelay }: DifficultyRules,
  parent: DifficultyParent,
  number: bigint,
  timestamp: bigint,
): bigint {
  const steps = stepsOf(fork, parent, timestamp - parent.timestamp);
  const difficulty =
    parent.difficulty +
    (steps < -99n ? -99n : steps) * (parent.difficulty / 2048n) +
    bomb(number > bombDelay ? number - bombDelay : 0n);
  return difficulty < MINIMUM_DIFFICULTY ? MINIMUM_DIFFICULTY : difficulty;
}

/** By how many 2048ths of the parent's the difficulty changes. */
function stepsOf(
  fork: number,
  parent: DifficultyParent,
  seconds: bigint,
): bigint {
  if (fork >= BYZANTIUM) {
    return (parent.hasOmmers === true ? 2n : 1n) - seconds / 9n;
  }
  if (fork >= HOMESTEAD) {
    return 1n - seconds / 10n;
  }
  return seconds < 13n ? 1n : -1n;
}

function bomb(number: bigint): bigint {
  const periods = number / BOMB_PERIOD;
  return periods >= 2n ? 2n ** (periods - 2n) : 0n;
}
