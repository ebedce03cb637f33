/** Chains built by @ethereumjs/vm: blocks with everything that a fork puts into them. */
import type { Hex } from "../../../src/internal/chain/types.js";

import { type Block, createBlock } from "@ethereumjs/block";
import { Common, type Hardfork, Mainnet } from "@ethereumjs/common";
import { MerkleStateManager } from "@ethereumjs/statemanager";
import { createTx, type TypedTransaction } from "@ethereumjs/tx";
import {
  Account,
  createAddressFromString,
  hexToBytes,
  privateToAddress,
} from "@ethereumjs/util";
import { buildBlock, createVM, type VM } from "@ethereumjs/vm";

import { bytes, ETHER, hex, word } from "../../helpers/blocks.js";

export interface GenesisAccount {
  readonly balance: bigint;
  readonly code: Hex;
  readonly storage: Readonly<Record<Hex, Hex>>;
}
export type Genesis = ReadonlyMap<Hex, GenesisAccount>;

/** A transaction, signed by the sender of this number. */
export interface Request {
  readonly sender: number;
  readonly to: Hex | undefined;
  readonly value?: bigint;
  readonly data?: Hex;
  readonly gasLimit?: bigint;
}

export interface BlockPlan {
  readonly requests: readonly Request[];
  readonly withdrawals?: readonly {
    readonly address: Hex;
    readonly amount: bigint;
  }[];
}

const KEYS = [1, 2, 3].map((i) => hexToBytes(word(i)));
export const SENDERS: readonly Hex[] = KEYS.map((key) =>
  hex(privateToAddress(key)),
);
const MINER: Hex = "0x00000000000000000000000000000000000c0ffe";
const GAS_LIMIT = 30_000_000n;
const SECONDS = 14n;

/** What BLOCKHASH asks. */
class Blocks {
  readonly #blocks: readonly Block[];

  constructor(blocks: readonly Block[]) {
    this.#blocks = blocks;
  }

  public async getBlock(number: number): Promise<Block> {
    return this.#blocks[number];
  }

  public async putBlock(): Promise<void> {}

  public shallowCopy(): Blocks {
    return this;
  }
}

export class EthereumjsChain {
  readonly #vm: VM;
  readonly #common: Common;
  readonly #nonces = KEYS.map(() => 0n);
  readonly #blocks: Block[];

  constructor(vm: VM, common: Common, blocks: Block[]) {
    this.#vm = vm;
    this.#common = common;
    this.#blocks = blocks;
  }

  get #latest(): Block {
    return this.#blocks[this.#blocks.length - 1];
  }

  public static async create(
    hardfork: Hardfork,
    genesis: Genesis,
  ): Promise<EthereumjsChain> {
    const common = new Common({ chain: Mainnet, hardfork });
    const stateManager = new MerkleStateManager({ common });
    for (const [at, { balance, code, storage }] of genesis) {
      const address = createAddressFromString(at);
      await stateManager.putAccount(address, new Account(0n, balance));
      if (code !== "0x") await stateManager.putCode(address, hexToBytes(code));
      for (const [key, value] of Object.entries(storage) as [Hex, Hex][]) {
        await stateManager.putStorage(address, hexToBytes(key), bytes(value));
      }
    }
    const stateRoot = await stateManager.getStateRoot();
    const block = createBlock(
      {
        header: {
          gasLimit: GAS_LIMIT,
          stateRoot,
          timestamp: 1_000n,
          ...(common.gteHardfork("paris") ? {} : { difficulty: 131_072n }),
          ...(common.isActivatedEIP(1559) ? { baseFeePerGas: 1_000n } : {}),
        },
      },
      { common, setHardfork: false },
    );
    const blocks: Block[] = [block];
    const blockchain = new Blocks(blocks);
    const vm = await createVM({ common, stateManager, blockchain });
    return new EthereumjsChain(vm, common, blocks);
  }

  public get genesisRlp(): Uint8Array {
    return this.#latest.serialize();
  }

  /** RLP of the next block. */
  public async build({
    requests,
    withdrawals,
  }: BlockPlan): Promise<Uint8Array> {
    const { number, timestamp } = this.#latest.header;
    const isMerged = this.#common.gteHardfork("paris");
    const builder = await buildBlock(this.#vm, {
      parentBlock: this.#latest,
      headerData: {
        coinbase: MINER,
        timestamp: timestamp + SECONDS,
        ...(isMerged ? { mixHash: bytes(word(number + 77n)) } : {}),
        ...(this.#common.isActivatedEIP(4788)
          ? { parentBeaconBlockRoot: bytes(word(number + 55n)) }
          : {}),
      },
      ...(this.#common.isActivatedEIP(4895)
        ? {
            withdrawals: (withdrawals ?? []).map((withdrawal, index) => ({
              ...withdrawal,
              index: BigInt(index),
              validatorIndex: BigInt(index),
            })),
          }
        : {}),
      blockOpts: {
        putBlockIntoBlockchain: false,
        common: this.#common,
        setHardfork: false,
        ...(isMerged ? {} : { calcDifficultyFromHeader: this.#latest.header }),
      },
    });
    for (const request of requests) {
      await builder.addTransaction(this.#sign(request));
    }
    const { block } = await builder.build();
    this.#blocks.push(block);
    return block.serialize();
  }

  #sign({ sender, to, value, data, gasLimit }: Request): TypedTransaction {
    const nonce = this.#nonces[sender]++;
    const fields = {
      nonce,
      gasLimit: gasLimit ?? 500_000n,
      to,
      value: value ?? 0n,
      data: data ?? "0x",
    };
    const type = this.#common.isActivatedEIP(1559)
      ? 2
      : this.#common.isActivatedEIP(2930)
        ? 1
        : 0;
    const fees =
      type === 2
        ? { maxFeePerGas: 10_000n, maxPriorityFeePerGas: 3n }
        : { gasPrice: 10_000n };
    return createTx(
      { type, ...(type > 0 ? { chainId: 1n } : {}), ...fees, ...fields },
      { common: this.#common },
    ).sign(KEYS[sender]);
  }
}

export function plainAccount(balance: bigint): GenesisAccount {
  return { balance, code: "0x", storage: {} };
}

export const FUNDS = ETHER;
