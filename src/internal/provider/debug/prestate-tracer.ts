/** prestateTracer: the accounts that an execution touched, before it, or before and after it. */
import type { AccountAccess, Address, Hash, Hex } from "../../chain/types.js";
import type { AccountState } from "../../evm/types.js";

import { toHex, toQuantity } from "../format/quantity.js";

export interface PrestateConfig {
  readonly diffMode: boolean;
  readonly disableCode: boolean;
  readonly disableStorage: boolean;
}

/** What an execution touched, and what it changed. */
export interface Touched {
  readonly accounts: readonly AccountAccess[];
  /** By account: slots and their values before. */
  readonly slots: ReadonlyMap<Address, ReadonlyMap<Hash, Hash>>;
  /** Slots that are different now, with their values. */
  readonly changedSlots: ReadonlyMap<Address, ReadonlyMap<Hash, Hash>>;
  /** Contracts that did not exist before. */
  readonly created: ReadonlySet<Address>;
  /** Code that accounts have now, where it changed. */
  readonly code: ReadonlyMap<Address, Uint8Array>;
  /** Balance that the fee recipient has now. */
  readonly balances: ReadonlyMap<Address, bigint>;
  before(address: Address): AccountState;
}

interface PrestateAccount {
  balance?: Hex;
  code?: Hex;
  nonce?: number;
  storage?: Record<Hash, Hash>;
}

type Prestate = Record<Address, PrestateAccount>;

const ZERO: Hash = `0x${"0".repeat(64)}`;

export function prestateTrace(
  touched: Touched,
  config: PrestateConfig,
): unknown {
  const accounts = [...touched.accounts].sort((a, b) =>
    a.address < b.address ? -1 : 1,
  );
  if (config.diffMode) {
    return diff(accounts, touched, config);
  }
  const prestate: Prestate = {};
  for (const { address } of accounts) {
    const account = describe(touched.before(address), config);
    addStorage(account, config, touched.slots.get(address));
    prestate[address] = account;
  }
  return prestate;
}

/** Only what changed; slots that are empty are left out on either side. */
function diff(
  accounts: readonly AccountAccess[],
  touched: Touched,
  config: PrestateConfig,
): { post: Prestate; pre: Prestate } {
  const pre: Prestate = {};
  const post: Prestate = {};
  for (const access of accounts) {
    const { address } = access;
    const was = touched.before(address);
    const after = changes(access, was, touched, config);
    if (after === undefined) {
      continue;
    }
    post[address] = after;
    if (!touched.created.has(address)) {
      const before = describe(was, config);
      const changed = touched.changedSlots.get(address);
      const values = touched.slots.get(address);
      addStorage(
        before,
        config,
        filled(changed?.keys(), (key) => values?.get(key)),
      );
      pre[address] = before;
    }
  }
  return { post, pre };
}

/** How an account is different now; undefined: it is not. */
function changes(
  { address, balance, nonce }: AccountAccess,
  was: AccountState,
  touched: Touched,
  config: PrestateConfig,
): PrestateAccount | undefined {
  const after: PrestateAccount = {};
  const newBalance = touched.balances.get(address) ?? balance?.after;
  if (newBalance !== undefined && newBalance !== was.balance) {
    after.balance = toQuantity(newBalance);
  }
  const code = touched.code.get(address);
  if (code !== undefined && !config.disableCode) {
    after.code = toHex(code);
  }
  if (nonce !== undefined && nonce.after !== was.nonce) {
    after.nonce = Number(nonce.after);
  }
  const changed = touched.changedSlots.get(address);
  addStorage(
    after,
    config,
    filled(changed?.keys(), (key) => changed?.get(key)),
  );
  const hasChanged = Object.keys(after).length > 0 || (changed?.size ?? 0) > 0;
  return hasChanged ? after : undefined;
}

function filled(
  keys: Iterable<Hash> | undefined,
  valueOf: (key: Hash) => Hash | undefined,
): Map<Hash, Hash> {
  const slots = new Map<Hash, Hash>();
  for (const key of keys ?? []) {
    const value = valueOf(key) ?? ZERO;
    if (value !== ZERO) {
      slots.set(key, value);
    }
  }
  return slots;
}

function describe(
  { balance, nonce, code }: AccountState,
  config: PrestateConfig,
): PrestateAccount {
  return {
    balance: toQuantity(balance),
    ...(code.length === 0 || config.disableCode ? {} : { code: toHex(code) }),
    ...(nonce === 0n ? {} : { nonce: Number(nonce) }),
  };
}

function addStorage(
  account: PrestateAccount,
  config: PrestateConfig,
  slots: ReadonlyMap<Hash, Hash> | undefined,
): void {
  if (slots !== undefined && slots.size > 0 && !config.disableStorage) {
    account.storage = Object.fromEntries(
      [...slots].sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }
}
