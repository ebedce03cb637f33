import type {
  CallOutcome,
  Chain,
  ChainListener,
  ChainOptions,
  EstimateOutcome,
  FeeHistory,
  HistoricalFunction,
  MinedBlock,
  MinedRange,
  MiningInterval,
  SendOutcome,
  TransactionRequest,
} from "./chain-interface.js";
import type {
  Address,
  BlockReference,
  CallRequest,
  Hash,
  Rerun,
  StateOverride,
  Transaction,
} from "./types.js";

import { randomBytes } from "node:crypto";

import { getEngine } from "../evm/engine.js";
import { getBlockExecutor } from "../executor/executor.js";
import { Calls } from "./calls.js";
import { ChainCore } from "./chain-core.js";
import { ChainReader } from "./chain-reader.js";
import { ChainError, INVALID_PARAMS } from "./errors.js";
import { feeHistory, validateFeeHistory } from "./fee-history.js";
import { nextBaseFee } from "./fees.js";
import { hardforkByName, LONDON, PARIS } from "./hardforks.js";
import { toHex } from "./hex.js";
import { IntervalMiner } from "./interval-miner.js";
import { Miner } from "./miner.js";
import { Snapshots } from "./savepoints.js";
import { StateReader } from "./state-reader.js";
import { TransactionSender } from "./transaction-sender.js";

const PRIORITY_FEE = 1_000_000_000n;
const GAS_PRICE_BEFORE_LONDON = 8_000_000_000n;

/** @throws ChainError for a hard fork that Hardhat does not know. */
export function createChain(options: ChainOptions): Chain {
  return new ChainImplementation(options);
}

class ChainImplementation extends ChainReader implements Chain {
  public readonly instanceId: Hash = toHex(randomBytes(32));
  readonly #calls: Calls;
  readonly #intervalMiner: IntervalMiner;
  readonly #miner: Miner;
  readonly #sender: TransactionSender;
  readonly #snapshots: Snapshots;

  constructor(options: ChainOptions) {
    const core = new ChainCore(
      options,
      options.engine ?? getEngine(),
      options.executor ?? getBlockExecutor(),
    );
    super(core, new StateReader(core));
    const gasPrice = (): bigint => this.gasPrice();
    this.#calls = new Calls(this.core, gasPrice);
    this.#miner = new Miner(this.core);
    this.#snapshots = new Snapshots(this.core);
    this.#sender = new TransactionSender(
      this.core,
      this.#miner,
      this.#snapshots,
      gasPrice,
    );
    this.#intervalMiner = new IntervalMiner(() => this.#mineByTimer());
  }

  public call(
    request: CallRequest,
    reference: BlockReference = "latest",
    overrides?: ReadonlyMap<Address, StateOverride>,
  ): CallOutcome {
    return this.#calls.call(request, reference, overrides);
  }

  public estimateGas(
    request: CallRequest,
    reference: BlockReference = "pending",
  ): EstimateOutcome {
    return this.#calls.estimateGas(request, reference);
  }

  public withTransactionRun<T>(hash: Hash, use: HistoricalFunction<T>): T {
    return this.#calls.withTransactionRun(hash, use);
  }

  public withCallRun<T>(
    request: CallRequest,
    reference: BlockReference,
    overrides: ReadonlyMap<Address, StateOverride> | undefined,
    use: HistoricalFunction<T>,
  ): T {
    return this.#calls.withCallRun(request, reference, overrides, use);
  }

  public withRerun<T>(rerun: Rerun, use: HistoricalFunction<T>): T {
    return rerun.kind === "transaction"
      ? this.withTransactionRun(rerun.hash, use)
      : this.withCallRun(rerun.request, rerun.block, rerun.overrides, use);
  }

  public sendTransaction(request: TransactionRequest): SendOutcome {
    return this.#sender.sendRequest(request);
  }

  public sendRawTransaction(raw: Uint8Array): SendOutcome {
    return this.#sender.sendRaw(raw);
  }

  public sign(address: Address, hash: Uint8Array): Uint8Array {
    return this.core.accounts.sign(address, hash);
  }

  public pendingTransactions(): readonly Transaction[] {
    return this.core.pool.transactions();
  }

  public dropTransaction(hash: Hash): boolean {
    if (this.core.pool.remove(hash)) {
      return true;
    }
    if (this.core.store.transaction(hash) !== undefined) {
      throw new ChainError(
        `Transaction ${hash} cannot be dropped because it's already mined`,
        INVALID_PARAMS,
      );
    }
    return false;
  }

  public get automine(): boolean {
    return this.#sender.automine;
  }

  public set automine(enabled: boolean) {
    this.#sender.automine = enabled;
  }

  public mine(timestamp?: bigint): MinedBlock {
    return this.#miner.mine(timestamp);
  }

  public mineMany(count: bigint, interval: bigint): MinedRange {
    return this.#miner.mineMany(count, interval);
  }

  public setIntervalMining(interval: MiningInterval | undefined): void {
    this.#intervalMiner.set(interval);
  }

  public increaseTime(seconds: bigint): bigint {
    return this.core.clock.increase(seconds);
  }

  public setNextBlockTimestamp(timestamp: bigint): bigint {
    this.core.clock.setNext(timestamp, this.core.latest.timestamp);
    return timestamp;
  }

  public snapshot(): bigint {
    const id = this.#snapshots.take();
    this.core.listeners.forEach((listener) => listener.timeline?.());
    return id;
  }

  public revert(id: bigint): boolean {
    const reverted = this.#snapshots.revert(id);
    if (reverted) {
      this.core.listeners.forEach((listener) => listener.timeline?.());
    }
    return reverted;
  }

  public nextBaseFeePerGas(): bigint | undefined {
    return this.core.nextBaseFee();
  }

  public gasPrice(): bigint {
    const baseFee = this.core.nextBaseFee();
    return baseFee === undefined
      ? GAS_PRICE_BEFORE_LONDON
      : baseFee + PRIORITY_FEE;
  }

  public blobBaseFee(): bigint {
    return this.core.blobBaseFee();
  }

  public feeHistory(
    count: bigint,
    newest: BlockReference,
    percentiles: readonly number[] = [],
  ): FeeHistory {
    if (this.fork < LONDON) {
      throw new ChainError(
        "eth_feeHistory is disabled. It only works with the London hardfork or a later one.",
      );
    }
    validateFeeHistory(count, percentiles);
    const core = this.core;
    const newestNumber = core.minedBlock(newest)?.number;
    return feeHistory(
      {
        latestNumber: core.latest.number,
        block: (number) => this.requireBlock(number),
        pendingBaseFee: core.nextBaseFee() ?? 0n,
        pendingBlock: () => this.pendingBlock(),
        baseFeeAfter: nextBaseFee,
      },
      count,
      newestNumber ?? core.latest.number + 1n,
      percentiles,
    );
  }

  public get coinbase(): Address {
    return this.core.coinbase;
  }

  public set coinbase(address: Address) {
    this.core.coinbase = address;
  }

  public setBalance(address: Address, balance: bigint): void {
    this.reader.setBalance(address, balance);
  }

  public setNonce(address: Address, nonce: bigint): void {
    this.reader.setNonce(address, nonce);
  }

  public setCode(address: Address, code: Uint8Array): void {
    this.reader.setCode(address, code);
  }

  public setStorageAt(address: Address, key: Hash, value: Hash): void {
    this.reader.setSlot(address, key, value);
  }

  public setPrevRandao(value: Hash): void {
    if (this.fork < PARIS) {
      throw new ChainError(
        `hardhat_setPrevRandao is only available in post-merge hardforks, the current hardfork is ${hardforkByName(this.hardfork).title}`,
      );
    }
    this.core.prevRandao.next = value;
  }

  public setNextBlockBaseFeePerGas(value: bigint): void {
    if (this.fork < LONDON) {
      throw new ChainError(
        "hardhat_setNextBlockBaseFeePerGas is disabled because EIP-1559 is not active",
      );
    }
    this.core.nextBaseFeeOverride = value;
  }

  public setMinGasPrice(value: bigint): void {
    if (this.fork >= LONDON) {
      throw new ChainError(
        "hardhat_setMinGasPrice is not supported when EIP-1559 is active",
      );
    }
    this.core.minGasPrice = value;
  }

  public setBlockGasLimit(value: bigint): void {
    if (value === 0n) {
      throw new ChainError("Block gas limit must be greater than 0");
    }
    this.core.pool.blockGasLimit = value;
    this.core.pool.update(this.core.readSender);
  }

  public impersonate(address: Address): void {
    this.core.accounts.impersonate(address);
  }

  public stopImpersonating(address: Address): boolean {
    return this.core.accounts.stopImpersonating(address);
  }

  public listen(listener: ChainListener): void {
    this.core.listeners.push(listener);
  }

  public close(): void {
    this.#intervalMiner.set(undefined);
    this.core.pending.discard();
    this.core.callRuns.discard();
    this.core.timeline.state.close();
  }

  #mineByTimer(): void {
    const { listeners } = this.core;
    try {
      const mined = this.#miner.mine();
      listeners.forEach((listener) => listener.intervalBlock?.(mined));
    } catch (error) {
      listeners.forEach((listener) => listener.intervalError?.(error));
    }
  }
}
