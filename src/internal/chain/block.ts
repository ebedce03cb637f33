import type { BlockRoots, Engine, RunResult } from "../evm/types.js";
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
import { AMSTERDAM, BERLIN, CANCUN, PRAGUE, SHANGHAI } from "./hardforks.js";
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
import { ReceiptImplementation } from "./receipts.js";

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
  /** How many threads may make its tries; default: one. */
  readonly threads?: number | undefined;
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
  readonly #engine: Engine;
  /** Until both the header and the receipts are made of them, and the access list from Amsterdam on. */
  #results: readonly RunResult[];
  #receipts: readonly ReceiptImplementation[] | undefined;
  #header: BlockHeader | undefined;
  #hash: Hash | undefined;
  #size: bigint | undefined;
  #bloom: Uint8Array | undefined;
  #accessList: Uint8Array | undefined;

  /** `results`: of the transactions, from Amsterdam on with access sets. */
  constructor(
    engine: Engine,
    contents: BlockContents,
    results: readonly RunResult[] = [],
  ) {
    this.#engine = engine;
    this.contents = contents;
    this.#results = results;
  }

  public get receipts(): readonly ReceiptImplementation[] {
    if (this.#receipts === undefined) {
      let cumulative = 0n;
      this.#receipts = this.#results.map((result) => {
        cumulative += result.gasUsed;
        return new ReceiptImplementation(result, cumulative);
      });
      this.#forgetResults();
    }
    return this.#receipts;
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
    if (this.#header === undefined) {
      this.#header = this.#makeHeader();
      this.#forgetResults();
    }
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
    if (this.contents.template.fork < AMSTERDAM) {
      return undefined;
    }
    if (this.#accessList === undefined) {
      const sets = this.#results.flatMap(({ accessSet }) => accessSet ?? []);
      this.#accessList = encodeBlockAccessList(buildBlockAccessList(sets));
    }
    return this.#accessList;
  }

  #forgetResults(): void {
    if (this.#header !== undefined && this.#receipts !== undefined) {
      this.#results = [];
    }
  }

  #makeHeader(): BlockHeader {
    const { template, gasUsed, blobGasUsed } = this.contents;
    const { fork } = template;
    const { accessList } = this;
    const { receiptsRoot, transactionsRoot, bloom } = this.#makeRoots();
    this.#bloom ??= bloom;
    return {
      parentHash: this.contents.parentHash(),
      sha3Uncles: EMPTY_LIST_HASH,
      miner: template.miner,
      stateRoot: this.contents.stateRoot(),
      transactionsRoot: this.contents.transactionsRoot ?? transactionsRoot,
      receiptsRoot,
      logsBloom: bloom.some((byte) => byte !== 0) ? toHex(bloom) : EMPTY_BLOOM,
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

  #makeRoots(): BlockRoots {
    const { template, transactions, threads = 1 } = this.contents;
    return transactions.length === 0
      ? NO_TRANSACTIONS
      : this.#engine.blockRoots({
          results: this.#results,
          transactions: transactions.map(({ encoded }) => encoded),
          isTyped: template.fork >= BERLIN,
          threads,
        });
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

const NO_TRANSACTIONS: BlockRoots = {
  receiptsRoot: EMPTY_ROOT,
  bloom: new Uint8Array(BLOOM_SIZE),
  transactionsRoot: EMPTY_ROOT,
};

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
