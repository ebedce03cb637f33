/** Parts of fused opcodes (interpreter/text.ts). `pc` is where in the code the byte after the opcode is. */
import { OP_DUP1, OP_SWAP1 } from "../opcodes";
import { mulHigh } from "../u256/arithmetic";

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

/** Multiplies the word at `sp` by a number below 256. */
// @ts-ignore: decorator
@inline
export function mulSmall(sp: usize, x: u64): void {
  const a0 = load<u64>(sp);
  const a1 = load<u64>(sp, 8);
  const a2 = load<u64>(sp, 16);
  const a3 = load<u64>(sp, 24);
  store<u64>(sp, a0 * x);
  if ((a1 | a2 | a3 | (a0 >> 56)) == 0) return;
  mulCarries(sp, a0, a1, a2, a3, x);
}

function mulCarries(sp: usize, a0: u64, a1: u64, a2: u64, a3: u64, x: u64): void {
  const b1 = a1 * x;
  const r1 = b1 + mulHigh(a0, x);
  const b2 = a2 * x;
  const r2 = b2 + mulHigh(a1, x) + u64(r1 < b1);
  // The high part of a product by less than 2^8 is less than 2^8: adding a carry cannot overflow it.
  const carry = mulHigh(a2, x) + u64(r2 < b2);
  store<u64>(sp, r1, 8);
  store<u64>(sp, r2, 16);
  store<u64>(sp, a3 * x + carry, 24);
}

/** 2^160 - 1 */
// @ts-ignore: decorator
@inline
export function setAddressMask(sp: usize): void {
  v128.store(sp, i64x2.splat(-1));
  store<u64>(sp, 0xffffffff, 16);
  store<u64>(sp, 0, 24);
}
