/** Opcodes and addresses for random code. */

export const BYZANTIUM = 4;
export const SHANGHAI = 14;

/** Forks that brought opcodes. */
export const SINCE: Readonly<Record<string, number>> = {
  DELEGATECALL: 1,
  RETURNDATASIZE: BYZANTIUM,
  RETURNDATACOPY: BYZANTIUM,
  STATICCALL: BYZANTIUM,
  REVERT: BYZANTIUM,
  SHL: 5,
  SHR: 5,
  SAR: 5,
  EXTCODEHASH: 5,
  CREATE2: 5,
  CHAINID: 7,
  SELFBALANCE: 7,
  BASEFEE: 10,
  BLOBHASH: 15,
  BLOBBASEFEE: 15,
  TLOAD: 15,
  TSTORE: 15,
  MCOPY: 15,
  CLZ: 17,
  PUSH0: 14,
};
export const MAX_JUMP_LOOPS = 6;

/** Without point evaluation, for which the oracle would want the whole trusted setup. */
export const PRECOMPILES = [
  "0x1",
  "0x2",
  "0x3",
  "0x4",
  "0x5",
  "0x6",
  "0x7",
  "0x8",
  "0x9",
  "0xb",
  "0xc",
  "0xd",
  "0xe",
  "0xf",
  "0x10",
  "0x11",
  "0x100",
];

/** Binary and unary operations on words. */
export const WORD_OPERATIONS = [
  "ADD",
  "MUL",
  "SUB",
  "DIV",
  "SDIV",
  "MOD",
  "SMOD",
  "ADDMOD",
  "MULMOD",
  "EXP",
  "SIGNEXTEND",
  "LT",
  "GT",
  "SLT",
  "SGT",
  "EQ",
  "ISZERO",
  "AND",
  "OR",
  "XOR",
  "NOT",
  "BYTE",
  "SHL",
  "SHR",
  "SAR",
  "CLZ",
];

export const ENVIRONMENT = [
  "ADDRESS",
  "ORIGIN",
  "CALLER",
  "CALLVALUE",
  "CALLDATASIZE",
  "CODESIZE",
  "GASPRICE",
  "RETURNDATASIZE",
  "COINBASE",
  "TIMESTAMP",
  "NUMBER",
  "PREVRANDAO",
  "GASLIMIT",
  "CHAINID",
  "SELFBALANCE",
  "BASEFEE",
  "BLOBBASEFEE",
  "MSIZE",
  "PC",
  "GAS",
];
