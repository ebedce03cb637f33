import type { BlockHeader, Hash } from "./types.js";

import { keccakHash } from "../evm/keccak.js";
import { RlpWriter } from "./rlp-writer.js";

/** keccak256(rlp([])): the uncles of every block. */
export const EMPTY_LIST_HASH: Hash =
  "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";
/** Root of the empty trie. */
export const EMPTY_ROOT: Hash =
  "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";
/** keccak256 of nothing: the transactions root that Hardhat gives its genesis block. */
export const EMPTY_HASH: Hash =
  "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";
/** sha256 of nothing: the hash of no requests (EIP-7685). */
export const NO_REQUESTS_HASH: Hash =
  "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const writer = new RlpWriter(4096);

/** RLP of a header; the bytes are valid until the next call. */
export function encodeHeader(header: BlockHeader): Uint8Array {
  writer.reset();
  const end = writer.mark();
  // From the last field to the first; fields that a fork lacks are at the end, so simply missing.
  optional(header.slotNumber, (value) => writer.uint(value));
  optional(header.blockAccessListHash, (value) => writer.hex(value));
  optional(header.requestsHash, (value) => writer.hex(value));
  optional(header.parentBeaconBlockRoot, (value) => writer.hex(value));
  optional(header.excessBlobGas, (value) => writer.uint(value));
  optional(header.blobGasUsed, (value) => writer.uint(value));
  optional(header.withdrawalsRoot, (value) => writer.hex(value));
  optional(header.baseFeePerGas, (value) => writer.uint(value));
  writer.hex(header.nonce);
  writer.hex(header.mixHash);
  writer.hex(header.extraData);
  writer.uint(header.timestamp);
  writer.uint(header.gasUsed);
  writer.uint(header.gasLimit);
  writer.uint(header.number);
  writer.uint(header.difficulty);
  writer.hex(header.logsBloom);
  writer.hex(header.receiptsRoot);
  writer.hex(header.transactionsRoot);
  writer.hex(header.stateRoot);
  writer.hex(header.miner);
  writer.hex(header.sha3Uncles);
  writer.hex(header.parentHash);
  writer.list(end);
  return writer.view();
}

export function hashHeader(header: BlockHeader): Hash {
  return keccakHash(encodeHeader(header));
}

function optional<T>(value: T | undefined, write: (value: T) => void): void {
  if (value !== undefined) {
    write(value);
  }
}

/** Bytes of an RLP item whose payload has `length` bytes (more than one). */
export function rlpSize(length: number): number {
  let size = 1 + length;
  if (length > 55) {
    for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) {
      size++;
    }
  }
  return size;
}
