/**
 * EIP-7928: what the transactions of a block touched and what they left there, as the header
 * commits to it. Made of the access sets that executed transactions recorded.
 */
import type { AccessSet, AccountAccess, Address, Hash } from "./types.js";

import { RlpWriter } from "./rlp-writer.js";

/** A value, and the transaction that left it: 1 is the block's first (0: before them, and one beyond the last: after them). */
export interface IndexedChange<T> {
  readonly index: number;
  readonly value: T;
}

export interface SlotChanges {
  readonly key: Hash;
  readonly changes: readonly IndexedChange<Hash>[];
}

export interface AccountChanges {
  readonly address: Address;
  /** In ascending order of keys, as is `storageReads`; no key is in both. */
  readonly storageChanges: readonly SlotChanges[];
  readonly storageReads: readonly Hash[];
  readonly balanceChanges: readonly IndexedChange<bigint>[];
  readonly nonceChanges: readonly IndexedChange<bigint>[];
  readonly codeChanges: readonly IndexedChange<Uint8Array>[];
}

/** In ascending order of addresses. */
export type BlockAccessList = readonly AccountChanges[];

class AccountBuilder {
  readonly #slots = new Map<Hash, IndexedChange<Hash>[]>();
  readonly #balances: IndexedChange<bigint>[] = [];
  readonly #nonces: IndexedChange<bigint>[] = [];
  readonly #codes: IndexedChange<Uint8Array>[] = [];

  public add(index: number, { balance, nonce, code }: AccountAccess): void {
    if (balance !== undefined) {
      this.#balances.push({ index, value: balance.after });
    }
    if (nonce !== undefined) {
      this.#nonces.push({ index, value: nonce.after });
    }
    if (code !== undefined) {
      this.#codes.push({ index, value: code });
    }
  }

  /** `value`: undefined when the transaction left the slot as it was. */
  public addSlot(index: number, key: Hash, value: Hash | undefined): void {
    let changes = this.#slots.get(key);
    if (changes === undefined) {
      changes = [];
      this.#slots.set(key, changes);
    }
    if (value !== undefined) {
      changes.push({ index, value });
    }
  }

  public build(address: Address): AccountChanges {
    const slots = [...this.#slots].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      address,
      storageChanges: slots
        .filter(([, changes]) => changes.length > 0)
        .map(([key, changes]) => ({ key, changes })),
      storageReads: slots
        .filter(([, changes]) => changes.length === 0)
        .map(([key]) => key),
      balanceChanges: this.#balances,
      nonceChanges: this.#nonces,
      codeChanges: this.#codes,
    };
  }
}

/**
 * @param accessSets of the block's transactions, in order.
 * @param first index of the first one: 0 when that is what was accessed before the transactions.
 */
export function buildBlockAccessList(
  accessSets: readonly AccessSet[],
  first = 1,
): BlockAccessList {
  const builders = new Map<Address, AccountBuilder>();
  const builderOf = (address: Address): AccountBuilder => {
    let builder = builders.get(address);
    if (builder === undefined) {
      builder = new AccountBuilder();
      builders.set(address, builder);
    }
    return builder;
  };
  for (const [position, { accounts, slots }] of accessSets.entries()) {
    const index = position + first;
    for (const account of accounts) {
      builderOf(account.address).add(index, account);
    }
    for (const { address, key, before, after } of slots) {
      builderOf(address).addSlot(
        index,
        key,
        before === after ? undefined : after,
      );
    }
  }
  return [...builders]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([address, builder]) => builder.build(address));
}

const writer = new RlpWriter(4096);

/** RLP, whose keccak256 is the header's `blockAccessListHash`. Keys and values of slots are integers in it. */
export function encodeBlockAccessList(list: BlockAccessList): Uint8Array {
  writer.reset();
  writeLists(list, (account) => {
    writeChanges(account.codeChanges, (code) => writer.bytes(code));
    writeChanges(account.nonceChanges, (nonce) => writer.uint(nonce));
    writeChanges(account.balanceChanges, (balance) => writer.uint(balance));
    writeList(account.storageReads, writeWord);
    writeLists(account.storageChanges, ({ key, changes }) => {
      writeChanges(changes, writeWord);
      writeWord(key);
    });
    writer.hex(account.address);
  });
  return writer.finish();
}

/** The writer goes from the last item to the first. */
function writeList<T>(items: readonly T[], write: (item: T) => void): void {
  const end = writer.mark();
  for (let i = items.length - 1; i >= 0; i--) {
    write(items[i]);
  }
  writer.list(end);
}

/** A list of lists; `write`: what is in one of those. */
function writeLists<T>(items: readonly T[], write: (item: T) => void): void {
  writeList(items, (item) => {
    const end = writer.mark();
    write(item);
    writer.list(end);
  });
}

function writeChanges<T>(
  changes: readonly IndexedChange<T>[],
  write: (value: T) => void,
): void {
  writeLists(changes, ({ index, value }) => {
    write(value);
    writer.uint(index);
  });
}

function writeWord(word: Hash): void {
  writer.uint(BigInt(word));
}
