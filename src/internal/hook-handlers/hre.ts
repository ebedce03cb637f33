import type { HardhatRuntimeEnvironmentHooks } from "hardhat/types/hooks";
import type { NetworkEngine } from "../constants.js";

import { NETWORK_ENGINES } from "../constants.js";
import { describeValue, pluginError } from "../errors.js";
import { ParallelNetworkManager } from "../network/network-manager.js";

export default async (): Promise<Partial<HardhatRuntimeEnvironmentHooks>> => ({
  created: async (_context, hre) => {
    hre.network = new ParallelNetworkManager(
      hre,
      hre.network,
      parseEngine(hre.globalOptions.networkEngine),
      // The engine is loaded when the first connection is made, not with the config.
      async (...args) => {
        const { createProvider } =
          await import("../network/create-provider.js");
        return await createProvider(...args);
      },
    );
  },
});

function parseEngine(value: string | undefined): NetworkEngine | undefined {
  const engine = NETWORK_ENGINES.find((known) => known === value);
  if (engine === undefined && value !== undefined) {
    throw pluginError(
      `Invalid value for --network-engine: expected ${NETWORK_ENGINES.join(" or ")}, got ${describeValue(value)}`,
    );
  }
  return engine;
}
