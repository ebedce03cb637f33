/** PUSH, DUP and SWAP. `sp` is the address of the top item; immediates are read past the end of the
 *  code, where a `Code` has zeros. */
import { halt } from "../interpreter/halt";
import { HALT_INVALID_IMMEDIATE, HALT_STACK_OVERFLOW, HALT_STACK_UNDERFLOW } from "../status";
import { reverseBytes, setWord64 } from "../u256/word";

/** PUSH1 to PUSH8: `n` bytes at `pc` to the new top `to`. */
// @ts-ignore: decorator
@inline
export function pushShort(to: usize, pc: usize, n: u32): void {
  let value: u64;
  if (n == 1) value = load<u8>(pc);
  else if (n == 2) value = bswap<u16>(load<u16>(pc)) as u64;
  else if (n == 4) value = bswap<u32>(load<u32>(pc)) as u64;
  else value = bswap<u64>(load<u64>(pc)) >> ((8 - n) * 8);
  setWord64(to, value);
}

/** PUSH9 to PUSH32. */
export function pushLong(to: usize, pc: usize, n: u32): void {
  if (n >= 16) {
    v128.store(to, reverseBytes(v128.load(pc + n - 16)));
    const high = n - 16;
    if (high <= 8) {
      store<u64>(to, high == 0 ? 0 : bswap<u64>(load<u64>(pc)) >> ((8 - high) * 8), 16);
      store<u64>(to, 0, 24);
    } else {
      store<u64>(to, bswap<u64>(load<u64>(pc + high - 8)), 16);
      store<u64>(to, bswap<u64>(load<u64>(pc)) >> ((16 - high) * 8), 24);
    }
  } else {
    store<u64>(to, bswap<u64>(load<u64>(pc + n - 8)));
    store<u64>(to, bswap<u64>(load<u64>(pc)) >> ((16 - n) * 8), 8);
    v128.store(to, i64x2.splat(0), 16);
  }
}

/** DUPn: pushes the item n - 1 below the top. */
// @ts-ignore: decorator
@inline
export function dup(sp: usize, n: usize): void {
  const from = sp - (n - 1) * 32;
  v128.store(sp, v128.load(from), 32);
  v128.store(sp, v128.load(from, 16), 48);
}

/** SWAPn: exchanges the top with the item n below it. */
// @ts-ignore: decorator
@inline
export function swap(sp: usize, n: usize): void {
  const other = sp - n * 32;
  const a = v128.load(sp);
  const b = v128.load(sp, 16);
  const c = v128.load(other);
  const d = v128.load(other, 16);
  v128.store(sp, c);
  v128.store(sp, d, 16);
  v128.store(other, a);
  v128.store(other, b, 16);
}

// EIP-8024: the byte after the opcode says which items. Not every byte does, lest a JUMPDEST or a PUSH hide in one.

const FIRST_REFUSED: u32 = 91;
const FIRST_REFUSED_PAIR: u32 = 82;
const LAST_REFUSED: u32 = 127;

/** The depth that DUPN and SWAPN mean, 17 to 235; 0 when the byte means nothing. */
function depthOf(immediate: u32): usize {
  return immediate >= FIRST_REFUSED && immediate <= LAST_REFUSED ? 0 : ((immediate + 145) & 0xff) as usize;
}

/** DUPN: pushes the item that is n-th from the top. Returns as instructions that charge gas do. */
export function dupN(sp: usize, base: usize, limit: usize, immediate: u32, gas: u64): u64 {
  const n = depthOf(immediate);
  if (n == 0) return halt(HALT_INVALID_IMMEDIATE);
  // revm has one name for both.
  if (sp + 32 < base + n * 32 || sp >= limit) return halt(HALT_STACK_OVERFLOW);
  dup(sp, n);
  return gas;
}

/** SWAPN: exchanges the top with the item n below it. */
export function swapN(sp: usize, base: usize, immediate: u32, gas: u64): u64 {
  const n = depthOf(immediate);
  if (n == 0) return halt(HALT_INVALID_IMMEDIATE);
  if (sp < base + n * 32) return halt(HALT_STACK_UNDERFLOW);
  swap(sp, n);
  return gas;
}

/** EXCHANGE: exchanges the items n and m below the top, 1 to 14 and 2 to 29. */
export function exchange(sp: usize, base: usize, immediate: u32, gas: u64): u64 {
  if (immediate >= FIRST_REFUSED_PAIR && immediate <= LAST_REFUSED) return halt(HALT_INVALID_IMMEDIATE);
  const pair = immediate ^ 143;
  const q = pair >> 4;
  const r = pair & 15;
  const n: usize = (q < r ? q : r) + 1;
  const m = (q < r ? r + 1 : (29 as u32) - q) as usize;
  if (sp < base + m * 32) return halt(HALT_STACK_UNDERFLOW);
  swap(sp - n * 32, m - n);
  return gas;
}
