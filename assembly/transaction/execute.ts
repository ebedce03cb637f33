/** Executes one transaction over what lies below; its effects stay in the transaction's state. */
import { Context, context } from "../interpreter/context";
import { executeCall, executeCreate, gasLeft, gasNeeded, outputLength, outputPointer } from "../interpreter/message";
import { keccak256 } from "../crypto/keccak";
import { CODE_DELEGATION, Code } from "../code/code";
import { AMSTERDAM, BERLIN, LONDON, PRAGUE, SPURIOUS_DRAGON } from "../forks";
import { logLeftovers } from "../instructions/transfer-logs";
import {
  ENV_FLAG_STATE_GAS_APART, RESULT_BLOCK_GAS, RESULT_CREATED, RESULT_EFFECTIVE_GAS_PRICE, RESULT_FLAGS, RESULT_FLAG_CREATED,
  RESULT_FLAG_GAS_OBSERVED, RESULT_FLAG_GAS_OPAQUE, RESULT_GAS_NEEDED, RESULT_GAS_REFUNDED,
  RESULT_GAS_SPENT, RESULT_GAS_USED, RESULT_STATE_GAS, TX_FLAG_CREATE, TX_FLAG_NO_BASE_FEE, TX_FLAG_NO_NONCE_CHECK,
  TX_FLAG_RECORD, TX_FLAG_SYSTEM,
} from "../layout";
import { preimagesBegin } from "../state/preimages";
import { STATE_GAS_ACCOUNT, returnStateGas } from "../state-gas";
import { OK_STOP, isOk, isRevert } from "../status";
import { ACCOUNT_LOADED, ACCOUNT_WARM, SLOT_WARM, TxAccount, findAccount, listedAccount, listedSlot } from "../state/tx-records";
import {
  addBalance, observeCode, observeNonce, setNonce, touchAccount, txAccount, txBegin, txFault,
} from "../state/tx-state";
import { sub } from "../u256/arithmetic";
import { addressFromBytes, addressToBytes, copyWord, isZeroWord, wordFromBytes, wordToBytes } from "../u256/word";
import { applyAuthorizations } from "./authorizations";
import { clearResult, result, setOutputs } from "./result";
import { Run, enterRun } from "./run";
import { buyGas, checkSender, checkTransaction, gasPriceAt, mulBy } from "./validity";
import {
  Work, readTransaction, work, workA, workB, workCaller, workFee, workTo, workValue,
} from "./work";

/** Reads the transaction's record and clears the state of the one before. */
export function beginTransaction(run: Run, tx: usize, flags: u32): void {
  const block: Context = context;
  clearResult();
  enterRun(changetype<usize>(run));
  readTransaction(tx, flags);
  const self: Work = work;
  block.originLo = self.callerLo;
  block.originMid = self.callerMid;
  block.originHi = self.callerHi;
  block.blobHashes = self.blobHashes;
  block.blobHashCount = self.blobCount;
  if (self.flags & TX_FLAG_NO_BASE_FEE) {
    memory.fill(changetype<usize>(context) + offsetof<Context>("baseFee"), 0, 32);
  }
  txBegin();
  preimagesBegin((self.flags & TX_FLAG_RECORD) != 0);
}

/**
 * Executes the transaction that `beginTransaction` read. Returns the status; the result is filled
 * in, except what only a commit decides. An invalid transaction leaves effects nowhere to be used.
 * `assumeNonce`: see `checkSender`.
 */
export function executeTransaction(run: Run, assumeNonce: bool): u32 {
  const self: Work = work;
  let status = self.flags & TX_FLAG_SYSTEM ? executeSystem() : executeOrdinary(run, assumeNonce);
  if (txFault != 0) status = txFault;
  store<u32>(result, status);
  return status;
}

function executeOrdinary(run: Run, assumeNonce: bool): u32 {
  const self: Work = work;
  const fork = context.fork;
  let status = checkTransaction(run);
  if (status != OK_STOP) return status;
  const sender = txAccount(workCaller());
  status = checkSender(sender, assumeNonce);
  if (status != OK_STOP || txFault != 0) return status;
  if (self.flags & TX_FLAG_NO_NONCE_CHECK) observeNonce(sender);
  wordToBytes(result + RESULT_EFFECTIVE_GAS_PRICE, gasPriceAt());
  buyGas(sender);
  const nonce = sender.nonce;
  if (nonce != u64.MAX_VALUE) setNonce(sender, nonce + 1);
  if (fork >= BERLIN) {
    sender.flags |= ACCOUNT_WARM;
    warmAccessList();
  }
  if (fork >= PRAGUE && self.authorizationCount != 0) applyAuthorizations();
  const gas = fork >= AMSTERDAM ? divideGas(run) : self.gasLimit - self.intrinsicGas;
  status = self.flags & TX_FLAG_CREATE ? create(sender, nonce, gas) : call(gas);
  settle(sender, status, fork);
  return status;
}

/** EIP-8037: what is above the cap of EIP-7825 pays for new state alone. Returns the rest of the gas. */
function divideGas(run: Run): u64 {
  const self: Work = work;
  const regular = self.intrinsicGas - self.intrinsicStateGas;
  let gas = (run.txGasCap == 0 ? self.gasLimit : min<u64>(self.gasLimit, run.txGasCap)) - regular;
  let kept = self.gasLimit - regular - gas;
  // How much gas a run needs is known when there is one kind of it.
  if (kept != 0) context.resultFlags |= RESULT_FLAG_GAS_OBSERVED | RESULT_FLAG_GAS_OPAQUE;
  if (kept >= self.intrinsicStateGas) {
    kept -= self.intrinsicStateGas;
  } else {
    gas -= self.intrinsicStateGas - kept;
    kept = 0;
  }
  context.reservoir = kept + self.returnedStateGas;
  return gas;
}

/** A call by the system (EIP-4788 and the like): nothing is paid for and no nonce moves. */
function executeSystem(): u32 {
  const status = call(work.gasLimit);
  const left = isOk(status) || isRevert(status) ? gasLeft() : 0;
  store<u64>(result, work.gasLimit - left, RESULT_GAS_USED);
  store<u64>(result, work.gasLimit - left, RESULT_GAS_SPENT);
  setOutputs(status, outputPointer(), outputLength());
  store<u32>(result, context.resultFlags, RESULT_FLAGS);
  return status;
}

/** EIP-2930; EIP-3651 and the precompiles are warm by themselves. */
function warmAccessList(): void {
  const self: Work = work;
  let at = self.accessList as usize;
  for (let i: u32 = 0; i < self.accessListCount; i++) {
    addressFromBytes(workA(), at);
    const account = listedAccount(workA());
    account.flags |= ACCOUNT_WARM;
    const keys = load<u32>(at, 20);
    at += 24;
    for (let k: u32 = 0; k < keys; k++) {
      wordFromBytes(workA(), at);
      listedSlot(account, workA()).flags |= SLOT_WARM;
      at += 32;
    }
  }
}

function call(gas: u64): u32 {
  const self: Work = work;
  const target = txAccount(workTo());
  target.flags |= ACCOUNT_WARM;
  observeCode(target);
  // EIP-7702: the code that the target delegates to is warm from the start.
  const code = changetype<Code>(target.code);
  if (target.code != 0 && code.flags & CODE_DELEGATION) {
    addressFromBytes(workA(), (code.bytes as usize) + 3);
    listedAccount(workA()).flags |= ACCOUNT_WARM;
  }
  return executeCall(workCaller(), target, workValue(), self.data, self.dataLength, gas);
}

function create(sender: TxAccount, nonce: u64, gas: u64): u32 {
  const self: Work = work;
  createAddress(workA(), workCaller(), nonce);
  const created = txAccount(workA());
  created.flags |= ACCOUNT_WARM;
  const status = executeCreate(sender, created, workValue(), self.data, self.dataLength, gas);
  if (isOk(status)) {
    addressToBytes(result + RESULT_CREATED, changetype<usize>(created));
    context.resultFlags |= RESULT_FLAG_CREATED;
  } else if (context.fork >= AMSTERDAM) {
    returnStateGas(STATE_GAS_ACCOUNT);
  }
  return status;
}

/** Address of the contract that `creator` (core order) makes with `nonce`: keccak256(rlp([creator, nonce])). */
export function createAddress(out: usize, creator: usize, nonce: u64): void {
  const at = workB();
  store<u8>(at, 0x94, 1);
  addressToBytes(at + 2, creator);
  let length: u32 = 22;
  if (nonce < 0x80) {
    store<u8>(at, nonce == 0 ? 0x80 : (nonce as u8), 22);
    length++;
  } else {
    const bytes: u32 = 8 - ((clz<u64>(nonce) >> 3) as u32);
    store<u8>(at, (0x80 + bytes) as u8, 22);
    for (let i: u32 = 0; i < bytes; i++) store<u8>(at + 23 + i, (nonce >> (((bytes - 1 - i) as u64) << 3)) as u8);
    length += 1 + bytes;
  }
  store<u8>(at, (0xc0 + length - 1) as u8);
  keccak256(at, length, at);
  addressFromBytes(out, at + 12);
}

/** Refunds, what is given back to the sender and what the fee recipient gets. */
function settle(sender: TxAccount, status: u32, fork: u32): void {
  const self: Work = work;
  const block: Context = context;
  const left = isOk(status) || isRevert(status) ? gasLeft() : 0;
  // (Before Amsterdam there is no reservoir.)
  let spent = self.gasLimit - left - block.reservoir;
  const taken = max<u64>(spent, self.floorGas);
  let refund = self.authorizationRefund;
  if (isOk(status) && block.refund > 0) refund += block.refund as u64;
  // EIP-3529
  let refunded = min<u64>(refund, spent / (fork >= LONDON ? 5 : 2));
  if (spent - refunded < self.floorGas) {
    spent = self.floorGas;
    refunded = 0;
  }
  const used = spent - refunded;
  store<u64>(result, used, RESULT_GAS_USED);
  store<u64>(result, fork >= AMSTERDAM ? taken : used, RESULT_BLOCK_GAS);
  if (fork >= AMSTERDAM) storeStateGas(taken);
  store<u64>(result, refunded, RESULT_GAS_REFUNDED);
  store<u64>(result, spent, RESULT_GAS_SPENT);
  store<u64>(result, max<u64>(self.intrinsicGas + gasNeeded(), self.floorGas), RESULT_GAS_NEEDED);
  store<u32>(result, block.resultFlags, RESULT_FLAGS);

  mulBy(workA(), gasPriceAt(), self.gasLimit - used);
  addBalance(sender, workA());
  payFee(used, fork);
  if (fork >= AMSTERDAM) logLeftovers();
  setOutputs(status, outputPointer(), outputLength());
}

/** What new state took of the block; `taken`: what everything took. */
function storeStateGas(taken: u64): void {
  const self: Work = work;
  const net = (self.intrinsicStateGas as i64) - (self.returnedStateGas as i64) + context.stateGas;
  const state: u64 = net > 0 ? net : 0;
  store<u64>(result, state, RESULT_STATE_GAS);
  if (context.environmentFlags & ENV_FLAG_STATE_GAS_APART) {
    store<u64>(result, max<u64>(taken > state ? taken - state : 0, self.floorGas), RESULT_BLOCK_GAS);
  }
}

/** EIP-1559: the base fee is burned. The recipient's account is not looked at for this, unless
 *  the fee is nothing. */
function payFee(used: u64, fork: u32): void {
  const self: Work = work;
  const at = changetype<usize>(context);
  if (fork >= LONDON) {
    sub(workA(), gasPriceAt(), at + offsetof<Context>("baseFee"));
    mulBy(workFee(), workA(), used);
  } else {
    mulBy(workFee(), gasPriceAt(), used);
  }
  // EIP-161: a fee of nothing is a touch, whose effect hangs on what the account is.
  if (fork >= SPURIOUS_DRAGON && isZeroWord(workFee())) {
    touchAccount(txAccount(at + offsetof<Context>("coinbaseLo")));
    return;
  }
  const known = findAccount(at + offsetof<Context>("coinbaseLo"));
  if (changetype<usize>(known) != 0 && known.flags & ACCOUNT_LOADED) {
    copyWord(workA(), workFee());
    addBalance(known, workA());
    return;
  }
  self.feeOwed = 1;
}
