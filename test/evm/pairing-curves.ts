import { bls12_381 } from "@noble/curves/bls12-381.js";
import { bn254 } from "@noble/curves/bn254.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { expect } from "chai";
import fc from "fast-check";

import {
  bytes,
  callPrecompile,
  expectPrice,
  hex,
} from "./helpers/precompile.js";

const ERROR = 0x33;
const PRAGUE = 16;
const FIELD = 64;

const scalar = (bits: number): fc.Arbitrary<bigint> =>
  fc.oneof(
    fc.bigInt({ min: 1n, max: (1n << BigInt(bits)) - 1n }),
    fc.constantFrom(
      1n,
      2n,
      (1n << 256n) - 1n,
      bn254.fields.Fr.ORDER,
      bls12_381.fields.Fr.ORDER,
    ),
  );

/** Within the group's order, not zero: noble's multiplication wants that. */
const within = (x: bigint, order: bigint): bigint => (x % (order - 1n)) + 1n;

describe("precompiles on bn254", () => {
  const { Point: G1 } = bn254.G1;
  const { Point: G2 } = bn254.G2;
  const order = bn254.fields.Fr.ORDER;
  type P1 = typeof G1.BASE;
  type P2 = typeof G2.BASE;
  const g1 = (point: P1): string => {
    const { x, y } = point.toAffine();
    return hex(x) + hex(y);
  };
  const g2 = (point: P2): string => {
    if (point.is0()) return "00".repeat(128);
    const { x, y } = point.toAffine();
    return hex(x.c1) + hex(x.c0) + hex(y.c1) + hex(y.c0);
  };
  const at1 = (x: bigint): P1 => G1.BASE.multiply(within(x, order));
  const at2 = (x: bigint): P2 => G2.BASE.multiply(within(x, order));

  it("add and multiply as an independent library does", () => {
    fc.assert(
      fc.property(scalar(256), scalar(256), scalar(256), (a, b, c) => {
        const [p, q] = [at1(a), at1(b)];
        const check = (id: number, input: string, expected: P1): void => {
          expect(callPrecompile(id, bytes(input)).output).to.equal(
            g1(expected),
          );
        };
        check(6, g1(p) + g1(q), p.add(q));
        check(6, g1(p) + g1(p), p.double());
        check(6, g1(p) + g1(p.negate()), G1.ZERO);
        check(6, g1(p), p);
        const reduced = c % order;
        check(
          7,
          g1(p) + hex(c),
          reduced === 0n ? G1.ZERO : p.multiply(reduced),
        );
        check(7, g1(G1.ZERO) + hex(c), G1.ZERO);
      }),
      { numRuns: 25 },
    );
  });

  it("pair: e(aP, bQ) e(-abP, Q) = 1, and not with another factor", () => {
    fc.assert(
      fc.property(scalar(250), scalar(250), (x, y) => {
        const [a, b] = [within(x, order), within(y, order)];
        const ab = (a * b) % order;
        const good =
          g1(at1(a - 1n)) +
          g2(at2(b - 1n)) +
          g1(G1.BASE.multiply(ab).negate()) +
          g2(G2.BASE);
        expect(callPrecompile(8, bytes(good)).output).to.equal(hex(1n));
        const bad =
          g1(at1(a - 1n)) +
          g2(at2(b - 1n)) +
          g1(G1.BASE.multiply(ab)) +
          g2(G2.BASE);
        expect(callPrecompile(8, bytes(bad)).output).to.equal(hex(0n));
      }),
      { numRuns: 5 },
    );
    const atInfinity = g1(G1.ZERO) + g2(G2.BASE) + g1(G1.BASE) + g2(G2.ZERO);
    expect(callPrecompile(8, bytes(atInfinity)).output).to.equal(hex(1n));
  });

  it("refuse points off the curve, coordinates out of the field", () => {
    const p = bn254.fields.Fp.ORDER;
    const off = hex(1n) + hex(3n);
    const big = hex(p + 1n) + hex(2n);
    for (const point of [off, big, hex(0n) + hex(p)]) {
      expect(callPrecompile(6, bytes(point)).status, point).to.equal(ERROR);
      expect(callPrecompile(7, bytes(point)).status, point).to.equal(ERROR);
      expect(
        callPrecompile(8, bytes(point, g2(G2.BASE))).status,
        point,
      ).to.equal(ERROR);
    }
    expect(callPrecompile(8, new Uint8Array(191)).status).to.equal(ERROR);
  });
});

describe("the group G2 of bn254", () => {
  const { Point: G2 } = bn254.G2;
  const { Fp2, Fr } = bn254.fields;
  type P2 = typeof G2.BASE;
  /** Points of the twist outside G2 have orders that divide this, or multiples of such: 10069 * 5864401 * ... */
  const COFACTOR = 2n * bn254.fields.Fp.ORDER - Fr.ORDER;
  const SMALL_ORDERS = [10_069n, 5_864_401n, 1_875_725_156_269n];

  /** Some point of the twist: the first with x = i + j * u, j from 0 on. */
  function onTwist(i: bigint): P2 {
    const { x, y } = G2.BASE.toAffine();
    const b = Fp2.sub(Fp2.sqr(y), Fp2.mul(Fp2.sqr(x), x));
    for (let j = 0n; ; j++) {
      const at = Fp2.fromBigTuple([i, j]);
      try {
        const square = Fp2.add(Fp2.mul(Fp2.sqr(at), at), b);
        return G2.fromAffine({ x: at, y: Fp2.sqrt(square) });
      } catch {
        // No square.
      }
    }
  }

  /** Without the library's check that the factor is below the group's order. */
  function times(point: P2, factor: bigint): P2 {
    let [sum, double] = [G2.ZERO, point];
    for (let rest = factor; rest > 0n; rest >>= 1n) {
      if (rest & 1n) sum = sum.add(double);
      double = double.double();
    }
    return sum;
  }

  function isAccepted(point: P2): boolean {
    const { x, y } = point.toAffine();
    const g2 = [x.c1, x.c0, y.c1, y.c0].map((part) => hex(part)).join("");
    const { ok, status } = callPrecompile(8, bytes("00".repeat(64), g2));
    if (!ok) expect(status).to.equal(ERROR);
    return ok;
  }

  it("is what the pairing takes points of, and nothing else on the twist", () => {
    for (let i = 1n; i <= 12n; i++) {
      const point = onTwist(i);
      expect(point.isTorsionFree()).to.equal(false);
      expect(isAccepted(point), `x = ${i} + ...`).to.equal(false);
      const inside = times(point, COFACTOR);
      expect(inside.isTorsionFree()).to.equal(true);
      expect(isAccepted(inside)).to.equal(true);
      expect(isAccepted(inside.negate())).to.equal(true);
    }
  });

  it("has no point with a component of small order", () => {
    const point = onTwist(5n);
    for (const order of SMALL_ORDERS) {
      const small = times(times(point, COFACTOR / order), Fr.ORDER);
      expect(small.is0()).to.equal(false);
      expect(times(small, order).is0()).to.equal(true);
      expect(isAccepted(small), `${order}`).to.equal(false);
      expect(isAccepted(small.add(G2.BASE)), `${order}`).to.equal(false);
      expect(isAccepted(small.add(small).subtract(G2.BASE))).to.equal(false);
    }
    // All of the twist's other factors: what the group lacks.
    const outside = times(point, Fr.ORDER);
    expect(isAccepted(outside)).to.equal(false);
    expect(isAccepted(outside.add(G2.BASE.multiply(7n)))).to.equal(false);
  });
});

describe("precompiles on BLS12-381", () => {
  const { Point: G1 } = bls12_381.G1;
  const { Point: G2 } = bls12_381.G2;
  const order = bls12_381.fields.Fr.ORDER;
  type P1 = typeof G1.BASE;
  type P2 = typeof G2.BASE;
  const g1 = (point: P1): string => {
    const { x, y } = point.toAffine();
    return hex(x, FIELD) + hex(y, FIELD);
  };
  const g2 = (point: P2): string => {
    const { x, y } = point.toAffine();
    return [x.c0, x.c1, y.c0, y.c1].map((part) => hex(part, FIELD)).join("");
  };
  const at1 = (x: bigint): P1 => G1.BASE.multiply(within(x, order));
  const at2 = (x: bigint): P2 => G2.BASE.multiply(within(x, order));
  const times = (point: P1, x: bigint): P1 =>
    x % order === 0n ? G1.ZERO : point.multiply(x % order);
  const times2 = (point: P2, x: bigint): P2 =>
    x % order === 0n ? G2.ZERO : point.multiply(x % order);
  const output = (id: number, ...parts: string[]): string =>
    callPrecompile(id, bytes(...parts)).output;

  it("add and sum products as an independent library does", () => {
    fc.assert(
      fc.property(scalar(256), scalar(256), scalar(256), (a, b, c) => {
        const [p, q] = [at1(a), at1(b)];
        expect(output(0x0b, g1(p), g1(q))).to.equal(g1(p.add(q)));
        expect(output(0x0b, g1(p), g1(p))).to.equal(g1(p.double()));
        expect(output(0x0b, g1(p), g1(p.negate()))).to.equal(g1(G1.ZERO));
        expect(output(0x0b, g1(p), g1(G1.ZERO))).to.equal(g1(p));
        expect(output(0x0c, g1(p), hex(c))).to.equal(g1(times(p, c)));
        expect(
          output(0x0c, g1(p), hex(c), g1(q), hex(a), g1(G1.ZERO), hex(b)),
        ).to.equal(g1(times(p, c).add(times(q, a))));
        const [u, v] = [at2(a), at2(b)];
        expect(output(0x0d, g2(u), g2(v))).to.equal(g2(u.add(v)));
        expect(output(0x0d, g2(u), g2(u.negate()))).to.equal(g2(G2.ZERO));
        expect(output(0x0e, g2(u), hex(c), g2(v), hex(a))).to.equal(
          g2(times2(u, c).add(times2(v, a))),
        );
      }),
      { numRuns: 8 },
    );
  });

  it("pair: e(aP, bQ) e(-abP, Q) = 1, and not with another factor", () => {
    const [a, b] = [123_456_789n, 987_654_321n];
    const left = [g1(G1.BASE.multiply(a)), g2(G2.BASE.multiply(b))];
    const product = G1.BASE.multiply((a * b) % order);
    expect(output(0x0f, ...left, g1(product.negate()), g2(G2.BASE))).to.equal(
      hex(1n),
    );
    expect(output(0x0f, ...left, g1(product), g2(G2.BASE))).to.equal(hex(0n));
    expect(output(0x0f, g1(G1.ZERO), g2(G2.BASE))).to.equal(hex(1n));
  });

  it("map field elements as RFC 9380 does", () => {
    type Map<T> = (value: T) => { x: unknown; y: unknown };
    const map1 = bls12_381.G1.mapToCurve as unknown as Map<bigint>;
    const map2 = bls12_381.G2.mapToCurve as unknown as Map<bigint[]>;
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: bls12_381.fields.Fp.ORDER - 1n }),
        fc.bigInt({ min: 0n, max: bls12_381.fields.Fp.ORDER - 1n }),
        (u, v) => {
          expect(output(0x10, hex(u, FIELD))).to.equal(g1(map1(u) as P1));
          expect(output(0x11, hex(u, FIELD), hex(v, FIELD))).to.equal(
            g2(map2([u, v]) as P2),
          );
        },
      ),
      { numRuns: 8 },
    );
    expect(output(0x10, hex(0n, FIELD))).to.equal(g1(map1(0n) as P1));
  });

  it("refuse what EIP-2537 refuses", () => {
    const p = bls12_381.fields.Fp.ORDER;
    const status = (id: number, ...parts: string[]): number =>
      callPrecompile(id, bytes(...parts)).status;
    const off = hex(1n, FIELD) + hex(1n, FIELD);
    const { x, y } = G1.BASE.toAffine();
    const padded = `01${hex(x, FIELD).slice(2)}${hex(y, FIELD)}`;
    const big = hex(x + p, FIELD) + hex(y, FIELD);
    for (const point of [off, padded, big]) {
      expect(status(0x0b, point, g1(G1.BASE))).to.equal(ERROR);
      expect(status(0x0c, point, hex(1n))).to.equal(ERROR);
      expect(status(0x0f, point, g2(G2.BASE))).to.equal(ERROR);
    }
    expect(status(0x10, hex(p, FIELD))).to.equal(ERROR);
    expect(status(0x11, hex(0n, FIELD), hex(p, FIELD))).to.equal(ERROR);
    // On the curve, out of the group: fine for addition, for nothing else. x = 4 is the first.
    const { Fp } = bls12_381.fields;
    const outside = hex(4n, FIELD) + hex(Fp.sqrt(Fp.create(68n)), FIELD);
    expect(callPrecompile(0x0b, bytes(outside, g1(G1.ZERO))).output).to.equal(
      outside,
    );
    expect(status(0x0c, outside, hex(1n))).to.equal(ERROR);
    expect(status(0x0f, outside, g2(G2.BASE))).to.equal(ERROR);
    const lengths = [
      [0x0b, 255],
      [0x0c, 0],
      [0x0c, 161],
      [0x0d, 513],
      [0x0e, 0],
      [0x0e, 287],
      [0x0f, 0],
      [0x0f, 383],
      [0x10, 63],
      [0x11, 129],
    ];
    for (const [id, length] of lengths) {
      expect(status(id, "00".repeat(length)), `${id}`).to.equal(ERROR);
    }
  });

  it("cost what EIP-2537 says", () => {
    const zeros = (count: number): Uint8Array => Buffer.alloc(count);
    expectPrice(0x0b, zeros(256), PRAGUE, 375n);
    expectPrice(0x0c, zeros(160), PRAGUE, 12_000n);
    expectPrice(0x0c, zeros(320), PRAGUE, 22_776n);
    expectPrice(0x0c, zeros(160 * 130), PRAGUE, 809_640n);
    expectPrice(0x0d, zeros(512), PRAGUE, 600n);
    expectPrice(0x0e, zeros(288), PRAGUE, 22_500n);
    expectPrice(0x0e, zeros(288 * 3), PRAGUE, 62_302n);
    expectPrice(0x0f, zeros(768), PRAGUE, 102_900n);
    expectPrice(0x10, zeros(64), PRAGUE, 5500n);
    expectPrice(0x11, zeros(128), PRAGUE, 23_800n);
  });

  describe("point evaluation", () => {
    const POINT_EVALUATION = 0x0a;
    // A constant polynomial c: its commitment is [c], it takes c everywhere, the proof is at infinity.
    const compressed = (point: P1): Uint8Array => point.toBytes(true);
    const versioned = (commitment: Uint8Array): string =>
      `01${Buffer.from(sha256(commitment)).toString("hex").slice(2)}`;
    const input = (
      commitment: Uint8Array,
      z: bigint,
      y: bigint,
      proof: Uint8Array,
    ): Uint8Array =>
      bytes(versioned(commitment), hex(z), hex(y), commitment, proof);
    const good = input(
      compressed(G1.BASE.multiply(7n)),
      5n,
      7n,
      compressed(G1.ZERO),
    );
    const result = hex(4096n) + hex(order);
    /** [tau]₁ of the ceremony: the polynomial x, whose quotient (x - z) / (x - z) is 1. */
    const tau = bytes(
      "ad3eb50121139aa34db1d545093ac9374ab7bca2c0f3bf28e27c8dcd8fc7cb42d25926fc0c97b336e9f0fb35e5a04c81",
    );

    it("accepts constant polynomials", () => {
      expect(callPrecompile(POINT_EVALUATION, good).output).to.equal(result);
      expectPrice(POINT_EVALUATION, good, PRAGUE, 50_000n);
    });

    it("accepts x at any z with the proof 1, and no other value", () => {
      for (const z of [0n, 1n, 12_345n, order - 1n]) {
        const proof = compressed(G1.BASE);
        expect(
          callPrecompile(POINT_EVALUATION, input(tau, z, z, proof)).output,
        ).to.equal(result);
        const other = input(tau, z, (z + 1n) % order, proof);
        expect(callPrecompile(POINT_EVALUATION, other).status).to.equal(ERROR);
      }
    });

    it("refuses malformed inputs", () => {
      const commitment = compressed(G1.BASE.multiply(7n));
      const bad = [
        input(commitment, 5n, 8n, compressed(G1.ZERO)),
        input(commitment, order, 7n, compressed(G1.ZERO)),
        input(commitment, 5n, 7n + order, compressed(G1.ZERO)),
        input(commitment, 5n, 7n, Buffer.from(`e0${"00".repeat(47)}`, "hex")),
        input(commitment, 5n, 7n, Buffer.from(`40${"00".repeat(47)}`, "hex")),
        input(commitment, 5n, 7n, Buffer.from(`c0${"00".repeat(46)}01`, "hex")),
        input(commitment, 5n, 7n, Buffer.from(`bf${"ff".repeat(47)}`, "hex")),
        bytes(`02${Buffer.from(good).toString("hex").slice(2)}`),
        good.subarray(1),
        bytes(good, "00"),
      ];
      for (const data of bad) {
        expect(callPrecompile(POINT_EVALUATION, data).status).to.equal(ERROR);
      }
    });
  });
});
