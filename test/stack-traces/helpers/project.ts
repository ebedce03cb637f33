import type { HardhatUserConfig } from "hardhat/types/config";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { fileURLToPath } from "node:url";

import { createHardhatRuntimeEnvironment } from "hardhat/hre";

import plugin from "../../../src/index.js";

const PROJECT = fileURLToPath(new URL("../project", import.meta.url));

/** How a build is made: the compiler (an npm alias of solc) and its settings. */
export interface BuildVariant {
  readonly name: string;
  readonly compiler: string;
  readonly sources: string;
  readonly settings: Record<string, unknown>;
}

export const VARIANTS: readonly BuildVariant[] = [
  { name: "plain", compiler: "0.8.28", sources: "contracts", settings: {} },
  {
    name: "optimized",
    compiler: "0.8.28",
    sources: "contracts",
    settings: { optimizer: { enabled: true, runs: 200 } },
  },
  {
    name: "via-ir",
    compiler: "0.8.28",
    sources: "contracts",
    settings: { viaIR: true, optimizer: { enabled: true, runs: 200 } },
  },
  ...["0.5.16", "0.7.6"].flatMap((compiler) =>
    [false, true].map((enabled) => ({
      name: `solc-${compiler}${enabled ? "-optimized" : ""}`,
      compiler,
      sources: `contracts-${compiler.slice(0, 3)}`,
      settings: { optimizer: { enabled, runs: 200 } },
    })),
  ),
];

/** The environment of the test project, with its contracts compiled. */
export async function createProject(
  { name, compiler, sources, settings }: BuildVariant,
  config: HardhatUserConfig = {},
): Promise<HardhatRuntimeEnvironment> {
  const hre = await createHardhatRuntimeEnvironment(
    {
      plugins: [plugin],
      solidity: {
        version: compiler,
        path: fileURLToPath(import.meta.resolve(`solc-${compiler}/soljson.js`)),
        settings,
      },
      paths: {
        sources: `./${sources}`,
        artifacts: `./artifacts/${name}`,
        cache: `./cache/${name}`,
      },
      ...config,
    },
    {},
    PROJECT,
  );
  await hre.tasks.getTask("build").run({ quiet: true });
  return hre;
}
