/** A contract's code, with what its analysis found. Immutable once made; lives in a chain's memory,
 *  or in a run's until it is committed. `bytes` is followed by 64 zero bytes (STOP), so an immediate
 *  may be read past the end. */
@unmanaged
export class Code {
  /** keccak256, 32 big-endian bytes. */
  hash0: u64;
  hash1: u64;
  hash2: u64;
  hash3: u64;
  bytes: u32;
  length: u32;
  /** Bitmap of valid jump destinations, one bit per byte of code; 0 = not analysed yet. */
  jumpdests: u32;
  /** CODE_DELEGATION: the 23 bytes are 0xef0100 || address (EIP-7702). */
  flags: u32;
  /** Space for later passes (basic blocks, compiled function). */
  analysis: u32;
  reserved: u32;
}

export const CODE_DELEGATION: u32 = 1;
