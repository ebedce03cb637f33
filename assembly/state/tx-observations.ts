/** What a transaction observes of an account as it was before it: it is validated, so it is noted (`TxAccount.reads`). */
import {
  ACCOUNT_EXISTS, READS_BALANCE, READS_CODE, READS_EMPTY, READS_EXISTS, READS_NONCE, TxAccount,
} from "./tx-records";

// @ts-ignore: decorator
@inline
export function observeBalance(account: TxAccount): void {
  account.reads |= READS_BALANCE;
}

// @ts-ignore: decorator
@inline
export function observeNonce(account: TxAccount): void {
  account.reads |= READS_NONCE;
}

// @ts-ignore: decorator
@inline
export function observeCode(account: TxAccount): void {
  account.reads |= READS_CODE;
}

// @ts-ignore: decorator
@inline
function isEmptyNow(account: TxAccount): bool {
  return (account.nonce | account.balance | account.balance1 | account.balance2 | account.balance3) == 0 && account.code == 0;
}

/** EIP-161: no nonce, no balance, no code. Observes what the answer hangs on. */
export function isEmpty(account: TxAccount): bool {
  const empty = isEmptyNow(account);
  const code = account.code;
  // What this transaction itself did settles it, whatever was there before.
  if ((code != 0 && code != account.code0) || (account.nonce != 0 && account.nonce != account.nonce0)) return empty;
  const at = changetype<usize>(account);
  const sameBalance = memory.compare(
    at + offsetof<TxAccount>("balance"), at + offsetof<TxAccount>("balance0"), 32) == 0;
  if (sameBalance && code == account.code0 && account.nonce == account.nonce0) account.reads |= READS_EMPTY;
  else account.reads |= READS_BALANCE | READS_NONCE | READS_CODE;
  return empty;
}

/** Before EIP-161: whether the account is in the state, even when it is empty. */
export function accountExists(account: TxAccount): bool {
  account.reads |= READS_EXISTS;
  return (account.flags & ACCOUNT_EXISTS) != 0;
}
