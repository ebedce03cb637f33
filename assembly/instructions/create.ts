/** CREATE and CREATE2, the addresses they give, and SELFDESTRUCT. */
import { TRACE } from "../config";
import { keccak256 } from "../crypto/keccak";
import { AMSTERDAM, BERLIN, CANCUN, LONDON, SHANGHAI, SPURIOUS_DRAGON, TANGERINE_WHISTLE } from "../forks";
import {
  GAS_COLD_ACCOUNT, GAS_INITCODE_WORD, GAS_KECCAK_WORD, GAS_NEW_ACCOUNT, REFUND_SELFDESTRUCT, createGas, words,
} from "../gas";
import { traceEnter, traceExit } from "../host";
import { scratchWords, setReturnDataLength } from "../interpreter/area";
import { context } from "../interpreter/context";
import { Frame, KIND_CREATE2, MAX_DEPTH } from "../interpreter/frame";
import { FAILED, halt } from "../interpreter/halt";
import { RUNNING, beginCreate, endedGas } from "../interpreter/message";
import { settleCreate } from "../interpreter/settle";
import { RESULT_FLAG_GAS_OBSERVED } from "../layout";
import { STATE_GAS_ACCOUNT, payForState } from "../state-gas";
import {
  HALT_INITCODE_SIZE_LIMIT, HALT_INVALID_OPERAND_OUT_OF_GAS, HALT_OUT_OF_GAS,
  REVERT_CALL_TOO_DEEP, REVERT_NONCE_OVERFLOW, REVERT_OUT_OF_FUNDS,
} from "../status";
import {
  ACCOUNT_CREATED, ACCOUNT_WARM, TxAccount, addBalance, hasBalance, markDestructed, observeBalance, observeNonce, setNonce,
  subBalance, txAccount, txFault, warmAccount,
} from "../state/tx-state";
import { addressFromBytes, addressToBytes, copyWord, isZeroWord, wordToBytes } from "../u256/word";
import { isNewAccount } from "./call";
import { balanceOf } from "./environment";
import { isHuge, touchMemory } from "./memory";
import { logBurn, logTransfer } from "./transfer-logs";

/** Address that a create of `sender` (an address) at `nonce` gives: keccak256(rlp([sender, nonce]))[12..]. */
export function computeCreateAddress(sender: usize, nonce: u64, out: usize): void {
  const buffer = scratchWords + 64;
  store<u8>(buffer, 0x94, 1);
  addressToBytes(buffer + 2, sender);
  let at = buffer + 22;
  if (nonce < 0x80) {
    store<u8>(at++, nonce == 0 ? 0x80 : (nonce as u8));
  } else {
    const bytes = 8 - ((clz(nonce) as u32) >> 3);
    store<u8>(at++, 0x80 + bytes);
    for (let i: u32 = bytes; i > 0; i--) store<u8>(at++, (nonce >> (((i - 1) * 8) as u64)) as u8);
  }
  store<u8>(buffer, 0xc0 + (at - buffer - 1));
  keccak256(buffer, (at - buffer) as u32, buffer);
  addressFromBytes(out, buffer + 12);
}

/** EIP-1014: keccak256(0xff ++ sender ++ salt ++ keccak256(initcode))[12..]; `salt` is a word. */
export function computeCreate2Address(sender: usize, salt: usize, initcode: usize, length: u32, out: usize): void {
  const buffer = scratchWords + 64;
  store<u8>(buffer, 0xff);
  addressToBytes(buffer + 1, sender);
  wordToBytes(buffer + 21, salt);
  keccak256(initcode, length, buffer + 53);
  keccak256(buffer, 85, buffer);
  addressFromBytes(out, buffer + 12);
}

/**
 * Runs CREATE or CREATE2 of the running frame, whose `pc` is saved: value, offset, length [, salt] at
 * `sp`. Returns as `call` does.
 */
export function create(frame: Frame, kind: u32, sp: usize, gas: u64, fork: u32): u64 {
  const size = sp - 64;
  if (isHuge(size)) return halt(HALT_INVALID_OPERAND_OUT_OF_GAS);
  const length = load<u64>(size);
  if (length != 0) {
    if (fork >= SHANGHAI) {
      // EIP-3860
      if (length > (context.maxInitcodeSize as u64)) return halt(HALT_INITCODE_SIZE_LIMIT);
      const price = GAS_INITCODE_WORD * words(length);
      if (gas < price) return halt(HALT_OUT_OF_GAS);
      gas -= price;
    }
    gas = touchMemory(frame, sp - 32, length, gas);
    if (gas == FAILED) return gas;
  }
  const price = createGas(fork) + (kind == KIND_CREATE2 ? GAS_KECCAK_WORD * words(length) : 0);
  if (gas < price) return halt(HALT_OUT_OF_GAS);
  gas -= price;
  if (fork >= AMSTERDAM) {
    gas = payForState(STATE_GAS_ACCOUNT, gas);
    if (gas == FAILED) return gas;
  }
  let taken = gas;
  if (fork >= TANGERINE_WHISTLE) {
    taken = gas - (gas >> 6);
    context.resultFlags |= RESULT_FLAG_GAS_OBSERVED;
  }

  const initcode: usize = length == 0 ? 0 : (frame.memory as usize) + load<u32>(sp - 32);
  frame.gas = gas - taken;
  frame.sp = (kind == KIND_CREATE2 ? sp - 128 : sp - 96) as u32;
  const value = scratchWords;
  copyWord(value, sp);
  const creator = changetype<TxAccount>(frame.account as usize);
  setReturnDataLength(0);
  let refused: u32 = 0;
  if (frame.depth >= MAX_DEPTH) refused = REVERT_CALL_TOO_DEEP;
  else if (!hasBalance(creator, value)) refused = REVERT_OUT_OF_FUNDS;
  else {
    observeNonce(creator);
    if (creator.nonce == u64.MAX_VALUE) refused = REVERT_NONCE_OVERFLOW;
  }
  if (refused != 0) {
    if (TRACE) {
      const sender = changetype<usize>(creator);
      traceEnter(kind, sender, sender, sender, value, initcode, length as u32, taken, frame.depth + 1, frame.gas);
      traceExit(refused, 0, 0, taken);
    }
    settleCreate(frame, refused, taken, taken, 0, 0);
    return 0;
  }

  // The nonce stays bumped when the create fails.
  const nonce = creator.nonce;
  setNonce(creator, nonce + 1);
  const address = scratchWords + 32;
  if (kind == KIND_CREATE2) {
    computeCreate2Address(changetype<usize>(creator), sp - 96, initcode, length as u32, address);
  } else {
    computeCreateAddress(changetype<usize>(creator), nonce, address);
  }
  const created = txAccount(address);
  if (txFault) return halt(txFault);
  if (fork >= BERLIN) warmAccount(created);
  const status = beginCreate(kind, frame, creator, created, value, initcode, length as u32, taken);
  if (txFault) return halt(txFault);
  if (status != RUNNING) settleCreate(frame, status, endedGas, taken, 0, 0);
  return 0;
}

/** The heir's address at `sp`. Returns the gas left; the frame ends. */
export function selfDestruct(frame: Frame, sp: usize, gas: u64, fork: u32): u64 {
  const account = changetype<TxAccount>(frame.account as usize);
  const heir = txAccount(sp);
  if (txFault) return halt(txFault);
  let price: u64 = 0;
  if (fork >= BERLIN && !(heir.flags & ACCOUNT_WARM)) {
    price = GAS_COLD_ACCOUNT;
    if (gas < price) return halt(HALT_OUT_OF_GAS);
    warmAccount(heir);
  }
  observeBalance(account);
  const balance = scratchWords;
  copyWord(balance, balanceOf(account));
  const counts = fork >= SPURIOUS_DRAGON ? !isZeroWord(balance) : fork >= TANGERINE_WHISTLE;
  const makes = counts && isNewAccount(heir, fork);
  if (makes && fork < AMSTERDAM) price += GAS_NEW_ACCOUNT;
  if (gas < price) return halt(HALT_OUT_OF_GAS);
  gas -= price;
  if (makes && fork >= AMSTERDAM) {
    gas = payForState(STATE_GAS_ACCOUNT, gas);
    if (gas == FAILED) return gas;
  }

  // EIP-6780: from Cancun on, only an account that this transaction created goes away.
  const goes = fork < CANCUN || (account.flags & ACCOUNT_CREATED) != 0;
  // What an account that goes leaves to itself is burnt.
  if (heir != account) {
    addBalance(heir, balance);
    subBalance(account, balance);
    if (fork >= AMSTERDAM) logTransfer(changetype<usize>(account), changetype<usize>(heir), balance);
  } else if (goes) {
    subBalance(account, balance);
    if (fork >= AMSTERDAM) logBurn(changetype<usize>(account), balance);
  }
  if (goes && markDestructed(account) && fork < LONDON) context.refund += REFUND_SELFDESTRUCT;
  return txFault ? halt(txFault) : gas;
}
