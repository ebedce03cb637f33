import type { BlockEnvironment, Engine, Run } from "../evm/types.js";
import type { BlockExecutor, ExecuteBlockOptions } from "../executor/types.js";
import type { BlockImplementation, BlockTemplate } from "./block.js";
import type { ChainListener, ChainOptions } from "./chain-interface.js";
import type { Address, BlockReference, Hash } from "./types.js";

import { availableParallelism } from "node:os";

import { Accounts } from "./accounts.js";
import { BlockStore, parentFieldsOf } from "./block-store.js";
import {
  type ChainRules,
  type NextBlockFields,
  nextBlockTemplate,
} from "./block-template.js";
import { Clock } from "./clock.js";
import { blockEnvironment } from "./environment.js";
import { ChainError, INVALID_PARAMS } from "./errors.js";
import { CallRuns } from "./execution-context.js";
import { blobFee, blobParameters, nextBaseFee } from "./fees.js";
import { createGenesis, DEFAULT_BLOCK_GAS_LIMIT } from "./genesis.js";
import {
  AMSTERDAM,
  CANCUN,
  hardforkByName,
  LONDON,
  minerReward,
  PARIS,
  transactionGasCapOf,
} from "./hardforks.js";
import { HashGenerator } from "./hash-generator.js";
import { Mempool, type SenderReader } from "./mempool.js";
import { PendingBlock, type PendingInputs } from "./pending-block.js";
import { StateTimeline } from "./state-timeline.js";

/** Asked once: the answer costs more than a small block. */
const CORES = availableParallelism();

const systemSeconds = (): bigint => BigInt(Math.floor(Date.now() / 1000));

function orUndefined(limit: bigint | false): bigint | undefined {
  return limit === false ? undefined : limit;
}

/** The parts of a chain and what they share: everything that its operations (mining, sending, calling) work on. */
export class ChainCore {
  public readonly options: ChainOptions;
  public readonly rules: ChainRules;
  public readonly engine: Engine;
  public readonly executor: BlockExecutor;
  public readonly timeline: StateTimeline;
  public readonly store: BlockStore;
  public readonly pool: Mempool;
  public readonly clock: Clock;
  public readonly accounts: Accounts;
  public readonly prevRandao: HashGenerator;
  public readonly beaconRoot: HashGenerator;
  public readonly pending: PendingBlock;
  public readonly callRuns: CallRuns;
  public readonly listeners: ChainListener[] = [];
  public readonly transactionGasCap: bigint | undefined;
  public readonly defaultGas: bigint;
  public readonly minerReward: bigint;
  public coinbase: Address;
  public minGasPrice: bigint;
  /** For the next block only. */
  public nextBaseFeeOverride: bigint | undefined = undefined;

  constructor(options: ChainOptions, engine: Engine, executor: BlockExecutor) {
    this.options = options;
    this.engine = engine;
    this.executor = executor;
    const fork = hardforkByName(options.hardfork).number;
    this.rules = { chainId: options.chainId, hardfork: options.hardfork, fork };
    const { blockGasLimit, transactionGasCap } = options;
    this.transactionGasCap =
      transactionGasCap === undefined
        ? transactionGasCapOf(fork)
        : orUndefined(transactionGasCap);
    const miningGasLimit = orUndefined(blockGasLimit);
    const headerGasLimit = miningGasLimit ?? DEFAULT_BLOCK_GAS_LIMIT;
    this.defaultGas = this.transactionGasCap ?? headerGasLimit;
    this.minerReward = minerReward(fork);
    this.coinbase = options.coinbase;
    this.minGasPrice = options.minGasPrice;
    this.accounts = new Accounts(options.accounts);
    this.pool = new Mempool(miningGasLimit, this.transactionGasCap);
    this.clock = new Clock(
      options.now ?? systemSeconds,
      options.initialDate,
      options.allowBlocksWithSameTimestamp,
    );
    this.prevRandao = HashGenerator.fromSeed("randomMixHashSeed");
    this.beaconRoot = HashGenerator.fromSeed("randomParentBeaconBlockRootSeed");
    this.timeline = new StateTimeline(engine.createState());
    const genesis = createGenesis(engine, this.timeline.state, {
      rules: this.rules,
      accounts: options.accounts,
      timestamp: this.clock.current,
      gasLimit: headerGasLimit,
      baseFeePerGas: options.initialBaseFeePerGas,
      mixHash: this.prevRandao.next,
    });
    if (fork >= PARIS) {
      this.prevRandao.advance();
    }
    this.timeline.sealBlock(genesis);
    this.store = new BlockStore(genesis);
    this.pending = new PendingBlock(engine, executor, this.timeline, this.pool);
    this.callRuns = new CallRuns(this.timeline);
  }

  public get fork(): number {
    return this.rules.fork;
  }

  public get latest(): BlockImplementation {
    return this.store.latest;
  }

  public readonly readSender: SenderReader = (address) =>
    this.timeline.state.sender(address);

  /** undefined before London. */
  public nextBaseFee(): bigint | undefined {
    if (this.fork < LONDON) {
      return undefined;
    }
    return this.nextBaseFeeOverride ?? nextBaseFee(this.latest);
  }

  /** 0 before Cancun. */
  public blobBaseFee(): bigint {
    const { excessBlobGas, timestamp } = this.latest.contents.template;
    return this.fork < CANCUN
      ? 0n
      : blobFee(
          excessBlobGas ?? 0n,
          blobParameters(this.fork, this.rules.chainId, timestamp),
        );
  }

  public nextFields(timestamp: bigint): NextBlockFields {
    return {
      timestamp,
      miner: this.coinbase,
      gasLimit: this.pool.blockGasLimit,
      baseFeePerGas: this.nextBaseFeeOverride,
      prevRandao: this.prevRandao.next,
      parentBeaconBlockRoot: this.beaconRoot.next,
    };
  }

  public nextTemplate(timestamp: bigint): BlockTemplate {
    return nextBlockTemplate(
      this.rules,
      parentFieldsOf(this.latest),
      this.nextFields(timestamp),
    );
  }

  public environmentOf(template: BlockTemplate): BlockEnvironment {
    return blockEnvironment(template, {
      chainId: this.rules.chainId,
      unlimitedCodeSize: this.options.allowUnlimitedContractSize,
      transactionGasCap: this.transactionGasCap,
      enforceBlockGasLimit: this.pool.blockGasLimit !== undefined,
      blockHash: (number) => this.#blockHash(number),
    });
  }

  /** Whether blocks record what their transactions access: for reports, or for the header (EIP-7928). */
  public get recording(): ExecuteBlockOptions["record"] {
    return (
      this.options.record === true || (this.fork >= AMSTERDAM && "results")
    );
  }

  /** How many threads may work on a block, this one included. */
  public get threads(): number {
    const { execution } = this.options;
    return execution?.parallel === false ? 1 : (execution?.workers ?? CORES);
  }

  public pendingInputs(): PendingInputs {
    const { timestamp } = this.clock.next(this.latest.timestamp);
    const template = this.nextTemplate(timestamp);
    return {
      template,
      environment: this.environmentOf(template),
      rules: {
        order: this.options.mempoolOrder,
        baseFee: template.baseFeePerGas,
        minGasPrice: this.minGasPrice,
      },
      latest: this.latest,
      reward: this.minerReward,
      record: this.recording,
    };
  }

  /** undefined for "pending" alone. @throws ChainError: see `Chain.requireBlock`. */
  public minedBlock(
    reference: BlockReference,
  ): BlockImplementation | undefined {
    if (reference === "pending") {
      return undefined;
    }
    const block = this.findBlock(reference);
    if (block === undefined) {
      const shown =
        typeof reference === "object" ? reference.hash : String(reference);
      throw new ChainError(
        `Received invalid block tag ${shown}. Latest block number is ${this.latest.number}`,
      );
    }
    return block;
  }

  /** @throws ChainError for "safe" and "finalized" before the merge. */
  public findBlock(
    reference: Exclude<BlockReference, "pending">,
  ): BlockImplementation | undefined {
    if (typeof reference === "bigint") {
      return reference > this.latest.number
        ? undefined
        : this.store.byNumber(Number(reference));
    }
    if (typeof reference === "object") {
      return this.store.byHash(reference.hash);
    }
    switch (reference) {
      case "earliest":
        return this.store.byNumber(0);
      case "latest":
        return this.latest;
      case "safe":
      case "finalized":
        this.validateTag(reference);
        return this.latest;
    }
  }

  /** @throws ChainError for "safe" and "finalized" before the merge. */
  public validateTag(reference: BlockReference): void {
    if (
      this.fork < PARIS &&
      (reference === "safe" || reference === "finalized")
    ) {
      const { title } = hardforkByName(this.options.hardfork);
      throw new ChainError(
        `The '${reference}' block tag is not allowed in pre-merge hardforks. You are using the '${title}' hardfork.`,
        INVALID_PARAMS,
      );
    }
  }

  /** Calls `read` with the run after the pending transactions. */
  public pendingRun(): Run {
    return this.pending.run(this.pendingInputs());
  }

  public notifyPending(hash: Hash): void {
    for (const listener of this.listeners) {
      listener.pendingTransaction?.(hash);
    }
  }

  #blockHash(number: bigint): Hash | undefined {
    return number < 0n || number > this.latest.number
      ? undefined
      : this.store.hashOf(Number(number));
  }
}
