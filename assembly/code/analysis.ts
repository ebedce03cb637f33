/**
 * Finds the valid jump destinations of code: the JUMPDEST bytes that are not data of a PUSH.
 * Several threads may do it to one `Code` at once: each writes every word of the bitmap at most once, with
 * its final value, and publishes the bitmap when it is whole.
 */
import { OP_JUMPDEST, OP_PUSH1, OP_PUSH32 } from "../opcodes";
import { Code } from "./code";
import { codeBitmap, codeBitmapSize } from "./store";

/** Bytes of the bitmap for code of `length` bytes. */
// @ts-ignore: decorator
@inline
export function jumpdestBitmapSize(length: u32): u32 {
  return codeBitmapSize(length);
}

/** Writes the bitmap, which must be zero: bit i % 8 of byte i / 8 says whether a jump may go to byte i. */
export function analyzeJumpdests(bytes: usize, length: u32, bitmap: usize): void {
  let word: u64 = 0;
  let index: usize = 0;
  for (let i: u32 = 0; i < length; i++) {
    const op = load<u8>(bytes + i) as u32;
    if (op == OP_JUMPDEST) {
      const at = (i >> 6) as usize;
      if (at != index) {
        store<u64>(bitmap + (index << 3), word);
        word = 0;
        index = at;
      }
      word |= (1 as u64) << ((i & 63) as u64);
    } else if (op >= OP_PUSH1 && op <= OP_PUSH32) {
      i += op - (OP_PUSH1 - 1);
    }
  }
  if (length != 0) store<u64>(bitmap + (index << 3), word);
}

/** The bitmap of a stored code, made when it is first needed. */
// @ts-ignore: decorator
@inline
export function jumpdestsOf(code: Code): u32 {
  const known = code.jumpdests;
  return known != 0 ? known : analyze(code);
}

function analyze(code: Code): u32 {
  const bitmap = codeBitmap(code);
  analyzeJumpdests(code.bytes, code.length, bitmap);
  atomic.store<u32>(changetype<usize>(code) + offsetof<Code>("jumpdests"), bitmap as u32);
  return bitmap as u32;
}
