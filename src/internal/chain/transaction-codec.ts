/** Transactions to bytes and back: RLP, EIP-2718 envelopes, signing payloads, hashes. */
import type {
  AccessListEntry,
  Address,
  Authorization,
  Hash,
  SignedAuthorization,
  Transaction,
} from "./types.js";

import { keccak256, keccakHash } from "./keccak.js";
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

/** Hash that the sender signs. */
export function signingHash(tx: UnsignedTransaction): Uint8Array {
  writer.reset();
  const end = writer.mark();
  if (tx.type === 0 && tx.chainId !== undefined) {
    writer.uint(0);
    writer.uint(0);
    writer.uint(tx.chainId);
  }
  return keccak256(writeEnvelope(tx, end).view());
}

export function signTransaction(
  tx: UnsignedTransaction,
  from: Address,
  privateKey: Uint8Array,
): Transaction {
  return assembleTransaction(
    tx,
    from,
    signHash(signingHash(tx), privateKey, from),
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

/** Puts a transaction and its signature together. */
export function assembleTransaction(
  tx: UnsignedTransaction,
  from: Address,
  { r, s, yParity }: Signature,
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
  const encoded = writeEnvelope(tx, end).finish();
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

/** Writes what comes before the signature, closes the list and puts the type before it. */
function writeEnvelope(tx: UnsignedTransaction, end: number): RlpWriter {
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
  writer.list(end);
  if (tx.type !== 0) {
    writer.rawByte(tx.type);
  }
  return writer;
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
