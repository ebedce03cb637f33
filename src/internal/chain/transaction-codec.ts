/** Transactions to bytes and back: RLP, EIP-2718 envelopes, signing payloads, hashes. */
import type {
  AccessListEntry,
  Address,
  Authorization,
  Hash,
  SignedAuthorization,
  Transaction,
} from "./types.js";

import { keccak256, keccakHash } from "../evm/keccak.js";
import { RlpWriter } from "./rlp-writer.js";
import { recoverSigner, type Signature, signHash } from "./signatures.js";

/** What is signed. Fields that the type does not have are undefined. */
export interface UnsignedTransaction {
  readonly type: 0 | 1 | 2 | 3 | 4;
  /** undefined: legacy without replay protection. */
  readonly chainId: bigint | undefined;
  readonly nonce: bigint;
  readonly gasLimit: bigint;
  readonly to: Address | undefined;
  readonly value: bigint;
  readonly data: Uint8Array;
  readonly gasPrice: bigint | undefined;
  readonly maxFeePerGas: bigint | undefined;
  readonly maxPriorityFeePerGas: bigint | undefined;
  readonly maxFeePerBlobGas: bigint | undefined;
  readonly blobVersionedHashes: readonly Hash[] | undefined;
  readonly accessList: readonly AccessListEntry[] | undefined;
  readonly authorizationList: readonly SignedAuthorization[] | undefined;
}

const writer = new RlpWriter();

/** Hash that the sender signs. @param fields What `encodeFields` gives. */
export function signingHash(
  tx: UnsignedTransaction,
  fields = encodeFields(tx),
): Uint8Array {
  writer.reset();
  const end = writer.mark();
  if (tx.type === 0 && tx.chainId !== undefined) {
    writer.uint(0);
    writer.uint(0);
    writer.uint(tx.chainId);
  }
  closeEnvelope(tx.type, fields, end);
  return keccak256(writer.view());
}

export function signTransaction(
  tx: UnsignedTransaction,
  from: Address,
  privateKey: Uint8Array,
): Transaction {
  const fields = encodeFields(tx);
  const hash = signingHash(tx, fields);
  return assembleTransaction(
    tx,
    from,
    signHash(hash, privateKey, from),
    fields,
  );
}

/**
 * A transaction of an impersonated sender: r and s are the address; legacy ones carry parity 0,
 * typed ones parity 1.
 */
export function fakeSignTransaction(
  tx: UnsignedTransaction,
  from: Address,
): Transaction {
  const address = BigInt(from);
  const transaction = assembleTransaction(tx, from, {
    r: address,
    s: address,
    yParity: tx.type === 0 ? 0 : 1,
  });
  // Hardhat shows 28 for typed ones, although the encoding holds the parity.
  return tx.type === 0 ? transaction : { ...transaction, v: 28n };
}

/** Puts a transaction and its signature together. @param fields What `encodeFields` gives. */
export function assembleTransaction(
  tx: UnsignedTransaction,
  from: Address,
  { r, s, yParity }: Signature,
  fields = encodeFields(tx),
): Transaction {
  const v =
    tx.type !== 0
      ? BigInt(yParity)
      : BigInt(yParity) +
        (tx.chainId === undefined ? 27n : 35n + 2n * tx.chainId);
  writer.reset();
  const end = writer.mark();
  writer.uint(s);
  writer.uint(r);
  writer.uint(v);
  closeEnvelope(tx.type, fields, end);
  const encoded = writer.finish();
  return {
    ...tx,
    authorizationList: tx.authorizationList?.map(recoverAuthority),
    from,
    hash: keccakHash(encoded),
    v,
    r,
    s,
    encoded,
  };
}

/** Writes the fields before what was written since `end`, makes that a list and puts the type before it. */
function closeEnvelope(
  type: UnsignedTransaction["type"],
  fields: Uint8Array,
  end: number,
): void {
  writer.raw(fields);
  writer.list(end);
  if (type !== 0) {
    writer.rawByte(type);
  }
}

/** The fields before the signature, which are the same in what is signed and in what is sent. */
function encodeFields(tx: UnsignedTransaction): Uint8Array {
  writer.reset();
  if (tx.authorizationList !== undefined) {
    writeAuthorizations(tx.authorizationList);
  }
  if (tx.blobVersionedHashes !== undefined) {
    const hashes = writer.mark();
    for (let i = tx.blobVersionedHashes.length - 1; i >= 0; i--) {
      writer.hex(tx.blobVersionedHashes[i]);
    }
    writer.list(hashes);
    writer.uint(tx.maxFeePerBlobGas ?? 0n);
  }
  if (tx.type !== 0) {
    writeAccessList(tx.accessList ?? []);
  }
  writer.bytes(tx.data);
  writer.uint(tx.value);
  writer.hex(tx.to ?? "0x");
  writer.uint(tx.gasLimit);
  if (tx.type >= 2) {
    writer.uint(tx.maxFeePerGas ?? 0n);
    writer.uint(tx.maxPriorityFeePerGas ?? 0n);
  } else {
    writer.uint(tx.gasPrice ?? 0n);
  }
  writer.uint(tx.nonce);
  if (tx.type !== 0) {
    writer.uint(tx.chainId ?? 0n);
  }
  return writer.finish();
}

function writeAccessList(accessList: readonly AccessListEntry[]): void {
  const end = writer.mark();
  for (let i = accessList.length - 1; i >= 0; i--) {
    const { address, storageKeys } = accessList[i];
    const entry = writer.mark();
    for (let j = storageKeys.length - 1; j >= 0; j--) {
      writer.hex(storageKeys[j]);
    }
    writer.list(entry);
    writer.hex(address);
    writer.list(entry);
  }
  writer.list(end);
}

function writeAuthorizations(list: readonly SignedAuthorization[]): void {
  const end = writer.mark();
  for (let i = list.length - 1; i >= 0; i--) {
    const entry = writer.mark();
    writer.uint(list[i].s);
    writer.uint(list[i].r);
    writer.uint(list[i].yParity);
    writeAuthorization(list[i]);
    writer.list(entry);
  }
  writer.list(end);
}

function writeAuthorization(authorization: SignedAuthorization): void {
  writer.uint(authorization.nonce);
  writer.hex(authorization.address);
  writer.uint(authorization.chainId);
}

/** EIP-7702: who signed the authorization; `authority` is undefined when nobody did. */
export function recoverAuthority(
  authorization: SignedAuthorization,
): Authorization {
  const { yParity, r, s } = authorization;
  if (yParity !== 0 && yParity !== 1) {
    return { ...authorization, authority: undefined };
  }
  writer.reset();
  const end = writer.mark();
  writeAuthorization(authorization);
  writer.list(end);
  writer.rawByte(5);
  const hash = keccak256(writer.view());
  return {
    ...authorization,
    authority: recoverSigner(hash, { r, s, yParity }),
  };
}
