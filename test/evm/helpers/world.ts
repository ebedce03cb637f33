/** A small state, a block and a transaction: what both engines of the fuzz test are given. */
import type { Address, Hash } from "../../../src/internal/chain/types.js";
import type {
  BlockEnvironment,
  ExecutableTransaction,
} from "../../../src/internal/evm/types.js";

export interface WorldAccount {
  readonly address: Address;
  readonly balance: bigint;
  readonly nonce: bigint;
  /** 0x hex. */
  readonly code: string;
  readonly storage: ReadonlyMap<Hash, Hash>;
}

export interface World {
  /** Number of assembly/forks.ts. */
  readonly fork: number;
  readonly accounts: readonly WorldAccount[];
  readonly environment: BlockEnvironment;
  readonly transaction: ExecutableTransaction;
}

/** What an execution came to, in terms that every engine has. */
export interface Outcome {
  readonly invalid: boolean;
  readonly success: boolean;
  readonly gasUsed: bigint;
  readonly output: string;
  /** Address, topics and data of each, joined. */
  readonly logs: readonly string[];
  readonly created: string | undefined;
  readonly root: string;
}

export function wordHex(value: bigint): Hash {
  return `0x${value.toString(16).padStart(64, "0")}`;
}

export const SENDER: Address = `0x${"5e".repeat(20)}`;
export const COINBASE: Address = `0x${"c0".repeat(20)}`;
