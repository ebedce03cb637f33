import type { Engine, RunResult } from "../evm/types.js";
import type {
  Address,
  Block,
  BlockExecution,
  BlockHeader,
  Hash,
  Hex,
  Transaction,
} from "./types.js";

import { keccakHash } from "../evm/keccak.js";
import {
  buildBlockAccessList,
  encodeBlockAccessList,
} from "./block-access-list.js";
import { AMSTERDAM, CANCUN, PRAGUE, SHANGHAI } from "./hardforks.js";
import {
  EMPTY_LIST_HASH,
  EMPTY_ROOT,
  encodeHeader,
  hashHeader,
  NO_REQUESTS_HASH,
  rlpSize,
} from "./header.js";
import { toHex } from "./hex.js";
import { addLogs, BLOOM_SIZE, EMPTY_BLOOM } from "./logs-bloom.js";
import { encodeReceipt, ReceiptImplementation } from "./receipts.js";

/** What is fixed before a block's transactions run. */
export interface BlockTemplate {
  readonly fork: number;
  readonly number: bigint;
  readonly timestamp: bigint;
  readonly gasLimit: bigint;
  readonly miner: Address;
  readonly difficulty: bigint;
  readonly extraData: Hex;
  readonly mixHash: Hash;
  readonly nonce: Hex;
  readonly baseFeePerGas: bigint | undefined;
  readonly excessBlobGas: bigint | undefined;
  readonly parentBeaconBlockRoot: Hash | undefined;
  readonly slotNumber: bigint | undefined;
}

/** What is known once they have. */
export interface BlockContents {
  readonly template: BlockTemplate;
  readonly transactions: readonly Transaction[];
  readonly gasUsed: bigint;
  readonly blobGasUsed: bigint;
  readonly totalDifficulty: bigint;
  readonly execution: BlockExecution;
  readonly isPending: boolean;
  /** Called once, when someone wants the header. Parents come first. */
  readonly parentHash: () => Hash;
  readonly stateRoot: () => Hash;
  /** Instead of the root of the transactions: Hardhat's genesis block. */
  readonly transactionsRoot?: Hash;
}

/** A block whose roots and hash are computed when first read. */
export class BlockImplementation implements Block {
  /** Epoch of the state when the block was mined: what its root is of. */
  public sealEpoch = 0;
  /** Epoch that reads at this block see: later than `sealEpoch` when setters were used after it.
   *  undefined while the block is the latest: reads see the current epoch. */
  public readEpoch: number | undefined = undefined;

  public readonly contents: BlockContents;
  public readonly receipts: readonly ReceiptImplementation[];
  readonly #engine: Engine;
  #header: BlockHeader | undefined;
  #hash: Hash | undefined;
  #size: bigint | undefined;
  #bloom: Uint8Array | undefined;
  /** Until someone wants the access list that is made of them; nothing before Amsterdam. */
  #results: readonly RunResult[] | undefined;
  #accessList: Uint8Array | undefined;

  /** `results`: of the transactions (from Amsterdam on with access sets); only the receipts are kept. */
  constructor(
    engine: Engine,
    contents: BlockContents,
    results: readonly RunResult[] = [],
  ) {
    this.#engine = engine;
    this.contents = contents;
    if (contents.template.fork >= AMSTERDAM) {
      this.#results = results;
    }
    let cumulative = 0n;
    this.receipts = results.map((result) => {
      cumulative += result.gasUsed;
      return new ReceiptImplementation(result, cumulative);
    });
  }

  public get number(): bigint {
    return this.contents.template.number;
  }

  public get timestamp(): bigint {
    return this.contents.template.timestamp;
  }

  public get gasLimit(): bigint {
    return this.contents.template.gasLimit;
  }

  public get gasUsed(): bigint {
    return this.contents.gasUsed;
  }

  public get baseFeePerGas(): bigint | undefined {
    return this.contents.template.baseFeePerGas;
  }

  public get miner(): Address {
    return this.contents.template.miner;
  }

  public get transactions(): readonly Transaction[] {
    return this.contents.transactions;
  }

  public get totalDifficulty(): bigint {
    return this.contents.totalDifficulty;
  }

  public get execution(): BlockExecution {
    return this.contents.execution;
  }

  public get isPending(): boolean {
    return this.contents.isPending;
  }

  /** The hash, if it has been computed. */
  public get knownHash(): Hash | undefined {
    return this.#hash;
  }

  public get hash(): Hash {
    this.#hash ??= hashHeader(this.header);
    return this.#hash;
  }

  public get header(): BlockHeader {
    this.#header ??= this.#makeHeader();
    return this.#header;
  }

  public get size(): bigint {
    this.#size ??= BigInt(this.#measure());
    return this.#size;
  }

  /** Bloom filter of the logs. */
  public get bloom(): Uint8Array {
    if (this.#bloom === undefined) {
      this.#bloom = new Uint8Array(BLOOM_SIZE);
      for (const receipt of this.receipts) {
        addLogs(this.#bloom, receipt.logs);
      }
    }
    return this.#bloom;
  }

  public get accessList(): Uint8Array | undefined {
    if (this.#results !== undefined) {
      const sets = this.#results.flatMap(({ accessSet }) => accessSet ?? []);
      this.#accessList = encodeBlockAccessList(buildBlockAccessList(sets));
      this.#results = undefined;
    }
    return this.#accessList;
  }

  #makeHeader(): BlockHeader {
    const { template, transactions, gasUsed, blobGasUsed } = this.contents;
    const { fork } = template;
    const { accessList } = this;
    const hasLogs = this.receipts.some(({ logs }) => logs.length > 0);
    const bloom = new Uint8Array(BLOOM_SIZE);
    const receiptsRoot = this.#root(
      this.receipts.map((receipt, index) =>
        encodeReceipt(receipt, transactions[index], fork, undefined, bloom),
      ),
    );
    this.#bloom ??= bloom;
    return {
      parentHash: this.contents.parentHash(),
      sha3Uncles: EMPTY_LIST_HASH,
      miner: template.miner,
      stateRoot: this.contents.stateRoot(),
      transactionsRoot:
        this.contents.transactionsRoot ??
        this.#root(transactions.map(({ encoded }) => encoded)),
      receiptsRoot,
      logsBloom: hasLogs ? toHex(bloom) : EMPTY_BLOOM,
      difficulty: template.difficulty,
      number: template.number,
      gasLimit: template.gasLimit,
      gasUsed,
      timestamp: template.timestamp,
      extraData: template.extraData,
      mixHash: template.mixHash,
      nonce: template.nonce,
      baseFeePerGas: template.baseFeePerGas,
      withdrawalsRoot: fork >= SHANGHAI ? EMPTY_ROOT : undefined,
      blobGasUsed: fork >= CANCUN ? blobGasUsed : undefined,
      excessBlobGas: template.excessBlobGas,
      parentBeaconBlockRoot: template.parentBeaconBlockRoot,
      requestsHash: fork >= PRAGUE ? NO_REQUESTS_HASH : undefined,
      blockAccessListHash: accessList && keccakHash(accessList),
      slotNumber: template.slotNumber,
    };
  }

  #root(items: readonly Uint8Array[]): Hash {
    return items.length === 0
      ? EMPTY_ROOT
      : this.#engine.orderedTrieRoot(items);
  }

  #measure(): number {
    const { template, transactions } = this.contents;
    // As Hardhat's network counts it: a typed transaction's envelope without the string header that
    // it has in a block.
    const transactionBytes = transactions.reduce(
      (sum, { encoded }) => sum + encoded.length,
      0,
    );
    const lists = template.fork >= SHANGHAI ? 2 : 1;
    return rlpSize(
      encodeHeader(this.header).length + rlpSize(transactionBytes) + lists,
    );
  }
}

/** How an empty block was executed. */
export const NO_EXECUTION: BlockExecution = {
  mode: "sequential",
  reason: undefined,
  workers: 1,
  incarnations: 0,
  aborts: 0,
  milliseconds: 0,
  accessSets: undefined,
};
