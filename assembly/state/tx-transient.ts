/** Transient storage of the executing transaction (EIP-1153). */
import { copyWord, zeroWord } from "../u256/word";
import { Index, INDEX_ENTRY, indexInit, indexReset, indexResize, recordAlloc } from "./tx-memory";
import { TxAccount, failWhenFull, hashSlot, insertEntry } from "./tx-records";

/** A transient word (EIP-1153). */
@unmanaged
export class TxTransient {
  key: u64;
  key1: u64;
  key2: u64;
  key3: u64;
  value: u64;
  value1: u64;
  value2: u64;
  value3: u64;
  account: u32;
  next: u32;
}

let transients: Index = changetype<Index>(0);
let firstTransient: usize = 0;
let lastTransient: usize = 0;

/** Once per thread. */
export function transientInit(): bool {
  transients = indexInit(1 << 6);
  return changetype<usize>(transients) != 0;
}

export function transientReset(): void {
  if (transients.count != 0) indexReset(transients);
  firstTransient = lastTransient = 0;
}

/** EIP-1153: the transient word's record; null when it was never written and `make` is false. */
export function transientRecord(account: TxAccount, key: usize, make: bool): TxTransient {
  const k0 = load<u64>(key);
  const k1 = load<u64>(key, 8);
  const k2 = load<u64>(key, 16);
  const k3 = load<u64>(key, 24);
  const owner = changetype<usize>(account) as u32;
  let i = hashSlot(owner, k0, k1, k2, k3);
  const at = transients.at as usize;
  const mask = transients.mask;
  const generation = transients.generation;
  let entry: usize = 0;
  for (;;) {
    i &= mask;
    entry = at + (i as usize) * INDEX_ENTRY;
    if (load<u32>(entry) != generation) break;
    const record = changetype<TxTransient>(load<u32>(entry, 4) as usize);
    if (record.key == k0 && record.key1 == k1 && record.key2 == k2 && record.key3 == k3 && record.account == owner) {
      return record;
    }
    i++;
  }
  const made = make ? recordAlloc(offsetof<TxTransient>()) : 0;
  const record = changetype<TxTransient>(made);
  if (made == 0) return record;
  copyWord(made, key);
  zeroWord(made + offsetof<TxTransient>("value"));
  record.account = owner;
  record.next = 0;
  if (lastTransient == 0) firstTransient = made;
  else changetype<TxTransient>(lastTransient).next = made as u32;
  lastTransient = made;
  store<u32>(entry, generation);
  store<u32>(entry, made as u32, 4);
  transients.count++;
  if (transients.count > mask >> 1) growTransients();
  return record;
}

function growTransients(): void {
  if (!indexResize(transients, (transients.mask + 1) << 1)) return failWhenFull(transients);
  for (let at = firstTransient; at != 0; at = changetype<TxTransient>(at).next) {
    const record = changetype<TxTransient>(at);
    insertEntry(transients, hashSlot(record.account, record.key, record.key1, record.key2, record.key3), at);
  }
}
