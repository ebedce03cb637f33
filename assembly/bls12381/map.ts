/**
 * The map from Fp2 to G2 of RFC 9380 (8.8.2): simplified SWU (F.2) to the curve y² = x³ + 240i x + 1012 (1 + i), an
 * isogeny of degree three (E.3), and the clearing of the cofactor (G.3).
 */
import { X, Y, Z, addPoints, doublePoint, negatePoint, psi, timesParameter } from "./curve";
import { copy, minus, negate, oddLanes, plus, setConstant, setSmall, settle, times, zeroLanes } from "./field";
import { PAIR } from "./multiply";
import { ONE2, multiply2, power, square2, timesNonResidue } from "./fp2";

const T: usize = memory.data(15 * 128, 16);
const T1 = T, T2 = T + PAIR, T3 = T + 2 * PAIR, T4 = T + 3 * PAIR, T5 = T + 4 * PAIR, T6 = T + 5 * PAIR;
const ROOT = T + 6 * PAIR, XN = T + 7 * PAIR, YN = T + 8 * PAIR, D = T + 9 * PAIR;
const V = T + 10 * PAIR, W = T + 11 * PAIR, S = T + 12 * PAIR, U = T + 13 * PAIR, C = T + 14 * PAIR;

const CONSTANTS: usize = memory.data(6 * 128, 16);
const A_ISO = CONSTANTS, B_ISO = CONSTANTS + PAIR, Z_SSWU = CONSTANTS + 2 * PAIR, SIX = CONSTANTS + 3 * PAIR;
/** p² - 1 = 8 c: z^c and z^((c + 1) / 2) for the map's z. */
const Z_C = CONSTANTS + 4 * PAIR, Z_HALF = CONSTANTS + 5 * PAIR;
/** (c - 1) / 2 */
// prettier-ignore
const HALF_C =
  "2a437a4b8c35fc74bd278eaa22f25e9e2dc90e50e7046b466e59e49349e8bd050a62cfd16ddca6ef53149330978ef011d68619c86185c7b292e85a87091a04966bf91ed3e71b743162c338362113cfd7ced6b1d76382eab26aa00001c718e3";

export function prepareMap(): void {
  setSmall(A_ISO, 0, 240);
  setSmall(B_ISO, 1012, 1012);
  setSmall(Z_SSWU, -2, -1);
  setSmall(SIX, 6, -6);
  setConstant(
    Z_C,
    "06af0e0437ff400b6831e36d6bd17ffe48395dabc2d3435e77f76e17009241c5ee67992f72ec05f4c81084fbede3cc09",
    "06af0e0437ff400b6831e36d6bd17ffe48395dabc2d3435e77f76e17009241c5ee67992f72ec05f4c81084fbede3cc09",
  );
  setConstant(
    Z_HALF,
    "13dc0969311e2ba565924cb0b6f7bb9857f157e17f0c8db4e484fcb27b8be0b36dfa0340c422fb7efe9d9a3234336d5e",
    "071d42ac9c54001a21acf9187d469d919a830a2c969128d22659dc2f8263f1ca73c5b0e02c05ec381b8684a676a81381",
  );
}

function isOne(x: usize): bool {
  minus(S, x, ONE2);
  return zeroLanes(S) == 3;
}

/** RFC 9380, F.2.1.1: the root of u / v, or of z u / v where u / v is no square. Returns whether it is. */
function rootOfRatio(root: usize, u: usize, v: usize): bool {
  // (u v^15)^((c - 1) / 2) v^7
  square2(V, v);
  multiply2(V, V, v);
  square2(V, V);
  multiply2(V, V, v);
  square2(W, V);
  multiply2(W, W, v);
  multiply2(W, W, u);
  power(W, W, HALF_C, true);
  multiply2(W, W, V);
  multiply2(root, W, u);
  multiply2(W, W, v);
  multiply2(W, W, root); // now it is an eighth root of one
  square2(U, W);
  square2(U, U);
  const isSquare = isOne(U);
  if (!isSquare) {
    multiply2(root, root, Z_HALF);
    multiply2(W, W, Z_C);
  }
  copy(C, Z_C);
  for (let i = 0; i < 2; i++) {
    if (i == 0) square2(U, W);
    else copy(U, W);
    const isDone = isOne(U);
    if (!isDone) multiply2(root, root, C);
    square2(C, C);
    if (!isDone) multiply2(W, W, C);
  }
  return isSquare;
}

/** RFC 9380, 4.1: the parity of the real part, or of the imaginary one where that is zero. */
function sign(x: usize): u32 {
  const odd = oddLanes(x);
  return zeroLanes(x) & 1 ? odd >> 1 : odd & 1;
}

/** x = XN / T4 and y = ROOT of the point that u is mapped to. */
function toIsogenousCurve(u: usize): void {
  square2(T1, u);
  multiply2(T1, T1, Z_SSWU);
  square2(T2, T1);
  plus(T2, T2, T1);
  plus(T3, T2, ONE2);
  multiply2(T3, T3, B_ISO);
  if (zeroLanes(T2) == 3) copy(T4, Z_SSWU);
  else negate(T4, T2);
  multiply2(T4, T4, A_ISO);
  // g(x) = (x³ + a x d² + b d³) / d³
  square2(T2, T3);
  square2(T6, T4);
  multiply2(T5, T6, A_ISO);
  plus(T2, T2, T5);
  multiply2(T2, T2, T3);
  multiply2(T6, T6, T4);
  multiply2(T5, T6, B_ISO);
  plus(T2, T2, T5);
  if (rootOfRatio(ROOT, T2, T6)) {
    copy(XN, T3);
  } else {
    multiply2(XN, T1, T3);
    multiply2(ROOT, ROOT, T1);
    multiply2(ROOT, ROOT, u);
  }
  if (sign(u) != sign(ROOT)) negate(ROOT, ROOT);
}

/**
 * The isogeny after Vélu, whose kernel has x = -6 + 6i: with d = x + 6 - 6i, x' = (x d² + 48i d + 16 (1 + i)) / (3d)²
 * and y' = -y (d³ - 48i d - 32 (1 + i)) / (3d)³. A point of the kernel goes to (0 : y : 0).
 */
function followIsogeny(out: usize): void {
  multiply2(D, T4, SIX);
  plus(D, D, XN);
  settle(D);
  square2(T1, T4);
  multiply2(T2, T1, T4);
  multiply2(T1, T1, D);
  // 48i d and 16 (1 + i), over the common denominator
  timesNonResidue(T3, T1);
  minus(T3, T3, T1);
  settle(T3);
  times(T3, T3, 16);
  settle(T3);
  times(T3, T3, 3);
  settle(T3);
  timesNonResidue(T5, T2);
  settle(T5);
  times(T5, T5, 16);
  settle(T5);
  square2(T1, D);
  multiply2(XN, XN, T1);
  plus(XN, XN, T3);
  plus(XN, XN, T5);
  multiply2(T1, T1, D);
  plus(YN, T3, T5);
  plus(YN, YN, T5);
  minus(YN, YN, T1);
  times(D, D, 3);
  multiply2(out + X, XN, D);
  multiply2(YN, YN, ROOT);
  multiply2(out + Y, YN, T4);
  multiply2(out + Z, T1, T4);
  settle(out + Z);
  times(out + Z, out + Z, 27);
  settle(out + Z);
}

const P1: usize = memory.data(384, 16);
const P2: usize = memory.data(384, 16);
const P3: usize = memory.data(384, 16);

/** h P for the RFC's h: [z² - z - 1] P + [z - 1] psi(P) + psi²(2P), z = -|z| (Budroni and Pintore, eprint 2017/419) */
function clearCofactor(p: usize): void {
  timesParameter(P1, p);
  negatePoint(P1);
  psi(P2, p);
  doublePoint(P3, p);
  psi(P3, P3);
  psi(P3, P3);
  // psi²(2P) - psi(P) + z (z P + psi(P)) - z P - P
  negatePoint(P2);
  addPoints(P3, P3, P2);
  negatePoint(P2);
  addPoints(P2, P2, P1);
  timesParameter(P2, P2);
  negatePoint(P2);
  addPoints(P3, P3, P2);
  negatePoint(P1);
  addPoints(P3, P3, P1);
  negatePoint(p);
  addPoints(p, P3, p);
}

/** The point of G2 that u is mapped to. The twist must be at work. */
export function mapToGroup(out: usize, u: usize): void {
  toIsogenousCurve(u);
  followIsogeny(out);
  clearCofactor(out);
}
