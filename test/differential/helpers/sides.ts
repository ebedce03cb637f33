import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { HardhatPlugin } from "hardhat/types/plugins";
import type { EthereumProvider } from "hardhat/types/providers";
import type {
  ConcreteRequest,
  ErrorView,
  NetworkOptions,
  Outcome,
  ProviderEvent,
  Side,
  SideFactory,
} from "./types.js";

import { createHardhatRuntimeEnvironment } from "hardhat/hre";

import { buildProject, PROJECT, SOLIDITY_CONFIG } from "./solidity-project.js";

const NETWORK = "fuzzed";

/** Connections of stock Hardhat: the reference. */
export function edrSides(): SideFactory {
  return hardhatSides("edr", "real", () => Promise.resolve([]));
}

/** Connections of Hardhat with our plugin. */
export function pluginSides(): SideFactory {
  return hardhatSides("ours", "frozen", async () => [
    (await import("../../../src/index.js")).default,
  ]);
}

function hardhatSides(
  name: string,
  clock: SideFactory["clock"],
  loadPlugins: () => Promise<HardhatPlugin[]>,
): SideFactory {
  let environment: Promise<HardhatRuntimeEnvironment> | undefined;
  return {
    name,
    clock,
    async open(config: NetworkOptions): Promise<Side> {
      environment ??= (async () => {
        await buildProject();
        return await createHardhatRuntimeEnvironment(
          {
            plugins: await loadPlugins(),
            solidity: SOLIDITY_CONFIG,
            networks: { [NETWORK]: { type: "edr-simulated" } },
          },
          {},
          PROJECT,
        );
      })();
      const hre = await environment;
      const { chainType, ...override } = config as {
        chainType?: "l1" | "generic";
      };
      const connection = await hre.network.create({
        network: NETWORK,
        chainType: chainType ?? "generic",
        override: override as never,
      });
      return new ProviderSide(name, connection.provider, () =>
        connection.close(),
      );
    },
  };
}

/** Records everything a caller of an EIP-1193 provider can see. */
export class ProviderSide implements Side {
  public readonly name: string;
  readonly #provider: EthereumProvider;
  readonly #close: () => Promise<void>;
  #events: ProviderEvent[] = [];

  constructor(
    name: string,
    provider: EthereumProvider,
    close: () => Promise<void>,
  ) {
    this.name = name;
    this.#provider = provider;
    this.#close = close;
    for (const event of [
      "message",
      "notification",
      "hardhatNetworkRevertSnapshot",
      "accountsChanged",
      "chainChanged",
    ]) {
      provider.on(event, (payload: unknown) =>
        this.#events.push({ event, payload }),
      );
    }
  }

  public async request({ method, params }: ConcreteRequest): Promise<Outcome> {
    const output: string[] = [];
    const restore = captureConsole(output);
    try {
      const result = await this.#provider.request({
        method,
        params: params as unknown[],
      });
      return { result, output };
    } catch (error) {
      return { error: viewError(error), output };
    } finally {
      restore();
    }
  }

  public async takeEvents(): Promise<ProviderEvent[]> {
    // EDR's events arrive over a thread-safe function, somewhat after the answer.
    await new Promise((done) => setTimeout(done, 2));
    const events = this.#events;
    this.#events = [];
    return events;
  }

  public async close(): Promise<void> {
    await this.#close();
  }
}

function captureConsole(lines: string[]): () => void {
  const original = console.log;
  console.log = (...values: unknown[]) => {
    lines.push(values.map(String).join(" "));
  };
  return () => {
    console.log = original;
  };
}

function viewError(error: unknown): ErrorView {
  const { name, code, message, data, transactionHash, stackTrace } =
    error as ErrorView;
  return {
    name,
    code,
    message,
    data,
    ...(transactionHash === undefined ? {} : { transactionHash }),
    ...(stackTrace === undefined ? {} : { stackTrace }),
  };
}
