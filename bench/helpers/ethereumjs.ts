import type { Call, Machine } from "./machines.js";

import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { createEVM, type EVM } from "@ethereumjs/evm";
import {
  Account,
  type Address,
  bytesToHex,
  createAddressFromString,
  hexToBytes,
} from "@ethereumjs/util";

import { GAS } from "./machines.js";

const FROM = createAddressFromString(
  "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
);

/** `@ethereumjs/evm` with its simplest state. */
export class EthereumjsMachine implements Machine {
  public readonly side = "ethereumjs";
  readonly #evm: EVM;
  #nonce = 0n;

  constructor(evm: EVM) {
    this.#evm = evm;
  }

  public static async create(): Promise<EthereumjsMachine> {
    const common = new Common({ chain: Mainnet, hardfork: Hardfork.Osaka });
    return new EthereumjsMachine(await createEVM({ common }));
  }

  public async setCode(address: string, code: string): Promise<void> {
    const at = createAddressFromString(address);
    await this.#evm.stateManager.putAccount(at, new Account());
    await this.#evm.stateManager.putCode(at, hexToBytes(code as `0x${string}`));
  }

  public async call(call: Call): Promise<string> {
    const { stateManager } = this.#evm;
    await stateManager.checkpoint();
    const { output } = await this.#run(call);
    await stateManager.revert();
    return output;
  }

  public async send(
    message: Partial<Call> & { data: string },
  ): Promise<string | undefined> {
    // A transaction would count the sender's nonce; a message does not.
    const sender = new Account(++this.#nonce, 10n ** 24n);
    await this.#evm.stateManager.putAccount(FROM, sender);
    const { created } = await this.#run(message);
    return created?.toString();
  }

  async #run({ to, data }: Partial<Call> & { data: string }): Promise<{
    output: string;
    created: Address | undefined;
  }> {
    const { execResult, createdAddress } = await this.#evm.runCall({
      caller: FROM,
      origin: FROM,
      to: to === undefined ? undefined : createAddressFromString(to),
      data: hexToBytes(data as `0x${string}`),
      gasLimit: BigInt(GAS),
      skipBalance: true,
    });
    if (execResult.exceptionError !== undefined) {
      throw new Error(`ethereumjs: ${execResult.exceptionError.error}`);
    }
    const output = bytesToHex(execResult.returnValue);
    return { output, created: createdAddress };
  }
}
