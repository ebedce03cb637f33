/** Run as a process of its own, for the warning comes once: makes two networks. Argument: "stock" for Hardhat alone. */
import { createHardhatRuntimeEnvironment } from "hardhat/hre";

import plugin from "../../../src/index.js";

const plugins = process.argv[2] === "stock" ? [] : [plugin];
const hre = await createHardhatRuntimeEnvironment({ plugins });
for (let i = 0; i < 2; i++) {
  const { provider } = await hre.network.create({
    override: { hardfork: "amsterdam" },
  });
  process.stdout.write(`${provider.constructor.name}\n`);
}
