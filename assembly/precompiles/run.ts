/**
 * Precompiled contracts: which addresses they have at a fork, their gas, and those that are short (identity,
 * SHA-256 of little, BLAKE2F). The others' work is done by libraries of the host, after the gas is paid.
 */
import { BYZANTIUM, CANCUN, ISTANBUL, OSAKA, PRAGUE } from "../forks";
import { words } from "../gas";
import { precompile as hostPrecompile } from "../host";
import { reserveReturnData, returnData, setReturnData, setReturnDataLength } from "../interpreter/area";
import { HALT_PRECOMPILE_ERROR, HALT_PRECOMPILE_OUT_OF_GAS, OK_RETURN } from "../status";
import { txFault } from "../state/tx-state";
import { BLAKE2F_INPUT, BLAKE2F_OUTPUT, blake2f } from "./blake2f";
import { pairsDiscount, G1_DISCOUNTS, G2_DISCOUNTS } from "./bls";
import { modexpGas, modexpInCore, modexpOutput } from "./modexp";
import { sha256 } from "./sha256";

export const ECRECOVER: u32 = 1;
export const SHA256: u32 = 2;
export const RIPEMD160: u32 = 3;
export const IDENTITY: u32 = 4;
export const MODEXP: u32 = 5;
export const BN254_ADD: u32 = 6;
export const BN254_MUL: u32 = 7;
export const BN254_PAIRING: u32 = 8;
export const BLAKE2F: u32 = 9;
export const POINT_EVALUATION: u32 = 0x0a;
export const BLS_G1_ADD: u32 = 0x0b;
export const BLS_G1_MSM: u32 = 0x0c;
export const BLS_G2_ADD: u32 = 0x0d;
export const BLS_G2_MSM: u32 = 0x0e;
export const BLS_PAIRING: u32 = 0x0f;
export const BLS_MAP_FP: u32 = 0x10;
export const BLS_MAP_FP2: u32 = 0x11;
export const P256_VERIFY: u32 = 0x100;

/** From so many bytes on, the host's SHA-256 is faster, the call included. */
const LONG_HASH: u32 = 1024;
/** No library returns more than this, but for MODEXP. */
const OUTPUT_CAPACITY: u32 = 1024;
/** Gas of inputs that no gas can pay for, or that are malformed. */
export const UNPAYABLE: u64 = u64.MAX_VALUE;
const MALFORMED: u64 = u64.MAX_VALUE - 1;

/** What `runPrecompile` left of its gas. */
export let precompileGasLeft: u64 = 0;

/** Number of the precompile at the address (core order), 0 for none at this fork. */
// @ts-ignore: decorator
@inline
export function precompileId(address: usize, fork: u32): u32 {
  const lo = load<u64>(address);
  // Hardly any address is this small.
  if (lo > 0x100 || load<u64>(address, 8) != 0 || load<u32>(address, 16) != 0) return 0;
  return activePrecompile(lo as u32, fork);
}

function activePrecompile(id: u32, fork: u32): u32 {
  if (id == P256_VERIFY) return fork >= OSAKA ? id : 0;
  let last: u32 = IDENTITY;
  if (fork >= PRAGUE) last = BLS_MAP_FP2;
  else if (fork >= CANCUN) last = POINT_EVALUATION;
  else if (fork >= ISTANBUL) last = BLAKE2F;
  else if (fork >= BYZANTIUM) last = BN254_PAIRING;
  return id <= last ? id : 0;
}

/** Runs a precompile; its output is the return data. Returns the status. */
export function runPrecompile(id: u32, input: usize, length: u32, gas: u64, fork: u32): u32 {
  setReturnDataLength(0);
  precompileGasLeft = 0;
  const price = priceOf(id, input, length, gas, fork);
  if (price == MALFORMED) return HALT_PRECOMPILE_ERROR;
  if (price > gas) return HALT_PRECOMPILE_OUT_OF_GAS;
  if (!isOfLength(id, length)) return HALT_PRECOMPILE_ERROR;
  precompileGasLeft = gas - price;
  if (id == IDENTITY) {
    setReturnData(input, length);
    return OK_RETURN;
  }
  if (id == SHA256 && length < LONG_HASH) {
    sha256(input, length, returnData);
    setReturnDataLength(32);
    return OK_RETURN;
  }
  if (id == BLAKE2F) {
    if (!blake2f(input, returnData)) {
      precompileGasLeft = 0;
      return HALT_PRECOMPILE_ERROR;
    }
    setReturnDataLength(BLAKE2F_OUTPUT);
    return OK_RETURN;
  }
  let capacity = OUTPUT_CAPACITY;
  if (id == MODEXP) {
    capacity = max<u32>(capacity, modexpOutput(input, length));
    if (!reserveReturnData(capacity)) return txFault;
    if (modexpInCore(input, length, returnData)) {
      setReturnDataLength(modexpOutput(input, length));
      return OK_RETURN;
    }
    if (txFault) return txFault;
  }
  const written = hostPrecompile(id, input, length, returnData, capacity);
  if (written < 0) {
    precompileGasLeft = 0;
    return HALT_PRECOMPILE_ERROR;
  }
  setReturnDataLength(written);
  return OK_RETURN;
}

/** Inputs of one length only; asked after the price, as in revm: the error shows which of both failed. */
function isOfLength(id: u32, length: u32): bool {
  if (id == BLS_G1_ADD) return length == 256;
  if (id == BLS_G2_ADD) return length == 512;
  if (id == BLS_MAP_FP) return length == 64;
  if (id == BLS_MAP_FP2) return length == 128;
  return true;
}

function priceOf(id: u32, input: usize, length: u32, gas: u64, fork: u32): u64 {
  const size = length as u64;
  switch (id) {
    case ECRECOVER: return 3000;
    case SHA256: return 60 + 12 * words(size);
    case RIPEMD160: return 600 + 120 * words(size);
    case IDENTITY: return 15 + 3 * words(size);
    case MODEXP: {
      const price = modexpGas(input, length, fork);
      // EIP-7823; before it, lengths that are no number of bytes at all.
      return price == UNPAYABLE ? MALFORMED : price;
    }
    // EIP-1108 lowered these.
    case BN254_ADD: return fork >= ISTANBUL ? 150 : 500;
    case BN254_MUL: return fork >= ISTANBUL ? 6000 : 40000;
    case BN254_PAIRING: {
      const pairs = size / 192;
      return fork >= ISTANBUL ? 45000 + 34000 * pairs : 100000 + 80000 * pairs;
    }
    // EIP-152: one per round.
    case BLAKE2F: return length == BLAKE2F_INPUT ? (bswap<u32>(load<u32>(input)) as u64) : MALFORMED;
    case POINT_EVALUATION: return 50000;
    // EIP-2537
    case BLS_G1_ADD: return 375;
    case BLS_G2_ADD: return 600;
    case BLS_G1_MSM: {
      if (length == 0 || length % 160 != 0) return MALFORMED;
      return (size / 160) * 12000 * pairsDiscount(G1_DISCOUNTS, size / 160) / 1000;
    }
    case BLS_G2_MSM: {
      if (length == 0 || length % 288 != 0) return MALFORMED;
      return (size / 288) * 22500 * pairsDiscount(G2_DISCOUNTS, size / 288) / 1000;
    }
    case BLS_PAIRING: return length == 0 || length % 384 != 0 ? MALFORMED : 37700 + 32600 * (size / 384);
    case BLS_MAP_FP: return 5500;
    case BLS_MAP_FP2: return 23800;
    // EIP-7951
    case P256_VERIFY: return 6900;
    default: return MALFORMED;
  }
}
