import { fileURLToPath } from "node:url";

import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import hardhatEthersChaiMatchers from "@nomicfoundation/hardhat-ethers-chai-matchers";
import hardhatMocha from "@nomicfoundation/hardhat-mocha";
import hardhatNetworkHelpers from "@nomicfoundation/hardhat-network-helpers";
import { defineConfig } from "hardhat/config";
import hardhatParallel from "hardhat-parallel";

// The compilers come from npm, so that a build needs no download.
const compiler = (version: string, runs: number) => ({
  version,
  path: fileURLToPath(import.meta.resolve(`solc-${version}/soljson.js`)),
  settings: { optimizer: { enabled: true, runs } },
});

export default defineConfig({
  plugins: [
    hardhatEthers,
    hardhatEthersChaiMatchers,
    hardhatMocha,
    hardhatNetworkHelpers,
    hardhatParallel,
  ],
  solidity: {
    compilers: [
      compiler("0.5.16", 999_999),
      compiler("0.7.6", 800),
      compiler("0.8.28", 200),
    ],
    npmFilesToBuild: [
      "@uniswap/v2-core/contracts/UniswapV2Factory.sol",
      "@uniswap/v2-core/contracts/UniswapV2Pair.sol",
    ],
  },
  // Long blocks, queued one transaction at a time: stock EDR executes the pending block anew for each.
  test: { mocha: { timeout: 240_000 } },
  networks: {
    default: {
      type: "edr-simulated",
      chainType: "l1",
      // A trading day has more traders than the usual 20 accounts, and longer blocks.
      accounts: { count: 100 },
      blockGasLimit: 100_000_000n,
    },
  },
});
