import { bls12_381 } from "@noble/curves/bls12-381.js";
import { expect } from "chai";
import fc from "fast-check";

import {
  mclG1Msm,
  mclG2Msm,
  mclMapFp2ToG2,
  mclPairing,
} from "../../src/internal/evm/bls-library.js";
import { ORDER, ownBls12381 } from "../../src/internal/evm/bls12381.js";
import { bytes, hex } from "./helpers/precompile.js";

const FIELD = 64;
const { Point: G1 } = bls12_381.G1;
const { Point: G2 } = bls12_381.G2;
const { Fp, Fp2 } = bls12_381.fields;
type P1 = typeof G1.BASE;
type P2 = typeof G2.BASE;

/** -z of the curve: the scalars are split at its powers. */
const PARAMETER = 0xd201000000010000n;

interface Implementation {
  g1Msm(input: Uint8Array): Uint8Array | undefined;
  g2Msm(input: Uint8Array): Uint8Array | undefined;
  isPairingProductOne(input: Uint8Array): boolean | undefined;
  mapToG2(input: Uint8Array): Uint8Array | undefined;
}

const library: Implementation = {
  g1Msm: mclG1Msm,
  g2Msm: mclG2Msm,
  isPairingProductOne: (input) => {
    const word = mclPairing(input);
    return word && word[31] === 1;
  },
  mapToG2: mclMapFp2ToG2,
};

/** Undefined on a processor without fused multiply-add. */
function ours(): Implementation | undefined {
  const own = ownBls12381();
  return (
    own && {
      g1Msm: (input) => own.multiScalar(false, input),
      g2Msm: (input) => own.multiScalar(true, input),
      isPairingProductOne: (input) => own.isPairingProductOne(input),
      mapToG2: (input) => own.mapToG2(input),
    }
  );
}

function g1(point: P1): string {
  const { x, y } = point.toAffine();
  return hex(x, FIELD) + hex(y, FIELD);
}

function g2(point: P2): string {
  const { x, y } = point.toAffine();
  return [x.c0, x.c1, y.c0, y.c1].map((part) => hex(part, FIELD)).join("");
}

const hexOf = (output: Uint8Array | undefined): string | undefined =>
  output && Buffer.from(output).toString("hex");

/** Without the library's check that the factor is below the order: for points outside the group. */
function times<P extends { add(p: P): P; double(): P }>(
  point: P,
  factor: bigint,
  zero: P,
): P {
  let [sum, double] = [zero, point];
  for (let rest = factor; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = sum.add(double);
    double = double.double();
  }
  return sum;
}

/** The first point of the curve from x = start on. */
function onCurve1(start: bigint): P1 {
  for (let x = start; ; x++) {
    try {
      const y = Fp.sqrt(Fp.create(x ** 3n + 4n));
      return G1.fromAffine({ x, y });
    } catch {
      // No square.
    }
  }
}

function onCurve2(start: bigint): P2 {
  for (let c0 = start; ; c0++) {
    try {
      const x = Fp2.fromBigTuple([c0, 1n]);
      const square = Fp2.add(
        Fp2.mul(Fp2.sqr(x), x),
        Fp2.fromBigTuple([4n, 4n]),
      );
      return G2.fromAffine({ x, y: Fp2.sqrt(square) });
    } catch {
      // No square.
    }
  }
}

/** Of the points whose orders are prime to the groups': a multiple of all their orders, and its prime factors but large ones. */
const OUTSIDE_1 = PARAMETER + 1n;
const SMALL_ORDERS_1 = [3n, 11n, 10_177n, 859_267n, 52_437_899n];
const OUTSIDE_2 =
  0x5d543a95414e7f1091d50792876a202cd91de4547085abaa68a205b2e5a7ddfa628f1cb4d9e82ef21537e293a6691ae1616ec6e786f0c70cf1c38e31c7238e5n /
  (13n * 23n);
const SMALL_ORDERS_2 = [13n, 23n, 2713n, 11_953n, 262_069n];

const scalar = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }),
  fc.bigInt({ min: 0n, max: 20n }),
  fc
    .tuple(
      fc.constantFrom(
        ORDER,
        (1n << 256n) - 1n - 2n,
        PARAMETER,
        PARAMETER ** 2n,
        PARAMETER ** 3n,
        1n << 64n,
        1n << 128n,
        0x8888888888888888888888888888888888888888888888888888888888888888n,
      ),
      fc.bigInt({ min: -2n, max: 2n }),
    )
    .map(([base, more]) => base + more),
);

/** Multiples of the generator, small ones too, so that some are equal, opposite, or at infinity. */
const multiple = fc.oneof(
  fc.bigInt({ min: 0n, max: ORDER - 1n }),
  fc.bigInt({ min: 0n, max: 3n }),
  fc.bigInt({ min: ORDER - 3n, max: ORDER - 1n }),
);

const field = fc.oneof(
  fc.bigInt({ min: 0n, max: Fp.ORDER - 1n }),
  fc.constantFrom(0n, 1n, 2n, Fp.ORDER - 1n, Fp.ORDER - 2n, Fp.ORDER / 2n),
);

const at1 = (k: bigint): P1 => (k === 0n ? G1.ZERO : G1.BASE.multiply(k));
const at2 = (k: bigint): P2 => (k === 0n ? G2.ZERO : G2.BASE.multiply(k));

for (const [name, make] of [
  ["our module", ours],
  ["the library", () => library],
] as const) {
  describe(`BLS12-381 by ${name}`, () => {
    let curve: Implementation;
    before(function () {
      const made = make();
      if (made === undefined) this.skip();
      else curve = made;
    });

    /** Products with `points` = factors of the generator are known from the sum of factors. */
    const msm1 = (pairs: readonly (readonly [bigint, bigint])[]): void => {
      const input = pairs.map(([k, s]) => g1(at1(k)) + hex(s)).join("");
      const sum = pairs.reduce((all, [k, s]) => (all + k * s) % ORDER, 0n);
      expect(hexOf(curve.g1Msm(bytes(input)))).to.equal(g1(at1(sum)));
    };
    const msm2 = (pairs: readonly (readonly [bigint, bigint])[]): void => {
      const input = pairs.map(([k, s]) => g2(at2(k)) + hex(s)).join("");
      const sum = pairs.reduce((all, [k, s]) => (all + k * s) % ORDER, 0n);
      expect(hexOf(curve.g2Msm(bytes(input)))).to.equal(g2(at2(sum)));
    };

    it("sums products, of equal and opposite points and any scalars", () => {
      const pairs = fc.array(fc.tuple(multiple, scalar), {
        minLength: 1,
        maxLength: 5,
      });
      fc.assert(fc.property(pairs, msm1), { numRuns: 60 });
      fc.assert(fc.property(pairs, msm2), { numRuns: 30 });
    });

    it("sums any number of products", () => {
      for (const count of [2, 63, 64, 65, 130]) {
        const pairs = Array.from(
          { length: count },
          (_, i) =>
            [BigInt(i % 9), (BigInt(i) * ORDER) / 131n + BigInt(i)] as const,
        );
        msm1(pairs);
        msm2(pairs);
      }
    });

    it("pairs as the exponents say", () => {
      const factor = fc.oneof(
        fc.bigInt({ min: 0n, max: ORDER - 1n }),
        fc.bigInt({ min: 0n, max: 3n }),
      );
      const pairs = fc.array(fc.tuple(factor, factor), { maxLength: 3 });
      fc.assert(
        fc.property(pairs, fc.boolean(), (some, isOne) => {
          const sum = some.reduce((all, [a, b]) => (all + a * b) % ORDER, 0n);
          // One more makes the sum zero, or one.
          const last = (ORDER - sum + (isOne ? 0n : 1n)) % ORDER;
          const input = [...some, [last, 1n]]
            .map(([a, b]) => g1(at1(a)) + g2(at2(b)))
            .join("");
          expect(curve.isPairingProductOne(bytes(input))).to.equal(isOne);
        }),
        { numRuns: 20 },
      );
    });

    it("maps field elements as RFC 9380 does", () => {
      type Map = (value: bigint[]) => P2;
      const map = bls12_381.G2.mapToCurve as unknown as Map;
      fc.assert(
        fc.property(field, field, (u, v) => {
          expect(
            hexOf(curve.mapToG2(bytes(hex(u, FIELD), hex(v, FIELD)))),
          ).to.equal(g2(map([u, v])));
        }),
        { numRuns: 60 },
      );
    });

    it("refuses points outside the groups, of any order", () => {
      const outside1 = [
        onCurve1(4n),
        ...SMALL_ORDERS_1.map((order) =>
          times(onCurve1(40n), (OUTSIDE_1 / order) * ORDER, G1.ZERO),
        ),
      ];
      const outside2 = [
        onCurve2(4n),
        ...SMALL_ORDERS_2.map((order) =>
          times(onCurve2(40n), (OUTSIDE_2 / order) * ORDER, G2.ZERO),
        ),
      ];
      expect(outside1.some((point) => point.is0())).to.equal(false);
      expect(outside2.some((point) => point.is0())).to.equal(false);
      for (const point of outside1) {
        for (const bad of [point, point.add(G1.BASE)]) {
          expect(curve.g1Msm(bytes(g1(bad), hex(0n)))).to.equal(undefined);
          // Two are checked at a time.
          for (const pair of [
            [bad, G1.BASE],
            [G1.BASE, bad],
          ]) {
            const input = pair.map((p) => g1(p) + hex(1n)).join("");
            expect(curve.g1Msm(bytes(input))).to.equal(undefined);
            const paired = pair.map((p) => g1(p) + g2(G2.BASE)).join("");
            expect(curve.isPairingProductOne(bytes(paired))).to.equal(
              undefined,
            );
          }
          const atInfinity = bytes(g1(bad), g2(G2.ZERO));
          expect(curve.isPairingProductOne(atInfinity)).to.equal(undefined);
        }
      }
      for (const point of outside2) {
        for (const bad of [point, point.add(G2.BASE)]) {
          expect(curve.g2Msm(bytes(g2(bad), hex(1n)))).to.equal(undefined);
          for (const other of [G1.BASE, G1.ZERO]) {
            const input = bytes(g1(other), g2(bad));
            expect(curve.isPairingProductOne(input)).to.equal(undefined);
          }
        }
      }
    });

    it("refuses points off the curves, and numbers out of the field", () => {
      const one = hex(1n, FIELD);
      const { x, y } = G2.BASE.toAffine();
      const coordinates = [x.c0, x.c1, y.c0, y.c1];
      const bad2 = coordinates.flatMap((_, i) =>
        [Fp.ORDER, 1n, 1n << 384n].map((more) =>
          coordinates
            .map((part, j) => hex(part + (i === j ? more : 0n), FIELD))
            .join(""),
        ),
      );
      for (const bad of bad2) {
        expect(curve.g2Msm(bytes(bad, hex(1n)))).to.equal(undefined);
        expect(curve.isPairingProductOne(bytes(g1(G1.BASE), bad))).to.equal(
          undefined,
        );
      }
      for (const bad of [one + one, hex(Fp.ORDER, FIELD) + hex(2n, FIELD)]) {
        expect(curve.g1Msm(bytes(bad, hex(1n)))).to.equal(undefined);
        expect(curve.isPairingProductOne(bytes(bad, g2(G2.BASE)))).to.equal(
          undefined,
        );
      }
      for (const big of [Fp.ORDER, 1n << 384n, (1n << 512n) - 1n]) {
        const numbers = [hex(big, FIELD), one];
        expect(curve.mapToG2(bytes(...numbers))).to.equal(undefined);
        expect(curve.mapToG2(bytes(...numbers.reverse()))).to.equal(undefined);
      }
    });
  });
}
