/**
 * The empty blocks of a long `hardhat_mine`: nothing but a rule until someone looks at one. Then
 * it has a true parent hash, base fee and so on, which means that the hashes before it are computed
 * (once; a checkpoint is kept every `CHECKPOINT_INTERVAL` blocks).
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
import { ZERO_HASH } from "./hex.js";
import { EMPTY_BLOOM } from "./logs-bloom.js";

const CHECKPOINT_INTERVAL = 1024;

/** One block of the range, without its hash. */
interface Position {
  readonly template: BlockTemplate;
  readonly totalDifficulty: bigint;
  readonly parentHash: Hash;
}

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

export class ReservedRange {
  public readonly first: number;
  public readonly last: number;
  public readonly parent: BlockImplementation;
  readonly #options: RangeOptions;
  /** Positions of the blocks first, first + interval, …; as far as computed. */
  readonly #checkpoints: Position[] = [];

  constructor(options: RangeOptions) {
    this.#options = options;
    this.parent = options.parent;
    this.first = Number(options.parent.number) + 1;
    this.last = this.first + options.count - 1;
  }

  public has(number: number): boolean {
    return number >= this.first && number <= this.last;
  }

  /** The last block, made without hashing the ones before it. */
  public makeLastBlock(): BlockImplementation {
    let fields = this.#options.parentFields;
    let totalDifficulty = this.parent.totalDifficulty;
    let template: BlockTemplate | undefined;
    let number = this.first;
    for (; number <= this.last; number++) {
      const next = this.#template(fields);
      // Base fee and excess blob gas settle after some hundred blocks; from then on only number and
      // time advance.
      if (template !== undefined && isSettled(template, next)) {
        break;
      }
      template = next;
      totalDifficulty += template.difficulty;
      fields = fieldsOf(template);
    }
    if (template === undefined) {
      throw new Error("A reserved range has at least one block");
    }
    const rest = BigInt(this.last - number + 1);
    const { slotNumber } = template;
    return this.#makeBlock(
      {
        ...template,
        number: template.number + rest,
        timestamp: template.timestamp + rest * this.#options.interval,
        slotNumber: slotNumber === undefined ? undefined : slotNumber + rest,
      },
      totalDifficulty + rest * template.difficulty,
      () => this.#parentHashOf(this.last),
    );
  }

  public blockAt(number: number): BlockImplementation {
    const { template, totalDifficulty, parentHash } = this.#positionAt(number);
    return this.#makeBlock(template, totalDifficulty, () => parentHash);
  }

  public hashOf(number: number): Hash {
    return this.#hash(this.#positionAt(number));
  }

  #makeBlock(
    template: BlockTemplate,
    totalDifficulty: bigint,
    parentHash: () => Hash,
  ): BlockImplementation {
    const block = new BlockImplementation(this.#options.engine, {
      template,
      transactions: [],
      results: [],
      gasUsed: 0n,
      blobGasUsed: 0n,
      totalDifficulty,
      execution: NO_EXECUTION,
      isPending: false,
      parentHash,
      stateRoot: this.#options.stateRoot,
    });
    block.sealEpoch = this.parent.sealEpoch;
    block.readEpoch = this.parent.readEpoch;
    return block;
  }

  #parentHashOf(number: number): Hash {
    return number === this.first ? this.parent.hash : this.hashOf(number - 1);
  }

  #positionAt(number: number): Position {
    const checkpoint = Math.floor((number - this.first) / CHECKPOINT_INTERVAL);
    let known = Math.min(checkpoint, this.#checkpoints.length - 1);
    if (known < 0) {
      this.#checkpoints.push(
        this.#position(
          this.#options.parentFields,
          this.parent.totalDifficulty,
          this.parent.hash,
        ),
      );
      known = 0;
    }
    let position = this.#checkpoints[known];
    let current = this.first + known * CHECKPOINT_INTERVAL;
    while (current < number) {
      position = this.#position(
        fieldsOf(position.template),
        position.totalDifficulty,
        this.#hash(position),
      );
      current++;
      if ((current - this.first) % CHECKPOINT_INTERVAL === 0) {
        this.#checkpoints[(current - this.first) / CHECKPOINT_INTERVAL] =
          position;
      }
    }
    return position;
  }

  #position(
    parent: ParentFields,
    parentDifficulty: bigint,
    parentHash: Hash,
  ): Position {
    const template = this.#template(parent);
    return {
      template,
      totalDifficulty: parentDifficulty + template.difficulty,
      parentHash,
    };
  }

  #template(parent: ParentFields): BlockTemplate {
    const { rules, next, interval } = this.#options;
    return nextBlockTemplate(rules, parent, {
      timestamp: parent.timestamp + interval,
      miner: next.miner,
      gasLimit: next.gasLimit,
      baseFeePerGas: undefined,
      prevRandao: ZERO_HASH,
      parentBeaconBlockRoot: ZERO_HASH,
    });
  }

  #hash({ template, parentHash }: Position): Hash {
    return hashHeader(
      emptyHeader(template, parentHash, this.#options.stateRoot()),
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
