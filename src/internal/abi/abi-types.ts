/** A parameter as a contract's JSON ABI has it. */
export interface AbiParameter {
  readonly name?: string;
  /** "uint256", "tuple[2][]" … */
  readonly type: string;
  /** Of tuples. */
  readonly components?: readonly AbiParameter[];
}

export type AbiType =
  | { readonly kind: "uint"; readonly bits: number }
  | { readonly kind: "int"; readonly bits: number }
  | { readonly kind: "address" }
  | { readonly kind: "bool" }
  | { readonly kind: "bytes" }
  | { readonly kind: "string" }
  | { readonly kind: "fixed-bytes"; readonly length: number }
  /** bytes24: an address and a selector. */
  | { readonly kind: "function" }
  /** `length` is undefined for arrays of any length. */
  | {
      readonly kind: "array";
      readonly of: AbiType;
      readonly length: number | undefined;
    }
  | { readonly kind: "tuple"; readonly fields: readonly AbiType[] };

const ARRAY = /^(.*)\[(\d*)\]$/;
const NUMBER = /^(u?int)(\d*)$/;
const FIXED_BYTES = /^bytes(\d+)$/;

/** @throws RangeError when the ABI does not know the type. */
export function parseAbiType(parameter: AbiParameter): AbiType {
  const { type } = parameter;
  const array = ARRAY.exec(type);
  if (array !== null) {
    return {
      kind: "array",
      of: parseAbiType({ ...parameter, type: array[1] }),
      length: array[2] === "" ? undefined : Number(array[2]),
    };
  }
  const number = NUMBER.exec(type);
  if (number !== null) {
    return {
      kind: number[1] === "uint" ? "uint" : "int",
      bits: number[2] === "" ? 256 : Number(number[2]),
    };
  }
  const fixedBytes = FIXED_BYTES.exec(type);
  if (fixedBytes !== null) {
    return { kind: "fixed-bytes", length: Number(fixedBytes[1]) };
  }
  switch (type) {
    case "address":
    case "bool":
    case "bytes":
    case "string":
    case "function":
      return { kind: type };
    case "tuple":
      return {
        kind: "tuple",
        fields: (parameter.components ?? []).map(parseAbiType),
      };
  }
  throw new RangeError(`expected an ABI type, got "${type}"`);
}

/** Whether values of the type are reached through an offset. */
export function isDynamic(type: AbiType): boolean {
  switch (type.kind) {
    case "bytes":
    case "string":
      return true;
    case "array":
      return type.length === undefined || isDynamic(type.of);
    case "tuple":
      return type.fields.some(isDynamic);
    default:
      return false;
  }
}

/** Bytes that a value takes where its parent keeps it: the value itself, or the offset to it. */
export function headSize(type: AbiType): number {
  if (isDynamic(type)) {
    return 32;
  }
  switch (type.kind) {
    case "array":
      return (type.length ?? 0) * headSize(type.of);
    case "tuple":
      return type.fields.reduce((sum, field) => sum + headSize(field), 0);
    default:
      return 32;
  }
}

/** "tuple(uint256,address)[]" as it goes into a selector: "(uint256,address)[]". */
export function canonicalType(parameter: AbiParameter): string {
  const { type } = parameter;
  if (!type.startsWith("tuple")) {
    return type;
  }
  const fields = (parameter.components ?? []).map(canonicalType).join(",");
  return `(${fields})${type.slice("tuple".length)}`;
}
