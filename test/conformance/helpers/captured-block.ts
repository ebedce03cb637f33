/** Blocks captured from a chain (block.json, txs.json, pre_state.json), as the executor takes them. */
import type {
  BlockInput,
  EnvironmentInput,
  TransactionInput,
} from "../../../src/executor.js";

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { forkName } from "../../../src/internal/replay/forks.js";
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
  readonly block: BlockInput;
  readonly expected: ExpectedBlock | undefined;
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
    block: {
      environment: environmentOf(block),
      transactions: read<TransactionFile[]>("txs.json").map(transactionOf),
      preState: Object.fromEntries(
        Object.entries(preState).map(([address, account]) => [
          address,
          { ...account, code: account.code ?? "0x" },
        ]),
      ),
      onInvalid: "stop",
    },
    expected: existsSync(join(folder, "expected.json"))
      ? read<ExpectedBlock>("expected.json")
      : undefined,
  };
}

function environmentOf(block: BlockFile): EnvironmentInput {
  const { spec_id: fork } = block;
  return {
    hardfork: forkName(FORK_NUMBERS[fork]),
    number: block.number,
    timestamp: block.timestamp,
    gasLimit: block.gas_limit,
    chainId: block.chain_id,
    baseFee: block.basefee,
    prevRandao: block.prevrandao ?? block.difficulty,
    blobBaseFee: blobBaseFee(fork, BigInt(block.excess_blob_gas ?? 0)),
    coinbase: block.coinbase,
    transactionGasCap: transactionGasCap(fork) ?? false,
    allowCreationOverStorage: false,
    maxBlobGas: maxBlobGas(fork),
    blockHashes: block.block_hashes ?? {},
  };
}

function transactionOf(file: TransactionFile): TransactionInput {
  const type = file.tx_type;
  return {
    type,
    from: file.caller,
    to: file.to,
    nonce: file.nonce,
    gasLimit: file.gas_limit,
    value: file.value,
    data: file.data,
    ...(type < 2
      ? { gasPrice: file.gas_price }
      : {
          maxFeePerGas: file.gas_price,
          maxPriorityFeePerGas: file.gas_priority_fee ?? file.gas_price,
        }),
    ...(type === 0
      ? {}
      : {
          accessList: file.access_list.map((entry) => ({
            address: entry.address,
            storageKeys: entry.storage_keys ?? entry.storageKeys ?? [],
          })),
        }),
    ...(type === 3
      ? {
          blobVersionedHashes: file.blob_hashes,
          maxFeePerBlobGas: file.max_fee_per_blob_gas,
        }
      : {}),
    ...(type === 4
      ? {
          authorizationList: file.authorization_list.map((item) => ({
            chainId: item.chain_id,
            address: item.address,
            nonce: item.nonce,
            yParity: item.y_parity,
            r: item.r,
            s: item.s,
          })),
        }
      : {}),
  };
}
