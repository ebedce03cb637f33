/**
 * Code objects and the code store of a chain (one `Code` per hash). A Code is one block: the header, the bytes
 * with CODE_PADDING zero bytes after them, and room for what running it finds: the jump destination
 * bitmap and the text (interpreter/text.ts). So that allocates nothing and can be done by any
 * thread: all write the same bits.
 */
import { keccak256 } from "../crypto/keccak";
import { arenaAlloc, arenaFree } from "../memory/arena";
import { Chain, chainArena } from "../state/chain";
import { MADE_RECORD_SIZE, RECORD_CODE_MADE } from "../state/entries";
import { CODE_TABLE, findCode, tableAddCode, tableRemoveCode, tableReserve } from "../state/index-table";
import { journalPush } from "../state/journal";
import { CODE_DELEGATION, Code } from "./code";

/** Zero bytes after the code: an immediate may be read past the end. */
export const CODE_PADDING: u32 = 64;
/** Bytes of a Code before those of the code itself. */
export const CODE_HEADER: u32 = 64;

/** Size of the block of a Code with `length` bytes. */
export function codeSize(length: u32): u32 {
  return CODE_HEADER + codeTextSize(length) * 2 + codeBitmapSize(length);
}

/** Bytes of the text, as of the code with its padding. */
// @ts-ignore: decorator
@inline
export function codeTextSize(length: u32): u32 {
  return (length + CODE_PADDING + 15) & ~15;
}

/** Room for the text of a Code made by `codeInit`; zeroed. */
// @ts-ignore: decorator
@inline
export function codeText(code: Code): usize {
  return codeBitmap(code) + codeBitmapSize(code.length);
}

/** Bytes of the bitmap: one bit per byte of code and its padding, in whole u64. */
// @ts-ignore: decorator
@inline
export function codeBitmapSize(length: u32): u32 {
  return ((length + CODE_PADDING + 63) >> 6) << 3;
}

/** Room for the jump destination bitmap of a Code made by `codeInit`; zeroed. */
// @ts-ignore: decorator
@inline
export function codeBitmap(code: Code): usize {
  return changetype<usize>(code) + CODE_HEADER + codeTextSize(code.length);
}

/** Makes a Code at `at` (codeSize(length) bytes, 16-byte aligned). `hash`: its 32 bytes, or 0 to compute it. */
export function codeInit(at: usize, bytes: usize, length: u32, hash: usize): Code {
  const code = changetype<Code>(at);
  const copy = at + CODE_HEADER;
  const end = codeSize(length) - CODE_HEADER;
  memory.copy(copy, bytes, length);
  memory.fill(copy + length, 0, end - length);
  if (hash != 0) {
    v128.store(at, v128.load(hash));
    v128.store(at, v128.load(hash, 16), 16);
  } else {
    keccak256(bytes, length, at);
  }
  code.bytes = copy as u32;
  code.length = length;
  code.jumpdests = 0;
  code.flags = length == 23 && (load<u32>(copy) & 0xffffff) == 0x0001ef ? CODE_DELEGATION : 0;
  code.analysis = 0;
  code.reserved = 0;
  return code;
}

/** The chain's Code with these bytes, made if there is none yet; 0 when out of memory. Not for empty code,
 *  which is 0 everywhere. `hash`: the 32 bytes of its keccak256, or 0. */
export function codeIntern(chain: usize, bytes: usize, length: u32, hash: usize): usize {
  const scratch: usize = hashScratch;
  if (hash == 0) {
    keccak256(bytes, length, scratch);
    hash = scratch;
  }
  const known = findCode(chain, hash);
  if (known != 0) return known;
  if (!tableReserve(chain, CODE_TABLE, 1)) return 0;
  const arena = chainArena(chain);
  const at = arenaAlloc(arena, codeSize(length));
  if (at == 0) return 0;
  if (journalPush(chain, at, RECORD_CODE_MADE, 0, 0, MADE_RECORD_SIZE) == 0) {
    arenaFree(arena, at, codeSize(length));
    return 0;
  }
  codeInit(at, bytes, length, hash);
  tableAddCode(chain, at);
  return at;
}

/** The chain's Code with this hash (32 bytes), or 0. */
export function codeFind(chain: usize, hash: usize): usize {
  return findCode(chain, hash);
}

/** Removes a Code from the chain (the journal undoes its making). */
export function dropCode(chain: usize, at: usize): void {
  tableRemoveCode(chain, at);
  arenaFree(chainArena(chain), at, codeSize(changetype<Code>(at).length));
}

/** 32 bytes of this thread. */
let hashScratch: usize = 0;

export function codeStoreInit(scratch: usize): void {
  hashScratch = scratch;
}
