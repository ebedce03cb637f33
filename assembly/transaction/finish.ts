/** What a finished transaction leaves of each account. */
import { context } from "../interpreter/context";
import { CANCUN, SPURIOUS_DRAGON } from "../forks";
import {
  ACCOUNT_CREATED, ACCOUNT_DESTRUCTED, ACCOUNT_EXISTS, ACCOUNT_LOADED, ACCOUNT_TOUCHED, TxAccount,
} from "../state/tx-records";

/** Nothing of it changed (its slots may have). */
export const ACCOUNT_KEPT: u32 = 0;
export const ACCOUNT_CHANGED: u32 = 1;
/** Gone, with its storage: destroyed, or empty when touched (EIP-161). */
export const ACCOUNT_DELETED: u32 = 2;

export function accountOutcome(account: TxAccount): u32 {
  const flags = account.flags;
  if (!(flags & ACCOUNT_LOADED)) return ACCOUNT_KEPT;
  const fork = context.fork;
  // EIP-6780: since Cancun only what this transaction created can be destroyed.
  if (flags & ACCOUNT_DESTRUCTED && (fork < CANCUN || flags & ACCOUNT_CREATED)) return ACCOUNT_DELETED;
  if (flags & ACCOUNT_TOUCHED && fork >= SPURIOUS_DRAGON && isBlank(account)) {
    return account.flags0 & ACCOUNT_EXISTS ? ACCOUNT_DELETED : ACCOUNT_KEPT;
  }
  return isChanged(account) ? ACCOUNT_CHANGED : ACCOUNT_KEPT;
}

// @ts-ignore: decorator
@inline
export function isBlank(account: TxAccount): bool {
  return (account.nonce | account.balance | account.balance1 | account.balance2 | account.balance3) == 0 && account.code == 0;
}

// @ts-ignore: decorator
@inline
export function isBalanceChanged(account: TxAccount): bool {
  return (
    ((account.balance ^ account.balance0) | (account.balance1 ^ account.balance01) |
      (account.balance2 ^ account.balance02) | (account.balance3 ^ account.balance03)) != 0
  );
}

function isChanged(account: TxAccount): bool {
  if (account.nonce != account.nonce0 || account.code != account.code0) return true;
  // Before EIP-161 a touch alone makes an account.
  return isBalanceChanged(account) || ((account.flags ^ account.flags0) & ACCOUNT_EXISTS) != 0;
}
