/** Opcodes and failures as geth-style traces name them (with EDR's spelling). */
const BY_RANGE: ReadonlyArray<readonly [first: number, names: string]> = [
  [0x00, "STOP ADD MUL SUB DIV SDIV MOD SMOD ADDMOD MULMOD EXP SIGNEXTEND"],
  [0x10, "LT GT SLT SGT EQ ISZERO AND OR XOR NOT BYTE SHL SHR SAR CLZ"],
  [0x20, "KECCAK256"],
  [
    0x30,
    "ADDRESS BALANCE ORIGIN CALLER CALLVALUE CALLDATALOAD CALLDATASIZE CALLDATACOPY CODESIZE CODECOPY GASPRICE EXTCODESIZE EXTCODECOPY RETURNDATASIZE RETURNDATACOPY EXTCODEHASH",
  ],
  [
    0x40,
    "BLOCKHASH COINBASE TIMESTAMP NUMBER DIFFICULTY GASLIMIT CHAINID SELFBALANCE BASEFEE BLOBHASH BLOBBASEFEE SLOTNUM",
  ],
  [
    0x50,
    "POP MLOAD MSTORE MSTORE8 SLOAD SSTORE JUMP JUMPI PC MSIZE GAS JUMPDEST TLOAD TSTORE MCOPY PUSH0",
  ],
  [0xa0, "LOG0 LOG1 LOG2 LOG3 LOG4"],
  [0xe6, "DUPN SWAPN EXCHANGE"],
  [0xf0, "CREATE CALL CALLCODE RETURN DELEGATECALL CREATE2"],
  [0xfa, "STATICCALL"],
  [0xfd, "REVERT INVALID SELFDESTRUCT"],
];

const UNKNOWN = "Unknown";
const OPCODES: readonly string[] = makeOpcodes();

function makeOpcodes(): string[] {
  const names = new Array<string>(256).fill(UNKNOWN);
  for (const [first, list] of BY_RANGE) {
    for (const [index, name] of list.split(" ").entries()) {
      names[first + index] = name;
    }
  }
  for (let size = 1; size <= 32; size++) {
    names[0x5f + size] = `PUSH${size}`;
  }
  for (let item = 1; item <= 16; item++) {
    names[0x7f + item] = `DUP${item}`;
    names[0x8f + item] = `SWAP${item}`;
  }
  return names;
}

export function opcodeName(opcode: number): string {
  return OPCODES[opcode];
}

export function isDefined(opcode: number): boolean {
  return OPCODES[opcode] !== UNKNOWN;
}

const OPCODE_NOT_FOUND = 0x28;
/** No code of the core, for which it is the same. */
const NOT_ACTIVATED = 0x128;

/** The status of a frame for traces: they tell opcodes that a later fork has from those that none has. */
export function tracedStatus(status: number, opcode: number): number {
  return status === OPCODE_NOT_FOUND && isDefined(opcode)
    ? NOT_ACTIVATED
    : status;
}

/** revm's names of results, by code of assembly/status.ts. */
const RESULTS: ReadonlyMap<number, string> = new Map([
  [0x10, "Revert"],
  [0x11, "CallTooDeep"],
  [0x12, "OutOfFunds"],
  [0x13, "NonceOverflow"],
  [0x20, "OutOfGas"],
  [0x21, "MemoryOOG"],
  [0x22, "InvalidOperandOOG"],
  [0x23, "ReentrancySentryOOG"],
  [0x24, "PrecompileOOG"],
  [0x25, "MemoryLimitOOG"],
  [0x26, "OutOfGas"],
  [0x28, "OpcodeNotFound"],
  [0x29, "InvalidFEOpcode"],
  [0x2a, "InvalidJump"],
  [0x2b, "StackUnderflow"],
  [0x2c, "StackOverflow"],
  [0x2d, "StateChangeDuringStaticCall"],
  [0x2e, "OutOfOffset"],
  [0x2f, "CreateCollision"],
  [0x30, "CreateContractSizeLimit"],
  [0x31, "CreateContractStartingWithEF"],
  [0x32, "CreateInitCodeSizeLimit"],
  [0x33, "PrecompileError"],
  [0x34, "InvalidImmediateEncoding"],
  [NOT_ACTIVATED, "NotActivated"],
]);

export function resultName(status: number): string {
  return RESULTS.get(status) ?? `Status${status}`;
}

/** What geth calls a failure; the names above stand in for what it does not know. */
const GETH_ERRORS: Readonly<Record<string, string>> = {
  Revert: "execution reverted",
  OutOfGas: "out of gas",
  PrecompileOOG: "out of gas",
  MemoryOOG: "out of gas: out of memory",
  MemoryLimitOOG: "out of gas: reach memory limit",
  InvalidOperandOOG: "out of gas: invalid operand",
  ReentrancySentryOOG: "out of gas: not enough gas for reentrancy sentry",
  OpcodeNotFound: "invalid opcode",
  InvalidFEOpcode: "invalid opcode: INVALID",
  InvalidJump: "invalid jump destination",
  PrecompileError: "precompiled failed",
  OutOfFunds: "insufficient balance for transfer",
};

export function gethError(status: number): string {
  const name = resultName(status);
  return GETH_ERRORS[name] ?? name;
}

/** What Parity (and flatCallTracer) calls a failure. */
const PARITY_ERRORS: Readonly<Record<string, string>> = {
  Revert: "Reverted",
  OutOfGas: "Out of gas",
  PrecompileOOG: "Out of gas",
  MemoryOOG: "Out of gas",
  MemoryLimitOOG: "Out of gas",
  InvalidOperandOOG: "Out of gas",
  ReentrancySentryOOG: "Out of gas",
  OpcodeNotFound: "Bad instruction",
  InvalidFEOpcode: "Bad instruction",
  InvalidJump: "Bad jump destination",
  PrecompileError: "Built-in failed",
  StackOverflow: "Out of stack",
  OutOfFunds: "Insufficient balance for transfer",
};

export function parityError(status: number): string {
  const name = resultName(status);
  return PARITY_ERRORS[name] ?? name;
}

/** What a panic code means, in the words of a trace. */
const PANICS: ReadonlyMap<bigint, string> = new Map([
  [0x00n, "generic/unspecified error"],
  [0x01n, "assertion failed"],
  [0x11n, "arithmetic underflow or overflow"],
  [0x12n, "division or modulo by zero"],
  [0x21n, "failed to convert value into enum type"],
  [0x22n, "storage byte array incorrectly encoded"],
  [0x31n, "called `.pop()` on an empty array"],
  [0x32n, "array out-of-bounds access"],
  [0x41n, "memory allocation error"],
  [0x51n, "called an invalid internal function"],
]);

export function panicText(code: bigint): string | undefined {
  return PANICS.get(code);
}
