/** A model of a chain's state: one immutable map per epoch, roots by an independent trie. */
import type { Address, Hash } from "../../../src/internal/chain/types.js";

import { createMPT } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { bytesToHex, hexToBytes } from "@ethereumjs/util";
import { keccak_256 } from "@noble/hashes/sha3.js";

export interface ModelAccount {
  readonly balance: bigint;
  readonly nonce: bigint;
  readonly code: Uint8Array;
  readonly storage: ReadonlyMap<Hash, Hash>;
}

export type ModelState = ReadonlyMap<Address, ModelAccount>;

export const ABSENT: ModelAccount = {
  balance: 0n,
  nonce: 0n,
  code: new Uint8Array(),
  storage: new Map(),
};

export const ZERO: Hash = `0x${"00".repeat(32)}`;

/** The line of epochs. */
export class StateModel {
  #line: { epoch: number; state: ModelState }[] = [
    { epoch: 1, state: new Map() },
  ];
  #last = 1;

  public get epoch(): number {
    return this.#line.at(-1)!.epoch;
  }

  public get epochs(): number[] {
    return this.#line.map(({ epoch }) => epoch);
  }

  public get state(): ModelState {
    return this.#line.at(-1)!.state;
  }

  public at(epoch: number): ModelState {
    return this.#line.find((item) => item.epoch === epoch)!.state;
  }

  public nextEpoch(): void {
    this.#line.push({ epoch: ++this.#last, state: this.state });
  }

  public revert(epoch: number): void {
    this.#line = this.#line.filter((item) => item.epoch <= epoch);
    this.nextEpoch();
  }

  public change(address: Address, change: Partial<ModelAccount>): void {
    const state = new Map(this.state);
    state.set(address, { ...(state.get(address) ?? ABSENT), ...change });
    this.#line.at(-1)!.state = state;
  }

  public setSlot(address: Address, key: Hash, value: Hash): void {
    const storage = new Map((this.state.get(address) ?? ABSENT).storage);
    if (value === ZERO) storage.delete(key);
    else storage.set(key, value);
    this.change(address, { storage });
  }
}

export async function modelRoot(state: ModelState): Promise<Hash> {
  const trie = await createMPT({ useKeyHashing: true });
  for (const [address, account] of state) {
    const storage = await createMPT({ useKeyHashing: true });
    for (const [key, value] of account.storage) {
      await storage.put(
        hexToBytes(key),
        RLP.encode(hexToBytes(`0x${BigInt(value).toString(16)}`)),
      );
    }
    await trie.put(
      hexToBytes(address),
      RLP.encode([
        account.nonce,
        account.balance,
        storage.root(),
        keccak_256(account.code),
      ]),
    );
  }
  return bytesToHex(trie.root());
}
