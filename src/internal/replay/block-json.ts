/** A block as JSON: the other way round than block-input.ts. */
import type { Address, Hash, Hex } from "../chain/types.js";
import type {
  AccountState,
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
} from "../evm/types.js";
import type {
  AccountInput,
  BlockInput,
  EnvironmentInput,
  ExecutedAccount,
  TransactionInput,
} from "./types.js";

import { toHex } from "../chain/hex.js";
import { forkName } from "./forks.js";

/** What of a state a block touches: its accounts and their slots. */
export type TouchedState = ReadonlyMap<Address, ReadonlySet<Hash>>;

export interface CapturedBlock {
  readonly environment: BlockEnvironment;
  /** The hashes of earlier blocks that the block asked for. */
  readonly blockHashes: ReadonlyMap<bigint, Hash>;
  readonly transactions: readonly ExecutableTransaction[];
  readonly onInvalid: NonNullable<BlockInput["onInvalid"]>;
}

export function blockToJson(
  block: CapturedBlock,
  preState: Readonly<Record<Address, AccountInput>>,
): BlockInput {
  return {
    environment: environmentToJson(block),
    transactions: block.transactions.map(transactionToJson),
    onInvalid: block.onInvalid,
    preState,
  };
}

function quantity(value: bigint): Hex {
  return `0x${value.toString(16)}`;
}

function environmentToJson({
  environment,
  blockHashes,
}: CapturedBlock): EnvironmentInput {
  const { transactionGasCap } = environment;
  return {
    hardfork: forkName(environment.fork),
    number: quantity(environment.number),
    timestamp: quantity(environment.timestamp),
    gasLimit: quantity(environment.gasLimit),
    enforceBlockGasLimit: environment.enforceBlockGasLimit,
    transactionGasCap:
      transactionGasCap === undefined ? false : quantity(transactionGasCap),
    chainId: quantity(environment.chainId),
    baseFee: quantity(environment.baseFee),
    blobBaseFee: quantity(environment.blobBaseFee),
    maxBlobGas: quantity(environment.maxBlobGas),
    prevRandao: environment.prevRandao,
    coinbase: environment.coinbase,
    slotNumber: quantity(environment.slotNumber),
    unlimitedCodeSize: environment.unlimitedCodeSize,
    allowCreationOverStorage: environment.allowCreationOverStorage ?? false,
    blockHashes: Object.fromEntries(
      [...blockHashes].map(([number, hash]) => [String(number), hash]),
    ),
  };
}

function transactionToJson(tx: ExecutableTransaction): TransactionInput {
  const { type } = tx;
  return {
    type,
    from: tx.from,
    to: tx.to ?? null,
    nonce: quantity(tx.nonce),
    gasLimit: quantity(tx.gasLimit),
    value: quantity(tx.value),
    data: toHex(tx.data),
    ...(type < 2
      ? { gasPrice: quantity(tx.feeCap) }
      : {
          maxFeePerGas: quantity(tx.feeCap),
          maxPriorityFeePerGas: quantity(tx.priorityFee),
        }),
    ...(type === 0 ? {} : { accessList: tx.accessList }),
    ...(type === 3
      ? {
          maxFeePerBlobGas: quantity(tx.maxFeePerBlobGas),
          blobVersionedHashes: tx.blobVersionedHashes,
        }
      : {}),
    ...(type === 4
      ? {
          authorizationList: tx.authorizationList.map((authorization) => ({
            chainId: quantity(authorization.chainId),
            address: authorization.address,
            nonce: quantity(authorization.nonce),
            yParity: authorization.yParity,
            r: quantity(authorization.r),
            s: quantity(authorization.s),
            authority: authorization.authority ?? null,
          })),
        }
      : {}),
  };
}

/** The whole state as of the end of `epoch`. */
export function wholeState(
  state: ChainState,
  epoch?: number,
): Record<Address, ExecutedAccount> {
  return Object.fromEntries(
    [...state.dump(epoch)].map(([at, account]) => [
      at,
      executedAccount(account, Object.fromEntries(account.storage)),
    ]),
  );
}

/** The part of the state as of the end of `epoch` that is touched; empty slots are left out. */
export function partOfState(
  state: ChainState,
  touched: TouchedState,
  epoch?: number,
): Record<Address, ExecutedAccount> {
  const accounts: Record<Address, ExecutedAccount> = {};
  for (const [at, keys] of touched) {
    const storage: Record<Hash, Hash> = {};
    for (const key of keys) {
      const value = state.slot(at, key, epoch);
      if (BigInt(value) !== 0n) storage[key] = value;
    }
    accounts[at] = executedAccount(state.account(at, epoch), storage);
  }
  return accounts;
}

function executedAccount(
  { balance, nonce, code }: AccountState,
  storage: Record<Hash, Hash>,
): ExecutedAccount {
  return { balance, nonce, code: toHex(code), storage };
}

/** The same with text for what JSON cannot say. */
export function stateToJson(
  accounts: Readonly<Record<Address, ExecutedAccount>>,
): Record<Address, AccountInput> {
  return Object.fromEntries(
    Object.entries(accounts).map(([at, account]) => [
      at,
      {
        balance: quantity(account.balance),
        nonce: quantity(account.nonce),
        ...(account.code === "0x" ? {} : { code: account.code }),
        ...(Object.keys(account.storage).length === 0
          ? {}
          : { storage: account.storage }),
      },
    ]),
  );
}
