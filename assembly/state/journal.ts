/**
 * The journal of a chain: records (entries.ts) one after the other in segments, oldest first, and
 * marks that say where each epoch's records begin. An epoch that wrote nothing has no mark.
 */
import { arenaAlloc, arenaFree } from "../memory/arena";
import { Chain, chainArena } from "./chain";
import { JournalRecord, LOW_BITS, MAX_RANK, RECORD_FIRST } from "./entries";

/** Heads a segment. */
@unmanaged
export class Segment {
  next: u32;
  previous: u32;
  /** Bytes with the header. */
  size: u32;
  /** End of the last record; only of segments that are not the current one. */
  end: u32;
}

/** Where the records of `epoch` begin. size 16 */
@unmanaged
export class Mark {
  epoch: u32;
  segment: u32;
  at: u32;
  reserved: u32;
}

const SEGMENT_HEADER: u32 = 16;
const FIRST_SEGMENT: u32 = 2048;
/** A small block of the arena, so `stateReserve` covers it; three fill a chunk. */
export const LAST_SEGMENT: u32 = 20480;
const MARK_SIZE: u32 = 16;
const FIRST_MARKS: u32 = 32;

/** Makes the empty journal of a chain at epoch 1; the chain's first chunk has room. */
export function journalInit(at: usize): void {
  const chain = changetype<Chain>(at);
  addSegment(at, FIRST_SEGMENT);
  chain.journalFirst = chain.journalLast;
  chain.marks = arenaAlloc(chainArena(at), FIRST_MARKS * MARK_SIZE) as u32;
  chain.markCapacity = FIRST_MARKS;
  chain.markCount = 1;
  setMark(markAt(at, 0), chain);
}

/** The mark with this index. */
// @ts-ignore: decorator
@inline
export function markAt(chain: usize, index: u32): Mark {
  return changetype<Mark>((changetype<Chain>(chain).marks as usize) + ((index as usize) << 4));
}

/** Index of the first mark of an epoch after `epoch`; the count of marks when there is none. */
export function firstMarkAfter(chain: usize, epoch: u32): u32 {
  let low: u32 = 0;
  let high = changetype<Chain>(chain).markCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (markAt(chain, middle).epoch > epoch) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Begins the next epoch. Returns false when out of memory. */
export function journalNextEpoch(at: usize): bool {
  const chain = changetype<Chain>(at);
  const last = markAt(at, chain.markCount - 1);
  if (last.segment == chain.journalLast && last.at == chain.journalNext) {
    // The epoch wrote nothing: its mark serves the next one.
    last.epoch = ++chain.epoch;
    return true;
  }
  if (chain.markCount == chain.markCapacity) {
    const arena = chainArena(at);
    const size = chain.markCapacity * MARK_SIZE;
    const marks = arenaAlloc(arena, size * 2);
    if (marks == 0) return false;
    memory.copy(marks, chain.marks, size);
    arenaFree(arena, chain.marks, size);
    chain.marks = marks as u32;
    chain.markCapacity *= 2;
  }
  chain.epoch++;
  setMark(markAt(at, chain.markCount++), chain);
  return true;
}

/** Cuts the journal at the mark with this index, which then begins a fresh epoch. */
export function journalCut(at: usize, index: u32): void {
  const chain = changetype<Chain>(at);
  const mark = markAt(at, index);
  const segment = changetype<Segment>(mark.segment);
  const arena = chainArena(at);
  let later = segment.next as usize;
  while (later != 0) {
    const next = changetype<Segment>(later).next as usize;
    arenaFree(arena, later, changetype<Segment>(later).size);
    later = next;
  }
  segment.next = 0;
  chain.journalLast = mark.segment;
  chain.journalNext = mark.at;
  chain.journalEnd = mark.segment + segment.size;
  chain.markCount = index + 1;
  mark.epoch = ++chain.epoch;
}

/** Appends a record of `size` bytes; its value is the caller's to fill. `older`: of the entry, 0 when it is new.
 *  0 when out of memory. */
export function journalPush(at: usize, entry: usize, kind: u32, older: u32, epoch: u32, size: u32): usize {
  const chain = changetype<Chain>(at);
  if (chain.journalEnd - chain.journalNext < size) {
    const last = changetype<Segment>(chain.journalLast).size;
    if (!addSegment(at, min<u32>(last << 1, LAST_SEGMENT))) return 0;
  }
  const record = chain.journalNext;
  chain.journalNext = record + size;
  const header = changetype<JournalRecord>(record);
  header.entry = (entry as u32) | kind;
  header.epoch = epoch;
  if (older == 0) {
    header.older = 0;
    header.jump = 0;
  } else {
    linkVersion(header, older);
  }
  return record;
}

/** Sets `older` and `jump` (entries.ts). */
function linkVersion(header: JournalRecord, older: u32): void {
  const previous = older & ~LOW_BITS;
  header.older = previous | 1;
  header.jump = previous;
  if (older & RECORD_FIRST) return;
  const version = changetype<JournalRecord>(previous);
  const target = changetype<JournalRecord>(version.jump);
  const rank = version.older & LOW_BITS;
  // Two jumps of one rank, one after the other, are bridged by the next rank.
  if (rank == (target.older & LOW_BITS) && rank < MAX_RANK) {
    header.older = previous | (rank + 1);
    header.jump = target.jump;
  }
}

/** The newest of an entry's versions (`older` of the entry) that is not younger than `epoch`. */
export function versionAt(older: u32, epoch: u32): JournalRecord {
  let record = changetype<JournalRecord>(older & ~LOW_BITS);
  while (record.epoch > epoch) {
    const target = changetype<JournalRecord>(record.jump);
    record = target.epoch > epoch ? target : changetype<JournalRecord>(record.older & ~LOW_BITS);
  }
  return record;
}

/** What `older` of an entry must be for this record to be its newest. */
export function olderOf(record: usize): u32 {
  return (record as u32) | (changetype<JournalRecord>(record).epoch == 0 ? RECORD_FIRST : 0);
}

/** End of the records in a segment. */
// @ts-ignore: decorator
@inline
export function segmentEnd(chain: usize, segment: usize): usize {
  return segment == (changetype<Chain>(chain).journalLast as usize)
    ? changetype<Chain>(chain).journalNext
    : changetype<Segment>(segment).end;
}

// @ts-ignore: decorator
@inline
export function segmentStart(segment: usize): usize {
  return segment + SEGMENT_HEADER;
}

function setMark(mark: Mark, chain: Chain): void {
  mark.epoch = chain.epoch;
  mark.segment = chain.journalLast;
  mark.at = chain.journalNext;
  mark.reserved = 0;
}

function addSegment(at: usize, size: u32): bool {
  const segment = arenaAlloc(chainArena(at), size);
  if (segment == 0) return false;
  const chain = changetype<Chain>(at);
  const header = changetype<Segment>(segment);
  header.next = 0;
  header.previous = chain.journalLast;
  header.size = size;
  header.end = 0;
  if (chain.journalLast != 0) {
    const last = changetype<Segment>(chain.journalLast);
    last.next = segment as u32;
    last.end = chain.journalNext;
  }
  chain.journalLast = segment as u32;
  chain.journalNext = (segment as u32) + SEGMENT_HEADER;
  chain.journalEnd = (segment as u32) + size;
  return true;
}
