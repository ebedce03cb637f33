/**
 * Point evaluation (EIP-4844): the blob that a commitment stands for takes the value y at z. Of the trusted
 * setup only tau in G2 is needed: e(commitment - y, 1) = e(proof, tau - z), or, with one element of
 * G2 that changes less, e(commitment - y + z * proof, -1) * e(proof, tau) = 1.
 */
import { hash } from "node:crypto";

import { ORDER } from "./bls12381.js";
import { bytesOf, numberAt, WORD } from "./bytes.js";
import { bls12381, G1 } from "./mcl.js";
import { blsG1Msm, blsPairing } from "./precompiles-bls.js";

/** Compressed point of G1. */
const POINT = 48;
/** A number of EIP-2537's. */
const FIELD = 64;
const INPUT = 3 * WORD + 2 * POINT;
const VERSION_KZG = 1;
const FIELD_ELEMENTS_PER_BLOB = 4096n;

// Flags in the first byte of a compressed point.
const COMPRESSED = 0x80;
const INFINITY = 0x40;
const GREATER = 0x20;
const FLAGS = COMPRESSED | INFINITY | GREATER;

const BASE_G1 = numbers(
  0x17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bbn,
  0x08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1n,
);

/** The generator, negated. */
const MINUS_BASE_G2 = numbers(
  0x024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8n,
  0x13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7en,
  0x0d1b3cc2c7027888be51d9ef691d77bcb679afda66c73f17f9ee3837a55024f78c71363275a75d75d86bab79f74782aan,
  0x13fa4d4a0ad8b1ce186ed5061789213d993923066dddaf1040bc3ff59f825c78df74f2d75467e25e0f55f8a00fa030edn,
);

/** [tau]₂ of the KZG ceremony: the second of its G2 points in monomial form. */
const TAU_G2 = numbers(
  0x185cbfee53492714734429b7b38608e23926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2n,
  0x15bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d2914e5870cb452d2afaaab24f3499f72n,
  0x014353bdb96b626dd7d5ee8599d1fca2131569490e28de18e82451a496a9c9794ce26d105941f383ee689bfbbb832a99n,
  0x1666c54b0a32529503432fcae0181b4bef79de09fc63671fda5ed1ba9bfa07899495346f3d7ac9cd23048ef30d0a154fn,
);

function numbers(...parts: bigint[]): Uint8Array {
  return Buffer.concat(parts.map((part) => bytesOf(part, FIELD)));
}

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
  const commitmentPoint = decompressed(commitment);
  const proofPoint = decompressed(proof);
  if (commitmentPoint === undefined || proofPoint === undefined) return false;
  const terms = [
    [commitmentPoint, 1n],
    [BASE_G1, (ORDER - y) % ORDER],
    [proofPoint, z],
  ] as const;
  // Whether the points are in the group is checked here, and below.
  const sum = blsG1Msm(
    Buffer.concat(
      terms.flatMap(([point, scalar]) => [point, bytesOf(scalar, WORD)]),
    ),
  );
  if (sum === undefined) return false;
  const isOne = blsPairing(
    Buffer.concat([sum, MINUS_BASE_G2, proofPoint, TAU_G2]),
  );
  return isOne !== undefined && isOne[WORD - 1] === 1;
}

/** A compressed point as EIP-2537 writes it; undefined for none of the curve. It may be outside the group. */
function decompressed(bytes: Uint8Array): Uint8Array | undefined {
  const flags = bytes[0] & FLAGS;
  const x = numberAt(bytes, 0, POINT) & ((1n << 381n) - 1n);
  if (flags === (COMPRESSED | INFINITY)) {
    return x === 0n ? new Uint8Array(2 * FIELD) : undefined;
  }
  if (flags !== COMPRESSED && flags !== (COMPRESSED | GREATER))
    return undefined;
  const curve = bls12381();
  return curve.scope(() => {
    const point = curve.alloc(G1);
    const greater = (flags & GREATER) !== 0;
    return curve.setCompressedG1(point, x, greater)
      ? curve.writeG1(point, FIELD)
      : undefined;
  });
}
