/** Functions of the ABI for what comes after execution: the tries of a block, worked on by many threads. */
import { ForestJob, freeForestJob, newForestJob, workOnForest } from "../tail/forest";
import { JOB_LISTS, Job, endJob } from "../tail/job";
import { ListJob, finishLists, freeListJob, listJobStatus, newListJob, workOnLists } from "../tail/lists";
import { dropTries, forgetTries, moveTries } from "../trie/state-trie";
import { Chain } from "../state/chain";

export function listJobCreate(records: usize, envelopes: usize, count: u32, flags: u32): usize {
  return newListJob(records, envelopes, count, flags);
}

export function listJobFinish(job: usize, out: usize): u32 {
  return finishLists(changetype<ListJob>(job), out);
}

/** The status of a `listJobCreate` that returned 0. */
export function listJobFailure(): u32 {
  return listJobStatus;
}

export function rootJobCreate(chain: usize, epoch: u32, leastNodes: u32): usize {
  // A write makes two to four nodes stale.
  if (changetype<Chain>(chain).writes - changetype<Chain>(chain).trieWrites < leastNodes >> 2) return 0;
  if (!moveTries(chain, epoch)) {
    dropTries(chain);
    return 0;
  }
  return newForestJob(chain, min<u32>(epoch, changetype<Chain>(chain).epoch), leastNodes);
}

export function chainForgetTries(chain: usize): void {
  forgetTries(chain);
}

export function jobWork(at: usize): void {
  const job = changetype<Job>(at);
  if (job.kind == JOB_LISTS) workOnLists(changetype<ListJob>(at));
  else workOnForest(changetype<ForestJob>(at));
}

export function jobEnd(job: usize): void {
  endJob(changetype<Job>(job));
}

export function jobFree(at: usize): void {
  if (changetype<Job>(at).kind == JOB_LISTS) freeListJob(changetype<ListJob>(at));
  else freeForestJob(changetype<ForestJob>(at));
}
