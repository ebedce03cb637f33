/** Precompiles on the curve BLS12-381: EIP-2537. The core has checked the input's length. */
import { bytesOf, numberAt, WORD } from "./bytes.js";
import { loadBls } from "./lazy-libraries.js";

type Bls = ReturnType<typeof loadBls>["bls12_381"];
type G1 = Bls["G1"]["Point"]["BASE"];
type G2 = Bls["G2"]["Point"]["BASE"];
type Fp2 = Bls["fields"]["Fp2"]["ONE"];

/** A field element: 48 bytes after 16 zero bytes. */
const FIELD = 64;
const G1_SIZE = 2 * FIELD;
const G2_SIZE = 4 * FIELD;

/** Input that is no encoding of what was asked for. */
class InvalidInput extends Error {}

/** Runs `body`; undefined when the input is invalid. */
function valid(body: (bls: Bls) => Uint8Array): Uint8Array | undefined {
  try {
    return body(loadBls().bls12_381);
  } catch (error) {
    if (error instanceof InvalidInput) return undefined;
    throw error;
  }
}

function fieldAt(bls: Bls, bytes: Uint8Array, start: number): bigint {
  // All 64 bytes: what is not zero in the padding makes the number too large.
  const value = numberAt(bytes, start, FIELD);
  if (value >= bls.fields.Fp.ORDER) throw new InvalidInput();
  return value;
}

function g1At(
  bls: Bls,
  bytes: Uint8Array,
  start: number,
  inGroup: boolean,
): G1 {
  const { Fp } = bls.fields;
  const x = fieldAt(bls, bytes, start);
  const y = fieldAt(bls, bytes, start + FIELD);
  if (x === 0n && y === 0n) return bls.G1.Point.ZERO;
  // y² = x³ + 4
  const right = Fp.add(Fp.mul(Fp.sqr(x), x), 4n);
  if (!Fp.eql(Fp.sqr(y), right)) throw new InvalidInput();
  const point = bls.G1.Point.fromAffine({ x, y });
  if (inGroup && !point.isTorsionFree()) throw new InvalidInput();
  return point;
}

function g2At(
  bls: Bls,
  bytes: Uint8Array,
  start: number,
  inGroup: boolean,
): G2 {
  const { Fp2 } = bls.fields;
  const parts = [0, 1, 2, 3].map((i) => fieldAt(bls, bytes, start + i * FIELD));
  if (parts.every((part) => part === 0n)) return bls.G2.Point.ZERO;
  const x = Fp2.fromBigTuple([parts[0], parts[1]]);
  const y = Fp2.fromBigTuple([parts[2], parts[3]]);
  // y² = x³ + 4(1 + u)
  const right = Fp2.add(Fp2.mul(Fp2.sqr(x), x), Fp2.fromBigTuple([4n, 4n]));
  if (!Fp2.eql(Fp2.sqr(y), right)) throw new InvalidInput();
  const point = bls.G2.Point.fromAffine({ x, y });
  if (inGroup && !point.isTorsionFree()) throw new InvalidInput();
  return point;
}

function encodeG1({ x, y }: { x: bigint; y: bigint }): Uint8Array {
  const output = new Uint8Array(G1_SIZE);
  output.set(bytesOf(x, FIELD), 0);
  output.set(bytesOf(y, FIELD), FIELD);
  return output;
}

function encodeG2({ x, y }: { x: Fp2; y: Fp2 }): Uint8Array {
  const output = new Uint8Array(G2_SIZE);
  [x.c0, x.c1, y.c0, y.c1].forEach((part, i) =>
    output.set(bytesOf(part, FIELD), i * FIELD),
  );
  return output;
}

/** 0x0b. Points need not be in the group. */
export function blsG1Add(input: Uint8Array): Uint8Array | undefined {
  return valid((bls) => {
    const a = g1At(bls, input, 0, false);
    return encodeG1(a.add(g1At(bls, input, G1_SIZE, false)).toAffine());
  });
}

/** 0x0d */
export function blsG2Add(input: Uint8Array): Uint8Array | undefined {
  return valid((bls) => {
    const a = g2At(bls, input, 0, false);
    return encodeG2(a.add(g2At(bls, input, G2_SIZE, false)).toAffine());
  });
}

/** 0x0c: sum of point times scalar. */
export function blsG1Msm(input: Uint8Array): Uint8Array | undefined {
  return valid((bls) => {
    let sum = bls.G1.Point.ZERO;
    for (let at = 0; at < input.length; at += G1_SIZE + WORD) {
      const point = g1At(bls, input, at, true);
      const scalar = numberAt(input, at + G1_SIZE, WORD) % bls.fields.Fr.ORDER;
      if (scalar !== 0n) sum = sum.add(point.multiplyUnsafe(scalar));
    }
    return encodeG1(sum.toAffine());
  });
}

/** 0x0e */
export function blsG2Msm(input: Uint8Array): Uint8Array | undefined {
  return valid((bls) => {
    let sum = bls.G2.Point.ZERO;
    for (let at = 0; at < input.length; at += G2_SIZE + WORD) {
      const point = g2At(bls, input, at, true);
      const scalar = numberAt(input, at + G2_SIZE, WORD) % bls.fields.Fr.ORDER;
      if (scalar !== 0n) sum = sum.add(point.multiplyUnsafe(scalar));
    }
    return encodeG2(sum.toAffine());
  });
}

/** 0x0f: whether the product of the pairings is one. */
export function blsPairing(input: Uint8Array): Uint8Array | undefined {
  return valid((bls) => {
    const pairs: { g1: G1; g2: G2 }[] = [];
    for (let at = 0; at < input.length; at += G1_SIZE + G2_SIZE) {
      const g1 = g1At(bls, input, at, true);
      const g2 = g2At(bls, input, at + G1_SIZE, true);
      // A pairing with the point at infinity is one.
      if (!g1.is0() && !g2.is0()) pairs.push({ g1, g2 });
    }
    const { Fp12 } = bls.fields;
    const isOne = Fp12.eql(bls.pairingBatch(pairs), Fp12.ONE);
    return bytesOf(isOne ? 1n : 0n, WORD);
  });
}

/** 0x10 */
export function blsMapFpToG1(input: Uint8Array): Uint8Array | undefined {
  return valid((bls) => {
    return encodeG1(bls.G1.mapToCurve([fieldAt(bls, input, 0)]));
  });
}

/** 0x11 */
export function blsMapFp2ToG2(input: Uint8Array): Uint8Array | undefined {
  return valid((bls) => {
    const c0 = fieldAt(bls, input, 0);
    const c1 = fieldAt(bls, input, FIELD);
    return encodeG2(bls.G2.mapToCurve([c0, c1]));
  });
}
