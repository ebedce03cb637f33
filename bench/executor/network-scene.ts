/** A workload on another network: its state set, its transactions queued, and evm_mine timed. */
import type { Address } from "../../src/internal/chain/types.js";
import type { ExecutableTransaction } from "../../src/internal/evm/types.js";
import type { Scenario } from "../../test/helpers/blocks.js";
import type { Network } from "../helpers/networks.js";
import type { Scene } from "./scene.js";

import { hex, word } from "../../test/helpers/blocks.js";
import { timed } from "../helpers/measure.js";

/** Fees that these networks accept; they are no part of the work. */
const FEES = {
  maxFeePerGas: "0x174876e800",
  maxPriorityFeePerGas: "0x3b9aca00",
};

/** Whether a network can be brought to execute it: signatures of delegations are made up, and blocks have no gas limit of their own. */
export function isForNetworks({
  environment,
  transactions,
}: Scenario): boolean {
  const asked = transactions.reduce((sum, tx) => sum + tx.gasLimit, 0n);
  return (
    asked <= environment.gasLimit &&
    transactions.every(({ type }) => type !== 4)
  );
}

export class NetworkScene {
  readonly #network: Network;
  readonly #scenario: Scenario;
  readonly #gasUsed: bigint;
  #snapshot = "";

  constructor(network: Network, scenario: Scenario, gasUsed: bigint) {
    this.#network = network;
    this.#scenario = scenario;
    this.#gasUsed = gasUsed;
  }

  /** @param gasUsed what the block must use. */
  public static async open(
    network: Network,
    scenario: Scenario,
    accounts: ReturnType<Scene["dump"]>,
    gasUsed: bigint,
  ): Promise<NetworkScene> {
    await network.request("evm_setAutomine", [false]);
    for (const [at, account] of accounts) {
      await network.request("hardhat_setBalance", [
        at,
        quantity(account.balance * 10n ** 4n),
      ]);
      if (account.code.length > 0) {
        await network.request("hardhat_setCode", [at, hex(account.code)]);
      }
      for (const [key, value] of account.storage) {
        await network.request("hardhat_setStorageAt", [
          at,
          quantity(BigInt(key)),
          word(BigInt(value)),
        ]);
      }
    }
    const { transactions, environment } = scenario;
    await network.request("hardhat_setCoinbase", [environment.coinbase]);
    for (const from of new Set(transactions.map((tx) => tx.from))) {
      await network.request("hardhat_impersonateAccount", [from]);
    }
    return new NetworkScene(network, scenario, gasUsed);
  }

  /** Microseconds per transaction to mine the block. */
  public async mine(): Promise<number> {
    const { transactions, environment } = this.#scenario;
    const network = this.#network;
    if (this.#snapshot !== "") {
      await network.request("evm_revert", [this.#snapshot]);
    }
    this.#snapshot = await network.request<string>("evm_snapshot", []);
    for (const transaction of transactions) {
      await network.request("eth_sendTransaction", [toRequest(transaction)]);
    }
    await network.request("evm_setNextBlockTimestamp", [
      quantity(environment.timestamp),
    ]);
    const milliseconds = await timed(() => network.request("evm_mine"));
    const block = await network.request<{
      transactions: Address[];
      gasUsed: string;
    }>("eth_getBlockByNumber", ["latest", false]);
    if (
      block.transactions.length !== transactions.length ||
      BigInt(block.gasUsed) !== this.#gasUsed
    ) {
      throw new Error(
        `${network.side}: expected ${transactions.length} transactions and ${this.#gasUsed} gas, got ${block.transactions.length} and ${BigInt(block.gasUsed)}`,
      );
    }
    return (milliseconds * 1000) / transactions.length;
  }
}

function quantity(value: bigint): string {
  return `0x${value.toString(16)}`;
}

function toRequest(tx: ExecutableTransaction): object {
  return {
    from: tx.from,
    ...(tx.to === undefined ? {} : { to: tx.to }),
    nonce: quantity(tx.nonce),
    gas: quantity(tx.gasLimit),
    value: quantity(tx.value),
    data: hex(tx.data),
    ...FEES,
  };
}
