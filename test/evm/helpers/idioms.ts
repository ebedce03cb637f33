/** Sequences of opcodes that compilers write often, which the core runs as one (assembly/interpreter/text.ts). */
import type { Random } from "../../helpers/random.js";

/** One piece: opcodes by name, small constants by number, the place of a JUMPDEST after the piece by "target". */
export interface Idiom {
  readonly items: readonly (string | number)[];
  /** Items that must be on the stack before, and how many more or fewer there are after. */
  readonly needs: number;
  readonly change: number;
}

const COMPARISONS = ["LT", "GT", "SLT", "SGT", "EQ"];
const DUP_OPERATIONS = ["ADD", "SUB", "MUL", "LT", "GT", "AND"];
const PUSH_OPERATIONS = ["ADD", "MUL", "AND", "SHL", "SHR"];

const idiom = (
  items: readonly (string | number)[],
  needs: number,
  change: number,
): Idiom => ({ items, needs, change });

const MASK = [1, 1, 160, "SHL", "SUB"] as const;

/** Not all numbers of items are good ones: some underflow. */
export function randomIdiom(random: Random): Idiom {
  const n = random.between(1, random.chance(0.9) ? 4 : 16);
  const m = random.between(1, random.chance(0.9) ? 4 : 16);
  const small = random.below(256);
  const comparison = random.pick(COMPARISONS);
  return random.pick<() => Idiom>([
    () => idiom(["target", "JUMP"], 0, 0),
    () => idiom(["target", "JUMPI"], 1, -1),
    () => idiom(["ISZERO", "target", "JUMPI"], 1, -1),
    () => idiom([comparison, "target", "JUMPI"], 2, -2),
    () => idiom([comparison, "ISZERO", "target", "JUMPI"], 2, -2),
    () => idiom([`DUP${n}`, comparison, "target", "JUMPI"], n, -1),
    () => idiom(["DUP1", "PUSH4", "EQ", "target", "JUMPI"], 1, 0),
    () => idiom(["DUP1", "PUSH4", "GT", "target", "JUMPI"], 1, 0),
    () =>
      idiom(
        [`DUP${n}`, `DUP${m}`, "LT", "ISZERO", "target", "JUMPI"],
        Math.max(n, m - 1),
        0,
      ),
    () => idiom([`SWAP${n}`, `SWAP${m}`, `SWAP${n}`], Math.max(n, m) + 1, 0),
    () => idiom(["SWAP1", small, "ADD"], 2, 0),
    () => idiom(["SWAP1", small, "ADD", "target", "JUMP"], 2, 0),
    () => idiom([small, "SWAP1"], 1, 1),
    () => idiom([small, "SWAP1", "SUB"], 1, 0),
    () => idiom([small, `DUP${n}`, "MUL"], n - 1, 1),
    () => idiom([...MASK, `DUP${n}`, "AND"], Math.max(n - 1, 0), 1),
    () => idiom(["POP", "POP"], 2, -2),
    () => idiom(["POP", "POP", "POP"], 3, -3),
    () => idiom(["target", "SWAP1", "POP", "JUMP"], 1, -1),
    () => idiom(["target", random.below(3), "POP", "JUMP"], 0, 0),
    () => idiom([`SWAP${n}`, "POP"], n + 1, -1),
    () => idiom([`SWAP${n}`, "POP", "POP"], n + 1, -2),
    () => idiom([`SWAP${n}`, "POP", "POP", "POP"], n + 1, -3),
    () => idiom(["SWAP2", "SWAP1"], 3, 0),
    () => idiom(["SWAP1", "SWAP2"], 3, 0),
    () => idiom(["SWAP1", "SUB"], 2, -1),
    () => idiom([`DUP${n}`, `DUP${m}`], Math.max(n, m), 2),
    () => idiom([`DUP${n}`, random.pick(DUP_OPERATIONS)], n, 0),
    () => idiom([`DUP${n}`, "MLOAD"], n, 1),
    () => idiom([random.below(200), `DUP${n}`, "MSTORE"], n, 0),
    () => idiom([`DUP${n}`, "MSTORE"], n, -1),
    () => idiom([small, random.pick(PUSH_OPERATIONS)], 1, 0),
    () => idiom([small, "MLOAD"], 0, 1),
    () => idiom([small, "MSTORE"], 1, -1),
    () => idiom([small, "CALLDATALOAD"], 0, 1),
    () => idiom([small, `DUP${n}`], n, 2),
    () => idiom([small, random.below(256)], 0, 2),
    () => idiom(["PUSH0", "MLOAD"], 0, 1),
    () => idiom(["PUSH0", "MSTORE"], 1, -1),
    () => idiom(["PUSH0", "PUSH0"], 0, 2),
    () => idiom([random.below(100), random.below(100), "ADD", "MLOAD"], 0, 1),
    () => idiom(["MUL", "ADD"], 3, -2),
    () => idiom(MASK, 0, 1),
    () => idiom([...MASK, "AND"], 1, 0),
  ])();
}
