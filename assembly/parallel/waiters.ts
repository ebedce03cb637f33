/** Transactions that wait for other ones, because they met an ESTIMATE. */
import {
  Entry, READY, Scheduler, WAITING, claim, entryOf, incarnationIn, lowerCursor, makeState, notifyOne, stateOf, statusIn,
} from "./scheduler";

/** Puts `index` among those that wait for `blocker`. */
export function addWaiter(scheduler: Scheduler, blocker: Entry, index: u32): void {
  const self = entryOf(scheduler, index);
  const head = changetype<usize>(blocker) + offsetof<Entry>("waiters");
  let seen = atomic.load<u32>(head);
  for (;;) {
    self.nextWaiter = seen;
    const now = atomic.cmpxchg<u32>(head, seen, index + 1);
    if (now == seen) return;
    seen = now;
  }
}

/**
 * Makes those that wait for `entry` ready. Only who took the list makes its members ready, and only
 * a ready one can come to wait again, so `nextWaiter` is never in two lists. Returns one of them
 * (index + 1) for the calling thread to go on with, 0 = none.
 */
export function wakeWaiters(scheduler: Scheduler, entry: Entry): u32 {
  const head = changetype<usize>(entry) + offsetof<Entry>("waiters");
  if (atomic.load<u32>(head) == 0) return 0;
  let first: u32 = 0;
  let at = atomic.xchg<u32>(head, 0);
  while (at != 0) {
    const waiter = entryOf(scheduler, at - 1);
    const next = waiter.nextWaiter;
    const state = stateOf(waiter);
    if (statusIn(state) == WAITING && claim(waiter, state, makeState(incarnationIn(state), READY))) {
      if (first == 0 || at < first) {
        if (first != 0) offer(scheduler, first - 1);
        first = at;
      } else offer(scheduler, at - 1);
    }
    at = next;
  }
  return first;
}

function offer(scheduler: Scheduler, index: u32): void {
  lowerCursor(scheduler, offsetof<Scheduler>("executionIndex"), index);
  notifyOne(scheduler);
}
