import type { EdrNetworkConfigOverride } from "hardhat/types/config";
import type { ChainType, NetworkConnectionParams } from "hardhat/types/network";
import type { TaskOverrideActionFunction } from "hardhat/types/tasks";

import { existsSync } from "node:fs";
import { styleText } from "node:util";

import { ParallelNetworkManager } from "../../network/network-manager.js";
import { formatAccounts } from "./format-accounts.js";

interface NodeTaskArguments {
  hostname?: string;
  port: number;
  chainType?: string;
  chainId: number;
  fork?: string;
  forkBlockNumber: number;
}

const NOT_GIVEN = -1;

/** The `node` task over a network of ours; Hardhat's own action insists on an EDR provider. */
const nodeAction: TaskOverrideActionFunction = async (
  taskArguments,
  hre,
  runSuper,
) => {
  // The options of Hardhat's own definition, which it has validated.
  const args = taskArguments as unknown as NodeTaskArguments;
  const manager = hre.network;
  const params = toConnectionParams(hre.globalOptions.network ?? "node", args);
  if (
    params === undefined ||
    !(manager instanceof ParallelNetworkManager) ||
    !(await manager.isParallel(params))
  ) {
    return await runSuper(taskArguments);
  }

  const connection = await manager.create(params);
  const { networkConfig, provider } = connection;
  await provider.request({
    method: "hardhat_setLoggingEnabled",
    params: [true],
  });
  const hostname =
    args.hostname ?? (existsSync("/.dockerenv") ? "0.0.0.0" : "127.0.0.1");
  const server = await manager.serve(connection, hostname, args.port);
  const { address, port } = await server.listen();

  console.log(
    styleText(
      "green",
      `Started HTTP and WebSocket JSON-RPC server at http://${address}:${port}/`,
    ),
  );
  console.log();
  if (networkConfig.type === "edr-simulated") {
    console.log(await formatAccounts(networkConfig.accounts));
  }

  await server.afterClosed();
};

/**
 * @returns undefined when the arguments make no sense (Hardhat's own action says so) or ask for a
 * fork.
 */
function toConnectionParams(
  network: string,
  args: NodeTaskArguments,
): NetworkConnectionParams<ChainType> | undefined {
  const { chainType, chainId } = args;
  if (args.fork !== undefined || args.forkBlockNumber !== NOT_GIVEN) {
    return undefined;
  }
  if (chainType !== undefined && !isChainType(chainType)) {
    return undefined;
  }
  const override: EdrNetworkConfigOverride =
    chainId === NOT_GIVEN ? {} : { chainId };
  return {
    network,
    override,
    ...(chainType === undefined ? {} : { chainType }),
  };
}

function isChainType(value: string): value is ChainType {
  return value === "generic" || value === "l1" || value === "op";
}

export default nodeAction;
