/** EXP, whose gas depends on the exponent; the other arithmetic is u256/ as it is. */
import { expByteGas } from "../gas";
import { scratchWords } from "../interpreter/area";
import { halt } from "../interpreter/halt";
import { HALT_OUT_OF_GAS } from "../status";
import { power } from "../u256/arithmetic";
import { byteLength } from "../u256/bits";
import { copyWord } from "../u256/word";

/** Base and exponent at `sp`; the power replaces the exponent. */
export function exp(sp: usize, gas: u64, fork: u32): u64 {
  const exponent = sp - 32;
  const price = (byteLength(exponent) as u64) * expByteGas(fork);
  if (gas < price) return halt(HALT_OUT_OF_GAS);
  const out = scratchWords;
  power(out, sp, exponent, out + 32);
  copyWord(exponent, out);
  return gas - price;
}
