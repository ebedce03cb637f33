import { defineConfig } from "hardhat/config";
import hardhatParallel from "hardhat-parallel";

export default defineConfig({
  plugins: [hardhatParallel],
  parallel: { workers: 2 },
  networks: {
    onEdr: { type: "edr-simulated", parallel: false },
  },
});
