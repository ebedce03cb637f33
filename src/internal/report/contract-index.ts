/**
 * Which compiled contract a deployed code is. Immutables and library addresses are written into
 * the code when it is deployed, so they are masked before comparing; everything else must agree,
 * the metadata hash included.
 */
import type { StorageLayout } from "../analysis/storage-layout.js";
import type { Hex } from "../chain/types.js";

/** What the report needs of solc's output for one contract. */
export interface CompiledContract {
  readonly name: string;
  readonly storageLayout?: StorageLayout;
  readonly abi: readonly AbiItem[];
  readonly evm: {
    readonly deployedBytecode: {
      readonly object: string;
      readonly immutableReferences?: Readonly<
        Record<string, readonly ByteRange[]>
      >;
      readonly linkReferences?: Readonly<
        Record<string, Readonly<Record<string, readonly ByteRange[]>>>
      >;
    };
    /** Signature → selector without 0x. */
    readonly methodIdentifiers?: Readonly<Record<string, string>>;
  };
}

interface AbiItem {
  readonly type: string;
}

interface ByteRange {
  readonly start: number;
  readonly length: number;
}

export interface KnownContract {
  readonly name: string;
  readonly layout: StorageLayout | undefined;
  /** Selector (0x and 8 digits) → function name. */
  readonly functions: ReadonlyMap<Hex, string>;
  readonly hasReceive: boolean;
}

interface Candidate {
  readonly code: Buffer;
  readonly masks: readonly ByteRange[];
  readonly contract: KnownContract;
}

export class ContractIndex {
  readonly #byLength = new Map<number, Candidate[]>();

  constructor(contracts: Iterable<CompiledContract>) {
    for (const compiled of contracts) {
      const { object } = compiled.evm.deployedBytecode;
      if (object.length === 0) {
        continue; // abstract contracts and interfaces
      }
      const masks = masksOf(compiled);
      // Placeholders of libraries (`__$…$__`) are no hex digits, and masked anyway.
      const code = masked(
        Buffer.from(object.replaceAll(/[^0-9a-f]/gi, "0"), "hex"),
        masks,
      );
      const candidates = this.#byLength.get(code.length) ?? [];
      candidates.push({ code, masks, contract: knownContract(compiled) });
      this.#byLength.set(code.length, candidates);
    }
  }

  /** The contract whose deployed code this is. */
  public find(code: Uint8Array): KnownContract | undefined {
    return this.#byLength
      .get(code.length)
      ?.find((candidate) =>
        candidate.code.equals(masked(code, candidate.masks)),
      )?.contract;
  }
}

function knownContract({
  name,
  storageLayout,
  abi,
  evm,
}: CompiledContract): KnownContract {
  return {
    name,
    layout: storageLayout,
    functions: new Map(
      Object.entries(evm.methodIdentifiers ?? {}).map(
        ([signature, selector]) => [
          `0x${selector}`,
          signature.slice(0, signature.indexOf("(")),
        ],
      ),
    ),
    hasReceive: abi.some(({ type }) => type === "receive"),
  };
}

function masksOf({ evm }: CompiledContract): ByteRange[] {
  const { immutableReferences, linkReferences, object } = evm.deployedBytecode;
  const masks = Object.values(immutableReferences ?? {}).flat();
  for (const libraries of Object.values(linkReferences ?? {})) {
    masks.push(...Object.values(libraries).flat());
  }
  // A library begins with PUSH20 of its own address, which is filled in on deployment.
  if (object.startsWith(`73${"0".repeat(40)}30`)) {
    masks.push({ start: 1, length: 20 });
  }
  return masks;
}

function masked(code: Uint8Array, masks: readonly ByteRange[]): Buffer {
  const copy = Buffer.from(code);
  for (const { start, length } of masks) {
    copy.fill(0, start, start + length);
  }
  return copy;
}
