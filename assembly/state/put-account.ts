/** An account as it crosses the boundary. */
import { Code } from "../code/code";
import { EMPTY_CODE_HASH } from "../crypto/known-hashes";
import { ACCOUNT_BALANCE, ACCOUNT_CODE, ACCOUNT_CODE_HASH, ACCOUNT_NONCE } from "../layout";
import { wordToBytes } from "../u256/word";
import { AccountValue } from "./entries";

/** Writes an AccountValue as ACCOUNT_*. */
export function putAccount(out: usize, at: usize): void {
  const value = changetype<AccountValue>(at);
  store<u64>(out + ACCOUNT_NONCE, value.nonce);
  wordToBytes(out + ACCOUNT_BALANCE, at + offsetof<AccountValue>("balance"));
  const code = value.code as usize;
  memory.copy(out + ACCOUNT_CODE_HASH, code == 0 ? EMPTY_CODE_HASH : code, 32);
  store<u32>(out + ACCOUNT_CODE, code == 0 ? 0 : changetype<Code>(code).bytes);
  store<u32>(out + ACCOUNT_CODE + 4, code == 0 ? 0 : changetype<Code>(code).length);
}
