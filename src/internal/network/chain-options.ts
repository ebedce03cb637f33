import type { EdrNetworkConfig } from "hardhat/types/config";
import type { ParallelConfig } from "../../types.js";
import type { ChainOptions } from "../chain/chain-interface.js";

import { DEFAULT_BLOCK_GAS_LIMIT } from "../constants.js";
import { areAccountsDerivable, getOwnedAccounts } from "./accounts.js";

/**
 * False for the few configs that pass validation and that Hardhat refuses only when it makes the
 * network: its own manager then says why.
 */
export function isBuildable(config: EdrNetworkConfig): boolean {
  return (
    areAccountsDerivable(config.accounts) &&
    config.blockGasLimit !== 0n &&
    toSeconds(config.initialDate) >= 0
  );
}

/** What the chain needs of a network's config and of the `parallel` section. */
export async function toChainOptions(
  config: EdrNetworkConfig,
  parallel: ParallelConfig,
): Promise<ChainOptions> {
  return {
    chainId: BigInt(config.chainId),
    networkId: BigInt(config.networkId),
    hardfork: config.hardfork,
    accounts: await getOwnedAccounts(config.accounts),
    coinbase: `0x${Buffer.from(config.coinbase).toString("hex")}`,
    blockGasLimit: config.blockGasLimit ?? DEFAULT_BLOCK_GAS_LIMIT,
    transactionGasCap: config.transactionGasCap,
    initialBaseFeePerGas: config.initialBaseFeePerGas,
    initialDate: BigInt(toSeconds(config.initialDate)),
    minGasPrice: config.minGasPrice,
    mempoolOrder: config.mining.mempool.order,
    automine: config.mining.auto,
    gasEstimationMode: config.gasEstimationMode,
    allowBlocksWithSameTimestamp: config.allowBlocksWithSameTimestamp,
    allowUnlimitedContractSize: config.allowUnlimitedContractSize ?? false,
    execution: {
      parallel: parallel.workers !== 1,
      workers: parallel.workers === "auto" ? undefined : parallel.workers,
    },
  };
}

function toSeconds(date: string | Date): number {
  return Math.floor(new Date(date).getTime() / 1000);
}
