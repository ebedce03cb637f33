/** Random loops, compiled at first sight, against the interpreter at many gas limits, and against @ethereumjs/vm. */
import { executeOnCore } from "../../evm/helpers/core-engine.js";
import { executeOnEthereumjs } from "../../evm/helpers/ethereumjs.js";
import { Random } from "../../helpers/random.js";
import { callWorld, compiling, firstDifference, OSAKA } from "./compiled.js";
import { RandomLoops } from "./random-loops.js";

/** Where opcodes and prices changed, the newest likelier. */
const FORKS = [0, 4, 5, 7, 10, 14, 15, OSAKA, OSAKA, OSAKA, OSAKA];
const GAS_LIMITS = 8;
const INTRINSIC = 21_000;
const FIELDS = ["success", "gasUsed", "output", "root"] as const;

/** The report of a seed whose executions differ. */
export async function compareLoops(
  seed: string,
  withOracle: boolean,
): Promise<string | undefined> {
  const random = new Random(seed);
  const fork = random.pick(FORKS);
  const code = new RandomLoops(random, fork).make();
  const data = Buffer.from(random.hex(random.below(100)).slice(2), "hex");
  const world = callWorld(code, data, fork);
  const all = world.transaction.gasLimit;
  const first = compiling("off", () => executeOnCore(world));
  const limits = Array.from(
    { length: GAS_LIMITS },
    () => INTRINSIC + random.below(Number(first.gasUsed) - INTRINSIC + 20),
  );
  const found = firstDifference(world, [all, ...limits.map(BigInt)]);
  if (found !== undefined) return `seed ${seed}: ${found}`;
  if (!withOracle) return undefined;
  const theirs = await executeOnEthereumjs(world);
  const wrong = FIELDS.filter((field) => theirs[field] !== first[field]);
  return wrong.length === 0
    ? undefined
    : `seed ${seed}: ${wrong.join(", ")} not as @ethereumjs/vm has it, code ${code}`;
}
