/** Precompiles on the curve BLS12-381 by the library mcl. The core has checked the input's length. */
import type { Mcl } from "./mcl.js";

import { bytesOf, numberAt, WORD } from "./bytes.js";
import { bls12381, G1, G2 } from "./mcl.js";

/** A field element: 48 bytes after 16 zero bytes. All 64 are read: what is not zero before makes the number too large. */
const FIELD = 64;
const G1_SIZE = 2 * FIELD;
const G2_SIZE = 4 * FIELD;

function setG1(
  curve: Mcl,
  at: number,
  bytes: Uint8Array,
  start: number,
): boolean {
  return curve.readG1(at, bytes, start, FIELD);
}

function setG2(
  curve: Mcl,
  at: number,
  bytes: Uint8Array,
  start: number,
): boolean {
  return curve.readG2(at, bytes, start, FIELD, false);
}

/** 0x0b. Points need not be in the group. */
export function mclG1Add(input: Uint8Array): Uint8Array | undefined {
  const curve = bls12381();
  return curve.scope(() => {
    const a = curve.alloc(G1);
    const b = curve.alloc(G1);
    if (!setG1(curve, a, input, 0) || !setG1(curve, b, input, G1_SIZE)) {
      return undefined;
    }
    curve.addG1(a, a, b);
    return curve.writeG1(a, FIELD);
  });
}

/** 0x0d */
export function mclG2Add(input: Uint8Array): Uint8Array | undefined {
  const curve = bls12381();
  return curve.scope(() => {
    const a = curve.alloc(G2);
    const b = curve.alloc(G2);
    if (!setG2(curve, a, input, 0) || !setG2(curve, b, input, G2_SIZE)) {
      return undefined;
    }
    curve.addG2(a, a, b);
    return curve.writeG2(a, FIELD);
  });
}

/** 0x0c: sum of point times scalar. */
export function mclG1Msm(input: Uint8Array): Uint8Array | undefined {
  const curve = bls12381();
  const size = G1_SIZE + WORD;
  return curve.scope(() => {
    const points = curve.alloc((input.length / size) * G1);
    const scalars: Uint8Array[] = [];
    for (let at = 0; at < input.length; at += size) {
      const point = points + scalars.length * G1;
      if (!setG1(curve, point, input, at) || !curve.isInGroupG1(point)) {
        return undefined;
      }
      scalars.push(input.subarray(at + G1_SIZE, at + size));
    }
    const sum = curve.alloc(G1);
    curve.multiplySumG1(sum, points, scalars);
    return curve.writeG1(sum, FIELD);
  });
}

/** 0x0e */
export function mclG2Msm(input: Uint8Array): Uint8Array | undefined {
  const curve = bls12381();
  const size = G2_SIZE + WORD;
  return curve.scope(() => {
    const points = curve.alloc((input.length / size) * G2);
    const scalars: Uint8Array[] = [];
    for (let at = 0; at < input.length; at += size) {
      const point = points + scalars.length * G2;
      if (!setG2(curve, point, input, at) || !curve.isInGroupG2(point)) {
        return undefined;
      }
      scalars.push(input.subarray(at + G2_SIZE, at + size));
    }
    const sum = curve.alloc(G2);
    curve.multiplySumG2(sum, points, scalars);
    return curve.writeG2(sum, FIELD);
  });
}

/** 0x0f: whether the product of the pairings is one. */
export function mclPairing(input: Uint8Array): Uint8Array | undefined {
  const curve = bls12381();
  const size = G1_SIZE + G2_SIZE;
  return curve.scope(() => {
    const g1 = curve.alloc((input.length / size) * G1);
    const g2 = curve.alloc((input.length / size) * G2);
    let count = 0;
    for (let at = 0; at < input.length; at += size) {
      const a = g1 + count * G1;
      const b = g2 + count * G2;
      if (!setG1(curve, a, input, at) || !curve.isInGroupG1(a))
        return undefined;
      if (!setG2(curve, b, input, at + G1_SIZE) || !curve.isInGroupG2(b)) {
        return undefined;
      }
      // A pairing with the point at infinity is one.
      if (!curve.isZeroG1(a) && !curve.isZeroG2(b)) count++;
    }
    const isOne = curve.isPairingProductOne(g1, g2, count);
    return bytesOf(isOne ? 1n : 0n, WORD);
  });
}

/** 0x10 */
export function mclMapFpToG1(input: Uint8Array): Uint8Array | undefined {
  const curve = bls12381();
  return curve.scope(() => {
    const point = curve.alloc(G1);
    const mapped = curve.mapToG1(point, numberAt(input, 0, FIELD));
    return mapped ? curve.writeG1(point, FIELD) : undefined;
  });
}

/** 0x11 */
export function mclMapFp2ToG2(input: Uint8Array): Uint8Array | undefined {
  const curve = bls12381();
  return curve.scope(() => {
    const point = curve.alloc(G2);
    const real = numberAt(input, 0, FIELD);
    const imaginary = numberAt(input, FIELD, FIELD);
    const mapped = curve.mapToG2(point, real, imaginary);
    return mapped ? curve.writeG2(point, FIELD) : undefined;
  });
}
