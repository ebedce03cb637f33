/**
 * Locations that one transaction after the other reads and writes. Who comes to read such a one waits there, in the middle of
 * its execution, until those before it that are likely to write to it have done so: what it did before that it has done beside
 * them, and it need not be executed twice. A location is hot once a read of it was stale.
 *
 * Time of two threads by that of one (2 cores, AMD EPYC; blocks of 1,000 and 10,000, two runs whose second core was not always
 * there), without waiting and with: ERC-20 transfers to one recipient 0.88 to 1.13 and 0.58 to 0.94, mints that add to a total
 * 0.91 to 1.03 and 0.64 to 0.91, one hot slot after some work 0.93 to 0.96 and 0.76 to 1.0, lending 0.95 to 0.99 and 0.87 to
 * 1.07. Where the hot location comes first there is little to gain: swaps in one pool 0.87 to 1.81 with it, so that
 * the policy leaves them to one thread.
 *
 * Nobody waits for anything but transactions before its own, so whoever is first among those that have not run waits for
 * nobody; and every wait ends by itself, because that first one may be in no thread's hands. What is read then may be stale,
 * as any read may: commit finds out.
 */
import { EXECUTING, RUNNING, Scheduler, entryOf, hasRun, loadField, stateOf, statusIn, storeField } from "./scheduler";
import { forget, learn, signOf } from "./learned";
import { HOT_EXPECTED, HOT_SEEN, Location, Version, versionData } from "./versions";

/** Looks at those before: some tens of microseconds, as long as a large transaction takes. */
const PATIENCE: u32 = 4000;

/** Whether this thread has others beside it that go on while it waits. */
let patient: bool = true;

export function setPatient(isPatient: bool): void {
  patient = isPatient;
}

/** Notes that a read of the location was stale. */
export function noteHot(scheduler: Scheduler, location: usize): void {
  atomic.store<u32>(location + offsetof<Location>("hot"), HOT_SEEN);
  // Only what is written again and again is a chain; two transactions that follow each other are no matter for others.
  const newest = atomic.load<u32>(location + offsetof<Location>("versions")) as usize;
  if (newest == 0 || atomic.load<u32>(newest + offsetof<Version>("next")) == 0) return;
  storeField(scheduler, offsetof<Scheduler>("hasChains"), 1);
  const sign = signOfSlot(changetype<Location>(location));
  if (sign != 0) learn(sign);
}

/** What stands for a slot in learned.ts; 0 for an account. */
function signOfSlot(location: Location): u32 {
  if (location.owner == 0) return 0;
  const owner = changetype<Location>(location.owner);
  return signOf(owner.k0, owner.k1, location.k0, location.k1, location.k2, location.k3);
}

// @ts-ignore: decorator
@inline
export function isHot(location: Location): bool {
  return atomic.load<u32>(changetype<usize>(location) + offsetof<Location>("hot")) != 0;
}

/** Waits, not for long, for what those before `order` are likely to leave in a hot location. */
export function awaitWriters(scheduler: Scheduler, location: Location, order: u32): void {
  const hot = changetype<usize>(location) + offsetof<Location>("hot");
  if (atomic.load<u32>(hot) != HOT_EXPECTED) {
    wait(scheduler, location, order);
    return;
  }
  if (!wait(scheduler, location, order)) return;
  // It was waited for: either there was something to wait for, or it is not as it was.
  if (nextWriter(location, order) != 0) {
    storeField(scheduler, offsetof<Scheduler>("hasChains"), 1);
    atomic.cmpxchg<u32>(hot, HOT_EXPECTED, HOT_SEEN);
  } else if (atomic.cmpxchg<u32>(hot, HOT_EXPECTED, 0) == HOT_EXPECTED) {
    forget(signOfSlot(location));
  }
}

/** Returns whether there was anything to wait for. */
function wait(scheduler: Scheduler, location: Location, order: u32): bool {
  const self = order >> 2;
  const most = patient ? PATIENCE : 0;
  let from: u32 = 0;
  for (let looks = most; looks > 0; looks--) {
    from = max<u32>(from, nextWriter(location, order));
    from = max<u32>(from, loadField(scheduler, offsetof<Scheduler>("commitIndex")));
    while (from < self && hasRun(stateOf(entryOf(scheduler, from)))) from++;
    if (from >= self) return looks < most;
    // It was taken over, or the block has ended: nobody will ask for what comes of it.
    if (statusIn(stateOf(entryOf(scheduler, self))) != EXECUTING) return false;
    if (loadField(scheduler, offsetof<Scheduler>("ended")) != RUNNING) return false;
  }
  return most != 0;
}

/** The transaction that is expected to write next: as far from the last one that has as that is from the one before. */
function nextWriter(location: Location, order: u32): u32 {
  let last: u32 = 0;
  let at = atomic.load<u32>(changetype<usize>(location) + offsetof<Location>("versions")) as usize;
  for (; at != 0; at = atomic.load<u32>(at + offsetof<Version>("next")) as usize) {
    const writer = changetype<Version>(at).order;
    if (writer >= order || versionData(at) == 0) continue;
    if (last != 0) return ((last << 1) - writer) >> 2;
    last = writer;
  }
  return last == 0 ? 0 : (last >> 2) + 1;
}
