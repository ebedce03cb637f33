/** Names for what the analysis found: variables, functions, accounts. */
import type { Preimages } from "../analysis/slot-names.js";
import type { Location, RecordedTransaction } from "../analysis/types.js";
import type { Address } from "../chain/types.js";
import type { ContractIndex, KnownContract } from "./contract-index.js";

import { variablesInSlot } from "../analysis/slot-names.js";

/** Slots that standards fix (ERC-1967). */
const STANDARD_SLOTS = new Map<string, string>([
  [
    "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc",
    "ERC1967.implementation",
  ],
  [
    "0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103",
    "ERC1967.admin",
  ],
  [
    "0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50",
    "ERC1967.beacon",
  ],
]);

/** Names the locations and calls of blocks that saw the same contracts. */
export class Namer {
  readonly #contracts = new Map<Address, KnownContract | undefined>();
  readonly #index: ContractIndex;
  readonly #preimages: Preimages;
  readonly #codes: ReadonlyMap<Address, Uint8Array>;

  /** @param codes The code that the addresses had while they were recorded. */
  constructor(
    index: ContractIndex,
    preimages: Preimages,
    codes: ReadonlyMap<Address, Uint8Array>,
  ) {
    this.#index = index;
    this.#preimages = preimages;
    this.#codes = codes;
  }

  public location(location: Location): string {
    const { address } = location;
    const contract = this.#contractAt(address);
    if (location.kind !== "slot") {
      const owner =
        contract === undefined
          ? short(address)
          : `${contract.name} ${short(address)}`;
      return `${location.kind} of ${owner}`;
    }
    const owner = contract?.name ?? short(address);
    const standard = STANDARD_SLOTS.get(location.key);
    if (standard !== undefined) {
      return `${owner}.${standard}`;
    }
    const variables =
      contract?.layout === undefined
        ? []
        : variablesInSlot(
            contract.layout,
            this.#preimages,
            BigInt(location.key),
          );
    return variables.length === 0
      ? `${owner}.slot ${trimmed(location.key)}`
      : `${owner}.${variables.map(({ path }) => shortKeys(path)).join("+")}`;
  }

  /** `Pair.swap`, `new contract`, `transfer to 0x7099…`. */
  public call({ to, selector }: RecordedTransaction): string {
    if (to === undefined) {
      return "new contract";
    }
    const contract = this.#contractAt(to);
    if (contract === undefined) {
      return selector === "0x"
        ? `transfer to ${short(to)}`
        : `${short(to)}.${selector}`;
    }
    const known = contract.functions.get(selector);
    const otherwise = contract.hasReceive ? "receive" : "fallback";
    return `${contract.name}.${known ?? (selector === "0x" ? otherwise : selector)}`;
  }

  #contractAt(address: Address): KnownContract | undefined {
    if (!this.#contracts.has(address)) {
      const code = this.#codes.get(address);
      this.#contracts.set(
        address,
        code === undefined ? undefined : this.#index.find(code),
      );
    }
    return this.#contracts.get(address);
  }
}

/** `0xf39f…2266` */
function short(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}

function shortKeys(path: string): string {
  return path.replaceAll(/0x[0-9a-f]{40}/g, short);
}

/** A slot number without leading zeros, long ones cut in the middle. */
function trimmed(key: string): string {
  const digits = BigInt(key).toString(16);
  return digits.length > 12
    ? `0x${digits.slice(0, 6)}…${digits.slice(-4)}`
    : `0x${digits}`;
}
