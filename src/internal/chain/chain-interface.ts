/**
 * The chain as the provider drives it: one object per connection, synchronous throughout (mining
 * included). Failures that a user can cause are thrown as `ChainError` (errors.ts) with Hardhat's
 * message and JSON-RPC code; executions that revert or halt are returned, not thrown: whether they
 * become errors is the provider's matter (`throwOnCallFailures`, `throwOnTransactionFailures`).
 */
import type {
  BlockEnvironment,
  Engine,
  ExecutableTransaction,
  Run,
  StateProof,
} from "../evm/types.js";
import type { BlockExecutor } from "../executor/types.js";
import type {
  AccessListEntry,
  Address,
  Block,
  BlockReference,
  CallRequest,
  ExecutionResult,
  Hash,
  Log,
  Receipt,
  Rerun,
  SignedAuthorization,
  StateOverride,
  Transaction,
  TransactionLocation,
} from "./types.js";

export interface ChainAccount {
  readonly address: Address;
  /** 32 bytes. */
  readonly privateKey: Uint8Array;
  readonly balance: bigint;
}

export type MempoolOrder = "priority" | "fifo";
export type GasEstimationMode = "topLevelSuccess" | "noInternalOutOfGas";

/** Hardhat's resolved network config, as far as the chain is concerned. */
export interface ChainOptions {
  readonly chainId: bigint;
  readonly networkId: bigint;
  /** Hardhat's name of the hard fork ("osaka"). */
  readonly hardfork: string;
  readonly accounts: readonly ChainAccount[];
  readonly coinbase: Address;
  /** false: blocks say 60,000,000 and nothing enforces it. */
  readonly blockGasLimit: bigint | false;
  /** undefined: the fork's own cap (EIP-7825); false: none. */
  readonly transactionGasCap: bigint | false | undefined;
  /** Base fee of the genesis block; undefined: 1 gwei. */
  readonly initialBaseFeePerGas: bigint | undefined;
  /** Seconds since the epoch; undefined: now. */
  readonly initialDate: bigint | undefined;
  readonly minGasPrice: bigint;
  readonly mempoolOrder: MempoolOrder;
  readonly automine: boolean;
  readonly gasEstimationMode: GasEstimationMode;
  readonly allowBlocksWithSameTimestamp: boolean;
  readonly allowUnlimitedContractSize: boolean;
  /** Keep the access sets of mined transactions (the report's source). */
  readonly record?: boolean;
  /** How blocks of several transactions are executed; default: what the executor's policy says. */
  readonly execution?: ChainExecutionOptions;
  /** System clock in seconds; for tests. */
  readonly now?: () => bigint;
  /** Default: the process's engine and executor. */
  readonly engine?: Engine;
  readonly executor?: BlockExecutor;
}

export interface ChainExecutionOptions {
  readonly parallel: boolean;
  /** Threads, the main one included; undefined: all cores. */
  readonly workers?: number | undefined;
}

/** Parameters of eth_sendTransaction, parsed. `undefined` means "not given". */
export interface TransactionRequest {
  readonly from: Address;
  readonly to: Address | undefined;
  readonly gas: bigint | undefined;
  readonly gasPrice: bigint | undefined;
  readonly maxFeePerGas: bigint | undefined;
  readonly maxPriorityFeePerGas: bigint | undefined;
  readonly value: bigint | undefined;
  readonly data: Uint8Array | undefined;
  readonly nonce: bigint | undefined;
  readonly chainId: bigint | undefined;
  readonly accessList: readonly AccessListEntry[] | undefined;
  readonly authorizationList: readonly SignedAuthorization[] | undefined;
  /** Only 3 matters: it is refused. */
  readonly type?: bigint | undefined;
  /** `blobs` or `blobHashes` was given: refused. */
  readonly hasBlobs?: boolean;
}

export interface ExecutedTransaction {
  readonly transaction: Transaction;
  readonly result: ExecutionResult;
}

/** A block just mined, with what its transactions did (console calldata included). */
export interface MinedBlock {
  readonly block: Block;
  readonly executed: readonly ExecutedTransaction[];
}

/** Outcome of hardhat_mine. */
export interface MinedRange {
  /** The blocks that were really executed, in order. */
  readonly blocks: readonly MinedBlock[];
  /** Numbers of the empty blocks that will be made when someone looks at them. */
  readonly reserved:
    { readonly first: bigint; readonly last: bigint } | undefined;
}

export interface SendOutcome {
  readonly hash: Hash;
  readonly transaction: Transaction;
  /** Blocks mined by automine, in order; empty when the transaction was only queued. */
  readonly mined: readonly MinedBlock[];
  /** What the sent transaction did, when it was mined. */
  readonly own: ExecutedTransaction | undefined;
}

export interface CallOutcome {
  readonly result: ExecutionResult;
  /** Gas limit the call ran with. */
  readonly gasLimit: bigint;
  readonly rerun: Rerun;
}

export type EstimateOutcome =
  | { readonly kind: "gas"; readonly gas: bigint }
  /** The execution failed even with all gas. */
  | { readonly kind: "failed"; readonly outcome: CallOutcome }
  /** It succeeded, but one of its internal calls ran out of gas (`noInternalOutOfGas`). */
  | { readonly kind: "internal-out-of-gas"; readonly outcome: CallOutcome };

export interface FeeHistory {
  readonly oldestBlock: bigint;
  readonly baseFeePerGas: readonly bigint[];
  readonly gasUsedRatio: readonly number[];
  readonly reward: readonly (readonly bigint[])[] | undefined;
}

export interface AccountProof extends StateProof {
  readonly address: Address;
  readonly balance: bigint;
  readonly nonce: bigint;
  readonly codeHash: Hash;
}

export interface KnownTransaction {
  readonly transaction: Transaction;
  /** undefined: still in the pool. */
  readonly location: TransactionLocation | undefined;
}

export interface LogQuery {
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
  /** Empty: any. */
  readonly addresses: readonly Address[];
  /** By position; undefined: any; an empty list: none. */
  readonly topics: readonly (readonly Hash[] | undefined)[];
}

export interface LocatedLog {
  readonly log: Log;
  readonly block: Block;
  readonly transactionIndex: number;
  readonly transactionHash: Hash;
}

/** Milliseconds, or a range to draw each wait from. */
export type MiningInterval =
  bigint | readonly [minimum: bigint, maximum: bigint];

/** What filters, subscriptions and the logger listen to. Called synchronously, in this order per block. */
export interface ChainListener {
  /** A transaction entered the pool (or is about to be mined directly). */
  pendingTransaction?(hash: Hash): void;
  /** A block was mined; not called for reserved blocks. */
  block?(mined: MinedBlock): void;
  /** A block was mined by the interval timer (after `block`). */
  intervalBlock?(mined: MinedBlock): void;
  intervalError?(error: unknown): void;
  /** A snapshot was taken or reverted to by a user's request (not by automine's own). */
  timeline?(): void;
}

export type HistoricalFunction<T> = (
  run: Run,
  transaction: ExecutableTransaction,
  environment: BlockEnvironment,
) => T;

export interface Chain {
  readonly chainId: bigint;
  readonly networkId: bigint;
  /** Hardhat's name. */
  readonly hardfork: string;
  /** Number of assembly/forks.ts. */
  readonly fork: number;
  /** Random per chain: hardhat_metadata. */
  readonly instanceId: Hash;
  readonly accounts: readonly Address[];
  readonly defaultTransactionGasLimit: bigint;
  readonly transactionGasCap: bigint | undefined;
  readonly isBlockGasLimitEnforced: boolean;

  // --- blocks
  readonly latest: Block;
  readonly latestNumber: bigint;
  /** The block, or undefined when there is none of that number or hash. Tags: see `requireBlock`. */
  block(reference: BlockReference): Block | undefined;
  /** @throws ChainError: unknown number or hash; "safe" and "finalized" before the merge. */
  requireBlock(reference: BlockReference): Block;
  pendingBlock(): Block;
  transaction(hash: Hash): KnownTransaction | undefined;
  receipt(
    hash: Hash,
  ):
    | { readonly receipt: Receipt; readonly location: TransactionLocation }
    | undefined;
  logs(query: LogQuery): LocatedLog[];
  logsOfBlock(
    block: Block,
    query: Pick<LogQuery, "addresses" | "topics">,
  ): LocatedLog[];

  // --- state
  balance(address: Address, reference?: BlockReference): bigint;
  nonce(address: Address, reference?: BlockReference): bigint;
  code(address: Address, reference?: BlockReference): Uint8Array;
  slot(address: Address, key: Hash, reference?: BlockReference): Hash;
  proof(
    address: Address,
    keys: readonly Hash[],
    reference: BlockReference,
  ): AccountProof;

  // --- execution without effect
  call(
    request: CallRequest,
    reference?: BlockReference,
    overrides?: ReadonlyMap<Address, StateOverride>,
  ): CallOutcome;
  /** `reference` is "pending" by default. */
  estimateGas(
    request: CallRequest,
    reference?: BlockReference,
  ): EstimateOutcome;
  /** Calls `use` with a run that stands right before the transaction, and the transaction to execute on it. */
  withTransactionRun<T>(hash: Hash, use: HistoricalFunction<T>): T;
  withCallRun<T>(
    request: CallRequest,
    reference: BlockReference,
    overrides: ReadonlyMap<Address, StateOverride> | undefined,
    use: HistoricalFunction<T>,
  ): T;
  /** Either of the two. */
  withRerun<T>(rerun: Rerun, use: HistoricalFunction<T>): T;

  // --- transactions
  sendTransaction(request: TransactionRequest): SendOutcome;
  sendRawTransaction(raw: Uint8Array): SendOutcome;
  /** 65 bytes r, s, v (27 or 28) over a 32-byte hash. @throws ChainError: `Unknown account …`. */
  sign(address: Address, hash: Uint8Array): Uint8Array;
  pendingTransactions(): readonly Transaction[];
  /** @throws ChainError when the transaction is mined already. */
  dropTransaction(hash: Hash): boolean;

  // --- mining
  automine: boolean;
  /** @throws ChainError when the timestamp is lower than the parent's. */
  mine(timestamp?: bigint): MinedBlock;
  mineMany(count: bigint, interval: bigint): MinedRange;
  /** undefined or 0: off. @throws ChainError for a range whose minimum is above its maximum. */
  setIntervalMining(interval: MiningInterval | undefined): void;

  // --- time
  /** Returns the total offset to the system clock, in seconds. */
  increaseTime(seconds: bigint): bigint;
  setNextBlockTimestamp(timestamp: bigint): bigint;

  // --- snapshots
  snapshot(): bigint;
  /** false: no such snapshot. */
  revert(id: bigint): boolean;

  // --- fees
  /** undefined before London. */
  nextBaseFeePerGas(): bigint | undefined;
  gasPrice(): bigint;
  blobBaseFee(): bigint;
  feeHistory(
    count: bigint,
    newest: BlockReference,
    percentiles: readonly number[] | undefined,
  ): FeeHistory;

  // --- setters
  coinbase: Address;
  setBalance(address: Address, balance: bigint): void;
  setNonce(address: Address, nonce: bigint): void;
  setCode(address: Address, code: Uint8Array): void;
  setStorageAt(address: Address, key: Hash, value: Hash): void;
  setPrevRandao(value: Hash): void;
  setNextBlockBaseFeePerGas(value: bigint): void;
  setMinGasPrice(value: bigint): void;
  setBlockGasLimit(value: bigint): void;
  impersonate(address: Address): void;
  stopImpersonating(address: Address): boolean;

  listen(listener: ChainListener): void;
  /** Stops the timer and gives the chain's memory back. Later calls throw. */
  close(): void;
}
