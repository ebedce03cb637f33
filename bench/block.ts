import type { Row } from "./helpers/measure.js";
import type { Network } from "./helpers/networks.js";
import type { Bench } from "./index.js";

import { setTimeout as sleep } from "node:timers/promises";

import { workloadContracts } from "../test/helpers/workloads/compile.js";
import { measure, ratiosOf, timed } from "./helpers/measure.js";
import { closeAll, openNetworks } from "./helpers/networks.js";
import { senders } from "./helpers/senders.js";

const TRANSACTIONS = 400;
/** 25 opcodes each: 12,500 opcodes per transaction. */
const ROUNDS = 500;

/** A transaction of sender `i`, its nonce and fees left out. */
type MakeTransaction = (i: number) => Record<string, string>;

/** Microseconds per transaction to mine a block of 400; queueing is not counted. */
export const blockBench: Bench = async (options) => {
  const accounts = senders(TRANSACTIONS);
  const config = {
    accounts: accounts.map(({ privateKey }) => ({
      privateKey,
      balance: "10000000000000000000000",
    })),
    initialDate: "2030-01-01T00:00:00Z",
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
    for (const work of ["transfer", "erc20", "compute"] as const) {
      rows.push(
        ...(await measure(
          {
            name: {
              transfer: `${TRANSACTIONS} ETH transfers`,
              erc20: `${TRANSACTIONS} ERC-20 transfers`,
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

class Scene {
  public readonly network: Network;
  public readonly works: Readonly<
    Record<"transfer" | "erc20" | "compute", MakeTransaction>
  >;
  readonly #senders: readonly string[];
  readonly #nonces: number[];

  constructor(
    network: Network,
    addresses: readonly string[],
    nonce: number,
    works: Scene["works"],
  ) {
    this.network = network;
    this.works = works;
    this.#senders = addresses;
    this.#nonces = addresses.map((_, i) => (i === 0 ? nonce : 0));
  }

  public static async prepare(
    network: Network,
    addresses: readonly string[],
  ): Promise<Scene> {
    const { Token, Work } = workloadContracts();
    const [from] = addresses;
    if (network.side === "anvil") {
      for (const address of addresses) {
        await network.request("anvil_setBalance", [
          address,
          "0x21e19e0c9bab2400000",
        ]);
      }
    }
    const send = async (transaction: object): Promise<string> => {
      const hash = await network.request<string>("eth_sendTransaction", [
        { from, gas: "0xf42400", ...transaction },
      ]);
      const receipt = await receiptOf(network, hash);
      if (receipt.status !== "0x1") {
        throw new Error(
          `${network.side}: preparing the block benchmark failed`,
        );
      }
      return receipt.contractAddress;
    };
    const token = await send({ data: Token.initcode });
    const work = await send({ data: Work.initcode });
    let nonce = 2;
    for (let at = 0; at < addresses.length; at += 100) {
      const holders = addresses.slice(at, at + 100);
      await send({
        to: token,
        data: Token.interface.encodeFunctionData("fund", [holders, 10n ** 24n]),
      });
      nonce++;
    }
    await network.request("evm_setAutomine", [false]);
    // Every sender has its own receiver: the transactions are independent.
    const receiver = (i: number): string =>
      `0x${(0xbeef_0000 + i).toString(16).padStart(40, "0")}`;
    const run = Work.interface.encodeFunctionData("run", [ROUNDS]);
    return new Scene(network, addresses, nonce, {
      transfer: (i) => ({ to: receiver(i), value: "0x1", gas: "0x5208" }),
      erc20: (i) => ({
        to: token,
        data: Token.interface.encodeFunctionData("transfer", [receiver(i), 1n]),
        gas: "0x186a0",
      }),
      compute: () => ({ to: work, data: run, gas: "0x20000" }),
    });
  }

  /** Queues one transaction of every sender, and times evm_mine. */
  public async mine(make: MakeTransaction): Promise<number> {
    const { network } = this;
    for (const [i, from] of this.#senders.entries()) {
      await network.request("eth_sendTransaction", [
        {
          from,
          nonce: `0x${(this.#nonces[i]++).toString(16)}`,
          maxFeePerGas: "0x174876e800",
          maxPriorityFeePerGas: "0x3b9aca00",
          ...make(i),
        },
      ]);
    }
    const milliseconds = await timed(() => network.request("evm_mine"));
    const block = await network.request<{
      transactions: string[];
      gasUsed: string;
    }>("eth_getBlockByNumber", ["latest", false]);
    if (block.transactions.length !== TRANSACTIONS) {
      throw new Error(
        `${network.side}: expected ${TRANSACTIONS} transactions in the block, got ${block.transactions.length}`,
      );
    }
    return (milliseconds * 1000) / TRANSACTIONS;
  }
}

interface Receipt {
  readonly status: string;
  readonly contractAddress: string;
}

/** Anvil answers a send before the block is there. */
async function receiptOf(network: Network, hash: string): Promise<Receipt> {
  for (;;) {
    const receipt = await network.request<Receipt | null>(
      "eth_getTransactionReceipt",
      [hash],
    );
    if (receipt !== null) {
      return receipt;
    }
    await sleep(5);
  }
}
