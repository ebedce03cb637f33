import type {
  Address,
  Authorization,
  Hash,
} from "../../../src/internal/chain/types.js";
import type {
  BlockEnvironment,
  ChainState,
  ExecutableTransaction,
} from "../../../src/internal/evm/types.js";

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import {
  computeAddress,
  concat,
  encodeRlp,
  getBytes,
  keccak256,
  Signature,
  SigningKey,
  toBeArray,
  toBeHex,
} from "ethers";

import {
  blobBaseFee,
  FORK_NUMBERS,
  maxBlobGas,
  transactionGasCap,
} from "./forks.js";

/** A block captured for replay; quantities are 0x strings or JSON numbers. */
interface BlockFile {
  readonly number: number;
  readonly coinbase: string;
  readonly timestamp: number;
  readonly gas_limit: number;
  readonly basefee: number;
  readonly difficulty: Quantity;
  readonly prevrandao?: string;
  readonly excess_blob_gas?: number;
  readonly chain_id: number;
  readonly spec_id: string;
  readonly block_hashes?: Readonly<Record<string, string>>;
}

type Quantity = string | number;

interface TransactionFile {
  readonly tx_type: number;
  readonly caller: string;
  readonly to: string | null;
  readonly nonce: Quantity;
  readonly value: Quantity;
  readonly data: string;
  readonly gas_limit: Quantity;
  readonly gas_price: Quantity;
  readonly gas_priority_fee: Quantity | null;
  readonly access_list: readonly {
    readonly address: string;
    readonly storage_keys?: readonly string[];
    readonly storageKeys?: readonly string[];
  }[];
  readonly blob_hashes: readonly string[];
  readonly max_fee_per_blob_gas: Quantity;
  readonly authorization_list: readonly AuthorizationFile[];
}

interface AuthorizationFile {
  readonly chain_id: Quantity;
  readonly address: string;
  readonly nonce: Quantity;
  readonly y_parity: number;
  readonly r: string;
  readonly s: string;
}

type PreStateFile = Readonly<
  Record<
    string,
    {
      readonly balance: Quantity;
      readonly nonce: Quantity;
      readonly code: string | null;
      readonly storage: Readonly<Record<string, string>>;
    }
  >
>;

export interface ExpectedBlock {
  readonly gasUsed: number;
  readonly transactions: readonly {
    readonly status: number;
    readonly gasUsed: number;
    readonly logs: number;
  }[];
}

export interface CapturedBlock {
  readonly environment: BlockEnvironment;
  readonly transactions: readonly ExecutableTransaction[];
  readonly expected: ExpectedBlock | undefined;
  writePreState(state: ChainState): void;
}

export function readCapturedBlock(folder: string): CapturedBlock {
  const read = <T>(name: string): T =>
    JSON.parse(readFileSync(join(folder, name), "utf8")) as T;
  const block = read<BlockFile>("block.json");
  if (FORK_NUMBERS[block.spec_id] === undefined) {
    throw new Error(
      `block.json: spec_id: expected one of ${Object.keys(FORK_NUMBERS).join(", ")}, got "${block.spec_id}"`,
    );
  }
  const preState = read<PreStateFile>("pre_state.json");
  return {
    environment: environmentOf(block),
    transactions: read<TransactionFile[]>("txs.json").map(transactionOf),
    expected: existsSync(join(folder, "expected.json"))
      ? read<ExpectedBlock>("expected.json")
      : undefined,
    writePreState(state) {
      for (const [address, account] of Object.entries(preState)) {
        const at = address.toLowerCase() as Address;
        state.setBalance(at, BigInt(account.balance));
        state.setNonce(at, BigInt(account.nonce));
        if (account.code !== null && account.code !== "0x") {
          state.setCode(at, getBytes(account.code));
        }
        for (const [key, value] of Object.entries(account.storage)) {
          state.setSlot(at, word(key), word(value));
        }
      }
      state.nextEpoch();
    },
  };
}

function environmentOf(block: BlockFile): BlockEnvironment {
  const { spec_id: fork } = block;
  return {
    number: BigInt(block.number),
    timestamp: BigInt(block.timestamp),
    gasLimit: BigInt(block.gas_limit),
    chainId: BigInt(block.chain_id),
    baseFee: BigInt(block.basefee),
    prevRandao: word(block.prevrandao ?? block.difficulty),
    blobBaseFee: blobBaseFee(fork, BigInt(block.excess_blob_gas ?? 0)),
    coinbase: block.coinbase.toLowerCase() as Address,
    fork: FORK_NUMBERS[fork],
    unlimitedCodeSize: false,
    transactionGasCap: transactionGasCap(fork),
    enforceBlockGasLimit: true,
    maxBlobGas: maxBlobGas(fork),
    slotNumber: 0n,
    blockHash: (number) =>
      (block.block_hashes?.[String(number)] as Hash | undefined) ?? undefined,
  };
}

function transactionOf(file: TransactionFile): ExecutableTransaction {
  const feeCap = BigInt(file.gas_price);
  return {
    type: file.tx_type as ExecutableTransaction["type"],
    from: file.caller.toLowerCase() as Address,
    to: file.to === null ? undefined : (file.to.toLowerCase() as Address),
    nonce: BigInt(file.nonce),
    gasLimit: BigInt(file.gas_limit),
    value: BigInt(file.value),
    data: getBytes(file.data),
    feeCap,
    priorityFee:
      file.gas_priority_fee === null ? feeCap : BigInt(file.gas_priority_fee),
    maxFeePerBlobGas: BigInt(file.max_fee_per_blob_gas),
    blobVersionedHashes: file.blob_hashes as Hash[],
    accessList: file.access_list.map((entry) => ({
      address: entry.address.toLowerCase() as Address,
      storageKeys: (entry.storage_keys ?? entry.storageKeys ?? []).map(word),
    })),
    authorizationList: file.authorization_list.map(authorizationOf),
  };
}

function authorizationOf(file: AuthorizationFile): Authorization {
  const chainId = BigInt(file.chain_id);
  const nonce = BigInt(file.nonce);
  const minimal = (value: bigint): Uint8Array =>
    value === 0n ? new Uint8Array() : toBeArray(value);
  const digest = keccak256(
    concat([
      "0x05",
      encodeRlp([minimal(chainId), file.address, minimal(nonce)]),
    ]),
  );
  let authority: Address | undefined;
  try {
    const signature = Signature.from({
      r: toBeHex(BigInt(file.r), 32),
      s: toBeHex(BigInt(file.s), 32),
      yParity: file.y_parity as 0 | 1,
    });
    authority = computeAddress(
      SigningKey.recoverPublicKey(digest, signature),
    ).toLowerCase() as Address;
  } catch {
    // A signature that nobody made: the authorisation is skipped.
  }
  return {
    chainId,
    address: file.address.toLowerCase() as Address,
    nonce,
    yParity: file.y_parity,
    r: BigInt(file.r),
    s: BigInt(file.s),
    authority,
  };
}

function word(value: Quantity): Hash {
  return toBeHex(BigInt(value), 32) as Hash;
}
