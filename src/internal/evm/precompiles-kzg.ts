/**
 * Point evaluation (EIP-4844): the blob that a commitment stands for takes the value y at z. Of the trusted
 * setup only tau in G2 is needed: e(commitment - y, 1) = e(proof, tau - z), or, with one element of
 * G2 that changes less, e(commitment - y + z * proof, -1) * e(proof, tau) = 1.
 */
import type { Mcl } from "./mcl.js";

import { hash } from "node:crypto";

import { bytesOf, numberAt, WORD } from "./bytes.js";
import { bls12381, G1, G2 } from "./mcl.js";

/** Compressed point of G1. */
const POINT = 48;
const INPUT = 3 * WORD + 2 * POINT;
const VERSION_KZG = 1;
const FIELD_ELEMENTS_PER_BLOB = 4096n;

/** Order of the groups of BLS12-381. */
export const ORDER =
  0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;

// Flags in the first byte of a compressed point.
const COMPRESSED = 0x80;
const INFINITY = 0x40;
const GREATER = 0x20;
const FLAGS = COMPRESSED | INFINITY | GREATER;

const BASE_G1 = [
  0x17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bbn,
  0x08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1n,
] as const;

const BASE_G2 = [
  0x024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8n,
  0x13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7en,
  0x0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801n,
  0x0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79ben,
] as const;

/** [tau]₂ of the KZG ceremony: the second of its G2 points in monomial form. */
const TAU_G2 = [
  0x185cbfee53492714734429b7b38608e23926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2n,
  0x15bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d2914e5870cb452d2afaaab24f3499f72n,
  0x014353bdb96b626dd7d5ee8599d1fca2131569490e28de18e82451a496a9c9794ce26d105941f383ee689bfbbb832a99n,
  0x1666c54b0a32529503432fcae0181b4bef79de09fc63671fda5ed1ba9bfa07899495346f3d7ac9cd23048ef30d0a154fn,
] as const;

/** 0x0a: versioned hash, z, y, commitment, proof → elements per blob, and the modulus. */
export function pointEvaluation(input: Uint8Array): Uint8Array | undefined {
  if (input.length !== INPUT) return undefined;
  const commitment = input.slice(3 * WORD, 3 * WORD + POINT);
  const versionedHash = hash("sha256", commitment, "buffer");
  versionedHash[0] = VERSION_KZG;
  if (!versionedHash.equals(input.subarray(0, WORD))) return undefined;
  const z = numberAt(input, WORD, WORD);
  const y = numberAt(input, 2 * WORD, WORD);
  const proof = input.slice(3 * WORD + POINT);
  if (!verifyKzgProof(commitment, z, y, proof)) return undefined;
  const output = new Uint8Array(2 * WORD);
  output.set(bytesOf(FIELD_ELEMENTS_PER_BLOB, WORD), 0);
  output.set(bytesOf(ORDER, WORD), WORD);
  return output;
}

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
  if (z >= ORDER || y >= ORDER) return false;
  const curve = bls12381();
  return curve.scope(() => verify(curve, commitment, z, y, proof));
}

/** Decodes a compressed point of the group; false when it is none. */
function setCompressed(curve: Mcl, at: number, bytes: Uint8Array): boolean {
  const flags = bytes[0] & FLAGS;
  const x = numberAt(bytes, 0, POINT) & ((1n << 381n) - 1n);
  if (flags === (COMPRESSED | INFINITY)) {
    return x === 0n && curve.readG1(at, new Uint8Array(2 * POINT), 0, POINT);
  }
  if (flags !== COMPRESSED && flags !== (COMPRESSED | GREATER)) return false;
  const greater = (flags & GREATER) !== 0;
  return curve.setCompressedG1(at, x, greater) && curve.isInGroupG1(at);
}

/** What pairings with -1 and tau in G2 need. */
interface KzgLines {
  readonly minusOne: number;
  readonly tau: number;
}

function bytesOfAll(parts: readonly bigint[]): Uint8Array {
  return Buffer.concat(parts.map((part) => bytesOf(part, POINT)));
}

let kzgLines: KzgLines | undefined;

function linesOf(curve: Mcl): KzgLines {
  return curve.scope(() => {
    const point = curve.alloc(G2);
    curve.readG2(point, bytesOfAll(BASE_G2), 0, POINT, false);
    curve.negateG2(point);
    const minusOne = curve.linesOf(point);
    curve.readG2(point, bytesOfAll(TAU_G2), 0, POINT, false);
    return { minusOne, tau: curve.linesOf(point) };
  });
}

function verify(
  curve: Mcl,
  commitment: Uint8Array,
  z: bigint,
  y: bigint,
  proof: Uint8Array,
): boolean {
  const terms = curve.alloc(3 * G1);
  const g1 = curve.alloc(2 * G1);
  const proofPoint = g1 + G1;
  if (!setCompressed(curve, terms, commitment)) return false;
  if (!setCompressed(curve, proofPoint, proof)) return false;
  curve.copyG1(terms + 2 * G1, proofPoint);
  curve.readG1(terms + G1, bytesOfAll(BASE_G1), 0, POINT);
  const minusY = y === 0n ? 0n : ORDER - y;
  const scalars = [1n, minusY, z].map((scalar) => bytesOf(scalar, WORD));
  curve.multiplySumG1(g1, terms, scalars);
  // A pairing with the point at infinity is one, and with any other point it is not.
  const leftIsOne = curve.isZeroG1(g1);
  const rightIsOne = curve.isZeroG1(proofPoint);
  if (leftIsOne || rightIsOne) return leftIsOne && rightIsOne;
  kzgLines ??= linesOf(curve);
  const { minusOne, tau } = kzgLines;
  return curve.isProductOneWithLines(g1, minusOne, tau);
}
