/**
 * The TypeScript face of the core: what chain/ and executor/ program against. Implemented in this
 * folder (engine.ts, state.ts, run.ts). Addresses and hashes are lowercase 0x hex, quantities bigint.
 */
import type {
  AccessListEntry,
  AccessSet,
  Address,
  Authorization,
  ExecutionResult,
  Hash,
} from "../chain/types.js";
import type { ResultStore } from "./result-store.js";
import type { ExecutionTracer } from "./tracing.js";

export interface AccountState {
  readonly exists: boolean;
  readonly balance: bigint;
  readonly nonce: bigint;
  readonly codeHash: Hash;
  readonly code: Uint8Array;
}

/** One per process, made at first use; synchronous. */
export interface Engine {
  /** Root of the trie with keys rlp(0), rlp(1)… (transactions, receipts, withdrawals). */
  orderedTrieRoot(items: readonly Uint8Array[]): Hash;
  /** What a block's header says of its transactions and what they came to. */
  blockRoots(input: BlockRootsInput): BlockRoots;
  /** Root of the trie with these keys (distinct, at most 256 bytes each) and values. */
  trieRoot(
    entries: Iterable<readonly [key: Uint8Array, value: Uint8Array]>,
  ): Hash;
  createState(): ChainState;
  /** Bytes of shared memory handed out. */
  memoryInUse(): number;
}

/** Of a block, one of each per transaction. */
export interface BlockRootsInput {
  readonly results: readonly RunResult[];
  /** EIP-2718 encodings. */
  readonly transactions: readonly Uint8Array[];
  /** Receipts are encoded by type (EIP-2718, Berlin). */
  readonly isTyped: boolean;
  /** How many threads may make the tries, this one included. */
  readonly threads: number;
}

export interface BlockRoots {
  readonly receiptsRoot: Hash;
  /** 256 bytes. */
  readonly bloom: Uint8Array;
  readonly transactionsRoot: Hash;
}

/** The state of one chain: a region of the shared memory. Writes go to the current epoch. */
export interface ChainState {
  readonly epoch: number;
  /** Seals the current epoch and begins the next, which is returned. */
  nextEpoch(): number;
  /** Undoes all writes after `epoch`; a fresh epoch becomes current. */
  revert(epoch: number): void;
  account(address: Address, epoch?: number): AccountState;
  balance(address: Address, epoch?: number): bigint;
  nonce(address: Address, epoch?: number): bigint;
  /** Current balance and nonce, read at once. */
  sender(address: Address): {
    readonly balance: bigint;
    readonly nonce: bigint;
  };
  code(address: Address, epoch?: number): Uint8Array;
  slot(address: Address, key: Hash, epoch?: number): Hash;
  setBalance(address: Address, value: bigint): void;
  setNonce(address: Address, value: bigint): void;
  setCode(address: Address, code: Uint8Array): void;
  setSlot(address: Address, key: Hash, value: Hash): void;
  /** @param threads how many may hash, this one included. */
  root(epoch?: number, threads?: number): Hash;
  proof(address: Address, keys: readonly Hash[], epoch?: number): StateProof;
  /** Everything that exists, for tests, dumps and bug bundles. */
  dump(
    epoch?: number,
  ): Map<Address, AccountState & { readonly storage: Map<Hash, Hash> }>;
  createRun(
    environment: BlockEnvironment,
    options: { readonly mode: "direct" | "overlay"; readonly epoch?: number },
  ): Run;
  memory(): number;
  /** Gives the region back; later calls throw. Also done when the object is garbage collected. */
  close(): void;
}

export interface StateProof {
  readonly accountProof: readonly Uint8Array[];
  readonly storageHash: Hash;
  readonly storageProof: readonly {
    readonly key: Hash;
    readonly value: Hash;
    readonly proof: readonly Uint8Array[];
  }[];
}

export interface BlockEnvironment {
  readonly number: bigint;
  readonly timestamp: bigint;
  readonly gasLimit: bigint;
  readonly chainId: bigint;
  readonly baseFee: bigint;
  /** prevrandao, or the difficulty before the merge. */
  readonly prevRandao: Hash;
  readonly blobBaseFee: bigint;
  readonly coinbase: Address;
  /** Number of assembly/forks.ts; see fork.ts. */
  readonly fork: number;
  /** false: `allowUnlimitedContractSize: false`, with the fork's limits. */
  readonly unlimitedCodeSize: boolean;
  /** undefined: no cap. */
  readonly transactionGasCap: bigint | undefined;
  readonly enforceBlockGasLimit: boolean;
  /** EIP-8037: the block's gas limit holds for new state and for the rest apart. Hardhat's network adds them up. For direct runs. */
  readonly stateGasApart?: boolean;
  /** Contracts may be created where there is storage but no code and no nonce, as on Hardhat's network (EIP-7610 is off). */
  readonly allowCreationOverStorage?: boolean;
  readonly maxBlobGas: bigint;
  /** EIP-7594; undefined: as many as the block may have. */
  readonly maxBlobsPerTransaction?: number;
  /** Senders with code are refused (EIP-3607). Hardhat's network lets them send. */
  readonly refuseSendersWithCode?: boolean;
  readonly slotNumber: bigint;
  /** Hash of one of the 256 blocks before, or undefined when out of range. */
  blockHash(number: bigint): Hash | undefined;
}

/** What the core needs of a transaction: no signature. */
export interface ExecutableTransaction {
  readonly type: 0 | 1 | 2 | 3 | 4;
  readonly from: Address;
  readonly to: Address | undefined;
  readonly nonce: bigint;
  readonly gasLimit: bigint;
  readonly value: bigint;
  readonly data: Uint8Array;
  /** gasPrice, or maxFeePerGas for types 2 and up. */
  readonly feeCap: bigint;
  /** maxPriorityFeePerGas; equal to feeCap for types 0 and 1. */
  readonly priorityFee: bigint;
  readonly maxFeePerBlobGas: bigint;
  readonly blobVersionedHashes: readonly Hash[];
  readonly accessList: readonly AccessListEntry[];
  readonly authorizationList: readonly Authorization[];
}

export interface ExecuteOptions {
  /** eth_call: balance, nonce, base fee and block gas limit unchecked; gas is not bought. */
  readonly asCall?: boolean;
  /** Return the access set. */
  readonly record?: boolean;
  /** A call by the system (EIP-4788 and the like): no gas is bought and no nonce moves. */
  readonly asSystem?: boolean;
  /** Where the result goes if the transaction is valid: to those of its block. */
  readonly store?: ResultStore | undefined;
}

export interface RunResult extends ExecutionResult {
  readonly effectiveGasPrice: bigint;
  readonly accessSet: AccessSet | undefined;
}

/** Executes transactions one after the other on top of an epoch (the oracle; parallel runs equal it). */
export interface Run {
  /** Executes and keeps the writes; an invalid transaction (status >= 0x80) has no effect. */
  execute(
    transaction: ExecutableTransaction,
    options?: ExecuteOptions,
  ): RunResult;
  /** Executes and keeps nothing. */
  call(transaction: ExecutableTransaction, options?: ExecuteOptions): RunResult;
  /** The same, telling the tracer of every message and step. Slow. */
  trace(
    transaction: ExecutableTransaction,
    tracer: ExecutionTracer,
    options?: ExecuteOptions,
  ): RunResult;
  credit(address: Address, value: bigint): void;
  account(address: Address): AccountState;
  slot(address: Address, key: Hash): Hash;
  /** Overlay runs only: */
  setBalance(address: Address, value: bigint): void;
  setNonce(address: Address, value: bigint): void;
  setCode(address: Address, code: Uint8Array): void;
  setSlot(address: Address, key: Hash, value: Hash): void;
  clearStorage(address: Address): void;
  /** Drops what transaction `index` and later ones wrote. */
  truncate(index: number): void;
  /** Applies an overlay's writes to the chain's current epoch. */
  commit(): void;
  free(): void;
}
