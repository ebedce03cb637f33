/**
 * Which locations were hot in earlier blocks (hot.ts): in the next ones they are expected to be so from the start. What callee,
 * selector and arguments stand for are locations in the end. Looking at calls and their words instead cost more than it gained
 * (1,000 ERC-20 transfers to one recipient on two threads: 2.24 of one thread's time with that, 1.13 without).
 *
 * A table of the engine's that all chains share, of so many hashes: a newer one takes an older one's place. Two
 * locations may be taken for each other, and what was hot may not be any more: that costs one wait in vain,
 * after which it is forgotten. Executions in vain, with and without: transfers to one recipient 2.5 and 6.0 %, mints
 * with a total supply 1.9 and 4.6 % (1,000 transactions, two threads).
 */
import { ENGINE_AREA } from "../layout";

/** 16 KiB of the engine area (memory/heap.ts), zero at first. */
const TABLE: usize = ENGINE_AREA + 0x4000;
const PLACES: u32 = 4096;

/** A number that stands for a slot of an account. Not 0. */
// @ts-ignore: decorator
@inline
export function signOf(a0: u64, a1: u64, k0: u64, k1: u64, k2: u64, k3: u64): u32 {
  let mixed = (a0 ^ (a1 << 1)) * 0x9e37_79b9_7f4a_7c15;
  mixed = (mixed ^ k0 ^ k1) * 0xff51_afd7_ed55_8ccd;
  mixed = (mixed ^ (mixed >> 32) ^ k2 ^ k3) * 0xc4ce_b9fe_1a85_ec53;
  return ((mixed >> 32) as u32) | 1;
}

// @ts-ignore: decorator
@inline
function placeOf(sign: u32): usize {
  return TABLE + ((((sign >> 1) % PLACES) as usize) << 2);
}

export function learn(sign: u32): void {
  atomic.store<u32>(placeOf(sign), sign);
}

export function forget(sign: u32): void {
  atomic.cmpxchg<u32>(placeOf(sign), sign, 0);
}

// @ts-ignore: decorator
@inline
export function isLearned(sign: u32): bool {
  return load<u32>(placeOf(sign)) == sign;
}
