/** BLOCKHASH and BLOBHASH; the other block fields are loads from the context. */
import { blockHash as hostBlockHash } from "../host";
import { context } from "../interpreter/context";
import { NEEDS_BLOCK_HASH } from "../status";
import { setTxFault } from "../state/tx-state";
import { wordFromBytes, zeroWord } from "../u256/word";
import { isHuge } from "./memory";

/** The number at `sp` becomes its hash: one of the 256 blocks before, else zero. */
export function blockHash(sp: usize): void {
  const number = load<u64>(sp);
  const age = context.number - number;
  if (isHuge(sp) || number >= context.number || age > 256) {
    zeroWord(sp);
    return;
  }
  const index = (age as u32) - 1;
  if (index < context.blockHashCount && context.blockHashes != 0) {
    wordFromBytes(sp, (context.blockHashes as usize) + (index as usize) * 32);
  } else if (hostBlockHash(number, sp)) {
    wordFromBytes(sp, sp);
  } else {
    setTxFault(NEEDS_BLOCK_HASH);
  }
}

/** EIP-4844: the index at `sp` becomes the versioned hash, zero past the end. */
export function blobHash(sp: usize): void {
  const index = load<u64>(sp);
  if (isHuge(sp) || index >= (context.blobHashCount as u64)) zeroWord(sp);
  else wordFromBytes(sp, (context.blobHashes as usize) + (index as usize) * 32);
}
