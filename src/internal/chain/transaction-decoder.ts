/** Raw transactions: as eth_sendRawTransaction takes them, and as they stand in a block. */
import type {
  AccessListEntry,
  SignedAuthorization,
  Transaction,
} from "./types.js";

import { type BlobSidecar, verifyBlobSidecar } from "./blob-sidecar.js";
import { ChainError, INVALID_PARAMS } from "./errors.js";
import { RlpError, RlpReader } from "./rlp-reader.js";
import { CURVE_ORDER, recoverSigner, type Signature } from "./signatures.js";
import {
  assembleTransaction,
  signingHash,
  type UnsignedTransaction,
} from "./transaction-codec.js";

const BLOB_SIZE = 131_072;

/** A signature that nobody can have made. */
export class InvalidSignatureError extends RlpError {}
/** In a block. */
export class UnknownTypeError extends RlpError {}

/**
 * Decodes a signed transaction and recovers its sender. Bytes after it are ignored, as Hardhat does.
 * Blob transactions come in their pooled form, with a sidecar that is verified.
 * @throws ChainError for malformed bytes, unknown types and invalid signatures.
 */
export function decodeTransaction(raw: Uint8Array): Transaction {
  try {
    return decode(raw);
  } catch (error) {
    if (error instanceof RlpError) {
      throw new ChainError(error.message, INVALID_PARAMS);
    }
    throw error;
  }
}

/** Prices in Hardhat's network have 16 bytes; the protocol allows for a word. */
const HARDHAT: Reading = { priceSize: 16, highestS: undefined };
const PROTOCOL: Reading = { priceSize: 32, highestS: CURVE_ORDER - 1n };

interface Reading {
  readonly priceSize: number;
  /** Greatest s of a signature; undefined: EIP-2's. */
  readonly highestS: bigint | undefined;
}

/**
 * Decodes a transaction as it stands in a block: the whole input, blobs left out. Whether a fork
 * allows for it is not looked at (see `protocol/transaction-rules.ts`).
 * @throws RlpError for malformed bytes, unknown types and signatures that nobody can have made.
 */
export function decodeBlockTransaction(encoded: Uint8Array): Transaction {
  if (encoded.length === 0) {
    throw new RlpError("input too short");
  }
  const type = encoded[0];
  const isLegacy = type >= 0xc0;
  if (!isLegacy && (type < 1 || type > 4)) {
    throw new UnknownTypeError(`unknown transaction type ${type}`);
  }
  const outer = new RlpReader(encoded, isLegacy ? 0 : 1);
  const reader = outer.list();
  outer.finish();
  return isLegacy
    ? decodeLegacy(reader, PROTOCOL)
    : decodeTyped(reader, type as 1 | 2 | 3 | 4, PROTOCOL);
}

function decode(raw: Uint8Array): Transaction {
  if (raw.length === 0) {
    throw new RlpError("input too short");
  }
  const type = raw[0];
  if (type >= 0xc0) {
    return decodeLegacy(RlpReader.ofList(raw), HARDHAT);
  }
  if (type === 3) {
    const pooled = RlpReader.ofList(raw, 1);
    const transaction = decodeTyped(pooled.list(), 3, HARDHAT);
    const sidecar: BlobSidecar = {
      blobs: pooled.many((item) => item.fixed(BLOB_SIZE)),
      commitments: pooled.many((item) => item.fixed(48)),
      proofs: pooled.many((item) => item.fixed(48)),
    };
    pooled.finish();
    if (!verifyBlobSidecar(transaction.blobVersionedHashes ?? [], sidecar)) {
      throw new RlpError("Failed to RLP decode Eip4844PooledTransaction.");
    }
    return transaction;
  }
  if (type !== 1 && type !== 2 && type !== 4) {
    throw new ChainError(`Invalid transaction type ${type}.`, INVALID_PARAMS);
  }
  return decodeTyped(RlpReader.ofList(raw, 1), type, HARDHAT);
}

function decodeLegacy(
  reader: RlpReader,
  { priceSize, highestS }: Reading,
): Transaction {
  const nonce = reader.uint(8);
  const gasPrice = reader.uint(priceSize);
  const gasLimit = reader.uint(8);
  const to = reader.optionalAddress();
  const value = reader.uint(32);
  const data = reader.bytes().slice();
  const v = reader.uint(8);
  const r = reader.uint(32);
  const s = reader.uint(32);
  reader.finish();
  const isReplayProtected = v !== 27n && v !== 28n;
  if (isReplayProtected && v < 35n) {
    throw new InvalidSignatureError("Invalid Signature");
  }
  return recoverTransaction(
    {
      ...NO_FIELDS,
      type: 0,
      chainId: isReplayProtected ? (v - 35n) / 2n : undefined,
      nonce,
      gasPrice,
      gasLimit,
      to,
      value,
      data,
    },
    { r, s, yParity: Number((v - 27n) % 2n) as 0 | 1 },
    highestS,
  );
}

function decodeTyped(
  reader: RlpReader,
  type: 1 | 2 | 3 | 4,
  { priceSize, highestS }: Reading,
): Transaction {
  const chainId = reader.uint(8);
  const nonce = reader.uint(8);
  const fees =
    type === 1
      ? { gasPrice: reader.uint(priceSize) }
      : {
          maxPriorityFeePerGas: reader.uint(priceSize),
          maxFeePerGas: reader.uint(priceSize),
        };
  const gasLimit = reader.uint(8);
  const to = type >= 3 ? reader.fixedHex(20) : reader.optionalAddress();
  const value = reader.uint(32);
  const data = reader.bytes().slice();
  const accessList = reader.many(readAccessListEntry);
  const blobFields =
    type === 3
      ? {
          maxFeePerBlobGas: reader.uint(priceSize),
          blobVersionedHashes: reader.many((item) => item.fixedHex(32)),
        }
      : {};
  const authorizationList =
    type === 4 ? reader.many(readAuthorization) : undefined;
  const yParity = reader.uint(1);
  const r = reader.uint(32);
  const s = reader.uint(32);
  reader.finish();
  if (yParity > 1n) {
    throw new InvalidSignatureError("Invalid Signature");
  }
  return recoverTransaction(
    {
      ...NO_FIELDS,
      ...fees,
      ...blobFields,
      type,
      chainId,
      nonce,
      gasLimit,
      to,
      value,
      data,
      accessList,
      authorizationList,
    },
    { r, s, yParity: Number(yParity) as 0 | 1 },
    highestS,
  );
}

const NO_FIELDS = {
  gasPrice: undefined,
  maxFeePerGas: undefined,
  maxPriorityFeePerGas: undefined,
  maxFeePerBlobGas: undefined,
  blobVersionedHashes: undefined,
  accessList: undefined,
  authorizationList: undefined,
};

function readAccessListEntry(reader: RlpReader): AccessListEntry {
  const entry = reader.list();
  const address = entry.fixedHex(20);
  const storageKeys = entry.many((item) => item.fixedHex(32));
  entry.finish();
  return { address, storageKeys };
}

function readAuthorization(reader: RlpReader): SignedAuthorization {
  const entry = reader.list();
  const authorization: SignedAuthorization = {
    chainId: entry.uint(32),
    address: entry.fixedHex(20),
    nonce: entry.uint(8),
    yParity: Number(entry.uint(1)),
    r: entry.uint(32),
    s: entry.uint(32),
  };
  entry.finish();
  return authorization;
}

function recoverTransaction(
  tx: UnsignedTransaction,
  signature: Signature,
  highestS: bigint | undefined,
): Transaction {
  const from = recoverSigner(signingHash(tx), signature, highestS);
  if (from === undefined) {
    throw new InvalidSignatureError("Invalid Signature");
  }
  return assembleTransaction(tx, from, signature);
}
