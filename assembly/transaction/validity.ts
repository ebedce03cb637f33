/**
 * Validity of a transaction, in the order in which revm checks it, so that a transaction with
 * several faults is refused for the same one.
 */
import { Context, context } from "../interpreter/context";
import { AMSTERDAM, BERLIN, CANCUN, LONDON, PRAGUE, SHANGHAI } from "../forks";
import {
  ENV_FLAG_NO_BLOCK_GAS_LIMIT, ENV_FLAG_STATE_GAS_APART, TX_FLAG_CREATE, TX_FLAG_NO_BALANCE_CHECK, TX_FLAG_NO_BASE_FEE,
  TX_FLAG_NO_BLOCK_GAS_LIMIT, TX_FLAG_NO_EIP3607, TX_FLAG_NO_NONCE_CHECK,
} from "../layout";
import { CODE_DELEGATION, Code } from "../code/code";
import {
  INVALID_AUTHORIZATION_CREATE, INVALID_AUTHORIZATION_LIST_EMPTY, INVALID_BLOB_COUNT, INVALID_BLOB_CREATE,
  INVALID_BLOB_FEE, INVALID_BLOB_VERSION, INVALID_FEE_BELOW_BASE_FEE, INVALID_FLOOR_GAS,
  INVALID_GAS_LIMIT_EXCEEDS_BLOCK, INVALID_GAS_LIMIT_EXCEEDS_CAP, INVALID_INITCODE_SIZE, INVALID_INSUFFICIENT_FUNDS,
  INVALID_INTRINSIC_GAS, INVALID_NONCE_OVERFLOW, INVALID_NONCE_TOO_HIGH, INVALID_NONCE_TOO_LOW,
  INVALID_PRIORITY_ABOVE_FEE, INVALID_SENDER_NOT_EOA, INVALID_TYPE_NOT_SUPPORTED, INVALID_ZERO_BLOBS, OK_STOP,
} from "../status";
import { hasBalance, observeBalance, observeCode, observeNonce, subBalance, TxAccount } from "../state/tx-state";
import { add, lessThan, mulHigh, sub } from "../u256/arithmetic";
import { copyWord, isZeroWord, setWord64 } from "../u256/word";
import { computeIntrinsicGas } from "./intrinsic";
import { invalid, invalid64 } from "./result";
import { Run } from "./run";
import {
  Work, work, workA, workB, workBlobFee, workC, workFeeCap, workPriorityFee, workValue,
} from "./work";

/** EIP-4844 */
export const BLOB_GAS: u64 = 131072;
const VERSION_KZG: u8 = 1;

/** Whether the transaction fits into what is left of the block; `used`: by those before it. */
export function checkBlockGas(run: Run, gasLimit: u64, flags: u32, used: u64): u32 {
  if ((run.flags & ENV_FLAG_NO_BLOCK_GAS_LIMIT) | (flags & TX_FLAG_NO_BLOCK_GAS_LIMIT)) return OK_STOP;
  let most = gasLimit;
  if (run.flags & ENV_FLAG_STATE_GAS_APART) {
    // EIP-8037: any of it may be for new state, and up to the cap for the rest.
    if (exceedsBlock(run, gasLimit, run.stateGasUsed)) return INVALID_GAS_LIMIT_EXCEEDS_BLOCK;
    if (run.txGasCap != 0) most = min<u64>(gasLimit, run.txGasCap);
  }
  return exceedsBlock(run, most, used) ? INVALID_GAS_LIMIT_EXCEEDS_BLOCK : OK_STOP;
}

function exceedsBlock(run: Run, gas: u64, used: u64): bool {
  const left = run.gasLimit > used ? run.gasLimit - used : 0;
  if (gas <= left) return false;
  invalid64(INVALID_GAS_LIMIT_EXCEEDS_BLOCK, gas, left);
  return true;
}

/** Whether its blobs fit; `used`: blob gas of those before it. */
export function checkBlobGas(run: Run, blobCount: u32, used: u64): u32 {
  if (blobCount == 0 || run.maxBlobGas == 0) return OK_STOP;
  const gas = (blobCount as u64) * BLOB_GAS;
  return used + gas > run.maxBlobGas ? invalid64(INVALID_BLOB_COUNT, gas, run.maxBlobGas - min(used, run.maxBlobGas)) : OK_STOP;
}

/** What can be said without the state. Also computes the intrinsic gas and the effective gas price. */
export function checkTransaction(run: Run): u32 {
  const self: Work = work;
  const block: Context = context;
  const fork = block.fork;
  // EIP-8037: what is above the cap is for new state.
  const isAboveCap = run.txGasCap != 0 && self.gasLimit > run.txGasCap;
  if (isAboveCap && fork < AMSTERDAM) {
    return invalid64(INVALID_GAS_LIMIT_EXCEEDS_CAP, self.gasLimit, run.txGasCap);
  }
  const status = checkType(run, fork);
  if (status != OK_STOP) return status;
  if (fork >= SHANGHAI && self.flags & TX_FLAG_CREATE && self.dataLength > block.maxInitcodeSize) {
    return invalid64(INVALID_INITCODE_SIZE, self.dataLength, block.maxInitcodeSize);
  }
  computeIntrinsicGas(fork);
  if (self.intrinsicGas > self.gasLimit) return invalid64(INVALID_INTRINSIC_GAS, self.intrinsicGas, self.gasLimit);
  if (self.floorGas > self.gasLimit) return invalid64(INVALID_FLOOR_GAS, self.floorGas, self.gasLimit);
  if (isAboveCap) {
    const least = max<u64>(self.intrinsicGas - self.intrinsicStateGas, self.floorGas);
    if (least > run.txGasCap) return invalid64(INVALID_FLOOR_GAS, least, run.txGasCap);
  }
  return OK_STOP;
}

function checkType(run: Run, fork: u32): u32 {
  const self: Work = work;
  const type = self.type;
  if (type == 0) return checkGasPrice();
  if (type == 1) return fork < BERLIN ? invalid64(INVALID_TYPE_NOT_SUPPORTED, 1, fork) : checkGasPrice();
  if (type > 4 || fork < (type == 2 ? LONDON : type == 3 ? CANCUN : PRAGUE)) {
    return invalid64(INVALID_TYPE_NOT_SUPPORTED, type, fork);
  }
  const status = checkFees();
  if (status != OK_STOP) return status;
  if (type == 3) return checkBlobs(run);
  if (type == 4) {
    if (self.authorizationCount == 0) return invalid64(INVALID_AUTHORIZATION_LIST_EMPTY, 0, 0);
    if (self.flags & TX_FLAG_CREATE) return invalid64(INVALID_AUTHORIZATION_CREATE, 0, 0);
  }
  return OK_STOP;
}

// @ts-ignore: decorator
@inline
function baseFeeAt(): usize {
  return changetype<usize>(context) + offsetof<Context>("baseFee");
}

// @ts-ignore: decorator
@inline
export function gasPriceAt(): usize {
  return changetype<usize>(context) + offsetof<Context>("gasPrice");
}

function checkGasPrice(): u32 {
  if (!(work.flags & TX_FLAG_NO_BASE_FEE) && lessThan(workFeeCap(), baseFeeAt())) {
    return invalid(INVALID_FEE_BELOW_BASE_FEE, workFeeCap(), baseFeeAt());
  }
  copyWord(gasPriceAt(), workFeeCap());
  return OK_STOP;
}

function checkFees(): u32 {
  if (lessThan(workFeeCap(), workPriorityFee())) {
    return invalid(INVALID_PRIORITY_ABOVE_FEE, workPriorityFee(), workFeeCap());
  }
  if (!(work.flags & TX_FLAG_NO_BASE_FEE) && lessThan(workFeeCap(), baseFeeAt())) {
    return invalid(INVALID_FEE_BELOW_BASE_FEE, workFeeCap(), baseFeeAt());
  }
  // min(cap, base fee + priority fee), without the sum's overflow: cap - base fee <= priority fee?
  const room = workA();
  sub(room, workFeeCap(), baseFeeAt());
  if (lessThan(workFeeCap(), baseFeeAt()) || lessThan(room, workPriorityFee())) copyWord(gasPriceAt(), workFeeCap());
  else add(gasPriceAt(), baseFeeAt(), workPriorityFee());
  return OK_STOP;
}

function checkBlobs(run: Run): u32 {
  const self: Work = work;
  const price = changetype<usize>(context) + offsetof<Context>("blobBaseFee");
  if (lessThan(workBlobFee(), price)) return invalid(INVALID_BLOB_FEE, workBlobFee(), price);
  if (self.blobCount == 0) return invalid64(INVALID_ZERO_BLOBS, 0, 0);
  for (let i: u32 = 0; i < self.blobCount; i++) {
    if (load<u8>((self.blobHashes as usize) + (i as usize) * 32) != VERSION_KZG) return invalid64(INVALID_BLOB_VERSION, i, 0);
  }
  // EIP-7594
  if (run.maxTxBlobs != 0 && self.blobCount > run.maxTxBlobs) {
    return invalid64(INVALID_BLOB_COUNT, (self.blobCount as u64) * BLOB_GAS, (run.maxTxBlobs as u64) * BLOB_GAS);
  }
  return self.flags & TX_FLAG_CREATE ? invalid64(INVALID_BLOB_CREATE, 0, 0) : OK_STOP;
}

/** Whether the sender may send it. `assumeNonce`: another transaction of the sender, not executed
 *  yet, is known to bring its nonce to this one's. */
export function checkSender(sender: TxAccount, assumeNonce: bool): u32 {
  const self: Work = work;
  if (!(self.flags & TX_FLAG_NO_EIP3607)) {
    observeCode(sender);
    if (sender.code != 0 && !(changetype<Code>(sender.code).flags & CODE_DELEGATION)) {
      return invalid64(INVALID_SENDER_NOT_EOA, 0, 0);
    }
  }
  if (!(self.flags & TX_FLAG_NO_NONCE_CHECK)) {
    observeNonce(sender);
    if (assumeNonce && sender.nonce < self.nonce) sender.nonce0 = sender.nonce = self.nonce;
    if (self.nonce != sender.nonce) {
      return invalid64(
        self.nonce > sender.nonce ? INVALID_NONCE_TOO_HIGH : INVALID_NONCE_TOO_LOW, self.nonce, sender.nonce);
    }
    if (self.nonce == u64.MAX_VALUE) return invalid64(INVALID_NONCE_OVERFLOW, self.nonce, sender.nonce);
  }
  if (self.flags & TX_FLAG_NO_BALANCE_CHECK) return OK_STOP;
  const balance = changetype<usize>(sender) + offsetof<TxAccount>("balance");
  const cost = workA();
  if (!upfrontCost(cost)) {
    // More than a word: nobody has that.
    observeBalance(sender);
    return invalid(INVALID_INSUFFICIENT_FUNDS, cost, balance);
  }
  return hasBalance(sender, cost) ? OK_STOP : invalid(INVALID_INSUFFICIENT_FUNDS, cost, balance);
}

/** gas limit * fee cap + value + blob gas * blob fee cap; false when it does not fit a word (`out`
 *  is the largest word then). */
function upfrontCost(out: usize): bool {
  const self: Work = work;
  let fits = mulBy(out, workFeeCap(), self.gasLimit);
  add(out, out, workValue());
  fits = fits && !lessThan(out, workValue());
  if (self.type == 3) {
    fits = mulBy(workB(), workBlobFee(), (self.blobCount as u64) * BLOB_GAS) && fits;
    add(out, out, workB());
    fits = fits && !lessThan(out, workB());
  }
  if (!fits) memory.fill(out, 0xff, 32);
  return fits;
}

/** `out` = the word at `a` times `b`; false when that overflowed. `out` is not `a`. */
export function mulBy(out: usize, a: usize, b: u64): bool {
  if (b == 0) {
    setWord64(out, 0);
    return true;
  }
  const a0 = load<u64>(a);
  const a1 = load<u64>(a, 8);
  const a2 = load<u64>(a, 16);
  const a3 = load<u64>(a, 24);
  store<u64>(out, a0 * b);
  let carry = mulHigh(a0, b);
  let low = a1 * b;
  let sum = low + carry;
  store<u64>(out, sum, 8);
  carry = (a1 == 0 ? 0 : mulHigh(a1, b)) + ((sum < low) as u64);
  low = a2 * b;
  sum = low + carry;
  store<u64>(out, sum, 16);
  carry = (a2 == 0 ? 0 : mulHigh(a2, b)) + ((sum < low) as u64);
  low = a3 * b;
  sum = low + carry;
  store<u64>(out, sum, 24);
  return (a3 == 0 ? 0 : mulHigh(a3, b)) + ((sum < low) as u64) == 0;
}

/** Takes the price of all the gas (and the blobs' fee) from the sender. */
export function buyGas(sender: TxAccount): void {
  const self: Work = work;
  const cost = workA();
  let fits = mulBy(cost, gasPriceAt(), self.gasLimit);
  if (self.type == 3) {
    mulBy(workB(), changetype<usize>(context) + offsetof<Context>("blobBaseFee"), (self.blobCount as u64) * BLOB_GAS);
    add(cost, cost, workB());
    fits = fits && !lessThan(cost, workB());
  }
  if (!(self.flags & TX_FLAG_NO_BALANCE_CHECK)) {
    paySurely(sender, cost);
    return;
  }
  // A call may cost more than there is: as much as there is is taken, and the value is always there.
  const balance = changetype<usize>(sender) + offsetof<TxAccount>("balance");
  const rest = workC();
  observeBalance(sender);
  if (!fits || lessThan(balance, cost)) setWord64(rest, 0);
  else sub(rest, balance, cost);
  copyWord(balance, lessThan(rest, workValue()) ? workValue() : rest);
}

/** Takes what `checkSender` found to be there. */
function paySurely(sender: TxAccount, cost: usize): void {
  if (!isZeroWord(cost)) subBalance(sender, cost);
}
