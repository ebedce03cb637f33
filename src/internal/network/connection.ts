import type { NetworkConfig } from "hardhat/types/config";
import type { ChainType, NetworkConnection } from "hardhat/types/network";
import type { EthereumProvider } from "hardhat/types/providers";

/** What a connection has of itself: other plugins add fields to it (`ethers`, …), and to its type. */
type OwnFields =
  "id" | "networkName" | "networkConfig" | "chainType" | "provider" | "close";

/** A connection to one of our networks. */
export class NetworkConnectionImplementation<
  ChainTypeT extends ChainType | string,
> implements Pick<NetworkConnection<ChainTypeT>, OwnFields> {
  public readonly id: number;
  public readonly networkName: string;
  public readonly networkConfig: Readonly<NetworkConfig>;
  public readonly chainType: ChainTypeT;

  #provider: EthereumProvider | undefined;
  readonly #close: (connection: NetworkConnection<ChainTypeT>) => Promise<void>;

  /**
   * @param createProvider Gets the connection, because every request of the provider carries it
   * through the `onRequest` hooks.
   * @param close Runs the `closeConnection` hooks.
   */
  public static async create<ChainTypeT extends ChainType | string>(
    id: number,
    networkName: string,
    chainType: ChainTypeT,
    networkConfig: NetworkConfig,
    createProvider: (
      connection: NetworkConnection<ChainTypeT>,
    ) => Promise<EthereumProvider>,
    close: (connection: NetworkConnection<ChainTypeT>) => Promise<void>,
  ): Promise<NetworkConnection<ChainTypeT>> {
    const connection = new NetworkConnectionImplementation(
      id,
      networkName,
      chainType,
      networkConfig,
      close,
    );
    const complete: unknown = connection;
    const asHooksSeeIt = complete as NetworkConnection<ChainTypeT>;
    connection.#provider = await createProvider(asHooksSeeIt);
    return asHooksSeeIt;
  }

  /** Without a provider yet: use `create`. */
  public constructor(
    id: number,
    networkName: string,
    chainType: ChainTypeT,
    networkConfig: NetworkConfig,
    close: (connection: NetworkConnection<ChainTypeT>) => Promise<void>,
  ) {
    this.id = id;
    this.networkName = networkName;
    this.chainType = chainType;
    this.networkConfig = networkConfig;
    this.#close = close;

    // Users take the methods of a connection apart: `const { close } = await network.create()`.
    this.close = this.close.bind(this);
  }

  // On the prototype, so that plugins can shadow it with a property of the connection.
  public get provider(): EthereumProvider {
    return this.#provider!;
  }

  public async close(): Promise<void> {
    const self: unknown = this;
    await this.#close(self as NetworkConnection<ChainTypeT>);
  }
}
