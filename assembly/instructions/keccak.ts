/** KECCAK256. */
import { keccak256 } from "../crypto/keccak";
import { GAS_KECCAK_WORD } from "../gas";
import { Frame } from "../interpreter/frame";
import { FAILED, halt } from "../interpreter/halt";
import { notePreimage, recording } from "../state/preimages";
import { HALT_INVALID_OPERAND_OUT_OF_GAS, HALT_OUT_OF_GAS } from "../status";
import { wordFromBytes } from "../u256/word";
import { isHuge, touchMemory } from "./memory";

/** Offset and length at `sp`; the hash replaces the length. */
export function keccak(frame: Frame, sp: usize, gas: u64): u64 {
  const out = sp - 32;
  if (isHuge(out)) return halt(HALT_INVALID_OPERAND_OUT_OF_GAS);
  const length = load<u64>(out);
  const price = GAS_KECCAK_WORD * ((length >> 5) + u64((length & 31) != 0));
  if (gas < price) return halt(HALT_OUT_OF_GAS);
  gas -= price;
  let data: usize = 0;
  if (length != 0) {
    gas = touchMemory(frame, sp, length, gas);
    if (gas == FAILED) return gas;
    data = frame.memory + load<u32>(sp);
  }
  keccak256(data, length as u32, out);
  wordFromBytes(out, out);
  if (recording) notePreimage(data, length as u32, out);
  return gas;
}
