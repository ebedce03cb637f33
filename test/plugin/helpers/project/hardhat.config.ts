import { defineConfig } from "hardhat/config";

import hardhatParallel from "../../../../src/index.js";

export default defineConfig({
  plugins: [hardhatParallel],
  networks: {
    short: {
      type: "edr-simulated",
      accounts: {
        mnemonic:
          "legal winner thank year wave sausage worth useful legal winner thank yellow",
        count: 2,
        accountsBalance: "3000000000000000000",
      },
    },
  },
});
