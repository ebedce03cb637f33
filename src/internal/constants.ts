/** Id of the plugin: the npm package's name. */
export const PLUGIN_ID = "hardhat-parallel";

/** Values of the global option `--network-engine`. */
export const NETWORK_ENGINES = ["parallel", "edr"] as const;
export type NetworkEngine = (typeof NETWORK_ENGINES)[number];

/** The main thread is one of the workers. */
export const MAX_WORKERS = 64;

/** Network that `hre.network.create()` means without a name and without `--network`. */
export const DEFAULT_NETWORK_NAME = "default";

/** Gas limit of a block where the config names none. Pinned by test/plugin/chain-options.ts. */
export const DEFAULT_BLOCK_GAS_LIMIT = 60_000_000n;

/** Balance of every account of an HD config that names none, in wei (10,000 ETH). */
export const DEFAULT_ACCOUNT_BALANCE: bigint = 10_000n * 10n ** 18n;
