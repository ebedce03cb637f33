/** KZG openings over BLS12-381 (EIP-4844). Only one point of the trusted setup is needed to verify. */
import type { bls12_381 as Bls12_381 } from "@noble/curves/bls12-381.js";

import { loadBls } from "./lazy-libraries.js";

type G1Point = ReturnType<typeof Bls12_381.G1.Point.fromHex>;

/** [τ]₂ of the ceremony for mainnet. */
const TAU_G2 =
  "b5bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d2914e5870cb452d2afaaab24f3499f72185cbfee53492714734429b7b38608e23926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2";

/** Order of the scalar field. */
export const SCALAR_ORDER =
  0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;

let tau: ReturnType<typeof Bls12_381.G2.Point.fromHex> | undefined;

/**
 * Whether the polynomial behind `commitment` has the value `y` at `z`. Points are 48 bytes,
 * compressed; malformed ones are never right.
 */
export function verifyKzgProof(
  commitment: Uint8Array,
  z: bigint,
  y: bigint,
  proof: Uint8Array,
): boolean {
  if (z >= SCALAR_ORDER || y >= SCALAR_ORDER) {
    return false;
  }
  const committed = decodePoint(commitment);
  const opening = decodePoint(proof);
  if (committed === undefined || opening === undefined) {
    return false;
  }
  tau ??= loadBls().bls12_381.G2.Point.fromHex(TAU_G2);
  const { Point } = loadBls().bls12_381.G1;
  // e(C - [y]₁ + z·π, -[1]₂) · e(π, [τ]₂) = 1
  const left = committed
    .subtract(multiply(Point.BASE, y))
    .add(multiply(opening, z));
  const pairs = [
    { g1: left, g2: loadBls().bls12_381.G2.Point.BASE.negate() },
    { g1: opening, g2: tau },
  ].filter(({ g1 }) => !g1.equals(Point.ZERO));
  if (pairs.length === 0) {
    return true;
  }
  const { Fp12 } = loadBls().bls12_381.fields;
  return Fp12.eql(loadBls().bls12_381.pairingBatch(pairs), Fp12.ONE);
}

function multiply(point: G1Point, scalar: bigint): G1Point {
  return scalar === 0n || point.equals(loadBls().bls12_381.G1.Point.ZERO)
    ? loadBls().bls12_381.G1.Point.ZERO
    : point.multiplyUnsafe(scalar);
}

function decodePoint(bytes: Uint8Array): G1Point | undefined {
  try {
    const point = loadBls().bls12_381.G1.Point.fromBytes(bytes);
    point.assertValidity();
    return point;
  } catch {
    return isInfinity(bytes) ? loadBls().bls12_381.G1.Point.ZERO : undefined;
  }
}

function isInfinity(bytes: Uint8Array): boolean {
  return (
    bytes.length === 48 &&
    bytes[0] === 0xc0 &&
    bytes.subarray(1).every((byte) => byte === 0)
  );
}
