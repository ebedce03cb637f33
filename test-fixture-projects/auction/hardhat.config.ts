import { fileURLToPath } from "node:url";

import hardhatNetworkHelpers from "@nomicfoundation/hardhat-network-helpers";
import hardhatNodeTestRunner from "@nomicfoundation/hardhat-node-test-runner";
import hardhatViem from "@nomicfoundation/hardhat-viem";
import hardhatViemAssertions from "@nomicfoundation/hardhat-viem-assertions";
import { defineConfig } from "hardhat/config";
import hardhatParallel from "hardhat-parallel";

export default defineConfig({
  plugins: [
    hardhatNetworkHelpers,
    hardhatNodeTestRunner,
    hardhatParallel,
    hardhatViem,
    hardhatViemAssertions,
  ],
  solidity: {
    version: "0.8.28",
    // From npm, so that a build needs no download.
    path: fileURLToPath(import.meta.resolve("solc-0.8.28/soljson.js")),
    settings: { optimizer: { enabled: true, runs: 200 } },
  },
});
