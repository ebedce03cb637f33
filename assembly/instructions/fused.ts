/** Parts of fused opcodes (interpreter/text.ts). `pc` is where in the code the byte after the opcode is. */
import { OP_DUP1, OP_SWAP1 } from "../opcodes";
import { mulLimb } from "../u256/arithmetic";
import { setWord64 } from "../u256/word";

/** Two bytes of a PUSH2 whose opcode is before `pc`. */
// @ts-ignore: decorator
@inline
export function immediate16(pc: usize): u32 {
  return bswap<u16>(load<u16>(pc)) as u32;
}

/** Bytes between the top and the item that the SWAP before `pc` exchanges it with. */
// @ts-ignore: decorator
@inline
export function swapDepth(pc: usize): usize {
  return ((load<u8>(pc - 1) as usize) - (OP_SWAP1 as usize) + 1) << 5;
}

/** Bytes between the top and the item that the DUP before `pc` copies. */
// @ts-ignore: decorator
@inline
export function dupDepth(pc: usize): usize {
  return ((load<u8>(pc - 1) as usize) - (OP_DUP1 as usize)) << 5;
}

/** Whether the word at `sp` is the PUSH4 after the DUP1 before `pc`. */
// @ts-ignore: decorator
@inline
export function isSelector(sp: usize, pc: usize): bool {
  const selector = bswap<u32>(load<u32>(pc, 1)) as u64;
  return ((load<u64>(sp) ^ selector) | load<u64>(sp, 8) | load<u64>(sp, 16) | load<u64>(sp, 24)) == 0;
}

/** Whether the word at `sp` is below the PUSH4 after the DUP1 before `pc`. */
// @ts-ignore: decorator
@inline
export function isBelowSelector(sp: usize, pc: usize): bool {
  const selector = bswap<u32>(load<u32>(pc, 1)) as u64;
  return load<u64>(sp) < selector && (load<u64>(sp, 8) | load<u64>(sp, 16) | load<u64>(sp, 24)) == 0;
}

/** Moves the words: a to b, b to c, c to a. */
// @ts-ignore: decorator
@inline
export function rotate(a: usize, b: usize, c: usize): void {
  const a0 = v128.load(a);
  const a1 = v128.load(a, 16);
  const b0 = v128.load(b);
  const b1 = v128.load(b, 16);
  v128.store(a, v128.load(c));
  v128.store(a, v128.load(c, 16), 16);
  v128.store(b, a0);
  v128.store(b, a1, 16);
  v128.store(c, b0);
  v128.store(c, b1, 16);
}

/** Exchanges two words. */
// @ts-ignore: decorator
@inline
export function exchangeWords(a: usize, b: usize): void {
  const a0 = v128.load(a);
  const a1 = v128.load(a, 16);
  v128.store(a, v128.load(b));
  v128.store(a, v128.load(b, 16), 16);
  v128.store(b, a0);
  v128.store(b, a1, 16);
}

/** Adds a number below 256 to the word at `sp`. */
// @ts-ignore: decorator
@inline
export function addSmall(sp: usize, x: u64): void {
  const sum = load<u64>(sp) + x;
  store<u64>(sp, sum);
  // Hardly ever a carry.
  if (sum < x) carryInto(sp + 8);
}

function carryInto(limb: usize): void {
  for (let i: usize = 0; i < 24; i += 8) {
    const sum = load<u64>(limb + i) + 1;
    store<u64>(limb + i, sum);
    if (sum != 0) return;
  }
}

/** Subtracts a number below 256 from the word at `sp`. */
// @ts-ignore: decorator
@inline
export function subSmall(sp: usize, x: u64): void {
  const before = load<u64>(sp);
  store<u64>(sp, before - x);
  // Hardly ever a borrow.
  if (before < x) borrowFrom(sp + 8);
}

function borrowFrom(limb: usize): void {
  for (let i: usize = 0; i < 24; i += 8) {
    const before = load<u64>(limb + i);
    store<u64>(limb + i, before - 1);
    if (before != 0) return;
  }
}

/** The word at `from` times a number below 256. */
// @ts-ignore: decorator
@inline
export function mulSmall(out: usize, from: usize, x: u64): void {
  const a0 = load<u64>(from);
  const a1 = load<u64>(from, 8);
  const a2 = load<u64>(from, 16);
  const a3 = load<u64>(from, 24);
  if ((a1 | a2 | a3 | (a0 >> 56)) == 0) setWord64(out, a0 * x);
  else mulLimb(out, a0, a1, a2, a3, x);
}

/** 2^160 - 1 */
// @ts-ignore: decorator
@inline
export function setAddressMask(sp: usize): void {
  v128.store(sp, i64x2.splat(-1));
  store<u64>(sp, 0xffffffff, 16);
  store<u64>(sp, 0, 24);
}
