/**
 * Run as a process of its own: uses a network, and writes as JSON what of EDR there was.
 * Argument: "ethers" to use it through hardhat-ethers.
 */
import type { HardhatPlugin } from "hardhat/types/plugins";

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const created: string[] = [];
const usesEthers = process.argv[2] === "ethers";

if (usesEthers) {
  // hardhat-ethers loads EDR's library; whoever imports it gets these instead.
  const edr = require("@nomicfoundation/edr") as Record<string, object>;
  const { EdrContext, ContractDecoder } = edr;
  edr.EdrContext = watch("EdrContext", EdrContext);
  edr.ContractDecoder = watch("ContractDecoder", ContractDecoder);
}

/** Notes every construction, and every use of a static method. */
function watch(name: string, watched: object): object {
  return new Proxy(watched, {
    construct: (target, args, newTarget) => {
      created.push(name);
      return Reflect.construct(target as new () => object, args, newTarget);
    },
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      if (typeof value === "function") {
        created.push(`${name}.${String(key)}`);
      }
      return value;
    },
  });
}

const { createHardhatRuntimeEnvironment } = await import("hardhat/hre");
const { default: plugin } = await import("../../../src/index.js");
const plugins: HardhatPlugin[] = [plugin];
if (usesEthers) {
  const { default: ethers } = await import("@nomicfoundation/hardhat-ethers");
  plugins.push(ethers);
}

const network = process.argv[3] ?? "default";
const hre = await createHardhatRuntimeEnvironment({
  plugins,
  networks: { stock: { type: "edr-simulated", parallel: false } },
});
const connection = await hre.network.create(network);
const { provider } = connection;
const [from, to] = (await provider.request({
  method: "eth_accounts",
})) as string[];
await provider.request({
  method: "eth_sendTransaction",
  params: [{ from, to, value: "0x1" }],
});
if ("ethers" in connection) {
  const { ethers } = connection as unknown as {
    ethers: { provider: { getBlockNumber(): Promise<number> } };
  };
  await ethers.provider.getBlockNumber();
}
await connection.close();

// The report's types lack both; without `excludeNetwork` it asks the name server.
const report: unknown = Object.assign(process.report, {
  excludeNetwork: true,
}).getReport();
const { sharedObjects } = report as { sharedObjects: string[] };
process.stdout.write(
  JSON.stringify({
    engine: provider.constructor.name,
    libraries: sharedObjects.filter((path) => /edr[^/]*\.node$/.test(path))
      .length,
    created,
  }),
);
