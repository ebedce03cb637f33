import type { SideName } from "./measure.js";

import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { createHardhatRuntimeEnvironment } from "hardhat/hre";
// What npm publishes, not the sources: tsx gives closures names at run time, which costs.
import plugin from "hardhat-parallel";

import { startAnvil } from "./anvil.js";

/** A network under measurement: one request at a time, as a test suite does. */
export interface Network {
  readonly side: SideName;
  request<T = unknown>(method: string, params?: readonly unknown[]): Promise<T>;
  close(): Promise<void>;
}

export interface NetworkWish {
  readonly side: SideName;
  /** Fields of an edr-simulated network. */
  readonly config?: Readonly<Record<string, unknown>>;
}

const PROJECT = resolve(fileURLToPath(import.meta.url), "../empty-project");

/** undefined when the side is not on this machine (Anvil is optional). */
export async function openNetwork({
  side,
  config = {},
}: NetworkWish): Promise<Network | undefined> {
  if (side === "anvil") {
    return await startAnvil(config);
  }
  const workers = side === "ours-sequential" ? 1 : ("auto" as const);
  const hre = await createHardhatRuntimeEnvironment(
    {
      plugins: side === "edr" ? [] : [plugin],
      networks: { bench: { type: "edr-simulated", ...config } },
      ...(side === "edr" ? {} : { parallel: { workers } }),
    },
    {},
    join(PROJECT),
  );
  const connection = await hre.network.create({ network: "bench" });
  return {
    side,
    request: async <T>(method: string, params: readonly unknown[] = []) =>
      (await connection.provider.request({ method, params: [...params] })) as T,
    close: () => connection.close(),
  };
}

export async function openNetworks(
  wishes: readonly NetworkWish[],
): Promise<Network[]> {
  const networks: Network[] = [];
  for (const wish of wishes) {
    const network = await openNetwork(wish);
    if (network !== undefined) {
      networks.push(network);
    }
  }
  return networks;
}

export async function closeAll(networks: readonly Network[]): Promise<void> {
  for (const network of networks) {
    await network.close();
  }
}
