/** The header fields of the next block, from its parent and the fork's rules. */
import type { BlockTemplate } from "./block.js";
import type { Address, Hash } from "./types.js";

import { blobParameters, nextBaseFee, nextExcessBlobGas } from "./fees.js";
import {
  AMSTERDAM,
  CANCUN,
  ethashDifficulty,
  LONDON,
  OSAKA,
  PARIS,
} from "./hardforks.js";
import { ZERO_HASH } from "./hex.js";

/** Rules that never change during a chain's life. */
export interface ChainRules {
  readonly chainId: bigint;
  /** Hardhat's name. */
  readonly hardfork: string;
  readonly fork: number;
}

/** What of the parent the next block depends on. */
export interface ParentFields {
  readonly number: bigint;
  readonly timestamp: bigint;
  readonly gasLimit: bigint;
  readonly gasUsed: bigint;
  readonly difficulty: bigint;
  readonly baseFeePerGas: bigint | undefined;
  readonly blobGasUsed: bigint;
  readonly excessBlobGas: bigint | undefined;
  readonly slotNumber: bigint | undefined;
}

export interface NextBlockFields {
  readonly timestamp: bigint;
  readonly miner: Address;
  /** undefined: the parent's. */
  readonly gasLimit: bigint | undefined;
  /** undefined: what EIP-1559 says. */
  readonly baseFeePerGas: bigint | undefined;
  readonly prevRandao: Hash;
  readonly parentBeaconBlockRoot: Hash;
}

export const ZERO_NONCE = "0x0000000000000000";
/** Nonce of blocks before the merge: 66, as Hardhat has it. */
export const POW_NONCE = "0x0000000000000042";

export function nextBlockTemplate(
  rules: ChainRules,
  parent: ParentFields,
  next: NextBlockFields,
): BlockTemplate {
  const { fork } = rules;
  const { timestamp } = next;
  const number = parent.number + 1n;
  const isMerged = fork >= PARIS;
  return {
    fork,
    number,
    timestamp,
    gasLimit: next.gasLimit ?? parent.gasLimit,
    miner: next.miner,
    difficulty: ethashDifficulty(rules.hardfork, parent, number, timestamp),
    extraData: "0x",
    mixHash: isMerged ? next.prevRandao : ZERO_HASH,
    nonce: isMerged ? ZERO_NONCE : POW_NONCE,
    baseFeePerGas:
      fork >= LONDON ? (next.baseFeePerGas ?? nextBaseFee(parent)) : undefined,
    excessBlobGas:
      fork >= CANCUN ? excessBlobGasAfter(rules, parent, timestamp) : undefined,
    parentBeaconBlockRoot:
      fork >= CANCUN ? next.parentBeaconBlockRoot : undefined,
    slotNumber: fork >= AMSTERDAM ? (parent.slotNumber ?? -1n) + 1n : undefined,
  };
}

function excessBlobGasAfter(
  { fork, chainId }: ChainRules,
  parent: ParentFields,
  timestamp: bigint,
): bigint {
  return nextExcessBlobGas(
    {
      excessBlobGas: parent.excessBlobGas ?? 0n,
      blobGasUsed: parent.blobGasUsed,
      baseFeePerGas: fork >= OSAKA ? (parent.baseFeePerGas ?? 0n) : 0n,
    },
    blobParameters(fork, chainId, timestamp),
  );
}
