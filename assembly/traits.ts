/**
 * What every opcode costs and does to the stack, by fork. One table per fork, each made by copying
 * the fork before and changing what its EIPs changed. An entry is a u32:
 *
 *   bits 0..15 static gas | bits 16..23 items it needs (0xff: undefined) | bits 24..31 items it leaves
 */
import {
  AMSTERDAM, BERLIN, BYZANTIUM, CANCUN, CONSTANTINOPLE, FORK_COUNT, HOMESTEAD, ISTANBUL, LONDON, OSAKA,
  SHANGHAI, TANGERINE_WHISTLE,
} from "./forks";
import {
  OP_ADD, OP_ADDMOD, OP_ADDRESS, OP_BALANCE, OP_BASEFEE, OP_BLOBBASEFEE, OP_BLOBHASH, OP_BLOCKHASH, OP_BYTE,
  OP_CALL, OP_CALLCODE, OP_CALLDATACOPY, OP_CALLDATALOAD, OP_CALLDATASIZE, OP_CALLER, OP_CALLVALUE, OP_CHAINID,
  OP_CLZ, OP_CODECOPY, OP_CODESIZE, OP_COINBASE, OP_CREATE, OP_CREATE2, OP_DELEGATECALL, OP_DIV, OP_DUP1, OP_DUPN, OP_EXCHANGE, OP_EXP,
  OP_EXTCODECOPY, OP_EXTCODEHASH, OP_EXTCODESIZE, OP_GAS, OP_GASLIMIT, OP_GASPRICE, OP_INVALID, OP_ISZERO,
  OP_JUMP, OP_JUMPDEST, OP_JUMPI, OP_KECCAK256, OP_LOG0, OP_LT, OP_MCOPY, OP_MLOAD, OP_MOD, OP_MSIZE, OP_MSTORE,
  OP_MSTORE8, OP_MUL, OP_MULMOD, OP_NOT, OP_NUMBER, OP_ORIGIN, OP_PC, OP_POP, OP_PREVRANDAO, OP_PUSH0, OP_PUSH1,
  OP_PUSH32, OP_RETURN, OP_RETURNDATACOPY, OP_RETURNDATASIZE, OP_REVERT, OP_SAR, OP_SDIV, OP_SELFBALANCE,
  OP_SELFDESTRUCT, OP_SHL, OP_SHR, OP_SIGNEXTEND, OP_SLOAD, OP_SLOTNUM, OP_SMOD, OP_SSTORE, OP_STATICCALL, OP_STOP,
  OP_SUB, OP_SWAP1, OP_SWAPN, OP_TIMESTAMP, OP_TLOAD, OP_TSTORE, OP_XOR, OP_AND, OP_OR, OP_GT, OP_SLT, OP_SGT, OP_EQ,
} from "./opcodes";

/** Bytes of one fork's table, and of all. */
export const TRAITS_SIZE: u32 = 256 * 4;
export const ALL_TRAITS_SIZE: u32 = TRAITS_SIZE * FORK_COUNT;

const UNDEFINED: u32 = 0xff << 16;

// @ts-ignore: decorator
@inline
export function traitGas(trait: u32): u32 {
  return trait & 0xffff;
}

// @ts-ignore: decorator
@inline
export function traitNeeds(trait: u32): u32 {
  return (trait >> 16) & 0xff;
}

// @ts-ignore: decorator
@inline
export function traitLeaves(trait: u32): u32 {
  return trait >> 24;
}

// @ts-ignore: decorator
@inline
export function isUndefined(trait: u32): bool {
  return (trait & UNDEFINED) == UNDEFINED;
}

function define(table: usize, op: u32, gas: u32, needs: u32, leaves: u32): void {
  store<u32>(table + op * 4, gas | (needs << 16) | (leaves << 24));
}

function price(table: usize, op: u32, gas: u32): void {
  store<u32>(table + op * 4, (load<u32>(table + op * 4) & 0xffff0000) | gas);
}

/** Opcodes `from` to `to` that pop `needs`, push one and cost `gas`. */
function defineRange(table: usize, from: u32, to: u32, gas: u32, needs: u32): void {
  for (let op = from; op <= to; op++) define(table, op, gas, needs, 1);
}

/** Writes the tables of all forks (ALL_TRAITS_SIZE bytes). */
export function buildTraits(all: usize): void {
  frontier(all);
  for (let fork: u32 = 1; fork < FORK_COUNT; fork++) {
    const table = all + fork * TRAITS_SIZE;
    memory.copy(table, table - TRAITS_SIZE, TRAITS_SIZE);
    change(table, fork);
  }
}

function frontier(table: usize): void {
  for (let op: u32 = 0; op < 256; op++) store<u32>(table + op * 4, UNDEFINED);
  define(table, OP_STOP, 0, 0, 0);
  define(table, OP_ADD, 3, 2, 1);
  define(table, OP_MUL, 5, 2, 1);
  define(table, OP_SUB, 3, 2, 1);
  defineRange(table, OP_DIV, OP_SMOD, 5, 2);
  defineRange(table, OP_ADDMOD, OP_MULMOD, 8, 3);
  define(table, OP_EXP, 10, 2, 1);
  define(table, OP_SIGNEXTEND, 5, 2, 1);
  defineRange(table, OP_LT, OP_EQ, 3, 2);
  define(table, OP_ISZERO, 3, 1, 1);
  defineRange(table, OP_AND, OP_XOR, 3, 2);
  define(table, OP_NOT, 3, 1, 1);
  define(table, OP_BYTE, 3, 2, 1);
  define(table, OP_KECCAK256, 30, 2, 1);
  define(table, OP_ADDRESS, 2, 0, 1);
  define(table, OP_BALANCE, 20, 1, 1);
  defineRange(table, OP_ORIGIN, OP_CALLVALUE, 2, 0);
  define(table, OP_CALLDATALOAD, 3, 1, 1);
  define(table, OP_CALLDATASIZE, 2, 0, 1);
  define(table, OP_CALLDATACOPY, 3, 3, 0);
  define(table, OP_CODESIZE, 2, 0, 1);
  define(table, OP_CODECOPY, 3, 3, 0);
  define(table, OP_GASPRICE, 2, 0, 1);
  define(table, OP_EXTCODESIZE, 20, 1, 1);
  define(table, OP_EXTCODECOPY, 20, 4, 0);
  define(table, OP_BLOCKHASH, 20, 1, 1);
  defineRange(table, OP_COINBASE, OP_GASLIMIT, 2, 0);
  define(table, OP_POP, 2, 1, 0);
  define(table, OP_MLOAD, 3, 1, 1);
  define(table, OP_MSTORE, 3, 2, 0);
  define(table, OP_MSTORE8, 3, 2, 0);
  define(table, OP_SLOAD, 50, 1, 1);
  define(table, OP_SSTORE, 0, 2, 0);
  define(table, OP_JUMP, 8, 1, 0);
  define(table, OP_JUMPI, 10, 2, 0);
  defineRange(table, OP_PC, OP_GAS, 2, 0);
  define(table, OP_JUMPDEST, 1, 0, 0);
  defineRange(table, OP_PUSH1, OP_PUSH32, 3, 0);
  for (let n: u32 = 1; n <= 16; n++) {
    define(table, OP_DUP1 + n - 1, 3, n, n + 1);
    define(table, OP_SWAP1 + n - 1, 3, n + 1, n + 1);
  }
  for (let n: u32 = 0; n <= 4; n++) define(table, OP_LOG0 + n, 375, n + 2, 0);
  // CREATE, like SSTORE, charges all of its gas itself: what comes first decides how it fails.
  define(table, OP_CREATE, 0, 3, 1);
  define(table, OP_CALL, 40, 7, 1);
  define(table, OP_CALLCODE, 40, 7, 1);
  define(table, OP_RETURN, 0, 2, 0);
  define(table, OP_INVALID, 0, 0, 0);
  define(table, OP_SELFDESTRUCT, 0, 1, 0);
}

function change(table: usize, fork: u32): void {
  switch (fork) {
    case HOMESTEAD: {
      define(table, OP_DELEGATECALL, 40, 6, 1); // EIP-7
      break;
    }
    case TANGERINE_WHISTLE: {
      // EIP-150
      price(table, OP_EXTCODESIZE, 700);
      price(table, OP_EXTCODECOPY, 700);
      price(table, OP_BALANCE, 400);
      price(table, OP_SLOAD, 200);
      price(table, OP_CALL, 700);
      price(table, OP_CALLCODE, 700);
      price(table, OP_DELEGATECALL, 700);
      price(table, OP_SELFDESTRUCT, 5000);
      break;
    }
    case BYZANTIUM: {
      define(table, OP_REVERT, 0, 2, 0); // EIP-140
      define(table, OP_RETURNDATASIZE, 2, 0, 1); // EIP-211
      define(table, OP_RETURNDATACOPY, 3, 3, 0);
      define(table, OP_STATICCALL, 700, 6, 1); // EIP-214
      break;
    }
    case CONSTANTINOPLE: {
      defineRange(table, OP_SHL, OP_SAR, 3, 2); // EIP-145
      define(table, OP_EXTCODEHASH, 400, 1, 1); // EIP-1052
      define(table, OP_CREATE2, 0, 4, 1); // EIP-1014
      break;
    }
    case ISTANBUL: {
      define(table, OP_CHAINID, 2, 0, 1); // EIP-1344
      define(table, OP_SELFBALANCE, 5, 0, 1); // EIP-1884
      price(table, OP_BALANCE, 700);
      price(table, OP_EXTCODEHASH, 700);
      price(table, OP_SLOAD, 800);
      break;
    }
    case BERLIN: {
      // EIP-2929: the warm price; a cold access pays the rest on top.
      price(table, OP_BALANCE, 100);
      price(table, OP_EXTCODESIZE, 100);
      price(table, OP_EXTCODECOPY, 100);
      price(table, OP_EXTCODEHASH, 100);
      price(table, OP_SLOAD, 100);
      price(table, OP_CALL, 100);
      price(table, OP_CALLCODE, 100);
      price(table, OP_DELEGATECALL, 100);
      price(table, OP_STATICCALL, 100);
      break;
    }
    case LONDON: {
      define(table, OP_BASEFEE, 2, 0, 1); // EIP-3198
      break;
    }
    case SHANGHAI: {
      define(table, OP_PUSH0, 2, 0, 1); // EIP-3855
      break;
    }
    case CANCUN: {
      define(table, OP_BLOBHASH, 3, 1, 1); // EIP-4844
      define(table, OP_BLOBBASEFEE, 2, 0, 1); // EIP-7516
      define(table, OP_TLOAD, 100, 1, 1); // EIP-1153
      define(table, OP_TSTORE, 100, 2, 0);
      define(table, OP_MCOPY, 3, 3, 0); // EIP-5656
      break;
    }
    case OSAKA: {
      define(table, OP_CLZ, 5, 1, 1); // EIP-7939
      break;
    }
    case AMSTERDAM: {
      define(table, OP_SLOTNUM, 2, 0, 1); // EIP-7843
      // EIP-8024: what they need of the stack is in the byte that follows.
      define(table, OP_DUPN, 3, 0, 1);
      define(table, OP_SWAPN, 3, 0, 0);
      define(table, OP_EXCHANGE, 3, 0, 0);
      break;
    }
    default:
  }
}
