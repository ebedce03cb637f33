import type { EdrNetworkConfig } from "hardhat/types/config";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { ChainType, NetworkConnection } from "hardhat/types/network";
import type { EthereumProvider } from "hardhat/types/providers";

/** Makes the provider of a connection on our engine. */
export type ProviderFactory = (
  hre: HardhatRuntimeEnvironment,
  connection: NetworkConnection<ChainType | string>,
  networkConfig: EdrNetworkConfig,
) => Promise<EthereumProvider>;
