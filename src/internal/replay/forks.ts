/** Names of the hard forks that a block may be executed under, by number of assembly/forks.ts. */
const NAMES: readonly (readonly [name: string, number: number])[] = [
  ["frontier", 0],
  ["homestead", 1],
  ["tangerineWhistle", 2],
  ["spuriousDragon", 3],
  ["byzantium", 4],
  ["constantinople", 5],
  ["petersburg", 6],
  ["istanbul", 7],
  ["muirGlacier", 8],
  ["berlin", 9],
  ["london", 10],
  ["arrowGlacier", 11],
  ["grayGlacier", 12],
  ["merge", 13],
  ["shanghai", 14],
  ["cancun", 15],
  ["prague", 16],
  ["osaka", 17],
  ["amsterdam", 18],
];

export const FORK_NAMES: readonly string[] = NAMES.map(([name]) => name);

/** undefined for a name that is not in FORK_NAMES. */
export function forkNumber(name: string): number | undefined {
  return NAMES.find(([known]) => known === name)?.[1];
}

/** @throws Error for a number that no fork has. */
export function forkName(number: number): string {
  const found = NAMES.find(([, known]) => known === number);
  if (found === undefined) {
    throw new Error(`expected the number of a hard fork, got ${number}`);
  }
  return found[0];
}
