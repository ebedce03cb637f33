import type { Row } from "./helpers/measure.js";
import type { Network } from "./helpers/networks.js";
import type { Bench } from "./index.js";

import { workloadContracts } from "../test/helpers/workloads/compile.js";
import { minedReceipt, NetworkMachine } from "./helpers/machines.js";
import { measure, ratiosOf, timed } from "./helpers/measure.js";
import { closeAll, openNetworks } from "./helpers/networks.js";
import { networkOf, senders } from "./helpers/senders.js";
import { deployPool } from "./works/contracts.js";

const TRANSACTIONS = 400;
/** 25 opcodes each: 12,500 opcodes per transaction. */
const ROUNDS = 500;

/** A transaction of sender `i`, its nonce and fees left out. */
type MakeTransaction = (i: number) => Record<string, string>;

/** Microseconds per transaction to mine a block of 400; queueing is not counted. */
export const blockBench: Bench = async (options) => {
  const accounts = senders(TRANSACTIONS);
  const config = {
    ...networkOf(accounts),
    blockGasLimit: 100_000_000,
    transactionGasCap: false,
  };
  const sides = (
    ["edr", "ours-sequential", "ours-parallel", "anvil"] as const
  ).filter((side) => options.sides?.includes(side) ?? true);
  const networks = await openNetworks(sides.map((side) => ({ side, config })));
  try {
    const addresses = accounts.map(({ address }) => address);
    const scenes: Scene[] = [];
    for (const network of networks) {
      scenes.push(await Scene.prepare(network, addresses));
    }
    const rows: Row[] = [];
    for (const work of ["transfer", "erc20", "swap", "compute"] as const) {
      rows.push(
        ...(await measure(
          {
            name: {
              transfer: `${TRANSACTIONS} ETH transfers`,
              erc20: `${TRANSACTIONS} ERC-20 transfers`,
              swap: `${TRANSACTIONS} Uniswap V3 swaps, one pool`,
              compute: `${TRANSACTIONS} x 12,500 opcodes`,
            }[work],
            unit: "us/tx",
            sides: scenes.map((scene) => ({
              side: scene.network.side,
              sample: () => scene.mine(scene.works[work]),
            })),
          },
          options,
        )),
      );
    }
    const ratios = ratiosOf(rows, [
      ["ours-sequential", "edr"],
      ["ours-parallel", "edr"],
      ["ours-parallel", "ours-sequential"],
      ["ours-sequential", "anvil"],
    ]);
    return { bench: "block", rows, ratios };
  } finally {
    await closeAll(networks);
  }
};

/** Accounts of a network, and work for each of them. */
export class Scene {
  public readonly network: Network;
  public readonly works: Readonly<
    Record<"transfer" | "erc20" | "swap" | "compute", MakeTransaction>
  >;
  readonly #senders: readonly string[];
  readonly #nonces: number[];

  constructor(
    network: Network,
    addresses: readonly string[],
    nonces: readonly number[],
    works: Scene["works"],
  ) {
    this.network = network;
    this.works = works;
    this.#senders = addresses;
    this.#nonces = [...nonces];
  }

  public static async prepare(
    network: Network,
    addresses: readonly string[],
  ): Promise<Scene> {
    const { Token, Work } = workloadContracts();
    if (network.side === "anvil") {
      for (const address of addresses) {
        await network.request("anvil_setBalance", [
          address,
          "0x21e19e0c9bab2400000",
        ]);
      }
    }
    const machine = await NetworkMachine.open(network);
    const deploy = async (initcode: string): Promise<string> => {
      const address = await machine.send({ data: initcode });
      if (address === undefined) {
        throw new Error(`${network.side}: a contract was not created`);
      }
      return address;
    };
    const token = await deploy(Token.initcode);
    const work = await deploy(Work.initcode);
    const pool = await deployPool(machine);
    const encode = Token.interface.encodeFunctionData.bind(Token.interface);
    for (let at = 0; at < addresses.length; at += 100) {
      const holders = addresses.slice(at, at + 100);
      for (const to of [token, ...pool.tokens]) {
        await machine.send({ to, data: encode("fund", [holders, 10n ** 24n]) });
      }
    }
    for (const from of addresses) {
      for (const to of pool.tokens) {
        const hash = await network.request<string>("eth_sendTransaction", [
          { from, to, data: pool.approve, gas: "0x186a0" },
        ]);
        await minedReceipt(network, hash);
      }
    }
    const nonces: number[] = [];
    for (const address of addresses) {
      const params = [address, "latest"];
      nonces.push(
        Number(await network.request("eth_getTransactionCount", params)),
      );
    }
    await network.request("evm_setAutomine", [false]);
    // Every sender has its own receiver: the transactions are independent.
    const receiver = (i: number): string =>
      `0x${(0xbeef_0000 + i).toString(16).padStart(40, "0")}`;
    const run = Work.interface.encodeFunctionData("run", [ROUNDS]);
    return new Scene(network, addresses, nonces, {
      transfer: (i) => ({ to: receiver(i), value: "0x1", gas: "0x5208" }),
      erc20: (i) => ({
        to: token,
        data: Token.interface.encodeFunctionData("transfer", [receiver(i), 1n]),
        gas: "0x186a0",
      }),
      swap: () => ({ to: pool.router, data: pool.swap, gas: "0x30d40" }),
      compute: () => ({ to: work, data: run, gas: "0x20000" }),
    });
  }

  /** Queues one transaction of every sender, and times evm_mine. */
  public async mine(make: MakeTransaction): Promise<number> {
    return await this.#mine(make, 1, false);
  }

  /** Queues `rounds` transactions of every sender, and times from evm_mine to the last one's receipt. */
  public async produce(make: MakeTransaction, rounds: number): Promise<number> {
    return await this.#mine(make, rounds, true);
  }

  async #mine(
    make: MakeTransaction,
    rounds: number,
    toReceipt: boolean,
  ): Promise<number> {
    const { network } = this;
    let last = "";
    for (let round = 0; round < rounds; round++) {
      for (const [i, from] of this.#senders.entries()) {
        last = await network.request<string>("eth_sendTransaction", [
          {
            from,
            nonce: `0x${(this.#nonces[i]++).toString(16)}`,
            maxFeePerGas: "0x174876e800",
            maxPriorityFeePerGas: "0x3b9aca00",
            ...make(i),
          },
        ]);
      }
    }
    const count = rounds * this.#senders.length;
    const milliseconds = await timed(async () => {
      await network.request("evm_mine");
      if (!toReceipt) return;
      // Roots are only made when somebody looks.
      await network.request("eth_getBlockByNumber", ["latest", false]);
      await minedReceipt(network, last);
    });
    const block = await network.request<{
      transactions: string[];
      gasUsed: string;
    }>("eth_getBlockByNumber", ["latest", false]);
    if (block.transactions.length !== count) {
      throw new Error(
        `${network.side}: expected ${count} transactions in the block, got ${block.transactions.length}`,
      );
    }
    return (milliseconds * 1000) / count;
  }
}
