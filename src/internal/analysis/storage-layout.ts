/** The part of solc's `storageLayout` output that names slots (docs.soliditylang.org, "JSON output"). */
export interface StorageLayout {
  readonly storage: readonly StorageVariable[];
  /** null when the contract has no storage. */
  readonly types: Readonly<Record<string, StorageType>> | null;
}

export interface StorageVariable {
  readonly label: string;
  /** Byte offset within the slot, from the least significant byte. */
  readonly offset: number;
  /** Decimal slot number; of a struct's member, relative to the struct. */
  readonly slot: string;
  /** Key into `types`. */
  readonly type: string;
}

export interface StorageType {
  readonly encoding: "inplace" | "mapping" | "dynamic_array" | "bytes";
  readonly label: string;
  readonly numberOfBytes: string;
  /** Of mappings. */
  readonly key?: string;
  readonly value?: string;
  /** Of arrays: the elements' type. */
  readonly base?: string;
  /** Of structs. */
  readonly members?: readonly StorageVariable[];
}
