/** Blocks as the network passes them on: RLP in, fields out, and the hashes that the header commits to. */
import type {
  Address,
  BlockHeader,
  Hash,
  Hex,
  Transaction,
} from "../chain/types.js";

import { encodeHeader } from "../chain/header.js";
import { toHex } from "../chain/hex.js";
import { RlpReader } from "../chain/rlp-reader.js";
import { RlpWriter } from "../chain/rlp-writer.js";
import { keccakHash } from "../evm/keccak.js";
import { InvalidBlockError } from "./errors.js";
import { isRefusal, readTransaction } from "./transaction-rules.js";

/** EIP-4895 */
export interface Withdrawal {
  readonly index: bigint;
  readonly validatorIndex: bigint;
  readonly address: Address;
  /** In gwei. */
  readonly amount: bigint;
}

export interface ProtocolBlock {
  readonly header: BlockHeader;
  readonly hash: Hash;
  readonly transactions: readonly Transaction[];
  readonly ommers: readonly BlockHeader[];
  /** keccak256 of the ommers' list. */
  readonly ommersHash: Hash;
  /** undefined: the block has no such list. */
  readonly withdrawals: readonly Withdrawal[] | undefined;
  /** Bytes of its RLP. */
  readonly size: number;
}

/** @throws RlpError when the bytes are no block, InvalidBlockError when they contain something that is no transaction. */
export function decodeBlock(rlp: Uint8Array): ProtocolBlock {
  const outer = new RlpReader(rlp);
  const reader = outer.list();
  outer.finish();
  const header = readHeader(reader);
  const transactions = reader
    .many((item) => (item.nextIsList() ? item.encoded() : item.bytes()))
    .map((encoded, index) => {
      const transaction = readTransaction(encoded);
      if (isRefusal(transaction)) {
        throw new InvalidBlockError(transaction, index);
      }
      return transaction;
    });
  const ommerList = reader.encoded();
  const ommers = RlpReader.ofList(ommerList);
  const ommerHeaders: BlockHeader[] = [];
  while (!ommers.done) {
    ommerHeaders.push(readHeader(ommers));
  }
  const withdrawals = reader.done ? undefined : reader.many(readWithdrawal);
  reader.finish();
  return {
    header,
    hash: keccakHash(encodeHeader(header)),
    transactions,
    ommers: ommerHeaders,
    ommersHash: keccakHash(ommerList),
    withdrawals,
    size: rlp.length,
  };
}

/** Fields that a fork lacks are missing at the end. */
function readHeader(block: RlpReader): BlockHeader {
  const reader = block.list();
  const more = <T>(read: () => T): T | undefined =>
    reader.done ? undefined : read();
  const hash = (): Hash => reader.fixedHex(32);
  const header: BlockHeader = {
    parentHash: hash(),
    sha3Uncles: hash(),
    miner: reader.fixedHex(20),
    stateRoot: hash(),
    transactionsRoot: hash(),
    receiptsRoot: hash(),
    logsBloom: reader.fixedHex(256),
    difficulty: reader.uint(32),
    number: reader.uint(8),
    gasLimit: reader.uint(8),
    gasUsed: reader.uint(8),
    timestamp: reader.uint(8),
    extraData: toHex(reader.bytes()),
    mixHash: hash(),
    nonce: reader.fixedHex(8),
    baseFeePerGas: more(() => reader.uint(32)),
    withdrawalsRoot: more(hash),
    blobGasUsed: more(() => reader.uint(8)),
    excessBlobGas: more(() => reader.uint(8)),
    parentBeaconBlockRoot: more(hash),
    requestsHash: more(hash),
    blockAccessListHash: more(hash),
    slotNumber: more(() => reader.uint(8)),
  };
  reader.finish();
  return header;
}

/** @throws RlpError when the bytes are no block; of the genesis block only the header matters. */
export function decodeGenesisHeader(rlp: Uint8Array): BlockHeader {
  return readHeader(RlpReader.ofList(rlp));
}

function readWithdrawal(list: RlpReader): Withdrawal {
  const reader = list.list();
  const withdrawal: Withdrawal = {
    index: reader.uint(8),
    validatorIndex: reader.uint(8),
    address: reader.fixedHex(20),
    amount: reader.uint(8),
  };
  reader.finish();
  return withdrawal;
}

const writer = new RlpWriter(256);

export function encodeWithdrawal(withdrawal: Withdrawal): Uint8Array {
  writer.reset();
  const end = writer.mark();
  writer.uint(withdrawal.amount);
  writer.hex(withdrawal.address);
  writer.uint(withdrawal.validatorIndex);
  writer.uint(withdrawal.index);
  writer.list(end);
  return writer.finish();
}

export const DAO_EXTRA_DATA: Hex = toHex(Buffer.from("dao-hard-fork"));
