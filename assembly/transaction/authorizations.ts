/** EIP-7702: the authorizations of a transaction, applied before it runs. */
import { Context, context } from "../interpreter/context";
import { CODE_DELEGATION, Code } from "../code/code";
import { AUTH_ADDRESS, AUTH_AUTHORITY, AUTH_CHAIN_ID, AUTH_FLAGS, AUTH_NONCE, AUTH_SIZE } from "../layout";
import { ACCOUNT_WARM, TxAccount } from "../state/tx-records";
import {
  accountExists, deployCode, isEmpty, observeCode, observeNonce, setCode, setNonce, txAccount,
} from "../state/tx-state";
import { addressFromBytes } from "../u256/word";
import { AMSTERDAM } from "../forks";
import { STATE_GAS_ACCOUNT, STATE_GAS_DELEGATION } from "../state-gas";
import { GAS_AUTHORIZATION, GAS_AUTHORIZATION_BASE } from "./intrinsic";
import { Work, work, workA } from "./work";

const DELEGATION_LENGTH: u32 = 23;

/** Applies all; an invalid one is passed over. Sets `authorizationRefund`. */
export function applyAuthorizations(): void {
  const self: Work = work;
  let known: u64 = 0;
  for (let i: u32 = 0; i < self.authorizationCount; i++) {
    if (applyAuthorization((self.authorizations as usize) + (i as usize) * AUTH_SIZE)) known++;
  }
  if (context.fork >= AMSTERDAM) self.returnedStateGas += known * STATE_GAS_ACCOUNT;
  else self.authorizationRefund = known * (GAS_AUTHORIZATION - GAS_AUTHORIZATION_BASE);
}

/** Returns whether the authority was in the state (genesis can put empty accounts there), so that a part of its gas comes back. */
function applyAuthorization(at: usize): bool {
  const block: Context = context;
  const high = load<u64>(at, AUTH_CHAIN_ID) | load<u64>(at, AUTH_CHAIN_ID + 8) | load<u64>(at, AUTH_CHAIN_ID + 16);
  const chainId = bswap<u64>(load<u64>(at, AUTH_CHAIN_ID + 24));
  if (high != 0 || (chainId != 0 && chainId != block.chainId)) return false;
  const nonce = load<u64>(at, AUTH_NONCE);
  if (nonce == u64.MAX_VALUE) return false;
  if (!(load<u32>(at, AUTH_FLAGS) & 1)) return false;
  addressFromBytes(workA(), at + AUTH_AUTHORITY);
  const authority = txAccount(workA());
  authority.flags |= ACCOUNT_WARM;
  observeCode(authority);
  if (authority.code != 0 && !(changetype<Code>(authority.code).flags & CODE_DELEGATION)) return false;
  observeNonce(authority);
  if (authority.nonce != nonce) return false;
  const makesNoCode = authority.code != 0 || isNowhere(at + AUTH_ADDRESS);
  if (makesNoCode && block.fork >= AMSTERDAM) work.returnedStateGas += STATE_GAS_DELEGATION;
  const wasThere = !isEmpty(authority) || accountExists(authority);
  delegate(authority, at + AUTH_ADDRESS);
  setNonce(authority, nonce + 1);
  return wasThere;
}

/** Points the account's code at `address` (20 bytes); the zero address clears it. */
function delegate(authority: TxAccount, address: usize): void {
  if (isNowhere(address)) {
    setCode(authority, 0);
    return;
  }
  const bytes = workA();
  store<u32>(bytes, 0x0001ef);
  memory.copy(bytes + 3, address, 20);
  deployCode(authority, bytes, DELEGATION_LENGTH);
}

/** Whether the 20 bytes are the zero address. */
function isNowhere(address: usize): bool {
  return (load<u64>(address) | load<u64>(address, 8) | (load<u32>(address, 16) as u64)) == 0;
}
