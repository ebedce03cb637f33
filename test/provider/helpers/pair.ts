/** The same network twice: on Hardhat's own engine, and on our provider. */
import type { EdrNetworkConfig } from "hardhat/types/config";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { ChainType, NetworkConnection } from "hardhat/types/network";
import type { EthereumProvider } from "hardhat/types/providers";
import type { Chain } from "../../../src/internal/chain/chain-interface.js";
import type { ProviderOptions } from "../../../src/internal/provider/provider.js";
import type { ParallelConfig } from "../../../src/types.js";

import { createHardhatRuntimeEnvironment } from "hardhat/hre";

import { createChain } from "../../../src/internal/chain/chain.js";
import { toChainOptions } from "../../../src/internal/network/chain-options.js";
import { ParallelProvider } from "../../../src/internal/provider/provider.js";

const GENESIS_DATE = "2030-01-01T00:00:00Z";

export interface Pair {
  readonly edr: EthereumProvider;
  readonly ours: ParallelProvider;
  readonly chain: Chain;
  close(): Promise<void>;
}

let environment: Promise<HardhatRuntimeEnvironment> | undefined;

/**
 * @param override of the network's config; the genesis date is fixed.
 * @param options of our provider.
 */
export async function openPair(
  override: Record<string, unknown> = {},
  options: Partial<ProviderOptions> = {},
): Promise<Pair> {
  environment ??= createHardhatRuntimeEnvironment(
    { networks: { pair: { type: "edr-simulated" } } },
    {},
    import.meta.dirname,
  );
  const hre = await environment;
  const { chainType = "l1", ...network } = override as {
    chainType?: "l1" | "generic";
  };
  const networkOverride: unknown = { initialDate: GENESIS_DATE, ...network };
  const connection = await hre.network.create({
    network: "pair",
    chainType,
    override: networkOverride as never,
  });
  const { chain, provider } = await openOurs(hre, connection, options);
  return {
    edr: connection.provider,
    ours: provider,
    chain,
    close: async () => {
      await connection.close();
      await provider.close();
    },
  };
}

async function openOurs(
  hre: HardhatRuntimeEnvironment,
  connection: NetworkConnection<ChainType | string>,
  options: Partial<ProviderOptions>,
): Promise<{ chain: Chain; provider: ParallelProvider }> {
  const config = connection.networkConfig as EdrNetworkConfig;
  const parallel: Partial<ParallelConfig> = { workers: 1 };
  const chain = createChain(
    await toChainOptions(config, parallel as ParallelConfig),
  );
  const provider: ParallelProvider = new ParallelProvider({
    chain,
    throwOnCallFailures: config.throwOnCallFailures,
    throwOnTransactionFailures: config.throwOnTransactionFailures,
    loggingEnabled: config.loggingEnabled,
    hardhatVersion: "3.18.0",
    requestWrapper: async (request, next) =>
      await hre.hooks.runHandlerChain(
        "network",
        "onRequest",
        [ourConnection, request],
        async (_context, _connection, inner) => await next(inner),
      ),
    ...options,
  });
  // Hardhat's hooks keep what they know of a connection by its identity.
  const ourConnection = Object.create(connection, {
    provider: { value: provider },
  }) as NetworkConnection<ChainType | string>;
  return { chain, provider };
}

export interface Answer {
  readonly result?: unknown;
  readonly error?: Record<string, unknown>;
}

/** What a caller sees of a request. */
export async function ask(
  provider: EthereumProvider,
  method: string,
  params: unknown[] = [],
): Promise<Answer> {
  try {
    // Hardhat's hooks fill in fields of the objects they are given.
    const result = (await provider.request({
      method,
      params: structuredClone(params),
    })) as unknown;
    return { result };
  } catch (error) {
    const { name, code, message, data, transactionHash, stackTrace } =
      error as Record<string, unknown>;
    return {
      error: { name, code, message, data, transactionHash, stackTrace },
    };
  }
}
