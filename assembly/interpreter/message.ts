/**
 * Messages: how calls and creates begin (yellow paper, sections 7 and 8). The transaction rules
 * start the top one with `executeCall` or `executeCreate`; the opcodes start the others with
 * `beginCall` and `beginCreate`. Words and addresses are in core order.
 */
import { CODE_DELEGATION, Code } from "../code/code";
import { TRACE } from "../config";
import { AMSTERDAM, SPURIOUS_DRAGON } from "../forks";
import { traceEnter, traceExit } from "../host";
import { logTransfer } from "../instructions/transfer-logs";
import { ENV_FLAG_NO_EIP7610 } from "../layout";
import { precompileGasLeft, precompileId, runPrecompile } from "../precompiles/run";
import {
  HALT_CREATE_COLLISION, OK_STOP, REVERT_CALL_TOO_DEEP, REVERT_OUT_OF_FUNDS, isHalt, isOk,
} from "../status";
import {
  TxAccount, addBalance, addConsole, checkpoint, hasBalance, hasStorage, markCreated, observeCode, observeNonce,
  revertTo, setNonce, subBalance, touchAccount, txAccount, txFault, warmAccount,
} from "../state/tx-state";
import { addressFromBytes, isZeroWord } from "../u256/word";
import { areaReset, returnData, returnDataLength, scratchWords, setReturnDataLength } from "./area";
import { context } from "./context";
import { Frame, KIND_CALL, KIND_CREATE, KIND_DELEGATECALL, MAX_DEPTH, current } from "./frame";
import { meetHot } from "./compiled";
import { interpret } from "./loop";
import { openFrame, runCode, runInitcode, setGas } from "./open";
import {
  gasLeft as rootGasLeft, gasNeeded as rootGasNeeded, outputLength as rootOutputLength,
  outputPointer as rootOutputPointer, rootEnded, rootStatus,
} from "./settle";

/** `beginCall` and `beginCreate`: a frame is open; anything else is how the message ended at once. */
export const RUNNING: u32 = 0xff;

/** What a message that ended at once left of its gas. */
export let endedGas: u64 = 0;

/** Whether the account's code is a delegation (EIP-7702). */
// @ts-ignore: decorator
@inline
export function isDelegated(account: TxAccount): bool {
  return account.code != 0 && (changetype<Code>(account.code as usize).flags & CODE_DELEGATION) != 0;
}

/** The account that a delegated account points to. */
export function delegateOf(account: TxAccount): TxAccount {
  // 0xef0100, then the address.
  addressFromBytes(scratchWords, (changetype<Code>(account.code as usize).bytes as usize) + 3);
  return txAccount(scratchWords);
}

/**
 * Runs the call of a transaction. `caller` is an address, `value` a word. The code that a delegated
 * target points to becomes warm (EIP-7702). Returns the status; the rest is in settle.ts.
 */
export function executeCall(
  caller: usize, target: TxAccount, value: usize, input: usize, inputLength: u32, gas: u64,
): u32 {
  areaReset();
  observeCode(target);
  let code = target.code;
  if (isDelegated(target)) {
    const delegate = delegateOf(target);
    if (txFault) return txFault;
    warmAccount(delegate);
    observeCode(delegate);
    code = delegate.code;
  }
  const none = changetype<Frame>(0);
  const address = changetype<usize>(target);
  const status = beginCall(
    KIND_CALL, none, caller, target, address, code, value, input, inputLength, gas, gas, 0, 0, 0,
  );
  return finish(status, gas);
}

/** After `executeCall` and `executeCreate`. */
export function gasLeft(): u64 {
  return rootGasLeft;
}

/** The least gas that would have given the same result, unless RESULT_FLAG_GAS_OPAQUE is set. */
export function gasNeeded(): u64 {
  return rootGasNeeded;
}

/** The output, valid until the next execution; of a create that succeeded, the code. */
export function outputPointer(): usize {
  return rootOutputPointer;
}

export function outputLength(): u32 {
  return rootOutputLength;
}

/** Runs the initcode of a transaction. The creator's nonce and the address are the caller's business. */
export function executeCreate(
  creator: TxAccount, created: TxAccount, value: usize, initcode: usize, initcodeLength: u32, gas: u64,
): u32 {
  areaReset();
  const none = changetype<Frame>(0);
  const status = beginCreate(KIND_CREATE, none, creator, created, value, initcode, initcodeLength, gas);
  return finish(status, gas);
}

function finish(status: u32, gas: u64): u32 {
  if (status == RUNNING) while (interpret()) meetHot(current);
  else {
    // A precompile, or no code at all: no frame was opened.
    const left: u64 = isHalt(status) ? 0 : endedGas;
    rootEnded(status, left, gas - left, returnData, returnDataLength);
  }
  return txFault ? txFault : rootStatus;
}

// @ts-ignore: decorator
@inline
function ended(status: u32, gas: u64): u32 {
  if (TRACE) traceExit(status, returnData, returnDataLength, isHalt(status) ? 0 : gas);
  endedGas = gas;
  return txFault ? txFault : status;
}

/** The address that Hardhat's console.sol calls: 0x000000000000000000636F6e736F6c652e6c6f67. */
// @ts-ignore: decorator
@inline
function isConsole(address: usize): bool {
  return load<u64>(address) == 0x736f6c652e6c6f67 && load<u64>(address, 8) == 0x636f6e && load<u32>(address, 16) == 0;
}

/** Moves `value`; REVERT_OUT_OF_FUNDS when `from` has less. A call of no value touches its target (EIP-161). */
function transfer(from: TxAccount, to: TxAccount, value: usize): u32 {
  if (isZeroWord(value)) {
    if (from != to) touchAccount(to);
    return OK_STOP;
  }
  if (from == to) return hasBalance(from, value) ? OK_STOP : REVERT_OUT_OF_FUNDS;
  if (!subBalance(from, value)) return REVERT_OUT_OF_FUNDS;
  addBalance(to, value);
  if (context.fork >= AMSTERDAM) logTransfer(changetype<usize>(from), changetype<usize>(to), value);
  return OK_STOP;
}

/**
 * Begins a call. `target` is the account that the code runs on, `codeAddress` the address called and
 * `code` a `Code` or 0. `taken` is what of `gas` the caller paid. Returns RUNNING or a status.
 */
export function beginCall(
  kind: u32, caller: Frame, sender: usize, target: TxAccount, codeAddress: usize, code: u32, value: usize,
  input: usize, inputLength: u32, gas: u64, taken: u64, isStatic: u32, outputOffset: u32, outputLength: u32,
): u32 {
  const top = changetype<usize>(caller) == 0;
  const depth: u32 = top ? 0 : caller.depth + 1;
  setReturnDataLength(0);
  if (TRACE) {
    const callerGas: u64 = top ? 0 : caller.gas;
    traceEnter(
      kind, sender, changetype<usize>(target), codeAddress, value, input, inputLength, gas, depth, callerGas,
    );
  }
  if (isConsole(codeAddress)) addConsole(input, inputLength);
  if (depth > MAX_DEPTH) return ended(REVERT_CALL_TOO_DEEP, gas);
  const position = checkpoint();
  if (kind != KIND_DELEGATECALL) {
    const from = top ? txAccount(sender) : changetype<TxAccount>(caller.account as usize);
    const status = transfer(from, target, value);
    if (status != OK_STOP) return ended(status, gas);
  }
  const id = precompileId(codeAddress, context.fork);
  if (id != 0) {
    const status = runPrecompile(id, input, inputLength, gas, context.fork);
    if (!isOk(status)) revertTo(position);
    return ended(status, precompileGasLeft);
  }
  if (code == 0 || changetype<Code>(code as usize).length == 0) return ended(OK_STOP, gas);

  const frame = openFrame(depth, caller, kind, sender, changetype<usize>(target), value);
  if (changetype<usize>(frame) == 0) return txFault;
  setGas(frame, gas, taken);
  frame.input = input as u32;
  frame.inputLength = inputLength;
  frame.isStatic = isStatic;
  frame.checkpoint = position;
  frame.outputOffset = outputOffset;
  frame.outputLength = outputLength;
  runCode(frame, changetype<Code>(code as usize));
  return txFault ? txFault : RUNNING;
}

/** Begins a create at an account that is warm already. Returns RUNNING or a status. */
export function beginCreate(
  kind: u32, caller: Frame, creator: TxAccount, created: TxAccount, value: usize, initcode: usize, length: u32,
  gas: u64,
): u32 {
  const top = changetype<usize>(caller) == 0;
  const depth: u32 = top ? 0 : caller.depth + 1;
  const sender = changetype<usize>(creator);
  const address = changetype<usize>(created);
  setReturnDataLength(0);
  if (TRACE) {
    const callerGas: u64 = top ? 0 : caller.gas;
    traceEnter(kind, sender, address, address, value, initcode, length, gas, depth, callerGas);
  }
  const position = checkpoint();
  observeNonce(created);
  observeCode(created);
  // EIP-684, EIP-7610
  if (created.nonce != 0 || created.code != 0) return ended(HALT_CREATE_COLLISION, gas);
  if (!(context.environmentFlags & ENV_FLAG_NO_EIP7610) && hasStorage(created)) {
    return ended(HALT_CREATE_COLLISION, gas);
  }
  markCreated(created);
  if (context.fork >= SPURIOUS_DRAGON) setNonce(created, 1);
  touchAccount(created);
  if (!isZeroWord(value)) {
    if (!subBalance(creator, value)) {
      revertTo(position);
      return ended(REVERT_OUT_OF_FUNDS, gas);
    }
    addBalance(created, value);
    if (context.fork >= AMSTERDAM) logTransfer(sender, address, value);
  }
  const frame = openFrame(depth, caller, kind, sender, address, value);
  if (changetype<usize>(frame) == 0) return txFault;
  setGas(frame, gas, gas);
  frame.input = 0;
  frame.inputLength = 0;
  frame.isStatic = 0;
  frame.checkpoint = position;
  frame.outputOffset = 0;
  frame.outputLength = 0;
  return runInitcode(frame, initcode, length) && !txFault ? RUNNING : txFault;
}
