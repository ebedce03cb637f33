/** A failed execution in the words of the network's log (its errors are worded elsewhere). */
import type { ExecutionResult } from "../chain/types.js";

import { isInvalidOpcode, isOutOfGas, isRevert } from "./failure.js";
import { toHex } from "./format/quantity.js";
import { decodeRevert, panicReason } from "./return-data.js";

const VM_EXCEPTION = "VM Exception while processing transaction: ";
const CODE_SIZE_LIMIT = 0x30;

/** Halts as EDR names them; by code of assembly/status.ts. */
const HALT_NAMES: ReadonlyMap<number, string> = new Map([
  [0x2a, "InvalidJump"],
  [0x2b, "StackUnderflow"],
  [0x2c, "StackOverflow"],
  [0x2d, "StateChangeDuringStaticCall"],
  [0x2e, "OutOfOffset"],
  [0x2f, "CreateCollision"],
  [0x31, "CreateContractStartingWithEF"],
  [0x32, "CreateInitCodeSizeLimit"],
  [0x33, "PrecompileError"],
]);

export function failureText(
  result: ExecutionResult,
  isInternalOutOfGas = false,
): string {
  if (isInternalOutOfGas) {
    return "TransactionExecutionError: Transaction's internal call ran out of gas";
  }
  return isRevert(result)
    ? `Error: ${revertText(result.output)}`
    : `TransactionExecutionError: ${haltText(result)}`;
}

/** The message of an error without a stack trace. */
export function failureMessage(result: ExecutionResult): string {
  return isRevert(result) ? revertText(result.output) : haltText(result);
}

/** `data.reason` of an error without a stack trace. */
export function failureReason(result: ExecutionResult): unknown {
  if (isRevert(result)) {
    return { Revert: toHex(result.output) };
  }
  if (isInvalidOpcode(result)) {
    return "OpcodeNotFound";
  }
  return result.status === CODE_SIZE_LIMIT
    ? "CreateContractSizeLimit"
    : { Inner: haltText(result) };
}

function haltText(result: ExecutionResult): string {
  if (isOutOfGas(result)) {
    return "Transaction ran out of gas";
  }
  if (isInvalidOpcode(result)) {
    return `${VM_EXCEPTION}invalid opcode`;
  }
  if (result.status === CODE_SIZE_LIMIT) {
    return "Transaction reverted: trying to deploy a contract whose code is too large";
  }
  return HALT_NAMES.get(result.status) ?? "PrecompileError";
}

function revertText(output: Uint8Array): string {
  const revert = decodeRevert(output);
  switch (revert.kind) {
    case "empty":
      return "Transaction reverted without a reason";
    case "error":
      return `reverted with reason string '${revert.reason}'`;
    case "panic": {
      const reason =
        revert.code === 0x11n
          ? "Arithmetic operation underflowed or overflowed outside of an unchecked block"
          : (panicReason(revert.code) ?? "Unknown panic code");
      return `${VM_EXCEPTION}reverted with panic code 0x${revert.code.toString(16)} (${reason})`;
    }
    case "other":
      return `${VM_EXCEPTION}reverted with an unrecognized custom error (return data: ${toHex(output)})`;
  }
}
