/**
 * The text of code: what the interpreter really runs, one byte per byte of code. Where an opcode is,
 * the text has a number that says what to do: the opcode itself, or a fused opcode (X_*) that does the work of several
 * that often come together. The bytes in between are not used, and immediates are read from the code.
 *
 * A byte of the text is 0 until it is first run; then `translate` fills it in. What it becomes follows
 * from the code alone, so threads may fill in the same text at once.
 *
 * Fused are only opcodes without an effect that could be seen between them. When the gas or the stack does
 * not suffice for all, the frame halts whatever happens, so they run all or not at all.
 */
import { TRACE } from "../config";
import {
  OP_ADD, OP_AND, OP_CALLDATALOAD, OP_DUP1, OP_EQ, OP_GT, OP_ISZERO, OP_JUMP, OP_JUMPDEST, OP_JUMPI, OP_LT, OP_MLOAD,
  OP_MSTORE, OP_MUL, OP_POP, OP_PUSH0, OP_PUSH1, OP_PUSH32, OP_SGT, OP_SHL, OP_SHR, OP_SLT, OP_STOP, OP_SUB, OP_SWAP1,
} from "../opcodes";

// Numbers that no fork uses for an opcode.
export const X_STOP: u32 = 0x0c;
export const X_UNDEFINED: u32 = 0x0d;

/** PUSH2 t, JUMP, where t is a destination. */
export const X_JUMP: u32 = 0xb0;
/** PUSH2 t, JUMPI. */
export const X_JUMPI: u32 = 0xb1;
/** [op,] [ISZERO,] PUSH2 t, JUMPI. */
export const X_ISZERO_JUMPI: u32 = 0xb2;
export const X_LT_JUMPI: u32 = 0xb3;
export const X_GT_JUMPI: u32 = 0xb4;
export const X_SLT_JUMPI: u32 = 0xb5;
export const X_SGT_JUMPI: u32 = 0xb6;
export const X_EQ_JUMPI: u32 = 0xb7;
export const X_LT_ISZERO_JUMPI: u32 = 0xb8;
export const X_GT_ISZERO_JUMPI: u32 = 0xb9;
export const X_SLT_ISZERO_JUMPI: u32 = 0xba;
export const X_SGT_ISZERO_JUMPI: u32 = 0xbb;
export const X_EQ_ISZERO_JUMPI: u32 = 0xbc;
/** DUP1, PUSH4 s, EQ or GT, PUSH2 t, JUMPI: a step of solc's function dispatch. */
export const X_SELECTOR_EQ: u32 = 0xbd;
export const X_SELECTOR_GT: u32 = 0xbe;
/** POP, JUMP. */
export const X_POP_JUMP: u32 = 0xbf;

/** A JUMPDEST where compiled code may begin (compiled.ts): it is never the work of `translate`. */
export const X_COMPILED: u32 = 0x22;

/** DUPn, DUPm, LT, ISZERO, PUSH2 t, JUMPI: the test of a loop. */
export const X_LOOP_TEST: u32 = 0xa5;
/** SWAPn, SWAPm, SWAPn: exchanges the items n and m below the top. */
export const X_EXCHANGE: u32 = 0xa6;
/** SWAP1, PUSH1 b, ADD; and with PUSH2 t, JUMP after it: a loop's counter and its end. */
export const X_SWAP1_PUSH_ADD: u32 = 0xa7;
export const X_SWAP1_PUSH_ADD_JUMP: u32 = 0xa8;
/** PUSH1 b, SWAP1. */
export const X_PUSH_SWAP1: u32 = 0xa9;
/** PUSH1 b, SWAP1, SUB. */
export const X_PUSH_SWAP1_SUB: u32 = 0xab;
/** PUSH1 b, DUPn, MUL. */
export const X_PUSH_DUP_MUL: u32 = 0xac;
/** The mask of addresses, DUPn, AND, n > 1. */
export const X_MASK_DUP_AND: u32 = 0xaa;

/** POP, POP. */
export const X_POP2: u32 = 0xc0;
/** SWAPn, POP: the top replaces the item n below it. */
export const X_SWAP_POP: u32 = 0xc1;
/** SWAPn, POP, POP, n > 1. */
export const X_SWAP_POP2: u32 = 0xc2;
/** SWAP2, SWAP1 and SWAP1, SWAP2: rotations of three. */
export const X_SWAP2_SWAP1: u32 = 0xc3;
export const X_SWAP1_SWAP2: u32 = 0xc4;
/** DUPn, DUPm. */
export const X_DUP_DUP: u32 = 0xc5;
/** DUPn, op. */
export const X_DUP_ADD: u32 = 0xc6;
export const X_DUP_SUB: u32 = 0xc7;
export const X_DUP_MUL: u32 = 0xc8;
export const X_DUP_LT: u32 = 0xc9;
export const X_DUP_GT: u32 = 0xca;
export const X_DUP_AND: u32 = 0xcb;
export const X_DUP_MLOAD: u32 = 0xcc;
export const X_DUP_MSTORE: u32 = 0xcd;
/** SWAP1, SUB: the top less what is below. */
export const X_SWAP1_SUB: u32 = 0xce;

/** PUSH1 b, op. */
export const X_PUSH_ADD: u32 = 0xd0;
export const X_PUSH_MUL: u32 = 0xd1;
export const X_PUSH_AND: u32 = 0xd2;
export const X_PUSH_SHL: u32 = 0xd3;
export const X_PUSH_SHR: u32 = 0xd4;
export const X_PUSH_MLOAD: u32 = 0xd5;
export const X_PUSH_MSTORE: u32 = 0xd6;
export const X_PUSH_CALLDATALOAD: u32 = 0xd7;
export const X_PUSH_DUP: u32 = 0xd8;
export const X_PUSH_PUSH: u32 = 0xd9;
/** PUSH0, op. */
export const X_ZERO_MLOAD: u32 = 0xda;
export const X_ZERO_MSTORE: u32 = 0xdb;
export const X_ZERO_ZERO: u32 = 0xdc;
/** ADD, MLOAD and MUL, ADD. */
export const X_ADD_MLOAD: u32 = 0xdd;
export const X_MUL_ADD: u32 = 0xde;
/** PUSH1 1, PUSH1 1, PUSH1 160, SHL, SUB: the mask of addresses; and with an AND after it. */
export const X_ADDRESS_MASK: u32 = 0xdf;
export const X_MASK_ADDRESS: u32 = 0x21;

/** Bytes of the last two, up to the AND. */
export const ADDRESS_MASK_LENGTH: usize = 8;

// @ts-ignore: decorator
@inline
function at(code: usize, i: u32): u32 {
  return load<u8>(code + i) as u32;
}

// @ts-ignore: decorator
@inline
function isDup(op: u32): bool {
  return op >= OP_DUP1 && op < OP_DUP1 + 16;
}

// @ts-ignore: decorator
@inline
function isSwap(op: u32): bool {
  return op >= OP_SWAP1 && op < OP_SWAP1 + 16;
}

/** Whether a byte of code, where it is no opcode of any fork, is a number of this file. */
// @ts-ignore: decorator
@inline
function isFused(op: u32): bool {
  return op == X_STOP || (op >= X_LOOP_TEST && op <= X_ADDRESS_MASK) || op == X_MASK_ADDRESS || op == X_COMPILED;
}

/** What the opcode at `i` of the code becomes. Beyond the end of the code there are zeros. */
export function translate(code: usize, length: u32, jumpdests: usize, i: u32): u32 {
  const op = at(code, i);
  if (op == OP_STOP) return X_STOP;
  // Numbers of fused opcodes are no opcodes.
  if (isFused(op)) return X_UNDEFINED;
  if (TRACE) return op;
  const next = at(code, i + 1);
  if (op >= OP_PUSH1 && op <= OP_PUSH32) return translatePush(code, length, jumpdests, i, op);
  if (isDup(op)) return translateDup(code, length, jumpdests, i, op);
  if (isSwap(op)) return translateSwap(code, length, jumpdests, i, op);
  switch (op) {
    case OP_POP: return next == OP_POP ? X_POP2 : next == OP_JUMP ? X_POP_JUMP : op;
    case OP_ISZERO: return jumpsIf(code, length, jumpdests, i + 1) ? X_ISZERO_JUMPI : op;
    case OP_LT: case OP_GT: case OP_SLT: case OP_SGT: case OP_EQ: {
      if (jumpsIf(code, length, jumpdests, i + 1)) return X_LT_JUMPI + (op - OP_LT);
      if (next == OP_ISZERO && jumpsIf(code, length, jumpdests, i + 2)) return X_LT_ISZERO_JUMPI + (op - OP_LT);
      return op;
    }
    case OP_PUSH0: {
      if (next == OP_MLOAD) return X_ZERO_MLOAD;
      if (next == OP_MSTORE) return X_ZERO_MSTORE;
      return next == OP_PUSH0 ? X_ZERO_ZERO : op;
    }
    case OP_ADD: return next == OP_MLOAD ? X_ADD_MLOAD : op;
    case OP_MUL: return next == OP_ADD ? X_MUL_ADD : op;
    default: return op;
  }
}

/** Whether PUSH2 t is at `i`, and t a destination. */
function pushesDestination(code: usize, length: u32, jumpdests: usize, i: u32): bool {
  if (at(code, i) != OP_PUSH1 + 1) return false;
  const to = bswap<u16>(load<u16>(code + i, 1)) as u32;
  return to < length && ((load<u8>(jumpdests + (to >> 3)) >> (to & 7)) & 1) != 0;
}

/** Whether PUSH2 t, JUMPI is at `i`, and t a destination. */
function jumpsIf(code: usize, length: u32, jumpdests: usize, i: u32): bool {
  return at(code, i + 3) == OP_JUMPI && pushesDestination(code, length, jumpdests, i);
}

function translatePush(code: usize, length: u32, jumpdests: usize, i: u32, op: u32): u32 {
  if (op == OP_PUSH1 + 1) {
    if (!pushesDestination(code, length, jumpdests, i)) return op;
    const next = at(code, i + 3);
    return next == OP_JUMP ? X_JUMP : next == OP_JUMPI ? X_JUMPI : op;
  }
  if (op != OP_PUSH1) return op;
  // 6001 6001 60a0 1b 03
  if (load<u64>(code + i) == 0x031ba06001600160) {
    const next = at(code, i + (ADDRESS_MASK_LENGTH as u32));
    if (next == OP_AND) return X_MASK_ADDRESS;
    // DUP1 would copy the mask itself.
    const masks = isDup(next) && next != OP_DUP1 && at(code, i + (ADDRESS_MASK_LENGTH as u32) + 1) == OP_AND;
    return masks ? X_MASK_DUP_AND : X_ADDRESS_MASK;
  }
  const next = at(code, i + 2);
  switch (next) {
    case OP_ADD: return X_PUSH_ADD;
    case OP_MUL: return X_PUSH_MUL;
    case OP_AND: return X_PUSH_AND;
    case OP_SHL: return X_PUSH_SHL;
    case OP_SHR: return X_PUSH_SHR;
    case OP_MLOAD: return X_PUSH_MLOAD;
    case OP_MSTORE: return X_PUSH_MSTORE;
    case OP_CALLDATALOAD: return X_PUSH_CALLDATALOAD;
    case OP_PUSH1: return X_PUSH_PUSH;
    case OP_SWAP1: return at(code, i + 3) == OP_SUB ? X_PUSH_SWAP1_SUB : X_PUSH_SWAP1;
    // DUP1 would copy the byte itself.
    default:
      if (!isDup(next)) return op;
      return next != OP_DUP1 && at(code, i + 3) == OP_MUL ? X_PUSH_DUP_MUL : X_PUSH_DUP;
  }
}

function translateDup(code: usize, length: u32, jumpdests: usize, i: u32, op: u32): u32 {
  const next = at(code, i + 1);
  // PUSH4 is 0x63; five bytes later the comparison.
  if (op == OP_DUP1 && next == OP_PUSH1 + 3 && jumpsIf(code, length, jumpdests, i + 7)) {
    const compare = at(code, i + 6);
    if (compare == OP_EQ) return X_SELECTOR_EQ;
    if (compare == OP_GT) return X_SELECTOR_GT;
  }
  if (isDup(next)) {
    const tests = at(code, i + 2) == OP_LT && at(code, i + 3) == OP_ISZERO && jumpsIf(code, length, jumpdests, i + 4);
    return tests ? X_LOOP_TEST : X_DUP_DUP;
  }
  switch (next) {
    case OP_ADD: return X_DUP_ADD;
    case OP_SUB: return X_DUP_SUB;
    case OP_MUL: return X_DUP_MUL;
    // A comparison that a jump follows is better fused with that.
    case OP_LT: return comparesAndJumps(code, length, jumpdests, i + 2) ? op : X_DUP_LT;
    case OP_GT: return comparesAndJumps(code, length, jumpdests, i + 2) ? op : X_DUP_GT;
    case OP_AND: return X_DUP_AND;
    case OP_MLOAD: return X_DUP_MLOAD;
    case OP_MSTORE: return X_DUP_MSTORE;
    default: return op;
  }
}

function comparesAndJumps(code: usize, length: u32, jumpdests: usize, i: u32): bool {
  return jumpsIf(code, length, jumpdests, at(code, i) == OP_ISZERO ? i + 1 : i);
}

function translateSwap(code: usize, length: u32, jumpdests: usize, i: u32, op: u32): u32 {
  const next = at(code, i + 1);
  if (isSwap(next) && next != op && at(code, i + 2) == op) return X_EXCHANGE;
  if (op == OP_SWAP1 && next == OP_PUSH1 && at(code, i + 3) == OP_ADD) {
    const jumps = pushesDestination(code, length, jumpdests, i + 4) && at(code, i + 7) == OP_JUMP;
    return jumps ? X_SWAP1_PUSH_ADD_JUMP : X_SWAP1_PUSH_ADD;
  }
  if (next == OP_POP) return op > OP_SWAP1 && at(code, i + 2) == OP_POP ? X_SWAP_POP2 : X_SWAP_POP;
  if (op == OP_SWAP1) return next == OP_SUB ? X_SWAP1_SUB : next == OP_SWAP1 + 1 ? X_SWAP1_SWAP2 : op;
  return op == OP_SWAP1 + 1 && next == OP_SWAP1 ? X_SWAP2_SWAP1 : op;
}
