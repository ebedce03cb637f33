/**
 * The state as the executing transaction sees it: a thread's own table of the accounts and slots
 * it has touched, over "what lies below" (multi-version memory of the run, then the chain's base
 * state at the run's epoch). Nothing below is written until the transaction ends; so the same
 * interpreter serves direct, overlay and speculative execution, and the table is the access set.
 *
 * Every change goes through the frame journal: `checkpoint` and `revertTo` serve call frames.
 * What a transaction *observes* of the state below must be told (`observeBalance` …, `isEmpty`,
 * `accountExists`): only that is validated when transactions run in parallel. Spending
 * (`subBalance`) and receiving (`addBalance`) observe no more than they have to by themselves.
 * Words and addresses are in core order (u256/word.ts).
 */
import { codeInit, codeSize } from "../code/store";
import { journalInit, journalReset, setCode } from "./tx-journal";
import { logsInit, logsReset } from "./tx-logs";
import {
  clearTxFault, recordAlloc, recordsInit, recordsReset, setTxFault, txAlloc, txFault, txFree, txMemoryInit,
} from "./tx-memory";
import { readSetInit } from "../parallel/read-set";
import { resolveInit } from "../parallel/resolve";
import { directInit } from "../transaction/direct";
import { resultInit } from "../transaction/result";
import { workInit } from "../transaction/work";
import { accessInit } from "./access-set";
import { preimagesInit } from "./preimages";
import { TxAccount, recordTablesInit, recordTablesReset } from "./tx-records";
import { transientInit, transientReset } from "./tx-transient";
import { ENGINE_OUT_OF_MEMORY } from "../status";

export { clearTxFault, setTxFault, txFault } from "./tx-memory";
export {
  ACCOUNT_CREATED, ACCOUNT_DESTRUCTED, ACCOUNT_EXISTS, ACCOUNT_TOUCHED, ACCOUNT_WARM, SLOT_WARM, TxAccount, TxSlot,
  txAccount, txSlot, txSlotForWrite,
} from "./tx-records";
export { accountExists, isEmpty, observeBalance, observeCode, observeNonce } from "./tx-observations";
export { hasStorage } from "./tx-below";
export { addConsole, addLog } from "./tx-logs";
export {
  addBalance, checkpoint, hasBalance, loadTransient, markCreated, markDestructed, revertTo, setCode, setNonce, setSlot,
  storeTransient, subBalance, touchAccount, warmAccount, warmSlot,
} from "./tx-journal";

/** Once per thread. False: out of memory. */
export function txStateInit(): bool {
  return txMemoryInit() && recordsInit() && recordTablesInit() && transientInit() && journalInit() && logsInit() && accessInit() &&
    preimagesInit() && resolveInit() && readSetInit() && workInit() && resultInit() && directInit();
}

/** Forgets the transaction before. The context's fork and coinbase must be set. */
export function txBegin(): void {
  clearTxFault();
  recordsReset();
  freeBigCodes();
  recordTablesReset();
  transientReset();
  journalReset();
  logsReset();
}

/** Codes too big for a segment of records: blocks of their own, freed by the next transaction.
 *  Each begins with u32 next, u32 size. */
let bigCodes: usize = 0;

function freeBigCodes(): void {
  while (bigCodes != 0) {
    const next = load<u32>(bigCodes) as usize;
    txFree(bigCodes, load<u32>(bigCodes, 4));
    bigCodes = next;
  }
}

const RECORD_LIMIT: u32 = 8192;

/** Makes a `Code` of the bytes (which are copied and hashed) and sets it. */
export function deployCode(account: TxAccount, bytes: usize, length: u32): void {
  if (length == 0) {
    setCode(account, 0);
    return;
  }
  const size = codeSize(length);
  let at: usize;
  if (size <= RECORD_LIMIT) {
    // Records are 8-byte aligned.
    at = (recordAlloc(size + 8) + 15) & ~15;
    if (txFault != 0) return;
  } else {
    const block = txAlloc(size + 16);
    if (block == 0) {
      setTxFault(ENGINE_OUT_OF_MEMORY);
      return;
    }
    store<u32>(block, bigCodes as u32);
    store<u32>(block, size + 16, 4);
    bigCodes = block;
    at = block + 16;
  }
  setCode(account, changetype<usize>(codeInit(at, bytes, length, 0)));
}
