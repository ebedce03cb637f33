import type {
  AccessListEntry,
  Address,
  Authorization,
  Hash,
} from "../chain/types.js";
import type { ExecutableTransaction } from "../evm/types.js";

import { recoverAuthority } from "../chain/transaction-codec.js";
import {
  address,
  bytes,
  type Fields,
  InvalidInputError,
  list,
  object,
  quantity,
  word,
} from "./fields.js";

const FIELDS = [
  "from",
  "gasLimit",
  "to",
  "type",
  "nonce",
  "value",
  "data",
  "gasPrice",
  "maxFeePerGas",
  "maxPriorityFeePerGas",
  "maxFeePerBlobGas",
  "blobVersionedHashes",
  "accessList",
  "authorizationList",
];
const AUTHORIZATION_FIELDS = [
  "chainId",
  "address",
  "nonce",
  "yParity",
  "r",
  "s",
  "authority",
];
const LAST_TYPE = 4n;

/** @throws InvalidInputError */
export function parseTransaction(
  value: unknown,
  path: string,
  baseFee: bigint,
  nextNonce: (from: Address) => bigint,
): ExecutableTransaction {
  const given = object(value, path, FIELDS);
  const from = address(given.from, `${path}.from`);
  const type = parseType(given, path);
  const read = (name: string, bits: number, fallback?: bigint): bigint =>
    quantity(given[name], `${path}.${name}`, bits, fallback);
  const feeCap = read(type < 2 ? "gasPrice" : "maxFeePerGas", 256, baseFee);
  return {
    type,
    from,
    to:
      given.to === undefined || given.to === null
        ? undefined
        : address(given.to, `${path}.to`),
    nonce: read("nonce", 64, nextNonce(from)),
    gasLimit: read("gasLimit", 64),
    value: read("value", 256, 0n),
    data: bytes(given.data, `${path}.data`),
    feeCap,
    priorityFee: type < 2 ? feeCap : read("maxPriorityFeePerGas", 256, 0n),
    maxFeePerBlobGas: read("maxFeePerBlobGas", 256, 0n),
    blobVersionedHashes: words(
      given.blobVersionedHashes,
      `${path}.blobVersionedHashes`,
    ),
    accessList: listOf(given.accessList, `${path}.accessList`).map(
      (entry, index) =>
        parseAccessListEntry(entry, `${path}.accessList[${index}]`),
    ),
    authorizationList: listOf(
      given.authorizationList,
      `${path}.authorizationList`,
    ).map((item, index) =>
      parseAuthorization(item, `${path}.authorizationList[${index}]`),
    ),
  };
}

/** The fields that only some types have, with the types that may have them. */
const TYPED_FIELDS = [
  ["gasPrice", [0, 1]],
  ["maxFeePerGas", [2, 3, 4]],
  ["maxPriorityFeePerGas", [2, 3, 4]],
  ["accessList", [1, 2, 3, 4]],
  ["maxFeePerBlobGas", [3]],
  ["blobVersionedHashes", [3]],
  ["authorizationList", [4]],
] as const;

/** As given, or the first one that may have all of its fields. */
function parseType(given: Fields, path: string): ExecutableTransaction["type"] {
  const present = TYPED_FIELDS.filter(([name]) => given[name] !== undefined);
  const allows = (type: number): boolean =>
    present.every(([, types]) => (types as readonly number[]).includes(type));
  if (given.type === undefined) {
    const type = ([0, 1, 2, 3, 4] as const).find(allows);
    if (type === undefined) {
      throw new InvalidInputError(
        path,
        "fields that one type of transaction has",
        present.map(([name]) => name),
      );
    }
    return type;
  }
  const type = quantity(given.type, `${path}.type`, 64);
  if (type > LAST_TYPE) {
    throw new InvalidInputError(
      `${path}.type`,
      "a type from 0 to 4",
      given.type,
    );
  }
  const wrong = present.find(
    ([, types]) => !(types as readonly number[]).includes(Number(type)),
  );
  if (wrong !== undefined) {
    throw new InvalidInputError(
      `${path}.${wrong[0]}`,
      `nothing in a transaction of type ${type}`,
      given[wrong[0]],
    );
  }
  return Number(type) as ExecutableTransaction["type"];
}

function listOf(value: unknown, path: string): readonly unknown[] {
  return value === undefined ? [] : list(value, path);
}

function words(value: unknown, path: string): Hash[] {
  return listOf(value, path).map((item, index) =>
    word(item, `${path}[${index}]`),
  );
}

function parseAccessListEntry(value: unknown, path: string): AccessListEntry {
  const given = object(value, path, ["address", "storageKeys"]);
  return {
    address: address(given.address, `${path}.address`),
    storageKeys: words(given.storageKeys, `${path}.storageKeys`),
  };
}

function parseAuthorization(value: unknown, path: string): Authorization {
  const given = object(value, path, AUTHORIZATION_FIELDS);
  const read = (name: string, bits: number): bigint =>
    quantity(given[name], `${path}.${name}`, bits);
  const signed = {
    chainId: read("chainId", 256),
    address: address(given.address, `${path}.address`),
    nonce: read("nonce", 64),
    yParity: Number(read("yParity", 8)),
    r: read("r", 256),
    s: read("s", 256),
  };
  if (given.authority === undefined) return recoverAuthority(signed);
  return {
    ...signed,
    authority:
      given.authority === null
        ? undefined
        : address(given.authority, `${path}.authority`),
  };
}
