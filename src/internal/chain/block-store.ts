import type { BlockImplementation } from "./block.js";
import type { ParentFields } from "./block-template.js";
import type { ReservedRange } from "./reserved-range.js";
import type { Hash, TransactionLocation } from "./types.js";

/**
 * Indexing 10,000 transactions takes 1.2 us each, searching them for a hash 0.1: a large block is indexed when it
 * was searched more often than this.
 */
const MOST_SEARCHES = 2;
const MOST_INDEXED_AT_ONCE = 256;

/** The blocks of a chain, by number, hash and transaction. Numbers are safe integers here. */
export class BlockStore {
  readonly #blocks = new Map<number, BlockImplementation>();
  readonly #ranges: ReservedRange[] = [];
  /** Blocks of reserved ranges that someone looked at. */
  readonly #materialized = new Map<number, BlockImplementation>();
  /** Only blocks whose hash has been computed: nobody else can name one. */
  readonly #byHash = new Map<Hash, number>();
  readonly #transactions = new Map<Hash, TransactionLocation>();
  /** Blocks whose transactions are not in `#transactions`, and how often one of them was searched for. */
  readonly #unindexed = new Map<BlockImplementation, number>();
  #latest: BlockImplementation;
  /** Blocks up to here are in `#byHash`, unless reserved. */
  #indexed = -1;

  constructor(genesis: BlockImplementation) {
    this.#latest = genesis;
    this.#blocks.set(0, genesis);
  }

  public get latest(): BlockImplementation {
    return this.#latest;
  }

  public get latestNumber(): number {
    return Number(this.#latest.number);
  }

  public append(block: BlockImplementation): void {
    this.#latest = block;
    this.#blocks.set(Number(block.number), block);
    if (block.transactions.length > MOST_INDEXED_AT_ONCE) {
      this.#unindexed.set(block, 0);
    } else {
      this.#indexTransactions(block);
    }
  }

  public reserve(range: ReservedRange): void {
    this.#ranges.push(range);
    this.append(range.blockAt(range.last));
  }

  public byNumber(number: number): BlockImplementation | undefined {
    const block = this.#blocks.get(number) ?? this.#materialized.get(number);
    if (block !== undefined) {
      return block;
    }
    const range = this.#rangeOf(number);
    if (range === undefined) {
      return undefined;
    }
    const made = range.blockAt(number);
    this.#materialized.set(number, made);
    this.#index(number, made);
    return made;
  }

  public byHash(hash: Hash): BlockImplementation | undefined {
    let number = this.#byHash.get(hash);
    if (number === undefined) {
      this.#indexAll();
      number = this.#byHash.get(hash);
    }
    return number === undefined ? undefined : this.byNumber(number);
  }

  /** Hash of the block, computing those before it as needed. */
  public hashOf(number: number): Hash | undefined {
    const block = this.#blocks.get(number) ?? this.#materialized.get(number);
    if (block !== undefined) {
      return this.#hash(block);
    }
    const hash = this.#rangeOf(number)?.hashOf(number);
    if (hash !== undefined) {
      this.#byHash.set(hash, number);
    }
    return hash;
  }

  /**
   * Hash of the parent of a real block. Parents are computed oldest first, so that a long chain of
   * unhashed blocks does not become a deep recursion.
   */
  public parentHashOf(number: number): Hash {
    let oldest = number - 1;
    while (oldest > 0) {
      const block = this.#blocks.get(oldest);
      if (block === undefined || block.knownHash !== undefined) {
        break;
      }
      oldest--;
    }
    for (let parent = oldest; parent < number - 1; parent++) {
      this.hashOf(parent);
    }
    const hash = this.hashOf(number - 1);
    if (hash === undefined) {
      throw new Error(`Block ${number - 1} is missing`);
    }
    return hash;
  }

  public transaction(hash: Hash): TransactionLocation | undefined {
    const known = this.#transactions.get(hash);
    if (known !== undefined || this.#unindexed.size === 0) {
      return known;
    }
    for (const [block, searches] of this.#unindexed) {
      if (searches === MOST_SEARCHES) {
        this.#indexTransactions(block);
        this.#unindexed.delete(block);
      } else {
        this.#unindexed.set(block, searches + 1);
        const index = block.transactions.findIndex((tx) => tx.hash === hash);
        if (index >= 0) {
          return { block, index };
        }
      }
    }
    return this.#transactions.get(hash);
  }

  /** Header fields of the block that the next one builds on. */
  public parentFields(): ParentFields {
    return parentFieldsOf(this.#latest);
  }

  /** Drops the blocks after `number`, which must be a real one. */
  public revert(number: number): void {
    for (let n = this.latestNumber; n > number;) {
      this.#remove(n);
      n = (this.#rangeOf(n)?.first ?? n) - 1;
    }
    this.#dropRanges(number);
    this.#indexed = Math.min(this.#indexed, number);
    const latest = this.#blocks.get(number);
    if (latest === undefined) {
      throw new Error(`Block ${number} is missing`);
    }
    this.#latest = latest;
  }

  /** Real blocks from `first` to `last`; reserved ones are skipped: they are empty. */
  public *realBlocks(
    first: number,
    last: number,
  ): Generator<BlockImplementation> {
    for (let n = first; n <= last;) {
      const block = this.#blocks.get(n);
      if (block !== undefined) {
        yield block;
        n++;
        continue;
      }
      const range = this.#rangeOf(n);
      if (range === undefined) {
        return;
      }
      n = range.last + 1;
    }
  }

  #indexTransactions(block: BlockImplementation): void {
    block.transactions.forEach(({ hash }, index) =>
      this.#transactions.set(hash, { block, index }),
    );
  }

  #remove(number: number): void {
    const block = this.#blocks.get(number);
    if (block === undefined) {
      return;
    }
    this.#blocks.delete(number);
    if (!this.#unindexed.delete(block)) {
      for (const { hash } of block.transactions) {
        this.#transactions.delete(hash);
      }
    }
    if (block.knownHash !== undefined) {
      this.#byHash.delete(block.knownHash);
    }
  }

  #dropRanges(number: number): void {
    if ((this.#ranges.at(-1)?.first ?? 0) <= number) {
      return;
    }
    while ((this.#ranges.at(-1)?.first ?? 0) > number) {
      this.#ranges.pop();
    }
    for (const n of this.#materialized.keys()) {
      if (n > number) {
        this.#materialized.delete(n);
      }
    }
    // Hashes of reserved blocks are known without a block to ask.
    for (const [hash, n] of this.#byHash) {
      if (n > number) {
        this.#byHash.delete(hash);
      }
    }
  }

  #rangeOf(number: number): ReservedRange | undefined {
    for (let i = this.#ranges.length - 1; i >= 0; i--) {
      const range = this.#ranges[i];
      if (range.has(number)) {
        return range;
      }
      if (range.last < number) {
        return undefined;
      }
    }
    return undefined;
  }

  #hash(block: BlockImplementation): Hash {
    const known = block.knownHash;
    if (known !== undefined) {
      return known;
    }
    const number = Number(block.number);
    const hash = block.hash;
    this.#byHash.set(hash, number);
    return hash;
  }

  #index(number: number, block: BlockImplementation): void {
    this.#byHash.set(block.hash, number);
    this.#byHash.set(block.header.parentHash, number - 1);
  }

  #indexAll(): void {
    const latest = this.latestNumber;
    for (const block of this.realBlocks(this.#indexed + 1, latest)) {
      this.#byHash.set(block.hash, Number(block.number));
    }
    this.#indexed = latest;
  }
}

export function parentFieldsOf(block: BlockImplementation): ParentFields {
  const { template, gasUsed, blobGasUsed } = block.contents;
  return { ...template, gasUsed, blobGasUsed };
}
