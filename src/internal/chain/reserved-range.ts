/**
 * The empty blocks of a long `hardhat_mine`: nothing but a rule until someone looks at one. Then
 * it has a true parent hash, base fee and so on, which means that the hashes before it are computed, once.
 */
import type { Engine } from "../evm/types.js";
import type {
  ChainRules,
  NextBlockFields,
  ParentFields,
} from "./block-template.js";
import type { BlockHeader, Hash } from "./types.js";

import {
  BlockImplementation,
  type BlockTemplate,
  NO_EXECUTION,
} from "./block.js";
import { nextBlockTemplate } from "./block-template.js";
import { AMSTERDAM, CANCUN, PRAGUE, SHANGHAI } from "./hardforks.js";
import {
  EMPTY_LIST_HASH,
  EMPTY_ROOT,
  hashHeader,
  NO_REQUESTS_HASH,
} from "./header.js";
import { HeaderChain } from "./header-chain.js";
import { fromHex, toHex, ZERO_HASH } from "./hex.js";
import { EMPTY_BLOOM } from "./logs-bloom.js";

export interface RangeOptions {
  readonly engine: Engine;
  readonly rules: ChainRules;
  /** The block before the range. */
  readonly parent: BlockImplementation;
  readonly parentFields: ParentFields;
  readonly count: number;
  readonly interval: bigint;
  readonly next: Pick<NextBlockFields, "miner" | "gasLimit">;
  /** Of the state that the whole range has. */
  readonly stateRoot: () => Hash;
}

/** Bytes of a hash, and how many of them are kept together. */
const HASH_SIZE = 32;
const HASHES_PER_SEGMENT = 1024;

/** A block of the range as far as no hash is needed. */
interface Position {
  readonly template: BlockTemplate;
  readonly totalDifficulty: bigint;
}

export class ReservedRange {
  public readonly first: number;
  public readonly last: number;
  public readonly parent: BlockImplementation;
  readonly #options: RangeOptions;
  /** The first blocks, until nothing but number and time changes any more. */
  readonly #positions: Position[] = [];
  #isSettled = false;
  /** Hashes of the first blocks, as far as someone needed them. */
  readonly #segments: Uint8Array[] = [];
  #hashed = 0;
  #chain: HeaderChain | undefined;

  constructor(options: RangeOptions) {
    this.#options = options;
    this.parent = options.parent;
    this.first = Number(options.parent.number) + 1;
    this.last = this.first + options.count - 1;
  }

  public has(number: number): boolean {
    return number >= this.first && number <= this.last;
  }

  /** Makes the block; no hash is computed before someone asks for it. */
  public blockAt(number: number): BlockImplementation {
    const { template, totalDifficulty } = this.#positionAt(number - this.first);
    const block = new BlockImplementation(this.#options.engine, {
      template,
      transactions: [],
      gasUsed: 0n,
      blobGasUsed: 0n,
      totalDifficulty,
      execution: NO_EXECUTION,
      isPending: false,
      parentHash: () => this.#parentHash(number - this.first),
      stateRoot: this.#options.stateRoot,
    });
    block.sealEpoch = this.parent.sealEpoch;
    block.readEpoch = this.parent.readEpoch;
    return block;
  }

  /** Computes the hashes of the blocks before it too; all are remembered. */
  public hashOf(number: number): Hash {
    const index = number - this.first;
    while (this.#hashed <= index) {
      this.#hashNext();
    }
    return toHex(this.#hashAt(index));
  }

  #parentHash(index: number): Hash {
    return index === 0 ? this.parent.hash : this.hashOf(this.first + index - 1);
  }

  #positionAt(index: number): Position {
    while (!this.#isSettled && this.#positions.length <= index) {
      this.#extend();
    }
    if (index < this.#positions.length) {
      return this.#positions[index];
    }
    const last = this.#positions[this.#positions.length - 1];
    const { number, timestamp, slotNumber, difficulty } = last.template;
    const distance = BigInt(index - this.#positions.length + 1);
    return {
      template: {
        ...last.template,
        number: number + distance,
        timestamp: timestamp + distance * this.#options.interval,
        slotNumber:
          slotNumber === undefined ? undefined : slotNumber + distance,
      },
      totalDifficulty: last.totalDifficulty + distance * difficulty,
    };
  }

  #extend(): void {
    const { rules, next, interval, parentFields } = this.#options;
    const last = this.#positions.at(-1);
    const parent = last === undefined ? parentFields : fieldsOf(last.template);
    const template = nextBlockTemplate(rules, parent, {
      timestamp: parent.timestamp + interval,
      miner: next.miner,
      gasLimit: next.gasLimit,
      baseFeePerGas: undefined,
      prevRandao: ZERO_HASH,
      parentBeaconBlockRoot: ZERO_HASH,
    });
    if (last !== undefined && isSettled(last.template, template)) {
      this.#isSettled = true;
      return;
    }
    const difficulty = last?.totalDifficulty ?? this.parent.totalDifficulty;
    this.#positions.push({
      template,
      totalDifficulty: difficulty + template.difficulty,
    });
  }

  #hashNext(): void {
    const index = this.#hashed;
    const { template } = this.#positionAt(index);
    if (index % HASHES_PER_SEGMENT === 0) {
      this.#segments.push(new Uint8Array(HASH_SIZE * HASHES_PER_SEGMENT));
    }
    const parentHash =
      index === 0 ? fromHex(this.parent.hash) : this.#hashAt(index - 1);
    this.#hashAt(index).set(this.#hash(template, parentHash));
    this.#hashed++;
  }

  #hash(template: BlockTemplate, parentHash: Uint8Array): Uint8Array {
    const { number, timestamp, slotNumber } = template;
    const isSettled =
      Number(number) - this.first >= this.#positions.length &&
      slotNumber === undefined;
    if (isSettled && this.#chain?.fits(number, timestamp) === true) {
      return this.#chain.hash(parentHash, number, timestamp);
    }
    const header = emptyHeader(
      template,
      toHex(parentHash),
      this.#options.stateRoot(),
    );
    this.#chain = isSettled ? new HeaderChain(header) : undefined;
    return fromHex(hashHeader(header));
  }

  #hashAt(index: number): Uint8Array {
    const start = (index % HASHES_PER_SEGMENT) * HASH_SIZE;
    return this.#segments[Math.floor(index / HASHES_PER_SEGMENT)].subarray(
      start,
      start + HASH_SIZE,
    );
  }
}

/** Nothing but number and time would differ from here on. */
function isSettled(a: BlockTemplate, b: BlockTemplate): boolean {
  return (
    a.baseFeePerGas === b.baseFeePerGas &&
    a.excessBlobGas === b.excessBlobGas &&
    a.difficulty === b.difficulty &&
    a.gasLimit === b.gasLimit
  );
}

/** An empty block's fields, as its child sees them. */
function fieldsOf(template: BlockTemplate): ParentFields {
  return { ...template, gasUsed: 0n, blobGasUsed: 0n };
}

function emptyHeader(
  template: BlockTemplate,
  parentHash: Hash,
  stateRoot: Hash,
): BlockHeader {
  const { fork } = template;
  return {
    parentHash,
    sha3Uncles: EMPTY_LIST_HASH,
    miner: template.miner,
    stateRoot,
    transactionsRoot: EMPTY_ROOT,
    receiptsRoot: EMPTY_ROOT,
    logsBloom: EMPTY_BLOOM,
    difficulty: template.difficulty,
    number: template.number,
    gasLimit: template.gasLimit,
    gasUsed: 0n,
    timestamp: template.timestamp,
    extraData: template.extraData,
    mixHash: template.mixHash,
    nonce: template.nonce,
    baseFeePerGas: template.baseFeePerGas,
    withdrawalsRoot: fork >= SHANGHAI ? EMPTY_ROOT : undefined,
    blobGasUsed: fork >= CANCUN ? 0n : undefined,
    excessBlobGas: template.excessBlobGas,
    parentBeaconBlockRoot: template.parentBeaconBlockRoot,
    requestsHash: fork >= PRAGUE ? NO_REQUESTS_HASH : undefined,
    blockAccessListHash: fork >= AMSTERDAM ? EMPTY_LIST_HASH : undefined,
    slotNumber: template.slotNumber,
  };
}
