import type { ParamType } from "ethers";
import type { HardhatUserConfig } from "hardhat/config";
import type { Random } from "../../helpers/random.js";

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { Interface } from "ethers";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";

const here = fileURLToPath(import.meta.url);
/** Contracts that the networks of the differential test know by their artifacts. */
export const PROJECT: string = resolve(here, "../solidity-project");

export type ContractName =
  "Scenarios" | "Callee" | "Bare" | "Proxy" | "Arithmetic";

/** They use all gas there is: to be called with little. EDR needs seconds for a block's worth. */
export const ENDLESS_FUNCTIONS: readonly string[] = ["infinite", "burn"];

/** The compiler comes from npm, so that nothing is downloaded. */
export const SOLIDITY_CONFIG: HardhatUserConfig["solidity"] = {
  version: "0.8.28",
  path: resolve(here, "../../../../node_modules/solc-0.8.28/soljson.js"),
  // Code that runs on nearly all forks.
  settings: { optimizer: { enabled: false }, evmVersion: "petersburg" },
};

let built: Promise<void> | undefined;

/** Compiles the project, unless its artifacts are fresh. Before the first network, which reads them. */
export function buildProject(): Promise<void> {
  built ??= (async () => {
    const hre = await createHardhatRuntimeEnvironment(
      { solidity: SOLIDITY_CONFIG },
      {},
      PROJECT,
    );
    await hre.tasks.getTask("build").run({ quiet: true });
  })();
  return built;
}

export interface ProjectContract {
  readonly interface: Interface;
  readonly bytecode: string;
}

const contracts = new Map<ContractName, ProjectContract>();

export function projectContract(name: ContractName): ProjectContract {
  let contract = contracts.get(name);
  if (contract === undefined) {
    const artifact = JSON.parse(
      readFileSync(
        join(PROJECT, `artifacts/contracts/Scenarios.sol/${name}.json`),
        "utf8",
      ),
    ) as { abi: object[]; bytecode: string };
    contract = {
      interface: new Interface(artifact.abi),
      bytecode: artifact.bytecode,
    };
    contracts.set(name, contract);
  }
  return contract;
}

/** Arguments as JSON; a contract's address may be a reference. */
export function randomArguments(
  random: Random,
  inputs: readonly ParamType[],
  address: () => unknown,
): unknown[] {
  return inputs.map((input) => randomArgument(random, input, address));
}

function randomArgument(
  random: Random,
  input: ParamType,
  address: () => unknown,
): unknown {
  switch (input.baseType) {
    case "bool":
      return random.chance(0.5);
    case "address":
      return address();
    case "string":
      return random.pick([
        "",
        "short",
        "%s %d",
        "a text that is longer than the thirty-two bytes of a word",
      ]);
    case "bytes":
      return random.hex(random.below(70));
    case "bytes32":
      return random.hex(32);
    case "int256":
      return random.pick(["0", "-1", "1", "127", "100", "-128"]);
    default:
      return random.weighted<() => string>([
        [10, () => String(random.below(12))],
        [3, () => String(random.below(2000))],
        [1, () => BigInt(random.word()).toString()],
        [0.5, () => random.pick(["13", "666", "777"])],
      ])();
  }
}
