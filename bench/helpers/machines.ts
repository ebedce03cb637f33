import type { SideName } from "./measure.js";
import type { Network } from "./networks.js";

/** A message to be executed without being mined. */
export interface Call {
  readonly to: string;
  readonly data: string;
}

/** Something that executes calls on code that it was given. */
export interface Machine {
  readonly side: SideName;
  setCode(address: string, code: string): Promise<void>;
  /** Returns the output; what it wrote is gone. */
  call(call: Call): Promise<string>;
  /** Executes for good, from the same account as all else. Returns the address of what was created. */
  send(message: Partial<Call> & { data: string }): Promise<string | undefined>;
}

/** Gas of each message executed without being mined: far more than it takes. */
export const GAS = 60_000_000;
/** Gas of a transaction: below the cap of EIP-7825. */
const TRANSACTION_GAS = 16_000_000;

/** A network behind JSON-RPC. */
export class NetworkMachine implements Machine {
  public readonly side: SideName;
  readonly #network: Network;
  readonly #from: string;

  constructor(network: Network, from: string) {
    this.side = network.side;
    this.#network = network;
    this.#from = from;
  }

  public static async open(network: Network): Promise<NetworkMachine> {
    const [from] = await network.request<string[]>("eth_accounts");
    return new NetworkMachine(network, from);
  }

  public async setCode(address: string, code: string): Promise<void> {
    const method = this.side === "anvil" ? "anvil_setCode" : "hardhat_setCode";
    await this.#network.request(method, [address, code]);
  }

  public call({ to, data }: Call): Promise<string> {
    const message = { from: this.#from, to, data, gas: hex(GAS) };
    return this.#network.request("eth_call", [message, "latest"]);
  }

  public async send(
    message: Partial<Call> & { data: string },
  ): Promise<string | undefined> {
    const hash = await this.#network.request<string>("eth_sendTransaction", [
      { from: this.#from, gas: hex(TRANSACTION_GAS), ...message },
    ]);
    const receipt = await minedReceipt(this.#network, hash);
    if (receipt.status !== "0x1") {
      throw new Error(`${this.side}: a transaction of the benchmark failed`);
    }
    return receipt.contractAddress ?? undefined;
  }
}

export interface Receipt {
  readonly status: string;
  readonly contractAddress: string | null;
}

/** Anvil answers a send before the block is there. */
export async function minedReceipt(
  network: Network,
  hash: string,
): Promise<Receipt> {
  for (;;) {
    const receipt = await network.request<Receipt | null>(
      "eth_getTransactionReceipt",
      [hash],
    );
    if (receipt !== null) return receipt;
    await new Promise((done) => setTimeout(done, 5));
  }
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
