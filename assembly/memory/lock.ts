/**
 * A lock in explicit memory: 0 = free, otherwise the owner's thread number + 1, so that the lock of
 * a thread that died can be released (`unlockDead`). Held for well under a microsecond, except
 * when the memory grows.
 */

/** This thread's number + 1; 1 before `setLockOwner` (the main thread). */
let owner: i32 = 1;

export function setLockOwner(threadIndex: u32): void {
  owner = (threadIndex as i32) + 1;
}

const SPINS: i32 = 64;
const WAIT_NANOSECONDS: i64 = 50_000;

export function lock(at: usize): void {
  let spins = SPINS;
  while (atomic.cmpxchg<i32>(at, 0, owner) != 0) {
    if (--spins > 0) continue;
    // The owner may have lost its core; the timeout stands in for a notification.
    const seen = atomic.load<i32>(at);
    if (seen != 0) atomic.wait<i32>(at, seen, WAIT_NANOSECONDS);
    spins = SPINS;
  }
}

// @ts-ignore: decorator
@inline
export function unlock(at: usize): void {
  atomic.store<i32>(at, 0);
}

/** Releases the lock if the thread held it when it died. Returns whether it did. */
export function unlockDead(at: usize, threadIndex: u32): bool {
  const dead = (threadIndex as i32) + 1;
  return atomic.cmpxchg<i32>(at, dead, 0) == dead;
}
