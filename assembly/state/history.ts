/** The history of a chain: going back to an epoch. */
import { dropCode } from "../code/store";
import { dropTries, moveTries } from "../trie/state-trie";
import { copyWord } from "../u256/word";
import { copyAccountValue, dropAccount, dropSlot } from "./base";
import { Chain } from "./chain";
import {
  AccountEntry, ENTRY_VALUE, JournalRecord, LOW_BITS, RECORD_ACCOUNT, RECORD_ACCOUNT_MADE, RECORD_CODE_MADE, RECORD_KIND,
  RECORD_SLOT, RECORD_SLOT_MADE, RECORD_VALUE, SLOT_VALUE, SlotEntry, recordSize,
} from "./entries";
import { Segment, firstMarkAfter, journalCut, journalNextEpoch, markAt, olderOf, segmentEnd, segmentStart } from "./journal";

/**
 * Undoes every write made after `epoch`; a fresh epoch becomes current. Costs the records since.
 * Records are taken oldest first: of several for one entry, the first restores it, and the
 * others are told by the epoch they hold, which is younger than `epoch`.
 */
export function revertTo(at: usize, epoch: u32): void {
  const chain = changetype<Chain>(at);
  if (epoch >= chain.epoch) {
    journalNextEpoch(at);
    return;
  }
  // The tries must not hold entries that are about to go.
  if (chain.trieEpoch > epoch && !moveTries(at, epoch)) dropTries(at);
  const index = firstMarkAfter(at, epoch);
  const mark = markAt(at, index);
  // Slots first: dropping one needs its account's entry.
  undo(at, mark.segment, mark.at, epoch, false);
  undo(at, mark.segment, mark.at, epoch, true);
  journalCut(at, index);
}

function undo(chain: usize, firstSegment: usize, first: usize, epoch: u32, accounts: bool): void {
  let segment = firstSegment;
  let at = first;
  while (true) {
    if (at == segmentEnd(chain, segment)) {
      segment = changetype<Segment>(segment).next;
      if (segment == 0) return;
      at = segmentStart(segment);
      continue;
    }
    const record = changetype<JournalRecord>(at);
    const kind = record.entry & RECORD_KIND;
    const entry = (record.entry & ~RECORD_KIND) as usize;
    if (accounts) {
      if (kind == RECORD_ACCOUNT) {
        if (record.epoch <= epoch) restoreAccount(entry, record);
      } else if (kind == RECORD_ACCOUNT_MADE) dropAccount(chain, entry);
    } else {
      if (kind == RECORD_SLOT) {
        if (record.epoch <= epoch) restoreSlot(entry, record);
      } else if (kind == RECORD_SLOT_MADE) dropSlot(chain, entry);
      else if (kind == RECORD_CODE_MADE) dropCode(chain, entry);
    }
    at += recordSize(kind);
  }
}

function restoreAccount(at: usize, record: JournalRecord): void {
  const entry = changetype<AccountEntry>(at);
  copyAccountValue(at + ENTRY_VALUE, changetype<usize>(record) + RECORD_VALUE);
  entry.epoch = record.epoch;
  entry.older = olderOf(record.older & ~LOW_BITS);
}

function restoreSlot(at: usize, record: JournalRecord): void {
  const entry = changetype<SlotEntry>(at);
  copyWord(at + SLOT_VALUE, changetype<usize>(record) + RECORD_VALUE);
  entry.epoch = record.epoch;
  entry.older = olderOf(record.older & ~LOW_BITS);
}
