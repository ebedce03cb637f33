/**
 * The chain as the provider sees it. Addresses, hashes and byte strings are lowercase `0x` hex
 * (they arrive and leave as JSON); quantities are bigint. Everything is synchronous except where
 * signatures of many parties or worker threads are involved.
 */
export type Hex = `0x${string}`;
export type Address = Hex;
export type Hash = Hex;

export type BlockTag = "earliest" | "latest" | "pending" | "safe" | "finalized";
/** A block the caller meant, already parsed: a tag, a number or a hash. */
export type BlockReference = BlockTag | bigint | { readonly hash: Hash };

export interface AccessListEntry {
  readonly address: Address;
  readonly storageKeys: readonly Hash[];
}

export interface Authorization {
  readonly chainId: bigint;
  readonly address: Address;
  readonly nonce: bigint;
  readonly yParity: number;
  readonly r: bigint;
  readonly s: bigint;
  /** Recovered signer; undefined when the signature is invalid. */
  readonly authority: Address | undefined;
}

/** An authorization as a request carries it; the chain recovers who signed it. */
export type SignedAuthorization = Omit<Authorization, "authority">;

/** A transaction with a sender and a signature (real, or the fake one of an impersonated sender). */
export interface Transaction {
  readonly type: 0 | 1 | 2 | 3 | 4;
  readonly hash: Hash;
  readonly from: Address;
  /** undefined: contract creation. */
  readonly to: Address | undefined;
  readonly nonce: bigint;
  readonly gasLimit: bigint;
  readonly value: bigint;
  readonly data: Uint8Array;
  /** Types 0 and 1. */
  readonly gasPrice: bigint | undefined;
  /** Types 2 and up. */
  readonly maxFeePerGas: bigint | undefined;
  readonly maxPriorityFeePerGas: bigint | undefined;
  readonly maxFeePerBlobGas: bigint | undefined;
  readonly blobVersionedHashes: readonly Hash[] | undefined;
  readonly accessList: readonly AccessListEntry[] | undefined;
  readonly authorizationList: readonly Authorization[] | undefined;
  /** undefined for legacy transactions without replay protection. */
  readonly chainId: bigint | undefined;
  readonly v: bigint;
  readonly r: bigint;
  readonly s: bigint;
  /** EIP-2718 encoding as it goes into the transactions trie. */
  readonly encoded: Uint8Array;
}

export interface Log {
  readonly address: Address;
  readonly topics: readonly Hash[];
  readonly data: Hex;
  readonly logIndex: number;
}

export interface Receipt {
  readonly status: 0 | 1;
  readonly gasUsed: bigint;
  readonly cumulativeGasUsed: bigint;
  readonly effectiveGasPrice: bigint;
  readonly contractAddress: Address | undefined;
  readonly logs: readonly Log[];
  readonly logsBloom: Hex;
}

export interface BlockHeader {
  readonly parentHash: Hash;
  readonly sha3Uncles: Hash;
  readonly miner: Address;
  readonly stateRoot: Hash;
  readonly transactionsRoot: Hash;
  readonly receiptsRoot: Hash;
  readonly logsBloom: Hex;
  readonly difficulty: bigint;
  readonly number: bigint;
  readonly gasLimit: bigint;
  readonly gasUsed: bigint;
  readonly timestamp: bigint;
  readonly extraData: Hex;
  readonly mixHash: Hash;
  readonly nonce: Hex;
  readonly baseFeePerGas: bigint | undefined;
  readonly withdrawalsRoot: Hash | undefined;
  readonly blobGasUsed: bigint | undefined;
  readonly excessBlobGas: bigint | undefined;
  readonly parentBeaconBlockRoot: Hash | undefined;
  readonly requestsHash: Hash | undefined;
  readonly blockAccessListHash: Hash | undefined;
  readonly slotNumber: bigint | undefined;
}

/** A block. Roots, hash and header are computed when first read (then remembered). */
export interface Block {
  readonly number: bigint;
  readonly timestamp: bigint;
  readonly gasLimit: bigint;
  readonly gasUsed: bigint;
  readonly baseFeePerGas: bigint | undefined;
  readonly miner: Address;
  readonly hash: Hash;
  readonly header: BlockHeader;
  /** RLP of the block access list (EIP-7928); undefined before Amsterdam. */
  readonly accessList: Uint8Array | undefined;
  /** Bytes of the RLP-encoded block. */
  readonly size: bigint;
  readonly totalDifficulty: bigint;
  readonly transactions: readonly Transaction[];
  readonly receipts: readonly Receipt[];
  /** How the block was executed: the report's source. */
  readonly execution: BlockExecution;
  readonly isPending: boolean;
}

export interface TransactionLocation {
  readonly block: Block;
  readonly index: number;
}

/** A message for eth_call and eth_estimateGas. */
export interface CallRequest {
  readonly from: Address;
  readonly to: Address | undefined;
  readonly gas: bigint | undefined;
  readonly gasPrice: bigint | undefined;
  readonly maxFeePerGas: bigint | undefined;
  readonly maxPriorityFeePerGas: bigint | undefined;
  readonly value: bigint;
  readonly data: Uint8Array;
  readonly accessList: readonly AccessListEntry[] | undefined;
  readonly authorizationList: readonly SignedAuthorization[] | undefined;
  /** `blobs` or `blobHashes` was given: refused with Hardhat's message. */
  readonly hasBlobs?: boolean;
}

export interface StateOverride {
  readonly balance?: bigint;
  readonly nonce?: bigint;
  readonly code?: Uint8Array;
  /** Replaces the storage. */
  readonly state?: ReadonlyMap<Hash, Hash>;
  /** Patches the storage. */
  readonly stateDiff?: ReadonlyMap<Hash, Hash>;
}

/** What an execution came to. `status` is a code of the core (assembly/status.ts). */
export interface ExecutionResult {
  readonly status: number;
  readonly gasUsed: bigint;
  readonly gasRefunded: bigint;
  readonly gasSpent: bigint;
  /** What the transaction takes of its block's gas: since Amsterdam more than `gasUsed`, by what is refunded (EIP-7778). */
  readonly blockGas: bigint;
  /** What of `blockGas` new state took (EIP-8037); beside it in environments with `stateGasApart`. */
  readonly stateGas: bigint;
  readonly output: Uint8Array;
  readonly logs: readonly Log[];
  readonly createdAddress: Address | undefined;
  /** Calldata of console.log calls, in order (also of reverted frames). */
  readonly console: readonly Uint8Array[];
  readonly gasObserved: boolean;
  /** The least gas limit with which the run would have gone the same way, unless `gasOpaque`. With less, some
   *  frame runs out of gas. */
  readonly gasNeeded: bigint;
  /** The run did more with its remaining gas than pass it on to calls, or a call inside halted. */
  readonly gasOpaque: boolean;
  readonly internalOutOfGas: boolean;
  /** Operands of a validity error. */
  readonly errorA: bigint;
  readonly errorB: bigint;
}

/** Enough to run a failed execution again under the tracer (stack traces, debug_trace*). */
export type Rerun =
  | {
      readonly kind: "call";
      readonly request: CallRequest;
      readonly block: BlockReference;
      readonly overrides: ReadonlyMap<Address, StateOverride> | undefined;
    }
  | { readonly kind: "transaction"; readonly hash: Hash };

/** Reads and writes of one executed transaction, at its committed incarnation. */
export interface AccessSet {
  /** Accounts read or written. Field order: what it was before and what it is after. */
  readonly accounts: readonly AccountAccess[];
  readonly slots: readonly SlotAccess[];
  /** Inputs of KECCAK256 that may name a slot (32 to 256 bytes). */
  readonly preimages: readonly KeccakPreimage[];
}
export interface KeccakPreimage {
  readonly hash: Hash;
  readonly preimage: Uint8Array;
}
export interface AccountAccess {
  readonly address: Address;
  readonly readsBalance: boolean;
  readonly readsNonce: boolean;
  readonly readsCode: boolean;
  readonly balance:
    { readonly before: bigint; readonly after: bigint } | undefined;
  readonly nonce:
    { readonly before: bigint; readonly after: bigint } | undefined;
  readonly codeChanged: boolean;
  /** The new code; undefined when it did not change. */
  readonly code: Uint8Array | undefined;
  readonly destructed: boolean;
  /** The fee recipient credited without being read. */
  readonly lazilyCredited: boolean;
}
export interface SlotAccess {
  readonly address: Address;
  readonly key: Hash;
  readonly before: Hash;
  readonly after: Hash;
  readonly read: boolean;
  readonly written: boolean;
}

export type FallbackReason =
  /** By configuration, or for want of a second core. */
  | "disabled"
  | "too-few-transactions"
  /** Sharing it would cost as much as it saves. */
  | "too-little-work"
  /** Blocks like it were no faster: their transactions wait for each other, or other processes have the cores. */
  | "no-gain"
  /** One block among many parallel ones, to see what it costs on one thread. */
  | "measuring"
  | "workers-starting"
  /** The core trapped on a thread. */
  | "trap"
  /** A thread did not come back. */
  | "timeout"
  | "out-of-memory"
  /** Verification found parallel execution to differ. */
  | "difference";

export interface BlockExecution {
  readonly mode: "sequential" | "parallel" | "mixed";
  /** Why not (wholly) parallel. */
  readonly reason: FallbackReason | undefined;
  readonly workers: number;
  readonly incarnations: number;
  readonly aborts: number;
  /** Wall time of the execution, milliseconds. */
  readonly milliseconds: number;
  /** Wall time of executing the same block sequentially, where that was measured too. */
  readonly sequentialMilliseconds?: number | undefined;
  /** Per transaction; undefined when recording is off. */
  readonly accessSets: readonly AccessSet[] | undefined;
}
