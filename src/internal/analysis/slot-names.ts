/**
 * From a slot number back to the Solidity variable. Solidity puts a mapping's value at
 * keccak256(key . slot) and a dynamic array's elements from keccak256(slot) on, so a slot is named
 * by the hashes' preimages, which the executing contract computed before it used the slot.
 */
import type { Hash } from "../chain/types.js";
import type {
  StorageLayout,
  StorageType,
  StorageVariable,
} from "./storage-layout.js";

/** A variable (or an element or member of one) that lives in a slot. */
export interface SlotVariable {
  /** As a Solidity expression: `allowance[0xf39F…][0x7099…]`, keys in full. */
  readonly path: string;
  /** Of the value, as Solidity writes it. */
  readonly type: string;
  /** Bytes from the least significant one. */
  readonly offset: number;
  readonly bytes: number;
}

/** keccak256 preimages seen while recording. */
export class Preimages {
  readonly #byHash = new Map<bigint, Uint8Array>();
  #sorted: bigint[] | undefined;

  public add(hash: Hash, preimage: Uint8Array): void {
    const key = BigInt(hash);
    if (!this.#byHash.has(key)) {
      this.#byHash.set(key, preimage);
      this.#sorted = undefined;
    }
  }

  public get size(): number {
    return this.#byHash.size;
  }

  /** The nearest hash at or before `slot`: a struct or array laid out from a hash covers what follows it. */
  public before(
    slot: bigint,
  ): { readonly hash: bigint; readonly preimage: Uint8Array } | undefined {
    const exact = this.#byHash.get(slot);
    if (exact !== undefined) {
      return { hash: slot, preimage: exact };
    }
    this.#sorted ??= [...this.#byHash.keys()].sort((a, b) =>
      a < b ? -1 : a > b ? 1 : 0,
    );
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = Math.trunc((low + high) / 2);
      if (this.#sorted[middle] <= slot) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    const hash = low === 0 ? undefined : this.#sorted[low - 1];
    const preimage = hash === undefined ? undefined : this.#byHash.get(hash);
    return hash === undefined || preimage === undefined
      ? undefined
      : { hash, preimage };
  }
}

/** Elements further than this from a hash belong to another hash that was not seen. */
const MAX_DISTANCE = 2n ** 64n;
/** Mappings of mappings of arrays… deeper than this are not followed. */
const MAX_DEPTH = 16;

/** A stretch of slots that begins at a hash. */
type Place =
  | {
      readonly kind: "value" | "elements";
      readonly path: string;
      readonly type: string;
    }
  | { readonly kind: "bytes"; readonly path: string };

/** A variable with what the recursion needs of it. */
interface Resolved {
  readonly variable: SlotVariable;
  /** Without the `.length` of an array. */
  readonly path: string;
  readonly type: StorageType;
}

/** The variables in a slot; empty when the layout and the preimages do not tell. */
export function variablesInSlot(
  layout: StorageLayout,
  preimages: Preimages,
  slot: bigint,
): SlotVariable[] {
  return new SlotResolver(layout, preimages)
    .resolve(slot, 0)
    .map(({ variable }) => variable);
}

class SlotResolver {
  readonly #layout: StorageLayout;
  readonly #preimages: Preimages;

  constructor(layout: StorageLayout, preimages: Preimages) {
    this.#layout = layout;
    this.#preimages = preimages;
  }

  public resolve(slot: bigint, depth: number): Resolved[] {
    const direct = this.#members(this.#layout.storage, "", slot);
    if (direct.length > 0 || depth > MAX_DEPTH) {
      return direct;
    }
    const known = this.#preimages.before(slot);
    if (known === undefined || slot - known.hash >= MAX_DISTANCE) {
      return [];
    }
    const place = this.#placeOf(known.preimage, depth);
    const distance = slot - known.hash;
    switch (place?.kind) {
      case undefined:
        return [];
      case "value":
        return this.#value(place.path, place.type, 0, distance);
      case "elements":
        return this.#elements(place.path, place.type, distance, undefined);
      case "bytes":
        return [resolved(place.path, place.path, LONG_BYTES, 0)];
    }
  }

  #type(id: string | undefined): StorageType | undefined {
    return id === undefined ? undefined : this.#layout.types?.[id];
  }

  /** What starts at the hash of `preimage`. */
  #placeOf(preimage: Uint8Array, depth: number): Place | undefined {
    if (preimage.length < 32) {
      return undefined;
    }
    const key = preimage.subarray(0, -32);
    const slot = toBigInt(preimage.subarray(-32));
    for (const { path, type } of this.resolve(slot, depth + 1)) {
      if (type.encoding === "mapping" && type.value !== undefined) {
        const formatted = formatKey(key, this.#type(type.key)?.label);
        if (formatted !== undefined) {
          return {
            kind: "value",
            path: `${path}[${formatted}]`,
            type: type.value,
          };
        }
      } else if (key.length === 0 && type.encoding === "bytes") {
        return { kind: "bytes", path };
      } else if (
        key.length === 0 &&
        type.encoding === "dynamic_array" &&
        type.base !== undefined
      ) {
        return { kind: "elements", path, type: type.base };
      }
    }
    return undefined;
  }

  #members(
    variables: readonly StorageVariable[],
    prefix: string,
    slot: bigint,
  ): Resolved[] {
    return variables.flatMap(({ label, offset, slot: at, type: id }) => {
      const type = this.#type(id);
      const start = BigInt(at);
      const inside =
        type !== undefined &&
        slot >= start &&
        slot < start + slotsOf(BigInt(type.numberOfBytes));
      return inside
        ? this.#value(prefix + label, id, offset, slot - start)
        : [];
    });
  }

  /** What of a value lies `distance` slots after its start. */
  #value(
    path: string,
    typeId: string,
    offset: number,
    distance: bigint,
  ): Resolved[] {
    const type = this.#type(typeId);
    if (type === undefined) {
      return [];
    }
    if (type.members !== undefined) {
      return this.#members(type.members, `${path}.`, distance);
    }
    if (type.encoding === "inplace" && type.base !== undefined) {
      return this.#elements(path, type.base, distance, arrayLength(type.label));
    }
    if (distance !== 0n) {
      return [];
    }
    const shown = type.encoding === "dynamic_array" ? `${path}.length` : path;
    return [resolved(shown, path, type, offset)];
  }

  /** Elements of an array in the slot `distance` slots after the first one. */
  #elements(
    path: string,
    elementId: string,
    distance: bigint,
    length: bigint | undefined,
  ): Resolved[] {
    const size = BigInt(this.#type(elementId)?.numberOfBytes ?? "0");
    if (size === 0n) {
      return [];
    }
    if (size > 16n) {
      const slots = slotsOf(size);
      const element = `${path}[${distance / slots}]`;
      return this.#value(element, elementId, 0, distance % slots);
    }
    const perSlot = 32n / size;
    const first = distance * perSlot;
    const rest = length === undefined ? perSlot : length - first;
    const count = rest < perSlot ? rest : perSlot;
    return Array.from({ length: Number(count) }, (_, i) => i).flatMap((i) => {
      const element = `${path}[${first + BigInt(i)}]`;
      return this.#value(element, elementId, i * Number(size), 0n);
    });
  }
}

/** The data of a bytes or string value of 32 bytes or more. */
const LONG_BYTES: StorageType = {
  encoding: "bytes",
  label: "bytes",
  numberOfBytes: "32",
};

function resolved(
  shown: string,
  path: string,
  type: StorageType,
  offset: number,
): Resolved {
  const bytes = Number(type.numberOfBytes);
  return {
    variable: { path: shown, type: type.label, offset, bytes },
    path,
    type,
  };
}

function slotsOf(bytes: bigint): bigint {
  return (bytes + 31n) / 32n;
}

/** `uint256[3]` → 3 */
function arrayLength(label: string): bigint | undefined {
  const match = /\[(\d+)\]$/.exec(label);
  return match === null ? undefined : BigInt(match[1]);
}

/** A mapping's key as Solidity writes it; undefined when the bytes do not fit the type. */
function formatKey(
  key: Uint8Array,
  type: string | undefined,
): string | undefined {
  if (type === "string") {
    return JSON.stringify(new TextDecoder().decode(key));
  }
  if (type === "bytes") {
    return toHex(key);
  }
  if (key.length !== 32 || type === undefined) {
    return undefined;
  }
  if (type === "address" || /^contract |^address payable/.test(type)) {
    return toHex(key.subarray(12));
  }
  if (type === "bool") {
    return key[31] === 0 ? "false" : "true";
  }
  const fixedBytes = /^bytes(\d+)$/.exec(type);
  if (fixedBytes !== null) {
    return toHex(key.subarray(0, Number(fixedBytes[1])));
  }
  const value = toBigInt(key);
  return type.startsWith("int") ? `${BigInt.asIntN(256, value)}` : `${value}`;
}

function toHex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}

function toBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(toHex(bytes));
}
