/** What the analysis works on: executed transactions with what they read and wrote. */
import type {
  AccessSet,
  Address,
  BlockExecution,
  Hash,
  Hex,
} from "../chain/types.js";

export interface RecordedTransaction {
  readonly hash: Hash;
  readonly from: Address;
  /** undefined: contract creation. */
  readonly to: Address | undefined;
  /** First four bytes of the calldata, or `0x` when there are fewer. */
  readonly selector: Hex;
  readonly gasUsed: bigint;
  readonly status: 0 | 1;
  readonly accessSet: AccessSet;
}

/** A block as it was mined, or a virtual one: consecutive automined transactions seen as one block. */
export interface RecordedBlock {
  readonly kind: "mined" | "virtual";
  /** Number of the block; of a virtual block, of its first transaction's block. */
  readonly number: bigint;
  readonly transactions: readonly RecordedTransaction[];
  /** undefined for virtual blocks: nothing was executed together. */
  readonly execution: Omit<BlockExecution, "accessSets"> | undefined;
  /** The code of the contracts it touched, as it was then. */
  readonly codes: ReadonlyMap<Address, Uint8Array>;
}

/**
 * Why one transaction had to come after another.
 * - `slot`: a storage slot that the contract's code read.
 * - `balance`: an account's balance, read by code or moved by a value transfer.
 * - `funding`: the sender's balance came from an earlier transaction of somebody else.
 * - `sender`: the same sender signed both (nonce): an artefact of test wallets.
 * - `code`: the code was deployed or delegated by the earlier one.
 */
export type ConflictCause = "slot" | "balance" | "funding" | "sender" | "code";

/** A piece of state that two transactions can conflict on. */
export type Location =
  | { readonly kind: "slot"; readonly address: Address; readonly key: Hash }
  | { readonly kind: "balance"; readonly address: Address }
  | { readonly kind: "nonce"; readonly address: Address }
  | { readonly kind: "code"; readonly address: Address };

/** `to` read what `from` was the last to write before it: a read after write in block order. */
export interface Dependency {
  /** Index of the writer in the block. */
  readonly from: number;
  /** Index of the reader in the block; greater than `from`. */
  readonly to: number;
  readonly location: Location;
  readonly cause: ConflictCause;
}

/** Identity of a location as a map key. */
export function locationKey(location: Location): string {
  return location.kind === "slot"
    ? `slot:${location.address}:${location.key}`
    : `${location.kind}:${location.address}`;
}
