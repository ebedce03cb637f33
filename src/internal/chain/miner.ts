import type { BlockEnvironment, RunResult } from "../evm/types.js";
import type { BlockOutcome, ExecuteBlockOptions } from "../executor/types.js";
import type { ChainCore } from "./chain-core.js";
import type {
  ChainExecutionOptions,
  MinedBlock,
  MinedRange,
} from "./chain-interface.js";
import type { Transaction } from "./types.js";

import {
  BlockImplementation,
  type BlockTemplate,
  NO_EXECUTION,
} from "./block.js";
import { parentFieldsOf } from "./block-store.js";
import { orderCandidates } from "./candidates.js";
import { toExecutable } from "./environment.js";
import { ChainError } from "./errors.js";
import { invalidTransactionError } from "./execution-status.js";
import { GAS_PER_BLOB } from "./fees.js";
import { ZERO_ADDRESS } from "./hex.js";
import { ReservedRange } from "./reserved-range.js";

/** What GASLIMIT reads on Hardhat's network when `blockGasLimit` is false. */
const UNLIMITED_BLOCK_GAS = 1_000_000n;
/** EIP-7934. */
const MAX_BLOCK_SIZE = 8_388_608;
/** What a block has besides its transactions, and a transaction besides its own bytes, is smaller. */
const BLOCK_OVERHEAD = 4_096;
const TRANSACTION_OVERHEAD = 8;
/** Fewer remaining blocks than this are mined one by one, as Hardhat does. */
const MINIMUM_RESERVABLE = 6n;

/** Makes blocks out of pooled transactions and puts them on the chain. */
export class Miner {
  readonly #core: ChainCore;

  constructor(core: ChainCore) {
    this.#core = core;
  }

  /** Mines a block of what the pool offers. @throws ChainError: the timestamp is before the parent's. */
  public mine(timestamp?: bigint): MinedBlock {
    return this.#mine(timestamp, (template) =>
      orderCandidates(this.#core.pool, {
        order: this.#core.options.mempoolOrder,
        baseFee: template.baseFeePerGas,
        minGasPrice: this.#core.minGasPrice,
      }).map(({ transaction }) => transaction),
    );
  }

  /** Mines a block of one transaction that is not in the pool. @throws ChainError when it is invalid. */
  public mineSingle(transaction: Transaction): MinedBlock {
    return this.#mine(undefined, () => [transaction], true);
  }

  public mineMany(count: bigint, interval: bigint): MinedRange {
    const blocks: MinedBlock[] = [];
    if (count === 0n) {
      return { blocks, reserved: undefined };
    }
    const { pool } = this.#core;
    const mineNext = (): void => {
      blocks.push(this.mine(this.#core.latest.timestamp + interval));
    };
    blocks.push(this.mine());
    while (BigInt(blocks.length) < count && pool.hasPending) {
      if (!canProgress(this.#core, blocks[blocks.length - 1])) {
        break;
      }
      mineNext();
    }
    // An empty block stands before and after every reserved range.
    if (BigInt(blocks.length) < count) {
      mineNext();
    }
    const remaining = count - BigInt(blocks.length);
    if (remaining < MINIMUM_RESERVABLE) {
      for (let i = 0n; i < remaining; i++) {
        mineNext();
      }
      return { blocks, reserved: undefined };
    }
    const range = this.#reserve(Number(remaining) - 1, interval);
    mineNext();
    return {
      blocks,
      reserved: { first: BigInt(range.first), last: BigInt(range.last) },
    };
  }

  /** Appends empty blocks that are made when someone looks; the last one is the parent of the next. */
  #reserve(count: number, interval: bigint): ReservedRange {
    const { engine, rules, store, latest, coinbase, pool, timeline } =
      this.#core;
    timeline.beginBlock(latest);
    const epoch = timeline.epochOf(latest);
    const range = new ReservedRange({
      engine,
      rules,
      parent: latest,
      parentFields: parentFieldsOf(latest),
      count,
      interval,
      next: {
        miner: this.#core.minerReward > 0n ? ZERO_ADDRESS : coinbase,
        gasLimit: pool.blockGasLimit,
      },
      stateRoot: () => timeline.state.root(epoch),
    });
    store.reserve(range);
    return range;
  }

  #mine(
    explicitTimestamp: bigint | undefined,
    choose: (template: BlockTemplate) => Transaction[],
    mustInclude = false,
  ): MinedBlock {
    const { clock, timeline, latest, store } = this.#core;
    const { timestamp, offset } = clock.next(
      latest.timestamp,
      explicitTimestamp,
    );
    const template = this.#core.nextTemplate(timestamp);
    const transactions = choose(template);
    timeline.beginBlock(latest);
    const saved = timeline.save();
    let block: BlockImplementation;
    let outcome: BlockOutcome;
    try {
      outcome = this.#execute(template, transactions);
      if (mustInclude && outcome.included.length < transactions.length) {
        throw invalidTransactionError(outcome.skipped[0]?.result);
      }
      block = this.#makeBlock(template, transactions, outcome);
      validateSize(block);
    } catch (error) {
      timeline.revert(saved, latest);
      throw error;
    }
    timeline.sealBlock(block);
    store.append(block);
    this.#afterMining(offset);
    return this.#announce(block, outcome.results);
  }

  #execute(
    template: BlockTemplate,
    transactions: readonly Transaction[],
  ): BlockOutcome {
    const { timeline, executor, options, minerReward } = this.#core;
    const { state } = timeline;
    const outcome =
      transactions.length === 0
        ? NOTHING_EXECUTED
        : executor.executeBlock(
            state,
            this.#environment(template),
            transactions.map(toExecutable),
            {
              ...executionMode(options.execution),
              onInvalid: "skip-sender",
              target: "direct",
              record: this.#core.recording,
            },
          );
    if (minerReward > 0n) {
      const { miner } = template;
      state.setBalance(miner, state.balance(miner) + minerReward);
    }
    return outcome;
  }

  /** Transactions see 1,000,000 as the limit of a block that has none, whatever its header says. */
  #environment(template: BlockTemplate): BlockEnvironment {
    return this.#core.environmentOf(
      this.#core.pool.blockGasLimit === undefined
        ? { ...template, gasLimit: UNLIMITED_BLOCK_GAS }
        : template,
    );
  }

  #makeBlock(
    template: BlockTemplate,
    candidates: readonly Transaction[],
    outcome: BlockOutcome,
  ): BlockImplementation {
    const { engine, store, threads, timeline, latest } = this.#core;
    const transactions = outcome.included.map((index) => candidates[index]);
    const block: BlockImplementation = new BlockImplementation(
      engine,
      {
        template,
        transactions,
        gasUsed: outcome.gasUsed,
        blobGasUsed: blobGasOf(transactions),
        totalDifficulty: latest.totalDifficulty + template.difficulty,
        execution: outcome.execution,
        isPending: false,
        parentHash: () => store.parentHashOf(Number(template.number)),
        stateRoot: () => timeline.state.root(block.sealEpoch, threads),
        threads,
      },
      outcome.results,
    );
    return block;
  }

  #afterMining(offset: bigint): void {
    const core = this.#core;
    core.pool.update(core.readSender);
    core.clock.commit(offset);
    core.nextBaseFeeOverride = undefined;
    core.prevRandao.advance();
    core.beaconRoot.advance();
  }

  #announce(
    block: BlockImplementation,
    results: readonly RunResult[],
  ): MinedBlock {
    const mined: MinedBlock = {
      block,
      executed: results.map((result, index) => ({
        transaction: block.transactions[index],
        result,
      })),
    };
    for (const listener of this.#core.listeners) {
      listener.block?.(mined);
    }
    return mined;
  }
}

const NOTHING_EXECUTED: BlockOutcome = {
  included: [],
  results: [],
  skipped: [],
  stoppedAt: undefined,
  gasUsed: 0n,
  execution: NO_EXECUTION,
};

function executionMode(
  execution: ChainExecutionOptions | undefined,
): Pick<ExecuteBlockOptions, "mode" | "workers"> {
  if (execution === undefined) {
    return {};
  }
  return {
    mode: execution.parallel ? "auto" : "sequential",
    ...(execution.workers === undefined ? {} : { workers: execution.workers }),
  };
}

function blobGasOf(transactions: readonly Transaction[]): bigint {
  let blobs = 0;
  for (const { blobVersionedHashes } of transactions) {
    blobs += blobVersionedHashes?.length ?? 0;
  }
  return GAS_PER_BLOB * BigInt(blobs);
}

/** @throws ChainError when the block is too big to be sent (EIP-7934). */
function validateSize(block: BlockImplementation): void {
  let bytes = BLOCK_OVERHEAD;
  for (const { encoded } of block.transactions) {
    bytes += encoded.length + TRANSACTION_OVERHEAD;
  }
  if (bytes > MAX_BLOCK_SIZE && block.size > MAX_BLOCK_SIZE) {
    throw new ChainError(
      `Maximum block RLP size exceeded. Maximum: ${MAX_BLOCK_SIZE} bytes. Actual: ${block.size} bytes`,
    );
  }
}

/**
 * Whether more blocks would bring pending transactions in: now, or once empty blocks have lowered the
 * base fee, which they do down to 7 wei and no further. `last`: the block just mined.
 */
export function canProgress(
  { pool, minGasPrice }: ChainCore,
  { block, executed }: MinedBlock,
): boolean {
  const baseFee = block.baseFeePerGas ?? 0n;
  const floor = baseFee < 7n ? baseFee : 7n;
  const needed = floor > minGasPrice ? floor : minGasPrice;
  for (const [head] of pool.pendingQueues()) {
    // What an empty block left out although it pays enough will be left out of the next one too.
    const isWaiting = executed.length > 0 || head.feeCap < baseFee;
    if (head.feeCap >= needed && isWaiting) {
      return true;
    }
  }
  return false;
}
