/** Addresses, environments and transactions for tests that execute blocks without a chain around them. */
import type { Address, Hash, Hex } from "../../src/internal/chain/types.js";
import type {
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
} from "../../src/internal/evm/types.js";
import type { InvalidPolicy } from "../../src/internal/executor/types.js";

/** Numbers of assembly/forks.ts. */
export const Fork = {
  frontier: 0,
  spuriousDragon: 3,
  istanbul: 7,
  berlin: 9,
  london: 10,
  shanghai: 14,
  cancun: 15,
  prague: 16,
  osaka: 17,
  amsterdam: 18,
} as const;

/** Addresses of tests lie next to each other from here on. */
export const FIRST_ADDRESS = 0xace0_0000_0000_0000_0000_0000n;

export function testAddress(index: number): Address {
  return `0x${(FIRST_ADDRESS + BigInt(index)).toString(16).padStart(40, "0")}`;
}

export function word(value: bigint | number): Hash {
  return `0x${BigInt(value).toString(16).padStart(64, "0")}`;
}

export function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replace(/^0x/, ""), "hex"));
}

export function hex(data: Uint8Array): Hex {
  return `0x${Buffer.from(data).toString("hex")}`;
}

export const COINBASE: Address = "0xc014ba5ec014ba5ec014ba5ec014ba5ec014ba5e";
export const ETHER = 10n ** 18n;

export function makeEnvironment(
  overrides: Partial<BlockEnvironment> = {},
): BlockEnvironment {
  return {
    number: 1000n,
    timestamp: 1_900_000_000n,
    gasLimit: 60_000_000n,
    chainId: 31337n,
    baseFee: (overrides.fork ?? Fork.osaka) >= Fork.london ? 7n : 0n,
    prevRandao: word(0x5eed),
    blobBaseFee: 1n,
    coinbase: COINBASE,
    fork: Fork.osaka,
    unlimitedCodeSize: false,
    transactionGasCap: undefined,
    enforceBlockGasLimit: true,
    maxBlobGas: 0n,
    slotNumber: 0n,
    blockHash: (number) => word(number * 3n + 1n),
    ...overrides,
  };
}

export function makeTransaction(
  overrides: Partial<ExecutableTransaction> = {},
): ExecutableTransaction {
  const type = overrides.type ?? 0;
  const feeCap = overrides.feeCap ?? 20n;
  return {
    type,
    from: testAddress(0),
    to: testAddress(1),
    nonce: 0n,
    gasLimit: 100_000n,
    value: 0n,
    data: new Uint8Array(0),
    feeCap,
    priorityFee: type >= 2 ? 3n : feeCap,
    maxFeePerBlobGas: 0n,
    blobVersionedHashes: [],
    accessList: [],
    authorizationList: [],
    ...overrides,
  };
}

/** A block to be executed, and the state it finds. */
export interface Scenario {
  readonly prepare: (state: ChainState) => void;
  readonly environment: BlockEnvironment;
  readonly transactions: readonly ExecutableTransaction[];
  readonly onInvalid?: InvalidPolicy;
}

/** Gives the nonces that a wallet would give to transactions without one. */
export function withNonces(
  transactions: readonly (Partial<ExecutableTransaction> & {
    readonly from: Address;
  })[],
): ExecutableTransaction[] {
  const next = new Map<string, bigint>();
  return transactions.map((transaction) => {
    const nonce = transaction.nonce ?? next.get(transaction.from) ?? 0n;
    next.set(transaction.from, nonce + 1n);
    return makeTransaction({ ...transaction, nonce });
  });
}
