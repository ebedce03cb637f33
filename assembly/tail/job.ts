/**
 * What is left to do of a block once its transactions are decided (its tries), in units that any thread takes. A unit
 * that is done twice comes to the same: what a thread was lost with is done again.
 */

/** size 128 */
@unmanaged
export class Job {
  /** JOB_* */
  kind: u32;
  /** How many units there are. */
  count: u32;
  /** 1: nobody is to take another one. */
  ended: u32;
  reserved: u32;
  reserved1: u64;
  reserved2: u64;
  reserved3: u64;
  reserved4: u64;
  reserved5: u64;
  reserved6: u64;
  // A cache line of its own: every thread writes to it.
  /** The unit to be taken next. */
  next: u32;
  reserved7: u32;
  reserved8: u64;
  reserved9: u64;
  reserved10: u64;
  reserved11: u64;
  reserved12: u64;
  reserved13: u64;
  reserved14: u64;
}

/** A ListJob of lists.ts. */
export const JOB_LISTS: u32 = 0;
/** A ForestJob of forest.ts. */
export const JOB_FOREST: u32 = 1;

export const NO_UNIT: u32 = 0xffff_ffff;

/** Takes a unit; NO_UNIT when there is none left. */
export function takeUnit(job: Job): u32 {
  if (atomic.load<u32>(changetype<usize>(job) + offsetof<Job>("ended")) != 0) return NO_UNIT;
  const unit = atomic.add<u32>(changetype<usize>(job) + offsetof<Job>("next"), 1);
  return unit < job.count ? unit : NO_UNIT;
}

export function endJob(job: Job): void {
  atomic.store<u32>(changetype<usize>(job) + offsetof<Job>("ended"), 1);
}
