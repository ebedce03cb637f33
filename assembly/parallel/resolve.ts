/**
 * What a reader at some place in the order sees of a location. The executing transaction and its
 * validation come through the same functions.
 */
import { ACCOUNT_EXISTS } from "../state/tx-records";
import { add } from "../u256/arithmetic";
import { copyWord, zeroWord } from "../u256/word";
import { bufferTake } from "../memory/thread";
import { AccountValue } from "../state/entries";
import { copyAccountValue } from "../state/base";
import { addFees } from "./fees";
import { Scheduler } from "./scheduler";
import {
  AccountData, ESTIMATE, HAS_ALL, HAS_BALANCE, HAS_CODE, HAS_DELTA, HAS_EXISTS, HAS_NONCE, HAS_RESET, Location,
  Version, versionData,
} from "./versions";

/** What the last resolution found: an AccountValue, or a word. This thread's own. */
let value: usize = 0;
/** Slots: the data that the value came from, 0 = the base state. */
export let resolvedSource: u32 = 0;
/** Slots: who last reset the account's storage before the reader, 0 = nobody. */
export let resolvedReset: u32 = 0;
/** An ESTIMATE that matters lies in the way: the `order` of its writer; 0 = none. */
export let resolvedEstimate: u32 = 0;

/** Once per thread. */
export function resolveInit(): bool {
  value = bufferTake(64);
  return value != 0;
}

/** Writers that the balance and the existence of the last account come from; 0 = the base state. */
let balanceOrder: u32 = 0;
let existsOrder: u32 = 0;

/** Resolves an account for a reader at `order`. Returns an AccountValue, overwritten by the next resolution. */
export function resolveAccount(location: Location, order: u32): usize {
  const at = resolveVersions(location, order);
  if (location.scheduler != 0) addFees(changetype<Scheduler>(location.scheduler), at, order, balanceOrder, existsOrder);
  return at;
}

function resolveVersions(location: Location, order: u32): usize {
  resolvedEstimate = 0;
  balanceOrder = 0;
  existsOrder = 0;
  const out = changetype<AccountValue>(value);
  let wanted: u32 = HAS_ALL;
  let deltas = false;
  let at = atomic.load<u32>(changetype<usize>(location) + offsetof<Location>("versions")) as usize;
  for (; at != 0; at = atomic.load<u32>(at + offsetof<Version>("next")) as usize) {
    if (changetype<Version>(at).order >= order) continue;
    const pointer = versionData(at);
    if (pointer == 0) continue;
    const data = changetype<AccountData>((pointer & ~ESTIMATE) as usize);
    const mask = data.mask;
    // Balances and nonces of a writer that is executed again rarely change; code and existence do.
    if (pointer & ESTIMATE && mask & (HAS_RESET | (wanted & HAS_CODE)) && resolvedEstimate == 0) {
      resolvedEstimate = changetype<Version>(at).order;
    }
    if (wanted & HAS_BALANCE) {
      if (mask & HAS_BALANCE) {
        const balance = changetype<usize>(data) + offsetof<AccountData>("balance");
        if (deltas) add(value + offsetof<AccountValue>("balance"), value + offsetof<AccountValue>("balance"), balance);
        else copyWord(value + offsetof<AccountValue>("balance"), balance);
        wanted &= ~HAS_BALANCE;
        balanceOrder = changetype<Version>(at).order;
      } else if (mask & HAS_DELTA) {
        const balance = changetype<usize>(data) + offsetof<AccountData>("balance");
        if (deltas) add(value + offsetof<AccountValue>("balance"), value + offsetof<AccountValue>("balance"), balance);
        else copyWord(value + offsetof<AccountValue>("balance"), balance);
        deltas = true;
      }
    }
    if (mask & wanted & HAS_NONCE) out.nonce = data.nonce;
    if (mask & wanted & HAS_CODE) out.code = data.code;
    if (mask & wanted & HAS_EXISTS) {
      out.flags = data.flags & ACCOUNT_EXISTS;
      existsOrder = changetype<Version>(at).order;
    }
    wanted &= ~(mask & (HAS_NONCE | HAS_CODE | HAS_EXISTS));
    if (wanted == 0) return value;
  }
  const base = changetype<usize>(location) + offsetof<Location>("value");
  if (wanted == HAS_ALL && !deltas) {
    copyAccountValue(value, base);
    return value;
  }
  const below = changetype<AccountValue>(base);
  if (wanted & HAS_BALANCE) {
    const balance = base + offsetof<AccountValue>("balance");
    if (deltas) add(value + offsetof<AccountValue>("balance"), value + offsetof<AccountValue>("balance"), balance);
    else copyWord(value + offsetof<AccountValue>("balance"), balance);
  }
  if (wanted & HAS_NONCE) out.nonce = below.nonce;
  if (wanted & HAS_CODE) out.code = below.code;
  if (wanted & HAS_EXISTS) out.flags = below.flags;
  return value;
}

/** Order of the last reset of the account's storage before `order`, 0 = none. */
export function lastReset(account: Location, order: u32): u32 {
  if (atomic.load<u32>(changetype<usize>(account) + offsetof<Location>("hasResets")) == 0) return 0;
  let at = atomic.load<u32>(changetype<usize>(account) + offsetof<Location>("versions")) as usize;
  for (; at != 0; at = atomic.load<u32>(at + offsetof<Version>("next")) as usize) {
    const writer = changetype<Version>(at).order;
    if (writer >= order) continue;
    const pointer = versionData(at);
    if (pointer != 0 && changetype<AccountData>((pointer & ~ESTIMATE) as usize).mask & HAS_RESET) {
      if (pointer & ESTIMATE && resolvedEstimate == 0) resolvedEstimate = writer;
      return writer;
    }
  }
  return 0;
}

/** Resolves a slot for a reader at `order`. Returns a pointer to the word. */
export function resolveSlot(location: Location, order: u32): usize {
  resolvedEstimate = 0;
  resolvedSource = 0;
  let at = atomic.load<u32>(changetype<usize>(location) + offsetof<Location>("versions")) as usize;
  let pointer: u32 = 0;
  let writer: u32 = 0;
  for (; at != 0; at = atomic.load<u32>(at + offsetof<Version>("next")) as usize) {
    writer = changetype<Version>(at).order;
    if (writer >= order) continue;
    pointer = versionData(at);
    if (pointer != 0) break;
  }
  resolvedReset = lastReset(changetype<Location>(location.owner), order);
  if (pointer != 0 && writer >= resolvedReset) {
    if (pointer & ESTIMATE) resolvedEstimate = writer;
    resolvedSource = pointer & ~ESTIMATE;
    return resolvedSource;
  }
  if (resolvedReset == 0) return changetype<usize>(location) + offsetof<Location>("value");
  zeroWord(value);
  return value;
}
