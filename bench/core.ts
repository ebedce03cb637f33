import type { Machine } from "./helpers/machines.js";
import type { Row, SideName } from "./helpers/measure.js";
import type { Bench } from "./index.js";
import type { CoreWork } from "./works/work.js";

import { EthereumjsMachine } from "./helpers/ethereumjs.js";
import { NetworkMachine } from "./helpers/machines.js";
import { measure, ratiosOf, timed } from "./helpers/measure.js";
import { closeAll, openNetworks } from "./helpers/networks.js";
import { contractWorks } from "./works/contracts.js";
import { familyWorks, loopWorks } from "./works/loops.js";
import { precompileWorks } from "./works/precompiles.js";
import { rootRows } from "./works/roots.js";

/**
 * Execution alone: eth_call of code that runs long, and ethereumjs's evm called directly. Then the state's root
 * after writes, on states of several sizes.
 */
export const coreBench: Bench = async (options, [filter = ""]) => {
  const wanted = (side: SideName): boolean =>
    options.sides?.includes(side) ?? true;
  const config = {
    initialDate: "2030-01-01T00:00:00Z",
    hardfork: "osaka",
    transactionGasCap: false,
    blockGasLimit: 1_000_000_000,
  };
  const works = [
    ...loopWorks(),
    ...contractWorks(),
    ...familyWorks(),
    ...precompileWorks(),
  ].filter(({ name }) => name.includes(filter));
  const rows: Row[] = [];
  const networks = await openNetworks(
    (["edr", "ours-sequential", "anvil"] as const)
      .filter((side) => works.length > 0 && wanted(side))
      .map((side) => ({ side, config })),
  );
  try {
    const machines: Machine[] = [];
    for (const network of networks) {
      machines.push(await NetworkMachine.open(network));
    }
    if (wanted("ethereumjs")) {
      machines.push(await EthereumjsMachine.create());
    }
    for (const work of works) {
      const sides = await sidesOf(work, machines);
      const { name, unit } = work;
      rows.push(...(await measure({ name, unit, sides }, options)));
    }
  } finally {
    await closeAll(networks);
  }
  rows.push(...(await rootRows(options, filter)));
  const ratios = ratiosOf(rows, [
    ["ours-sequential", "edr"],
    ["ours-sequential", "anvil"],
    ["ours-sequential", "ethereumjs"],
  ]);
  return { bench: "core", rows, ratios };
};

async function sidesOf(work: CoreWork, machines: readonly Machine[]) {
  const { name, unit, repeat, count } = work;
  const outputs: string[] = [];
  const sides = [];
  for (const machine of machines) {
    if (work.without?.includes(machine.side)) continue;
    const callOf = await work.prepare(machine);
    let sample = 0;
    // What is measured must be the same work on all sides.
    outputs.push(await machine.call(callOf(sample++)));
    if (outputs.at(-1) !== outputs[0]) {
      throw new Error(
        `${name}: ${machine.side} gives ${outputs.at(-1)}, ${machines[0].side} ${outputs[0]}`,
      );
    }
    sides.push({
      side: machine.side,
      sample: async () => {
        const call = callOf(sample++);
        const milliseconds = await timed(async () => {
          for (let i = 0; i < repeat; i++) await machine.call(call);
        });
        const scale = unit === "us" ? 1e3 : 1e6;
        return (milliseconds * scale) / (repeat * count);
      },
    });
  }
  return sides;
}
