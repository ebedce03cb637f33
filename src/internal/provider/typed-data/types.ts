/** Types of EIP-712 messages, resolved. */
import type { TypedDataField, TypedDataTypes } from "./typed-data.js";

import { invalidInput } from "../rpc-errors.js";

export type ResolvedType =
  | {
      readonly kind: "atom";
      /** "uint256" for "uint". */
      readonly name: string;
    }
  | {
      readonly kind: "array";
      readonly name: string;
      readonly element: ResolvedType;
      /** undefined: any number of elements. */
      readonly length: number | undefined;
    }
  | {
      readonly kind: "struct";
      /** As a tuple of its fields' types: "(string,address)". */
      readonly name: string;
      /** The type's encoding with those it refers to. */
      readonly encoded: string;
      readonly fields: ReadonlyArray<{
        readonly name: string;
        readonly type: ResolvedType;
      }>;
    };

/** @throws ProviderError when a type is missing or refers to itself. */
export function resolveType(
  type: string,
  types: TypedDataTypes,
  parents: readonly string[] = [],
): ResolvedType {
  const array = /^(.*)\[(\d*)\]$/s.exec(type);
  if (array !== null) {
    const element = resolveType(array[1], types, parents);
    return {
      kind: "array",
      name: `${element.name}[${array[2]}]`,
      element,
      length: array[2] === "" ? undefined : Number(array[2]),
    };
  }
  const atom = atomName(type);
  if (atom !== undefined) {
    return { kind: "atom", name: atom };
  }
  const fields = types.get(type);
  if (fields === undefined) {
    throw invalidInput(`missing type in type resolution: ${type}`);
  }
  if (parents.includes(type)) {
    throw invalidInput(`circular dependency: ${type}`);
  }
  const resolved = fields.map((field) => ({
    name: field.name,
    type: resolveType(field.type, types, [...parents, type]),
  }));
  return {
    kind: "struct",
    name: `(${resolved.map((field) => field.type.name).join(",")})`,
    encoded: encodeType(type, types),
    fields: resolved,
  };
}

/** The canonical name of an elementary type; undefined when it is none. */
function atomName(type: string): string | undefined {
  if (["string", "bytes", "bool", "address", "function"].includes(type)) {
    return type;
  }
  const sized = /^(u?int|bytes)(\d*)$/.exec(type);
  if (sized === null) {
    return undefined;
  }
  const [, base, digits] = sized;
  if (digits === "") {
    return `${base}256`;
  }
  const size = Number(digits);
  const isValid =
    base === "bytes"
      ? size >= 1 && size <= 32
      : size % 8 === 0 && size >= 8 && size <= 256;
  return isValid && String(size) === digits ? type : undefined;
}

/** "Mail(Person from,string contents)Person(string name)": the type, then what it refers to. */
function encodeType(type: string, types: TypedDataTypes): string {
  const referred = new Set<string>();
  collect(type, types, referred);
  referred.delete(type);
  return [type, ...[...referred].sort()]
    .map((name) => encodeFields(name, types.get(name) ?? []))
    .join("");
}

function encodeFields(name: string, fields: readonly TypedDataField[]): string {
  return `${name}(${fields.map((field) => `${field.type} ${field.name}`).join(",")})`;
}

function collect(type: string, types: TypedDataTypes, into: Set<string>): void {
  const name = type.replace(/(\[\d*\])+$/, "");
  const fields = types.get(name);
  if (fields === undefined || into.has(name)) {
    return;
  }
  into.add(name);
  for (const field of fields) {
    collect(field.type, types, into);
  }
}
