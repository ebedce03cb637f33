/** The compiler's output, as far as the report wants it. */
import type { ArtifactManager } from "hardhat/types/artifacts";
import type { CompiledContract } from "./contract-index.js";

import { readFile } from "node:fs/promises";

interface BuildInfoOutput {
  readonly output: {
    readonly contracts?: Readonly<
      Record<string, Readonly<Record<string, Omit<CompiledContract, "name">>>>
    >;
  };
}

/** Every contract of the project's builds. */
export async function loadCompiledContracts(
  artifacts: ArtifactManager,
): Promise<CompiledContract[]> {
  const contracts: CompiledContract[] = [];
  for (const id of await artifacts.getAllBuildInfoIds()) {
    const path = await artifacts.getBuildInfoOutputPath(id);
    if (path === undefined) {
      continue;
    }
    const { output } = JSON.parse(
      await readFile(path, "utf8"),
    ) as BuildInfoOutput;
    for (const source of Object.values(output.contracts ?? {})) {
      for (const [name, contract] of Object.entries(source)) {
        contracts.push({ ...contract, name });
      }
    }
  }
  return contracts;
}
