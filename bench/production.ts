import type { Bench } from "./index.js";

import { Scene } from "./block.js";
import { measure, ratiosOf } from "./helpers/measure.js";
import { closeAll, openNetworks } from "./helpers/networks.js";
import { networkOf, senders } from "./helpers/senders.js";

const SENDERS = 400;
const ROUNDS = 25;
/** More than 10,000 transfers ask for. */
const BLOCK_GAS_LIMIT = 1_200_000_000;

/** Microseconds per transaction from evm_mine to the receipt, roots included, of a block of 10,000 ERC-20 transfers. */
export const productionBench: Bench = async (options) => {
  const accounts = senders(SENDERS);
  const config = {
    ...networkOf(accounts),
    blockGasLimit: BLOCK_GAS_LIMIT,
    transactionGasCap: false,
  };
  const sides = (
    ["edr", "ours-sequential", "ours-parallel", "anvil"] as const
  ).filter((side) => options.sides?.includes(side) ?? true);
  const networks = await openNetworks(sides.map((side) => ({ side, config })));
  try {
    const scenes: Scene[] = [];
    for (const network of networks) {
      scenes.push(
        await Scene.prepare(
          network,
          accounts.map(({ address }) => address),
        ),
      );
    }
    const rows = await measure(
      {
        name: `${SENDERS * ROUNDS} ERC-20 transfers`,
        unit: "us/tx",
        sides: scenes.map((scene) => ({
          side: scene.network.side,
          sample: () => scene.produce(scene.works.erc20, ROUNDS),
        })),
      },
      options,
    );
    const ratios = ratiosOf(rows, [
      ["ours-parallel", "ours-sequential"],
      ["ours-parallel", "edr"],
      ["ours-parallel", "anvil"],
      ["ours-sequential", "anvil"],
    ]);
    return { bench: "production", rows, ratios };
  } finally {
    await closeAll(networks);
  }
};
