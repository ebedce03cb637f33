import type { ChainCore } from "./chain-core.js";
import type {
  AccountProof,
  KnownTransaction,
  LocatedLog,
  LogQuery,
} from "./chain-interface.js";
import type { StateReader } from "./state-reader.js";
import type {
  Address,
  Block,
  BlockReference,
  Hash,
  Receipt,
  TransactionLocation,
} from "./types.js";

import { logsBetween, logsOfBlock } from "./chain-logs.js";

/** The part of a chain that only answers questions: settings, blocks, transactions, logs, state. */
export abstract class ChainReader {
  protected readonly core: ChainCore;
  protected readonly reader: StateReader;

  constructor(core: ChainCore, reader: StateReader) {
    this.core = core;
    this.reader = reader;
  }

  public get chainId(): bigint {
    return this.core.options.chainId;
  }

  public get networkId(): bigint {
    return this.core.options.networkId;
  }

  public get hardfork(): string {
    return this.core.options.hardfork;
  }

  public get fork(): number {
    return this.core.fork;
  }

  public get accounts(): readonly Address[] {
    return this.core.accounts.addresses;
  }

  public get defaultTransactionGasLimit(): bigint {
    return this.core.defaultGas;
  }

  public get transactionGasCap(): bigint | undefined {
    return this.core.transactionGasCap;
  }

  public get isBlockGasLimitEnforced(): boolean {
    return this.core.pool.blockGasLimit !== undefined;
  }

  public get latest(): Block {
    return this.core.latest;
  }

  public get latestNumber(): bigint {
    return this.core.latest.number;
  }

  public block(reference: BlockReference): Block | undefined {
    return reference === "pending"
      ? this.pendingBlock()
      : this.core.findBlock(reference);
  }

  public requireBlock(reference: BlockReference): Block {
    return this.core.minedBlock(reference) ?? this.pendingBlock();
  }

  public pendingBlock(): Block {
    return this.core.pending.block(this.core.pendingInputs());
  }

  public transaction(hash: Hash): KnownTransaction | undefined {
    const pooled = this.core.pool.get(hash);
    if (pooled !== undefined) {
      return { transaction: pooled.transaction, location: undefined };
    }
    const location = this.core.store.transaction(hash);
    return location === undefined
      ? undefined
      : { transaction: location.block.transactions[location.index], location };
  }

  public receipt(
    hash: Hash,
  ): { receipt: Receipt; location: TransactionLocation } | undefined {
    const location = this.core.store.transaction(hash);
    return location === undefined
      ? undefined
      : { receipt: location.block.receipts[location.index], location };
  }

  public logs(query: LogQuery): LocatedLog[] {
    return logsBetween(this.core.store, query);
  }

  public logsOfBlock(
    block: Block,
    query: Pick<LogQuery, "addresses" | "topics">,
  ): LocatedLog[] {
    return logsOfBlock(block, query);
  }

  public balance(
    address: Address,
    reference: BlockReference = "latest",
  ): bigint {
    return this.reader.balance(address, reference);
  }

  public nonce(address: Address, reference: BlockReference = "latest"): bigint {
    return this.reader.nonce(address, reference);
  }

  public code(
    address: Address,
    reference: BlockReference = "latest",
  ): Uint8Array {
    return this.reader.code(address, reference);
  }

  public slot(
    address: Address,
    key: Hash,
    reference: BlockReference = "latest",
  ): Hash {
    return this.reader.slot(address, key, reference);
  }

  public proof(
    address: Address,
    keys: readonly Hash[],
    reference: BlockReference,
  ): AccountProof {
    return this.reader.proof(address, keys, reference);
  }
}
