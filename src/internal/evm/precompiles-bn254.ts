/** Precompiles on the curve bn254 (alt_bn128): EIP-196, EIP-197. */
import { bytesOf, numberAt, resized, WORD } from "./bytes.js";
import { loadBn254 } from "./lazy-libraries.js";

type Bn254 = ReturnType<typeof loadBn254>["bn254"];
type G1 = Bn254["G1"]["Point"]["BASE"];
type G2 = Bn254["G2"]["Point"]["BASE"];

const PAIR = 6 * WORD;

/** A point of two coordinates, undefined when it is not on the curve; (0, 0) is the point at infinity. */
function g1At(bn254: Bn254, bytes: Uint8Array, start: number): G1 | undefined {
  const { Point } = bn254.G1;
  const { Fp } = bn254.fields;
  const x = numberAt(bytes, start, WORD);
  const y = numberAt(bytes, start + WORD, WORD);
  if (x >= Fp.ORDER || y >= Fp.ORDER) return undefined;
  if (x === 0n && y === 0n) return Point.ZERO;
  // y² = x³ + 3; every point of G1 is in the group.
  if (!Fp.eql(Fp.sqr(y), Fp.add(Fp.mul(Fp.sqr(x), x), 3n))) return undefined;
  return Point.fromAffine({ x, y });
}

/** Each coordinate is two numbers, the imaginary one first. */
function g2At(bn254: Bn254, bytes: Uint8Array, start: number): G2 | undefined {
  const { Point } = bn254.G2;
  const { Fp, Fp2 } = bn254.fields;
  const parts = [0, 1, 2, 3].map((i) =>
    numberAt(bytes, start + i * WORD, WORD),
  );
  if (parts.some((part) => part >= Fp.ORDER)) return undefined;
  if (parts.every((part) => part === 0n)) return Point.ZERO;
  const point = Point.fromAffine({
    x: Fp2.fromBigTuple([parts[1], parts[0]]),
    y: Fp2.fromBigTuple([parts[3], parts[2]]),
  });
  try {
    // On the curve, and in the subgroup.
    point.assertValidity();
  } catch {
    return undefined;
  }
  return point;
}

function encode(point: G1): Uint8Array {
  const output = new Uint8Array(2 * WORD);
  if (point.is0()) return output;
  const { x, y } = point.toAffine();
  output.set(bytesOf(x, WORD), 0);
  output.set(bytesOf(y, WORD), WORD);
  return output;
}

/** 0x06 */
export function bn254Add(input: Uint8Array): Uint8Array | undefined {
  const { bn254 } = loadBn254();
  const data = resized(input, 4 * WORD);
  const a = g1At(bn254, data, 0);
  const b = g1At(bn254, data, 2 * WORD);
  return a === undefined || b === undefined ? undefined : encode(a.add(b));
}

/** 0x07 */
export function bn254Mul(input: Uint8Array): Uint8Array | undefined {
  const { bn254 } = loadBn254();
  const data = resized(input, 3 * WORD);
  const point = g1At(bn254, data, 0);
  if (point === undefined) return undefined;
  const scalar = numberAt(data, 2 * WORD, WORD) % bn254.fields.Fr.ORDER;
  return encode(
    scalar === 0n ? bn254.G1.Point.ZERO : point.multiplyUnsafe(scalar),
  );
}

/** 0x08: whether the product of the pairings is one. */
export function bn254Pairing(input: Uint8Array): Uint8Array | undefined {
  if (input.length % PAIR !== 0) return undefined;
  const { bn254 } = loadBn254();
  const pairs: { g1: G1; g2: G2 }[] = [];
  for (let at = 0; at < input.length; at += PAIR) {
    const g1 = g1At(bn254, input, at);
    const g2 = g2At(bn254, input, at + 2 * WORD);
    if (g1 === undefined || g2 === undefined) return undefined;
    // A pairing with the point at infinity is one.
    if (!g1.is0() && !g2.is0()) pairs.push({ g1, g2 });
  }
  const { Fp12 } = bn254.fields;
  const isOne = Fp12.eql(bn254.pairingBatch(pairs), Fp12.ONE);
  return bytesOf(isOne ? 1n : 0n, WORD);
}
