/**
 * Point evaluation (EIP-4844): a blob that a commitment stands for takes the value y at z. Of the
 * trusted setup only tau in G2 is needed: e(proof, tau - z) = e(commitment - y, 1).
 */
import { hash } from "node:crypto";

import { bytesOf, numberAt, WORD } from "./bytes.js";
import { loadBls } from "./lazy-libraries.js";

type Bls = ReturnType<typeof loadBls>["bls12_381"];
type G1 = Bls["G1"]["Point"]["BASE"];

/** Compressed point of G1. */
const POINT = 48;
const INPUT = 3 * WORD + 2 * POINT;
const VERSION_KZG = 1;
const FIELD_ELEMENTS_PER_BLOB = 4096n;

/** [tau]₂ of the KZG ceremony: the second of its G2 points in monomial form. */
const TAU_G2 =
  "b5bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d2914e5870cb452d2afaaab24f3499f72" +
  "185cbfee53492714734429b7b38608e23926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2";

/** 0x0a: versioned hash, z, y, commitment, proof → elements per blob, and the modulus. */
export function pointEvaluation(input: Uint8Array): Uint8Array | undefined {
  if (input.length !== INPUT) return undefined;
  const { bls12_381: bls } = loadBls();
  const order = bls.fields.Fr.ORDER;
  const commitmentBytes = input.slice(3 * WORD, 3 * WORD + POINT);
  const versionedHash = hash("sha256", commitmentBytes, "buffer");
  versionedHash[0] = VERSION_KZG;
  if (!versionedHash.equals(input.subarray(0, WORD))) return undefined;
  const z = numberAt(input, WORD, WORD);
  const y = numberAt(input, 2 * WORD, WORD);
  if (z >= order || y >= order) return undefined;
  const commitment = decode(bls, commitmentBytes);
  const proof = decode(bls, input.slice(3 * WORD + POINT));
  if (commitment === undefined || proof === undefined) return undefined;
  if (!verify(bls, commitment, z, y, proof)) return undefined;

  const output = new Uint8Array(2 * WORD);
  output.set(bytesOf(FIELD_ELEMENTS_PER_BLOB, WORD), 0);
  output.set(bytesOf(order, WORD), WORD);
  return output;
}

function decode(bls: Bls, bytes: Uint8Array): G1 | undefined {
  try {
    const point = bls.G1.Point.fromBytes(bytes);
    return point.is0() || point.isTorsionFree() ? point : undefined;
  } catch {
    // Not an encoding of a point.
    return undefined;
  }
}

function verify(
  bls: Bls,
  commitment: G1,
  z: bigint,
  y: bigint,
  proof: G1,
): boolean {
  const g1 = bls.G1.Point;
  const g2 = bls.G2.Point;
  const tau = g2.fromHex(TAU_G2);
  const left = z === 0n ? tau : tau.subtract(g2.BASE.multiplyUnsafe(z));
  const right =
    y === 0n ? commitment : commitment.subtract(g1.BASE.multiplyUnsafe(y));
  // A pairing with the point at infinity is one.
  const pairs = [
    { g1: proof, g2: left.negate() },
    { g1: right, g2: g2.BASE },
  ].filter((pair) => !pair.g1.is0() && !pair.g2.is0());
  const { Fp12 } = bls.fields;
  return Fp12.eql(bls.pairingBatch(pairs), Fp12.ONE);
}
