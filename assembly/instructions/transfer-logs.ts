/** EIP-7708: logs that nobody emits, of ether that moves or is burnt. */
import { scratchWords } from "../interpreter/area";
import { ACCOUNT_DESTRUCTED, TxAccount, firstAccount } from "../state/tx-records";
import { addLog, observeBalance } from "../state/tx-state";
import { copyWord, isZeroWord, wordToBytes } from "../u256/word";
import { balanceOf, setAddress } from "./environment";

/** 0xfffffffffffffffffffffffffffffffffffffffe, the system's address. */
const SYSTEM: usize = memory.data<u64>([0xfffffffffffffffe, 0xffffffffffffffff, 0xffffffff]);
/** keccak256("Transfer(address,address,uint256)"), as a word. */
const TRANSFER: usize = memory.data<u64>([0x28f55a4df523b3ef, 0x952ba7f163c4a116, 0x69c2b068fc378daa, 0xddf252ad1be2c89b]);
/** keccak256("Burn(address,uint256)"), as a word. */
const BURN: usize = memory.data<u64>([0x71a0fdb75d397ca5, 0x6cffcc184412cf7a, 0x815c1ee09dbd0673, 0xcc16f5dbb4873280]);

/** In this thread's scratch words: three topics, and the data. */
const TOPICS: usize = 512;
const DATA: usize = 608;

/** `from` and `to`: addresses; `value`: a word. Nothing is logged for zero. */
export function logTransfer(from: usize, to: usize, value: usize): void {
  if (isZeroWord(value)) return;
  const topics = scratchWords + TOPICS;
  copyWord(topics, TRANSFER);
  setAddress(topics + 32, from);
  setAddress(topics + 64, to);
  emit(3, value);
}

/** The word at `value` went with the account at `address`. */
export function logBurn(address: usize, value: usize): void {
  if (isZeroWord(value)) return;
  const topics = scratchWords + TOPICS;
  copyWord(topics, BURN);
  setAddress(topics + 32, address);
  emit(2, value);
}

function emit(topicCount: u32, value: usize): void {
  wordToBytes(scratchWords + DATA, value);
  addLog(SYSTEM, scratchWords + TOPICS, topicCount, scratchWords + DATA, 32);
}

/** At the end of a transaction: what accounts got after they were destroyed is burnt, in the order of their addresses. */
export function logLeftovers(): void {
  let last = changetype<TxAccount>(0);
  for (;;) {
    let next = changetype<TxAccount>(0);
    for (let at = firstAccount; at != 0; at = changetype<TxAccount>(at).next) {
      const account = changetype<TxAccount>(at);
      if (!(account.flags & ACCOUNT_DESTRUCTED)) continue;
      if (changetype<usize>(last) != 0 && !isBelow(last, account)) continue;
      if (changetype<usize>(next) == 0 || isBelow(account, next)) next = account;
    }
    if (changetype<usize>(next) == 0) return;
    observeBalance(next);
    logBurn(changetype<usize>(next), balanceOf(next));
    last = next;
  }
}

function isBelow(a: TxAccount, b: TxAccount): bool {
  if (a.hi != b.hi) return a.hi < b.hi;
  return a.mid != b.mid ? a.mid < b.mid : a.lo < b.lo;
}
