import { expect } from "chai";

import { assemble, type AssemblyItem } from "../helpers/assembler.js";
import { Random } from "../helpers/random.js";
import { executeOnCore, tracingCore } from "./helpers/core-engine.js";
import { randomIdiom } from "./helpers/idioms.js";
import { randomWorld } from "./helpers/random-world.js";
import { plainWorld } from "./helpers/world.js";

const WORLDS = 400;
const FORKS = [0, 2, 5, 10, 14, 17];

/** The tracing core runs every opcode alone, the plain one fuses: they must not differ. */
describe("fused opcodes", () => {
  const createState = tracingCore();

  function compare(
    label: string,
    ...args: Parameters<typeof executeOnCore>
  ): void {
    const [world, gas] = args;
    const fused = executeOnCore(world, gas);
    const single = executeOnCore(world, gas, createState());
    const shown = ({ result, output, root, logs }: typeof fused): unknown => ({
      status: result.status,
      gasSpent: result.gasSpent,
      gasNeeded: result.gasNeeded,
      gasOpaque: result.gasOpaque,
      output,
      logs,
      root,
    });
    expect(shown(fused), label).to.deep.equal(shown(single));
  }

  it("do what the opcodes do one by one, at any gas", () => {
    for (let i = 0; i < WORLDS; i++) {
      const seed = `fused-${i}`;
      const world = randomWorld(seed);
      compare(seed, world);
      const random = new Random(seed);
      compare(seed, world, BigInt(random.between(21_000, 60_000)));
    }
  });

  it("fail as the opcodes do one by one: every idiom, with too little gas and any depth of the stack", () => {
    const random = new Random("idioms");
    for (let i = 0; i < 250; i++) {
      const { items, needs } = randomIdiom(random);
      const depth = random.pick([
        0,
        1,
        2,
        3,
        needs,
        needs,
        needs + 1,
        1021,
        1022,
        1023,
        1024,
      ]);
      const pushed = Array.from(
        { length: depth },
        (_, k) => BigInt(random.word()) + BigInt(k & 1),
      );
      const code = idiomCode(items);
      const fork = random.pick(FORKS);
      const world = plainWorld(
        fork,
        assemble([...pushed.map((x) => BigInt.asUintN(256, x)), ...code]),
      );
      const gas = 21_000n + BigInt(3 * depth);
      for (let extra = 0n; extra < 30n; extra++) {
        compare(
          `${items.join(" ")}, depth ${depth}, fork ${fork}, gas ${extra}`,
          world,
          gas + extra,
        );
      }
      compare(items.join(" "), world);
    }
  });
});

/** The idiom, and what shows the top of the stack. */
function idiomCode(items: readonly (string | number)[]): AssemblyItem[] {
  const code = items.flatMap((item): AssemblyItem[] => {
    if (item === "target") return [{ ref: "end" }];
    if (item === "PUSH4") return [{ raw: "0x6300000001" }];
    return typeof item === "number"
      ? [{ raw: `0x60${item.toString(16).padStart(2, "0")}` }]
      : [item];
  });
  return [
    ...code,
    "ADDRESS",
    "POP",
    { label: "end" },
    "DUP1",
    0,
    "MSTORE",
    32,
    0,
    "RETURN",
  ];
}
