import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { createEVM, type EVM } from "@ethereumjs/evm";
import { Account, createAddressFromString, hexToBytes } from "@ethereumjs/util";

/** `@ethereumjs/evm` with its simplest state. */
export class EthereumjsMachine {
  public readonly side = "ethereumjs";
  readonly #evm: EVM;

  constructor(evm: EVM) {
    this.#evm = evm;
  }

  public static async create(): Promise<EthereumjsMachine> {
    const common = new Common({ chain: Mainnet, hardfork: Hardfork.Prague });
    return new EthereumjsMachine(await createEVM({ common }));
  }

  public async setCode(address: string, code: string): Promise<void> {
    const at = createAddressFromString(address);
    await this.#evm.stateManager.putAccount(at, new Account());
    await this.#evm.stateManager.putCode(at, hexToBytes(code as `0x${string}`));
  }

  public async call(to: string, data: string): Promise<unknown> {
    const { execResult } = await this.#evm.runCall({
      to: createAddressFromString(to),
      data: hexToBytes(data as `0x${string}`),
      gasLimit: 60_000_000n,
      skipBalance: true,
    });
    // What the call wrote must not make the next one cheaper.
    if (execResult.exceptionError !== undefined) {
      throw new Error(`ethereumjs: ${execResult.exceptionError.error}`);
    }
    return execResult.returnValue;
  }
}
