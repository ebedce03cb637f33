/**
 * A block to be executed without a chain around it, and what came of it. Inputs may be written by
 * hand or read from JSON: quantities are bigints, safe integers or text ("0x10", "16"), bytes are
 * `0x` text or Uint8Arrays. Outputs have bigints and lowercase `0x` text.
 */
import type {
  AccessSet,
  Address,
  BlockExecution,
  Hash,
  Hex,
  Log,
} from "../chain/types.js";
import type { InvalidPolicy } from "../executor/types.js";

export type QuantityInput = bigint | number | string;
export type BytesInput = string | Uint8Array;

export interface AccountInput {
  /** Wei; default 0. */
  readonly balance?: QuantityInput;
  /** Default 0. */
  readonly nonce?: QuantityInput;
  /** Runtime code; default none. */
  readonly code?: BytesInput;
  /** Slots by key, each up to 32 bytes; what is not here is zero. */
  readonly storage?: Readonly<Record<string, QuantityInput>>;
}

/** Accounts by address. */
export type StateInput = Readonly<Record<string, AccountInput>>;

export interface EnvironmentInput {
  /** Hardhat's name of the hard fork; default "osaka". */
  readonly hardfork?: string;
  /** Default 1. */
  readonly number?: QuantityInput;
  /** Seconds; default 0. */
  readonly timestamp?: QuantityInput;
  /** Default 60,000,000. */
  readonly gasLimit?: QuantityInput;
  /** false: transactions may ask for more gas than the block has. Default true. */
  readonly enforceBlockGasLimit?: boolean;
  /** Largest gas limit of a transaction, or false for none. Default: the hard fork's (EIP-7825). */
  readonly transactionGasCap?: QuantityInput | false;
  /** Default 31337. */
  readonly chainId?: QuantityInput;
  /** Wei per gas; default 0. */
  readonly baseFee?: QuantityInput;
  /** Wei per blob gas; default 1. */
  readonly blobBaseFee?: QuantityInput;
  /** Blob gas that fits into the block. Default: the hard fork's. */
  readonly maxBlobGas?: QuantityInput;
  /** The difficulty before the merge; default 0. */
  readonly prevRandao?: QuantityInput;
  /** The fee recipient; default the zero address. */
  readonly coinbase?: string;
  /** EIP-7843; default 0. */
  readonly slotNumber?: QuantityInput;
  /** Contracts may be larger than the hard fork allows. Default false. */
  readonly unlimitedCodeSize?: boolean;
  /** Contracts may be created where there is storage but no code and no nonce. Default true, as on Hardhat's network. */
  readonly allowCreationOverStorage?: boolean;
  /** Hashes of earlier blocks by number, for BLOCKHASH; what is not here is zero. */
  readonly blockHashes?: Readonly<Record<string, string>>;
}

export interface AuthorizationInput {
  readonly chainId: QuantityInput;
  readonly address: string;
  readonly nonce: QuantityInput;
  readonly yParity: QuantityInput;
  readonly r: QuantityInput;
  readonly s: QuantityInput;
  /** Who signed it. Default: recovered from the signature. */
  readonly authority?: string | null;
}

export interface TransactionInput {
  readonly from: string;
  readonly gasLimit: QuantityInput;
  /** Default: none, which creates a contract. */
  readonly to?: string | null;
  /** Default: follows from its fields. */
  readonly type?: QuantityInput;
  /** Default: the sender's next one. */
  readonly nonce?: QuantityInput;
  /** Wei; default 0. */
  readonly value?: QuantityInput;
  readonly data?: BytesInput;
  /** Types 0 and 1; default: the base fee. */
  readonly gasPrice?: QuantityInput;
  /** Types 2 and up; default: the base fee. */
  readonly maxFeePerGas?: QuantityInput;
  /** Default 0. */
  readonly maxPriorityFeePerGas?: QuantityInput;
  readonly maxFeePerBlobGas?: QuantityInput;
  readonly blobVersionedHashes?: readonly string[];
  readonly accessList?: readonly {
    readonly address: string;
    readonly storageKeys: readonly string[];
  }[];
  readonly authorizationList?: readonly AuthorizationInput[];
}

export interface BlockInput {
  /** What the block finds. Default: nothing. */
  readonly preState?: StateInput;
  readonly environment?: EnvironmentInput;
  readonly transactions: readonly TransactionInput[];
  /** What happens at a transaction that is invalid in its turn; default "skip". */
  readonly onInvalid?: InvalidPolicy;
}

export interface ExecuteOptions {
  /** Default "parallel". */
  readonly mode?: "sequential" | "parallel";
  /** Threads, the calling one included; default: those of the executor. */
  readonly workers?: number;
  /**
   * Instead of by threads, the block is executed by `workers` logical threads that take turns in an order
   * drawn from this number: the same seed gives the same schedule, again and again. Parallel mode only.
   */
  readonly seed?: number;
  /** Return access sets. Default true; executing is a little faster without. */
  readonly accessSets?: boolean;
  /** Return the whole state after the block. Default false. */
  readonly postState?: boolean;
}

export interface TransactionReceipt {
  /** Index in the block's transactions. */
  readonly index: number;
  readonly status: 0 | 1;
  /** "success", "revert", or "halt 0x20": the code of assembly/status.ts. */
  readonly outcome: string;
  readonly gasUsed: bigint;
  readonly gasRefunded: bigint;
  readonly cumulativeGasUsed: bigint;
  readonly effectiveGasPrice: bigint;
  readonly contractAddress: Address | undefined;
  /** Return or revert data. */
  readonly output: Hex;
  readonly logs: readonly Log[];
}

export interface InvalidTransaction {
  readonly index: number;
  /** Undefined: an earlier transaction of its sender was left out. */
  readonly reason: string | undefined;
}

/** What the scheduler did. It depends on timing, unless there was a seed; results never do. */
export interface ExecutedSchedule extends Pick<
  BlockExecution,
  "mode" | "reason" | "workers" | "incarnations" | "aborts"
> {
  readonly seed: number | undefined;
  /** By transaction that the scheduler decided. Undefined when the block was executed sequentially. */
  readonly transactions: readonly ScheduledTransaction[] | undefined;
}

export interface ScheduledTransaction {
  /** Thread of the execution that counted; 0 is the calling one. With a seed, logical threads count from 1. */
  readonly worker: number;
  /** How often it was executed; 1 is the least. */
  readonly incarnations: number;
}

export interface ExecutedAccount {
  readonly balance: bigint;
  readonly nonce: bigint;
  readonly code: Hex;
  readonly storage: Readonly<Record<Hash, Hash>>;
}

export interface ExecutedBlock {
  /** Of the transactions that made it into the block, in order. */
  readonly receipts: readonly TransactionReceipt[];
  readonly skipped: readonly InvalidTransaction[];
  /** With `onInvalid: "stop"`: where execution ended. */
  readonly stoppedAt: InvalidTransaction | undefined;
  readonly gasUsed: bigint;
  readonly stateRoot: Hash;
  /** By receipt; undefined when not asked for. */
  readonly accessSets: readonly AccessSet[] | undefined;
  readonly schedule: ExecutedSchedule;
  readonly timing: {
    /** Wall time of the execution, without filling the state and without the root. */
    readonly milliseconds: number;
    /** Time of all of the process's threads in the same span. */
    readonly cpuMilliseconds: number;
  };
  readonly postState: Readonly<Record<Address, ExecutedAccount>> | undefined;
}
