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

export const CONTRACT: Address = `0x${"cc".repeat(20)}`;

const PARIS = 13;

/** One contract with the code (0x hex), called by the sender of a legacy transaction without data. */
export function plainWorld(fork: number, code: string): World {
  return {
    fork,
    accounts: [
      { address: CONTRACT, balance: 0n, nonce: 1n, code, storage: new Map() },
      {
        address: SENDER,
        balance: 10n ** 20n,
        nonce: 0n,
        code: "0x",
        storage: new Map(),
      },
    ],
    environment: {
      number: 1000n,
      timestamp: 1_900_000_000n,
      gasLimit: 60_000_000n,
      chainId: 1n,
      baseFee: 0n,
      prevRandao: fork >= PARIS ? wordHex(7n) : wordHex(131_072n),
      blobBaseFee: 1n,
      coinbase: COINBASE,
      fork,
      unlimitedCodeSize: false,
      transactionGasCap: undefined,
      enforceBlockGasLimit: false,
      maxBlobGas: 786_432n,
      slotNumber: 0n,
      blockHash: () => undefined,
    },
    transaction: {
      type: 0,
      from: SENDER,
      to: CONTRACT,
      nonce: 0n,
      gasLimit: 10_000_000n,
      value: 0n,
      data: new Uint8Array(0),
      feeCap: 1n,
      priorityFee: 1n,
      maxFeePerBlobGas: 0n,
      blobVersionedHashes: [],
      accessList: [],
      authorizationList: [],
    },
  };
}
