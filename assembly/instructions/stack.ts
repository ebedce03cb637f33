/** PUSH, DUP and SWAP. `sp` is the address of the top item; immediates are read past the end of the
 *  code, where a `Code` has zeros. */
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
