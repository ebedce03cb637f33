/** The access list of a block (EIP-7928) that is being executed: of its transactions, and of what lies around them. */
import type {
  AccessSet,
  AccountAccess,
  Address,
  SlotAccess,
} from "../chain/types.js";

import {
  type BlockAccessList,
  buildBlockAccessList,
} from "../chain/block-access-list.js";

/** Takes what is accessed index by index: 0 before the transactions, 1 for the first of them, and so on. */
export class AccessRecorder {
  readonly #sets: AccessSet[] = [];
  #current: AccessSet[] = [];

  /** Something at the current index. */
  public add(accessed: AccessSet): void {
    this.#current.push(accessed);
  }

  /** Goes on to the next index. */
  public next(): void {
    this.#sets.push(merge(this.#current));
    this.#current = [];
  }

  public build(): BlockAccessList {
    return buildBlockAccessList([...this.#sets, merge(this.#current)], 0);
  }
}

/** What the list may have at most, in items: the block's gas limit pays for each. */
export function mostItems(gasLimit: bigint): bigint {
  return gasLimit / ITEM_GAS;
}
const ITEM_GAS = 2_000n;

/** Addresses and slots of the list. */
export function countItems(list: BlockAccessList): number {
  return list.reduce(
    (sum, { storageChanges, storageReads }) =>
      sum + 1 + storageChanges.length + storageReads.length,
    0,
  );
}

/** An account whose balance alone may have changed. */
export function creditOf(
  address: Address,
  before: bigint,
  after: bigint,
): AccessSet {
  const account: AccountAccess = {
    address,
    readsBalance: false,
    readsNonce: false,
    readsCode: false,
    balance: changeOf(before, after),
    nonce: undefined,
    codeChanged: false,
    code: undefined,
    destructed: false,
    lazilyCredited: false,
  };
  return { accounts: [account], slots: [], preimages: [] };
}

/** One after the other, as if they were one. */
function merge(sets: readonly AccessSet[]): AccessSet {
  if (sets.length === 1) {
    return sets[0];
  }
  const accounts = new Map<Address, AccountAccess>();
  const slots = new Map<string, SlotAccess>();
  for (const set of sets) {
    for (const account of set.accounts) {
      const earlier = accounts.get(account.address);
      accounts.set(
        account.address,
        earlier === undefined ? account : mergeAccounts(earlier, account),
      );
    }
    for (const slot of set.slots) {
      const name = slot.address + slot.key;
      const { before } = slots.get(name) ?? slot;
      slots.set(name, { ...slot, before });
    }
  }
  return {
    accounts: [...accounts.values()],
    slots: [...slots.values()],
    preimages: [],
  };
}

function mergeAccounts(
  earlier: AccountAccess,
  later: AccountAccess,
): AccountAccess {
  return {
    ...later,
    balance: mergeChanges(earlier.balance, later.balance),
    nonce: mergeChanges(earlier.nonce, later.nonce),
    code: later.code ?? earlier.code,
  };
}

type Change = AccountAccess["balance"];

function mergeChanges(earlier: Change, later: Change): Change {
  return earlier === undefined || later === undefined
    ? (earlier ?? later)
    : changeOf(earlier.before, later.after);
}

function changeOf(before: bigint, after: bigint): Change {
  return before === after ? undefined : { before, after };
}
