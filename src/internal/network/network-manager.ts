import type { EdrNetworkConfig, NetworkConfig } from "hardhat/types/config";
import type { NetworkHooks } from "hardhat/types/hooks";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type {
  CachedNetworkConnectionParams,
  ChainType,
  DefaultChainType,
  JsonRpcServer,
  NetworkConnection,
  NetworkConnectionParams,
  NetworkManager,
} from "hardhat/types/network";
import type { NetworkEngine } from "../constants.js";
import type { ProviderFactory } from "./provider-factory.js";

import { AsyncLocalStorage } from "node:async_hooks";

import { DEFAULT_NETWORK_NAME } from "../constants.js";
import { isBuildable } from "./chain-options.js";
import { resolveOverriddenNetwork } from "./config-override.js";
import { NetworkConnectionImplementation } from "./connection.js";
import { chooseEngine, tellWhyOnEdr } from "./engine-choice.js";

/** A connection that is to be made: on our engine, or by Hardhat's own manager. */
type Plan<ChainTypeT extends ChainType | string> =
  | {
      readonly engine: "parallel";
      readonly networkName: string;
      readonly chainType: ChainTypeT;
      readonly networkConfig: EdrNetworkConfig;
    }
  | { readonly engine: "hardhat" };

type AnyConnection = NetworkConnection<ChainType | string>;

/**
 * Takes the place of `hre.network`. It makes the connections of simulated networks, and leaves all
 * others to Hardhat's own manager, as well as every request that Hardhat answers with an error: so
 * those errors stay Hardhat's.
 */
export class ParallelNetworkManager implements NetworkManager {
  readonly #hre: HardhatRuntimeEnvironment;
  readonly #original: NetworkManager;
  readonly #engineOption: NetworkEngine | undefined;
  readonly #createProvider: ProviderFactory;

  readonly #cache = new Map<string, Promise<AnyConnection>>();
  readonly #handedOver = new AsyncLocalStorage<AnyConnection>();
  #nextConnectionId = 0;
  #connectCalled = false;

  /** @param original What `hre.network` was before. */
  constructor(
    hre: HardhatRuntimeEnvironment,
    original: NetworkManager,
    engineOption: NetworkEngine | undefined,
    createProvider: ProviderFactory,
  ) {
    this.#hre = hre;
    this.#original = original;
    this.#engineOption = engineOption;
    this.#createProvider = createProvider;
  }

  public async create<ChainTypeT extends ChainType | string = DefaultChainType>(
    networkOrParams?: NetworkConnectionParams<ChainTypeT> | string,
  ): Promise<NetworkConnection<ChainTypeT>> {
    const plan = await this.#plan(networkOrParams);
    return plan.engine === "parallel"
      ? await this.#connect(plan)
      : await this.#original.create(networkOrParams);
  }

  public async connect<
    ChainTypeT extends ChainType | string = DefaultChainType,
  >(
    networkOrParams?: NetworkConnectionParams<ChainTypeT> | string,
  ): Promise<NetworkConnection<ChainTypeT>> {
    this.#connectCalled = true;
    return await this.create(networkOrParams);
  }

  public async getOrCreate<
    ChainTypeT extends ChainType | string = DefaultChainType,
  >(
    networkOrParams?: CachedNetworkConnectionParams<ChainTypeT> | string,
  ): Promise<NetworkConnection<ChainTypeT>> {
    if (typeof networkOrParams === "object" && "override" in networkOrParams) {
      return await this.#original.getOrCreate(networkOrParams);
    }
    const plan = await this.#plan(networkOrParams);
    if (plan.engine !== "parallel") {
      return await this.#original.getOrCreate(networkOrParams);
    }

    const key = JSON.stringify([plan.networkName, plan.chainType]);
    let connection = this.#cache.get(key);
    if (connection === undefined) {
      connection = this.#connect(plan);
      this.#cache.set(key, connection);
      // A connection that could not be made is tried again by the next caller.
      connection.catch(() => this.#cache.delete(key));
    }
    return (await connection) as NetworkConnection<ChainTypeT>;
  }

  public async createServer<
    ChainTypeT extends ChainType | string = DefaultChainType,
  >(
    networkOrParams?: NetworkConnectionParams<ChainTypeT> | string,
    hostname?: string,
    port?: number,
  ): Promise<JsonRpcServer> {
    const plan = await this.#plan(networkOrParams);
    return plan.engine === "parallel"
      ? await this.serve(await this.#connect(plan), hostname, port)
      : await this.#original.createServer(networkOrParams, hostname, port);
  }

  /** Whether `connect`, which is deprecated, was called: Hardhat's CLI asks at exit. */
  public wasConnectCalled(): boolean {
    return this.#connectCalled;
  }

  /** Whether a connection with these parameters would run on our engine. */
  public async isParallel(
    networkOrParams?: NetworkConnectionParams<ChainType | string> | string,
  ): Promise<boolean> {
    return (await this.#plan(networkOrParams)).engine === "parallel";
  }

  /**
   * A JSON-RPC server for a connection of ours.
   *
   * Hardhat's server is not public, but the way to it is: its manager makes a server for the
   * connection that the `newConnection` hooks return, and our handler, the outermost, returns this
   * one.
   */
  public async serve(
    connection: AnyConnection,
    hostname?: string,
    port?: number,
  ): Promise<JsonRpcServer> {
    const storage = this.#handedOver;
    const handlers: Partial<NetworkHooks> = {
      newConnection: async (context, next) =>
        // The connection's type was forgotten when it was handed over; nobody asks for it.
        (storage.getStore() as Awaited<ReturnType<typeof next>> | undefined) ??
        (await next(context)),
    };
    const { hooks } = this.#hre;
    hooks.registerHandlers("network", handlers);
    try {
      return await storage.run(
        connection,
        async () =>
          await this.#original.createServer(
            connection.networkName,
            hostname,
            port,
          ),
      );
    } finally {
      hooks.unregisterHandlers("network", handlers);
    }
  }

  async #plan<ChainTypeT extends ChainType | string>(
    networkOrParams: NetworkConnectionParams<ChainTypeT> | string | undefined,
  ): Promise<Plan<ChainTypeT>> {
    const { config, globalOptions, hooks } = this.#hre;
    const params =
      typeof networkOrParams === "string"
        ? { network: networkOrParams }
        : (networkOrParams ?? {});
    const networkName =
      params.network ?? globalOptions.network ?? DEFAULT_NETWORK_NAME;
    const existing = config.networks[networkName];
    if (existing?.type !== "edr-simulated") {
      return { engine: "hardhat" };
    }

    const chainType = (params.chainType ??
      existing.chainType ??
      config.defaultChainType) as ChainTypeT;
    const networkConfig = await this.#resolve(
      networkName,
      existing,
      chainType,
      params,
    );
    if (networkConfig?.type !== "edr-simulated") {
      return { engine: "hardhat" };
    }

    const answer = chooseEngine({
      networkName,
      networkConfig,
      chainType,
      enabled: config.parallel.enabled,
      engineOption: this.#engineOption,
      wantsCoverage: await hooks.hasHandlers("network", "onCoverageData"),
      verbosity: globalOptions.verbosity,
    });
    if (answer.engine === "parallel") {
      return isBuildable(networkConfig)
        ? { engine: "parallel", networkName, chainType, networkConfig }
        : { engine: "hardhat" };
    }
    if (answer.reason !== undefined) {
      tellWhyOnEdr(networkName, answer.reason);
    }
    return answer;
  }

  /** The network's config with the override and the chain type, or undefined when they are wrong. */
  async #resolve(
    networkName: string,
    existing: NetworkConfig,
    chainType: ChainType | string,
    params: NetworkConnectionParams<ChainType | string>,
  ): Promise<NetworkConfig | undefined> {
    const { config, hooks, userConfig } = this.#hre;
    const override = params.override ?? {};
    if (Object.keys(override).length === 0) {
      if (chainType === existing.chainType) {
        return existing;
      }
      if (
        existing.chainType === undefined &&
        chainType === config.defaultChainType
      ) {
        return { ...existing, chainType: chainType as ChainType };
      }
    }
    if (
      ("type" in override && override.type !== existing.type) ||
      ("chainType" in override && override.chainType !== existing.chainType)
    ) {
      return undefined;
    }
    return await resolveOverriddenNetwork(
      hooks,
      userConfig,
      config,
      networkName,
      chainType,
      override,
    );
  }

  async #connect<ChainTypeT extends ChainType | string>(
    plan: Plan<ChainTypeT> & { readonly engine: "parallel" },
  ): Promise<NetworkConnection<ChainTypeT>> {
    const { hooks } = this.#hre;
    const connection = await hooks.runHandlerChain(
      "network",
      "newConnection",
      [],
      async () =>
        await makeConnection(
          this.#hre,
          this.#createProvider,
          plan,
          this.#nextConnectionId++,
        ),
    );
    return connection as NetworkConnection<ChainTypeT>;
  }
}

/** Outside the class: a connection must not hold on to the manager, which caches connections. */
async function makeConnection(
  hre: HardhatRuntimeEnvironment,
  createProvider: ProviderFactory,
  plan: Plan<ChainType | string> & { readonly engine: "parallel" },
  id: number,
): Promise<AnyConnection> {
  const { hooks } = hre;
  return await NetworkConnectionImplementation.create<ChainType | string>(
    id,
    plan.networkName,
    plan.chainType,
    plan.networkConfig,
    async (made) => await createProvider(hre, made, plan.networkConfig),
    async (closed) => {
      await hooks.runHandlerChain(
        "network",
        "closeConnection",
        [closed],
        async (_context, innermost) => {
          await innermost.provider.close();
        },
      );
    },
  );
}
