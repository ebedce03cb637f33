/** EIP-712: the hash that eth_signTypedData_v4 signs. */
import type { Address, Hash } from "../../chain/types.js";

import { keccak256 } from "../../evm/keccak.js";
import { coerce } from "./coerce.js";
import { type ResolvedType, resolveType } from "./types.js";

export interface TypedDataField {
  readonly name: string;
  readonly type: string;
}

/** Fields of each struct type. */
export type TypedDataTypes = ReadonlyMap<string, readonly TypedDataField[]>;

export interface TypedData {
  readonly types: TypedDataTypes;
  readonly primaryType: string;
  readonly domain: {
    readonly name?: string | undefined;
    readonly version?: string | undefined;
    readonly chainId?: bigint | undefined;
    readonly verifyingContract?: Address | undefined;
    readonly salt?: Hash | undefined;
  };
  readonly message: unknown;
}

const DOMAIN = "EIP712Domain";
/** The domain's fields, in the order in which they are encoded. */
const DOMAIN_FIELDS: readonly TypedDataField[] = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
  { name: "salt", type: "bytes32" },
];

/**
 * keccak256(0x1901 ‖ domain separator ‖ hash of the message); without the last part when the
 * primary type is the domain itself.
 *
 * @throws ProviderError -32000 when a type is missing or circular, or a value is not of its type.
 */
export function typedDataHash(data: TypedData): Uint8Array {
  const parts = [Uint8Array.of(0x19, 0x01), domainSeparator(data.domain)];
  if (data.primaryType !== DOMAIN) {
    const type = resolveType(data.primaryType, data.types);
    parts.push(encodeWord(type, data.message));
  }
  return keccak256(Buffer.concat(parts));
}

function domainSeparator(domain: TypedData["domain"]): Uint8Array {
  const values: Record<string, unknown> = {};
  const fields = DOMAIN_FIELDS.filter(({ name }) => {
    const value = domain[name as keyof TypedData["domain"]];
    values[name] = typeof value === "bigint" ? value.toString() : value;
    return value !== undefined;
  });
  const types = new Map([[DOMAIN, fields]]);
  return encodeWord(resolveType(DOMAIN, types), values);
}

/** The 32 bytes that stand for a value inside its struct. */
function encodeWord(type: ResolvedType, value: unknown): Uint8Array {
  switch (type.kind) {
    case "struct": {
      const record = coerce(type, value) as Record<string, unknown>;
      const words = type.fields.map((field) =>
        encodeWord(field.type, record[field.name]),
      );
      return keccak256(Buffer.concat([typeHash(type.encoded), ...words]));
    }
    case "array": {
      const items = coerce(type, value) as readonly unknown[];
      const words = items.map((item) => encodeWord(type.element, item));
      return keccak256(Buffer.concat(words));
    }
    case "atom":
      return coerce(type, value) as Uint8Array;
  }
}

function typeHash(encoded: string): Uint8Array {
  return keccak256(Buffer.from(encoded, "utf8"));
}
