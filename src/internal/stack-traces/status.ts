/** What stack traces ask of a status of the core. Pinned by test/stack-traces/status.ts. */
const REVERT = 0x10;
const CALL_TOO_DEEP = 0x11;
const OUT_OF_FUNDS = 0x12;
const FIRST_HALT = 0x20;
const OPCODE_NOT_FOUND = 0x28;
const INVALID_OPCODE = 0x29;
const INVALID_IMMEDIATE = 0x34;
const CODE_SIZE_LIMIT = 0x30;

export function isFailure(status: number): boolean {
  return status >= REVERT;
}

export function isRevert(status: number): boolean {
  return status === REVERT;
}

export function isOutOfGas(status: number): boolean {
  return status >= FIRST_HALT && status < OPCODE_NOT_FOUND;
}

export function isInvalidOpcode(status: number): boolean {
  return (
    status === OPCODE_NOT_FOUND ||
    status === INVALID_OPCODE ||
    status === INVALID_IMMEDIATE
  );
}

export function isCodeTooLarge(status: number): boolean {
  return status === CODE_SIZE_LIMIT;
}

/** A call or creation that the sending instruction could not make, or that reverted. */
export function isRevertOrNotMade(status: number): boolean {
  return (
    status === REVERT || status === CALL_TOO_DEEP || status === OUT_OF_FUNDS
  );
}
