import type {
  BlockHeader,
  Hash,
  Hex,
} from "../../../src/internal/chain/types.js";
import type { FixtureBlock } from "./blockchain-case.js";
import type { CasesOf } from "./cases.js";

import {
  EMPTY_LIST_HASH,
  EMPTY_ROOT,
  encodeHeader,
} from "../../../src/internal/chain/header.js";
import { fromHex, ZERO_HASH } from "../../../src/internal/chain/hex.js";
import { RlpWriter } from "../../../src/internal/chain/rlp-writer.js";
import { getEngine } from "../../../src/internal/evm/engine.js";
import { keccakHash } from "../../../src/internal/evm/keccak.js";
import {
  encodeWithdrawal,
  type Withdrawal,
} from "../../../src/internal/protocol/block-codec.js";
import { hashRequests } from "../../../src/internal/protocol/requests.js";
import {
  isRefusal,
  readTransaction,
} from "../../../src/internal/protocol/transaction-rules.js";
import { blockchainCases } from "./blockchain-case.js";

/** An `engine_newPayload` request of a fixture. */
interface NewPayload {
  readonly params: readonly [
    payload: Payload,
    versionedHashes?: readonly Hash[],
    parentBeaconBlockRoot?: Hash,
    requests?: readonly Hex[],
  ];
  readonly validationError?: string;
  readonly errorCode?: string;
}

interface Payload {
  readonly parentHash: Hash;
  readonly feeRecipient: Hex;
  readonly stateRoot: Hash;
  readonly receiptsRoot: Hash;
  readonly logsBloom: Hex;
  readonly blockNumber: Hex;
  readonly gasLimit: Hex;
  readonly gasUsed: Hex;
  readonly timestamp: Hex;
  readonly extraData: Hex;
  readonly prevRandao: Hash;
  readonly baseFeePerGas: Hex;
  readonly blobGasUsed?: Hex;
  readonly excessBlobGas?: Hex;
  readonly blockHash: Hash;
  /** RLP; with `slotNumber` since Amsterdam. */
  readonly blockAccessList?: Hex;
  readonly slotNumber?: Hex;
  readonly transactions: readonly Hex[];
  readonly withdrawals?: readonly Readonly<Record<keyof Withdrawal, Hex>>[];
}

const writer = new RlpWriter();

/** Blockchain tests whose blocks come as the Engine API brings them: each is put together and imported. */
export const engineCases: CasesOf = (name, fixture, file) => {
  const payloads = fixture.engineNewPayloads as readonly NewPayload[];
  return blockchainCases(
    name,
    { ...fixture, blocks: payloads.map(blockOf) },
    file,
  );
};

function blockOf(request: NewPayload): FixtureBlock {
  const expected = request.validationError ?? request.errorCode;
  return {
    ...deliver(request.params),
    ...(expected === undefined
      ? { blockHeader: { hash: request.params[0].blockHash } }
      : { expectException: String(expected) }),
  };
}

function deliver(
  params: NewPayload["params"],
): Pick<FixtureBlock, "rlp" | "refusal"> {
  const [payload, versionedHashes] = params;
  let header: BlockHeader;
  let rlp: string;
  try {
    header = headerOf(params);
    rlp = encode(payload, header);
  } catch (error) {
    return {
      rlp: "0x",
      refusal: { fault: "parameters", detail: String(error) },
    };
  }
  return {
    rlp,
    refusal:
      keccakHash(encodeHeader(header)) !== payload.blockHash
        ? { fault: "block hash", detail: "that of another block" }
        : versionedHashes !== undefined &&
            String(versionedHashesOf(payload)) !== String(versionedHashes)
          ? { fault: "versioned hashes", detail: "those of other blobs" }
          : undefined,
  };
}

function headerOf([
  payload,
  ,
  parentBeaconBlockRoot,
  requests,
]: NewPayload["params"]): BlockHeader {
  const maybe = (value: Hex | undefined): bigint | undefined =>
    value === undefined ? undefined : BigInt(value);
  return {
    parentHash: payload.parentHash,
    sha3Uncles: EMPTY_LIST_HASH,
    miner: payload.feeRecipient,
    stateRoot: payload.stateRoot,
    transactionsRoot: rootOf(payload.transactions.map(fromHex)),
    receiptsRoot: payload.receiptsRoot,
    logsBloom: payload.logsBloom,
    difficulty: 0n,
    number: BigInt(payload.blockNumber),
    gasLimit: BigInt(payload.gasLimit),
    gasUsed: BigInt(payload.gasUsed),
    timestamp: BigInt(payload.timestamp),
    extraData: payload.extraData,
    mixHash: payload.prevRandao ?? ZERO_HASH,
    nonce: "0x0000000000000000",
    baseFeePerGas: BigInt(payload.baseFeePerGas),
    withdrawalsRoot:
      payload.withdrawals === undefined
        ? undefined
        : rootOf(withdrawalsOf(payload).map(encodeWithdrawal)),
    blobGasUsed: maybe(payload.blobGasUsed),
    excessBlobGas: maybe(payload.excessBlobGas),
    parentBeaconBlockRoot,
    requestsHash:
      requests === undefined ? undefined : hashRequests(requests.map(fromHex)),
    blockAccessListHash:
      payload.blockAccessList === undefined
        ? undefined
        : keccakHash(fromHex(payload.blockAccessList)),
    slotNumber: maybe(payload.slotNumber),
  };
}

function rootOf(items: readonly Uint8Array[]): Hash {
  return items.length === 0 ? EMPTY_ROOT : getEngine().orderedTrieRoot(items);
}

function withdrawalsOf({ withdrawals }: Payload): Withdrawal[] {
  return (withdrawals ?? []).map((withdrawal) => ({
    index: BigInt(withdrawal.index),
    validatorIndex: BigInt(withdrawal.validatorIndex),
    address: withdrawal.address,
    amount: BigInt(withdrawal.amount),
  }));
}

function versionedHashesOf({ transactions }: Payload): Hash[] {
  return transactions.flatMap((encoded) => {
    const transaction = readTransaction(fromHex(encoded));
    return isRefusal(transaction)
      ? []
      : (transaction.blobVersionedHashes ?? []);
  });
}

function encode(payload: Payload, header: BlockHeader): string {
  const { transactions, withdrawals } = payload;
  const head = Uint8Array.from(encodeHeader(header));
  writer.reset();
  const end = writer.mark();
  if (withdrawals !== undefined) {
    withdrawalsOf(payload)
      .toReversed()
      .forEach((withdrawal) => writer.raw(encodeWithdrawal(withdrawal)));
    writer.list(end);
  }
  writer.list(writer.mark());
  const list = writer.mark();
  for (const encoded of transactions.toReversed()) {
    const bytes = fromHex(encoded);
    // Legacy ones are lists of their own.
    if (bytes[0] >= 0xc0) writer.raw(bytes);
    else writer.bytes(bytes);
  }
  writer.list(list);
  writer.raw(head);
  writer.list(end);
  return `0x${Buffer.from(writer.finish()).toString("hex")}`;
}
