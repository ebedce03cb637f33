/** CALL, CALLCODE, DELEGATECALL, STATICCALL. */
import { AMSTERDAM, BERLIN, SPURIOUS_DRAGON, TANGERINE_WHISTLE } from "../forks";
import {
  GAS_CALL_STIPEND, GAS_CALL_VALUE, GAS_COLD_ACCOUNT_EXTRA, GAS_NEW_ACCOUNT, GAS_WARM_ACCESS,
} from "../gas";
import { scratchWords } from "../interpreter/area";
import { context } from "../interpreter/context";
import {
  Frame, KIND_CALL, KIND_CALLCODE, KIND_DELEGATECALL, KIND_STATICCALL, callerOf, valueOf,
} from "../interpreter/frame";
import { FAILED, halt } from "../interpreter/halt";
import { RUNNING, beginCall, delegateOf, endedGas, isDelegated } from "../interpreter/message";
import { settleCall } from "../interpreter/settle";
import { RESULT_FLAG_GAS_OBSERVED } from "../layout";
import { STATE_GAS_ACCOUNT, payForState } from "../state-gas";
import { HALT_OUT_OF_GAS, HALT_STATIC_VIOLATION, isHalt, isRevert } from "../status";
import { ACCOUNT_WARM, TxAccount, accountExists, isEmpty, observeCode, txAccount, txFault, warmAccount } from "../state/tx-state";
import { copyWord, isZeroWord, zeroWord } from "../u256/word";
import { saturated, touchRange } from "./memory";

/** Whether CALL and SELFDESTRUCT would bring the account into being. */
export function isNewAccount(account: TxAccount, fork: u32): bool {
  return fork >= SPURIOUS_DRAGON ? isEmpty(account) : !accountExists(account);
}

/**
 * Runs a call instruction of the running frame, whose `pc` is saved: gas, address, [value,] input
 * offset and length, output offset and length at `sp`. Returns FAILED when the frame halts; else
 * a frame was opened, or the result is on the stack, and `current` says where to go on.
 */
export function call(frame: Frame, kind: u32, sp: usize, gas: u64, fork: u32): u64 {
  const hasValue = kind <= KIND_CALLCODE;
  const value = sp - 64;
  const args = hasValue ? sp - 96 : sp - 64;
  const transfers = hasValue && !isZeroWord(value);
  if (kind == KIND_CALL && transfers && frame.isStatic) return halt(HALT_STATIC_VIOLATION);

  gas = touchRange(frame, args, args - 32, gas);
  if (gas == FAILED) return gas;
  gas = touchRange(frame, args - 64, args - 96, gas);
  if (gas == FAILED) return gas;
  if (transfers) {
    if (gas < GAS_CALL_VALUE) return halt(HALT_OUT_OF_GAS);
    gas -= GAS_CALL_VALUE;
  }

  const account = txAccount(sp - 32);
  if (txFault) return halt(txFault);
  let price: u64 = 0;
  if (fork >= BERLIN && !(account.flags & ACCOUNT_WARM)) {
    price = GAS_COLD_ACCOUNT_EXTRA;
    if (gas < price) return halt(HALT_OUT_OF_GAS);
    warmAccount(account);
  }
  observeCode(account);
  let code = account.code;
  let forState: u64 = 0;
  // Whether the account is new matters only when that costs something.
  if (kind == KIND_CALL && (transfers || fork < SPURIOUS_DRAGON) && isNewAccount(account, fork)) {
    if (fork >= AMSTERDAM) forState = STATE_GAS_ACCOUNT;
    else price += GAS_NEW_ACCOUNT;
  } else if (isDelegated(account)) {
    price += GAS_WARM_ACCESS;
    if (gas < price) return halt(HALT_OUT_OF_GAS);
    const delegate = delegateOf(account);
    if (txFault) return halt(txFault);
    if (!(delegate.flags & ACCOUNT_WARM)) {
      price += GAS_COLD_ACCOUNT_EXTRA;
      if (gas < price) return halt(HALT_OUT_OF_GAS);
      warmAccount(delegate);
    }
    observeCode(delegate);
    code = delegate.code;
  }
  if (gas < price) return halt(HALT_OUT_OF_GAS);
  gas -= price;
  if (forState != 0) {
    gas = payForState(forState, gas);
    if (gas == FAILED) return gas;
  }

  let taken = saturated(sp);
  if (fork >= TANGERINE_WHISTLE) {
    const most = gas - (gas >> 6);
    if (taken > most) {
      taken = most;
      context.resultFlags |= RESULT_FLAG_GAS_OBSERVED;
    }
  } else if (taken > gas) {
    return halt(HALT_OUT_OF_GAS);
  }
  gas -= taken;
  const stipend = transfers ? GAS_CALL_STIPEND : 0;

  // Everything is read before the stack is cut: the child's begins above it.
  const input: usize = load<u32>(args - 32) == 0 ? 0 : (frame.memory as usize) + load<u32>(args);
  const inputLength = load<u32>(args - 32);
  const outputOffset = load<u32>(args - 64);
  const outputLength = load<u32>(args - 96);
  frame.gas = gas;
  frame.sp = (args - 128) as u32;

  let target = changetype<TxAccount>(frame.account as usize);
  let sender: usize = frame.account;
  let passed = scratchWords;
  if (kind == KIND_CALL) {
    target = account;
    copyWord(passed, value);
  } else if (kind == KIND_CALLCODE) {
    copyWord(passed, value);
  } else if (kind == KIND_DELEGATECALL) {
    sender = callerOf(frame);
    passed = valueOf(frame);
  } else {
    target = account;
    zeroWord(passed);
  }
  const isStatic = kind == KIND_STATICCALL ? 1 : frame.isStatic;
  const given = taken + stipend < taken ? u64.MAX_VALUE - 1 : taken + stipend;
  const status = beginCall(
    kind, frame, sender, target, changetype<usize>(account), code, passed, input, inputLength, given, taken,
    isStatic, outputOffset, outputLength,
  );
  if (txFault) return halt(txFault);
  if (status != RUNNING) {
    const spent = isRevert(status) || isHalt(status) ? 0 : given - endedGas;
    const needed = spent > stipend ? spent - stipend : 0;
    settleCall(frame, status, endedGas, taken, needed, outputOffset, outputLength);
  }
  return 0;
}
