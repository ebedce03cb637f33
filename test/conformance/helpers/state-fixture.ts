import type { Address, Hash } from "../../../src/internal/chain/types.js";
import type { ExecutableTransaction } from "../../../src/internal/evm/types.js";
import type { TransactionRefusal } from "../../../src/internal/protocol/errors.js";
import type { ProtocolRules } from "../../../src/internal/protocol/rules.js";
import type { FixtureAccounts, FixtureConfig } from "./fixture-state.js";

import { toExecutable } from "../../../src/internal/chain/environment.js";
import { fromHex } from "../../../src/internal/chain/hex.js";
import { addressOfPrivateKey } from "../../../src/internal/chain/signatures.js";
import { recoverAuthority } from "../../../src/internal/chain/transaction-codec.js";
import {
  isRefusal,
  readTransaction,
  signatureRefusal,
} from "../../../src/internal/protocol/transaction-rules.js";
import { addressOf, word } from "./fixture-state.js";

/** GeneralStateTests, as of github.com/ethereum/tests and of the execution specs. All strings are 0x hex. */
export interface StateFixture {
  readonly env: Readonly<Record<string, string>>;
  readonly pre: FixtureAccounts;
  readonly transaction: FixtureTransaction;
  readonly post: Readonly<Record<string, readonly FixturePost[]>>;
  readonly config?: FixtureConfig;
}

export interface FixtureTransaction {
  readonly data: readonly string[];
  readonly gasLimit: readonly string[];
  readonly value: readonly string[];
  readonly nonce: string;
  /** Empty or missing: contract creation. */
  readonly to?: string | null;
  readonly sender?: string;
  readonly secretKey?: string;
  readonly gasPrice?: string;
  readonly maxFeePerGas?: string;
  readonly maxPriorityFeePerGas?: string;
  readonly maxFeePerBlobGas?: string;
  readonly blobVersionedHashes?: readonly string[];
  readonly accessLists?: readonly (
    | readonly {
        readonly address: string;
        readonly storageKeys: readonly string[];
      }[]
    | null
  )[];
  readonly authorizationList?: readonly FixtureAuthorization[];
}

interface FixtureAuthorization {
  readonly chainId: string;
  readonly address: string;
  readonly nonce: string;
  readonly v?: string;
  readonly yParity?: string;
  readonly r: string;
  readonly s: string;
}

export interface FixturePost {
  readonly hash: string;
  readonly logs: string;
  readonly txbytes?: string;
  readonly indexes: {
    readonly data: number;
    readonly gas: number;
    readonly value: number;
  };
  readonly expectException?: string;
}

/** The transaction, or why it cannot be one. Its encoding is decoded when the fixture has it. */
export function transactionOf(
  { transaction }: StateFixture,
  post: FixturePost,
  rules: ProtocolRules,
  chainId: bigint,
): ExecutableTransaction | TransactionRefusal {
  if (post.txbytes === undefined) {
    return fromFields(transaction, post);
  }
  const decoded = readTransaction(fromHex(post.txbytes));
  if (isRefusal(decoded)) return decoded;
  const { sender } = transaction;
  if (sender !== undefined && decoded.from !== sender.toLowerCase()) {
    throw new Error(`sender ${decoded.from} for ${sender}`);
  }
  return signatureRefusal(decoded, rules, chainId) ?? toExecutable(decoded);
}

function fromFields(
  transaction: FixtureTransaction,
  post: FixturePost,
): ExecutableTransaction | TransactionRefusal {
  const { data, gas, value } = post.indexes;
  const amount = transaction.value[value];
  const gasLimit = BigInt(transaction.gasLimit[gas]);
  const nonce = BigInt(transaction.nonce);
  if (gasLimit >= 1n << 64n || nonce >= 1n << 64n) {
    return overflow("gas limit or nonce beyond 64 bits");
  }
  if (!/^0x[0-9a-f]{0,64}$/.test(amount)) {
    return overflow("value beyond a word");
  }
  const feeCap = BigInt(transaction.maxFeePerGas ?? transaction.gasPrice ?? 0);
  return {
    type: typeOf(transaction),
    from: senderOf(transaction),
    to: isMissing(transaction.to) ? undefined : addressOf(transaction.to),
    nonce,
    gasLimit,
    value: BigInt(amount),
    data: fromHex(transaction.data[data]),
    feeCap,
    priorityFee: BigInt(transaction.maxPriorityFeePerGas ?? feeCap),
    maxFeePerBlobGas: BigInt(transaction.maxFeePerBlobGas ?? 0),
    blobVersionedHashes: (transaction.blobVersionedHashes ?? []) as Hash[],
    accessList: (transaction.accessLists?.[data] ?? []).map(
      ({ address, storageKeys }) => ({
        address: addressOf(address),
        storageKeys: storageKeys.map(word),
      }),
    ),
    authorizationList: (transaction.authorizationList ?? []).map(
      ({ chainId, address, nonce: itsNonce, v, yParity, r, s }) =>
        recoverAuthority({
          chainId: BigInt(chainId),
          address: addressOf(address),
          nonce: BigInt(itsNonce),
          yParity: Number(yParity ?? v),
          r: BigInt(r),
          s: BigInt(s),
        }),
    ),
  };
}

function overflow(detail: string): TransactionRefusal {
  return { fault: "transaction encoding", detail };
}

function isMissing(
  text: string | null | undefined,
): text is "" | null | undefined {
  return text === undefined || text === null || text === "";
}

function senderOf({ sender, secretKey }: FixtureTransaction): Address {
  return sender === undefined
    ? addressOfPrivateKey(fromHex(secretKey ?? "0x"))
    : addressOf(sender);
}

function typeOf(
  transaction: FixtureTransaction,
): ExecutableTransaction["type"] {
  if (transaction.authorizationList !== undefined) return 4;
  if (transaction.maxFeePerBlobGas !== undefined) return 3;
  if (transaction.maxFeePerGas !== undefined) return 2;
  return transaction.accessLists === undefined ? 0 : 1;
}
