import type { ChainAccount } from "./chain-interface.js";
import type { Address, Transaction } from "./types.js";

import { keccak256 } from "../evm/keccak.js";
import { ChainError } from "./errors.js";
import { toChecksumAddress } from "./hex.js";
import { signHash } from "./signatures.js";
import {
  fakeSignTransaction,
  signTransaction,
  type UnsignedTransaction,
} from "./transaction-codec.js";

/** The keys that the network owns, and the senders it pretends to own. */
export class Accounts {
  public readonly addresses: readonly Address[];
  readonly #keys: ReadonlyMap<Address, Uint8Array>;
  readonly #impersonated = new Set<Address>();

  constructor(accounts: readonly ChainAccount[]) {
    this.#keys = new Map(
      accounts.map(({ address, privateKey }) => [address, privateKey]),
    );
    this.addresses = [...this.#keys.keys()];
  }

  public impersonate(address: Address): void {
    this.#impersonated.add(address);
  }

  public stopImpersonating(address: Address): boolean {
    return this.#impersonated.delete(address);
  }

  /** Impersonation wins even for owned accounts. @throws ChainError for an unknown sender. */
  public signTransaction(tx: UnsignedTransaction, from: Address): Transaction {
    return this.#impersonated.has(from)
      ? fakeSignTransaction(tx, from)
      : signTransaction(tx, from, this.#key(from));
  }

  /** r, s and v (27 or 28): 65 bytes. @throws ChainError for an account that is not owned. */
  public sign(address: Address, hash: Uint8Array): Uint8Array {
    const { r, s, yParity } = signHash(hash, this.#key(address), address);
    const bytes = new Uint8Array(65);
    bytes.set(Buffer.from(r.toString(16).padStart(64, "0"), "hex"), 0);
    bytes.set(Buffer.from(s.toString(16).padStart(64, "0"), "hex"), 32);
    bytes[64] = 27 + yParity;
    return bytes;
  }

  #key(address: Address): Uint8Array {
    const key = this.#keys.get(address);
    if (key === undefined) {
      throw new ChainError(
        `Unknown account ${toChecksumAddress(address, keccak256)}`,
      );
    }
    return key;
  }
}
