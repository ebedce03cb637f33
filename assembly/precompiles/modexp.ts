/** Gas of MODEXP: EIP-198, EIP-2565 (Berlin), EIP-7883 and the bounds of EIP-7823 (Osaka). */
import { BERLIN, OSAKA } from "../forks";
import { mulHigh } from "../u256/arithmetic";
import { montgomeryPower } from "./montgomery";
import { UNPAYABLE } from "./run";

/** EIP-7823 */
const MAX_LENGTH: u64 = 1024;

/** Byte `index` of the input, zero past its end. */
// @ts-ignore: decorator
@inline
function byteOf(input: usize, length: u32, index: u64): u64 {
  return index < (length as u64) ? (load<u8>(input + (index as usize)) as u64) : 0;
}

/** The 32-byte number at `offset`, 2^64-1 when it is more. */
function header(input: usize, length: u32, offset: u64): u64 {
  let value: u64 = 0;
  for (let i: u64 = 0; i < 32; i++) {
    const byte = byteOf(input, length, offset + i);
    if (i < 24 && byte != 0) return u64.MAX_VALUE;
    value = (value << 8) | byte;
  }
  return value;
}

/** Bytes of the result: the modulus' length. Only after `modexpGas` found it payable. */
export function modexpOutput(input: usize, length: u32): u32 {
  return min<u64>(header(input, length, 64), 0xffffffff) as u32;
}

/** Does the work, if it is of a size that the core is good at. The gas is paid, so lengths are small. */
export function modexpInCore(input: usize, length: u32, out: usize): bool {
  const baseLength = header(input, length, 0) as u32;
  const exponentLength = header(input, length, 32);
  const modulusLength = header(input, length, 64) as u32;
  // Only an exponent whose factors are free may be this long.
  if (modulusLength == 0 || exponentLength > 1 << 30) return false;
  return montgomeryPower(input, length, baseLength, exponentLength as u32, modulusLength, out);
}

/** Bits of the exponent's first 32 bytes. */
function exponentBits(input: usize, length: u32, baseLength: u64, exponentLength: u64): u64 {
  const count = min<u64>(exponentLength, 32);
  // An offset that overflows lies past the end of any input.
  const from = baseLength > 0xffffffff ? u64.MAX_VALUE - 64 : 96 + baseLength;
  for (let i: u64 = 0; i < count; i++) {
    const byte = byteOf(input, length, from + i);
    if (byte != 0) return (count - i) * 8 - (clz<u64>(byte) - 56);
  }
  return 0;
}

/** More gas than there is. */
const HUGE: u64 = 1 << 63;

/** a * b / divisor, or HUGE. */
function scaled(a: u64, b: u64, divisor: u64): u64 {
  if (mulHigh(a, b) != 0) return HUGE;
  return (a * b) / divisor;
}

/** EIP-198's complexity of a multiplication of `x` bytes. */
function byzantiumComplexity(x: u64): u64 {
  if (x <= 64) return x * x;
  if (x <= 1024) return x * x / 4 + 96 * x - 3072;
  return x * x / 16 + 480 * x - 199680;
}

/** The gas, UNPAYABLE when the lengths are out of bounds. */
export function modexpGas(input: usize, length: u32, fork: u32): u64 {
  const baseLength = header(input, length, 0);
  const exponentLength = header(input, length, 32);
  const modulusLength = header(input, length, 64);
  const longest = max<u64>(baseLength, modulusLength);
  if (fork >= OSAKA && (longest > MAX_LENGTH || exponentLength > MAX_LENGTH)) return UNPAYABLE;
  if (longest == u64.MAX_VALUE) return UNPAYABLE;

  const bits = exponentBits(input, length, baseLength, exponentLength);
  let iterations = bits > 0 ? bits - 1 : 0;
  if (exponentLength > 32) {
    const factor: u64 = fork >= OSAKA ? 16 : 8;
    const tail = scaled(factor, exponentLength - 32, 1);
    iterations = tail + iterations < tail ? u64.MAX_VALUE : tail + iterations;
  }
  iterations = max<u64>(iterations, 1);

  // A length of 2^31 costs more than anyone has, whatever else is asked.
  if (longest > 1 << 31) return HUGE;
  const cells = (longest + 7) >> 3;
  if (fork >= OSAKA) return max<u64>(500, scaled(longest <= 32 ? 16 : 2 * cells * cells, iterations, 1));
  if (fork >= BERLIN) return max<u64>(200, scaled(cells * cells, iterations, 3));
  return scaled(byzantiumComplexity(longest), iterations, 20);
}
