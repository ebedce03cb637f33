/**
 * How instructions that charge gas end: they return the gas that is left, or FAILED with the status
 * in `haltStatus`. No frame has 2^64-1 gas left after it has paid for an instruction.
 */
export const FAILED: u64 = u64.MAX_VALUE;

export let haltStatus: u32 = 0;

export function halt(status: u32): u64 {
  haltStatus = status;
  return FAILED;
}
