/**
 * Receipts as they go into their trie (Yellow Paper 4.4.1, EIPs 658 and 2718), from the results where they lie, and
 * the blooms of their logs.
 */
import { keccak256 } from "../crypto/keccak";
import {
  RESULT_ACCESS, RESULT_CONSOLE, RESULT_GAS_USED, RESULT_LOGS, RESULT_OUTPUT, RESULT_PREIMAGES, RESULT_SIZE, RESULT_STATUS,
} from "../layout";
import { inMemory } from "../memory/bounds";
import { bufferTake, thread } from "../memory/thread";
import { headerSize, putBytes, putHash, putListHeader, putStringHeader, putU64, sizeOfU64 } from "../rlp/rlp";
import { isOk } from "../status";

/** What is to be encoded. size 32 */
@unmanaged
export class Receipt {
  /** RESULT_* record; what it points to follows it, part after part. */
  record: u32;
  /** Packed logs (RESULT_LOGS): where they begin and end. */
  logs: u32;
  logsEnd: u32;
  /** Their size as RLP, without the list's header. */
  logsPayload: u32;
  /** EIP-2718 type; 0: no envelope. */
  type: u32;
  reserved: u32;
  cumulativeGas: u64;
}

export const RECEIPT_SIZE: u32 = offsetof<Receipt>() as u32;
/** `TrieItem.valueLength` of a Receipt. */
export const IS_RECEIPT: u32 = 0xffff_ffff;

export const BLOOM_SIZE: u32 = 256;
/** Type, headers, status, gas and bloom. */
export const RECEIPT_ROOM: u32 = 320;

// A packed log: address, u32 topics, u32 data length, topics, data.
const LOG_TOPICS: usize = 20;
const LOG_DATA_LENGTH: usize = 24;
const LOG_HEADER: usize = 28;
const MOST_TOPICS: u32 = 4;
const ADDRESS: u32 = 20;
const ADDRESS_RLP: u32 = 21;
const TOPIC: u32 = 32;
const TOPIC_RLP: u32 = 33;

/** Fills in a receipt but for its type. `gasBefore`: what the transactions before used. Returns where the record and its
 *  parts end, 0 when they are not what they say. */
export function readReceipt(receipt: Receipt, record: usize, gasBefore: u64): usize {
  if (!inMemory(record, RESULT_SIZE)) return 0;
  let end = (record as u64) + RESULT_SIZE;
  let logs: u64 = 0;
  end += load<u32>(record, RESULT_OUTPUT + 4);
  logs = end;
  end += load<u32>(record, RESULT_LOGS + 4);
  end += load<u32>(record, RESULT_CONSOLE + 4);
  end += load<u32>(record, RESULT_ACCESS + 4);
  end += load<u32>(record, RESULT_PREIMAGES + 4);
  if (!inMemory(0, end)) return 0;
  receipt.record = record as u32;
  receipt.logs = logs as u32;
  receipt.logsEnd = (logs as u32) + load<u32>(record, RESULT_LOGS + 4);
  receipt.cumulativeGas = gasBefore + load<u64>(record, RESULT_GAS_USED);
  let payload: u64 = 0;
  let at = receipt.logs as usize;
  const logsEnd = receipt.logsEnd as usize;
  while (at < logsEnd) {
    if (logsEnd - at < LOG_HEADER) return 0;
    const topics = load<u32>(at, LOG_TOPICS);
    const size = (LOG_HEADER as u64) + (topics as u64) * TOPIC + load<u32>(at, LOG_DATA_LENGTH);
    if (topics > MOST_TOPICS || size > ((logsEnd - at) as u64)) return 0;
    const log = logPayload(at);
    payload += headerSize(log) + log;
    at += size as usize;
  }
  receipt.logsPayload = payload as u32;
  return payload > 0x7fff_0000 ? 0 : (end as usize);
}

/** Size of a log as RLP, without its list's header. */
function logPayload(at: usize): u32 {
  const topics = load<u32>(at, LOG_TOPICS) * TOPIC_RLP;
  const length = load<u32>(at, LOG_DATA_LENGTH);
  const data = at + LOG_HEADER + (load<u32>(at, LOG_TOPICS) as usize) * TOPIC;
  const isByte = length == 1 && load<u8>(data) < 0x80;
  return ADDRESS_RLP + headerSize(topics) + topics + (isByte ? 1 : headerSize(length) + length);
}

/** Most bytes that `putReceipt` writes. */
// @ts-ignore: decorator
@inline
export function receiptRoom(receipt: Receipt): u32 {
  return RECEIPT_ROOM + receipt.logsPayload;
}

/** A receipt as a string of RLP. Its bloom is added to the block's. */
export function putReceipt(to: usize, at: usize): usize {
  const receipt = changetype<Receipt>(at);
  const logs = receipt.logsPayload;
  const payload = 1 + sizeOfU64(receipt.cumulativeGas) + BLOOM_RLP + headerSize(logs) + logs;
  const list = headerSize(payload) + payload;
  to = putStringHeader(to, receipt.type == 0 ? list : list + 1);
  if (receipt.type != 0) store<u8>(to++, receipt.type);
  to = putListHeader(to, payload);
  store<u8>(to, isOk(load<u32>(receipt.record, RESULT_STATUS)) ? 1 : 0x80);
  to = putU64(to + 1, receipt.cumulativeGas);
  // A string of 256 bytes.
  store<u8>(to, 0xb9);
  store<u16>(to, 1, 1);
  const bloom = to + 3;
  memory.fill(bloom, 0, BLOOM_SIZE);
  to = putListHeader(bloom + BLOOM_SIZE, logs);
  for (let log = receipt.logs as usize; log < (receipt.logsEnd as usize); ) {
    const topics = load<u32>(log, LOG_TOPICS);
    const length = load<u32>(log, LOG_DATA_LENGTH);
    to = putListHeader(to, logPayload(log));
    store<u8>(to, 0x80 + ADDRESS);
    memory.copy(to + 1, log, ADDRESS);
    addToBloom(bloom, log, ADDRESS);
    to = putListHeader(to + ADDRESS_RLP, topics * TOPIC_RLP);
    log += LOG_HEADER;
    for (let i: u32 = 0; i < topics; i++) {
      to = putHash(to, log);
      addToBloom(bloom, log, TOPIC);
      log += TOPIC;
    }
    to = putBytes(to, log, length);
    log += length;
  }
  if (logs != 0) addBloom(blockBloom, bloom);
  return to;
}

const BLOOM_RLP: u32 = 3 + BLOOM_SIZE;

/** Bloom of the receipts that this thread encodes: all are added to it. */
let blockBloom: usize = 0;

/** Receipts encoded from now on are added to the bloom at `at`. */
export function collectBloom(at: usize): void {
  blockBloom = at;
}

export function addBloom(to: usize, other: usize): void {
  for (let i: usize = 0; i < BLOOM_SIZE; i += 16) v128.store(to + i, v128.or(v128.load(to + i), v128.load(other + i)));
}

// --- the bits of addresses and topics: blocks repeat the same few, and a hash is 0.3 us

/** size 48 */
@unmanaged
class KnownBits {
  /** The item; an address ends in zeros. */
  item0: u64;
  item1: u64;
  item2: u64;
  item3: u64;
  /** Bytes of the item; 0: there is none. */
  length: u32;
  bit0: u16;
  bit1: u16;
  bit2: u16;
  reserved: u16;
  reserved1: u32;
}

const KNOWN: u32 = 1024;
const KNOWN_SIZE: u32 = offsetof<KnownBits>() as u32;

/** This thread's table, one place per item. */
let known: usize = 0;

function addToBloom(bloom: usize, item: usize, length: u32): void {
  const bits = bitsOf(item, length);
  setBit(bloom, bits.bit0);
  setBit(bloom, bits.bit1);
  setBit(bloom, bits.bit2);
}

// @ts-ignore: decorator
@inline
function setBit(bloom: usize, bit: u32): void {
  const at = bloom + (BLOOM_SIZE as usize) - 1 - (bit >> 3);
  store<u8>(at, (load<u8>(at) as u32) | ((1 as u32) << (bit & 7)));
}

/** The three bit numbers of an address or topic. */
function bitsOf(item: usize, length: u32): KnownBits {
  if (known == 0) {
    known = bufferTake(KNOWN * KNOWN_SIZE);
    // Without it, one place in the work area does.
    if (known != 0) memory.fill(known, 0, KNOWN * KNOWN_SIZE);
  }
  const item0 = load<u64>(item);
  const item1 = load<u64>(item, 8);
  const item2 = length == ADDRESS ? load<u32>(item, 16) as u64 : load<u64>(item, 16);
  const item3 = length == ADDRESS ? 0 : load<u64>(item, 24);
  const mixed = ((item0 ^ item1) + (item2 ^ item3)) * 0x9e37_79b9_7f4a_7c15;
  const place = known == 0 ? (thread.work as usize) + SPARE : known + ((mixed >> 54) as usize) * KNOWN_SIZE;
  const entry = changetype<KnownBits>(place);
  if (
    known != 0 && entry.length == length && entry.item0 == item0 && entry.item1 == item1 && entry.item2 == item2 &&
    entry.item3 == item3
  ) {
    return entry;
  }
  const hash = (thread.work as usize) + HASH;
  keccak256(item, length, hash);
  entry.item0 = item0;
  entry.item1 = item1;
  entry.item2 = item2;
  entry.item3 = item3;
  entry.length = length;
  entry.bit0 = bitAt(hash);
  entry.bit1 = bitAt(hash + 2);
  entry.bit2 = bitAt(hash + 4);
  return entry;
}

// Offsets in the thread's work area, whose start is for converted arguments.
const HASH: usize = 0;
const SPARE: usize = 64;

/** A big-endian number modulo the 2,048 bits of a bloom. */
// @ts-ignore: decorator
@inline
function bitAt(at: usize): u16 {
  return bswap<u16>(load<u16>(at)) & 2047;
}
