/** Precompiles on the curve bn254 (alt_bn128): EIP-196, EIP-197. */
import type { Mcl } from "./mcl.js";

import { isInBn254G2 } from "./bn254-group.js";
import { bytesOf, resized, WORD } from "./bytes.js";
import { bn254, G1, G2 } from "./mcl.js";

const PAIR = 6 * WORD;

/** Every point of the curve is in the group. */
function setG1(
  curve: Mcl,
  at: number,
  bytes: Uint8Array,
  start: number,
): boolean {
  return curve.readG1(at, bytes, start, WORD);
}

/** Each coordinate is two numbers, the imaginary one first. */
function setG2(
  curve: Mcl,
  at: number,
  bytes: Uint8Array,
  start: number,
): boolean {
  return curve.readG2(at, bytes, start, WORD, true) && isInBn254G2(curve, at);
}

/** 0x06 */
export function bn254Add(input: Uint8Array): Uint8Array | undefined {
  const curve = bn254();
  const data = resized(input, 4 * WORD);
  return curve.scope(() => {
    const a = curve.alloc(G1);
    const b = curve.alloc(G1);
    if (!setG1(curve, a, data, 0) || !setG1(curve, b, data, 2 * WORD)) {
      return undefined;
    }
    curve.addG1(a, a, b);
    return curve.writeG1(a, WORD);
  });
}

/** 0x07 */
export function bn254Mul(input: Uint8Array): Uint8Array | undefined {
  const curve = bn254();
  const data = resized(input, 3 * WORD);
  return curve.scope(() => {
    const point = curve.alloc(G1);
    if (!setG1(curve, point, data, 0)) return undefined;
    curve.multiplyG1(point, point, data.subarray(2 * WORD));
    return curve.writeG1(point, WORD);
  });
}

/** 0x08: whether the product of the pairings is one. */
export function bn254Pairing(input: Uint8Array): Uint8Array | undefined {
  if (input.length % PAIR !== 0) return undefined;
  const curve = bn254();
  const pairs = input.length / PAIR;
  return curve.scope(() => {
    const g1 = curve.alloc(Math.max(pairs, 1) * G1);
    const g2 = curve.alloc(Math.max(pairs, 1) * G2);
    let count = 0;
    for (let at = 0; at < input.length; at += PAIR) {
      const a = g1 + count * G1;
      const b = g2 + count * G2;
      if (
        !setG1(curve, a, input, at) ||
        !setG2(curve, b, input, at + 2 * WORD)
      ) {
        return undefined;
      }
      // A pairing with the point at infinity is one.
      if (!curve.isZeroG1(a) && !curve.isZeroG2(b)) count++;
    }
    const isOne = curve.isPairingProductOne(g1, g2, count);
    return bytesOf(isOne ? 1n : 0n, WORD);
  });
}
