/**
 * Multi-version memory of a run: location → versions ordered by who wrote them, newest first.
 *
 * A location is an account or a slot. A version says what one writer left there; its place in the
 * list never changes, only the immutable data it points to does (0 = nothing after all, low bit =
 * ESTIMATE: the writer is being executed again). So readers never lock, and a data pointer names
 * one incarnation's write. Locations and versions are only ever added while threads are at work.
 *
 * Writers are numbered by `order`: with k the transaction's index, 4k + 1 is what was set before
 * it from outside (state overrides), 4k + 2 what was credited before it, 4k + 3 itself.
 */
import { isLearned, signOf } from "./learned";
import { arenaAlloc, arenaFree } from "../memory/arena";
import { accountValueAt, baseAccount, baseSlot, copyAccountValue, slotValueAt } from "../state/base";
import { Run, runCoinbase } from "../transaction/run";
import { copyWord } from "../u256/word";
import { Scheduler, storeField } from "./scheduler";

@unmanaged
export class Location {
  /** Next in the bucket. */
  next: u32;
  /** The next account, or slot, that the same thread made. */
  following: u32;
  /** Location of a slot's account; 0: this is an account. */
  owner: u32;
  /** Newest Version. */
  versions: u32;
  /** Key of a slot, or an address. */
  k0: u64;
  k1: u64;
  k2: u64;
  k3: u64;
  /** Entry of the base state, or 0. */
  base: u32;
  /** Of an account: 1 = some version resets its storage. */
  hasResets: u32;
  /** HOT_*: hot.ts. */
  hot: u32;
  reserved1: u32;
  // What the base state says: AccountValue or word.
  value: u64;
  value1: u64;
  value2: u64;
  value3: u64;
  value4: u64;
  value5: u64;
  /** Of the fee recipient's account in a parallel execution: the Scheduler, in whose entries the fees lie. */
  scheduler: u32;
  reserved: u32;
}

/** `Location.hot`: a read of it was stale. */
export const HOT_SEEN: u32 = 1;
/** One was in an earlier block. */
export const HOT_EXPECTED: u32 = 2;

export const ACCOUNT_LOCATION_SIZE: u32 = offsetof<Location>() as u32;
const SLOT_LOCATION_SIZE: u32 = offsetof<Location>("value4") as u32;

/** Locations that one thread made, linked through `following`, and how many of them (at most) were written. */
@unmanaged
export class LocationLists {
  accounts: u32;
  slots: u32;
  writtenAccounts: u32;
  writtenSlots: u32;
}

@unmanaged
export class Version {
  /** The next older one. */
  next: u32;
  order: u32;
  /** AccountData, or the word of a slot; low bit: ESTIMATE. */
  data: u32;
  location: u32;
  /** Next of the same writer's versions. */
  nextWritten: u32;
  /** Incarnation that wrote the data. */
  stamp: u32;
}

export const VERSION_SIZE: u32 = 32;
export const ESTIMATE: u32 = 1;

/** What a writer left of an account: the fields that `mask` names. */
@unmanaged
export class AccountData {
  mask: u32;
  /** ACCOUNT_EXISTS (HAS_EXISTS) */
  flags: u32;
  nonce: u64;
  /** HAS_BALANCE: the balance; HAS_DELTA: what was added to it, modulo 2^256. */
  balance: u64;
  balance1: u64;
  balance2: u64;
  balance3: u64;
  code: u32;
  reserved: u32;
}

export const ACCOUNT_DATA_SIZE: u32 = 64;
export const SLOT_DATA_SIZE: u32 = 32;

export const HAS_BALANCE: u32 = 1;
export const HAS_DELTA: u32 = 2;
export const HAS_NONCE: u32 = 4;
export const HAS_CODE: u32 = 8;
export const HAS_EXISTS: u32 = 16;
/** Storage below this version is not seen. */
export const HAS_RESET: u32 = 32;
/** Every field is there, so nothing older matters. */
export const HAS_ALL: u32 = HAS_BALANCE | HAS_NONCE | HAS_CODE | HAS_EXISTS;

const FIRST_BUCKETS: u32 = 256;

// @ts-ignore: decorator
@inline
export function orderOf(index: u32): u32 {
  return (index << 2) + 3;
}

/** Memory for what this thread writes into the run. */
let arena: usize = 0;

export function setVersionArena(at: usize): void {
  arena = at;
}

export function versionAlloc(size: u32): usize {
  return arenaAlloc(arena, size);
}

export function versionFree(at: usize, size: u32): void {
  arenaFree(arena, at, size);
}

/** Makes the table of locations (a power of two of buckets). False: out of memory. */
export function versionsInit(run: Run, buckets: u32): bool {
  const size = max<u32>(buckets, FIRST_BUCKETS);
  const at = versionAlloc(size << 2);
  if (at == 0) return false;
  memory.fill(at, 0, (size as usize) << 2);
  run.bucketMask = size - 1;
  run.buckets = at as u32;
  return true;
}

// @ts-ignore: decorator
@inline
function hashKey(owner: u32, k0: u64, k1: u64, k2: u64, k3: u64): u32 {
  const h = (k0 ^ rotl<u64>(k1, 23) ^ rotl<u64>(k2, 37) ^ rotl<u64>(k3, 51) ^ ((owner as u64) << 24)) * 0x9e3779b97f4a7c15;
  return ((h >> 33) ^ (h >> 13)) as u32;
}

function search(head: u32, owner: u32, k0: u64, k1: u64, k2: u64, k3: u64): Location {
  let at = head as usize;
  while (at != 0) {
    const location = changetype<Location>(at);
    if (location.k0 == k0 && location.k1 == k1 && location.owner == owner && location.k2 == k2 && location.k3 == k3) break;
    at = location.next;
  }
  return changetype<Location>(at);
}

/** The account's location, or null. `address`: core order. */
export function findAccountLocation(run: Run, address: usize): Location {
  const k0 = load<u64>(address);
  const k1 = load<u64>(address, 8);
  const k2 = load<u32>(address, 16) as u64;
  const bucket = (run.buckets as usize) + (((hashKey(0, k0, k1, k2, 0) & run.bucketMask) as usize) << 2);
  return search(atomic.load<u32>(bucket), 0, k0, k1, k2, 0);
}

/** The slot's location, or null. */
export function findSlotLocation(run: Run, owner: Location, key: usize): Location {
  const o = changetype<usize>(owner) as u32;
  const k0 = load<u64>(key);
  const k1 = load<u64>(key, 8);
  const k2 = load<u64>(key, 16);
  const k3 = load<u64>(key, 24);
  const bucket = (run.buckets as usize) + (((hashKey(o, k0, k1, k2, k3) & run.bucketMask) as usize) << 2);
  return search(atomic.load<u32>(bucket), o, k0, k1, k2, k3);
}

/** Finds or makes the account's location; null when out of memory. */
export function accountLocation(run: Run, address: usize): Location {
  const k0 = load<u64>(address);
  const k1 = load<u64>(address, 8);
  const k2 = load<u32>(address, 16) as u64;
  const bucket = (run.buckets as usize) + (((hashKey(0, k0, k1, k2, 0) & run.bucketMask) as usize) << 2);
  let head = atomic.load<u32>(bucket);
  const found = search(head, 0, k0, k1, k2, 0);
  if (changetype<usize>(found) != 0) return found;
  const at = versionAlloc(ACCOUNT_LOCATION_SIZE);
  const made = changetype<Location>(at);
  if (at == 0) return made;
  memory.fill(at, 0, ACCOUNT_LOCATION_SIZE);
  made.k0 = k0;
  made.k1 = k1;
  made.k2 = k2;
  const entry = baseAccount(run.chain, address);
  made.base = entry as u32;
  if (entry != 0) copyAccountValue(at + offsetof<Location>("value"), accountValueAt(entry, run.epoch));
  if (run.scheduler != 0) {
    const coinbase = runCoinbase(changetype<usize>(run));
    if (load<u64>(coinbase) == k0 && load<u64>(coinbase, 8) == k1 && (load<u32>(coinbase, 16) as u64) == k2) return linkCoinbase(run, bucket, head, made);
  }
  return link(run, bucket, head, made, ACCOUNT_LOCATION_SIZE);
}

/** Finds or makes the slot's location; null when out of memory. */
export function slotLocation(run: Run, owner: Location, key: usize): Location {
  const o = changetype<usize>(owner) as u32;
  const k0 = load<u64>(key);
  const k1 = load<u64>(key, 8);
  const k2 = load<u64>(key, 16);
  const k3 = load<u64>(key, 24);
  const bucket = (run.buckets as usize) + (((hashKey(o, k0, k1, k2, k3) & run.bucketMask) as usize) << 2);
  let head = atomic.load<u32>(bucket);
  const found = search(head, o, k0, k1, k2, k3);
  if (changetype<usize>(found) != 0) return found;
  const at = versionAlloc(SLOT_LOCATION_SIZE);
  const made = changetype<Location>(at);
  if (at == 0) return made;
  memory.fill(at, 0, SLOT_LOCATION_SIZE);
  made.owner = o;
  copyWord(at + offsetof<Location>("k0"), key);
  const entry = owner.base == 0 ? (0 as usize) : baseSlot(run.chain, owner.base, key);
  made.base = entry as u32;
  if (entry != 0) copyWord(at + offsetof<Location>("value"), slotValueAt(entry, run.epoch));
  if (run.scheduler != 0 && isLearned(signOf(owner.k0, owner.k1, k0, k1, k2, k3))) made.hot = HOT_EXPECTED;
  return link(run, bucket, head, made, SLOT_LOCATION_SIZE);
}

function linkCoinbase(run: Run, bucket: usize, head: u32, made: Location): Location {
  made.scheduler = run.scheduler;
  const linked = link(run, bucket, head, made, ACCOUNT_LOCATION_SIZE);
  storeField(changetype<Scheduler>(run.scheduler), offsetof<Scheduler>("coinbase"), changetype<usize>(linked) as u32);
  return linked;
}

/** Puts a new location into its bucket, unless another thread was first with it. */
function link(run: Run, bucket: usize, head: u32, made: Location, size: u32): Location {
  const at = changetype<usize>(made);
  for (;;) {
    made.next = head;
    const seen = atomic.cmpxchg<u32>(bucket, head, at as u32);
    if (seen == head) break;
    head = seen;
    const found = search(head, made.owner, made.k0, made.k1, made.k2, made.k3);
    if (changetype<usize>(found) != 0) {
      versionFree(at, size);
      return found;
    }
  }
  if (made.owner == 0) {
    made.following = lists.accounts;
    lists.accounts = at as u32;
  } else {
    made.following = lists.slots;
    lists.slots = at as u32;
  }
  // Only a run without a scheduler counts: its table may grow.
  if (run.scheduler == 0 && ++run.locationCount > (run.bucketMask + 1) << 1) growBuckets(run);
  return made;
}

/** Lists of what this thread makes. */
let lists: LocationLists = changetype<LocationLists>(0);

export function setLocationLists(at: usize): void {
  lists = changetype<LocationLists>(at);
}

/** The lists of a run on one thread. */
export function ownLists(run: Run): LocationLists {
  return changetype<LocationLists>(changetype<usize>(run) + offsetof<Run>("accounts"));
}

function growBuckets(run: Run): void {
  const size = (run.bucketMask + 1) << 2;
  const at = versionAlloc(size << 2);
  // Without memory the chains just get longer.
  if (at == 0) return;
  memory.fill(at, 0, (size as usize) << 2);
  rehash(run.accounts, at, size - 1);
  rehash(run.slots, at, size - 1);
  versionFree(run.buckets, (run.bucketMask + 1) << 2);
  run.buckets = at as u32;
  run.bucketMask = size - 1;
}

function rehash(first: u32, buckets: usize, mask: u32): void {
  for (let each = first as usize; each != 0; each = changetype<Location>(each).following) {
    const location = changetype<Location>(each);
    const hash = hashKey(location.owner, location.k0, location.k1, location.k2, location.k3);
    const bucket = buckets + (((hash & mask) as usize) << 2);
    location.next = load<u32>(bucket);
    store<u32>(bucket, each as u32);
  }
}

/** Finds or adds the writer's version of a location; null when out of memory. A new one has no data. */
export function versionOf(location: Location, order: u32): Version {
  let made: usize = 0;
  for (;;) {
    let place = changetype<usize>(location) + offsetof<Location>("versions");
    let at = atomic.load<u32>(place) as usize;
    while (at != 0 && changetype<Version>(at).order > order) {
      place = at + offsetof<Version>("next");
      at = atomic.load<u32>(place) as usize;
    }
    if (at != 0 && changetype<Version>(at).order == order) return changetype<Version>(at);
    if (made == 0) {
      made = versionAlloc(VERSION_SIZE);
      if (made == 0) break;
      const version = changetype<Version>(made);
      version.order = order;
      version.data = 0;
      version.location = changetype<usize>(location) as u32;
      version.nextWritten = 0;
      version.stamp = 0;
    }
    changetype<Version>(made).next = at as u32;
    if (atomic.cmpxchg<u32>(place, at as u32, made as u32) == (at as u32)) {
      if (at == 0) countWritten(location, 1);
      break;
    }
  }
  return changetype<Version>(made);
}

/** Counts a location that has got its first version, or (-1) lost its last one. */
export function countWritten(location: Location, change: i32): void {
  if (location.owner == 0) lists.writtenAccounts += change;
  else lists.writtenSlots += change;
}

// @ts-ignore: decorator
@inline
export function versionData(version: usize): u32 {
  return atomic.load<u32>(version + offsetof<Version>("data"));
}

// @ts-ignore: decorator
@inline
export function publishData(version: Version, data: usize): void {
  atomic.store<u32>(changetype<usize>(version) + offsetof<Version>("data"), data as u32);
}
