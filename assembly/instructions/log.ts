/** LOG0 to LOG4. */
import { GAS_LOG_BYTE, GAS_LOG_TOPIC } from "../gas";
import { scratchWords } from "../interpreter/area";
import { Frame } from "../interpreter/frame";
import { FAILED, halt } from "../interpreter/halt";
import { HALT_INVALID_OPERAND_OUT_OF_GAS, HALT_OUT_OF_GAS } from "../status";
import { addLog, txFault } from "../state/tx-state";
import { copyWord } from "../u256/word";
import { isHuge, touchMemory } from "./memory";

/** Offset, length and `topics` topics at `sp`. */
export function log(frame: Frame, sp: usize, topics: u32, gas: u64): u64 {
  const size = sp - 32;
  if (isHuge(size)) return halt(HALT_INVALID_OPERAND_OUT_OF_GAS);
  const length = load<u64>(size);
  // A price that overflows 64 bits is one that nobody can pay.
  if (length >> 60 != 0) return halt(HALT_OUT_OF_GAS);
  const price = GAS_LOG_BYTE * length + GAS_LOG_TOPIC * (topics as u64);
  if (gas < price) return halt(HALT_OUT_OF_GAS);
  gas -= price;
  let data: usize = 0;
  if (length != 0) {
    gas = touchMemory(frame, sp, length, gas);
    if (gas == FAILED) return gas;
    data = frame.memory + load<u32>(sp);
  }
  // On the stack the first topic has the highest address.
  let from = sp - 64;
  for (let i: u32 = 0; i < topics; i++) {
    copyWord(scratchWords + i * 32, from);
    from -= 32;
  }
  addLog(frame.account as usize, scratchWords, topics, data, length as u32);
  return txFault ? halt(txFault) : gas;
}
