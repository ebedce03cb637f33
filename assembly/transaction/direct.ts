/** Writes a finished transaction into the chain's current epoch (RUN_DIRECT). */
import { context, Context } from "../interpreter/context";
import { SPURIOUS_DRAGON } from "../forks";
import { Code } from "../code/code";
import { codeIntern } from "../code/store";
import {
  accountValueAt, baseAccount, copyAccountValue, stateReserve, storageSlotCount, wipeStorage, writeAccount,
  writeAccountEntry, writeSlot, writeSlotEntry, zeroValue,
} from "../state/base";
import { ACCOUNT_VALUE_SIZE, AccountValue, VALUE_EXISTS } from "../state/entries";
import { belowChain } from "../state/tx-below";
import {
  ACCOUNT_CREATED, SLOT_WRITTEN, TxAccount, TxSlot, firstAccount, firstSlot,
} from "../state/tx-records";
import { ENGINE_OUT_OF_MEMORY, OK_STOP } from "../status";
import { equalWords, isZeroWord } from "../u256/word";
import { add } from "../u256/arithmetic";
import { bufferTake } from "../memory/thread";
import { Chain } from "../state/chain";
import { ACCOUNT_CHANGED, ACCOUNT_DELETED, ACCOUNT_KEPT, accountOutcome } from "./finish";
import { work, workFee } from "./work";

/** An AccountValue of this thread, to write from. */
let scratchValue: usize = 0;

/** Once per thread. */
export function directInit(): bool {
  scratchValue = bufferTake(ACCOUNT_VALUE_SIZE);
  return scratchValue != 0;
}

/** Keeps what the transaction just executed did. Applied wholly, or (out of memory) not at all. */
export function writeDirect(): u32 {
  const chain = belowChain();
  let accounts: u32 = 1;
  let slots: u32 = 0;
  for (let at = firstAccount; at != 0; at = changetype<TxAccount>(at).next) {
    const account = changetype<TxAccount>(at);
    const outcome = accountOutcome(account);
    accounts++;
    if (outcome == ACCOUNT_CHANGED && account.code != account.code0 && account.code != 0) {
      const code = changetype<Code>(account.code);
      const known = codeIntern(chain, code.bytes, code.length, account.code);
      if (known == 0) return ENGINE_OUT_OF_MEMORY;
      account.code = known as u32;
    }
    if (account.base != 0 && (outcome == ACCOUNT_DELETED || account.flags & ACCOUNT_CREATED)) {
      slots += storageSlotCount(account.base);
    }
  }
  for (let at = firstSlot; at != 0; at = changetype<TxSlot>(at).next) slots++;
  if (!stateReserve(chain, accounts, slots)) return ENGINE_OUT_OF_MEMORY;
  for (let at = firstAccount; at != 0; at = changetype<TxAccount>(at).next) writeOutcome(chain, changetype<TxAccount>(at));
  for (let at = firstSlot; at != 0; at = changetype<TxSlot>(at).next) writeTxSlot(chain, changetype<TxSlot>(at));
  if (work.feeOwed) {
    creditBase(chain, changetype<usize>(context) + offsetof<Context>("coinbaseLo"), workFee(), context.fork);
  }
  return OK_STOP;
}

function writeOutcome(chain: usize, account: TxAccount): void {
  const outcome = accountOutcome(account);
  if (outcome == ACCOUNT_KEPT) return;
  if (outcome == ACCOUNT_DELETED) {
    if (account.base == 0) return;
    writeAccountEntry(chain, account.base, zeroValue());
    wipeStorage(chain, account.base);
    return;
  }
  const value = changetype<AccountValue>(scratchValue);
  value.nonce = account.nonce;
  value.balance = account.balance;
  value.balance1 = account.balance1;
  value.balance2 = account.balance2;
  value.balance3 = account.balance3;
  value.code = account.code;
  value.flags = VALUE_EXISTS;
  if (account.base == 0) account.base = writeAccount(chain, changetype<usize>(account), scratchValue) as u32;
  else writeAccountEntry(chain, account.base, scratchValue);
  if (account.flags & ACCOUNT_CREATED) wipeStorage(chain, account.base);
}

function writeTxSlot(chain: usize, slot: TxSlot): void {
  if (!(slot.flags & SLOT_WRITTEN)) return;
  const at = changetype<usize>(slot);
  if (equalWords(at + offsetof<TxSlot>("value"), at + offsetof<TxSlot>("original"))) return;
  const account = changetype<TxAccount>(slot.account);
  if (accountOutcome(account) == ACCOUNT_DELETED) return;
  if (slot.base != 0) writeSlotEntry(chain, slot.base, at + offsetof<TxSlot>("value"));
  else if (account.base != 0) writeSlot(chain, account.base, at, at + offsetof<TxSlot>("value"));
}

/** Adds the word at `value` to the balance of `address` (core order), by the rules of a touch. False: out of memory. */
export function creditBase(chain: usize, address: usize, value: usize, fork: u32): bool {
  const entry = baseAccount(chain, address);
  const account = changetype<AccountValue>(scratchValue);
  copyAccountValue(scratchValue, entry == 0 ? zeroValue() : accountValueAt(entry, changetype<Chain>(chain).epoch));
  const balance = scratchValue + offsetof<AccountValue>("balance");
  add(balance, balance, value);
  const empty = account.nonce == 0 && account.code == 0 && isZeroWord(balance);
  account.flags = empty && fork >= SPURIOUS_DRAGON ? 0 : VALUE_EXISTS;
  if (entry != 0) return writeAccountEntry(chain, entry, scratchValue);
  return account.flags == 0 || writeAccount(chain, address, scratchValue) != 0;
}
