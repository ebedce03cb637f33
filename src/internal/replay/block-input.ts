/** From a block as it was given to what the executor takes. */
import type { Address, Hash } from "../chain/types.js";
import type {
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
} from "../evm/types.js";
import type { InvalidPolicy } from "../executor/types.js";

import { blobParameters, GAS_PER_BLOB } from "../chain/fees.js";
import { CANCUN, transactionGasCapOf } from "../chain/hardforks.js";
import { ZERO_ADDRESS } from "../chain/hex.js";
import {
  address,
  boolean,
  bytes,
  InvalidInputError,
  list,
  object,
  oneOf,
  quantity,
  word,
} from "./fields.js";
import { FORK_NAMES, forkNumber } from "./forks.js";
import { parseTransaction } from "./transaction-input.js";

export interface ParsedAccount {
  readonly balance: bigint;
  readonly nonce: bigint;
  readonly code: Uint8Array;
  readonly storage: ReadonlyMap<Hash, Hash>;
}

export interface ParsedBlock {
  readonly preState: ReadonlyMap<Address, ParsedAccount>;
  readonly environment: BlockEnvironment;
  /** What the environment's `blockHash` knows. */
  readonly blockHashes: ReadonlyMap<bigint, Hash>;
  readonly transactions: readonly ExecutableTransaction[];
  readonly onInvalid: InvalidPolicy;
}

const BLOCK_FIELDS = ["preState", "environment", "transactions", "onInvalid"];
const ACCOUNT_FIELDS = ["balance", "nonce", "code", "storage"];
const ENVIRONMENT_FIELDS = [
  "hardfork",
  "number",
  "timestamp",
  "gasLimit",
  "enforceBlockGasLimit",
  "transactionGasCap",
  "chainId",
  "baseFee",
  "blobBaseFee",
  "maxBlobGas",
  "prevRandao",
  "coinbase",
  "slotNumber",
  "unlimitedCodeSize",
  "allowCreationOverStorage",
  "blockHashes",
];
const DEFAULT_GAS_LIMIT = 60_000_000n;
const DEFAULT_CHAIN_ID = 31_337n;

/** @throws InvalidInputError: names the field, what was expected and what was given. */
export function parseBlock(value: unknown, path = "block"): ParsedBlock {
  const block = object(value, path, BLOCK_FIELDS);
  const preState = parsePreState(block.preState ?? {}, `${path}.preState`);
  const { environment, blockHashes } = parseEnvironment(
    block.environment ?? {},
    `${path}.environment`,
  );
  const nonces = new Map<Address, bigint>();
  const nextNonce = (from: Address): bigint =>
    nonces.get(from) ?? preState.get(from)?.nonce ?? 0n;
  const transactions = list(block.transactions, `${path}.transactions`).map(
    (item, index) => {
      const transaction = parseTransaction(
        item,
        `${path}.transactions[${index}]`,
        environment.baseFee,
        nextNonce,
      );
      nonces.set(transaction.from, transaction.nonce + 1n);
      return transaction;
    },
  );
  const onInvalid = oneOf<InvalidPolicy>(
    block.onInvalid,
    `${path}.onInvalid`,
    ["skip", "skip-sender", "stop"],
    "skip",
  );
  return { preState, environment, blockHashes, transactions, onInvalid };
}

function parsePreState(
  value: unknown,
  path: string,
): Map<Address, ParsedAccount> {
  const accounts = new Map<Address, ParsedAccount>();
  for (const [key, item] of Object.entries(object(value, path))) {
    const at = `${path}.${key}`;
    const account = object(item, at, ACCOUNT_FIELDS);
    const storage = new Map<Hash, Hash>();
    for (const [slot, content] of Object.entries(
      object(account.storage ?? {}, `${at}.storage`),
    )) {
      storage.set(
        word(slot, `${at}.storage, a key`),
        word(content, `${at}.storage.${slot}`),
      );
    }
    accounts.set(address(key, `${path}, a key`), {
      balance: quantity(account.balance, `${at}.balance`, 256, 0n),
      nonce: quantity(account.nonce, `${at}.nonce`, 64, 0n),
      code: bytes(account.code, `${at}.code`),
      storage,
    });
  }
  return accounts;
}

function parseEnvironment(
  value: unknown,
  path: string,
): Pick<ParsedBlock, "environment" | "blockHashes"> {
  const given = object(value, path, ENVIRONMENT_FIELDS);
  const { hardfork = "osaka", transactionGasCap } = given;
  const fork = typeof hardfork === "string" ? forkNumber(hardfork) : undefined;
  if (fork === undefined) {
    throw new InvalidInputError(
      `${path}.hardfork`,
      `one of ${FORK_NAMES.join(", ")}`,
      hardfork,
    );
  }
  const read = (name: string, bits: number, fallback: bigint): bigint =>
    quantity(given[name], `${path}.${name}`, bits, fallback);
  const flag = (name: string, fallback: boolean): boolean =>
    boolean(given[name], `${path}.${name}`, fallback);
  const chainId = read("chainId", 64, DEFAULT_CHAIN_ID);
  const timestamp = read("timestamp", 64, 0n);
  const blockHashes = parseHashes(
    given.blockHashes ?? {},
    `${path}.blockHashes`,
  );
  const environment: BlockEnvironment = {
    number: read("number", 64, 1n),
    timestamp,
    gasLimit: read("gasLimit", 64, DEFAULT_GAS_LIMIT),
    chainId,
    baseFee: read("baseFee", 256, 0n),
    prevRandao: word(given.prevRandao, `${path}.prevRandao`, 0n),
    blobBaseFee: read("blobBaseFee", 256, 1n),
    coinbase: address(given.coinbase ?? ZERO_ADDRESS, `${path}.coinbase`),
    fork,
    unlimitedCodeSize: flag("unlimitedCodeSize", false),
    transactionGasCap:
      transactionGasCap === false
        ? undefined
        : transactionGasCap === undefined
          ? transactionGasCapOf(fork)
          : quantity(transactionGasCap, `${path}.transactionGasCap`, 64),
    enforceBlockGasLimit: flag("enforceBlockGasLimit", true),
    allowCreationOverStorage: flag("allowCreationOverStorage", true),
    maxBlobGas: read(
      "maxBlobGas",
      64,
      fork < CANCUN
        ? 0n
        : blobParameters(fork, chainId, timestamp).max * GAS_PER_BLOB,
    ),
    slotNumber: read("slotNumber", 64, 0n),
    blockHash: (number) => blockHashes.get(number),
  };
  return { environment, blockHashes };
}

function parseHashes(value: unknown, path: string): Map<bigint, Hash> {
  const hashes = new Map<bigint, Hash>();
  for (const [number, hash] of Object.entries(object(value, path))) {
    hashes.set(
      quantity(number, `${path}, a key`, 64),
      word(hash, `${path}.${number}`),
    );
  }
  return hashes;
}

/** Puts the accounts into a new state, and begins the epoch that the block writes to. */
export function fillState(
  state: ChainState,
  preState: ParsedBlock["preState"],
): void {
  for (const [at, { balance, nonce, code, storage }] of preState) {
    state.setBalance(at, balance);
    state.setNonce(at, nonce);
    if (code.length > 0) state.setCode(at, code);
    for (const [key, value] of storage) state.setSlot(at, key, value);
  }
  state.nextEpoch();
}
