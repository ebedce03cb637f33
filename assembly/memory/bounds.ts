/** Whether what the host points at lies in the memory. Fixed-size arguments are not looked at: their places are the
 *  host's own, while counts and lengths come from what it was asked to do. */
import {
  AUTH_SIZE, TX_ACCESS_LIST, TX_AUTHORIZATIONS, TX_BLOB_HASHES, TX_DATA, TX_SIZE,
} from "../layout";

/** Longest code that a `Code` has room for; nobody can pay for it. */
export const MAX_CODE_LENGTH: u32 = 0x3fff_0000;

// @ts-ignore: decorator
@inline
export function inMemory(at: usize, length: u64): bool {
  return (at as u64) + length <= (memory.size() as u64) << 16;
}

/** Whether a TX_* record and its lists do. */
export function isRecordInMemory(tx: usize): bool {
  return (
    inMemory(tx, TX_SIZE) &&
    isListInMemory(tx + TX_DATA, 1) &&
    isListInMemory(tx + TX_BLOB_HASHES, 32) &&
    isListInMemory(tx + TX_AUTHORIZATIONS, AUTH_SIZE) &&
    isAccessListInMemory(load<u32>(tx, TX_ACCESS_LIST), load<u32>(tx, TX_ACCESS_LIST + 4))
  );
}

/** `at`: u32 pointer, u32 count. */
// @ts-ignore: decorator
@inline
function isListInMemory(at: usize, itemSize: usize): bool {
  return inMemory(load<u32>(at), (load<u32>(at, 4) as u64) * itemSize);
}

function isAccessListInMemory(list: u32, count: u32): bool {
  let at = list as u64;
  for (let i: u32 = 0; i < count; i++) {
    if (!inMemory(at as usize, 24)) return false;
    at += 24 + (load<u32>(at as usize, 20) as u64) * 32;
    if (!inMemory(0, at)) return false;
  }
  return true;
}
