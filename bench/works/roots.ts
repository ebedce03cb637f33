import type {
  MeasureOptions,
  Row,
  SideName,
  WorkSide,
} from "../helpers/measure.js";
import type { Network } from "../helpers/networks.js";

import { MerklePatriciaTrie } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";

import { assemble } from "../../test/helpers/assembler.js";
import { minedReceipt } from "../helpers/machines.js";
import { measure, timed } from "../helpers/measure.js";
import { closeAll, openNetworks } from "../helpers/networks.js";
import { word } from "./work.js";

const SIZES = [1_000, 100_000, 1_000_000];
const CHANGES = [1, 100, 10_000];
/** Of what fills the state, in one transaction. */
const BATCH = 20_000;
/** Some need minutes, or gigabytes, to get to more. */
const LARGEST: Readonly<Partial<Record<SideName, number>>> = {
  edr: 100_000,
  anvil: 100_000,
  ethereumjs: 1_000,
};

const SLOTS = `0x${"5107".padStart(40, "0")}`;
const ACCOUNTS = `0x${"acc0".padStart(40, "0")}`;
const FIRST_ACCOUNT = 2n ** 64n;

/** Slots start * i for i < count become value: start, count, value, step, modulus in the calldata. */
const WRITE_SLOTS = assemble([
  ...[32, "CALLDATALOAD", { label: "loop" }, 1, "SWAP1", "SUB"],
  ...[64, "CALLDATALOAD"],
  ...[128, "CALLDATALOAD", 96, "CALLDATALOAD", "DUP4", "MUL"],
  ...[0, "CALLDATALOAD", "ADD", "MOD", "SSTORE"],
  ...["DUP1", { ref: "loop" }, "JUMPI"],
]);

/** Sends 1 wei to `count` accounts from `start` on. */
const MAKE_ACCOUNTS = assemble([
  ...[32, "CALLDATALOAD", { label: "loop" }, 1, "SWAP1", "SUB"],
  ...[0, 0, 0, 0, 1, "DUP6", 0, "CALLDATALOAD", "ADD", 0, "CALL", "POP"],
  ...["DUP1", { ref: "loop" }, "JUMPI"],
]);

/** Mining a block that changes some slots of a state with so many accounts and slots; its root is the most of it. */
export async function rootRows(
  options: MeasureOptions,
  filter: string,
): Promise<Row[]> {
  const nameOf = (count: number, size: number): string =>
    `root after ${count.toLocaleString("en")} slots, ${size.toLocaleString("en")} accounts and slots`;
  const wanted = (count: number, size: number): boolean =>
    count <= size && nameOf(count, size).includes(filter);
  const sizes = SIZES.filter((size) =>
    CHANGES.some((count) => wanted(count, size)),
  );
  if (sizes.length === 0) return [];
  const networks = await openNetworks(
    (["edr", "ours-sequential", "anvil"] as const)
      .filter((side) => options.sides?.includes(side) ?? true)
      .map((side) => ({
        side,
        config: {
          initialDate: "2030-01-01T00:00:00Z",
          transactionGasCap: false,
          blockGasLimit: 100_000_000_000,
        },
      })),
  );
  const rows: Row[] = [];
  try {
    const states: FilledState[] = [];
    for (const network of networks) {
      states.push(await FilledState.open(network));
    }
    const withTrie = options.sides?.includes("ethereumjs") ?? true;
    const trie = new FilledTrie();
    for (const size of sizes) {
      const able = states.filter(({ network }) => reaches(network.side, size));
      for (const state of able) await state.grow(size);
      const trieToo = withTrie && reaches("ethereumjs", size);
      if (trieToo) await trie.grow(size);
      for (const count of CHANGES.filter((count) => wanted(count, size))) {
        const sides: WorkSide[] = able.map((state) => ({
          side: state.network.side,
          sample: () => state.mineWrites(count),
        }));
        if (trieToo) {
          const sample = () => trie.write(count);
          sides.push({ side: "ethereumjs", sample });
        }
        const work = { name: nameOf(count, size), unit: "us", sides };
        rows.push(...(await measure(work, options)));
      }
    }
  } finally {
    await closeAll(networks);
  }
  return rows;
}

function reaches(side: SideName, size: number): boolean {
  return size <= (LARGEST[side] ?? Infinity);
}

/** A network whose state has grown to a size. */
class FilledState {
  public readonly network: Network;
  readonly #from: string;
  #size = 0;
  #value = 0;

  constructor(network: Network, from: string) {
    this.network = network;
    this.#from = from;
  }

  public static async open(network: Network): Promise<FilledState> {
    const [from] = await network.request<string[]>("eth_accounts");
    const prefix = network.side === "anvil" ? "anvil" : "hardhat";
    await network.request(`${prefix}_setCode`, [SLOTS, WRITE_SLOTS]);
    await network.request(`${prefix}_setCode`, [ACCOUNTS, MAKE_ACCOUNTS]);
    const rich = `0x${"f".repeat(24)}`;
    await network.request(`${prefix}_setBalance`, [ACCOUNTS, rich]);
    await network.request(`${prefix}_setBalance`, [from, rich]);
    await network.request("evm_setAutomine", [false]);
    return new FilledState(network, from);
  }

  /** In one block: some networks go over the whole state at the end of each. */
  public async grow(size: number): Promise<void> {
    const sent: string[] = [];
    for (let at = this.#size; at < size; at += BATCH) {
      const count = Math.min(BATCH, size - at);
      const value = ++this.#value;
      const first = FIRST_ACCOUNT + BigInt(at);
      sent.push(await this.#send(SLOTS, [at, count, value, 1, 2n ** 255n]));
      sent.push(await this.#send(ACCOUNTS, [first, count]));
      // Others execute what is pending again for each that comes.
      if (this.network.side === "edr") await this.network.request("evm_mine");
    }
    await this.network.request("evm_mine");
    for (const hash of sent) {
      const { status } = await minedReceipt(this.network, hash);
      if (status !== "0x1") {
        throw new Error(`${this.network.side}: filling the state failed`);
      }
    }
    this.#size = size;
  }

  /** Microseconds of a block with one transaction that gives so many slots a new value. */
  public async mineWrites(count: number): Promise<number> {
    const value = ++this.#value;
    // Steps of a prime: every slot once, scattered.
    const to = [value * 7919, count, value, 104_729, this.#size];
    await this.#send(SLOTS, to);
    return (await timed(() => this.network.request("evm_mine"))) * 1e3;
  }

  #send(to: string, values: readonly (number | bigint)[]): Promise<string> {
    const data = `0x${values.map(word).join("")}`;
    const gas = "0x77359400";
    return this.network.request("eth_sendTransaction", [
      { from: this.#from, to, data, gas, gasPrice: "0x12a05f2000" },
    ]);
  }
}

/** The trie of one contract's slots: ethereumjs with no block around it. */
class FilledTrie {
  readonly #trie = new MerklePatriciaTrie({ useKeyHashing: true });
  #size = 0;
  #value = 0;

  public async grow(size: number): Promise<void> {
    for (let i = this.#size; i < size; i++) await this.#put(i);
    this.#size = size;
  }

  public async write(count: number): Promise<number> {
    const value = ++this.#value;
    const milliseconds = await timed(async () => {
      for (let i = 0; i < count; i++) {
        await this.#put((value * 7919 + i * 104_729) % this.#size);
      }
    });
    return milliseconds * 1e3;
  }

  async #put(slot: number): Promise<void> {
    const key = Buffer.from(word(slot), "hex");
    await this.#trie.put(key, RLP.encode(this.#value + 1));
  }
}
