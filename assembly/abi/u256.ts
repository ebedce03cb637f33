/** The arithmetic of words by the opcode that does it, so that tests reach every operation. */
import {
  OP_ADD, OP_ADDMOD, OP_BYTE, OP_CLZ, OP_DIV, OP_EQ, OP_EXP, OP_GT, OP_ISZERO, OP_LT, OP_MOD, OP_MUL, OP_MULMOD, OP_SAR,
  OP_SDIV, OP_SGT, OP_SHL, OP_SHR, OP_SIGNEXTEND, OP_SLT, OP_SMOD, OP_SUB,
} from "../opcodes";
import { scratchWords } from "../interpreter/area";
import { add, lessThan, mul, power, signedLessThan, sub } from "../u256/arithmetic";
import { byteAt, countLeadingZeros, sar, shl, shr, signExtend } from "../u256/bits";
import { addmod, div, mod, mulmod, sdiv, smod } from "../u256/division";
import { copyWord, equalWords, isZeroWord, setWord64, wordFromBytes, wordToBytes } from "../u256/word";

/** Applies the opcode to the words at `a`, `b` and `c` (32 big-endian bytes; the top of the stack is `a`).
 *  Returns 0 when there is no such operation. */
export function u256Operation(opcode: u32, a: usize, b: usize, c: usize, out: usize): u32 {
  const x = scratchWords + 128;
  const y = x + 32;
  const z = y + 32;
  wordFromBytes(x, a);
  wordFromBytes(y, b);
  wordFromBytes(z, c);
  // As in the interpreter, the result replaces the last operand.
  let result = y;
  switch (opcode) {
    case OP_ADD: add(y, x, y); break;
    case OP_MUL: mul(y, x, y); break;
    case OP_SUB: sub(y, x, y); break;
    case OP_DIV: div(y, x, y); break;
    case OP_SDIV: sdiv(y, x, y); break;
    case OP_MOD: mod(y, x, y); break;
    case OP_SMOD: smod(y, x, y); break;
    case OP_ADDMOD: addmod(z, x, y, z); result = z; break;
    case OP_MULMOD: mulmod(z, x, y, z); result = z; break;
    case OP_EXP: power(z, x, y, z + 32); copyWord(y, z); break;
    case OP_SIGNEXTEND: signExtend(y, x, y); break;
    case OP_LT: setWord64(y, u64(lessThan(x, y))); break;
    case OP_GT: setWord64(y, u64(lessThan(y, x))); break;
    case OP_SLT: setWord64(y, u64(signedLessThan(x, y))); break;
    case OP_SGT: setWord64(y, u64(signedLessThan(y, x))); break;
    case OP_EQ: setWord64(y, u64(equalWords(x, y))); break;
    case OP_ISZERO: setWord64(x, u64(isZeroWord(x))); result = x; break;
    case OP_BYTE: byteAt(y, x, y); break;
    case OP_SHL: shl(y, x, y); break;
    case OP_SHR: shr(y, x, y); break;
    case OP_SAR: sar(y, x, y); break;
    case OP_CLZ: countLeadingZeros(x, x); result = x; break;
    default: return 0;
  }
  wordToBytes(out, result);
  return 1;
}
