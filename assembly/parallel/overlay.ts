/** Overlay runs on one thread: transactions one after the other, each leaving decided values. */
import { Code } from "../code/code";
import { codeIntern } from "../code/store";
import { SPURIOUS_DRAGON } from "../forks";
import {
  stateReserve, storageSlotCount, wipeStorage, writeAccount, writeAccountEntry, writeSlot, writeSlotEntry, zeroValue,
} from "../state/base";
import { AccountValue, VALUE_EXISTS } from "../state/entries";
import { Run, runArena, runFork } from "../transaction/run";
import { ENGINE_OUT_OF_MEMORY, OK_STOP } from "../status";
import { isZeroWord } from "../u256/word";
import { PUBLISHED_NOTHING, beginWriting, publish, publishCredit, publishValue, publishWord } from "./publish";
import { lastReset, resolveAccount, resolveSlot } from "./resolve";
import {
  ACCOUNT_DATA_SIZE, Location, LocationLists, SLOT_DATA_SIZE, VERSION_SIZE, Version, accountLocation, countWritten,
  orderOf, ownLists, setLocationLists, setVersionArena, slotLocation, versionAlloc, versionData, versionFree, versionsInit,
} from "./versions";

/** Per transaction (and one more, which is open): what truncation needs. */
@unmanaged
class HistoryEntry {
  /** Versions written by it, and before it since the transaction before. */
  written: u32;
  reserved: u32;
  /** Gas used by the transactions before. */
  gasUsed: u64;
  blobGasUsed: u64;
}

const FIRST_HISTORY: u32 = 16;
const NO_LIMIT: u32 = 0xffff_ffff;

/** What `stamp` says in a run on one thread: by whom of the three writers of an index. */
const STAMP_SET: u32 = 1;
const STAMP_CREDIT: u32 = 2;
const STAMP_TRANSACTION: u32 = 3;

// @ts-ignore: decorator
@inline
function entryOf(run: Run, index: u32): HistoryEntry {
  return changetype<HistoryEntry>((run.history as usize) + (index as usize) * offsetof<HistoryEntry>());
}

/** Makes the run ready to be written to. False: out of memory. */
function prepare(run: Run): bool {
  setVersionArena(runArena(changetype<usize>(run)));
  setLocationLists(changetype<usize>(ownLists(run)));
  if (run.buckets == 0 && !versionsInit(run, 0)) return false;
  if (run.count + 1 < run.historyCapacity) return true;
  const capacity = max<u32>(run.historyCapacity << 1, FIRST_HISTORY);
  const size = offsetof<HistoryEntry>() as u32;
  const at = versionAlloc(capacity * size);
  if (at == 0) return false;
  memory.fill(at, 0, capacity * size);
  memory.copy(at, run.history, run.historyCapacity * size);
  versionFree(run.history, run.historyCapacity * size);
  run.history = at as u32;
  run.historyCapacity = capacity;
  return true;
}

/** Keeps the transaction at hand as the run's next one. */
export function keepInOverlay(run: Run, gasUsed: u64, blobGas: u64): u32 {
  if (!prepare(run)) return ENGINE_OUT_OF_MEMORY;
  const entry = entryOf(run, run.count);
  const head = changetype<usize>(entry);
  if (publish(run, orderOf(run.count), STAMP_TRANSACTION, head, true) == PUBLISHED_NOTHING) {
    dropAbove(entry, orderOf(run.count) - 1);
    return ENGINE_OUT_OF_MEMORY;
  }
  entry.gasUsed = run.gasUsed;
  entry.blobGasUsed = run.blobGasUsed;
  run.gasUsed += gasUsed;
  run.blobGasUsed += blobGas;
  run.count++;
  const open = entryOf(run, run.count);
  memory.fill(changetype<usize>(open), 0, offsetof<HistoryEntry>());
  return OK_STOP;
}

/** Adds the word at `value` to a balance, after the transactions so far. */
export function creditOverlay(run: Run, address: usize, value: usize): u32 {
  if (runFork(changetype<usize>(run)) >= SPURIOUS_DRAGON && isZeroWord(value)) return touchOverlay(run, address);
  if (!beginOutside(run, STAMP_CREDIT)) return ENGINE_OUT_OF_MEMORY;
  return publishCredit(run, address, value) ? OK_STOP : ENGINE_OUT_OF_MEMORY;
}

/** EIP-161: an account that is empty goes when it is touched. */
function touchOverlay(run: Run, address: usize): u32 {
  const location = locationToSet(run, address);
  if (changetype<usize>(location) == 0) return ENGINE_OUT_OF_MEMORY;
  const value = currentValue(run, location);
  if (!(value.flags & VALUE_EXISTS) || value.nonce != 0 || value.code != 0) return OK_STOP;
  if (!isZeroWord(changetype<usize>(value) + offsetof<AccountValue>("balance"))) return OK_STOP;
  return setValue(run, location, zeroValue(), true);
}

function beginOutside(run: Run, stamp: u32): bool {
  if (!prepare(run)) return false;
  beginWriting(run, (run.count << 2) + stamp, stamp, changetype<usize>(entryOf(run, run.count)), true);
  return true;
}

/** The location of an account that is to be set; null when out of memory. */
export function locationToSet(run: Run, address: usize): Location {
  return beginOutside(run, STAMP_SET) ? accountLocation(run, address) : changetype<Location>(0);
}

/** The account's value after the transactions so far. */
export function currentValue(run: Run, location: Location): AccountValue {
  return changetype<AccountValue>(resolveAccount(location, orderOf(run.count)));
}

export function setValue(run: Run, location: Location, value: usize, reset: bool): u32 {
  return publishValue(run, location, value, reset) ? OK_STOP : ENGINE_OUT_OF_MEMORY;
}

export function setWord(run: Run, owner: Location, key: usize, value: usize): u32 {
  const location = slotLocation(run, owner, key);
  if (changetype<usize>(location) == 0) return ENGINE_OUT_OF_MEMORY;
  return publishWord(location, value) ? OK_STOP : ENGINE_OUT_OF_MEMORY;
}

/** Drops what the transactions from `index` on wrote, and what was credited after the one before. */
export function truncateOverlay(run: Run, index: u32): void {
  if (run.buckets == 0 || index > run.count) return;
  setVersionArena(runArena(changetype<usize>(run)));
  setLocationLists(changetype<usize>(ownLists(run)));
  for (let i = run.count; i > index; i--) dropAbove(entryOf(run, i), 0);
  const entry = entryOf(run, index);
  dropAbove(entry, (index << 2) + STAMP_SET);
  if (index < run.count) {
    run.gasUsed = entry.gasUsed;
    run.blobGasUsed = entry.blobGasUsed;
    run.count = index;
  }
}

/** Removes the entry's versions that are later than `order`: always the newest of their locations. */
function dropAbove(entry: HistoryEntry, order: u32): void {
  let kept: u32 = 0;
  let at = entry.written as usize;
  while (at != 0) {
    const version = changetype<Version>(at);
    const next = version.nextWritten as usize;
    if (version.order > order) {
      const location = changetype<Location>(version.location);
      location.versions = version.next;
      if (version.next == 0) countWritten(location, -1);
      const data = versionData(at) as usize;
      if (data != 0) versionFree(data, location.owner == 0 ? ACCOUNT_DATA_SIZE : SLOT_DATA_SIZE);
      versionFree(at, VERSION_SIZE);
    } else {
      version.nextWritten = kept;
      kept = at as u32;
    }
    at = next;
  }
  entry.written = kept;
}

/** Applies what writers before `limit` left in the locations of `count` LocationLists (at `lists`, `stride` bytes apart)
 *  to the chain's current epoch: wholly, or (out of memory) not at all. */
export function commitVersions(run: Run, lists: usize, stride: usize, count: u32, limit: u32): u32 {
  const chain = run.chain as usize;
  const end = lists + (count as usize) * stride;
  // One more: fees alone write to their recipient.
  let accounts: u32 = 1;
  let slots: u32 = 0;
  for (let at = lists; at < end; at += stride) {
    accounts += changetype<LocationLists>(at).writtenAccounts;
    slots += changetype<LocationLists>(at).writtenSlots;
    if ((run.hasCodes | run.hasResets) == 0) continue;
    for (let each = changetype<LocationLists>(at).accounts as usize; each != 0; each = changetype<Location>(each).following) {
      const location = changetype<Location>(each);
      if (!isWritten(location)) continue;
      if (location.hasResets && location.base != 0) slots += storageSlotCount(location.base);
      if (!internCode(chain, location, limit)) return ENGINE_OUT_OF_MEMORY;
    }
  }
  if (!stateReserve(chain, accounts, slots)) return ENGINE_OUT_OF_MEMORY;
  for (let at = lists; at < end; at += stride) {
    for (let each = changetype<LocationLists>(at).accounts as usize; each != 0; each = changetype<Location>(each).following) {
      if (isWritten(changetype<Location>(each))) commitAccount(chain, changetype<Location>(each), limit);
    }
  }
  for (let at = lists; at < end; at += stride) {
    for (let each = changetype<LocationLists>(at).slots as usize; each != 0; each = changetype<Location>(each).following) {
      if (changetype<Location>(each).versions != 0) commitSlot(chain, changetype<Location>(each), limit);
    }
  }
  return OK_STOP;
}

/** The fee recipient's account is written to by fees alone, too. */
// @ts-ignore: decorator
@inline
function isWritten(location: Location): bool {
  return location.versions != 0 || location.scheduler != 0;
}

function internCode(chain: usize, location: Location, limit: u32): bool {
  const value = changetype<AccountValue>(resolveAccount(location, limit));
  const base = changetype<AccountValue>(changetype<usize>(location) + offsetof<Location>("value"));
  if (value.code == 0 || value.code == base.code) return true;
  const code = changetype<Code>(value.code);
  return codeIntern(chain, code.bytes, code.length, value.code) != 0;
}

function commitAccount(chain: usize, location: Location, limit: u32): void {
  const at = resolveAccount(location, limit);
  const value = changetype<AccountValue>(at);
  const base = changetype<AccountValue>(changetype<usize>(location) + offsetof<Location>("value"));
  if (!(value.flags & VALUE_EXISTS)) memory.fill(at, 0, offsetof<AccountValue>());
  else if (value.code != 0 && value.code != base.code) {
    const code = changetype<Code>(value.code);
    value.code = codeIntern(chain, code.bytes, code.length, value.code) as u32;
  }
  if (location.base != 0) writeAccountEntry(chain, location.base, at);
  else if (value.flags & VALUE_EXISTS) location.base = writeAccount(chain, changetype<usize>(location) + offsetof<Location>("k0"), at) as u32;
  if (location.hasResets && location.base != 0 && lastReset(location, limit) != 0) wipeStorage(chain, location.base);
}

function commitSlot(chain: usize, location: Location, limit: u32): void {
  const value = resolveSlot(location, limit);
  const owner = changetype<Location>(location.owner);
  if (location.base != 0) writeSlotEntry(chain, location.base, value);
  else if (owner.base != 0) writeSlot(chain, owner.base, changetype<usize>(location) + offsetof<Location>("k0"), value);
}

/** Applies all of an overlay run. */
export function commitOverlay(run: Run): u32 {
  if (run.buckets == 0) return OK_STOP;
  return commitVersions(run, changetype<usize>(ownLists(run)), offsetof<LocationLists>(), 1, NO_LIMIT);
}
