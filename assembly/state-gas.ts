/**
 * EIP-8037: what new state costs. Beside its own gas, which every instruction pays with, a transaction
 * has a reservoir that pays for new state alone (context.ts): what its gas limit has above the cap of
 * EIP-7825, and what came back from state that was not made after all.
 */
import { context } from "./interpreter/context";
import { halt } from "./interpreter/halt";
import { HALT_OUT_OF_GAS } from "./status";

const GAS_STATE_BYTE: u64 = 1530;
export const STATE_GAS_ACCOUNT: u64 = 120 * GAS_STATE_BYTE;
export const STATE_GAS_SLOT: u64 = 64 * GAS_STATE_BYTE;
export const STATE_GAS_DELEGATION: u64 = 23 * GAS_STATE_BYTE;
export const STATE_GAS_CODE_BYTE: u64 = GAS_STATE_BYTE;

/** Pays for new state: from the reservoir, then from the frame's `gas`. Returns the gas left, or FAILED. */
export function payForState(price: u64, gas: u64): u64 {
  const kept = context.reservoir;
  if (kept >= price) {
    context.reservoir = kept - price;
  } else {
    const rest = price - kept;
    if (gas < rest) return halt(HALT_OUT_OF_GAS);
    context.reservoir = 0;
    gas -= rest;
  }
  context.stateGas += price as i64;
  return gas;
}

/** Gives back what was paid for state that is not there after all. */
export function returnStateGas(amount: u64): void {
  context.reservoir += amount;
  context.stateGas -= amount as i64;
}

/** A frame failed that began at `stateGas`: what it paid for state goes to the reservoir, wherever it came from. */
export function revertStateGas(stateGas: i64): void {
  context.reservoir += (context.stateGas - stateGas) as u64;
  context.stateGas = stateGas;
}
